"""How large a tremor is, how it waxes, and what shape its waves have, each with the interval over its windows."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from twitchwise.measure.motion.tremor.spectra import Spectra
from twitchwise.measure.rate_interval import spread_interval
from twitchwise.vocabulary.arrays import FloatArray

_REDRAWS = 200
_TAILS = (0.025, 0.975)
_HALF_HZ = 0.5
_HARMONICS = (2, 3, 4)
_STANDS_OUT = 4.0  # times the power beside it


class Estimate(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    def root(self) -> "Estimate":
        """Return the square roots."""
        return Estimate(*(float(np.sqrt(max(part, 0.0))) for part in self))

    def times(self, factor: float) -> "Estimate":
        """Return all three times a positive factor."""
        return Estimate(*(part * factor for part in self))


def mean_of(values: FloatArray) -> Estimate:
    """Return the mean over windows; the interval comes from redrawing them (bootstrap), the same way each time.

    Windows follow each other, and a tremor waxes over several: pairs of neighbors are redrawn together. Means of few
    windows vary more than redrawing shows, so the interval is widened by the factor that makes their variance unbiased.
    """
    value, n_windows = float(values.mean()), values.size
    if n_windows == 1:
        return Estimate(value, 0.0, 2 * value)
    paired = np.concatenate([values, values[:1]])
    pairs = (paired[:-1] + paired[1:]) / 2
    n_drawn = max(n_windows // 2, 1)
    logs = np.log(_redrawn(n_drawn, pairs) / (n_drawn * value))
    low, high = quantiles_of(logs, _TAILS) * np.sqrt(n_windows / max(n_windows - 1, 1)) * _wider(n_windows)
    return Estimate(value, min(value, value * float(np.exp(low))), max(value, value * float(np.exp(high))))


def _wider(n_windows: int) -> float:
    return float(stdtrit(max(n_windows // 2 - 1, 1), _TAILS[1]) / 1.96) if n_windows < _MANY else 1.0


_MANY = 40


def _redrawn(n_drawn: int, values: FloatArray) -> FloatArray:
    """Return the sum of so many values drawn with replacement, for each redraw."""
    sums: FloatArray = np.einsum("rv,v->r", _drawn(values.size, n_drawn), values)
    return sums


@lru_cache(maxsize=2)
def _drawn(n_values: int, n_drawn: int) -> FloatArray:
    """Return how often each value is drawn in each of the redraws, shape ``(redraws, n_values)``.

    All sizes of one tremor are redrawn alike, so it is kept: a sum over redraws is then a product with it.
    """
    drawn = np.random.default_rng(0).integers(0, n_values, size=(_REDRAWS, n_drawn))
    drawn += n_values * np.arange(_REDRAWS)[:, np.newaxis]
    counts = np.bincount(drawn.reshape(-1), minlength=_REDRAWS * n_values)
    return counts.reshape(_REDRAWS, n_values).astype(np.float64)


def quantiles_of(values: FloatArray, shares: Sequence[float]) -> FloatArray:
    """Return quantiles along the last axis, between values by a straight line as `numpy.quantile` does, but quicker."""
    ordered = np.sort(values, axis=-1)
    place = np.asarray(shares) * (ordered.shape[-1] - 1)
    below = np.minimum(place.astype(np.int64), max(ordered.shape[-1] - 2, 0))
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    quantiles: FloatArray = ordered[..., below] + (place - below) * (ordered[..., above] - ordered[..., below])
    return quantiles


def waxing(squares: FloatArray) -> Estimate | None:
    """Return the standard deviation of the amplitude over windows as a share of its mean, or ``None`` for too few."""
    sizes = np.sqrt(squares)
    if sizes.size < _ENOUGH:
        return None
    middle, value = float(sizes.mean()), float(sizes.std(ddof=1) / sizes.mean())
    # about the middle, so that squares keep their digits
    apart = sizes - middle
    shift = _redrawn(sizes.size, apart) / sizes.size
    squares = _redrawn(sizes.size, apart**2) - sizes.size * shift**2
    spread = np.sqrt(np.maximum(squares, 0.0) / (sizes.size - 1))
    low, high = quantiles_of(spread / (middle + shift), _TAILS)
    return Estimate(value, min(float(low), value), max(float(high), value))


_ENOUGH = 5


def interquartile_of(values: FloatArray) -> Estimate:
    """Return the interquartile range and its 95 % interval.

    Many values are taken in blocks as they follow each other, whose ranges vary as the whole's does by the root of the
    number of blocks; few are redrawn (bootstrap).
    """
    if values.size < _BLOCKS * _BLOCK:
        return Estimate(*spread_interval(values))
    blocks = values[: values.size // _BLOCKS * _BLOCKS].reshape(_BLOCKS, -1)
    first, third = quantiles_of(blocks, _QUARTERS).T
    value = float(np.diff(quantiles_of(values, _QUARTERS))[0])
    error = float(stdtrit(_BLOCKS - 1, _TAILS[1]) * (third - first).std(ddof=1) / np.sqrt(_BLOCKS))
    return Estimate(value, max(value - error, 0.0), value + error)


_BLOCKS, _BLOCK, _QUARTERS = 10, 20, (0.25, 0.75)


class Harmonics(NamedTuple):
    """How many harmonics stand out, and the power of all of them over that of the tremor itself, as a share."""

    number: int
    share: Estimate


def harmonics(spectra: Spectra, frequency_hz: float) -> Harmonics:
    """Return the harmonics of a tremor of a rate."""
    base = _power_at(spectra, frequency_hz)
    shares, number = np.zeros_like(base), 0
    for order in _HARMONICS:
        place = order * frequency_hz
        if place + 2 * _HALF_HZ >= float(spectra.frequency_hz[-1]):
            break
        above = _power_at(spectra, place)
        beside = (_power_at(spectra, place - 3 * _HALF_HZ) + _power_at(spectra, place + 2 * _HALF_HZ)) / 2
        if float(above.sum()) > _STANDS_OUT * float(beside.sum()):
            number += 1
            shares += np.maximum(above - beside, 0)
    mean = mean_of(np.maximum(shares / base, 1e-9))
    return Harmonics(number, mean if number else Estimate(0.0, 0.0, max(mean.high, 1e-3)))


def _power_at(spectra: Spectra, frequency_hz: float) -> FloatArray:
    """Return the mean square of each window within half a hertz around a frequency."""
    near = np.flatnonzero(np.abs(spectra.frequency_hz - frequency_hz) <= _HALF_HZ)
    power: FloatArray = spectra.power[:, near].sum(axis=1) * spectra.step_hz
    return power
