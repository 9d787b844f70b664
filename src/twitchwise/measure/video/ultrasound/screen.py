"""The screen of an ultrasound device: whether a film shows one, and which parts of it never belong to the muscle."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from twitchwise.measure.video.templates import Gray
from twitchwise.signals import Picture
from twitchwise.vocabulary.arrays import BoolArray

# Pixels whose colors differ by more are colored; marks and scales are, echoes are not.
_COLORED = 40
_COLORED_SHARE = 0.05
# Tissue echoes little: the mean brightness of such a picture is below this, of 255.
_BRIGHTEST_MEAN = 115.0
# Sound tells depth finer than width, so speckle lies flat: brightness changes more from row to row.
_FLATNESS = 1.25
_DARK = 4


def is_ultrasound(pictures: Sequence[Picture]) -> bool:
    """Tell whether pictures, in color, look like a B-mode screen: gray, dark, with speckle that lies flat."""
    return all(_looks_like_screen(picture) for picture in pictures)


def colored(picture: Picture) -> BoolArray:
    """Tell which pixels are colored, shape ``(height, width)``."""
    marks: BoolArray = np.ptp(picture, axis=2) > _COLORED
    return marks


def _looks_like_screen(picture: Picture) -> bool:
    if colored(picture).mean() > _COLORED_SHARE:
        return False
    gray = picture.mean(axis=2, dtype=np.float32)
    lit = gray[gray > _DARK]
    if not lit.size or gray.mean() > _BRIGHTEST_MEAN:
        return False
    smooth = cv2.GaussianBlur(gray, (0, 0), 1.0)
    down, across = np.abs(np.diff(smooth, axis=0)), np.abs(np.diff(smooth, axis=1))
    return bool(np.median(down[smooth[1:] > _DARK]) > _FLATNESS * np.median(across[smooth[:, 1:] > _DARK]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Overlay:
    """Marks, text and scales that are drawn over the picture, and what surrounds it.

    Parameters
    ----------
    drawn
        Pixels that are colored, or bright and never change while what is around them does, ``(height, width)``.
    empty
        Pixels that are dark and never change, ``(height, width)``.
    """

    drawn: BoolArray
    empty: BoolArray


def overlay(marks: BoolArray, least: Picture | Gray, most: Picture | Gray) -> Overlay:
    """Return what is drawn over the picture.

    Parameters
    ----------
    marks
        Pixels that are colored.
    least, most
        The least and the greatest brightness that each pixel had, shape ``(height, width)``.
    """
    change = most.astype(np.float32) - least.astype(np.float32)
    around = cv2.blur(change, (15, 15))
    still = (change < _STILL) & (around > _ALIVE)
    bright = least.astype(np.float32) > _BRIGHT
    drawn = cv2.dilate((marks | (still & bright)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    empty: BoolArray = (most.astype(np.float32) <= _EMPTY) & (cv2.blur(most.astype(np.float32), (5, 5)) <= _EMPTY)
    return Overlay(drawn=drawn, empty=empty)


# Gray levels: less change than this is none, as compression leaves it; more than this around it is tissue.
_STILL = 6.0
_ALIVE = 12.0
_BRIGHT = 150.0
_EMPTY = 12.0
