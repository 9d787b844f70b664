"""Which peaks of a source are discharges, judged by their height and by when they come: the likeliest train of all.

A train is taken as a renewal process: each interval is drawn anew, from the intervals that the unit itself has shown,
mixed with any interval at all. So a low peak where the next discharge is due counts for more than one at another time,
and nothing is asked of a unit that fires unevenly. The likeliest train is found by dynamic programming (Viterbi 1967,
https://doi.org/10.1109/TIT.1967.1054010).
"""

from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np

from twitchwise.measure.emg.decompose.trains import Split
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A source has unit variance, so a height is uncertain by at least that.
_LEAST_SPREAD = 1.0
# Share of discharges that others have all but canceled, whose height may be anything.
_CANCELED = 0.02
# Share of the peaks that are no discharges whose heights are taken as an exponential tail.
_TAIL = 0.1
# Intervals are counted on a scale of ratios, with a normal kernel of this width.
_KERNEL = 0.12
_GRID_STEP = 0.03
# So many intervals of any length stand beside those that were seen: few intervals say little.
_ANY = 6.0
# Share of intervals of any length, however many were seen: pauses, and the first discharge after one.
_LEAST_ANY = 0.03
# Beyond this many times the middle interval any interval is as likely as another.
_FAR = 4.0
# Peaks that speak so strongly against a discharge (logarithm of a likelihood ratio) are never one.
_HOPELESS = -14.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Renewal:
    """What is known of a unit's heights and intervals, and of the peaks that are none of its discharges.

    Parameters
    ----------
    height, spread
        Of discharges: mean and standard deviation, in standard deviations of the source.
    tail_from, tail_mean, tail_rate
        Other peaks beyond a height: how much higher they are in the mean, and how many of them a sample has.
    log_interval, log_density
        Logarithms of intervals in samples, evenly spaced, and of their density, one over samples.
    log_far
        Logarithm of the density of a longer interval.
    """

    height: float
    spread: float
    tail_from: float
    tail_mean: float
    tail_rate: float
    log_interval: FloatArray
    log_density: FloatArray
    log_far: float

    @classmethod
    def of(cls, parted: Split, own_height: FloatArray, *, n_samples: int, apart: int) -> "Renewal":
        """Learn from peaks in two groups; ``own_height`` gives squared heights of discharges as the others see them."""
        high, low = np.sqrt(own_height), np.sqrt(parted.height[~parted.is_discharge])
        begin = float(np.quantile(low, 1 - _TAIL))
        beyond = low[low > begin] - begin
        # the median is not moved by discharges that were missed so far
        mean = max(float(np.median(beyond)) / log(2), 0.1) if beyond.size else 0.1
        log_interval, log_density, log_far = _intervals(parted.discharges, n_samples, apart)
        return cls(
            height=float(high.mean()),
            spread=max(float(high.std()), _LEAST_SPREAD),
            tail_from=begin,
            tail_mean=mean,
            tail_rate=max(beyond.size, 1) / n_samples,
            log_interval=log_interval,
            log_density=log_density,
            log_far=log_far,
        )

    def gain(self, height: FloatArray) -> FloatArray:
        """Return how much likelier than another peak a discharge of some heights is, as a logarithm, in samples."""
        bell = np.exp(-(((height - self.height) / self.spread) ** 2) / 2) / (self.spread * sqrt(2 * pi))
        bell = np.where(height > self.height, 1 / (self.spread * sqrt(2 * pi)), bell)
        any_height = _CANCELED / max(self.height, _LEAST_SPREAD)
        above = np.maximum(height - self.tail_from, 0.0)
        other = log(self.tail_rate / self.tail_mean) - above / self.tail_mean
        log_gain: FloatArray = np.log(bell + any_height) - other
        return np.where(height > self.tail_from, log_gain, 2 * _HOPELESS)

    def decide(self, place: IntArray, height: FloatArray) -> BoolArray:
        """Tell which peaks make the likeliest train.

        Parameters
        ----------
        place
            Samples of peaks, ascending, shape ``(n,)``.
        height
            Their heights.
        """
        gain = self.gain(height)
        able = np.flatnonzero(gain > _HOPELESS)
        chosen = np.zeros(place.size, dtype=np.bool_)
        chosen[able[_likeliest(place[able], gain[able], self)]] = True
        return chosen


def _intervals(train: IntArray, n_samples: int, apart: int) -> tuple[FloatArray, FloatArray, float]:
    """Return the density of a train's intervals."""
    seen = np.diff(train)
    middle = float(np.median(seen)) if seen.size else float(n_samples)
    top = max(min(_FAR * middle, float(n_samples)), 2.0 * apart)
    grid = np.arange(log(apart), log(top) + _GRID_STEP, _GRID_STEP)
    short = np.log(seen[seen <= top])
    share = max(_ANY / (_ANY + seen.size), _LEAST_ANY)
    bells = np.exp(-(((grid[:, None] - short) / _KERNEL) ** 2) / 2).sum(axis=1) / (_KERNEL * sqrt(2 * pi))
    evenly = share / log(n_samples / apart)
    density = (1 - share) * bells / max(seen.size, 1) + evenly
    return grid, np.log(density) - grid, log(evenly / n_samples)


def _likeliest(place: IntArray, gain: FloatArray, known: Renewal) -> IntArray:
    """Return which of the peaks make the likeliest train, by the best train that ends in each of them."""
    n = place.size
    total, before = np.empty(n), np.full(n, -1)
    shortest, longest = exp(known.log_interval[0]), exp(known.log_interval[-1])
    near = np.searchsorted(place, place - longest)
    free = np.searchsorted(place, place - shortest, side="right")
    start = known.log_far
    best_far, far_at, reached = -np.inf, -1, 0
    for one, (first, last) in enumerate(zip(near.tolist(), free.tolist(), strict=True)):
        if first > reached:
            at = reached + int(total[reached:first].argmax())
            if total[at] > best_far:
                best_far, far_at = float(total[at]), at
            reached = first
        best, came_from = start, -1
        if best_far + known.log_far > best:
            best, came_from = best_far + known.log_far, far_at
        if last > first:
            steps = np.log(place[one] - place[first:last])
            scores = total[first:last] + np.interp(steps, known.log_interval, known.log_density)
            at = int(scores.argmax())
            if scores[at] > best:
                best, came_from = float(scores[at]), first + at
        total[one], before[one] = best + gain[one], came_from
    return _traced(total, before)


def _traced(total: FloatArray, before: IntArray) -> IntArray:
    chosen: list[int] = []
    at = int(total.argmax()) if total.size and total.max() > 0 else -1
    while at >= 0:
        chosen.append(at)
        at = int(before[at])
    return np.array(chosen[::-1], dtype=np.int64)
