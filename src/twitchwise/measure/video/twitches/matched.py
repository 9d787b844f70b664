"""Matched filters for the course of a twitch in time, whitened by the spectrum of what the film itself leaves.

The best linear detector of a known course in noise of a known spectrum (Turin 1960, An introduction to matched filters,
https://doi.org/10.1109/TIT.1960.1057571). The spectrum is the median over all blocks, of which few twitch.
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft

from twitchwise.measure.video.twitches.evenly import Series
from twitchwise.vocabulary.arrays import FloatArray

SEGMENT_S = 4.0  # of a spectrum: resolves the pulse's harmonics, and a film of half a minute has fifteen of it
RESPONSE_S = 2.0  # by then every filter has faded
BLOCKS_AT_ONCE = 128  # filtered together, so that memory stays small
BEFORE = 2  # samples of rest before the onset in a course


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The course of a twitch: a rise within the contraction time, and a fall to half within the relaxation time."""

    contraction_s: float
    half_relaxation_s: float

    @property
    def length_s(self) -> float:
        """How long it stands out from its onset."""
        return self.contraction_s + 3 * self.half_relaxation_s

    def at(self, time_s: FloatArray) -> FloatArray:
        """Return the share of the peak at times from the onset."""
        rise = np.sin(np.pi / 2 * np.clip(time_s / self.contraction_s, 0, 1)) ** 2
        late = 1.678347 * np.maximum(time_s - self.contraction_s, 0) / self.half_relaxation_s
        course: FloatArray = rise * (1 + late) * np.exp(-late)
        return course


def pooled_spectrum(left_px: Series, trust: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return frequencies and the power there of what is left, in the middle of all blocks; its mean is 1."""
    length = min(int(SEGMENT_S * rate_hz), len(left_px))
    window = np.hanning(length + 2)[1:-1, np.newaxis].astype(np.float32)
    axes = []
    for axis in (0, 1):
        series = left_px[:, trust[:, axis] > 0, axis]
        if series.shape[1]:
            starts = range(0, len(series) - length + 1, max(1, length // 2))
            power = np.median([_power(series[start : start + length], window) for start in starts], axis=0)
            axes.append(np.median(power / np.maximum(power.mean(axis=0), 1e-20), axis=1))
    mean = np.mean(axes, axis=0)
    return np.asarray(fft.rfftfreq(length, 1 / rate_hz)), mean / mean.mean()


class MatchedFilter:
    """The filter for one course at a sampling rate, given the noise's spectrum."""

    def __init__(self, course: Course, rate_hz: float, spectrum: tuple[FloatArray, FloatArray], n_samples: int) -> None:
        self._n_samples, self._rate_hz = n_samples, rate_hz
        self._length = fft.next_fast_len(n_samples + int(2 * RESPONSE_S * rate_hz), real=True)
        samples = np.arange(-BEFORE, int((course.length_s * 2) * rate_hz) + 2)
        self._peak = BEFORE + round(course.contraction_s * rate_hz)
        noise = np.interp(fft.rfftfreq(self._length, 1 / rate_hz), *spectrum)
        shape = fft.rfft(course.at(samples / rate_hz), self._length)
        gain = np.conj(shape) / np.maximum(noise, 1e-6 * noise.max())
        gain[0] = 0
        self._norm = float(np.sqrt(2 / self._length * (gain * shape).real.sum()))
        self._gain = (gain / self._norm).astype(np.complex64)

    def scores(self, series: Series) -> Series:
        """Return how strongly the course shows with its peak at each sample; series of shape ``(n_samples, n)``."""
        out = np.empty_like(series)
        for first in range(0, series.shape[1], BLOCKS_AT_ONCE):
            part = slice(first, first + BLOCKS_AT_ONCE)
            out[:, part] = self._filtered(series[:, part])
        return out

    @property
    def gain(self) -> float:
        """Score of the filter's own course with a peak of 1."""
        return self._norm

    def answer(self, course: Course, n_lags: int) -> FloatArray:
        """Return the size of the score that a course gives so many samples before or after its peak."""
        samples = np.arange(-BEFORE, int(course.length_s * 2 * self._rate_hz) + 2)
        shape = fft.rfft(course.at(samples / self._rate_hz), self._length)
        found = np.abs(np.roll(fft.irfft(self._gain * shape, self._length), self._peak))
        peak = BEFORE + round(course.contraction_s * self._rate_hz)
        after, before = found[peak : peak + n_lags], np.roll(found, -peak - 1)[::-1][:n_lags]
        sizes: FloatArray = np.maximum(after, before)
        return sizes

    def _filtered(self, series: Series) -> Series:
        padding = self._length - self._n_samples
        level = series - series.mean(axis=0)
        # mirrored ends: a film that begins away from its mean must not begin with a step
        after = level[::-1][: padding // 2]
        before = level[::-1][-(padding // 2) :]
        gap = np.zeros((padding - len(after) - len(before), level.shape[1]), np.float32)
        spectrum = fft.rfft(np.concatenate([level, after, gap, before]).astype(np.float32), axis=0)
        found = fft.irfft(spectrum * self._gain[:, np.newaxis], self._length, axis=0)
        scores: Series = np.roll(found, self._peak, axis=0)[: self._n_samples]
        return scores


def _power(segment: Series, window: Series) -> FloatArray:
    power: FloatArray = np.abs(fft.rfft((segment - segment.mean(axis=0)) * window, axis=0)) ** 2
    return power
