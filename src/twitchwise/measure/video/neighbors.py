"""What the blocks around a block say of its displacement, in the directions that its own texture does not tell."""

import cv2
import numpy as np

from twitchwise.measure.video.templates import BlockTemplates, Gray
from twitchwise.vocabulary.arrays import FloatArray

# Blocks lean on neighbors so many blocks around at first, then farther, with so much less weight.
_REACHES_BLOCKS = (0.7, 2.0, 8.0)
_WEIGHTS = (1.0, 1e-2, 1e-4)
_VOID = 1e-9  # keeps a direction that no block tells at 0


class Neighbors:
    """Smooths displacements over the grid, each block weighing by what its texture tells, direction by direction."""

    def __init__(self, templates: BlockTemplates) -> None:
        self._shape = (templates.rows, templates.columns)
        self._told = templates.told
        information = templates.response / np.square(templates.least_spread_px)[:, np.newaxis, np.newaxis]
        strength = np.trace(information, axis1=1, axis2=2)
        # one very sharp block must not outweigh a hundred others
        limit = np.minimum(1.0, 10 * np.median(strength) / strength) if strength.size else strength
        self._information = (information + information.swapaxes(1, 2)) / 2 * limit[:, np.newaxis, np.newaxis]
        if strength.size:
            self._information /= np.median(strength)

    def smooth(self, shift_px: Gray, trust: FloatArray) -> Gray:
        """Return the displacement that each block's surroundings have.

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
        determinant = (xx + _VOID) * (yy + _VOID) - xy * xy
        solved = np.stack([(yy + _VOID) * x - xy * y, (xx + _VOID) * y - xy * x], axis=1) / determinant[:, np.newaxis]
        return solved.astype(np.float32)

    def _around(self, entries: FloatArray) -> list[FloatArray]:
        grid = np.zeros((self._shape[0] * self._shape[1], entries.shape[1]))
        grid[self._told] = entries
        total = np.zeros((*self._shape, entries.shape[1]))
        for reach, weight in zip(_REACHES_BLOCKS, _WEIGHTS, strict=True):
            size = 2 * int(np.ceil(3 * reach)) + 1
            blurred = [
                cv2.GaussianBlur(plane, (size, size), reach, borderType=cv2.BORDER_CONSTANT)
                for plane in np.moveaxis(grid.reshape(total.shape), -1, 0)
            ]
            total += weight * np.stack(blurred, axis=-1)
        return list(total.reshape(len(grid), -1)[self._told].T)
