"""What comes together more often than chance has it: repeats of one unit, and units that go along.

Random events at the rates seen coincide so many times on average; more than a Poisson count of that mean would give is
no chance.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy.stats import poisson

from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Coincidences that random events would give more rarely than so are no chance.
_BY_CHANCE = 0.01
# Lags that vary by less than this are one lag.
_ONE_LAG_S = 0.003
# Points at which a distribution is summed; its mean changes by less than a hundredth with more.
_POINTS = 400


def beyond_chance(seen: FloatArray, expected: FloatArray, usual: FloatArray) -> FloatArray:
    """Return how many of what was seen something rather than chance gave, by the mean after the count was seen.

    Parameters
    ----------
    seen
        How many were seen, shape ``(n,)``.
    expected
        How many chance gives on average, above 0, shape ``(n,)``.
    usual
        How many there usually are that are no chance, above 0: the mean of what is believed before, which is spread
        exponentially, shape ``(n,)``.

    Examples
    --------
    >>> one = np.ones(3)
    >>> beyond_chance(np.array([1.0, 4.0, 9.0]), 4 * one, one).round(1).tolist()
    [0.6, 0.8, 1.7]
    """
    top = np.maximum(seen, expected) + 4 * np.sqrt(seen + 1) + 4  # far above what the count allows
    more = (np.arange(_POINTS) + 0.5) / _POINTS * top[:, None]
    weight = np.exp(-more / np.maximum(usual[:, None], np.finfo(float).tiny)) * poisson.pmf(
        seen[:, None], more + expected[:, None]
    )
    whole = np.maximum(np.sum(weight, axis=1), np.finfo(float).tiny)
    return np.asarray(np.sum(weight * more, axis=1) / whole, dtype=np.float64)


def near_pairs(time_s: FloatArray, within_s: float) -> Iterator[tuple[int, int]]:
    """Give all pairs of places whose times, in order, are at most so far apart."""
    stop = np.searchsorted(time_s, time_s + within_s, side="right")
    for first, last in enumerate(stop.tolist()):
        for other in range(first + 1, last):
            yield first, other


def going_along(
    time_s: FloatArray, unit: IntArray, within_s: float, rest_s: float, least_share: float = 0.0
) -> set[tuple[int, int]]:
    """Return the pairs of different units, smaller number first, that discharge together more often than by chance.

    Parameters
    ----------
    time_s, unit
        Times in seconds, in order, and units of potentials, shape ``(n,)``; 0 is no unit and goes along with none.
    within_s, rest_s
        The greatest distance that is together, and the time that all of them were seen in.
    least_share
        Of the discharges of the rarer unit that must be together with the other.
    """
    numbers = [_key(int(unit[a]), int(unit[b])) for a, b in near_pairs(time_s, within_s)]
    seen = Counter(pair for pair in numbers if pair[0] and pair[0] != pair[1])
    count = Counter(unit.tolist())
    share = 2 * within_s / max(rest_s, within_s)
    return {
        (one, other)
        for (one, other), times in seen.items()
        if _is_no_chance(times, count[one] * count[other] * share)
        and times >= least_share * min(count[one], count[other])
    }


def locked(time_s: FloatArray, to_s: FloatArray, within_s: float, rest_s: float) -> BoolArray:
    """Mark the times that follow or precede others at one lag more often than by chance, shape ``(n,)``.

    Parameters
    ----------
    time_s, to_s
        Times in seconds, in order, of one source and of another.
    within_s, rest_s
        The greatest lag, and the time that all of them were seen in.
    """
    marked = np.zeros(time_s.size, dtype=np.bool_)
    first, stop = (np.searchsorted(to_s, time_s + side * within_s) for side in (-1, 1))
    owner = np.repeat(np.arange(time_s.size), stop - first)
    partner = np.arange(owner.size) - np.repeat(np.cumsum(stop - first) - (stop - first), stop - first) + first[owner]
    lag = to_s[partner] - time_s[owner]
    order = np.argsort(lag)
    lag, owner = lag[order], owner[order]
    around = np.searchsorted(lag, lag + _ONE_LAG_S / 2, side="right") - np.searchsorted(lag, lag - _ONE_LAG_S / 2)
    expected = time_s.size * to_s.size * _ONE_LAG_S / max(rest_s, within_s)
    places = 2 * within_s / _ONE_LAG_S  # so many lags are tried
    unlikely = (around > 1) & (poisson.sf(around - 2, expected) * places < _BY_CHANCE)  # one is there by choice
    marked[owner[unlikely]] = True
    return marked


def _key(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


def _is_no_chance(seen: int, expected: float) -> bool:
    return seen > 0 and float(poisson.sf(seen - 1, expected)) < _BY_CHANCE
