"""Whether whole studies find that rates differ, many studies and many sizes at a time.

The analysis is that of `twitchwise.cohort.questions.groups.compare_counts`, also of two visits as if they were groups:
a negative binomial model with the wider of its own interval and of a robust one. With one length of all recordings,
groups of one size and no covariates it has closed forms. Rates are then mean counts, whatever the over-dispersion. Of
the likelihood of the over-dispersion only one part hangs on single counts, which is summed along the participants on a
grid, so that every number of participants is answered at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import gammaln

from twitchwise.cohort.power.decide import Moments, first_sums, moments, reach
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

_TRIED = np.geomspace(5e-3, 30.0, 26)  # over-dispersions; what is less is hardly any
_CLOSE = 1e-12


def groups_differ(first: IntArray, second: IntArray, n: IntArray, alpha: float) -> BoolArray:
    """Tell which studies find that the rates of two groups differ.

    Parameters
    ----------
    first, second
        Counts of the participants of the two groups, shape ``(studies, participants)``.
    n
        Numbers of participants in each group, shape ``(sizes,)``.
    alpha
        Share of studies that may find a difference where there is none.

    Returns
    -------
    BoolArray
        Shape ``(studies, sizes)``.
    """
    one, other = moments(first, n), moments(second, n)
    dispersion = _Likelihood.of([first, second], n).best()
    expected = [_inverse(group.mean) + dispersion for group in (one, other)]
    freedom = (n - 1) * (expected[0] + expected[1]) ** 2 / (expected[0] ** 2 + expected[1] ** 2)
    intervals = (
        _Interval(variance=(_relative(one) + _relative(other)) / (n - 1), freedom=freedom),
        _Interval(variance=(expected[0] + expected[1]) / n, freedom=2 * (n - 1)),
    )
    return _are_beyond((one, other), intervals, dispersion / n, alpha)


def visits_differ(first: IntArray, second: IntArray, n: IntArray, alpha: float) -> BoolArray:
    """Tell which studies find that the rate of the same participants differs at a second time; as `groups_differ`."""
    one, other = moments(first, n), moments(second, n)
    covariance = first_sums(first * second, n) - n * one.mean * other.mean
    spread = (n - 1) * (_relative(one) + _relative(other)) - 2 * covariance * _inverse(one.mean * other.mean)
    of_totals = _Likelihood.of([first + second], n).best()
    of_rows = _Likelihood.of([first, second], n).best()
    own = _of_visits(of_rows, of_totals, one.mean, other.mean)
    intervals = (
        _Interval(variance=np.maximum(spread, 0.0) / (n - 1) ** 2, freedom=n - 1),
        _Interval(variance=(_inverse(one.mean) + _inverse(other.mean) + 2 * own) / n, freedom=n - 2),
    )
    return _are_beyond((one, other), intervals, of_totals / n, alpha)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Interval:
    """The variance of the logarithm of a ratio, and the degrees of freedom of its t distribution."""

    variance: FloatArray
    freedom: FloatArray | IntArray

    def half(self, alpha: float) -> FloatArray:
        """Return half the width of the interval."""
        return reach(np.sqrt(self.variance), self.freedom, alpha)


def _of_visits(of_rows: FloatArray, of_totals: FloatArray, one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the part of the over-dispersion that is a visit's own, as the working covariance has it."""
    evenness = (one**2 + other**2) * _inverse((one + other) ** 2)
    uneven = np.where(evenness < 1, 1 - evenness, 1.0)
    visit = np.where(evenness < 1, np.maximum(of_rows - of_totals, 0.0) / uneven, 0.0)
    shared = np.maximum(of_totals - visit * evenness, 0.0)
    own: FloatArray = np.where(shared > 0, visit, of_totals * _inverse(evenness))
    return own


def _are_beyond(
    sides: tuple[Moments, Moments], intervals: Sequence[_Interval], of_sum: FloatArray, alpha: float
) -> BoolArray:
    """Tell where the wider interval leaves out a ratio of 1; where one side has no event, where the exact test does.

    ``of_sum`` is the over-dispersion of the sum of a side's counts.
    """
    one, other = sides
    both = (one.mean > 0) & (other.mean > 0)
    half = np.maximum(*(interval.half(alpha) for interval in intervals))
    away = np.abs(_log(other.mean) - _log(one.mean))
    total = np.rint(one.n * (one.mean + other.mean))
    return np.where(both, away > half, _chance_of_all(total, of_sum) < alpha)


def _chance_of_all(total: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Return the p-value of all events on one side; their share has a beta distribution around a half."""
    shape = 1 / np.maximum(dispersion, _CLOSE)
    with np.errstate(invalid="ignore", over="ignore"):
        spread = gammaln(shape + total) - gammaln(shape) + gammaln(2 * shape) - gammaln(2 * shape + total)
    log = np.where(dispersion > _CLOSE, spread, total * np.log(0.5))
    chance: FloatArray = np.minimum(1.0, 2 * np.exp(np.minimum(log, 0.0)))
    return chance


def _relative(one: Moments) -> FloatArray:
    """Return the variance over the square of the mean."""
    relative: FloatArray = one.variance * _inverse(one.mean) ** 2
    return relative


def _inverse(means: FloatArray) -> FloatArray:
    inverse: FloatArray = 1 / np.where(means > 0, means, 1.0)
    return inverse


def _log(values: FloatArray) -> FloatArray:
    """Return logarithms, 0 where there is none."""
    logs: FloatArray = np.log(np.where(values > 0, values, 1.0))
    return logs


@dataclass(frozen=True, kw_only=True, eq=False)
class _Likelihood:
    """The likelihood of over-dispersions of counts in groups with one over-dispersion.

    Parameters
    ----------
    n
        Numbers of participants in each group.
    means
        Mean counts of the groups, ``(studies, sizes)`` each.
    parts
        What hangs on single counts, ``(tried, studies, sizes)``.
    """

    n: IntArray
    means: list[FloatArray]
    parts: FloatArray

    @classmethod
    def of(cls, groups: Sequence[IntArray], n: IntArray) -> "_Likelihood":
        """Return the likelihood of groups of counts, shape ``(studies, participants)`` each."""
        table = _table(1 << int(max(group.max() for group in groups)).bit_length())
        parts = [np.sum([first_sums(row[group], n) for group in groups], axis=0) for row in table]
        return cls(n=n, means=[first_sums(group, n) / n for group in groups], parts=np.stack(parts))

    def best(self) -> FloatArray:
        """Return the over-dispersion of the highest likelihood, between those tried by a parabola; 0 for Poisson."""
        heights = np.stack([self._height(number) for number in range(_TRIED.size)])
        at = np.clip(np.argmax(heights, axis=0), 1, _TRIED.size - 2)[np.newaxis]
        left, top, right = (np.take_along_axis(heights, at + step, axis=0)[0] for step in (-1, 0, 1))
        bend = left - 2 * top + right
        shift = np.where(bend < 0, (left - right) / np.where(bend < 0, 2 * bend, 1.0), 0.0)
        step = np.log(_TRIED[1] / _TRIED[0])
        dispersion = _TRIED[at[0]] * np.exp(step * np.clip(shift, -1, 1))
        best: FloatArray = np.where(heights.max(axis=0) > self._height_of_none(), dispersion, 0.0)
        return best

    def _height(self, number: int) -> FloatArray:
        alpha, height = float(_TRIED[number]), np.asarray(self.parts[number])
        for mean in self.means:
            more = np.log1p(alpha * mean)
            height = height + self.n * (mean * _log(alpha * mean) - (mean + 1 / alpha) * more)
            height = height - np.where(mean > 0, _log(self.n * mean) - more, 0.0) / 2
        return height

    def _height_of_none(self) -> FloatArray:
        """Return the likelihood of events at random."""
        height = np.zeros(self.means[0].shape)
        for mean in self.means:
            height = height + self.n * (mean * _log(mean) - mean)
            height = height - np.where(mean > 0, _log(self.n * mean), 0.0) / 2
        return height


@cache
def _table(size: int) -> FloatArray:
    """Return the part of the likelihood of single counts below ``size`` for each over-dispersion that is tried."""
    shape = 1 / _TRIED[:, np.newaxis]
    parts: FloatArray = gammaln(np.arange(size) + shape) - gammaln(shape)
    return parts
