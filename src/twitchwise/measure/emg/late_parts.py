"""Parts of a potential that lie so far from its middle that they were taken for potentials of their own.

A potential may have a part where it ends at the tendon, or where a few of its fibers fire again: always the same time
after the middle or before, and smaller. Potentials that are independent come at any lag alike, also where they crowd.
"""

from collections.abc import Iterator

import numpy as np

from twitchwise.measure.emg.coincidence import ONE_LAG_S, beyond_chance, near_pairs
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A part lies this near to the middle of its potential; how potentials crowd is told by longer lags, up to so many
# seconds.
_PART_S, _CROWD_S = 0.025, 0.1
# A unit with this share of its discharges at one lag to greater ones is made of parts of theirs.
_SHARE = 0.6


def late_parts(time_s: FloatArray, size: FloatArray, unit: IntArray, rest_s: float, settings: EmgSettings) -> BoolArray:
    """Mark the potentials that are parts of greater ones, shape ``(n,)``: of no unit, or of a unit of such parts.

    Parameters
    ----------
    time_s, size, unit
        Times in seconds, in order, sizes, and units, 0 for none, shape ``(n,)``.
    rest_s
        Seconds that they were seen in.
    settings
        The usual share of potentials that have such a part.

    Examples
    --------
    >>> from twitchwise.measure.emg.settings import emg_settings
    >>> middles = np.array([3.0, 11.0, 20.0, 47.0, 48.0])
    >>> both = np.sort(np.r_[middles, middles + 0.014])
    >>> late_parts(both, np.tile([9.0, 2.0], 5), np.tile([1, 0], 5), 60.0, emg_settings()).tolist()
    [False, True, False, True, False, True, False, True, False, True]
    """
    pairs = np.array(list(near_pairs(time_s, _CROWD_S)), dtype=np.int64).reshape(-1, 2)
    of_two = size[pairs]
    smaller, greater = np.take_along_axis(pairs, np.argsort(of_two, axis=1), axis=1)[of_two[:, 0] != of_two[:, 1]].T
    lag_s = time_s[greater] - time_s[smaller]
    marked = np.zeros(time_s.size, dtype=np.bool_)
    for chosen, by_chance_hz, count in _groups(size, unit, (smaller, greater), rest_s):
        marked[smaller[chosen][_at_one_lag(lag_s[chosen], by_chance_hz, settings.late_part_share * count)]] = True
    of_parts = [one for one in np.unique(unit) if one == 0 or np.mean(marked[unit == one]) >= _SHARE]
    return np.asarray(marked & np.isin(unit, of_parts), dtype=np.bool_)


def _groups(
    size: FloatArray, unit: IntArray, pairs: tuple[IntArray, IntArray], rest_s: float
) -> Iterator[tuple[BoolArray, float, int]]:
    """Give which pairs to look at together, how many chance gives for each second of lag, and of how many potentials.

    ``pairs`` are places of smaller and of greater potentials. Those of which the smaller is of one unit are looked at,
    or of none, and those of which the greater is.
    """
    smaller, greater = pairs
    seen_s = max(rest_s, _CROWD_S)
    for one in np.unique(unit):
        mine = unit == one
        yield mine[smaller], _ordered_pairs(size[mine], size) / seen_s, int(mine.sum())
        if one > 0:
            yield mine[greater], _ordered_pairs(size, size[mine]) / seen_s, int(mine.sum())


def _ordered_pairs(smaller: FloatArray, greater: FloatArray) -> float:
    """Return how many pairs there are of one of some sizes and a greater one of others."""
    return float(np.sum(greater.size - np.searchsorted(np.sort(greater), smaller, side="right")))


def _at_one_lag(lag_s: FloatArray, by_chance_hz: float, usual: float) -> BoolArray:
    """Mark the lags that are rather those of parts than chance, by how many others are like them.

    ``by_chance_hz`` is how many chance gives for each second of lag, ``usual`` how many parts there usually are.
    """
    near = np.abs(lag_s) <= _PART_S
    expected_far = by_chance_hz * 2 * (_CROWD_S - _PART_S)
    crowded = max(1.0, np.sum(~near) / expected_far) if expected_far > 1 else 1.0
    expected = max(crowded * by_chance_hz * 2 * _PART_S, np.finfo(float).tiny)
    whole = beyond_chance(*(np.array([value]) for value in (float(near.sum()), expected, usual)))
    ordered = np.sort(lag_s[near])
    first = np.searchsorted(ordered, lag_s - ONE_LAG_S / 2)
    around = np.searchsorted(ordered, lag_s + ONE_LAG_S / 2, side="right") - first
    share = ONE_LAG_S / (2 * _PART_S)
    here = np.full(lag_s.size, expected * share)
    return np.asarray(near & (around > 1) & (beyond_chance(around.astype(np.float64), here, whole * share) > here))
