"""The color of the noise in time, learnt from quiet frames, and the filter without delay that takes it out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import oaconvolve

from twitchwise.measure.emg.units.trace import Samples, Trace, windows
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Frames this long fall between the discharges of a contraction and resolve 30 Hz; at rest four times as long ones do.
_FRAME_S, _JOINED = 0.032, 4
# In an interference pattern only moments are quiet: frames are cut into so many, of 8 ms, if these are quieter by this
# factor in power; in noise alone they are as loud.
_MOMENTS, _QUIETER = 4, 0.5
# The quietest tenth of the frames is taken to hold no potential: in noise that is 1.28 standard deviations below the
# mean; what is at most two above it is like it.
_QUIET_SHARE, _BELOW, _ABOVE = 0.1, 1.28, 2.0
_ROUNDS = 3
# Power below this share of the greatest is not raised further: filters of the amplifier leave almost none there.
_FLOOR = 1e-3
# Potentials of one unit vary by this share of their energy.
_VARIED = 0.03
# A frame counts in that with so many times the power of noise at most: a few giants among small potentials would
# leave nothing of the band in which the small ones are.
_LOUDEST = 1000.0
# Edges of the band steeper than this are rounded off on the side of the noise.
_EDGE_HZ = 25.0
# The filter is cut off this far from its middle.
_HALF_S = 0.03
# Long frames that are read together.
_TOGETHER = 256
# Frames that make a spectrum good to 3 %, and long ones that make do.
_ENOUGH, _FEW = 2000, 60


@dataclass(frozen=True, kw_only=True, eq=False)
class NoiseColor:
    """A symmetric filter for each component that makes its noise white with RMS 1.

    Parameters
    ----------
    filters
        Shape ``(n_components, 2 n + 1)``.
    """

    filters: FloatArray

    @property
    def reach(self) -> int:
        """Samples to either side that the filter needs."""
        return int(self.filters.shape[1] // 2)

    def apply(self, trace: Trace) -> Samples:
        """Return the whitened samples, shape ``(n_components, n)``."""
        if trace.n_samples == 0:
            return trace.samples
        out = oaconvolve(trace.samples, self.filters.astype(np.float32), mode="same", axes=1)
        if trace.n_samples < self.filters.shape[1]:  # "same" is that of the longer
            full = oaconvolve(trace.samples, self.filters.astype(np.float32), mode="full", axes=1)
            out = full[:, self.reach : self.reach + trace.n_samples]
        return np.asarray(out, dtype=np.float32)

    def followed_by(self, other: "NoiseColor") -> "NoiseColor":
        """Return one filter that does what this one does and then another."""
        return NoiseColor(filters=oaconvolve(self.filters, other.filters, mode="full", axes=1))


def frame_length(sampling_rate_hz: float) -> int:
    """Return the number of samples of a frame, even."""
    return 2 * max(8, round(_FRAME_S * sampling_rate_hz / 2))


def learn_color(blocks: Iterable[Trace]) -> NoiseColor:
    """Learn the color of the noise from the quiet frames of a recording; the blocks are gone over once.

    Only as many frames as are needed are kept, spread evenly over the recording.
    """
    kept: list[Samples] = []
    stride, count, rate_hz, n_components = 1, 0, 1.0, 1
    for window in _stretches(blocks):
        rate_hz, n_components = window.sampling_rate_hz, window.samples.shape[0]
        for frame in _frames(window):
            if count % stride == 0:
                kept.append(frame)
            count += 1
        while len(kept) > 2 * _ENOUGH:
            kept, stride = kept[::2], 2 * stride
    if not kept:
        return NoiseColor(filters=np.ones((n_components, 1)))
    frames = np.array(kept)
    quiet = _spectra(frames)
    varied = _power(_not_louder(frames, _LOUDEST * float(quiet.mean())))
    return NoiseColor(filters=_filters(quiet, rate_hz, _resampled(varied, quiet.shape[1])))


def _not_louder(frames: Samples, power: float) -> Samples:
    """Return frames of which none has more than a power a sample."""
    loud = np.mean(frames**2, axis=(1, 2), dtype=np.float64)
    factor = np.sqrt(np.minimum(1.0, power / np.maximum(loud, power)))
    return np.asarray(frames * factor[:, None, None].astype(np.float32))


def _stretches(blocks: Iterable[Trace]) -> Iterator[Trace]:
    """Cut a recording so that frames lie at the same places, however it was cut before."""
    first = next(iter(blocks), None)
    if first is not None:
        length = _TOGETHER * _JOINED * frame_length(first.sampling_rate_hz)
        yield from (window.trace for window in windows(blocks, length, 0))


def _frames(block: Trace) -> Samples:
    length = _JOINED * frame_length(block.sampling_rate_hz)
    count = block.n_samples // length
    usable = block.usable[: count * length].reshape(count, length).all(axis=1)
    cut = block.samples[:, : count * length].reshape(block.samples.shape[0], count, length)
    return np.asarray(cut.transpose(1, 0, 2)[usable])


def _spectra(frames: Samples) -> FloatArray:
    """Return the power density of quiet long frames, or of short ones where there are few; white noise has 1."""
    short = _cut(frames, _JOINED)
    quiet, power = _quiet(short)
    _, of_moments = _quiet(_cut(short, _MOMENTS))
    if of_moments.mean() < _QUIETER * power.mean():
        return of_moments
    long = quiet.reshape(-1, _JOINED).all(axis=1)
    return power if long.sum() < _FEW else _power(frames[long])


def _cut(frames: Samples, count: int) -> Samples:
    """Return frames each cut into so many, in order."""
    n, n_components, length = frames.shape
    used = length // count * count
    parts = frames[:, :, :used].reshape(n, n_components, count, length // count).transpose(0, 2, 1, 3)
    return np.asarray(parts.reshape(n * count, n_components, length // count))


def _quiet(frames: Samples) -> tuple[BoolArray, FloatArray]:
    loud = np.sqrt(np.mean(frames**2, axis=(1, 2), dtype=np.float64))
    loud[loud == 0] = np.inf
    if not np.isfinite(loud).any():
        return np.zeros(loud.size, dtype=np.bool_), np.ones((frames.shape[1], frames.shape[2] // 2 + 1))
    floor = np.quantile(loud[np.isfinite(loud)], _QUIET_SHARE)
    quiet = loud <= floor
    power = _power(frames[quiet])
    for _ in range(_ROUNDS):
        spread = _loudness_spread(power, frames.shape[2])
        quiet = loud <= floor * (1 + _ABOVE * spread) / max(1 - _BELOW * spread, 0.5)
        power = _power(frames[quiet])
    return np.asarray(quiet, dtype=np.bool_), power


def _power(frames: Samples) -> FloatArray:
    taper = np.hanning(frames.shape[2])
    taper /= np.sqrt(np.sum(taper**2))
    return np.asarray(np.mean(np.abs(np.fft.rfft(frames * taper, axis=-1)) ** 2, axis=0))


def _loudness_spread(power: FloatArray, length: int) -> float:
    """Return the standard deviation of the RMS of frames of noise of such a spectrum, as a share."""
    total = power.mean(axis=0)
    freedom = power.shape[0] * length * np.mean(total) ** 2 / np.mean(total**2)
    return float(1 / np.sqrt(2 * freedom))


def _filters(power: FloatArray, rate_hz: float, whole_power: FloatArray | None = None) -> FloatArray:
    """Return the taps that flatten a spectrum as far as filters so short can; steep edges are not followed.

    Part of what potentials have in ``whole_power`` counts as noise: what they vary by from discharge to discharge is
    what limits where noise is low. The taps keep noise at an RMS of 1.
    """
    given, varied = power, np.zeros_like(power) if whole_power is None else np.maximum(whole_power - power, 0)
    power = power + _VARIED * varied
    length = 2 * (power.shape[1] - 1)
    reach = max(1, round(_EDGE_HZ * length / rate_hz))
    even = uniform_filter1d(maximum_filter1d(power, 2 * reach + 1, axis=1), 2 * reach + 1, axis=1)
    taps = np.fft.irfft(1 / np.sqrt(even + _FLOOR * power.max(axis=1, keepdims=True)), length, axis=1)
    half = min(length // 2 - 1, max(4, round(_HALF_S * rate_hz)))
    taps = np.concatenate([taps[:, -half:], taps[:, : half + 1]], axis=1) * np.hanning(2 * half + 3)[1:-1]
    gain = np.abs(np.fft.rfft(taps, max(length, 2 * half + 1), axis=1)) ** 2
    density = _resampled(given, gain.shape[1])
    inner = slice(1, -1)
    return np.asarray(taps / np.sqrt(np.mean((gain * density)[:, inner], axis=1, keepdims=True)))


def _resampled(power: FloatArray, n_points: int) -> FloatArray:
    at = np.linspace(0, power.shape[1] - 1, n_points)
    return np.array([np.interp(at, np.arange(power.shape[1]), row) for row in power])
