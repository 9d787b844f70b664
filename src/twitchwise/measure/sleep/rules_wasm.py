"""Leg movements and periodic leg movements by the WASM 2016 standards, clause by clause.

Ferri R and others, World Association of Sleep Medicine (WASM) 2016 standards for recording and scoring leg movements in
polysomnograms, Sleep Medicine 26:86-95, https://doi.org/10.1016/j.sleep.2016.10.010. The article is not open. Its
clauses were taken from its abstract, a table (https://pmc.ncbi.nlm.nih.gov/articles/PMC9619152), and what three
programs that follow it agree on; where they do not, the parameter says so.
"""

import numpy as np

from twitchwise.measure.sleep.movements import LEFT, RIGHT, Movements, exact
from twitchwise.measure.sleep.near import overlapping
from twitchwise.measure.sleep.rules_aasm import numbered_runs
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


def joined_on_one_leg(movements: Movements, rules: LegRules) -> Movements:
    """Join movements of the same leg with less than 0.5 s between the end of one and the onset of the next."""
    legs = [movements.where(movements.leg == leg) for leg in (LEFT, RIGHT)]
    return Movements.together(_joined(leg, rules.movement_quiet_s) for leg in legs)


def long_enough(movements: Movements, rules: LegRules) -> Movements:
    """Keep movements of at least 0.5 s, however long."""
    return movements.where(movements.duration_s >= rules.movement_shortest_s)


def candidates_of_one_leg(movements: Movements, rules: LegRules) -> Movements:
    """Judge movements of one leg: candidates last at most 10 s."""
    return movements.with_candidates(movements.duration_s <= rules.movement_longest_s)


def bilateral(movements: Movements, rules: LegRules) -> Movements:
    """Join what overlaps, or begins less than 0.5 s after the end of what came before, to one movement of both legs."""
    return _joined(movements, rules.bilateral_gap_s)


def candidates_of_both_legs(movements: Movements, rules: LegRules) -> Movements:
    """Judge joined movements: candidates are made of candidates alone, of at most four, and last at most 15 s."""
    fit = (movements.duration_s <= rules.bilateral_longest_s) & (movements.parts <= rules.bilateral_most)
    return movements.with_candidates(movements.candidate & (fit | (movements.parts == 1)))


def after_breathing(movements: Movements, respiratory: FloatArray, rules: LegRules) -> BoolArray:
    """Mark movements with a part from 2.0 s before to 10.25 s after the end of a respiratory event, shape ``(n,)``.

    ``respiratory`` are starts and stops in seconds, shape ``(n_events, 2)``.
    """
    span = np.array([-rules.respiratory_before_s, rules.respiratory_after_s])
    return overlapping(movements, respiratory[:, 1:] + span)


def series(movements: Movements, rules: LegRules) -> IntArray:
    """Return the number of the series that each movement belongs to, from 1, shape ``(n,)``; 0 for none.

    A series has at least four candidates in a row, 10 to 90 s from onset to onset. A shorter or longer interval ends
    it, and so does a movement that is no candidate. Whether a candidate after too short an interval may begin the next
    series is the parameter ``sleep_short_interval_begins``.
    """
    interval = movements.interval_s
    fits = (interval >= rules.interval_low_wasm_s) & (interval <= rules.interval_high_s)
    follows = fits & movements.candidate & np.concatenate([[False], movements.candidate[:-1]])[: len(movements)]
    may = movements.candidate.copy()
    if not rules.short_interval_begins:
        may &= interval >= rules.interval_low_wasm_s
        follows[1:] &= may[:-1]
    run = np.cumsum(~follows).astype(np.int64)
    numbers = np.zeros(len(movements), dtype=np.int64)
    numbers[may] = numbered_runs(run[may], rules.series_least)
    return numbers


def intervals_of_candidates(movements: Movements) -> FloatArray:
    """Return seconds from the candidate before to each candidate, shape ``(n,)``; NaN where none comes just before."""
    both = movements.candidate & np.concatenate([[False], movements.candidate[:-1]])[: len(movements)]
    return np.where(both, movements.interval_s, np.nan)


def is_short(movements: Movements, rules: LegRules) -> BoolArray:
    """Mark candidates that follow another by less than 10 s, shape ``(n,)``."""
    return np.asarray(intervals_of_candidates(movements) < rules.interval_low_wasm_s, dtype=np.bool_)


def is_isolated(movements: Movements, number_of_series: IntArray, rules: LegRules) -> BoolArray:
    """Mark candidates outside every series that do not follow another by less than 10 s, shape ``(n,)``."""
    return np.asarray(movements.candidate & (number_of_series == 0) & ~is_short(movements, rules), dtype=np.bool_)


def _joined(movements: Movements, gap_s: float) -> Movements:
    if not len(movements):
        return movements
    reached = np.maximum.accumulate(movements.stop_s)
    apart = exact(movements.start_s[1:] - reached[:-1]) >= gap_s
    return movements.grouped(np.concatenate([[0], np.cumsum(apart)]).astype(np.int64))
