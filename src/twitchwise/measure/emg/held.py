"""Runs in which a unit discharges as a held one does: interval after interval nearly the same, as a will holds a unit.

Each interval is judged against two accounts: a unit that is held repeats about the interval before it, now and then
missing one; a unit that fasciculates comes at random at its own rate. A run is held where the intervals together speak
for the first account by more than a threshold.
"""

import numpy as np

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.emg.units import Discharges
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray

# Logarithmic spread of an interval around the one before it: both vary by a fifth.
_SPREAD = 0.3
# One discharge in so many of a held unit is not seen, so that an interval is twice as long.
_MISSED = 0.2
# No interval speaks against a held unit by more than this factor: one may be of another unit.
_LEAST_RATIO = 0.02
# No voluntary unit discharges faster than 25 a second for more than a doublet.
_SHORTEST_S = 0.04


def held_spans(found: Discharges, rest_s: float, settings: EmgSettings) -> Intervals:
    """Return the times in which a unit is held, from the first to the last discharge of each run.

    Parameters
    ----------
    found
        Discharges in order of time.
    rest_s
        Seconds in which they were looked for, above 0.
    settings
        Longest interval of a held unit, and how strongly a run must speak for being held.

    Examples
    --------
    >>> from twitchwise.measure.emg.settings import emg_settings
    >>> times = np.concatenate([[3.0], 10.0 + 0.11 * np.arange(8), [31.0]])
    >>> ones = np.ones(10)
    >>> found = Discharges(time_s=times, unit=ones.astype(np.int64), probability=ones, amplitude=ones, residual=ones,
    ...                    overlapped=np.zeros(10, dtype=np.bool_))
    >>> [(round(start, 2), round(stop, 2)) for start, stop in held_spans(found, 60.0, emg_settings()).spans]
    [(10.0, 10.77)]
    """
    spans = list[tuple[float, float]]()
    for unit in np.unique(found.unit[found.unit > 0]):
        times = found.time_s[found.unit == unit]
        spans += [(float(times[first]), float(times[last])) for first, last in held_runs(times, rest_s, settings)]
    return Intervals.union(spans)


def held_runs(times_s: FloatArray, rest_s: float, settings: EmgSettings) -> list[tuple[int, int]]:
    """Return first and last place of the runs of one unit, times in order, in which it is held."""
    gaps = np.diff(times_s)
    rate_hz = times_s.size / rest_s
    random = np.log(rate_hz) - rate_hz * gaps
    longest_s = settings.continual_interval_s
    fresh = (gaps >= _SHORTEST_S) & (gaps <= longest_s)
    begin = np.where(fresh, -np.log(longest_s - _SHORTEST_S) - random, -np.inf)
    runs, best, score, first, usual = list[tuple[int, int]](), 0.0, -np.inf, 0, 0.0
    for place, gap in enumerate(gaps):
        onward = score + _speaks(float(gap), usual, float(random[place])) if np.isfinite(score) else -np.inf
        if onward < 0 or gap > 2 * longest_s:
            score, best = -np.inf, 0.0
            onward = -np.inf
        if begin[place] > onward:
            score, first, usual, best = float(begin[place]), place, float(gap), 0.0
        elif np.isfinite(onward):
            score = onward
            usual = float(gap) if fresh[place] and gap < 1.5 * usual else usual
        if score > max(best, settings.held_evidence):
            best = score
            runs = [run for run in runs if run[0] != first] + [(first, place + 1)]
    return runs


def _speaks(gap_s: float, usual_s: float, random: float) -> float:
    """Return by how much an interval speaks for a held unit, as the logarithm of a ratio."""
    held = (1 - _MISSED) * _density(gap_s, usual_s) + _MISSED * _density(gap_s, 2 * usual_s)
    return float(max(np.log(max(held, 1e-300)) - random, np.log(_LEAST_RATIO)))


def _density(gap_s: float, usual_s: float) -> float:
    """Return the log-normal density of an interval, a second."""
    deviation = np.log(gap_s / usual_s) / _SPREAD
    return float(np.exp(-(deviation**2) / 2) / (gap_s * _SPREAD * np.sqrt(2 * np.pi)))
