"""Which discharges stand alone, so that the force or motion after them is one twitch."""

import numpy as np

from twitchwise.measure.mechanics.windows import BEFORE_S, Trace
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# A detector's start scatters by a few sampling intervals, hardly by more than this.
_NEAR_S = 3e-3


def aligned_times_s(events: EventTrain) -> FloatArray:
    """Return when each potential began, the events of a unit lined up by their peaks, shape ``(n_events,)``.

    A detector finds the peak more surely than the start; of a unit, the start comes as long before the peak every time.
    Where two phases are about as large, now one and now the other is the peak, so each sign has its own interval.
    """
    times_s = np.array(events.start_s)
    lag_s = events.peak_s - events.start_s
    for unit in np.unique(events.unit[events.unit > 0]):
        for negative in (False, True):
            own = np.flatnonzero((events.unit == unit) & ((events.peak < 0) == negative))
            usual_s = float(np.median(lag_s[own])) if own.size else 0.0
            # what peaks elsewhere holds more than the unit's potential; its start is then the better guess
            near = own[np.abs(lag_s[own] - usual_s) <= _NEAR_S]
            times_s[near] = events.peak_s[near] - usual_s
    return times_s


def isolated(times_s: FloatArray, rest: Intervals, isolation_s: float) -> BoolArray:
    """Mark the discharges without another within ``isolation_s`` on either side, and all of whose window is at rest.

    Parameters
    ----------
    times_s
        When each was, in any order, shape ``(n_events,)``.
    rest
        When the muscle rested.
    isolation_s
        How long a twitch takes to be over.
    """
    order = np.argsort(times_s, kind="stable")
    gaps = np.diff(times_s[order], prepend=-np.inf, append=np.inf)
    alone = np.empty(times_s.size, dtype=np.bool_)
    alone[order] = (gaps[:-1] >= isolation_s) & (gaps[1:] >= isolation_s)
    edges = np.array(rest.spans).reshape(-1)
    # both ends lie in one stretch of rest if as many edges come before each, and that number is odd
    first = np.searchsorted(edges, times_s - BEFORE_S, side="right")
    last = np.searchsorted(edges, times_s + isolation_s, side="left")
    mask: BoolArray = alone & (first == last) & (first % 2 == 1)
    return mask


def quiet_samples(trace: Trace, times_s: FloatArray, rest: Intervals, isolation_s: float) -> BoolArray:
    """Mark the samples of a channel at rest without a twitch, shape ``(n_samples,)``."""
    quiet = np.zeros(trace.samples.size, dtype=np.bool_)
    for start_s, stop_s in rest.spans:
        quiet[trace.inside(start_s, stop_s)] = True
    for time_s in times_s:
        quiet[trace.inside(float(time_s), float(time_s) + isolation_s)] = False
    return quiet
