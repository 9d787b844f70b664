"""OpenCV, which warps and draws the pictures; loaded when a film is rendered."""

from functools import cache
from types import ModuleType

from twitchwise.vocabulary import MissingExtraError
from twitchwise.vocabulary.text import say


@cache
def opencv() -> ModuleType:
    """Return OpenCV.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import cv2  # noqa: PLC0415 - it takes a third of a second to load
    except ImportError as error:
        raise MissingExtraError(say("Rendering films"), "video") from error
    return cv2
