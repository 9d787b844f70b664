"""Leg movements of a night scored by both sets of rules, from the movements of each leg and what else was noted."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.sleep import rules_aasm, rules_wasm
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.near import begins_in, with_arousal
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """What the rules need beside the movements.

    Parameters
    ----------
    asleep
        Sleep, or the whole recording where no stages were scored.
    looked
        Time between lights off and lights on in which the legs were seen.
    arousals, respiratory
        Starts and stops in seconds, shape ``(n, 2)``, or ``None`` where nobody noted any.
    """

    asleep: Intervals
    looked: Intervals
    arousals: FloatArray | None = None
    respiratory: FloatArray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Scored:
    """Movements and their series by one set of rules.

    Parameters
    ----------
    movements
        All that the rules count as movements, of one leg or both, in order of time.
    series
        Number of the series of each, from 1, and 0 for none, shape ``(n,)``.
    with_arousal
        Which go with an arousal, shape ``(n,)``; ``None`` where none were noted.
    near_breathing
        Which go with a respiratory event, shape ``(n,)``; ``None`` where none were noted.
    """

    movements: Movements
    series: IntArray
    with_arousal: BoolArray | None
    near_breathing: BoolArray | None

    @property
    def is_periodic(self) -> BoolArray:
        """Which are in a series, shape ``(n,)``."""
        return np.asarray(self.series > 0, dtype=np.bool_)

    @property
    def n_series(self) -> int:
        """Number of series."""
        return int(self.series.max(initial=0))


@dataclass(frozen=True, kw_only=True, eq=False)
class LegScore:
    """A night by both sets of rules, each with all movements and without those of breathing.

    The latter are ``None`` where no respiratory event was noted.
    """

    aasm: Scored
    aasm_before_exclusion: Scored | None
    wasm: Scored
    wasm_without_breathing: Scored | None


def score_legs(legs: Movements, around: Surroundings, rules: LegRules) -> LegScore:
    """Score a night.

    Parameters
    ----------
    legs
        Movements of single legs, found or noted, however short or long.
    around
        Sleep, arousals and breathing.
    rules
        The numbers of the rules.
    """
    joined = rules_wasm.joined_on_one_leg(legs, rules)
    seen = joined.where(begins_in(joined.start_s, around.looked))
    whole = _aasm(seen, around, rules, exclude=False)
    wasm = _wasm(seen, around, rules, exclude=False)
    if around.respiratory is None:
        return LegScore(aasm=whole, aasm_before_exclusion=None, wasm=wasm, wasm_without_breathing=None)
    return LegScore(
        aasm=_aasm(seen, around, rules, exclude=True),
        aasm_before_exclusion=whole,
        wasm=wasm,
        wasm_without_breathing=_wasm(seen, around, rules, exclude=True),
    )


def _aasm(legs: Movements, around: Surroundings, rules: LegRules, *, exclude: bool) -> Scored:
    """Score by the AASM: movements in wake and at respiratory events are not scored at all."""
    movements = rules_aasm.one_of_both_legs(rules_aasm.neither_short_nor_long(legs, rules), rules)
    movements = movements.where(begins_in(movements.start_s, around.asleep))
    if exclude and around.respiratory is not None:
        movements = movements.where(~rules_aasm.near_breathing(movements, around.respiratory, rules))
    near = None if around.respiratory is None else rules_aasm.near_breathing(movements, around.respiratory, rules)
    return _scored(movements, rules_aasm.series(movements, rules), near, around, rules)


def _wasm(legs: Movements, around: Surroundings, rules: LegRules, *, exclude: bool) -> Scored:
    """Score by the WASM: series run through sleep and wake, and only then are counted by stage."""
    single = rules_wasm.candidates_of_one_leg(rules_wasm.long_enough(legs, rules), rules)
    movements = rules_wasm.candidates_of_both_legs(rules_wasm.bilateral(single, rules), rules)
    if exclude and around.respiratory is not None:
        movements = movements.where(~rules_wasm.after_breathing(movements, around.respiratory, rules))
    near = None if around.respiratory is None else rules_wasm.after_breathing(movements, around.respiratory, rules)
    return _scored(movements, rules_wasm.series(movements, rules), near, around, rules)


def _scored(
    movements: Movements, series: IntArray, near: BoolArray | None, around: Surroundings, rules: LegRules
) -> Scored:
    return Scored(
        movements=movements,
        series=series,
        with_arousal=None if around.arousals is None else with_arousal(movements, around.arousals, rules),
        near_breathing=near,
    )
