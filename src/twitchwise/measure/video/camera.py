"""Motion that the picture has as a whole, as a hand gives it that holds the camera, and what blocks do beside it."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.field import MotionField
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# With fewer blocks than this a motion of the picture cannot be told from one of what it shows.
_BLOCKS_LEAST = 12
_STEPS = 12
_SETTLED_PX = 0.005  # further steps change less
# Tukey's biweight: blocks that move by so many times the usual deviation beside the camera do not count.
_TUKEY = 4.685
_NORMAL = 1.4826
# One block is not trusted to less than this, however sharp it is.
_NOISE_LEAST_PX = 0.02
_AT_ONCE = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class PictureMotion:
    """Motion of the picture as a whole.

    Parameters
    ----------
    shift_px
        Of the picture's middle, x and y in pixels, shape ``(n_frames, 2)``.
    turn_rad
        By how much it turned, shape ``(n_frames,)``.
    growth
        By how much it grew, 0 for none, shape ``(n_frames,)``.
    middle_px
        The picture's middle, x and y.
    """

    shift_px: FloatArray
    turn_rad: FloatArray
    growth: FloatArray
    middle_px: FloatArray

    def at(self, places_px: FloatArray, frames: slice = slice(None)) -> FloatArray:
        """Return how far it moved places, shape ``(n, 2)``, in pictures: shape ``(n_frames, n, 2)``."""
        x, y = (places_px - self.middle_px).T
        turn, growth = self.turn_rad[frames, np.newaxis], self.growth[frames, np.newaxis]
        moved = np.stack([growth * x - turn * y, turn * x + growth * y], axis=-1)
        return moved + self.shift_px[frames, np.newaxis]


def told_axes(field: MotionField) -> BoolArray:
    """Tell which axes of which blocks tell displacement, shape ``(n_blocks, 2)``."""
    return np.isfinite(field.noise_px)


def picture_motion(field: MotionField, *, with_growth: bool = True) -> PictureMotion | None:
    """Return the motion that most blocks share, or ``None`` where too few blocks tell one.

    A least-squares fit in which each block counts by its noise, and not at all where it moves by itself (Tukey's
    biweight; Beaton and Tukey 1974, https://doi.org/10.1080/00401706.1974.10489171).

    Parameters
    ----------
    field
        Motion of the blocks.
    with_growth
        Whether the picture may also have grown, as when the camera comes nearer.
    """
    told = told_axes(field)
    if told.any(axis=1).sum() < _BLOCKS_LEAST:
        return None
    blocks = np.flatnonzero(told.any(axis=1))
    middle = field.centers_px[blocks].mean(axis=0)
    reach = max(float(np.ptp(field.centers_px[blocks], axis=0).max()) / 2, 1.0)
    design = _design((field.centers_px[blocks] - middle) / reach, with_growth=with_growth)
    trust = (1 / np.square(np.maximum(field.noise_px[blocks], _NOISE_LEAST_PX))).reshape(-1)
    parts = [
        _fit(field.shift_px[first : first + _AT_ONCE, blocks].reshape(-1, trust.size).astype(np.float64), design, trust)
        for first in range(0, len(field.shift_px), _AT_ONCE)
    ]
    found = np.concatenate(parts)
    growth = found[:, 3] / reach if with_growth else np.zeros(len(found))
    return PictureMotion(shift_px=found[:, :2], turn_rad=found[:, 2] / reach, growth=growth, middle_px=middle)


def _design(places: FloatArray, *, with_growth: bool) -> FloatArray:
    """Return what shift in x and y, turn and growth do to each block's x and y, shape ``(2 * n, 3 or 4)``."""
    x, y = places.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    columns = [(one, zero), (zero, one), (-y, x), (x, y)][: 4 if with_growth else 3]
    return np.stack([np.stack(pair, axis=1).reshape(-1) for pair in columns], axis=1)


def _middle(values: FloatArray) -> FloatArray:
    """Return the median of each picture's values that are not NaN, 0 for one without; the second axis stays, of 1."""
    nothing = np.isnan(values).all(axis=1, keepdims=True)
    middle: FloatArray = np.nanmedian(np.where(nothing, 0.0, values), axis=1, keepdims=True)
    return middle


def _fit(shift: FloatArray, design: FloatArray, trust: FloatArray) -> FloatArray:
    """Return the fit of each picture, shape ``(n_frames, n_unknowns)``, of shifts of shape ``(n_frames, 2 * n)``."""
    seen = np.isfinite(shift)
    values = np.where(seen, shift, 0.0)
    start = _middle(np.where(seen & (trust > 0), shift, np.nan).reshape(len(shift), -1, 2))[:, 0]
    found = np.zeros((len(shift), design.shape[1]))
    found[:, :2] = start
    weights = np.where(seen, trust, 0.0)
    noise = 1 / np.sqrt(np.maximum(trust, 1e-12))
    products = (design[:, :, np.newaxis] * design[:, np.newaxis]).reshape(len(design), -1)
    for _ in range(_STEPS):
        rest = np.abs(values - found @ design.T) / noise
        usual = _NORMAL * _middle(np.where(weights > 0, rest, np.nan))
        part = rest / (_TUKEY * np.maximum(usual, 1.0))
        counted = weights * np.square(np.maximum(1 - np.square(part), 0))
        left = (counted @ products).reshape(len(shift), design.shape[1], -1)
        right = (counted * values) @ design
        ridge = 1e-9 * np.trace(left, axis1=1, axis2=2)[:, np.newaxis, np.newaxis] + 1e-12
        before = found
        found = np.linalg.solve(left + ridge * np.eye(design.shape[1]), right[..., np.newaxis])[..., 0]
        if np.abs(found - before).max() < _SETTLED_PX:
            break
    return found
