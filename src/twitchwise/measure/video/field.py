"""Motion in a film, block by block of the picture, to a fraction of a pixel."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class MotionField:
    """How far each block of the picture lay from where it lay in the reference picture.

    Parameters
    ----------
    times_s
        When each picture was taken, shape ``(n_frames,)``.
    rows, columns
        The blocks, as a grid over the picture; block number ``row * columns + column``.
    centers_px
        Middle of each block, x and y in pixels from the upper left corner, shape ``(n_blocks, 2)``.
    block_px
        Edge of a block in pixels.
    shift_px
        Displacement in x and y, shape ``(n_frames, n_blocks, 2)``; NaN where it cannot be told.
    noise_px
        Standard deviation of a displacement that the noise of the picture alone gives, in x and y, shape
        ``(n_blocks, 2)``; infinite along an edge and where there is no texture.
    least_noise_px
        The same in the direction in which the block tells displacement best, across an edge, shape ``(n_blocks,)``; of
        a slanted edge, x and y hold what the displacement across it has along them. The least of ``noise_px`` if left
        out.
    joins
        Numbers of the pictures at which a new reference picture was taken, because the old one was no longer to be
        seen; displacements may jump there.
    brightness
        Mean brightness of each picture in strips from top to bottom, shape ``(n_frames, n_strips)``; empty where it was
        not kept. It tells a lamp's flicker.

    Raises
    ------
    OutOfRangeError
        If the shapes do not fit.
    """

    times_s: FloatArray
    rows: int
    columns: int
    centers_px: FloatArray
    block_px: float
    shift_px: npt.NDArray[np.float32]
    noise_px: FloatArray
    least_noise_px: FloatArray = field(default_factory=lambda: np.empty(0))
    joins: tuple[int, ...] = ()
    brightness: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        if not self.least_noise_px.size:
            object.__setattr__(self, "least_noise_px", self.noise_px.min(axis=-1))
        n_blocks = self.rows * self.columns
        shapes = (self.centers_px.shape, self.shift_px.shape, self.noise_px.shape, self.least_noise_px.shape)
        if shapes != ((n_blocks, 2), (self.times_s.size, n_blocks, 2), (n_blocks, 2), (n_blocks,)):
            raise OutOfRangeError(f"arrays of a motion field must fit {n_blocks} blocks, got shapes {shapes!r}.")
