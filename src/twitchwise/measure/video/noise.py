"""Noise of displacements: what the noise of the picture alone gives, judged from the film itself."""

import warnings
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.templates import BlockTemplates, Gray
from twitchwise.vocabulary.arrays import FloatArray

# A normal variable's standard deviation is this times its median absolute value.
_NORMAL = 1.4826
# Second differences of white noise have six times its variance.
_OF_SECOND_DIFFERENCES = 6.0**0.5
# More than this is motion in nearly all of the picture.
_SHARED_MOST = 3.0
# Fewer pictures do not tell noise from motion.
_PICTURES_LEAST = 8
# Brightness comes in whole gray levels: no block has less noise than rounding gives it.
_GRAY_LEAST = 12**-0.5
# Steps of a second difference that is taken over all pictures: enough for a median.
_MOST_PICTURES = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftNoise:
    """Standard deviations of displacements in pixels: in x and y, ``(n_blocks, 2)``, and in the best direction."""

    along_axes_px: FloatArray
    least_px: FloatArray


def noise_of(shift_px: Gray, left_over: Gray, templates: BlockTemplates) -> ShiftNoise:
    """Return the noise of displacements.

    What displacement and brightness leave of a picture gives the noise of a pixel. Neighboring pixels share some of it,
    by compression and by the camera's own smoothing; how much that adds is the ratio to the second differences over
    time, in the quarter of blocks where it is least, because motion adds to those.

    Parameters
    ----------
    shift_px, left_over
        As `BlockTemplates.fit` gives them, of all pictures.
    templates
        The blocks.
    """
    n_blocks = templates.rows * templates.columns
    along_axes, least = np.full((n_blocks, 2), np.inf), np.full(n_blocks, np.inf)
    told = templates.told
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a block that was never seen has no median
        gray = np.nanmedian(left_over[:: max(1, len(left_over) // _MOST_PICTURES), told], axis=0)
    gray = np.maximum(np.nan_to_num(gray, nan=np.inf), _GRAY_LEAST).astype(np.float64)
    along_axes[told] = templates.spread_px * gray[:, np.newaxis]
    least[told] = templates.least_spread_px * gray
    shared = _shared(shift_px, along_axes)
    return ShiftNoise(along_axes_px=along_axes * shared, least_px=least * shared)


def _shared(shift_px: Gray, white_px: FloatArray) -> float:
    """Return by how much noise is greater than if each pixel had its own."""
    told = np.isfinite(white_px)
    if len(shift_px) < _PICTURES_LEAST or not told.any():
        return 1.0
    series = shift_px[:_MOST_PICTURES, told]
    series = series[np.isfinite(series).all(axis=1)]
    if len(series) < _PICTURES_LEAST:
        return 1.0
    curved = np.abs(series[2:] - 2 * series[1:-1] + series[:-2])
    seen = _NORMAL * np.median(curved, axis=0) / _OF_SECOND_DIFFERENCES
    ratio = seen / white_px[told]
    ratio = ratio[np.isfinite(ratio)]
    return min(max(1.0, float(np.quantile(ratio, 0.25))), _SHARED_MOST) if ratio.size else 1.0
