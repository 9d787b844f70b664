"""How large a tremor is, how it waxes, and what shape its waves have, each with the interval over its windows."""

from typing import NamedTuple

import numpy as np

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
    rng = np.random.default_rng(0)
    n_drawn = max(n_windows // 2, 1)
    logs = np.log(rng.choice(pairs, size=(_REDRAWS, n_drawn)).mean(axis=1) / value)
    low, high = np.quantile(logs, _TAILS) * np.sqrt(n_windows / max(n_windows - 1, 1)) * _wider(n_windows)
    return Estimate(value, min(value, value * float(np.exp(low))), max(value, value * float(np.exp(high))))


def _wider(n_windows: int) -> float:
    from scipy.stats import t as student  # noqa: PLC0415 - loads only where there is a tremor

    return float(student.ppf(_TAILS[1], max(n_windows // 2 - 1, 1)) / 1.96) if n_windows < _MANY else 1.0


_MANY = 40


def waxing(squares: FloatArray) -> Estimate | None:
    """Return the standard deviation of the amplitude over windows as a share of its mean, or ``None`` for too few."""
    sizes = np.sqrt(squares)
    if sizes.size < _ENOUGH:
        return None
    rng = np.random.default_rng(0)
    drawn = rng.choice(sizes, size=(_REDRAWS, sizes.size))
    value = float(sizes.std(ddof=1) / sizes.mean())
    low, high = np.quantile(drawn.std(axis=1, ddof=1) / drawn.mean(axis=1), _TAILS)
    return Estimate(value, min(float(low), value), max(float(high), value))


_ENOUGH = 5


def interquartile_of(values: FloatArray) -> Estimate:
    """Return the interquartile range and its 95 % interval.

    Many values are taken in blocks as they follow each other, whose ranges vary as the whole's does by the root of the
    number of blocks; few are redrawn (bootstrap).
    """
    if values.size < _BLOCKS * _BLOCK:
        return Estimate(*spread_interval(values))
    from scipy.stats import t as student  # noqa: PLC0415 - loads only where there is a tremor

    blocks = values[: values.size // _BLOCKS * _BLOCKS].reshape(_BLOCKS, -1)
    ranges = np.subtract(*np.quantile(blocks, [0.75, 0.25], axis=1))
    value = float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    error = float(student.ppf(_TAILS[1], _BLOCKS - 1) * ranges.std(ddof=1) / np.sqrt(_BLOCKS))
    return Estimate(value, max(value - error, 0.0), value + error)


_BLOCKS, _BLOCK = 10, 20


class Harmonics(NamedTuple):
    """How many harmonics stand out, and the power of all of them over that of the tremor itself, as a share."""

    number: int
    share: Estimate


def harmonics(spectra: Spectra, frequency_hz: FloatArray) -> Harmonics:
    """Return the harmonics of a tremor, each window at its own rate."""
    base = _power_at(spectra, frequency_hz)
    shares, number = np.zeros_like(base), 0
    for order in _HARMONICS:
        place = order * frequency_hz
        if float(place.max()) + 2 * _HALF_HZ >= float(spectra.frequency_hz[-1]):
            break
        above = _power_at(spectra, place)
        beside = (_power_at(spectra, place - 3 * _HALF_HZ) + _power_at(spectra, place + 2 * _HALF_HZ)) / 2
        if float(above.sum()) > _STANDS_OUT * float(beside.sum()):
            number += 1
            shares += np.maximum(above - beside, 0)
    mean = mean_of(np.maximum(shares / base, 1e-9))
    return Harmonics(number, mean if number else Estimate(0.0, 0.0, max(mean.high, 1e-3)))


def _power_at(spectra: Spectra, frequency_hz: FloatArray) -> FloatArray:
    """Return the mean square within half a hertz around a frequency of each window."""
    near = np.abs(spectra.frequency_hz - frequency_hz[:, np.newaxis]) <= _HALF_HZ
    power: FloatArray = np.where(near, spectra.power, 0).sum(axis=1) * spectra.step_hz
    return power
