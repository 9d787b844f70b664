"""What a block of a grid tells by itself, wherever and whenever it is looked at: noise, potentials, broken samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.grid.blocks import Block, GridReader
from twitchwise.measure.emg.grid.candidates import Finder, FoundInBlock, summed_power
from twitchwise.measure.emg.grid.whitening import Whitening
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.noise import Noise, follow_noise
from twitchwise.vocabulary.arrays import BoolArray, FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Checks:
    """Counts of frames of each channel that were wrong as read, each of shape ``(n_channels,)``, out of ``frames``."""

    frames: int
    missing: FloatArray
    flat: FloatArray
    clipped: FloatArray
    spikes: FloatArray

    @classmethod
    def of_block(cls, block: Block, group: ElectrodeGroup) -> "Checks":
        """Count the frames that a block hands on."""
        core, raw = block.core, block.raw
        low, high = _limits(group)
        beyond = (raw.highest >= high) | (raw.lowest <= low)
        missing, flat, clipped, spikes = (
            marks[:, core].sum(axis=1).astype(np.float64) for marks in (raw.missing, raw.flat, beyond, raw.spikes)
        )
        return cls(frames=core.stop - core.start, missing=missing, flat=flat, clipped=clipped, spikes=spikes)

    @classmethod
    def summed(cls, parts: Sequence["Checks"]) -> "Checks":
        """Add up the counts of blocks."""
        missing, flat, clipped, spikes = (
            np.sum([getattr(part, name) for part in parts], axis=0) for name in ("missing", "flat", "clipped", "spikes")
        )
        frames = sum(part.frames for part in parts)
        return cls(frames=frames, missing=missing, flat=flat, clipped=clipped, spikes=spikes)


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockFindings:
    """What a block tells of the frames that it hands on.

    Parameters
    ----------
    rms, level, usable
        Whitened loudness, mean level as read, and whether every channel may be used, each of shape ``(n_frames,)``.
    plain_power
        Mean square of the quiet frames of each second in the pass band, shape ``(n_seconds, n_channels)``; NaN where
        there are none.
    found
        Its potentials and longer activity.
    checks
        What was wrong as read.
    """

    rms: FloatArray
    level: FloatArray
    usable: BoolArray
    plain_power: FloatArray
    found: FoundInBlock
    checks: Checks


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockWork:
    """Looks at blocks of a grid by their numbers; a few kilobytes that can be sent anywhere with its recording."""

    reader: GridReader
    whitening: Whitening
    finder: Finder

    def __call__(self, number: int) -> BlockFindings:
        """Read, filter and whiten a block, and return what it tells."""
        block = self.reader.block(number, self.whitening)
        power, summed = summed_power(block, self.finder.sum_samples)
        frames = self._frames(power, block)
        noise = follow_noise(frames, np.inf, self.finder.settings.activity_loudness)
        return BlockFindings(
            rms=frames.rms[block.core],
            level=frames.level[block.core],
            usable=block.usable[block.core],
            plain_power=self._plain(block, noise),
            found=self.finder.find(block, summed, noise.at(0, summed.size, block.length)),
            checks=Checks.of_block(block, self.reader.group),
        )

    def _frames(self, power: FloatArray, block: Block) -> Frames:
        rms = np.sqrt(power.reshape(-1, block.length).mean(axis=1))
        return self.as_frames(rms, block.raw.level.mean(axis=0), block.usable)

    def as_frames(self, rms: FloatArray, level: FloatArray, usable: BoolArray) -> Frames:
        """Return frames of the grid, each argument of shape ``(n_frames,)``."""
        return Frames(
            band=self.reader.band,
            length=self.reader.raw_length,
            rms=rms,
            peak=rms,
            level=level,
            usable=usable,
            freedom=self.whitening.freedom,
        )

    def _plain(self, block: Block, noise: Noise) -> FloatArray:
        """Return the mean square of the quiet frames of each second of the core, by channel, NaN where none is."""
        framed = block.plain.reshape(block.plain.shape[0], -1, block.length)
        power = np.einsum("cfl,cfl->fc", framed, framed)[block.core] / block.length
        power[~noise.quiet[block.core]] = np.nan
        return _by_second(power, self.reader.frames_per_second)


def _limits(group: ElectrodeGroup) -> tuple[FloatArray, FloatArray]:
    """Return what the converter of each channel cannot exceed, each of shape ``(n_channels, 1)``."""
    ranges = [channel.physical_range or (-np.inf, np.inf) for channel in group.channels]
    steps = [channel.resolution / 2 if channel.resolution else 0.0 for channel in group.channels]
    low = np.array([[pair[0] + step] for pair, step in zip(ranges, steps, strict=True)])
    high = np.array([[pair[1] - step] for pair, step in zip(ranges, steps, strict=True)])
    return low, high


def _by_second(by_frame: FloatArray, per_second: int) -> FloatArray:
    n_seconds = -(-len(by_frame) // per_second)
    padded = np.full((n_seconds * per_second, by_frame.shape[1]), np.nan, dtype=np.float32)
    padded[: len(by_frame)] = by_frame
    seconds = padded.reshape(n_seconds, per_second, -1)
    count = np.isfinite(seconds).sum(axis=1)
    total = np.nansum(seconds, axis=1, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
