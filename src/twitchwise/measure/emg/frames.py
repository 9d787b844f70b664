"""The channel in frames of a fiftieth of a second: how loud, how high, and whether usable."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from twitchwise.measure.emg.samples import ChannelReader, Stretch
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Frames this short fall between the discharges of several units; slow channels need longer ones to hold any noise.
_FRAME_S, _SLOW_FRAME_S, _SLOW_HZ = 0.02, 0.05, 800.0
# A sample repeated this often at the channel's very edge is an amplifier at its limit, not a peak.
_CLIP_RUN = 3


def frame_s(sampling_rate_hz: float) -> float:
    """Return the nominal length of a frame in seconds."""
    return _FRAME_S if sampling_rate_hz >= _SLOW_HZ else _SLOW_FRAME_S


def frame_samples(sampling_rate_hz: float) -> int:
    """Return the length of a frame in samples."""
    return max(1, round(frame_s(sampling_rate_hz) * sampling_rate_hz))


class PassBand(Protocol):
    """What frames must know of the band that they were taken through."""

    @property
    def sampling_rate_hz(self) -> float:
        """Rate of the samples that frames are counted in."""

    @property
    def low_hz(self) -> float:
        """Lower edge."""

    @property
    def high_hz(self) -> float:
        """Upper edge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Frames:
    """Frames of a channel or grid; the samples after the last whole frame belong to none.

    Parameters
    ----------
    band
        The band they were taken through.
    length
        Samples in a frame.
    rms, peak
        Root mean square and greatest size from zero of the filtered samples, each of shape ``(n_frames,)``.
    level
        Mean of the samples as read, shape ``(n_frames,)``, for slow drift.
    usable
        Frames all of whose samples may be used, shape ``(n_frames,)``.
    freedom
        Degrees of freedom of the power of a frame of noise, where they were measured; else the band tells.
    """

    band: PassBand
    length: int
    rms: FloatArray
    peak: FloatArray
    level: FloatArray
    usable: BoolArray
    freedom: float | None = None

    @property
    def duration_s(self) -> float:
        """Length of a frame in seconds."""
        return self.length / self.band.sampling_rate_hz

    @property
    def per_second(self) -> int:
        """Number of frames that make about a second."""
        return round(1 / frame_s(self.band.sampling_rate_hz))


@dataclass(kw_only=True)
class Tally:
    """Counts over the samples of a channel as read, added up stretch by stretch."""

    samples: int = 0
    missing: int = 0
    flat: int = 0
    spikes: int = 0
    beyond: int = 0
    at_most: dict[float, int] = field(default_factory=dict)
    at_least: dict[float, int] = field(default_factory=dict)

    @property
    def clipped(self) -> int:
        """Samples at the limit: of the converter where the file gives it, else of the channel's own extremes."""
        runs = self.at_most[max(self.at_most)] + self.at_least[min(self.at_least)] if self.at_most else 0
        return max(self.beyond, runs)

    def add(self, stretch: Stretch, physical_range: tuple[float, float] | None) -> None:
        """Add the samples that a stretch hands on."""
        core = stretch.core
        known = stretch.raw[core][~(stretch.missing | stretch.flat)[core]]
        self.samples += core.stop - core.start
        self.missing += int(stretch.missing[core].sum())
        self.flat += int((stretch.flat & ~stretch.missing)[core].sum())
        self.spikes += int(stretch.spikes[core].sum())
        if known.size == 0:
            return
        if physical_range is not None:
            self.beyond += int(((known <= physical_range[0]) | (known >= physical_range[1])).sum())
        for extremes, extreme in ((self.at_most, float(known.max())), (self.at_least, float(known.min()))):
            extremes[extreme] = extremes.get(extreme, 0) + _in_runs(stretch.raw, extreme, core)


def _in_runs(samples: FloatArray, value: float, core: slice) -> int:
    at = samples == value
    long = at[2:] & at[1:-1] & at[:-2]
    in_run = np.zeros(samples.size, dtype=np.bool_)
    for shift in range(_CLIP_RUN):
        in_run[shift : shift + long.size] |= long
    return int(in_run[core].sum())


def read_frames(reader: ChannelReader, physical_range: tuple[float, float] | None) -> tuple[Frames, Tally]:
    """Read a channel once and return its frames, and what was counted on the way."""
    parts: list[tuple[FloatArray, FloatArray, FloatArray, BoolArray]] = []
    tally = Tally()
    for stretch in reader.stretches():
        tally.add(stretch, physical_range)
        parts.append(_frames_of(stretch, reader.step))
    rms, peak, level, usable = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Frames(band=reader.band, length=reader.step, rms=rms, peak=peak, level=level, usable=usable), tally


def _frames_of(stretch: Stretch, length: int) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    n_frames = (stretch.core.stop - stretch.core.start) // length
    inside = slice(stretch.core.start, stretch.core.start + n_frames * length)
    size = np.abs(stretch.filtered[inside]).reshape(n_frames, length)
    return (
        np.sqrt(np.mean(size**2, axis=1)),
        size.max(axis=1),
        stretch.raw[inside].reshape(n_frames, length).mean(axis=1),
        np.asarray(stretch.usable[inside].reshape(n_frames, length).all(axis=1), dtype=np.bool_),
    )
