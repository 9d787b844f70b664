"""Mains hum: how strong it is while the recording is quiet, and its removal without ringing.

Hum is a few steady sines. Fitting them to stretches of a second, with large samples cut off first so that potentials
do not bend the fit, and subtracting the fit leaves potentials as they are; a notch filter would ring after each one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

Read = Callable[[int, int], FloatArray]
"""Gives samples ``[first, stop)`` of one channel."""

_NOMINAL_HZ = (50.0, 60.0)
# The look ahead: so many stretches of two seconds, evenly spread, tell hum from noise within 1 % of the power.
_LOOKS = 64
_LOOK_S = 2.0
# Network frequency strays by less than this in ordinary operation; the search grid is fine enough for a 1 s fit.
_STRAY_HZ = 0.3
_GRID_STEP_HZ = 0.01
# Half widths, in Hz, of the line itself and of the neighborhood that says what the line stands on.
_LINE_HZ, _NEAR_HZ = 0.8, 5.0
# Below this share hum changes no result; subtracting it would only remove a little noise.
_WORTH_REMOVING = 0.02
_FIT_S = 1.0
# Samples beyond this multiple of the robust deviation do not pull the fit; a pure sine stays below it.
_CLIP = 3.0 * 1.4826


@dataclass(frozen=True, kw_only=True, slots=True)
class Mains:
    """Hum of one channel: its frequency in Hz (``None`` if there is none worth removing) and its share of the power."""

    frequency_hz: float | None
    share: float


def find_mains(read: Read, n_samples: int, sampling_rate_hz: float, band_hz: tuple[float, float]) -> Mains:
    """Look for hum in the quieter half of stretches spread over the channel.

    Parameters
    ----------
    read
        Gives samples of the channel.
    n_samples
        Number of samples of the channel.
    sampling_rate_hz
        Its sampling rate.
    band_hz
        Edges of the band whose power is taken as the whole.
    """
    looks = _quiet_looks(read, n_samples, sampling_rate_hz)
    if looks.size == 0:
        return Mains(frequency_hz=None, share=0.0)
    frequency = np.asarray(np.fft.rfftfreq(looks.shape[1], 1 / sampling_rate_hz), dtype=np.float64)
    power = np.asarray(np.mean(np.abs(np.fft.rfft(looks, axis=1)) ** 2, axis=0), dtype=np.float64)
    in_band = (frequency >= band_hz[0]) & (frequency <= band_hz[1])
    total = float(power[in_band].sum())
    shares = {hz: _lines_power(frequency, power, _harmonics(hz, band_hz[1])) / total for hz in _NOMINAL_HZ}
    nominal = max(shares, key=shares.__getitem__)
    if shares[nominal] < _WORTH_REMOVING:
        return Mains(frequency_hz=None, share=shares[nominal])
    exact = _exact_frequency(looks, sampling_rate_hz, nominal, _harmonics(nominal, band_hz[1]).size)
    return Mains(frequency_hz=exact, share=min(shares[nominal], 1.0))


def _quiet_looks(read: Read, n_samples: int, sampling_rate_hz: float) -> FloatArray:
    length = round(_LOOK_S * sampling_rate_hz)
    last = n_samples - length
    if last < 0:
        return np.empty((0, 0))
    firsts = np.unique(np.linspace(0, last, min(_LOOKS, 1 + 2 * last // length)).round().astype(np.int64))
    looks = np.array([read(int(first), int(first) + length) for first in firsts])
    looks = looks[np.isfinite(looks).all(axis=1)]
    looks -= looks.mean(axis=1, keepdims=True)
    loudness = np.mean(np.abs(np.diff(looks, axis=1)), axis=1)
    looks, loudness = looks[loudness > 0], loudness[loudness > 0]
    quiet = np.argsort(loudness, kind="stable")[: (loudness.size + 1) // 2]
    return np.asarray(looks[np.sort(quiet)] * np.hanning(length), dtype=np.float64)


def _harmonics(fundamental_hz: float, highest_hz: float) -> FloatArray:
    numbers = np.arange(1, max(1, int(highest_hz / fundamental_hz)) + 1)
    return np.asarray(numbers * fundamental_hz, dtype=np.float64)


def _lines_power(frequency: FloatArray, power: FloatArray, lines_hz: FloatArray) -> float:
    excess = 0.0
    for number, line in enumerate(lines_hz, start=1):
        distance = np.abs(frequency - line)
        width = _LINE_HZ + number * _STRAY_HZ / 2
        on = distance <= width
        near = (distance > width) & (distance <= width + _NEAR_HZ)
        excess += max(0.0, float(power[on].sum() - on.sum() * np.median(power[near])))
    return excess


def _exact_frequency(looks: FloatArray, sampling_rate_hz: float, nominal_hz: float, harmonics: int) -> float:
    time = np.arange(looks.shape[1]) / sampling_rate_hz
    grid = nominal_hz + np.arange(-_STRAY_HZ, _STRAY_HZ + _GRID_STEP_HZ / 2, _GRID_STEP_HZ)
    strength = np.zeros(grid.size)
    for number in range(1, harmonics + 1):
        waves = np.exp(-2j * np.pi * number * np.outer(grid, time))
        strength += np.sum(np.abs(waves @ looks.T) ** 2, axis=1)
    return float(grid[int(np.argmax(strength))])


def without_mains(
    samples: FloatArray,
    first: int,
    n_samples: int,
    sampling_rate_hz: float,
    frequency_hz: float,
    highest_hz: float,
) -> FloatArray:
    """Subtract hum from a stretch of a band-passed channel.

    The fits lie on one grid for the whole channel, so the result does not depend on where a stretch is cut, except
    within a second of a cut.

    Parameters
    ----------
    samples
        The stretch, shape ``(n,)``.
    first
        Place of its first sample in the channel.
    n_samples
        Length of the channel.
    sampling_rate_hz
        Sampling rate of the channel.
    frequency_hz, highest_hz
        Frequency of the hum, and the highest frequency at which a harmonic of it is looked for.
    """
    half = round(_FIT_S * sampling_rate_hz / 2)
    stop = first + samples.size
    starts = np.arange(-(-first // half) * half, stop - 2 * half + 1, half)
    if n_samples - 2 * half >= first and stop == n_samples:
        starts = np.union1d(starts, [n_samples - 2 * half])  # the grid need not end where the channel ends
    if starts.size == 0:
        return samples
    windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * half)[starts - first]
    hum = _fitted(windows, sampling_rate_hz, frequency_hz, _harmonics(frequency_hz, highest_hz).size)
    fade = np.hanning(2 * half + 2)[1:-1]
    total, weight = np.zeros(samples.size), np.zeros(samples.size)
    for start, wave in zip(starts - first, hum, strict=True):
        total[start : start + 2 * half] += fade * wave
        weight[start : start + 2 * half] += fade
    return np.asarray(samples - np.divide(total, weight, out=total, where=weight > 0), dtype=np.float64)


def _fitted(windows: FloatArray, sampling_rate_hz: float, frequency_hz: float, harmonics: int) -> FloatArray:
    design, inverse = _sines(windows.shape[1], sampling_rate_hz, frequency_hz, harmonics)
    limit = _CLIP * np.median(np.abs(windows), axis=1, keepdims=True)
    return np.asarray(np.clip(windows, -limit, limit) @ inverse.T @ design.T, dtype=np.float64)


@lru_cache(maxsize=8)
def _sines(
    n_samples: int, sampling_rate_hz: float, frequency_hz: float, harmonics: int
) -> tuple[FloatArray, FloatArray]:
    phase = 2 * np.pi * frequency_hz / sampling_rate_hz * np.outer(np.arange(n_samples), np.arange(1, harmonics + 1))
    design = np.hstack([np.cos(phase), np.sin(phase)])
    return design, np.asarray(np.linalg.pinv(design), dtype=np.float64)
