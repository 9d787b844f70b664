"""A grid as a stream of filtered and whitened blocks: a night of 64 channels needs no more memory than a minute."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.frames import frame_s
from twitchwise.measure.emg.grid.band import GridBand, Samples, filtered, gain_of, spectrum_of, transform_length
from twitchwise.measure.emg.grid.raw_checks import RawCheck, check
from twitchwise.measure.emg.grid.whitening import Whitening
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.mains import without_mains
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import BoolArray

# Samples of one channel handed on at a time, and what is read around them: the filters fade within half a second.
_BLOCK_SAMPLES = 1 << 15
_MARGIN_S = 1.0
# All channels of a block together: 256 channels are handed on in shorter blocks than 64.
_BLOCK_VALUES = 1 << 22


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """A stretch of a grid with margins.

    Parameters
    ----------
    first_frame
        Number of the first frame that the block hands on.
    core
        Frames of the arrays that it hands on.
    length
        Working samples in a frame.
    plain, white
        Samples at the working rate in the pass band, and also whitened, shape ``(n_channels, n_frames * length)``.
    raw
        What was found in the samples as read, by frame.
    usable
        Frames that may be used on every channel, shape ``(n_frames,)``.
    """

    first_frame: int
    core: slice
    length: int
    plain: Samples
    white: Samples
    raw: RawCheck
    usable: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class GridReader:
    """How to read a grid: from where, through which band, and free of which hum.

    Parameters
    ----------
    recording, group
        Where to read, and which channels.
    band
        The pass band with the rate to work at.
    mains_hz, mains_share
        Frequency of the hum to subtract, or ``None``, and its share of the power of a channel in the middle.
    """

    recording: Recording
    group: ElectrodeGroup
    band: GridBand
    mains_hz: float | None = None
    mains_share: float = 0.0

    @property
    def length(self) -> int:
        """Working samples in a frame."""
        return max(1, round(frame_s(self.band.sampling_rate_hz) * self.band.working_rate_hz))

    @property
    def raw_length(self) -> int:
        """Samples as read in a frame."""
        return self.length * self.band.every

    @property
    def frame_s(self) -> float:
        """Length of a frame in seconds."""
        return self.raw_length / self.band.sampling_rate_hz

    @property
    def frames_per_second(self) -> int:
        """Frames in what is counted as a second, as `Frames.per_second` has it."""
        return round(1 / frame_s(self.band.sampling_rate_hz))

    @property
    def n_frames(self) -> int:
        """Number of whole frames."""
        return self.group.channels[0].n_samples // self.raw_length

    def read_raw(self, first: int, stop: int) -> Samples:
        """Return samples ``[first, stop)`` of all channels as read, shape ``(n_channels, stop - first)``."""
        rate_hz = self.band.sampling_rate_hz
        names = [channel.name for channel in self.group.channels]
        return self.recording.read_rows(names, first / rate_hz, stop / rate_hz)

    @property
    def n_blocks(self) -> int:
        """Number of blocks that the grid is cut into."""
        return -(-self.n_frames // self._step)

    @property
    def _margin(self) -> int:
        """Frames around a block."""
        return round(_MARGIN_S / self.frame_s)

    @property
    def _step(self) -> int:
        """Frames that a block hands on: whole seconds, as noise is kept."""
        most = min(_BLOCK_SAMPLES, _BLOCK_VALUES // len(self.group.channels))
        wanted = max(4 * self._margin, most // self.raw_length - 2 * self._margin)
        return max(1, wanted // self.frames_per_second) * self.frames_per_second

    def blocks(self, whitening: Whitening) -> Iterator[Block]:
        """Give the grid block by block."""
        return (self.block(number, whitening) for number in range(self.n_blocks))

    def block(self, number: int, whitening: Whitening) -> Block:
        """Return a block by its number from 0; it depends on no other."""
        first, margin = number * self._step, self._margin
        stop = min(first + self._step, self.n_frames)
        begin, end = max(0, first - margin), min(self.n_frames, stop + margin)
        raw = self.read_raw(begin * self.raw_length, end * self.raw_length)
        found = check(raw, self.raw_length, self.band.sampling_rate_hz)
        plain, white = self.filter(raw, begin, whitening)
        return Block(
            first_frame=first,
            core=slice(first - begin, stop - begin),
            length=self.length,
            plain=plain,
            white=white,
            raw=found,
            usable=np.asarray(found.usable(self.frame_s).all(axis=0), dtype=np.bool_),
        )

    def filter(self, raw: Samples, first_frame: int, whitening: Whitening) -> tuple[Samples, Samples]:
        """Return samples in the pass band, and whitened ones, both at the working rate and as long as the frames."""
        edge = min(round(_MARGIN_S * self.band.sampling_rate_hz), raw.shape[1] - 1) // self.band.every * self.band.every
        at_end = first_frame * self.raw_length + raw.shape[1] >= self.n_frames * self.raw_length
        padded = _with_ends(raw, edge if first_frame == 0 else 0, edge if at_end else 0)
        length = transform_length(padded.shape[1], self.band)
        spectrum = spectrum_of(padded, length)
        begin = edge // self.band.every if first_frame == 0 else 0
        kept = slice(begin, begin + raw.shape[1] // self.band.every)
        plain = filtered(spectrum, gain_of(self.band, length), length, self.band)[:, kept]
        if self.mains_hz is not None:
            return self._without_hum(plain, first_frame, whitening)
        gain = gain_of(self.band, length, whitening.temporal)
        return plain, whitening.spatial @ filtered(spectrum, gain, length, self.band)[:, kept]

    def _without_hum(self, plain: Samples, first_frame: int, whitening: Whitening) -> tuple[Samples, Samples]:
        rate_hz = self.band.working_rate_hz
        first, n_samples = first_frame * self.length, self.n_frames * self.length
        hum = float(self.mains_hz or 0.0)
        clean = np.array(
            [without_mains(row, first, n_samples, rate_hz, hum, self.band.high_hz) for row in plain], dtype=np.float32
        )
        return clean, whitening.apply(clean)


def _with_ends(raw: Samples, before: int, after: int) -> Samples:
    """Turn so many samples round the first and the last one, so that the filter meets no step there.

    Blocks inside a recording have margins in its place. The first sample is taken for zero.
    """
    first, last = raw[:, :1].copy(), raw[:, -1:]
    if not before and not after:
        return np.subtract(raw, first, out=raw)
    parts = [2 * first - raw[:, before:0:-1], raw, 2 * last - raw[:, -2 : -2 - after : -1]]
    return (
        np.concatenate([part for part, wanted in zip(parts, (before, 1, after), strict=True) if wanted], axis=1) - first
    )
