"""Whether the movements of two sensors hang together at the rate of the tremor: magnitude-squared coherence.

The confidence limit is the larger of two: that of independent pieces, of which ``L`` stay below
``1 - (1 - p) ** (1 / (L - 1))`` with probability ``p``; and the largest coherence after a shift of one sensor in time.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.signals import Recording
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

ComplexArray = npt.NDArray[np.complexfloating]
"""Transforms of pieces, shape ``(n_pieces, n_bins)``."""
_PIECE_S = 2.0
_NEAR_HZ = 1.0
_FEWEST_PIECES = 6
_NORMAL = 1.96
# Under a Hann window, pieces that overlap by half count for so much of an independent one (Welch 1967): their windows'
# products have a correlation of 1/6, so that a mean over n of them varies by 1 + 2/36 of what n independent ones do.
_INDEPENDENT = 18 / 19


class Coherence(NamedTuple):
    """Coherence at the tremor's rate, the limit for chance, and whether two neighboring bins exceed it."""

    value: float
    low: float
    high: float
    frequency_hz: float
    limit: float
    significant: bool
    shift_s: float | None


def coherence(first: SensorTremor, second: SensorTremor, settings: TremorSettings) -> Coherence | str:
    """Return the coherence of two sensors that recorded at the same time, or why it cannot be told."""
    rate = next((one.tremor.rate for one in (first, second) if one.tremor is not None), None)
    if rate is None:
        return "Neither sensor shows a tremor, so there is no rate at which to compare them."
    rows = _side_by_side(first, second)
    if isinstance(rows, str):
        return rows
    one, other, sample_hz, shift_s = rows
    frequency, pieces, alike = _spectra(one, other, sample_hz, rate.value)
    n_pieces = 1 + _INDEPENDENT * (pieces[0].shape[0] - 1)
    if n_pieces < _FEWEST_PIECES:
        return "The two sensors recorded too little at the same time to compare them."
    confidence = settings.coherence_confidence_percent / 100
    coherent = _coherence(*pieces)
    near = np.flatnonzero(np.abs(frequency - rate.value) <= _NEAR_HZ)
    top = near[coherent[near].argmax()]
    limit = max(1 - (1 - confidence) ** (1 / (n_pieces - 1)), _by_shifts(*pieces, near))
    over = coherent > limit
    significant = bool(over[top] and (over[top - 1] or over[top + 1]) and alike)
    value = float(coherent[top])
    middle = np.arctanh(np.sqrt(min(value, 1 - 1e-9)))
    error = _NORMAL * np.sqrt(1 / (2 * n_pieces))
    low, high = float(np.tanh(max(middle - error, 0.0)) ** 2), float(np.tanh(middle + error) ** 2)
    return Coherence(value, min(low, value), max(high, value), float(frequency[top]), limit, significant, shift_s)


def measured(found: Coherence) -> Iterator[Measurement]:
    """Give the coherence and the limit that it is held against."""
    doubts = (
        () if found.shift_s is not None else ("The files give no common clock: that both began together is assumed.",)
    )
    yield Measurement(
        id="tremor_coherence",
        value=found.value,
        low=found.low,
        high=found.high,
        unit=Unit.ONE,
        method=(
            f"Magnitude-squared coherence along the main axes at {found.frequency_hz:.1f} Hz, in pieces of "
            f"{_PIECE_S:g} s; movements that share nothing stay below {found.limit:.2f} (99 %, and by shifts in time)."
        ),
        doubts=doubts,
    )


def _side_by_side(
    first: SensorTremor, second: SensorTremor
) -> tuple[FloatArray, FloatArray, float, float | None] | str:
    """Return both tremors along their main axes at one sampling rate, over the time that they share."""
    shift_s = _shift_s(first.trace.recording, second.trace.recording)
    start = max(shift_s or 0.0, 0.0), max(-(shift_s or 0.0), 0.0)
    length_s = min(one.sensor.duration_s - begin for one, begin in zip((first, second), start, strict=True))
    if length_s < _FEWEST_PIECES * _PIECE_S / 2:
        return "The two sensors did not record at the same time."
    sample_hz = min(first.sensor.sampling_rate_hz, second.sensor.sampling_rate_hz, 100.0)
    time_s = np.arange(int(length_s * sample_hz)) / sample_hz
    rows = [_resampled(one, time_s + begin) for one, begin in zip((first, second), start, strict=True)]
    return rows[0], rows[1], sample_hz, shift_s


def _shift_s(first: Recording, second: Recording) -> float | None:
    """Return how much later the second began, in s; ``None`` where that is not known."""
    if first is second:
        return 0.0
    if first.start is None or second.start is None or (first.start.tzinfo is None) != (second.start.tzinfo is None):
        return None
    shift = second.start - first.start
    return shift / timedelta(seconds=1)


def _resampled(shown: SensorTremor, time_s: FloatArray) -> FloatArray:
    samples = _along(shown.sensor, shown)
    own = np.arange(samples.size) / shown.sensor.sampling_rate_hz
    whole = np.isfinite(samples)
    resampled: FloatArray = np.interp(time_s, own[whole], samples[whole])
    return resampled


def _along(sensor: MotionSensor, shown: SensorTremor) -> FloatArray:
    """Return the movement along the main axis of the tremor, or of all movement where there is none."""
    rows = sensor.read(shown.trace.recording)
    rows = rows - np.nanmean(rows, axis=1, keepdims=True)
    if shown.tremor is not None:
        axis = shown.tremor.narrow.main_axis()[0]
    else:
        filled = np.nan_to_num(rows)
        axis = np.linalg.eigh(filled @ filled.T)[1][:, -1]
    along: FloatArray = axis @ rows
    return along


def _spectra(
    one: FloatArray, other: FloatArray, sample_hz: float, rate_hz: float
) -> tuple[FloatArray, tuple[ComplexArray, ComplexArray], bool]:
    """Return frequencies, the transforms of both in pieces, and whether both have a peak at the tremor's rate."""
    length = round(_PIECE_S * sample_hz)
    starts = np.arange(0, one.size - length + 1, length // 2)
    window = np.hanning(length + 1)[:-1]
    both = []
    for row in (one, other):
        pieces = np.stack([row[start : start + length] for start in starts.tolist()])
        both.append(fft.rfft((pieces - pieces.mean(axis=1, keepdims=True)) * window, axis=1))
    frequency = np.arange(both[0].shape[1]) * sample_hz / length
    alike = all(_peaks_at(frequency, (np.abs(each) ** 2).sum(axis=0), rate_hz) for each in both)
    return frequency, (both[0], both[1]), alike


def _coherence(one: ComplexArray, other: ComplexArray) -> FloatArray:
    cross = np.abs((one * other.conj()).sum(axis=0)) ** 2
    powers = (np.abs(one) ** 2).sum(axis=0) * (np.abs(other) ** 2).sum(axis=0)
    coherent: FloatArray = cross / np.maximum(powers, np.finfo(np.float64).tiny)
    return coherent


def _by_shifts(one: ComplexArray, other: ComplexArray, near: IntArray) -> float:
    """Return the largest coherence near the tremor's rate when one sensor is shifted against the other.

    Two regular tremors keep step for seconds by chance, so that their pieces are not independent of each other; a shift
    of several seconds keeps that and takes away what they truly share.
    """
    shifts = range(_LEAST_SHIFT, len(one) - _LEAST_SHIFT + 1)
    found = [float(_coherence(one[:, near], np.roll(other[:, near], shift, axis=0)).max()) for shift in shifts]
    return max(found, default=1.0)


_LEAST_SHIFT = 5  # pieces of two seconds that overlap by half: five seconds


def _peaks_at(frequency: FloatArray, power: FloatArray, rate_hz: float) -> bool:
    """Tell whether there is more power at a rate than on either side of it."""
    near = power[np.abs(frequency - rate_hz) <= _NEAR_HZ].max()
    beside = (np.abs(frequency - rate_hz) > _NEAR_HZ) & (np.abs(frequency - rate_hz) <= 3 * _NEAR_HZ)
    return bool(near > 2 * np.median(power[beside]))
