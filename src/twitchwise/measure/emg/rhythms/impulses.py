"""Impulses: extrema that stand out of the noise, each with its shape, from which rhythms are read.

A potential of several phases gives several impulses. They keep a constant distance, by which they are put together
again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import peak_prominences

from twitchwise.measure.emg.around import greatest_within
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import Block, ChannelTrace, Samples
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Half of the time in which an extremum is the largest, and half of the shape that it is known by. A needle's spikes are
# a millisecond wide; on the skin they are five times as wide.
_NEEDLE_S, _SURFACE_S = (0.0012, 0.0016), (0.004, 0.006)
# Half of the wave by which a potential's duration is measured: a positive sharp wave, which begins with its peak, lasts
# up to 30 ms. More than 8000 samples a second are not kept of it.
WAVE_HALF_S, _WAVE_RATE_HZ = 0.03, 8000.0
# An impulse rises above what lies around it by this part of what it reaches at least, so that noise on the slow end of
# a large potential is none.
_RISES, _SLOPE_S = 0.8, 0.01
# Noise is the loudness that this share of frames of this length does not exceed; of white noise in frames of at least
# 40 degrees of freedom, the twentieth part is 0.82 of the mean, which `_QUIET_FACTOR` corrects.
_FRAME_S, _QUIET_SHARE, _QUIET_FACTOR = 0.02, 0.05, 1 / 0.85
# Frames are counted in steps of a fiftieth of a factor of ten between these powers of ten, in the samples' unit.
_BINS = np.linspace(-9.0, 6.0, 751)


@dataclass(frozen=True, kw_only=True, eq=False)
class Impulses:
    """Impulses in order of time.

    Parameters
    ----------
    time_s, peak
        When and how large, with sign, shape ``(n,)``.
    shape
        The signal around each, moved to its exact peak, shape ``(n, n_short)``.
    wave
        More of the signal around each, every so many samples (see `wave_step`), shape ``(n, n_long)``.
    """

    time_s: FloatArray
    peak: Samples
    shape: Samples
    wave: Samples

    def __len__(self) -> int:
        return int(self.time_s.size)


def noise_of(trace: ChannelTrace, settings: RhythmSettings) -> float:
    """Return the noise of a trace in its band: what was given, or what its quietest frames show."""
    if trace.noise_rms is not None:
        return trace.noise_rms
    length = max(1, round(_FRAME_S * trace.sampling_rate_hz))
    counts = np.zeros(_BINS.size - 1)
    for block in trace.blocks(settings):
        own = block.samples[block.start - block.first : block.stop - block.first]
        frames = own[: own.size // length * length].reshape(-1, length)
        loud = np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1))
        counts += np.histogram(np.log10(np.maximum(loud, 10 ** _BINS[0])), _BINS)[0]
    # frames at the floor are flat lines, which are no noise
    counts[0] = 0
    total = np.cumsum(counts)
    if total[-1] == 0:
        return float(10 ** _BINS[0])
    place = int(np.searchsorted(total, _QUIET_SHARE * total[-1]))
    return float(10 ** ((_BINS[place] + _BINS[place + 1]) / 2) * _QUIET_FACTOR)


def impulses_of(trace: ChannelTrace, noise: float, settings: RhythmSettings) -> Iterator[Impulses]:
    """Give the impulses of a trace block by block; the result does not depend on where blocks end."""
    for block in trace.blocks(settings):
        yield impulses_in(block, noise * settings.threshold_multiple, is_needle=trace.is_needle)


def impulses_in(block: Block, least: float, *, is_needle: bool) -> Impulses:
    """Return the impulses of a block that reach ``least``."""
    rate_hz = block.sampling_rate_hz
    alone_s, half_s = _NEEDLE_S if is_needle else _SURFACE_S
    size = np.abs(block.samples)
    alone = max(1, round(alone_s * rate_hz))
    is_peak = (size >= least) & (size == greatest_within(size, alone))
    peaks = np.flatnonzero(is_peak)
    # of equal samples side by side the first is the peak; the ends of a recording are none
    peaks = peaks[(np.diff(peaks, prepend=-2) > 1) & (peaks > 0) & (peaks < size.size - 1)]
    rises = peak_prominences(size, peaks, wlen=2 * round(_SLOPE_S * rate_hz) + 1)[0]
    own = (peaks + block.first >= block.start) & (peaks + block.first < block.stop)
    at = peaks[(rises >= _RISES * least) & own]
    exact = _exact(block.samples, at)
    half, far = max(2, round(half_s * rate_hz)), round(WAVE_HALF_S * rate_hz)
    return Impulses(
        time_s=(at + exact + block.first) / rate_hz,
        peak=block.samples[at],
        shape=_around(block.samples, at, exact, half),
        wave=_around(block.samples, at, np.zeros(at.size), far)[:, far % wave_step(rate_hz) :: wave_step(rate_hz)],
    )


def wave_step(sampling_rate_hz: float) -> int:
    """Return how many samples lie between two that are kept of a wave; its middle is the peak."""
    return max(1, round(sampling_rate_hz / _WAVE_RATE_HZ))


def _exact(samples: Samples, at: IntArray) -> FloatArray:
    """Return by which part of a sample each peak lies later, from the parabola through it and its neighbors."""
    before, after = samples[np.maximum(at - 1, 0)], samples[np.minimum(at + 1, samples.size - 1)]
    bend = before - 2 * samples[at] + after
    moved = np.where(bend == 0, 0.0, (before - after) / np.where(bend == 0, 1.0, 2 * bend))
    return np.asarray(np.clip(moved, -0.5, 0.5), dtype=np.float64)


def _around(samples: Samples, at: IntArray, moved: FloatArray, half: int) -> Samples:
    """Return the samples around each place, read between samples by a cubic through four of them."""
    padded = np.pad(samples, half + 2)
    place = at[:, None] + np.arange(half + 2 - half, half + 2 + half + 1) + np.where(moved < 0, -1, 0)[:, None]
    if not moved.any():
        return np.asarray(padded[place], dtype=np.float32)
    part = np.where(moved < 0, moved + 1, moved)[:, None].astype(np.float32)
    weights = (
        -part * (part - 1) * (part - 2) / 6,
        (part + 1) * (part - 1) * (part - 2) / 2,
        -(part + 1) * part * (part - 2) / 2,
        (part + 1) * part * (part - 1) / 6,
    )
    total = np.zeros(place.shape, dtype=np.float32)
    for shift, weight in zip(range(-1, 3), weights, strict=True):
        total += weight * padded[place + shift]
    return total
