"""A reference picture at one size, and the blocks of another picture found in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from twitchwise.measure.video.neighbors import Neighbors
from twitchwise.measure.video.templates import BlockTemplates, Gray, block_templates, in_blocks
from twitchwise.signals import Picture
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Weights tell shifts up to here in one step, to within some percent.
ONE_STEP_PX = 0.4
# No step is longer than the gradients look.
_LONGEST_STEP_PX = 1.5
# OpenCV moves pictures by whole numbers of these parts of a pixel; what is rounded before is read as rest after.
_REMAP_STEPS = 32
# A block is lost where the picture differs from the reference by this share of the reference's contrast, beside what
# noise and compression do.
_LOST_SHARE = 0.6
_LOST_GRAY = 4.0
_RIM_SHARE = 0.15  # of a block's edge


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Where blocks were found.

    Parameters
    ----------
    shift_px
        Shape ``(n, 2)``.
    left_over
        What the shift leaves unexplained of the picture, gray levels, shape ``(n,)``.
    is_far
        Whether the last step was too long to be believed, or the block is not to be seen there, shape ``(n,)``.
    """

    shift_px: Gray
    left_over: Gray
    is_far: BoolArray

    def some(self, which: IntArray) -> "Found":
        """Return some of the blocks."""
        return Found(shift_px=self.shift_px[which], left_over=self.left_over[which], is_far=self.is_far[which])


class Level:
    """Finds blocks of a reference picture in other pictures.

    Parameters
    ----------
    reference
        Brightness, shape ``(height, width)``.
    edge_px
        Edge of a block.
    noise_gray
        Standard deviation of the reference's own noise in gray levels.
    """

    def __init__(self, reference: Gray, edge_px: int, noise_gray: float) -> None:
        self.templates: BlockTemplates = block_templates(reference, edge_px, noise_gray)
        self._neighbors = Neighbors(self.templates)
        y, x = np.mgrid[:edge_px, :edge_px].reshape(2, -1).astype(np.float32)
        corners = self.templates.corners_px
        self._x, self._y = corners[:, :1] + x, corners[:, 1:] + y
        self.lost_above: FloatArray = _LOST_SHARE * self.templates.contrast + _LOST_GRAY

    def near(self, pictures: Sequence[Picture | Gray]) -> list[Found]:
        """Find all blocks within a fraction of a pixel of where they lay, in one step, in each picture."""
        edge, told = self.templates.edge_px, self.templates.told
        blocks = np.empty((told.size, len(pictures), edge * edge), dtype=np.float32)
        for index, picture in enumerate(pictures):
            blocks[:, index] = in_blocks(picture, edge)[told]
        shift, left_over = self.templates.read(blocks)
        far = (np.abs(shift).max(axis=2) > ONE_STEP_PX) | (left_over > self.lost_above[:, np.newaxis])
        return [
            Found(shift_px=shift[:, index], left_over=left_over[:, index], is_far=far[:, index])
            for index in range(len(pictures))
        ]

    def farther(self, picture: Gray, start_px: Gray, which: IntArray, steps: int) -> Found:
        """Find blocks near where they are believed to be.

        Parameters
        ----------
        picture
            Brightness, single precision.
        start_px
            Where to begin, shape ``(n, 2)``.
        which
            Which of the blocks with texture, shape ``(n,)``.
        steps
            So often at most each block is moved on.
        """
        shift = start_px.copy()
        left_over = np.zeros(len(shift), dtype=np.float32)
        last = np.zeros(len(shift), dtype=np.float32)
        going = np.arange(len(shift))
        for _ in range(steps):
            shift[going] = np.round(shift[going] * _REMAP_STEPS) / _REMAP_STEPS
            blocks = self._moved_back(picture, shift[going], which[going])
            rest, left = self.templates.read(blocks[:, np.newaxis], which[going])
            left_over[going] = left[:, 0]
            shift[going] += np.clip(rest[:, 0], -_LONGEST_STEP_PX, _LONGEST_STEP_PX)
            last[going] = np.abs(rest).max(axis=(1, 2))
            going = going[last[going] > ONE_STEP_PX]
            if not going.size:
                break
        left_over[self._is_outside(shift, which, picture.shape)] = np.inf
        far = (last > ONE_STEP_PX) | (left_over > self.lost_above[which])
        return Found(shift_px=shift, left_over=left_over, is_far=far)

    def _moved_back(self, picture: Gray, shift_px: Gray, which: IntArray) -> Gray:
        blocks = cv2.remap(
            picture,
            self._x[which] + shift_px[:, :1],
            self._y[which] + shift_px[:, 1:],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(blocks, dtype=np.float32)

    def _is_outside(self, shift_px: Gray, which: IntArray, shape: tuple[int, ...]) -> BoolArray:
        """Tell which blocks lie outside the picture with more than their rim."""
        edge = self.templates.edge_px
        corner = self.templates.corners_px[which] + shift_px
        room = np.array([shape[1] - edge, shape[0] - edge]) + edge * _RIM_SHARE
        return np.asarray(((corner < -edge * _RIM_SHARE) | (corner > room)).any(axis=1))

    def lost(self, found: Found) -> BoolArray:
        """Tell which of all blocks are no longer to be seen."""
        lost: BoolArray = found.left_over > self.lost_above
        return lost

    def flow(self, shift_px: Gray, seen: BoolArray | None = None) -> Gray:
        """Return the displacement around each place of the grid, from those blocks with texture that were seen."""
        trust = np.ones(len(shift_px)) if seen is None else seen.astype(np.float64)
        return self._neighbors.smooth(shift_px, trust)

    def believed(self, found: Found) -> tuple[Gray, Gray, Gray]:
        """Return where each block is believed to be, where to look for it next, and where its surroundings are.

        Edges tell displacement across them alone; along them a block goes with its surroundings. What its texture tells
        weakly is drawn to its surroundings before the next picture, lest errors add up from picture to picture.
        """
        seen = ~self.lost(found)
        around = self.flow(found.shift_px, seen).reshape(-1, 2)[self.templates.told]
        own = found.shift_px - around
        seen &= np.abs(own).max(axis=1) < self.templates.edge_px / 2
        own[~seen] = 0
        told, drawn = (
            np.einsum("bij,bj->bi", part, own) for part in (self.templates.directions, self.templates.response)
        )
        return (around + told).astype(np.float32), (around + drawn).astype(np.float32), around
