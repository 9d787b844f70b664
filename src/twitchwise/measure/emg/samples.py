"""One EMG channel as a stream of clean stretches, so that a night needs no more memory than a minute.

Each stretch is read with a little more on both sides than it hands on. Everything done to it depends on samples less
than that margin away, so the stretches together equal the channel treated in one piece.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import maximum_filter1d

from twitchwise.measure.emg.band import Band
from twitchwise.measure.emg.mains import without_mains
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Samples handed on at a time: a few megabytes at any sampling rate.
STRETCH_SAMPLES = 1 << 18
# Samples of a channel whose stretches are kept while it is gone over again, 20 bytes each; a longer one is read anew.
_KEPT_SAMPLES = 1 << 22
# The filter's memory fades below 1e-30 in one second, and a hum fit is one second long.
_MARGIN_S = 2.0
# No amplifier repeats one value this long while it is connected to skin.
_FLAT_S = 0.1
# Around missing and flat samples the filter rings this long.
_GUARD_S = 0.25
# A one-sample spike stands out from both neighbors by this multiple of the greatest of five steps before and after;
# muscle and noise are smoother. Judged from 1 kHz up, where a phase of a potential spans several samples.
_SPIKE_RATIO, _SPIKE_RATE_HZ, _SPIKE_NEAR = 6.0, 1000.0, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelReader:
    """How to read one channel: from where, through which band, and free of which hum.

    ``mains_hz`` is the frequency of the hum to subtract, or ``None``. ``step`` is the number of samples that every
    stretch's length is a multiple of.
    """

    recording: Recording
    channel: str
    band: Band
    mains_hz: float | None
    step: int
    stretch_samples: int = STRETCH_SAMPLES
    _kept: list["Stretch"] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def n_samples(self) -> int:
        """Number of samples of the channel."""
        return self.recording.channel(self.channel).n_samples

    def raw(self, first: int, stop: int) -> FloatArray:
        """Return samples ``[first, stop)`` as the recording gives them."""
        rate_hz = self.band.sampling_rate_hz
        return self.recording.read(self.channel, first / rate_hz, stop / rate_hz)

    def stretches(self) -> Iterator["Stretch"]:
        """Give the channel stretch by stretch."""
        if self._kept:
            yield from self._kept
            return
        kept = list[Stretch]()
        for stretch in self._read():
            if self.n_samples <= _KEPT_SAMPLES:
                kept.append(stretch)
            yield stretch
        self._kept[:] = kept

    def _read(self) -> Iterator["Stretch"]:
        length = max(1, self.stretch_samples // self.step) * self.step
        margin = round(_MARGIN_S * self.band.sampling_rate_hz)
        for first in range(0, self.n_samples, length):
            stop = min(first + length, self.n_samples)
            yield self._stretch(first, stop, max(0, first - margin), min(self.n_samples, stop + margin))

    def _stretch(self, first: int, stop: int, outer_first: int, outer_stop: int) -> "Stretch":
        raw = self.raw(outer_first, outer_stop)
        missing = ~np.isfinite(raw)
        flat = _flat(raw, max(3, round(_FLAT_S * self.band.sampling_rate_hz)))
        smooth, spikes = _without_spikes(_bridged(raw, missing), self.band.sampling_rate_hz)
        filtered = self.band.apply(smooth)
        if self.mains_hz is not None:
            rate_hz, high_hz = self.band.sampling_rate_hz, self.band.high_hz
            filtered = without_mains(filtered, outer_first, self.n_samples, rate_hz, self.mains_hz, high_hz)
        return Stretch(
            first=first,
            core=slice(first - outer_first, stop - outer_first),
            raw=raw,
            filtered=filtered,
            missing=missing,
            flat=flat,
            spikes=spikes,
            usable=~_widened(missing | flat, round(_GUARD_S * self.band.sampling_rate_hz)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretch:
    """A stretch of a channel with its margins.

    Parameters
    ----------
    first
        Place in the channel of the first sample that the stretch hands on.
    core
        Where in the arrays the samples lie that it hands on; the rest are margins.
    raw, filtered
        Samples as read, and through the band without spikes and hum, shape ``(n,)``.
    missing, flat, spikes, usable
        Which samples are not numbers, lie on a flat line, were one-sample spikes, and may be used, shape ``(n,)``.
    """

    first: int
    core: slice
    raw: FloatArray
    filtered: FloatArray
    missing: BoolArray
    flat: BoolArray
    spikes: BoolArray
    usable: BoolArray


def _bridged(samples: FloatArray, missing: BoolArray) -> FloatArray:
    if not missing.any():
        return samples
    if missing.all():
        return np.zeros(samples.size)
    known = np.flatnonzero(~missing)
    return np.interp(np.arange(samples.size), known, samples[known])


def _flat(samples: FloatArray, shortest: int) -> BoolArray:
    """Mark runs of one repeated value that are at least ``shortest`` samples long."""
    flat = np.zeros(samples.size, dtype=np.bool_)
    same = (samples[1:] == samples[:-1]).view(np.int8)
    edges = np.flatnonzero(np.diff(same, prepend=0, append=0)).reshape(-1, 2)
    for first, last in edges[edges[:, 1] - edges[:, 0] + 1 >= shortest].tolist():
        flat[first : last + 1] = True
    return flat


def _without_spikes(samples: FloatArray, sampling_rate_hz: float) -> tuple[FloatArray, BoolArray]:
    """Put the mean of its neighbors in place of each sample that alone stands out from them."""
    spikes = np.zeros(samples.size, dtype=np.bool_)
    if sampling_rate_hz < _SPIKE_RATE_HZ or samples.size < 2 * _SPIKE_NEAR + 3:
        return samples, spikes
    at = _spikes(np.diff(samples))
    if at.size == 0:
        return samples, spikes
    spikes[at] = True
    cleaned = samples.copy()
    cleaned[at] = (samples[at - 1] + samples[at + 1]) / 2
    return cleaned, spikes


def _spikes(step: FloatArray) -> IntArray:
    """Return the places of spikes, of the steps from each sample to the next.

    Few samples stand out from the step before, so that only these are compared with the others. Near the ends, where
    not half of the steps to compare with are known, there is none.
    """
    size, edge = np.abs(step), _SPIKE_NEAR // 2 + 1
    smaller = np.minimum(size[:-1], size[1:])  # of the two steps of samples 1 to n - 2
    at = np.flatnonzero(smaller[edge:-edge] > _SPIKE_RATIO * size[edge - 1 : -edge - 2]) + edge
    at = at[step[at] * step[at + 1] < 0]
    padded = np.pad(size, _SPIKE_NEAR)
    near = np.concatenate([np.arange(-_SPIKE_NEAR, 0), np.arange(2, _SPIKE_NEAR + 2)]) + _SPIKE_NEAR
    usual = padded[at[:, None] + near].max(axis=1, initial=0.0)
    return np.asarray(at[smaller[at] > _SPIKE_RATIO * usual] + 1, dtype=np.int64)


def _widened(marked: BoolArray, by: int) -> BoolArray:
    if not marked.any():
        return marked
    return np.asarray(maximum_filter1d(marked.astype(np.uint8), 2 * by + 1, mode="constant") > 0, dtype=np.bool_)
