"""Pictures as the tracker of skin takes them: smaller, their texture alone, and which pixels are skin."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.measure.video.skin import patches_of_skin
from twitchwise.signals import Video
from twitchwise.vocabulary.arrays import BoolArray

Plane = npt.NDArray[np.float32]

SMOOTHING_PX = 0.8  # widens the range in which a shift is told in one step, and quiets the noise of pixels
LEVEL_PX = 15  # brightness that changes over more pixels than this is light, not skin
PICTURES_AHEAD = 4


def pictures_of(video: Video, shrink: int, stop: int | None = None) -> Iterator[Plane]:
    """Give the texture of the pictures of a film up to ``stop``, each made smaller by a whole number."""
    for picture in video.brightness(0, stop):
        yield _texture(_smaller(picture.astype(np.float32), shrink))


class Part(Enum):
    """What of a film is followed."""

    ALL = auto()
    SKIN = auto()
    BEHIND = auto()


def part_at(video: Video, number: int, shrink: int, part: Part) -> BoolArray:
    """Return which pixels of a picture, made smaller by a whole number, are of a part of it, as their color tells."""
    if part is Part.ALL:
        return np.ones((video.height // shrink, video.width // shrink), np.bool_)
    small = _smaller(next(video.color(number, number + 1)).astype(np.float32), shrink)
    skin = patches_of_skin(small.astype(np.uint8))
    return skin if part is Part.SKIN else ~skin


def ahead(pictures: Iterator[Plane]) -> Iterator[Plane]:
    """Give pictures while a thread beside reads and prepares the next few."""
    with ThreadPoolExecutor(1) as beside:
        waiting: deque[Future[Plane | None]] = deque()
        for _ in range(PICTURES_AHEAD):
            waiting.append(beside.submit(next, pictures, None))
        while (picture := waiting.popleft().result()) is not None:
            waiting.append(beside.submit(next, pictures, None))
            yield picture


def plane(values: npt.ArrayLike) -> Plane:
    """Return values as the numbers that pictures are worked on in."""
    return np.asarray(values, dtype=np.float32)


def _smaller(whole: Plane, shrink: int) -> Plane:
    if shrink == 1:
        return whole
    height, width = whole.shape[0] // shrink, whole.shape[1] // shrink
    cut = whole[: height * shrink, : width * shrink]
    return plane(cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA))


def _texture(gray: Plane) -> Plane:
    """Return the texture of a picture, smoothed, as a share of the brightness around, in percent."""
    smooth = cv2.GaussianBlur(gray, (5, 5), SMOOTHING_PX)
    level = cv2.blur(cv2.blur(smooth, (LEVEL_PX, LEVEL_PX)), (LEVEL_PX, LEVEL_PX))
    return plane((smooth - level) * (100 / (level + 10)))
