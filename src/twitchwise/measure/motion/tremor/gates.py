"""What has a peak in its spectrum and is no tremor: a jerk that rings, and the harmonics of steps, taps and strokes."""

import numpy as np
from scipy import fft

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

_HALF_HZ = 1.0
# What is compared: from below the rate, so that a slow stroke that a tremor rides on is left out, to its harmonics.
_LOW, _HIGH, _HIGHEST_HZ = 0.45, 2.5, 15.0
# Strokes, taps and steps repeat after this long; slower ones are no rhythm within a window.
_SLOWEST_S = 1.3


def lasts(samples: Samples, rate_hz: float, frequency_hz: FloatArray, settings: TremorSettings) -> BoolArray:
    """Tell in which windows the movement around a frequency fills enough of the time.

    The measure is the square of the mean power over the mean square of it: 1 for a steady oscillation, a half for one
    that waxes at random, and about the share of the time that a single burst fills.
    """
    n_samples = samples.shape[2]
    n_bins = min(int((frequency_hz.max() + _HALF_HZ) * n_samples / rate_hz) + 2, n_samples // 2 + 1)
    band = np.abs(np.arange(n_bins) * rate_hz / n_samples - frequency_hz[:, np.newaxis]) <= _HALF_HZ
    narrow = np.zeros((*samples.shape[:2], n_samples), dtype=np.complex64)
    # positive frequencies alone: the envelope is its modulus
    narrow[..., :n_bins] = np.where(band, fft.rfft(samples, axis=2)[..., :n_bins], 0)
    wave = fft.ifft(narrow, axis=2, overwrite_x=True)
    power = (wave.real**2 + wave.imag**2).sum(axis=0)
    filled = power.mean(axis=1) ** 2 / np.maximum((power**2).mean(axis=1), np.finfo(np.float32).tiny)
    mask: BoolArray = filled >= settings.duration_least
    return mask


def is_own_rhythm(
    samples: Samples, rate_hz: float, frequency_hz: FloatArray, order: int, settings: TremorSettings
) -> BoolArray:
    """Tell in which windows the movement repeats with the frequency itself, not only with a slower rhythm.

    Compared are the correlation of the movement with itself one cycle later and the largest one at a longer delay, up
    to 1.3 s. A tremor repeats as well after one cycle as after several; of the harmonics of steps it is only the step
    that repeats. ``order`` is how often the sensor's quantity is differentiated to an acceleration, which is what is
    compared: in a displacement, slow movement would hide all else.
    """
    n_samples = samples.shape[2]
    spectrum = fft.rfft(samples - samples.mean(axis=2, keepdims=True), n=2 * n_samples, axis=2)
    bins = np.arange(spectrum.shape[2]) * rate_hz / (2 * n_samples)
    own = frequency_hz[:, np.newaxis]
    band = (bins >= _LOW * own) & (bins <= np.maximum(_HIGH * own, _HIGHEST_HZ))
    power = np.where(band, (spectrum.real**2 + spectrum.imag**2).sum(axis=0) * (bins / bins[-1]) ** (2 * order), 0)
    last = int(_SLOWEST_S * rate_hz)
    overlap = 1 - np.arange(last + 1) / n_samples
    correlation = fft.irfft(power, axis=1)[:, : last + 1] / overlap
    correlation /= np.maximum(correlation[:, :1], np.finfo(np.float32).tiny)
    cycle = np.round(rate_hz / frequency_hz).astype(np.int64)
    return _compared(correlation, cycle, settings.repeat_margin)


def _compared(correlation: FloatArray, cycle: IntArray, margin: float) -> BoolArray:
    delay = np.arange(correlation.shape[1])
    near = np.abs(delay - cycle[:, np.newaxis]) <= np.maximum(1, cycle[:, np.newaxis] // 4)
    beyond = delay > 1.5 * cycle[:, np.newaxis]
    own = np.where(near, correlation, -1).max(axis=1)
    slower = np.where(beyond, correlation, -1).max(axis=1)
    mask: BoolArray = own >= slower - margin
    return mask
