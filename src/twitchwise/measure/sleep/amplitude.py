"""The amplitude of a channel over a night in short steps, the level at rest that it stands on, and what is missing.

The rules for leg movements speak of an EMG voltage above the resting EMG. Here that voltage is the amplitude of the
sine with the power that the EMG has in a tenth of a second: 1.41 standard deviations of noise. A night is read in
blocks and kept in steps of 5 ms.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

from twitchwise.measure.emg.mains import find_mains, without_mains
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

Steps = npt.NDArray[np.float32]
"""A value a step, in single precision, so that a night takes little memory."""
Read = Callable[[int, int], FloatArray]
"""Gives samples ``[first, stop)``, shape ``(n,)`` or ``(n_axes, n)``."""

_STEP_HZ = 200.0
# So much is read at a time, with so much more at both ends for the filters to settle.
_BLOCK_S, _MARGIN_S = 300.0, 2.0
_ORDER = 2
# The resting level is taken in such stretches: the amplitude that is typical of the quiet part of each, where quiet is
# what stays near the lowest fifth; then the middle of five neighbors, so that a minute of movement does not lift it.
_REST_S, _LOWEST, _NEIGHBORS = 60.0, 20.0, 5
# So long and by this share of its size the filter rings round something large.
_RINGING_S, _RINGING = 0.2, 0.02
# Hum is as strong in the middle one of so many looks of so many seconds as, by this share, in the strongest tenth.
_LOOKS, _LOOK_S, _STEADY = 41, 2.0, 0.2
# Peaks of noise stay below so many resting amplitudes, or 3.4 standard deviations, in all but one step of a thousand.
PEAK_OF_REST = 2.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Amplitude:
    """Amplitude of a channel, step by step.

    Parameters
    ----------
    step_s
        Length of a step in seconds.
    level
        Amplitude in the channel's unit, of a window around each step, shape ``(n_steps,)``.
    peak
        Greatest size of a sample in each step, shape ``(n_steps,)``.
    resting
        Level at rest, shape ``(n_steps,)``.
    missing
        Steps with samples missing, shape ``(n_steps,)``.
    mains_hz
        Frequency of the hum that was taken off, or ``None``.
    """

    step_s: float
    level: Steps
    peak: Steps
    resting: Steps
    missing: BoolArray
    mains_hz: float | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.level.size * self.step_s

    @cached_property
    def least_peak(self) -> Steps:
        """Size under which a peak is noise at rest, or the ringing of the filter round something large, by step."""
        wide = 2 * max(1, round(_RINGING_S / self.step_s)) + 1
        ringing = _RINGING * ndimage.maximum_filter1d(self.peak, wide, mode="nearest")
        return np.asarray(np.maximum(PEAK_OF_REST * self.resting, ringing), dtype=np.float32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How a channel is read.

    Parameters
    ----------
    read
        Gives its samples.
    n_samples, rate_hz
        Its length and rate.
    band_low_hz
        Lower edge of the band.
    window_s
        Window of the amplitude.
    takes_mains
        Whether hum is looked for and taken off.
    """

    read: Read
    n_samples: int
    rate_hz: float
    band_low_hz: float
    window_s: float
    takes_mains: bool = True


def amplitude_of(reader: Reader, *, change: Callable[[FloatArray, int], FloatArray] | None = None) -> Amplitude:
    """Return the amplitude of a channel, or of a sensor's axes together.

    Parameters
    ----------
    reader
        The channel and how it is read.
    change
        Takes a filtered stretch and the number of its first sample, and returns it without what else is in it, such as
        the heart; of one channel only.
    """
    per_step = max(1, round(reader.rate_hz / _STEP_HZ))
    mains_hz = _mains_hz(reader) if reader.takes_mains else None
    parts = [_steps_of(*block, per_step, change) for block in _blocks(reader, per_step, mains_hz)]
    power, peak, missing = (np.concatenate(column) for column in zip(*parts, strict=True))
    step_s = per_step / reader.rate_hz
    level = _level(power, missing, max(1, round(reader.window_s / step_s)))
    return Amplitude(
        step_s=step_s,
        level=level,
        peak=peak,
        resting=resting_level(level, missing, step_s),
        missing=missing,
        mains_hz=mains_hz,
    )


def resting_level(level: Steps, missing: BoolArray, step_s: float) -> Steps:
    """Return the level at rest at each step, shape ``(n_steps,)``: it follows a drift over minutes, no movement.

    Parameters
    ----------
    level
        Amplitude, shape ``(n_steps,)``.
    missing
        Steps that do not count, shape ``(n_steps,)``.
    step_s
        Length of a step in seconds.
    """
    length = max(1, round(_REST_S / step_s))
    firsts = np.arange(0, level.size, length)
    found = np.array([_typical_of_quiet(level[at : at + length][~missing[at : at + length]]) for at in firsts])
    centers = firsts + np.minimum(length, level.size - firsts) / 2
    known = np.isfinite(found)
    if not known.any():
        return np.zeros(level.size, dtype=np.float32)
    smooth = ndimage.median_filter(found[known], size=min(_NEIGHBORS, int(known.sum())), mode="nearest")
    return np.interp(np.arange(level.size), centers[known], smooth).astype(np.float32)


def _typical_of_quiet(level: Steps) -> float:
    if not level.size:
        return np.nan
    lowest = float(np.percentile(level, _LOWEST))
    # noise of a tenth of a second scatters by a sixth; half as much again is four times that
    return float(np.median(level[level <= 1.5 * lowest]))


def _blocks(reader: Reader, per_step: int, mains_hz: float | None) -> Iterator[tuple[FloatArray, BoolArray, int]]:
    """Give filtered stretches of whole steps, which samples are missing in them, and the number of their first."""
    length = round(_BLOCK_S * reader.rate_hz / per_step) * per_step
    margin = round(_MARGIN_S * reader.rate_hz)
    n_samples = reader.n_samples // per_step * per_step
    filters = signal.butter(_ORDER, reader.band_low_hz, "highpass", fs=reader.rate_hz, output="sos")
    for first in range(0, n_samples, length):
        stop = min(first + length, n_samples)
        start = max(first - margin, 0)
        samples = np.atleast_2d(reader.read(start, min(stop + margin, reader.n_samples)))
        missing = ~np.isfinite(samples)
        filtered = _filtered(samples, missing, filters)
        if mains_hz is not None:
            filtered = _hum_taken_off(filtered, start, reader, mains_hz)
        kept = slice(first - start, stop - start)
        yield filtered[:, kept], np.asarray(missing[:, kept].any(axis=0), dtype=np.bool_), first


def _filtered(samples: FloatArray, missing: BoolArray, filters: FloatArray) -> FloatArray:
    if missing.any():
        samples = np.stack([_held(row, lost) for row, lost in zip(samples, missing, strict=True)])
    room = min(3 * 2 * _ORDER, samples.shape[1] - 1)
    return np.asarray(signal.sosfiltfilt(filters, samples, axis=1, padlen=max(room, 0)), dtype=np.float64)


def _held(row: FloatArray, missing: BoolArray) -> FloatArray:
    """Let what is missing hold the last value before it, or the first after it, so that its edges do not ring."""
    known = np.flatnonzero(~missing)
    if not known.size:
        return np.zeros(row.size)
    before = np.maximum(np.searchsorted(known, np.arange(row.size), side="right") - 1, 0)
    return np.asarray(row[known[before]], dtype=np.float64)


def _mains_hz(reader: Reader) -> float | None:
    highest = _highest_hz(reader)
    found = find_mains(reader.read, reader.n_samples, reader.rate_hz, (reader.band_low_hz, highest))
    return found.frequency_hz if found.frequency_hz and _is_steady(reader, found.frequency_hz) else None


def _is_steady(reader: Reader, frequency_hz: float) -> bool:
    """Tell hum, which is always there, from movements that happen to have its frequency."""
    length = round(_LOOK_S * reader.rate_hz)
    firsts = np.linspace(0, max(reader.n_samples - length, 0), _LOOKS).astype(np.int64)
    looks = np.array([np.nan_to_num(reader.read(int(first), int(first) + length)) for first in firsts])
    wave = np.exp(-2j * np.pi * frequency_hz / reader.rate_hz * np.arange(looks.shape[1])) * np.hanning(looks.shape[1])
    strength = np.abs((looks - looks.mean(axis=1, keepdims=True)) @ wave)
    return bool(np.median(strength) > _STEADY * np.percentile(strength, 90))


def _highest_hz(reader: Reader) -> float:
    return 0.48 * reader.rate_hz


def _hum_taken_off(filtered: FloatArray, start: int, reader: Reader, mains_hz: float) -> FloatArray:
    rows = [
        without_mains(row, start, reader.n_samples, reader.rate_hz, mains_hz, _highest_hz(reader)) for row in filtered
    ]
    return np.stack(rows)


def _steps_of(
    filtered: FloatArray,
    missing: BoolArray,
    first: int,
    per_step: int,
    change: Callable[[FloatArray, int], FloatArray] | None,
) -> tuple[Steps, Steps, BoolArray]:
    """Return mean square, greatest size and missing steps of a stretch; of axes, of the length of the vector."""
    if change is not None:
        filtered = change(filtered[0], first)[np.newaxis]
    square = np.einsum("ij,ij->j", filtered, filtered).reshape(-1, per_step)
    lost = np.asarray(missing.reshape(-1, per_step).any(axis=1), dtype=np.bool_)
    power = np.where(lost, 0.0, square.mean(axis=1))
    peak = np.where(lost, 0.0, np.sqrt(square.max(axis=1)))
    return power.astype(np.float32), peak.astype(np.float32), lost


def _level(power: Steps, missing: BoolArray, width: int) -> Steps:
    """Return the amplitude in windows around each step, of the steps that are not missing."""
    mean = ndimage.uniform_filter1d(power.astype(np.float64), width, mode="constant")
    share = ndimage.uniform_filter1d((~missing).astype(np.float64), width, mode="constant")
    tiny = 0.5 / width
    level = np.sqrt(2 * np.maximum(mean, 0.0) / np.maximum(share, tiny))
    level[missing | (share < tiny)] = 0.0
    return level.astype(np.float32)
