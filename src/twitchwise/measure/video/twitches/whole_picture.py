"""What moves as a whole: the camera, breathing, the limb; a smooth field fitted to each picture and taken out.

A camera that shifts, turns, nears and reads its rows one after the other moves a picture by a field that is close to
linear in x and y; what a curved surface adds follows the same movements, block by block, and is taken out with them
(``scene``). A field of second degree would bend around a wide twitch. The fit weighs blocks by their noise and lets go
of those that do not follow it (Tukey's biweight).
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.twitches.evenly import EvenField, Series, over_gaps
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

ROUNDS = 4
OUTLIER = 4.0  # spreads beyond which a block has no say
BLOCKS_PER_TERM = 4  # with fewer blocks for each term only a shift is fitted
NORMAL = 1.4826  # standard deviations in a normal variable's median absolute deviation


@dataclass(frozen=True, kw_only=True, eq=False)
class WholePicture:
    """Movement of the picture as a whole and what is left.

    Parameters
    ----------
    terms
        Coefficients of the smooth field, those of x, then those of y, each beginning with its mean shift; shape
        ``(n_samples, n_terms)``.
    left_px
        Displacement that it leaves, shape ``(n_samples, n_blocks, 2)``.
    """

    terms: FloatArray
    left_px: Series

    @property
    def shift_px(self) -> FloatArray:
        """Mean shift of the picture in x and y, shape ``(n_samples, 2)``."""
        half = self.terms.shape[1] // 2
        return self.terms[:, [0, half]]


def taken_out(field: EvenField) -> WholePicture:
    """Return the movement of the picture as a whole, and the field without it."""
    smooth, seen = _linear(field), ~field.missing
    parts = [_fitted(field.shift_px[..., axis], field.trust[:, axis], seen, smooth) for axis in (0, 1)]
    left_px = over_gaps(np.stack([left for _, left in parts], axis=2), field.missing, field.told)
    return WholePicture(terms=np.concatenate([terms for terms, _ in parts], axis=1), left_px=left_px)


def seen_beyond(field: EvenField, hidden: BoolArray) -> FloatArray:
    """Return shift, turn and size of the picture as blocks tell that are not hidden, shape ``(n_samples, 6)``."""
    smooth, trust, seen = _linear(field), field.trust * ~hidden[:, np.newaxis], ~field.missing
    parts = [_fitted(field.shift_px[..., axis], trust[:, axis], seen, smooth)[0] for axis in (0, 1)]
    return np.concatenate(parts, axis=1)


def _linear(field: EvenField) -> FloatArray:
    """Return the terms of the smooth field at each block, shape ``(n_blocks, n_terms)``."""
    middle = field.centers_px.mean(axis=0)
    x, y = ((field.centers_px - middle) / max(np.abs(field.centers_px - middle).max(), 1.0)).T
    terms = [np.ones_like(x), x, y]
    return np.stack(terms if field.told.sum() >= BLOCKS_PER_TERM * len(terms) else terms[:1], axis=1)


def _fitted(shift_px: Series, trust: FloatArray, seen: BoolArray, smooth: FloatArray) -> tuple[FloatArray, Series]:
    """Return coefficients, shape ``(n_samples, n_terms)``, and what they leave of a shift along one axis.

    What was filled in has no say.
    """
    used = np.flatnonzero(trust)
    n_terms = smooth.shape[1]
    if used.size < n_terms:
        return np.zeros((len(shift_px), n_terms)), np.zeros_like(shift_px)
    basis, known = smooth[used], shift_px[:, used].astype(np.float64)
    products = (basis[:, :, np.newaxis] * basis[:, np.newaxis]).reshape(used.size, -1)
    there = seen[:, used]
    weight = trust[used] * there
    for _ in range(ROUNDS):
        normal = (weight @ products).reshape(-1, n_terms, n_terms)
        ridge = (1e-9 * np.trace(normal, axis1=1, axis2=2)[:, np.newaxis, np.newaxis] + 1e-12) * np.eye(n_terms)
        terms = np.linalg.solve(normal + ridge, ((weight * known) @ basis)[..., np.newaxis])[..., 0]
        scaled = (known - terms @ basis.T) * np.sqrt(trust[used])
        spread = NORMAL * np.median(np.abs(scaled), axis=1, keepdims=True) + 1e-12
        weight = there * trust[used] * np.square(1 - np.minimum(np.abs(scaled) / (OUTLIER * spread), 1) ** 2)
    left = np.zeros_like(shift_px)
    left[:, used] = (known - terms @ basis.T).astype(np.float32)
    return terms, left
