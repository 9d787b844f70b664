"""A field of motion made even in time, with few enough blocks, and with what is missing known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.measure.video.field import MotionField
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

Series = npt.NDArray[np.float32]
"""Series in time, first axis, of blocks and directions."""

MOST_BLOCKS = 900  # more are pooled two by two: finer ones than a thirtieth of the picture tell no more of a twitch
PRESENT = 0.8  # share of pictures in which a block must be seen
FLOOR_PX = 0.02  # noise that no block is trusted to be below: values between pixels are no better


@dataclass(frozen=True, kw_only=True, eq=False)
class EvenField:
    """A field of motion, evenly sampled.

    Parameters
    ----------
    rate_hz
        Samples per second.
    rows, columns, block_px
        The grid of blocks and the edge of one in pixels.
    centers_px
        Middles of the blocks, shape ``(n_blocks, 2)``.
    shift_px
        Displacement, without gaps, shape ``(n_samples, n_blocks, 2)``.
    trust
        One over the variance of a displacement's noise, 0 for a block that tells nothing; shape ``(n_blocks, 2)``.
    missing
        Where a displacement was not told and has been filled in, shape ``(n_samples, n_blocks)``.
    """

    rate_hz: float
    rows: int
    columns: int
    block_px: float
    centers_px: FloatArray
    shift_px: Series
    trust: FloatArray
    missing: BoolArray

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return int(self.shift_px.shape[0])

    @property
    def told(self) -> BoolArray:
        """Which blocks tell a displacement along at least one axis, shape ``(n_blocks,)``."""
        return np.asarray(self.trust.any(axis=1), dtype=np.bool_)


def made_even(field: MotionField) -> EvenField:
    """Return a field sampled at even times, one sample for each median step of the film."""
    field = _pooled(field) if field.rows * field.columns > MOST_BLOCKS else field
    missing = np.isnan(field.shift_px).any(axis=2) | _beyond_the_edge(field)
    missing[list(field.joins)] = True
    present = missing.mean(axis=0) <= 1 - PRESENT
    trust = np.where(np.isfinite(field.noise_px), 1 / (np.square(field.noise_px) + FLOOR_PX**2), 0.0)
    rate_hz = 1 / float(np.median(np.diff(field.times_s)))
    even_s = np.arange(int(field.times_s[-1] * rate_hz + 1.5)) / rate_hz
    return EvenField(
        rate_hz=rate_hz,
        rows=field.rows,
        columns=field.columns,
        block_px=field.block_px,
        centers_px=field.centers_px,
        shift_px=_resampled(over_gaps(field.shift_px, missing, present), field.times_s, even_s),
        trust=trust * present[:, np.newaxis],
        missing=missing[np.abs(np.searchsorted(field.times_s, even_s).clip(max=field.times_s.size - 1))],
    )


def _beyond_the_edge(field: MotionField) -> BoolArray:
    """Return when a block lies partly beyond the edge of the picture, where what is left of it tells another place."""
    corner = field.centers_px.max(axis=0) + field.block_px / 2
    place = field.centers_px + np.nan_to_num(field.shift_px)
    half = field.block_px / 2 - 1  # up to a pixel at the edge is no loss
    beyond: BoolArray = ((place < half) | (place > corner - half)).any(axis=2)
    return beyond


def over_gaps(shift_px: Series, missing: BoolArray, present: BoolArray) -> Series:
    """Return shifts with straight lines over gaps, and 0 for blocks that are hardly there."""
    filled = np.where(missing[..., np.newaxis], np.float32(0), shift_px)
    samples = np.arange(len(filled))
    for block in np.flatnonzero(missing.any(axis=0) & present):
        known = ~missing[:, block]
        if known.any():
            for axis in (0, 1):
                filled[:, block, axis] = np.interp(samples, samples[known], shift_px[known, block, axis])
    filled[:, ~present] = 0
    return filled


def _resampled(shift_px: Series, times_s: FloatArray, even_s: FloatArray) -> Series:
    if even_s.size == times_s.size and np.allclose(even_s, times_s, atol=0.05 * float(even_s[1])):
        return shift_px
    before = np.clip(np.searchsorted(times_s, even_s, side="right") - 1, 0, times_s.size - 2)
    share = ((even_s - times_s[before]) / (times_s[before + 1] - times_s[before])).clip(0, 1)
    weight = share[:, np.newaxis, np.newaxis].astype(np.float32)
    resampled: Series = shift_px[before] * (1 - weight) + shift_px[before + 1] * weight
    return resampled


def _pooled(field: MotionField) -> MotionField:
    """Return a field of blocks twice as large, each the mean of four by their noise."""
    while field.rows * field.columns > MOST_BLOCKS:
        field = _halved(field)
    return field


def _halved(field: MotionField) -> MotionField:
    rows, columns = field.rows // 2, field.columns // 2
    grid = np.arange(field.rows * field.columns).reshape(field.rows, field.columns)[: 2 * rows, : 2 * columns]
    four = grid.reshape(rows, 2, columns, 2).swapaxes(1, 2).reshape(rows * columns, 4)
    weight = np.where(np.isfinite(field.noise_px), 1 / (np.square(field.noise_px) + FLOOR_PX**2), 0.0)[four]
    total = np.zeros((field.times_s.size, rows * columns, 2), np.float32)
    used = np.zeros_like(total)
    for part in range(4):
        shift, share = field.shift_px[:, four[:, part]], weight[:, part].astype(np.float32)
        there = ~np.isnan(shift) & (share > 0)
        total += np.where(there, shift * share, 0)
        used += np.where(there, share, 0)
    full = weight.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # a block counts as seen where most of what tells its place is
        shift_px = np.where(used >= PRESENT * full.astype(np.float32), total / used, np.nan)
        noise_px = np.where(full > 0, 1 / np.sqrt(full), np.inf)
    shift_px[:, (full > 0).any(axis=1)] = np.where(
        (full > 0)[(full > 0).any(axis=1)], shift_px[:, (full > 0).any(axis=1)], 0
    )
    return MotionField(
        times_s=field.times_s,
        rows=rows,
        columns=columns,
        centers_px=field.centers_px[four].mean(axis=1),
        block_px=2 * field.block_px,
        shift_px=shift_px.astype(np.float32),
        noise_px=noise_px,
        joins=field.joins,
    )
