"""Two rates from counts and minutes: whether they differ by more than chance, exactly, and by how much.

Given the sum of two counts of events at random, the second is binomial, whatever the common rate: the conditional
test of Przyborowski and Wilenski (1940; not opened, as described by Krishnamoorthy and Thomson 2004,
https://doi.org/10.1016/S0378-3758(02)00408-1, abstract read). Counts differ more than that from visit to visit. Each
rate is then multiplied by a factor of its own from a gamma distribution with mean 1 and variance ``alpha``, so that
each count is negative binomial, and the binomial is averaged over the share that the two factors make, which has a
beta distribution; with equal expected counts that is the exact beta-binomial. Counts need not be whole: the
incomplete beta function joins the steps.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import betainc, betaincc, betaincinv, logsumexp

from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.vocabulary.arrays import FloatArray

_TAIL = 0.025
_NODES = 200  # shares that stand for the distribution of the two factors
_FARTHEST = 25.0  # logarithm of the largest ratio of rates that is looked for
_LEAST_ALPHA = 1e-6  # below this the factors are all 1
_LARGEST_ALPHA = 50.0
_STARTS = 40


def compare_rates(
    first: tuple[float, float], second: tuple[float, float], alphas: tuple[float, float] = (0.0, 0.0)
) -> tuple[Estimate, float]:
    """Return the ratio of the second rate to the first with its exact 95 % interval, and the p-value of no difference.

    Parameters
    ----------
    first, second
        Count and minutes of each.
    alphas
        Over-dispersion of each count; 0 for events at random.

    Returns
    -------
    Estimate
        The ratio, infinite where the first count is 0; ``nan`` with the interval 0 to infinity where both are.
    float
        Twice the smaller tail, at most 1.

    Examples
    --------
    >>> ratio, p_value = compare_rates((10, 5.0), (30, 5.0))
    >>> ratio.value, round(ratio.low, 2), round(ratio.high, 2), round(p_value, 4)
    (3.0, 1.43, 6.88, 0.0022)
    """
    (count, minutes), (other, other_minutes) = first, second
    if count + other <= 0:
        return Estimate(value=float("nan"), low=0.0, high=float("inf")), 1.0
    odds = factor_odds(alphas) * other_minutes / minutes
    at_most, at_least = chance_of_at_most(count, other, odds), chance_of_at_least(count, other, odds)
    value = (other / other_minutes) / (count / minutes) if count > 0 else float("inf")
    low = _ratio_where(lambda ratio: chance_of_at_least(count, other, odds * ratio)) if other > 0 else 0.0
    high = _ratio_where(lambda ratio: chance_of_at_most(count, other, odds * ratio)) if count > 0 else float("inf")
    return Estimate(value=value, low=min(low, value), high=max(high, value)), min(1.0, 2 * min(at_most, at_least))


@lru_cache(maxsize=256)
def factor_odds(alphas: tuple[float, float]) -> FloatArray:
    """Return equally likely values of the second factor over the first, shape ``(nodes,)``; 1 if both are certain."""
    if max(alphas) < _LEAST_ALPHA:
        return np.ones(1)
    shapes = [1 / max(alpha, _LEAST_ALPHA) for alpha in alphas]
    share = betaincinv(shapes[1], shapes[0], (np.arange(_NODES) + 0.5) / _NODES)
    share = np.clip(share, 1e-12, 1 - 1e-12)
    odds: FloatArray = share / (1 - share) * shapes[0] / shapes[1]
    odds.flags.writeable = False  # kept for the next pair
    return odds


def chance_of_at_most(count: float, other: float, odds: FloatArray) -> float:
    """Return the chance that the second count is at most ``other``, given the sum of both, averaged over odds."""
    return 1.0 if count <= 0 else float(np.mean(betaincc(other + 1, count, odds / (1 + odds))))


def chance_of_at_least(count: float, other: float, odds: FloatArray) -> float:
    """Return the chance that the second count is at least ``other``, given the sum of both, averaged over odds."""
    return 1.0 if other <= 0 else float(np.mean(betainc(other, count + 1, odds / (1 + odds))))


def _ratio_where(tail: Callable[[float], float]) -> float:
    """Return the ratio at which a tail is 2.5 %; 0 or infinity where it is more up to there."""

    def excess(log_ratio: float) -> float:
        return tail(float(np.exp(log_ratio))) - _TAIL

    ends = excess(-_FARTHEST), excess(_FARTHEST)
    if min(ends) > 0:
        return 0.0 if ends[0] < ends[1] else float("inf")
    return float(np.exp(brentq(excess, -_FARTHEST, _FARTHEST)))


def over_dispersion_of_pairs(pairs: Sequence[tuple[float, float, float, float]]) -> float:
    """Return how much more counts differ between visits than events at random, by maximum likelihood.

    Parameters
    ----------
    pairs
        Count and minutes of a visit, then of another, of participants whose rate has not changed.

    Returns
    -------
    float
        ``alpha``; 0 where the counts differ no more than by chance, or none has an event.
    """
    usable = np.array([pair for pair in pairs if pair[0] + pair[2] > 0], dtype=float)
    if not usable.size:
        return 0.0

    def cost(log_alpha: float) -> float:
        return -_likelihood_of_pairs(usable, float(np.exp(log_alpha)))

    ends = (float(np.log(_LEAST_ALPHA)), float(np.log(_LARGEST_ALPHA)))
    starts = np.linspace(*ends, _STARTS)
    best = int(np.argmin([cost(start) for start in starts]))
    if best == 0:
        return 0.0
    found = minimize_scalar(cost, bounds=(starts[best - 1], starts[min(best + 1, _STARTS - 1)]), method="bounded")
    return float(np.exp(found.x)) if cost(float(found.x)) < -_likelihood_of_pairs(usable, 0.0) else 0.0


def _likelihood_of_pairs(pairs: FloatArray, alpha: float) -> float:
    """Return the logarithm of the chance of the second of two counts, given both together, summed over pairs."""
    first, minutes, second, other_minutes = pairs.T
    odds = factor_odds((alpha, alpha)) * (other_minutes / minutes)[:, np.newaxis]
    logs = second[:, np.newaxis] * np.log(odds) - (first + second)[:, np.newaxis] * np.log1p(odds)
    return float(np.sum(logsumexp(logs, axis=1) - np.log(odds.shape[1])))
