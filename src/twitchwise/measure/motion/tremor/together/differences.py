"""Differences of a tremor between two recordings, with intervals: its rate and its size."""

from typing import NamedTuple

import numpy as np

from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.recording import strongest
from twitchwise.measure.motion.tremor.sizes import Estimate, mean_of
from twitchwise.vocabulary.arrays import FloatArray

_NORMAL = 1.96


class Pair(NamedTuple):
    """One sensor each of two recordings, both of one kind."""

    first: SensorTremor
    second: SensorTremor


def paired(first: tuple[SensorTremor, ...], second: tuple[SensorTremor, ...]) -> Pair | None:
    """Return the sensors that can be compared: of one kind, and both with a tremor where there is such a pair."""
    pairs = [Pair(one, other) for one in first for other in second if one.sensor.kind is other.sensor.kind]
    with_both = [pair for pair in pairs if pair.first.tremor is not None and pair.second.tremor is not None]
    candidates = with_both or pairs
    if not candidates:
        return None
    best = strongest([pair.first for pair in candidates])
    return next(pair for pair in candidates if pair.first is best)


def rate_difference(pair: Pair) -> Estimate | None:
    """Return the first rate less the second in Hz, or ``None`` unless both have a tremor."""
    if pair.first.tremor is None or pair.second.tremor is None:
        return None
    one, other = pair.first.tremor.rate, pair.second.tremor.rate
    value = one.value - other.value
    error = float(np.hypot((one.high - one.low) / 2, (other.high - other.low) / 2))
    return Estimate(value, value - error, value + error)


def size_change(pair: Pair) -> Estimate:
    """Return by how many percent the amplitude of the second differs from that of the first.

    Where one of them has no tremor, what there is in its band stands for it.
    """
    (one, error), (other, other_error) = log_size(pair.first), log_size(pair.second)
    difference, spread = other - one, _NORMAL * float(np.hypot(error, other_error))
    return Estimate(*(100 * float(np.expm1(part)) for part in (difference, difference - spread, difference + spread)))


def log_size(shown: SensorTremor) -> tuple[float, float]:
    """Return the logarithm of the root mean square of a tremor and its standard error."""
    if shown.tremor is None:
        amplitudes = shown.windows.amplitude[shown.windows.judged]
        return float(np.log(max(np.sqrt(np.mean(amplitudes**2) / 2), 1e-12))), 0.5
    size = mean_of(shown.tremor.narrow.square).root()
    low = max(size.low, 1e-3 * size.value)
    return float(np.log(size.value)), float(np.log(size.high / low)) / (2 * _NORMAL)


def moving_mean(rows: FloatArray, rate_hz: float, length_s: float) -> FloatArray:
    """Return the mean of samples around each, over so many seconds, shape ``(n_rows, n_samples)``."""
    half = max(round(length_s * rate_hz / 2), 1)
    padded = np.pad(rows, ((0, 0), (half, half)), mode="edge")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0))), axis=1)
    mean: FloatArray = (sums[:, 2 * half :] - sums[:, : -2 * half])[:, : rows.shape[1]] / (2 * half)
    return mean
