"""What a sensor records when nothing twitches, and how it is taken out of the balance.

Drift, tremor, pulse and the sensor's own noise are measured together, as the autocovariance of the stretches of rest
without a twitch. A fit that weighs its residuals by it (generalized least squares, Aitken 1935,
doi:10.1017/S0370164600014346) trusts what the noise leaves alone, without a filter that would bend the twitch.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular, toeplitz
from scipy.ndimage import uniform_filter1d

from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# What changes more slowly than this is left to the straight line that every fit has under its twitch.
_SLOW_S = 4.0
# Added to the variance so that a noise that can be foretold without error still has a finite weight.
_FLOOR = 1e-4
# Fewer windows of noise than this do not tell how it hangs together over the length of one.
_LEAST_WINDOWS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """The noise of a channel.

    Parameters
    ----------
    rms
        Root mean square in the channel's unit, without what is slower than a few seconds.
    whitening
        Lower triangular matrix of shape ``(n, n)``; times a window of ``n`` samples it makes the noise white with
        variance 1. Its leading part does so for a shorter window.
    duration_s
        Length of what it was measured on.
    """

    rms: float
    whitening: FloatArray
    duration_s: float


def measure_noise(samples: FloatArray, quiet: BoolArray, n: int, sampling_rate_hz: float) -> Noise | None:
    """Return the noise of a channel, or ``None`` where it is too little or none at all.

    Parameters
    ----------
    samples
        The whole channel, shape ``(n_samples,)``; not a number where nothing was recorded.
    quiet
        Marks the samples at rest without a twitch, of the same shape.
    n
        Length of the windows that will be fitted.
    sampling_rate_hz
        Samples per second.
    """
    quiet = quiet & np.isfinite(samples)
    flat = np.where(quiet, samples - _slow(samples, quiet, sampling_rate_hz), 0.0)
    covariance = _autocovariance(flat, quiet, n)
    if covariance is None or not covariance[0] > 0:
        return None
    covariance[0] *= 1 + _FLOOR
    factor = cholesky(toeplitz(covariance), lower=True)
    whitening = np.tril(solve_triangular(factor, np.eye(n), lower=True))
    return Noise(
        rms=float(np.sqrt(covariance[0])), whitening=whitening, duration_s=float(quiet.sum() / sampling_rate_hz)
    )


def _slow(samples: FloatArray, quiet: BoolArray, sampling_rate_hz: float) -> FloatArray:
    """Return the mean of the quiet samples over a few seconds around each."""
    width = max(round(_SLOW_S * sampling_rate_hz), 1)
    share = uniform_filter1d(quiet.astype(np.float64), width, mode="nearest")
    total = uniform_filter1d(np.where(quiet, samples, 0.0), width, mode="nearest")
    mean: FloatArray = total / np.maximum(share, 1 / width)
    return mean


def _autocovariance(flat: FloatArray, quiet: BoolArray, n: int) -> FloatArray | None:
    """Return the autocovariance at lags 0 to ``n - 1``.

    Sums are divided by the number of samples, not of pairs, so that it belongs to a spectrum that is nowhere negative.
    """
    n_quiet = int(quiet.sum())
    if n_quiet < _LEAST_WINDOWS * n:
        return None
    size = 1 << (flat.size + n).bit_length()
    spectrum = np.fft.rfft(flat, size)
    products: FloatArray = np.fft.irfft(np.abs(spectrum) ** 2, size)[:n]
    return products / n_quiet
