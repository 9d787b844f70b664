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
# Samples that are looked at together.
_PIECE_SAMPLES = 1 << 18
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
    covariance = _autocovariance(samples, quiet, n, sampling_rate_hz)
    if covariance is None or not covariance[0] > 0:
        return None
    covariance[0] *= 1 + _FLOOR
    factor = cholesky(toeplitz(covariance), lower=True)
    whitening = np.tril(solve_triangular(factor, np.eye(n), lower=True))
    return Noise(
        rms=float(np.sqrt(covariance[0])), whitening=whitening, duration_s=float(quiet.sum() / sampling_rate_hz)
    )


def _flat(samples: FloatArray, quiet: BoolArray, span: slice, sampling_rate_hz: float) -> FloatArray:
    """Return the quiet samples of a span less their mean over a few seconds around each, 0 where it is not quiet."""
    width = max(round(_SLOW_S * sampling_rate_hz), 1)
    around = slice(max(0, span.start - width), span.stop + width)
    values, counted = np.where(quiet[around], samples[around], 0.0), quiet[around].astype(np.float64)
    share, total = (uniform_filter1d(one, width, mode="nearest") for one in (counted, values))
    flat = np.where(quiet[around], values - total / np.maximum(share, 1 / width), 0.0)
    return np.asarray(flat[span.start - around.start :][: span.stop - span.start], dtype=np.float64)


def _autocovariance(samples: FloatArray, quiet: BoolArray, n: int, sampling_rate_hz: float) -> FloatArray | None:
    """Return the autocovariance at lags 0 to ``n - 1``, added up piece by piece: a night is long.

    Sums are divided by the number of samples, not of pairs, so that it belongs to a spectrum that is nowhere negative.
    """
    n_quiet = int(quiet.sum())
    if n_quiet < _LEAST_WINDOWS * n:
        return None
    products = np.zeros(n)
    for first in range(0, samples.size, _PIECE_SAMPLES):
        stop = min(first + _PIECE_SAMPLES, samples.size)
        further = _flat(samples, quiet, slice(first, min(stop + n, samples.size)), sampling_rate_hz)
        size = 1 << (further.size + n).bit_length()
        here = np.fft.rfft(further[: stop - first], size)
        products += np.fft.irfft(here.conj() * np.fft.rfft(further, size), size)[:n]
    return products / n_quiet
