"""Leg movements in the EMG of a leg: onset, end and morphology as both sets of rules define them.

Onset is the first sample that reaches 8 uV above the resting EMG, the end is where the EMG falls below 2 uV above it
for half a second (https://pmc.ncbi.nlm.nih.gov/articles/PMC9619152, table 3). The amplitude of a tenth of a second says
where there is a movement; its edges are then taken from single samples, since a window would put them too far out.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.sleep.amplitude import Amplitude
from twitchwise.measure.sleep.movements import LEFT, Movements
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.vocabulary.arrays import BoolArray, IntArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a movement is: how far above rest it begins and ends, how long rest lasts after it, and its morphology.

    ``onset`` and ``offset`` are in the channel's unit above the resting level, ``quiet_s`` in seconds; a movement must
    hold a window of ``window_s`` whose median is at least ``median`` above it. ``smear_s`` is the window of the
    amplitude, by which a pause looks shorter than it is.
    """

    onset: float
    offset: float
    quiet_s: float
    window_s: float
    median: float
    smear_s: float


def limits_of_emg(rules: LegRules, smear_s: float) -> Limits:
    """Return the limits of both sets of rules."""
    return Limits(
        onset=rules.movement_onset_v,
        offset=rules.movement_offset_v,
        quiet_s=rules.movement_quiet_s,
        window_s=rules.morphology_window_s,
        median=rules.morphology_median_v,
        smear_s=smear_s,
    )


def movements_in(amplitude: Amplitude, limits: Limits, leg: int = LEFT) -> Movements:
    """Return all movements of a channel, short and long, in order of time."""
    pieces = _pieces(amplitude, limits)
    edges = _merged(*_edges(amplitude, limits, *pieces), limits.quiet_s / amplitude.step_s)
    starts, stops = _from_onset(amplitude, limits, *edges)
    has_morphology = _has_morphology(amplitude, limits, starts, stops)
    starts, stops = starts[has_morphology], stops[has_morphology]
    size = np.maximum.reduceat(amplitude.peak, _between(starts, stops))[::2] if starts.size else np.empty(0)
    return Movements(
        start_s=np.asarray(starts * amplitude.step_s, dtype=np.float64),
        stop_s=np.asarray(stops * amplitude.step_s, dtype=np.float64),
        leg=np.full(starts.size, leg, dtype=np.int64),
        size=np.asarray(size, dtype=np.float64),
    )


def _pieces(amplitude: Amplitude, limits: Limits) -> tuple[IntArray, IntArray]:
    """Return first and last (exclusive) steps of the stretches between pauses that hold at least one high step."""
    above = amplitude.level > amplitude.resting + limits.offset
    high = amplitude.level >= amplitude.resting + limits.onset
    starts, stops = runs_of(above)
    least = max(1, int((limits.quiet_s - limits.smear_s) / amplitude.step_s))
    starts, stops = _merged(starts, stops, least)
    held = np.concatenate([[0], np.cumsum(high)])
    keeps = held[stops] > held[starts]
    return starts[keeps], stops[keeps]


def runs_of(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Return first and last (exclusive) places of the runs of true values."""
    change = np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))
    return np.flatnonzero(change == 1), np.flatnonzero(change == -1)


def _merged(starts: IntArray, stops: IntArray, least: float) -> tuple[IntArray, IntArray]:
    """Join runs with less than ``least`` steps between them."""
    if not starts.size:
        return starts, stops
    apart = starts[1:] - stops[:-1] >= least - 1e-6  # what rounding leaves
    return starts[np.concatenate([[True], apart])], stops[np.concatenate([apart, [True]])]


def _edges(amplitude: Amplitude, limits: Limits, starts: IntArray, stops: IntArray) -> tuple[IntArray, IntArray]:
    """Narrow stretches to the steps whose peaks stand out of the noise at rest."""
    stands_out = amplitude.peak >= np.maximum(amplitude.resting + limits.offset, amplitude.least_peak)
    return _narrowed(stands_out, starts, stops)


def _from_onset(amplitude: Amplitude, limits: Limits, starts: IntArray, stops: IntArray) -> tuple[IntArray, IntArray]:
    """Let movements begin where a sample reaches the onset; those without one are none."""
    reaches = amplitude.peak >= np.maximum(amplitude.resting + limits.onset, amplitude.least_peak)
    return _narrowed(reaches, starts, stops, keep_stops=True)


def _narrowed(
    mask: BoolArray, starts: IntArray, stops: IntArray, *, keep_stops: bool = False
) -> tuple[IntArray, IntArray]:
    """Return the first and last (exclusive) true places in each stretch, without stretches that hold none."""
    places = np.flatnonzero(mask)
    after = np.searchsorted(places, starts)
    before = np.searchsorted(places, stops)
    holds = before > after
    last = stops[holds] if keep_stops else places[before[holds] - 1] + 1
    return places[after[holds]], last


def _has_morphology(amplitude: Amplitude, limits: Limits, starts: IntArray, stops: IntArray) -> BoolArray:
    """Tell which movements hold a window whose median is high enough: one in which half of the steps are."""
    width = max(1, round(limits.window_s / amplitude.step_s))
    count = np.concatenate([[0], np.cumsum(amplitude.level >= amplitude.resting + limits.median)])
    kept = np.zeros(starts.size, dtype=np.bool_)
    for number, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        firsts = np.arange(start, max(start + 1, stop - width + 1))
        inside = count[np.minimum(firsts + width, count.size - 1)] - count[firsts]
        kept[number] = bool((2 * inside >= width).any())
    return kept


def _between(starts: IntArray, stops: IntArray) -> IntArray:
    """Return places for reduceat: each start, and each stop, cut to the last step."""
    places = np.stack([starts, np.maximum(stops - 1, starts)], axis=1).reshape(-1)
    return np.asarray(places, dtype=np.int64)


def share_loud(amplitude: Amplitude, limit: float) -> float:
    """Return the share of the time, 0 to 1, in which the resting level is above ``limit``."""
    seen = amplitude.resting[~amplitude.missing]
    return float(np.mean(seen > limit)) if seen.size else 0.0
