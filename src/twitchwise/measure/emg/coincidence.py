"""What comes together more often than chance has it: how many beyond it, and what keeps one lag to what.

Random events at the rates seen coincide so many times on average; more than a Poisson count of that mean would give is
no chance.
"""

from collections.abc import Iterator

import numpy as np
from scipy.stats import poisson

from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Coincidences that random events would give more rarely than so are no chance.
_BY_CHANCE = 0.01
# Lags that vary by less than this are one lag.
ONE_LAG_S = 0.003
# Points at which a distribution is summed; its mean changes by less than a hundredth with more.
_POINTS = 400
# So many counts are looked at together, which keeps the memory small.
_AT_ONCE = 500


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
    n_parts = max(1, -(-seen.size // _AT_ONCE))
    parts = zip(*(np.array_split(values, n_parts) for values in (seen, expected, usual)), strict=True)
    return np.concatenate([_beyond_chance(*part) for part in parts])


def _beyond_chance(seen: FloatArray, expected: FloatArray, usual: FloatArray) -> FloatArray:
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


def locked(
    time_s: FloatArray, to_s: FloatArray, within_s: float, rest_s: float, by_chance: float = _BY_CHANCE
) -> BoolArray:
    """Mark the times that follow or precede others at one lag more often than by chance, shape ``(n,)``.

    Parameters
    ----------
    time_s, to_s
        Times in seconds, in order, of one source and of another.
    within_s, rest_s
        The greatest lag, and the time that all of them were seen in.
    by_chance
        How rarely random times may seem to keep a lag.
    """
    marked = np.zeros(time_s.size, dtype=np.bool_)
    first, stop = (np.searchsorted(to_s, time_s + side * within_s) for side in (-1, 1))
    owner = np.repeat(np.arange(time_s.size), stop - first)
    partner = np.arange(owner.size) - np.repeat(np.cumsum(stop - first) - (stop - first), stop - first) + first[owner]
    lag = to_s[partner] - time_s[owner]
    order = np.argsort(lag)
    lag, owner = lag[order], owner[order]
    around = np.searchsorted(lag, lag + ONE_LAG_S / 2, side="right") - np.searchsorted(lag, lag - ONE_LAG_S / 2)
    expected = time_s.size * to_s.size * ONE_LAG_S / max(rest_s, within_s)
    places = 2 * within_s / ONE_LAG_S  # so many lags are tried
    unlikely = (around > 1) & (poisson.sf(around - 2, expected) * places < by_chance)  # one is there by choice
    marked[owner[unlikely]] = True
    return marked
