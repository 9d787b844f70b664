"""Noise of a grid made white: learned from its quietest moments, over channels and over frequency.

Most noise of surface electrodes is shared by all of them (the reference electrode, hum, the heart); made white, it
leaves far smaller potentials visible than each channel alone does.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import fft

from twitchwise.measure.emg.grid.band import GridBand, Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# The quietest share of windows that the first guess is made of; a muscle need not rest longer than that.
_FIRST_SHARE = 0.05
_FEWEST_WINDOWS = 4
# A window counts as noise as long as it is this close to the quietest ones in power, and within so many deviations.
_CLOSE, _DEVIATIONS = 1.5, 3.5
_ROUNDS = 3
# Points of the whitening filter over frequency; a smooth filter rings for as short a time as the noise remembers.
_POINTS = 33
# Where the band passes less than this share of the power, the whitening is that of the nearest frequency within it.
_LEAST_PASSED = 0.25
# A spectrum is never lifted by more than this factor, or the filter would make something of nothing.
_MOST_LIFT = 30.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Whitening:
    """Turns samples of a grid into ones whose noise has variance 1, alike at all frequencies and on all channels.

    Parameters
    ----------
    temporal
        Gain from 0 to half the working rate, evenly spaced, shape ``(n_points,)``.
    spatial
        Matrix that is applied after it, shape ``(n_channels, n_channels)``, single precision.
    freedom
        Degrees of freedom of the power of a frame's noise, as seen in the quiet windows.
    """

    temporal: FloatArray
    spatial: Samples
    freedom: float

    def apply(self, plain: Samples) -> Samples:
        """Whiten samples in the pass band, shape ``(n_channels, n)``, at the working rate."""
        n_samples = plain.shape[1]
        length = fft.next_fast_len(n_samples, real=True)
        grid = np.linspace(0.0, 1.0, self.temporal.size)
        gain = np.interp(np.linspace(0.0, 1.0, length // 2 + 1), grid, self.temporal).astype(np.float32)
        return np.asarray(
            self.spatial @ fft.irfft(fft.rfft(plain, length, axis=-1) * gain, length, axis=-1)[:, :n_samples],
            dtype=np.float32,
        )


def learn_whitening(windows: Samples, frame: int, band: GridBand) -> tuple[Whitening, BoolArray]:
    """Learn from windows of samples in the pass band which of them are quiet, and how to make their noise white.

    Parameters
    ----------
    windows
        Shape ``(n_windows, n_channels, n)``, from all over the recording.
    frame
        Samples in a frame.
    band
        The pass band that they came through.

    Returns
    -------
    Whitening, array of shape (n_windows,)
        And which windows were taken for quiet.
    """
    scale = np.sqrt(np.median(np.mean(windows**2, axis=2), axis=0))
    loudness = np.mean(np.mean(windows**2, axis=2) / np.maximum(scale, 1e-30) ** 2, axis=1)
    quiet = _quietest(loudness)
    whitening = _whitening(windows[quiet], frame, band)
    for _ in range(_ROUNDS):
        loudness = _loudness(windows, whitening)
        near = _near(loudness)
        if np.array_equal(near, quiet):
            break
        quiet = near
        whitening = _whitening(windows[quiet], frame, band)
    return whitening, quiet


def _quietest(loudness: FloatArray) -> BoolArray:
    count = min(loudness.size, max(_FEWEST_WINDOWS, round(_FIRST_SHARE * loudness.size)))
    return np.asarray(loudness <= np.sort(loudness)[count - 1], dtype=np.bool_)


def _near(loudness: FloatArray) -> BoolArray:
    first = loudness[_quietest(loudness)]
    usual = float(np.median(first))
    close = loudness[loudness <= _CLOSE * usual]
    limit = np.median(close) + _DEVIATIONS * 1.4826 * np.median(np.abs(close - np.median(close)))
    return np.asarray(loudness <= max(float(limit), float(first.max())), dtype=np.bool_)


def _loudness(windows: Samples, whitening: Whitening) -> FloatArray:
    return np.array([np.mean(whitening.apply(window) ** 2) for window in windows], dtype=np.float64)


def _whitening(quiet: Samples, frame: int, band: GridBand) -> Whitening:
    temporal = _temporal(quiet, band)
    flat = Whitening(temporal=temporal, spatial=np.eye(quiet.shape[1], dtype=np.float32), freedom=1.0)
    evened = np.stack([flat.apply(window) for window in quiet])
    spatial = _spatial(evened)
    return Whitening(temporal=temporal, spatial=spatial, freedom=_freedom(evened, spatial, frame))


def _temporal(quiet: Samples, band: GridBand) -> FloatArray:
    """Return the gain that makes the mean spectrum as flat as the band is."""
    n_samples = quiet.shape[2]
    power = np.abs(fft.rfft(quiet * np.hanning(n_samples).astype(np.float32), axis=2)) ** 2
    relative = (power / np.maximum(power.mean(axis=(0, 2), keepdims=True), 1e-60)).mean(axis=(0, 1))
    passed = band.gain(fft.rfftfreq(n_samples, 1 / band.working_rate_hz)) ** 2
    edges = np.linspace(0, relative.size, _POINTS + 1).round().astype(np.int64)
    bins = [slice(first, stop) for first, stop in pairwise(edges) if first < stop]
    share = np.array([passed[one].mean() for one in bins])
    coarse = np.array([relative[one].mean() for one in bins]) / np.maximum(share, 1e-12)
    sure = np.flatnonzero(share >= _LEAST_PASSED)
    smooth = np.interp(np.arange(share.size), sure, coarse[sure])
    return np.asarray(1 / np.sqrt(np.maximum(smooth, smooth.max() / _MOST_LIFT**2)), dtype=np.float64)


def _spatial(evened: Samples) -> Samples:
    """Return the inverse square root of the covariance over channels, shrunk as far as there are few samples."""
    joined = evened.transpose(1, 0, 2).reshape(evened.shape[1], -1).astype(np.float64)
    n_channels, n_samples = joined.shape
    covariance = joined @ joined.T / n_samples
    share = min(0.5, n_channels / n_samples)
    covariance = (1 - share) * covariance + share * np.diag(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, 1e-6 * values.max())
    return np.asarray(vectors @ np.diag(1 / np.sqrt(values)) @ vectors.T, dtype=np.float32)


def _freedom(evened: Samples, spatial: Samples, frame: int) -> float:
    """Return twice the squared mean over the variance of the power of frames, as a sum of squares would have."""
    n_frames = evened.shape[2] // frame
    white = np.stack([spatial @ window for window in evened])[:, :, : n_frames * frame]
    power = np.mean(white.reshape(*white.shape[:2], n_frames, frame) ** 2, axis=(1, 3)).ravel()
    spread = float(np.var(power))
    most = float(white.shape[1] * frame)
    return most if spread == 0 else float(min(most, 2 * np.mean(power) ** 2 / spread))
