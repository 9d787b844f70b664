"""Spectra of many windows at once, up to the highest frequency that any movement of interest has.

A Hann window is applied in the frequency domain, where it is a sum of three neighbors.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.motion.tremor.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray

HIGHEST_HZ = 25.0
"""No movement of the body that is regular is faster; the published wrist detector looks up to here too."""
_HANN_POWER = 0.375  # mean square of a Hann window
_PIECE_S, _STEP_S = 3.0, 0.6
Power = npt.NDArray[np.float32]
"""Power spectral density, summed over the axes, in the square of the sensor's unit per Hz: ``(n_windows, n_bins)``."""


class Spectra(NamedTuple):
    """Frequencies of the bins, shape ``(n_bins,)``, and the power at each in every window."""

    frequency_hz: FloatArray
    power: Power

    @property
    def step_hz(self) -> float:
        """Distance between two bins."""
        return float(self.frequency_hz[1])

    def within(self, low_hz: float, high_hz: float) -> FloatArray:
        """Return the mean square between two frequencies, shape ``(n_windows,)``."""
        inside = (self.frequency_hz >= low_hz) & (self.frequency_hz < high_hz)
        total: FloatArray = self.power[:, inside].sum(axis=1, dtype=np.float64) * self.step_hz
        return total


def quick_spectra(samples: Samples, rate_hz: float) -> Spectra:
    """Return the spectrum of each window by one Hann-windowed transform: quick, each bin uncertain by its own size."""
    n_samples = samples.shape[2]
    n_bins = min(n_samples // 2, int(HIGHEST_HZ * n_samples / rate_hz) + 1)
    raw = fft.rfft(samples, axis=2)[..., : n_bins + 1]
    smoothed = raw[..., 1:-1] - 0.5 * (raw[..., :-2] + raw[..., 2:])  # twice a Hann window, but for the lowest bin
    power = np.zeros((samples.shape[1], n_bins), dtype=np.float32)
    for axis in smoothed:
        power[:, 1:] += axis.real**2 + axis.imag**2
    power *= 2 * 0.25 / (rate_hz * n_samples * _HANN_POWER)
    return Spectra(np.arange(n_bins) * rate_hz / n_samples, power)


def fine_spectra(samples: Samples, rate_hz: float) -> Spectra:
    """Return the mean spectrum of pieces of 3 s within each window (Welch 1967), at the same frequencies."""
    n_samples = samples.shape[2]
    n_bins = min(n_samples // 2, int(HIGHEST_HZ * n_samples / rate_hz) + 1)
    length, step = round(_PIECE_S * rate_hz), round(_STEP_S * rate_hz)
    window = np.hanning(length + 1)[:-1].astype(np.float32)
    scale = 2 / (rate_hz * float((window**2).sum()))
    power, n_pieces = np.zeros((samples.shape[1], n_bins), dtype=np.float32), 0
    for first in range(0, n_samples - length + 1, step):
        piece = samples[:, :, first : first + length]
        piece = (piece - piece.mean(axis=2, keepdims=True)) * window
        for axis in fft.rfft(piece, n=n_samples, axis=2)[..., :n_bins]:
            power += axis.real**2 + axis.imag**2
        n_pieces += 1
    return Spectra(np.arange(n_bins) * rate_hz / n_samples, power * np.float32(scale / n_pieces))
