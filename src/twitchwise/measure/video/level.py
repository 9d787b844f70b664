"""A reference picture at one size, and the blocks of another picture found in it."""

from dataclasses import dataclass

import cv2
import numpy as np

from twitchwise.measure.video.neighbors import Neighbors
from twitchwise.measure.video.templates import BlockTemplates, Gray, block_templates, in_blocks
from twitchwise.signals import Picture
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Weights tell shifts up to here in one step, to within some percent.
ONE_STEP_PX = 0.5
# No step is longer than the gradients look.
_LONGEST_STEP_PX = 1.5
# A block is lost where the picture differs from the reference by this share of the reference's contrast, beside what
# noise and compression do.
_LOST_SHARE = 0.6
_LOST_GRAY = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Where blocks were found: shift in pixels, ``(n, 2)``, and what is left over of the picture, ``(n,)``."""

    shift_px: Gray
    left_over: Gray


class Level:
    """Finds blocks of a reference picture in other pictures.

    Parameters
    ----------
    reference
        Brightness, shape ``(height, width)``.
    edge_px
        Edge of a block.
    """

    def __init__(self, reference: Gray, edge_px: int) -> None:
        self.templates: BlockTemplates = block_templates(reference, edge_px)
        self._neighbors = Neighbors(self.templates)
        y, x = np.mgrid[:edge_px, :edge_px].reshape(2, -1).astype(np.float32)
        corners = self.templates.corners_px
        self._x, self._y = corners[:, :1] + x, corners[:, 1:] + y
        self.lost_above: FloatArray = _LOST_SHARE * self.templates.contrast + _LOST_GRAY

    def near(self, picture: Picture) -> Found:
        """Find all blocks within a fraction of a pixel of where they lay, in one step."""
        blocks = in_blocks(picture, self.templates.edge_px)[self.templates.told]
        return Found(*_pair(self.templates.read(blocks)))

    def farther(self, picture: Picture, start_px: Gray, steps: int, which: IntArray | None = None) -> Found:
        """Find blocks near where they are believed to be.

        Parameters
        ----------
        picture
            Brightness.
        start_px
            Where to begin, shape ``(n, 2)``.
        steps
            So often at most each block is moved on.
        which
            Which of the blocks with texture; all if left out.
        """
        shift = start_px.copy()
        left_over = np.zeros(len(shift), dtype=np.float32)
        chosen = np.arange(len(self.templates.told)) if which is None else which
        going = np.arange(len(shift))
        for _ in range(steps):
            rest, left_over[going] = self.templates.read(
                self._moved_back(picture, shift[going], chosen[going]), chosen[going]
            )
            shift[going] += np.clip(rest, -_LONGEST_STEP_PX, _LONGEST_STEP_PX)
            going = going[np.abs(rest).max(axis=1) > ONE_STEP_PX / 2]
            if not going.size:
                break
        return Found(shift_px=shift, left_over=left_over)

    def _moved_back(self, picture: Picture, shift_px: Gray, which: IntArray) -> Gray:
        blocks: Gray = cv2.remap(
            picture,
            self._x[which] + shift_px[:, :1],
            self._y[which] + shift_px[:, 1:],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return blocks.astype(np.float32, copy=False)

    def lost(self, found: Found) -> BoolArray:
        """Tell which of all blocks are no longer to be seen."""
        lost: BoolArray = found.left_over > self.lost_above
        return lost

    def believed(self, found: Found) -> Gray:
        """Return where each block is believed to be: its own word where its texture tells, else its neighbors'.

        Edges tell displacement across them alone; along them a block goes with its surroundings.
        """
        seen = ~self.lost(found)
        around = self._neighbors.smooth(found.shift_px, seen.astype(np.float64))
        own = np.einsum("bij,bj->bi", self.templates.response, found.shift_px - around)
        return np.where(seen[:, np.newaxis], around + own, around).astype(np.float32)


def _pair(read: tuple[Gray, Gray]) -> tuple[Gray, Gray]:
    return read
