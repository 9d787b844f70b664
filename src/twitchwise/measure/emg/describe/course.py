"""Whether the rate of fasciculations drifts: a Poisson process whose logarithm of the rate changes evenly in time.

Given their number, the times of such events lie in the rest with a density that rises or falls exponentially (Cox and
Lewis 1966, The statistical analysis of series of events, chapter 3), which has one parameter.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from twitchwise.measure.emg.describe.dispersion import dispersion_of
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray

# A hundredfold or more between start and end is a start or an end, not a drift; the search ends there.
_STEEPEST = 7.0
# Points per stretch at which the density is summed; it is smooth, so that more give the same.
_POINTS = 64
_NORMAL_95 = 1.959964


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """Rate at the end of the rest over the rate at its start, with its 95 % interval."""

    ratio: float
    low: float
    high: float


def drift_of(times_s: FloatArray, rest: Intervals) -> Drift:
    """Return how the rate changes from the start of the rest to its end.

    Parameters
    ----------
    times_s
        Fasciculations at rest, ascending, at least one, shape ``(n,)``; the more they cluster beyond the drift, the
        wider is the interval.
    rest
        When they could be seen.
    """
    start, stop = rest.spans[0][0], rest.spans[-1][1]
    points, weights = _grid(rest)
    place, middle = (points - start) / (stop - start), float(np.mean((times_s - start) / (stop - start)))
    slope = _slope(place, weights, middle)
    _, variance = _moments(place, weights, slope)
    error = np.sqrt(_clustering(times_s, points, _density(place, weights, slope)) / (times_s.size * variance))
    low, high = slope - _NORMAL_95 * error, slope + _NORMAL_95 * error
    return Drift(ratio=float(np.exp(slope)), low=float(np.exp(low)), high=float(np.exp(high)))


def _clustering(times_s: FloatArray, points: FloatArray, density: FloatArray) -> float:
    """Return the index of dispersion on a clock that runs with the fitted rate, on which events come evenly."""
    passed = np.cumsum(density) - density / 2
    return dispersion_of(np.interp(times_s, points, passed), 1.0).toward_random


def _grid(rest: Intervals) -> tuple[FloatArray, FloatArray]:
    """Return times in the middle of small pieces of the rest, and the length of each piece."""
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    points = [start + (stop - start) * share for start, stop in rest.spans]
    return np.concatenate(points), np.repeat([(stop - start) / _POINTS for start, stop in rest.spans], _POINTS)


def _density(place: FloatArray, weights: FloatArray, slope: float) -> FloatArray:
    """Return the share of the events that falls on each piece of the rest."""
    density = weights * np.exp(slope * (place - (1.0 if slope > 0 else 0.0)))
    share: FloatArray = density / density.sum()
    return share


def _moments(place: FloatArray, weights: FloatArray, slope: float) -> tuple[float, float]:
    density = _density(place, weights, slope)
    mean = float(density @ place)
    return mean, float(density @ (place - mean) ** 2)


def _slope(place: FloatArray, weights: FloatArray, middle: float) -> float:
    """Return the slope at which the mean place is the one seen; the likelihood is greatest there."""

    def miss(slope: float) -> float:
        return _moments(place, weights, slope)[0] - middle

    if miss(-_STEEPEST) >= 0:
        return -_STEEPEST
    return _STEEPEST if miss(_STEEPEST) <= 0 else float(brentq(miss, -_STEEPEST, _STEEPEST))
