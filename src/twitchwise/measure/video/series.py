"""Displacements of blocks as evenly sampled series that a spectrum can be taken of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.camera import PictureMotion, told_axes
from twitchwise.measure.video.field import MotionField
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A block that was not seen in more than this share of the pictures is left out.
_UNSEEN_MOST = 0.2
# Blocks noisier than this tell nothing that the others do not tell better.
_NOISE_MOST_PX = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockSeries:
    """Displacements of those axes of blocks that tell one, without the picture's own motion.

    Parameters
    ----------
    field
        All blocks.
    motion
        Motion of the picture that is taken out; ``None`` for none.
    blocks, axes
        Block and axis (0 for x, 1 for y) of each series, shape ``(n_series,)``.
    sampling_rate_hz
        Pictures per second; series of uneven films are interpolated to it.
    """

    field: MotionField
    motion: PictureMotion | None
    blocks: IntArray
    axes: IntArray
    sampling_rate_hz: float

    @property
    def n_samples(self) -> int:
        """Samples of a series."""
        return int(np.floor(self.field.times_s[-1] * self.sampling_rate_hz + 1e-6)) + 1

    def read(self, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of all series in pixels, shape ``(stop - start, n_series)``."""
        times = np.arange(start, stop) / self.sampling_rate_hz
        after = np.clip(np.searchsorted(self.field.times_s, times), 1, len(self.field.times_s) - 1)
        first, last = int(after[0]) - 1, int(after[-1]) + 1
        frames = self._frames(first, last)
        before = self.field.times_s[after - 1]
        share = ((times - before) / (self.field.times_s[after] - before))[:, np.newaxis]
        near, far = frames[after - 1 - first], frames[after - first]
        return near * (1 - share) + far * share

    def _frames(self, first: int, last: int) -> FloatArray:
        frames = self.field.shift_px[first:last, self.blocks, self.axes].astype(np.float64)
        if self.motion is not None:
            moved = self.motion.at(self.field.centers_px, slice(first, last))
            frames -= moved[:, self.blocks, self.axes]
        return _filled(frames)


def block_series(field: MotionField, motion: PictureMotion | None, sampling_rate_hz: float) -> BlockSeries:
    """Return the series of a field; of a slanted edge both axes, of another edge the one across it."""
    told = told_axes(field)
    slanted = np.isfinite(field.least_noise_px) & ~told.any(axis=1)
    kept = (told | slanted[:, np.newaxis]) & (field.least_noise_px < _NOISE_MOST_PX)[:, np.newaxis]
    kept &= (np.isnan(field.shift_px[..., 0]).mean(axis=0) <= _UNSEEN_MOST)[:, np.newaxis]
    blocks, axes = np.nonzero(kept)
    return BlockSeries(field=field, motion=motion, blocks=blocks, axes=axes, sampling_rate_hz=sampling_rate_hz)


def pieces(n_samples: int, piece: int) -> Iterator[tuple[int, int]]:
    """Give starts and ends of pieces that overlap by half and reach from the first sample to the last."""
    n_pieces = max(1, int(np.ceil(2 * (n_samples - piece) / piece)) + 1) if n_samples > piece else 1
    for start in np.linspace(0, max(n_samples - piece, 0), n_pieces).astype(int):
        yield int(start), int(min(start + piece, n_samples))


def _filled(frames: FloatArray) -> FloatArray:
    """Fill pictures in which a block was not seen from those before and after."""
    missing: BoolArray = np.isnan(frames)
    numbers = np.arange(len(frames))
    for column in np.flatnonzero(missing.any(axis=0)):
        seen = ~missing[:, column]
        frames[:, column] = np.interp(numbers, numbers[seen], frames[seen, column]) if seen.any() else 0.0
    return frames
