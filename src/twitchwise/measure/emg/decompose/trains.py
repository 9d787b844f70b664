"""Peaks of a source: which are discharges, how far they stand from the rest, and how much two trains share.

The silhouette is that of Negro et al. 2016 (https://doi.org/10.1088/1741-2560/13/2/026027): how much farther the
discharges lie from the middle of the other peaks than from their own. Distances are squared, as k-means counts them.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Two-means on a line settles in a few steps; more than this many never changes the result.
_MOST_STEPS = 50
# Half of the short intervals at random times, less a fifth, for two units are not equally active.
_AS_TWO = 0.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """Peaks of one source in two groups.

    Parameters
    ----------
    place
        Sample of each peak, ascending, shape ``(n_peaks,)``.
    height
        Squared height of each, shape ``(n_peaks,)``.
    is_discharge
        Which peaks are discharges, shape ``(n_peaks,)``.
    """

    place: IntArray
    height: FloatArray
    is_discharge: BoolArray

    @property
    def low(self) -> float:
        """Mean squared height of the peaks that are no discharges; 0 where there are none."""
        others = self.height[~self.is_discharge]
        return float(others.mean()) if others.size else 0.0

    @property
    def discharges(self) -> IntArray:
        """Samples of the discharges."""
        return self.place[self.is_discharge]

    def silhouette(self, own_height: FloatArray | None = None) -> float:
        """Return the silhouette, 0 to 1; ``own_height`` may give other squared heights of the discharges."""
        height = self.height[self.is_discharge] if own_height is None else own_height
        if height.size == 0:
            return 0.0
        within = float(((height - height.mean()) ** 2).sum())
        between = float(((height - self.low) ** 2).sum())
        return max(0.0, (between - within) / max(between, within)) if between > 0 else 0.0


def peaks(source: Samples, apart: int) -> IntArray:
    """Return places of upward peaks at least ``apart`` samples from any higher one that is kept, ascending."""
    middle = source[1:-1]
    place = np.flatnonzero((middle > source[:-2]) & (middle >= source[2:]) & (middle > 0)) + 1
    return place[_highest(place, source[place], apart)]


def _highest(place: IntArray, height: Samples, apart: int) -> BoolArray:
    """Keep the highest peaks: pass by pass those that no higher one still in the race is close to."""
    kept = np.zeros(place.size, dtype=np.bool_)
    left = np.arange(place.size)
    while left.size:
        best = left
        while (lost := _beaten(place[best], height[best], apart)).any():
            best = best[~lost]
        kept[best] = True
        left = left[~_near(place[left], place[best], apart)]
    return kept


def _beaten(place: IntArray, height: Samples, apart: int) -> BoolArray:
    """Tell which peaks are close to a higher neighbor; of equals the first wins."""
    close = np.diff(place) < apart
    beaten = np.zeros(place.size, dtype=np.bool_)
    beaten[:-1] |= close & (height[:-1] < height[1:])
    beaten[1:] |= close & (height[1:] <= height[:-1])
    return beaten


def _near(place: IntArray, others: IntArray, apart: int) -> BoolArray:
    """Tell which places lie close to any of some others, which ascend."""
    after = np.searchsorted(others, place)
    next_one, last_one = others[np.minimum(after, others.size - 1)], others[np.maximum(after - 1, 0)]
    return np.asarray((np.abs(next_one - place) < apart) | (np.abs(place - last_one) < apart), dtype=np.bool_)


def split(place: IntArray, height: FloatArray) -> Split:
    """Part peaks in two groups of squared height by two-means, begun halfway between the least and the greatest."""
    ascending = np.sort(height)
    total = np.concatenate([[0.0], np.cumsum(ascending)])
    threshold = float(ascending[0] + ascending[-1]) / 2 if height.size else 0.0
    for _ in range(_MOST_STEPS if height.size else 0):
        below = int(np.searchsorted(ascending, threshold, side="right"))
        if below in (0, height.size):
            break
        low, high = total[below] / below, (total[-1] - total[below]) / (height.size - below)
        if (low + high) / 2 == threshold:
            break
        threshold = float((low + high) / 2)
    return Split(place=place, height=height, is_discharge=np.asarray(height > threshold, dtype=np.bool_))


def split_of(source: Samples, apart: int) -> Split:
    """Find the peaks of a source and part them in two groups."""
    place = peaks(source, apart)
    return split(place, source[place].astype(np.float64) ** 2)


def common(first: IntArray, second: IntArray, within: int) -> int:
    """Return how many discharges two ascending trains share, each used once, at most ``within`` samples apart."""
    nearest = np.searchsorted(second, first - within)
    used, count = -1, 0
    for one, begin in zip(first.tolist(), nearest.tolist(), strict=True):
        other = max(begin, used + 1)
        if other < second.size and second[other] <= one + within:
            used, count = other, count + 1
    return count


def lag_between(first: IntArray, second: IntArray, *, most: int, within: int) -> int:
    """Return the delay of ``second``, up to ``most`` samples either way, at which most discharges coincide."""
    begin, end = np.searchsorted(second, first - most), np.searchsorted(second, first + most, side="right")
    numbers = np.repeat(begin - np.concatenate([[0], np.cumsum(end - begin)[:-1]]), end - begin)
    pairs = second[numbers + np.arange(numbers.size)] - np.repeat(first, end - begin)
    counts = np.bincount(pairs + most, minlength=2 * most + 1).astype(np.float64)
    smooth = np.convolve(counts, np.ones(2 * within + 1), "same") + counts / (counts.sum() + 1)
    return int(smooth.argmax()) - most


def alike(first: IntArray, second: IntArray, *, most: int, within: int, share: float) -> bool:
    """Tell whether two trains have a share of the smaller one in common, after the delay at which most coincide."""
    shared = common(first, second - lag_between(first, second, most=most, within=within), within)
    return shared >= share * min(first.size, second.size)


def like_two(train: IntArray, *, blind: float, recovery: float, pause: float, least: float) -> bool:
    """Tell whether a train looks like those of two units that discharge independently of each other.

    One unit hardly discharges again before it has recovered. Of two that are equally active, half of all pairs are of
    one discharge of each and come at any interval; so half as many intervals are as short as at random times. More than
    at random times are doublets of one unit.

    Parameters
    ----------
    train
        Samples of the discharges, ascending.
    blind, recovery
        Samples in which no second discharge is found, and in which one unit hardly discharges again.
    pause
        Longer intervals are pauses, and count as this.
    least
        So many short intervals there must be.

    Examples
    --------
    >>> import numpy as np
    >>> one, other = np.arange(0, 40_000, 200), np.arange(7, 40_000, 187)
    >>> [like_two(np.union1d(one, more), blind=0, recovery=50, pause=500, least=4) for more in (one, other)]
    [False, True]
    """
    intervals = np.diff(train)
    short = int((intervals < recovery).sum())
    active = float(np.minimum(intervals, pause).sum())
    at_random = train.size**2 * (recovery - blind) / active if active > 0 else 0.0
    return short >= least and _AS_TWO * at_random < short <= at_random


def agreement(first: IntArray, second: IntArray, *, most: int, within: int) -> float:
    """Return the rate of agreement: discharges in common over all, after the delay at which most coincide.

    Examples
    --------
    >>> import numpy as np
    >>> train = np.array([100, 200, 350, 500])
    >>> agreement(train, train + 3, most=10, within=1), agreement(train, train[:3], most=10, within=1)
    (1.0, 0.75)
    """
    if first.size == 0 or second.size == 0:
        return 0.0
    shared = common(first, second - lag_between(first, second, most=most, within=within), within)
    return shared / (first.size + second.size - shared)
