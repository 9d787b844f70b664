"""How sure a mean over days, or a difference of two, is when one day resembles the next.

Days are not drawn apart from each other: a bad week holds many bad days. Counted as independent they would make every
interval too narrow, so their likeness is estimated (an autoregression of the first order) and counted with.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TAIL = 0.025
_LEAST_FREEDOM = 1.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Values of some days, by the number of the day; the mean of no value is not known."""

    values: Mapping[int, float]

    @property
    def mean(self) -> float:
        """The mean."""
        return math.fsum(self.values.values()) / len(self.values)

    @property
    def rests(self) -> dict[int, float]:
        """How far each value is from the mean."""
        mean = self.mean
        return {day: value - mean for day, value in self.values.items()}


def poisson_interval(count: int) -> Interval:
    """Return a count with the exact central 95 % interval of its mean, if twitches come at random.

    Garwood (1936), Fiducial limits for the Poisson distribution, https://doi.org/10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> round(poisson_interval(0).high, 2)
    3.69
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - only a trend needs it

    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return Interval(float(count), low, float(gammaincinv(count + 1, 1 - TAIL)))


def likeness(groups: Sequence[Group], most: float) -> float:
    """Return the correlation of one day with the next around the means of their groups, 0 to ``most``.

    The estimate from n days is too small on average, by about (1 + 4 r) / n (Kendall 1954,
    https://doi.org/10.1093/biomet/41.3-4.403), which is added, with n the days of a group.
    """
    rests = {day: rest for group in groups for day, rest in group.rests.items()}
    square = math.fsum(rest**2 for rest in rests.values()) / len(rests)
    pairs = [rests[day] * rests[day + 1] for day in rests if day + 1 in rests]
    if not pairs or square == 0:
        return 0.0
    found = math.fsum(pairs) / len(pairs) / square
    too_small = (1 + 4 * max(found, 0.0)) * len(groups) / len(rests)
    return min(max(found + too_small, 0.0), most)


def mean_of(group: Group, most_alike: float) -> Interval:
    """Return the mean of at least two days with its interval."""
    alike = likeness([group], most_alike)
    error, freedom = _error(group, alike)
    return _interval(group.mean, error, freedom)


def difference_of(group: Group, other: Group, most_alike: float) -> Interval:
    """Return how much more the mean of the one group is than that of the other, each of at least two days.

    The groups may have different spreads (Welch), and their days may lie between each other.
    """
    alike = likeness([group, other], most_alike)
    (one_error, one_freedom), (two_error, two_freedom) = _error(group, alike), _error(other, alike)
    one, two = one_error**2, two_error**2
    both = math.fsum(alike ** abs(i - j) for i in group.values for j in other.values)
    shared = 2 * both / (len(group.values) * len(other.values)) * _spread(group, alike) * _spread(other, alike)
    freedom = (one + two) ** 2 / (one**2 / one_freedom + two**2 / two_freedom) if one + two else _LEAST_FREEDOM
    # days in between share their ups and downs, but that is only estimated: at most half of the error is taken off
    error = math.sqrt(max(one + two - shared, (one + two) / 2))
    return _interval(group.mean - other.mean, error, freedom)


def _together(group: Group, alike: float) -> float:
    """Return the sum of the correlations of every day with every day; the number of days when they are unlike."""
    days = list(group.values)
    return math.fsum(alike ** abs(i - j) for i in days for j in days)


def _spread(group: Group, alike: float) -> float:
    """Return the standard deviation between days, which their likeness hides a part of."""
    n = len(group.values)
    free = n - _together(group, alike) / n
    return math.sqrt(math.fsum(rest**2 for rest in group.rests.values()) / free) if free > 0 else 0.0


def _error(group: Group, alike: float) -> tuple[float, float]:
    """Return the standard error of a mean and its degrees of freedom."""
    n, together = len(group.values), _together(group, alike)
    return _spread(group, alike) * math.sqrt(together) / n, max(n * n / together - 1, _LEAST_FREEDOM)


def _interval(value: float, error: float, freedom: float) -> Interval:
    from scipy.special import stdtrit  # noqa: PLC0415 - only a trend needs it

    half = error * float(stdtrit(freedom, 1 - TAIL))
    return Interval(value, value - half, value + half)
