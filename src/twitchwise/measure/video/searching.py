"""Looks for a texture that moved farther than it is followed step by step, as that of a limb that shakes."""

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import FloatArray

Plane = npt.NDArray[np.float32]

SMALLER = 2  # times, in which it is looked for
REACH_PX = 24  # of the smaller picture, to each side of where it is expected


def searched(texture: Plane, picture: Plane, expected_px: FloatArray) -> FloatArray:
    """Return the shift at which a texture is most alike a picture, near an expected one.

    Parameters
    ----------
    texture
        Of the reference, 0 where it is not to be looked at; shape ``(height, width)``, mean about 0.
    picture
        In which it is looked for, of the same shape and kind.
    expected_px
        Shift in x and y around which it is looked for.

    Returns
    -------
    FloatArray
        Shift in x and y, to about half a pixel; the expected one where there is no texture, or none in reach.
    """
    small, within = (_smaller(one) for one in (texture, picture))
    rows, columns = (np.flatnonzero((small != 0).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return expected_px
    template = small[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    corner = np.array([columns[0], rows[0]])
    left, top = np.round(expected_px / SMALLER).astype(int) + corner - REACH_PX
    window = _cut(within, top, left, template.shape[0] + 2 * REACH_PX, template.shape[1] + 2 * REACH_PX)
    if not window.any():
        return expected_px
    alike = np.nan_to_num(cv2.matchTemplate(window, template, cv2.TM_CCORR_NORMED)).astype(np.float64)
    y, x = np.unravel_index(int(alike.argmax()), alike.shape)
    place = np.array([x + _beside(alike[y], int(x)), y + _beside(alike[:, x], int(y))])
    shift: FloatArray = SMALLER * (place + np.array([left, top]) - corner)
    return shift


def _smaller(whole: Plane) -> Plane:
    size = (whole.shape[1] // SMALLER, whole.shape[0] // SMALLER)
    cut = whole[: size[1] * SMALLER, : size[0] * SMALLER]
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _cut(picture: Plane, top: int, left: int, height: int, width: int) -> Plane:
    """Return part of a picture, 0 beyond its edges."""
    part = np.zeros((height, width), np.float32)
    bottom, right = (
        int(np.clip(one, 0, most)) for one, most in zip((top + height, left + width), picture.shape, strict=True)
    )
    first, second = (int(np.clip(one, 0, most)) for one, most in zip((top, left), picture.shape, strict=True))
    part[first - top : bottom - top, second - left : right - left] = picture[first:bottom, second:right]
    return part


def _beside(values: FloatArray, at: int) -> float:
    """Return how far beside its greatest value the top of a parabola lies, at most half a step."""
    if not 0 < at < values.size - 1:
        return 0.0
    before, top, after = (float(one) for one in values[at - 1 : at + 2])
    bend = 2 * top - before - after
    return float(np.clip((after - before) / (2 * bend), -0.5, 0.5)) if bend > 0 else 0.0
