"""Which pixels of a picture look like skin.

Skin of any tone reflects more red than green and more green than blue, while gray things reflect alike. The bounds on
chromaticity are those in common use for skin, a little wider toward red, where tongue and lips lie; which is assumed. A
wrong guess is said and can be corrected.
"""

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.signals import Picture
from twitchwise.vocabulary.arrays import BoolArray

CB, CR = (77.0, 127.0), (133.0, 180.0)
DARKEST = 40.0
CLOSED_SHARE = 0.02  # of the picture's width: gaps as wide, of hair and shine, are skin
LEAST_PATCH = 0.01  # of the picture: smaller patches are things of the color of skin


def skin_of(picture: Picture) -> BoolArray:
    """Return which pixels have the color of skin, shape ``(height, width)``.

    Parameters
    ----------
    picture
        In color, shape ``(height, width, 3)``.
    """
    red, green, blue = (picture[..., channel].astype(np.float32) for channel in range(3))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    bluish, reddish = 128 + 0.564 * (blue - brightness), 128 + 0.713 * (red - brightness)
    skin = (CB[0] <= bluish) & (bluish <= CB[1]) & (CR[0] <= reddish) & (reddish <= CR[1])
    return np.asarray(skin & (brightness > DARKEST), dtype=np.bool_)


def patches_of_skin(picture: Picture) -> BoolArray:
    """Return which pixels lie in a patch of skin, small gaps and holes filled, shape ``(height, width)``.

    Parameters
    ----------
    picture
        In color, shape ``(height, width, 3)``.
    """
    edge = 2 * round(CLOSED_SHARE * picture.shape[1] / 2) + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    closed = cv2.morphologyEx(skin_of(picture).astype(np.uint8), cv2.MORPH_CLOSE, disk)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    large = [one for one in outlines if cv2.contourArea(one) >= LEAST_PATCH * closed.size]
    filled: npt.NDArray[np.uint8] = np.zeros(closed.shape, np.uint8)
    cv2.drawContours(filled, large, -1, 1, cv2.FILLED)
    return filled > 0
