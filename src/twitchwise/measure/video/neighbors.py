"""What the blocks around a block say of its displacement, in the directions that its own texture does not tell."""

import cv2
import numpy as np

from twitchwise.measure.video.templates import BlockTemplates, Gray
from twitchwise.vocabulary.arrays import FloatArray

# Blocks lean on neighbors so many blocks around at first, then farther, with so much less weight.
_REACHES_BLOCKS = (0.7, 2.0, 8.0)
_WEIGHTS = (1.0, 1e-2, 1e-4)
_VOID = 1e-12  # keeps what no block tells at 0
# Edges that are nearly parallel tell nothing of displacement along them, beyond this share of what they tell across.
_EDGE = 0.05


class Neighbors:
    """Smooths displacements over the grid, each block weighing by what its texture tells, direction by direction."""

    def __init__(self, templates: BlockTemplates) -> None:
        self._shape = (templates.rows, templates.columns)
        self._told = templates.told
        information = templates.directions / np.square(templates.least_spread_px)[:, np.newaxis, np.newaxis]
        strength = np.trace(information, axis1=1, axis2=2)
        # one very sharp block must not outweigh a hundred others
        limit = np.minimum(1.0, 10 * np.median(strength) / strength) if strength.size else strength
        self._information: FloatArray = information * limit[:, np.newaxis, np.newaxis]
        if strength.size:
            self._information /= np.median(strength)

    def smooth(self, shift_px: Gray, trust: FloatArray) -> Gray:
        """Return the displacement that the surroundings of each place have, shape ``(rows, columns, 2)``.

        Parameters
        ----------
        shift_px
            Of the blocks with texture, shape ``(n_told, 2)``.
        trust
            Weight of each, 0 for none, shape ``(n_told,)``.
        """
        information = self._information * trust[:, np.newaxis, np.newaxis]
        told = np.einsum("bij,bj->bi", information, np.nan_to_num(shift_px))
        entries = [information[:, 0, 0], information[:, 0, 1], information[:, 1, 1], told[:, 0], told[:, 1]]
        xx, xy, yy, x, y = self._around(np.stack(entries, axis=1))
        return _solved(xx, xy, yy, x, y).astype(np.float32)

    def _around(self, entries: FloatArray) -> FloatArray:
        grid = np.zeros((self._shape[0] * self._shape[1], entries.shape[1]))
        grid[self._told] = entries
        total = np.zeros((*self._shape, entries.shape[1]))
        for reach, weight in zip(_REACHES_BLOCKS, _WEIGHTS, strict=True):
            size = 2 * int(np.ceil(3 * reach)) + 1
            for part in (slice(0, 4), slice(4, None)):  # OpenCV smooths up to four planes at once
                planes = np.ascontiguousarray(grid.reshape(total.shape)[..., part])
                blurred = cv2.GaussianBlur(planes, (size, size), reach, borderType=cv2.BORDER_CONSTANT)
                total[..., part] += weight * blurred.reshape(planes.shape)
        return np.moveaxis(total, -1, 0)


def _solved(xx: FloatArray, xy: FloatArray, yy: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the solution of two equations at each place, 0 in a direction that is told much less than the other."""
    middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    cosine, sine = np.cos(angle), np.sin(angle)
    strong = (cosine * x + sine * y) / (middle + half + _VOID)
    weak = np.where(middle - half > _EDGE * (middle + half), 1 / (middle - half + _VOID), 0.0) * (cosine * y - sine * x)
    return np.stack([cosine * strong - sine * weak, sine * strong + cosine * weak], axis=-1)
