"""What a small displacement does to each block of a picture, and the weights that read it off a difference of pictures.

Least squares on the gradients of brightness (Lucas and Kanade 1981, An iterative image registration technique with an
application to stereo vision, IJCAI 2:674-679), with two more unknowns a block, gain and offset of brightness, so that
flicker of lamps and automatic exposure are no motion. The gradients are those of the reference, so that they are taken
once a film (Baker and Matthews 2004, https://doi.org/10.1023/B:VISI.0000011205.11775.fd).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import FloatArray, IntArray

Gray = npt.NDArray[np.float32]
"""Brightness of a picture or of blocks of it, or displacements, single precision."""
# Gradients are smoothed by so many pixels, which widens the range in which a displacement is told in one step.
_SMOOTHING_PX = 1.2
_RIM_PX = 3.0
# Derivative of five points, exact for cubics.
_FIVE_POINTS = np.array([[1.0, -8.0, 0.0, 8.0, -1.0]], dtype=np.float32) / 12
# A displacement is believed to be no larger than this beforehand, for noise of so many gray levels; it keeps directions
# that the texture does not tell at 0 and does not touch the others.
_BELIEVED_PX = 1.0
_BELIEVED_GAIN = 0.3
_NOISE_GRAY = 1.5
# What white noise of one gray level adds to the product of smoothed and plain gradients at each pixel: the plain
# derivative's autocorrelation under the smoothing. A texture must give several times as much.
_NOISE_READ = 0.059
_OVER_NOISE = 5.0
# A picture differs from a shifted reference by this share of its contrast at least: it turns, blurs and shines too.
_MISFIT = 0.3
_GAIN_MOST = 0.5
# A texture is an edge where it tells displacement along itself by less than this share of what it tells across.
_EDGE = 0.1
# A direction is told where a displacement of 1 is read as at least this; noise of the reference alone reads less.
_TOLD = 0.95


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockTemplates:
    """Weights for those blocks of a reference picture that have texture.

    Parameters
    ----------
    rows, columns, edge_px
        The grid of all blocks, and the edge of one.
    told
        Numbers of the blocks with texture, ``row * columns + column``, shape ``(n_told,)``.
    reference
        Their brightness in the reference, shape ``(n_told, edge_px ** 2)``.
    filters
        Smoothed gradients in x and y, and brightness without its mean, shape ``(n_told, edge_px ** 2, 3)``.
    solution
        What gives shift in x and y and gain of a difference's products with the filters and of its sum,
        ``(n_told, 4, 3)``.
    explained
        What gives the energy that the filters explain of it, ``(n_told, 4, 4)``.
    directions
        Projection on the directions that the texture tells, shape ``(n_told, 2, 2)``: 1 but along an edge.
    response
        What a displacement is read as, shape ``(n_told, 2, 2)``: the less the texture tells of a direction, the less.
    spread_px
        Standard deviation of a shift in x and y for noise of one gray level, shape ``(n_told, 2)``; infinite along an
        edge.
    least_spread_px
        The same in the direction that is told best, shape ``(n_told,)``.
    contrast
        Standard deviation of the reference's brightness in each, shape ``(n_told,)``.
    """

    rows: int
    columns: int
    edge_px: int
    told: IntArray
    reference: Gray
    filters: Gray
    solution: Gray
    explained: Gray
    directions: FloatArray
    response: FloatArray
    spread_px: FloatArray
    least_spread_px: FloatArray
    contrast: FloatArray

    @property
    def corners_px(self) -> Gray:
        """Upper left corner of each block with texture in pixels, x and y, shape ``(n_told, 2)``."""
        row, column = np.divmod(self.told, self.columns)
        return (np.stack([column, row], axis=1) * self.edge_px).astype(np.float32)

    def read(self, blocks: Gray, which: IntArray | slice = slice(None)) -> tuple[Gray, Gray]:
        """Return the shift of each block, and what of its picture the shift leaves unexplained.

        Parameters
        ----------
        blocks
            Brightness in pictures, shape ``(n, n_pictures, edge_px ** 2)``; changed in place.
        which
            Which of the blocks with texture these are; all if left out.

        Returns
        -------
        shift_px
            Shape ``(n, n_pictures, 2)``.
        left_over
            Root mean square of the brightness that shift, gain and offset leave, shape ``(n, n_pictures)``.
        """
        blocks -= self.reference[which][:, np.newaxis]
        products = np.concatenate([blocks @ self.filters[which], blocks.sum(axis=2, keepdims=True)], axis=2)
        energy = np.einsum("bfi,bfi->bf", blocks, blocks)
        energy -= np.einsum("bfk,bfk->bf", products @ self.explained[which], products)
        left_over = np.sqrt(np.maximum(energy, 0) / self.edge_px**2)
        found = products @ self.solution[which]
        # without its own contrast a block is not itself: anything even would fit it
        left_over[np.abs(found[..., 2]) > _GAIN_MOST] = np.inf
        return found[..., :2], left_over


def in_blocks(picture: npt.NDArray[np.generic], edge_px: int) -> Gray:
    """Return a picture block by block, shape ``(n_blocks, edge_px ** 2)``; what is over at the edges is left out."""
    rows, columns = picture.shape[0] // edge_px, picture.shape[1] // edge_px
    cut = picture[: rows * edge_px, : columns * edge_px].reshape(rows, edge_px, columns, edge_px)
    return cut.swapaxes(1, 2).reshape(rows * columns, edge_px * edge_px).astype(np.float32, copy=False)


def block_templates(reference: Gray, edge_px: int, noise_gray: float) -> BlockTemplates:
    """Return the weights for a reference picture.

    Parameters
    ----------
    reference
        Brightness, shape ``(height, width)``.
    edge_px
        Edge of a block.
    noise_gray
        Standard deviation of the reference's own noise in gray levels.
    """
    effects, filters = _effects(reference, edge_px, 0.0), _effects(reference, edge_px, _SMOOTHING_PX)
    filters[:, :2] *= _inside(edge_px)
    noise = np.maximum(_NOISE_GRAY, _MISFIT * np.std(in_blocks(reference, edge_px), axis=1))
    prior = np.square(noise)[:, np.newaxis, np.newaxis] * np.diag([_BELIEVED_PX**-2] * 2 + [_BELIEVED_GAIN**-2, 1e-4])
    solution = np.linalg.inv(filters @ effects.swapaxes(1, 2) + prior)
    explained = np.linalg.inv(filters @ filters.swapaxes(1, 2) + prior * np.diag([0, 0, 1, 1]) + 1e-3 * np.eye(4))
    weights = solution @ filters
    covariance = weights[:, :2] @ weights[:, :2].swapaxes(1, 2)
    response = (weights @ effects.swapaxes(1, 2))[:, :2, :2]
    products = np.einsum("bii->bi", (filters @ effects.swapaxes(1, 2))[:, :2, :2])
    of_noise = noise_gray**2 * _NOISE_READ * float(_inside(edge_px).sum())
    least, directions = _told(response, covariance)
    least[products.max(axis=1) < _OVER_NOISE * of_noise] = np.inf
    spread = np.where(directions[:, [0, 1], [0, 1]] > _TOLD, np.sqrt(covariance[:, [0, 1], [0, 1]]), np.inf)
    told = np.flatnonzero(np.isfinite(least))
    true_products = filters[told] @ effects[told].swapaxes(1, 2) - of_noise * np.diag([1, 1, 0, 0])
    read_as = (solution[told] @ true_products)[:, :2, :2]
    solution = solution[told, :3]
    solution[:, :2] = _unshrunk(read_as, directions[told]) @ solution[:, :2]
    blocks = in_blocks(reference, edge_px)[told]
    return BlockTemplates(
        rows=reference.shape[0] // edge_px,
        columns=reference.shape[1] // edge_px,
        edge_px=edge_px,
        told=told,
        reference=blocks,
        filters=np.ascontiguousarray(filters[told, :3].swapaxes(1, 2), dtype=np.float32),
        solution=solution.swapaxes(1, 2).astype(np.float32),
        explained=explained[told].astype(np.float32),
        directions=directions[told],
        response=(response[told] @ directions[told]).astype(np.float64),
        spread_px=spread[told],
        least_spread_px=least[told],
        contrast=blocks.std(axis=1).astype(np.float64),
    )


def _unshrunk(read_as: FloatArray, directions: FloatArray) -> FloatArray:
    """Return what makes a displacement of 1 read as 1 in the directions that are told.

    What is believed beforehand shrinks it, and so does the noise of the reference, which is in the gradients too.
    """
    both = np.linalg.det(directions) > 0.5  # noqa: PLR2004 - it is 0 along an edge, else 1
    along = np.einsum("bij,bji->b", read_as, directions)
    factor: FloatArray = directions / np.maximum(along, 0.5)[:, np.newaxis, np.newaxis]
    factor[both] = np.linalg.inv(read_as[both] + 1e-6 * np.eye(2))
    return factor


def _inside(edge_px: int) -> FloatArray:
    """Return weights that fall to 0 at the rim, so that a block does not follow what passes beside it."""
    ramp = np.minimum(np.arange(edge_px) / _RIM_PX, 1.0)
    side = np.minimum(ramp, ramp[::-1])
    return np.outer(side, side).ravel()


def _effects(picture: Gray, edge_px: int, smoothing_px: float) -> FloatArray:
    """Return what shift in x, shift in y, gain and offset do to each block, shape ``(n_blocks, 4, edge_px ** 2)``."""
    smooth = cv2.GaussianBlur(picture, (0, 0), smoothing_px) if smoothing_px else picture
    along_x = cv2.filter2D(smooth, cv2.CV_32F, _FIVE_POINTS)
    along_y = cv2.filter2D(smooth, cv2.CV_32F, _FIVE_POINTS.T)
    parts = [in_blocks(part, edge_px).astype(np.float64) for part in (along_x, along_y, picture)]
    brightness = parts[2] - parts[2].mean(axis=1, keepdims=True)
    # a picture that lies farther right shows at each place what was left of it: the sign turns
    return np.stack([-parts[0], -parts[1], brightness, np.ones_like(brightness)], axis=1)


def _told(response: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the spread in the direction that is told best, infinite where none is, and all directions told."""
    strength, axes = np.linalg.eigh((response + response.swapaxes(1, 2)) / 2)
    strength = np.minimum(strength, 1 - 1e-9)
    information = strength / (1 - strength)
    strength[information[:, 0] < _EDGE * information[:, 1], 0] = 0.0
    best = axes[:, :, 1]
    spread = np.sqrt(np.einsum("bi,bij,bj->b", best, covariance, best))
    directions = np.einsum("bik,bk,bjk->bij", axes, (strength > _TOLD).astype(np.float64), axes)
    return np.where(strength[:, 1] > _TOLD, spread, np.inf), directions
