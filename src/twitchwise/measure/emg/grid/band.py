"""The pass band of a grid as a gain over frequency, applied by Fourier transforms, with a lower rate to work at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import FloatArray

Samples = npt.NDArray[np.float32]
"""Samples of a grid, shape ``(n_channels, n)``, in single precision: there are many."""

# The rate to work at is this many times the upper edge of the band or more, so that nothing folds back into it.
_RATE_PER_EDGE = 2.25
# The gain falls to nothing between this share of half the working rate and half the working rate.
_ROLL_OFF_FROM = 0.84
# Two poles at the lower edge, forward and backward, as the band of single channels has.
_LOW_ORDER = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class GridBand:
    """A zero-phase band-pass that also lowers the sampling rate by a whole number.

    Parameters
    ----------
    sampling_rate_hz
        Rate of the samples it is for.
    low_hz, high_hz
        Its edges.
    every
        Of so many samples one is kept.
    """

    sampling_rate_hz: float
    low_hz: float
    high_hz: float
    every: int

    @property
    def working_rate_hz(self) -> float:
        """Rate of the filtered samples."""
        return self.sampling_rate_hz / self.every

    def gain(self, frequency_hz: FloatArray) -> FloatArray:
        """Return the gain at frequencies in Hz, shape as given."""
        ratio = (np.maximum(frequency_hz, 1e-9) / self.low_hz) ** (2 * _LOW_ORDER)
        half = self.working_rate_hz / 2
        start = min(self.high_hz, _ROLL_OFF_FROM * half)
        fall = np.clip((frequency_hz - start) / (half - start), 0.0, 1.0)
        return np.asarray(ratio / (1 + ratio) * np.cos(np.pi / 2 * fall) ** 2, dtype=np.float64)


def grid_band(sampling_rate_hz: float, settings: EmgSettings) -> GridBand:
    """Return the band of the detector for a grid, as far as the sampling rate allows."""
    every = max(1, int(sampling_rate_hz / (_RATE_PER_EDGE * settings.band_high_hz)))
    high_hz = min(settings.band_high_hz, _ROLL_OFF_FROM * sampling_rate_hz / every / 2)
    return GridBand(sampling_rate_hz=sampling_rate_hz, low_hz=settings.band_low_hz, high_hz=high_hz, every=every)


def transform_length(n_samples: int, band: GridBand) -> int:
    """Return a length of at least ``n_samples`` that transforms quickly and that ``every`` divides."""
    return int(fft.next_fast_len(-(-n_samples // band.every), real=True)) * band.every


def spectrum_of(samples: Samples, length: int) -> npt.NDArray[np.complex64]:
    """Return the spectra of samples of shape ``(n_channels, n)``, padded to ``length``."""
    return np.asarray(fft.rfft(samples, length, axis=-1), dtype=np.complex64)


def filtered(spectrum: npt.NDArray[np.complex64], gain: FloatArray, length: int, band: GridBand) -> Samples:
    """Return the samples at the working rate behind a spectrum times a gain.

    Parameters
    ----------
    spectrum
        Of ``length`` samples, shape ``(n_channels, length // 2 + 1)``.
    gain
        At the frequencies up to half the working rate, shape ``(length // every // 2 + 1,)``.
    length, band
        Number of samples behind the spectrum, and the band.
    """
    short = length // band.every
    kept = spectrum[:, : short // 2 + 1] * (gain / band.every).astype(np.float32)
    return np.asarray(fft.irfft(kept, short, axis=-1), dtype=np.float32)


def gain_of(band: GridBand, length: int, whitening: FloatArray | None = None) -> FloatArray:
    """Return the band's gain at the frequencies of `filtered`, times that of a whitening filter if given.

    ``whitening`` is sampled evenly from 0 to half the working rate, shape ``(n,)``.
    """
    frequency = np.arange(length // band.every // 2 + 1) * band.sampling_rate_hz / length
    gain = band.gain(frequency)
    if whitening is None:
        return gain
    grid = np.linspace(0.0, band.working_rate_hz / 2, whitening.size)
    return np.asarray(gain * np.interp(frequency, grid, whitening), dtype=np.float64)
