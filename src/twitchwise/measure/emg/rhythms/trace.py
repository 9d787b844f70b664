"""One EMG channel as other activity is looked for in it: read in blocks, filtered, with what was done to the person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt, sosfilt_zi

from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.signals import Channel, Intervals, Recording
from twitchwise.vocabulary import Electrode, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import digits, say

Samples = npt.NDArray[np.float32]

# Seconds handed on at a time, and read around them: in one second the filter's memory fades below 1e-15.
_BLOCK_S, _MARGIN_S = 30.0, 1.0
# Two poles at each edge, run forward and backward: no shift in time.
_ORDER = 2
# Filtered samples that are kept while a trace is looked at again and again, 16 MiB; a longer trace is filtered anew.
_KEPT_SAMPLES = 1 << 22
# The upper edge stays this share of the sampling rate below half of it, where a filter of this order still works.
_HIGHEST_SHARE = 0.45


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelTrace:
    """A channel of EMG that can be read piece by piece.

    Parameters
    ----------
    channel
        Its name.
    sampling_rate_hz, n_samples
        Its rate and length, both above 0.
    read
        Gives samples ``[start, stop)``, raw or filtered, in ``unit``, shape ``(stop - start,)``.
    electrode
        What touches the muscle; single muscle fibers are claimed from a needle only.
    unit
        Unit of the samples.
    noise_rms
        Noise at rest in the band of `passed`, or ``None`` to find it in the quietest parts.

    Raises
    ------
    OutOfRangeError
        If a number is not above 0.

    Examples
    --------
    >>> trace = ChannelTrace.of_samples(np.zeros(2000), 2000.0, electrode=Electrode.NEEDLE)
    >>> trace.duration_s
    1.0
    """

    channel: str
    sampling_rate_hz: float
    n_samples: int
    read: Callable[[int, int], FloatArray]
    electrode: Electrode = Electrode.UNKNOWN
    unit: Unit = Unit.VOLT
    noise_rms: float | None = None
    _kept: dict["_Band", Samples] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a trace that cannot be."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        require_positive("n_samples", self.n_samples)
        if self.noise_rms is not None:
            require_positive("noise_rms", self.noise_rms)

    @classmethod
    def of_samples(
        cls, samples: FloatArray, sampling_rate_hz: float, *, channel: str = "EMG", electrode: Electrode
    ) -> "ChannelTrace":
        """Return the trace of samples in V that are in memory, shape ``(n,)``."""
        if samples.ndim != 1:
            raise OutOfRangeError(f"samples must be one row of numbers, got shape {samples.shape!r}.")
        return cls(
            channel=channel,
            sampling_rate_hz=sampling_rate_hz,
            n_samples=samples.size,
            read=lambda start, stop: samples[start:stop],
            electrode=electrode,
        )

    @classmethod
    def of_recording(cls, recording: Recording, channel: Channel) -> "ChannelTrace":
        """Return the trace of a recording's channel."""
        return cls(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            n_samples=channel.n_samples,
            read=partial(_read, recording, channel),
            electrode=channel.electrode,
            unit=channel.unit,
        )

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.sampling_rate_hz

    @property
    def is_needle(self) -> bool:
        """Whether a single muscle fiber can be told from a motor unit."""
        return self.electrode is Electrode.NEEDLE

    def blocks(self, settings: RhythmSettings, block_s: float = _BLOCK_S) -> Iterator["Block"]:
        """Give the filtered trace block by block, each with a margin on both sides."""
        band = self._band(settings)
        length, margin = round(block_s * self.sampling_rate_hz), round(_MARGIN_S * self.sampling_rate_hz)
        for start in range(0, self.n_samples, length):
            stop = min(start + length, self.n_samples)
            first, last = max(start - margin, 0), min(stop + margin, self.n_samples)
            yield Block(
                first=first,
                start=start,
                stop=stop,
                samples=self._filtered(first, last, band),
                sampling_rate_hz=self.sampling_rate_hz,
            )

    def piece(self, start_s: float, stop_s: float, settings: RhythmSettings) -> Samples:
        """Return the filtered samples between two times, as far as the trace reaches."""
        rate_hz, margin = self.sampling_rate_hz, round(_MARGIN_S * self.sampling_rate_hz)
        start, stop = max(round(start_s * rate_hz), 0), min(round(stop_s * rate_hz), self.n_samples)
        first, last = max(start - margin, 0), min(stop + margin, self.n_samples)
        if stop <= start:
            return np.empty(0, dtype=np.float32)
        return self._filtered(first, last, self._band(settings))[start - first : stop - first]

    def _filtered(self, first: int, last: int, band: "_Band") -> Samples:
        """Return samples through a band: of the whole trace where that has room, else of themselves alone."""
        if self.n_samples > _KEPT_SAMPLES:
            return self._passed(first, last, band)
        if band not in self._kept:
            length, margin = round(_BLOCK_S * self.sampling_rate_hz), round(_MARGIN_S * self.sampling_rate_hz)
            whole = np.empty(self.n_samples, dtype=np.float32)
            for start in range(0, self.n_samples, max(length, 1)):
                outer = max(start - margin, 0)
                part = self._passed(outer, min(start + length + margin, self.n_samples), band)
                whole[start : start + length] = part[start - outer : start - outer + length]
            self._kept[band] = whole
        return self._kept[band][first:last]

    def _passed(self, first: int, last: int, band: "_Band") -> Samples:
        raw = np.nan_to_num(np.asarray(self.read(first, last), dtype=np.float64))
        return band.apply(raw, round(_MARGIN_S * self.sampling_rate_hz)).astype(np.float32)

    def _band(self, settings: RhythmSettings) -> "_Band":
        low_hz, high_hz = settings.needle_band_hz if self.is_needle else settings.surface_band_hz
        edges = [low_hz, min(high_hz, _HIGHEST_SHARE * self.sampling_rate_hz)]
        if not edges[0] < edges[1]:
            raise OutOfRangeError(
                say(
                    "sampling rate of channel {channel!r} must be above {least_hz:.0f} Hz, got {rate_hz}.",
                    channel=self.channel,
                    least_hz=low_hz / _HIGHEST_SHARE,
                    rate_hz=digits(repr(self.sampling_rate_hz)),
                )
            )
        return _designed(edges[0], edges[1], self.sampling_rate_hz)


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Filtered samples from number ``first`` on; those from ``start`` to ``stop`` are this block's own."""

    first: int
    start: int
    stop: int
    samples: Samples
    sampling_rate_hz: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Causes:
    """What was done to the person, in seconds from the start of the recording.

    Parameters
    ----------
    stimuli_s, taps_s, stretches_s
        When a nerve was stimulated, a tendon tapped, a muscle stretched; each of shape ``(n,)``.
    relaxed
        When the person was told to let go, or ``None`` where that is not known.
    """

    stimuli_s: FloatArray = field(default_factory=lambda: np.empty(0))
    taps_s: FloatArray = field(default_factory=lambda: np.empty(0))
    stretches_s: FloatArray = field(default_factory=lambda: np.empty(0))
    relaxed: Intervals | None = None

    @property
    def all_s(self) -> FloatArray:
        """All moments in order."""
        return np.sort(np.concatenate([self.stimuli_s, self.taps_s, self.stretches_s]))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Band:
    """A band-pass run forward and backward: its sections, and their state where a constant 1 has settled."""

    sections: FloatArray
    settled: FloatArray

    def apply(self, raw: FloatArray, margin: int) -> FloatArray:
        """Return filtered samples; both ends are carried on point-symmetrically by ``margin``, as `sosfiltfilt` does.

        The state that `sosfiltfilt` works out for every call takes as long as to pass a second through the filter.
        """
        if raw.size <= 1:
            return np.zeros_like(raw)
        padding, moved = min(margin, raw.size - 1), raw - raw[0]
        before, after = -moved[padding:0:-1], 2 * moved[-1] - moved[-2 : -padding - 2 : -1]
        once = self._run(np.concatenate([before, moved, after]))
        return self._run(once[::-1])[::-1][padding : padding + raw.size]

    def _run(self, samples: FloatArray) -> FloatArray:
        out, _ = sosfilt(self.sections, samples, zi=self.settled * samples[0])
        return np.asarray(out, dtype=np.float64)


@lru_cache(maxsize=8)
def _designed(low_hz: float, high_hz: float, rate_hz: float) -> _Band:
    """Return a band-pass; to design it takes as long as to pass a second through it."""
    sections = np.asarray(butter(_ORDER, [low_hz, high_hz], "bandpass", fs=rate_hz, output="sos"), dtype=np.float64)
    return _Band(sections=sections, settled=np.asarray(sosfilt_zi(sections), dtype=np.float64))


def _read(recording: Recording, channel: Channel, start: int, stop: int) -> FloatArray:
    rate_hz = channel.sampling_rate_hz
    return recording.read(channel.name, start / rate_hz, stop / rate_hz)
