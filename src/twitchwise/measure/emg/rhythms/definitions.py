"""What each kind of activity is by definition, as ranges of its features, and how well a run fits each.

A published range says where a feature usually lies, not how often; it is taken as even inside, with shoulders that fall
like a normal curve outside, on a scale of ratios. A narrow range thus speaks louder than a wide one. What no definition
fits better than an even spread over all that can be is left unexplained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import exp, log, pi, sqrt

from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.vocabulary import EventKind

_NORMAL = sqrt(2 * pi)
# How far beyond a published end a feature may lie, as the standard deviation of the logarithm of a ratio: an eighth for
# rates, which are measured well and were rounded when they were published, less for a mean over many; more for what is
# blurred by noise.
_NARROW, _RATE, _BLURRED, _ROUGH = 0.08, 0.12, 0.2, 0.35
# All that features can be: what is left unexplained is spread evenly over it.
_ANY = {
    "rate": (0.3, 350.0),
    "irregularity": (0.001, 1.5),
    "rate_change": (1.0, 8.0),
    "size_change": (1.0, 8.0),
    "potential": (0.0008, 0.06),
    "duration": (0.02, 120.0),
    "group_rate": (0.05, 30.0),
    "group_irregularity": (0.01, 1.5),
    "group_spread": (0.02, 1.5),
    "inner_rate": (3.0, 350.0),
    "alike": (0.1, 1.0),
    "lasts": (0.01, 1.0),
    "share": (0.02, 1.0),
    "repeat": (0.01, 1.0),
    "size": (1e-6, 0.02),
    "phases": (1.0, 12.0),
}
# No kind is ruled out altogether.
_UNLIKELY = 1e-12


class Other(StrEnum):
    """What a run may be that is no spontaneous activity, or none that can be named."""

    WILLED = "willed unit"
    CLOCKWORK = "clockwork"
    HEARTBEAT = "heartbeat"
    PART_OF_RUN = "part of a run"
    UNEXPLAINED = "unexplained"


Kind = EventKind | Other


@dataclass(frozen=True, kw_only=True, slots=True)
class SoftRange:
    """A range of a feature on a scale of ratios, with shoulders.

    Parameters
    ----------
    low, high
        Ends, above 0.
    shoulder
        Standard deviation of the logarithm beyond either end.

    Examples
    --------
    >>> rate = SoftRange(low=20.0, high=80.0, shoulder=0.12)
    >>> rate.log_density(40.0) > rate.log_density(100.0) > rate.log_density(200.0)
    True
    """

    low: float
    high: float
    shoulder: float

    def log_density(self, value: float) -> float:
        """Return the logarithm of the density of a value, over its logarithm."""
        beyond = max(log(self.low / value), log(value / self.high), 0.0)
        area = log(self.high / self.low) + self.shoulder * _NORMAL
        return -0.5 * (beyond / self.shoulder) ** 2 - log(area)


Definition = Mapping[str, SoftRange | tuple[SoftRange, ...]]


def weigh(
    features: Mapping[str, float], kinds: Mapping[Kind, Definition], prior: Mapping[Kind, float] | None = None
) -> dict[Kind, float]:
    """Return the probability of each kind by its definition.

    A definition that is silent about a feature takes it as spread over all that it can be.

    Parameters
    ----------
    features
        Values above 0.
    kinds
        Definitions to choose from.
    prior
        How likely each is beforehand, up to a factor; equally likely if left out.
    """
    scores = {
        kind: sum(_part(name, value, ranges) for name, value in features.items())
        + log(1.0 if prior is None else prior[kind])
        for kind, ranges in kinds.items()
    }
    return normalized(scores)


def normalized(scores: Mapping[Kind, float]) -> dict[Kind, float]:
    """Return probabilities that sum to 1 for logarithms of weights."""
    best = max(scores.values())
    weights = {kind: max(exp(score - best), _UNLIKELY) for kind, score in scores.items()}
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def _part(name: str, value: float, ranges: Definition) -> float:
    """Return what one feature says; of several published ranges each is as good as the other."""
    low, high = _ANY[name]
    inside = min(max(value, low), high)
    known = ranges.get(name, SoftRange(low=low, high=high, shoulder=_RATE))
    if isinstance(known, SoftRange):
        return known.log_density(inside)
    return log(sum(exp(one.log_density(inside)) for one in known) / len(known) + _UNLIKELY)


def _soft(low: float, high: float, shoulder: float) -> SoftRange:
    return SoftRange(low=low, high=high, shoulder=shoulder)


def _neuromyotonic(settings: RhythmSettings) -> tuple[SoftRange, SoftRange]:
    high = settings.neuromyotonic_rate_high_hz
    return (
        _soft(settings.neuromyotonic_rate_low_hz, high, _RATE),
        _soft(settings.neuromyotonic_rate_wide_hz, high, _RATE),
    )


@cache
def of_fibers(settings: RhythmSettings) -> Mapping[Kind, Definition]:
    """Return what a regular run at a needle can be that is of muscle fibers."""
    steady = _soft(1.0, 1.4, _BLURRED)
    waxing = _soft(settings.myotonic_change, _ANY["rate_change"][1], _NARROW)
    spike = _soft(settings.fiber_spike_shortest_s, settings.fiber_spike_longest_s, _BLURRED)
    wave = _soft(settings.positive_wave_shortest_s, settings.positive_wave_longest_s, _BLURRED)
    regular = _soft(0.003, settings.fibrillation_irregularity, _BLURRED)
    size = {"size": _soft(settings.fiber_size_low_v, settings.fiber_size_high_v, _ROUGH)}
    slow = {
        **size,
        "phases": _soft(1.0, 3.0, _BLURRED),
        "rate": _soft(settings.fibrillation_rate_low_hz, settings.fibrillation_rate_high_hz, _RATE),
        "irregularity": regular,
        "rate_change": steady,
        "size_change": steady,
        "duration": _soft(settings.persistence_s, _ANY["duration"][1], _ROUGH),
    }
    constant = _soft(1.0, settings.complex_change, _RATE)
    return {
        EventKind.FIBRILLATION_POTENTIAL: {**slow, "potential": spike},
        EventKind.POSITIVE_SHARP_WAVE: {**slow, "potential": wave},
        EventKind.MYOTONIC_DISCHARGE: {
            "rate": _soft(settings.myotonic_rate_low_hz, settings.myotonic_rate_high_hz, _RATE),
            "irregularity": regular,
            "rate_change": waxing,
            "size_change": waxing,
            "potential": _soft(settings.fiber_spike_shortest_s, settings.myotonic_wave_longest_s, _BLURRED),
            "duration": _soft(0.3, 30.0, _ROUGH),
            "phases": _soft(1.0, 3.0, _BLURRED),
            **size,
        },
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: {
            "rate": (
                _soft(settings.complex_rate_low_hz, settings.complex_rate_high_hz, _RATE),
                _soft(settings.complex_usual_low_hz, settings.complex_usual_high_hz, _RATE),
            ),
            "irregularity": _soft(settings.clock_irregularity, settings.complex_irregularity, _BLURRED),
            "rate_change": constant,
            "size_change": constant,
            "duration": _soft(1.0, _ANY["duration"][1], _ROUGH),
            "phases": _soft(4.0, _ANY["phases"][1], _RATE),
            "potential": _soft(settings.complex_potential_shortest_s, _ANY["potential"][1], _BLURRED),
        },
    }


@cache
def of_units(settings: RhythmSettings, *, is_needle: bool) -> Mapping[Kind, Definition]:
    """Return what a regular run can be that is of a motor unit, of the heart or of a machine."""
    shortest, longest = (
        (settings.motor_unit_shortest_s, settings.motor_unit_longest_s)
        if is_needle
        else (settings.surface_unit_shortest_s, settings.surface_unit_longest_s)
    )
    unit = {"potential": _soft(shortest, longest, _RATE), "phases": _soft(1.0, 4.0, _BLURRED)}
    if is_needle:
        unit["size"] = _soft(settings.motor_unit_size_low_v, settings.motor_unit_size_high_v, _ROUGH)
    center, spread = settings.continuous_irregularity, settings.continuous_irregularity_spread
    return {
        EventKind.NEUROMYOTONIC_DISCHARGE: {
            "rate": _soft(settings.neuromyotonic_rate_low_hz, settings.neuromyotonic_rate_high_hz, _ROUGH),
            "irregularity": _soft(0.003, 0.3, _BLURRED),
            "rate_change": _soft(1.0, 2.5, _BLURRED),
            "duration": _soft(0.04, 10.0, _ROUGH),
            **unit,
        },
        EventKind.CONTINUOUS_UNIT_DISCHARGE: {
            "rate": _soft(settings.continuous_rate_low_hz, settings.continuous_rate_high_hz, _RATE),
            "irregularity": _soft(center - spread, center + spread, _BLURRED),
            "rate_change": _soft(1.0, 1.25, _BLURRED),
            "size_change": _soft(1.0, 1.4, _BLURRED),
            "duration": _soft(settings.continuous_duration_s, _ANY["duration"][1], _ROUGH),
            **unit,
        },
        Other.WILLED: {
            "rate": _soft(settings.willed_rate_low_hz, settings.willed_rate_high_hz, _BLURRED),
            "irregularity": _soft(settings.willed_irregularity_low, settings.willed_irregularity_high, _ROUGH),
            "rate_change": _soft(1.0, 1.8, _BLURRED),
            "size_change": _soft(1.0, 1.4, _BLURRED),
            **unit,
        },
        Other.CLOCKWORK: {
            "irregularity": _soft(0.0002, settings.clock_irregularity, _RATE),
            "rate_change": _soft(1.0, 1.02, 0.02),
            "size_change": _soft(1.0, 1.2, _BLURRED),
        },
        Other.HEARTBEAT: {
            "rate": _soft(settings.heart_rate_lowest_hz, settings.heart_rate_highest_hz, _RATE),
            "irregularity": _soft(0.01, 0.1, _BLURRED),
            "rate_change": _soft(1.0, 1.5, _BLURRED),
            "size_change": _soft(1.0, 1.4, _BLURRED),
            "potential": _soft(0.02, 0.06, _BLURRED),
        },
        Other.UNEXPLAINED: {},
    }


@cache
def of_bursts(settings: RhythmSettings) -> Mapping[Kind, Definition]:
    """Return what bursts that come again and again can be."""
    share = {"share": _soft(settings.burst_share_low, settings.burst_share_high, _NARROW)}
    # the units of a burst come in another order in the next one; bursts of one unit are alike
    many = {
        "repeat": _soft(_ANY["repeat"][0], settings.burst_repeat, _BLURRED),
        "alike": _soft(_ANY["alike"][0], settings.one_unit_alike, _NARROW),
    }
    return {
        EventKind.TREMOR_BURST: {
            "rate": _soft(settings.tremor_rate_low_hz, settings.tremor_rate_high_hz, _NARROW),
            "irregularity": _soft(0.01, settings.burst_irregularity, _RATE),
            **share,
            **many,
        },
        EventKind.CLONUS_BEAT: {
            "rate": _soft(settings.clonus_rate_low_hz, settings.clonus_rate_high_hz, _NARROW),
            "irregularity": _soft(0.01, settings.clonus_irregularity, _RATE),
            **share,
            **many,
        },
        EventKind.MYOKYMIC_DISCHARGE: {
            "rate": _soft(settings.myokymic_rhythm_low_hz, settings.group_rate_high_hz, _RATE),
            "irregularity": _soft(0.02, settings.group_irregularity, _RATE),
            "group_spread": _soft(0.02, 0.5, _BLURRED),
            "repeat": _soft(settings.burst_repeat_of_one, 1.0, _RATE),
            "inner_rate": _soft(settings.myokymic_rate_low_hz, settings.myokymic_rate_high_hz, _RATE),
        },
        Other.WILLED: {
            "rate": _soft(settings.willed_rate_low_hz, settings.willed_rate_high_hz, _NARROW),
            "irregularity": _soft(settings.one_unit_irregularity, settings.willed_irregularity_high, _NARROW),
            "alike": _soft(settings.one_unit_alike, 1.0, _NARROW),
            "lasts": _soft(0.015, settings.one_unit_longest_s, _RATE),
        },
        Other.UNEXPLAINED: {},
    }


@cache
def of_spans(settings: RhythmSettings) -> Mapping[Kind, Definition]:
    """Return what long activity can be, by the irregularity of its units."""
    center, spread = settings.cramp_irregularity, settings.cramp_irregularity_spread
    return {
        EventKind.CRAMP_DISCHARGE: {"irregularity": _soft(center - spread, center + 2 * spread, _BLURRED)},
        Other.WILLED: {
            "irregularity": _soft(settings.willed_irregularity_low, settings.willed_irregularity_high, _BLURRED)
        },
    }


@cache
def of_groups(settings: RhythmSettings) -> Mapping[Kind, Definition]:
    """Return what discharges of one source in groups can be."""
    rhythm = {
        "group_rate": _soft(settings.group_rate_low_hz, settings.group_rate_high_hz, _RATE),
        "group_irregularity": _soft(0.02, settings.group_irregularity, _BLURRED),
        "group_spread": _soft(0.02, 0.35, _RATE),
    }
    return {
        EventKind.MYOKYMIC_DISCHARGE: {
            "rate": (
                _soft(settings.myokymic_rate_low_hz, settings.myokymic_rate_high_hz, _RATE),
                _soft(settings.myokymic_usual_low_hz, settings.myokymic_rate_high_hz, _RATE),
            ),
            "irregularity": _soft(0.003, 0.3, _BLURRED),
            **rhythm,
        },
        EventKind.NEUROMYOTONIC_DISCHARGE: {
            "rate": _neuromyotonic(settings),
            "irregularity": _soft(0.003, 0.5, _BLURRED),
        },
        Other.WILLED: {
            "rate": _soft(settings.willed_rate_low_hz, settings.willed_rate_high_hz, _BLURRED),
            "irregularity": _soft(settings.willed_irregularity_low, 1.2, _ROUGH),
            "group_irregularity": _soft(0.2, 1.2, _BLURRED),
            "group_spread": _soft(0.25, 1.2, _BLURRED),
        },
        # pieces of myotonic runs of several fibers come in no rhythm, and do not show that they wax and wane
        Other.PART_OF_RUN: {
            "rate": _soft(settings.myotonic_rate_low_hz, settings.myotonic_rate_high_hz, _RATE),
            "irregularity": _soft(0.003, 1.2, _BLURRED),
            "group_irregularity": _soft(0.3, 1.2, _BLURRED),
            "group_spread": _soft(0.3, 1.2, _BLURRED),
        },
        Other.UNEXPLAINED: {},
    }
