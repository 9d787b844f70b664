"""Pictures of a film, decoded one after the other and turned upright; uses PyAV."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Picture
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import IntArray
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

_QUARTER_TURN = 90
# Formats whose first plane is brightness, one byte a pixel.
_BRIGHTNESS_FIRST = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray")


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstPicture:
    """Size of the upright picture, quarter turns to the left that make it upright, and what to say of them."""

    width: int
    height: int
    turns: int
    notes: tuple[str, ...]


def first_pictures(path: Path, typed: str) -> FirstPicture:
    """Decode the first picture.

    Raises
    ------
    UnreadableRecordingError
        If it cannot be decoded.
    """
    with _opened(path, typed) as container:
        frame = next(container.decode(video=0), None)
    if frame is None:
        raise UnreadableRecordingError(
            say("film must hold pictures that can be decoded, got none in {file!r}.", file=typed)
        )
    degrees = frame.rotation
    turns = round(degrees / _QUARTER_TURN) % 4
    said = say("The pictures are turned by {degrees:g} degrees to the left, as the file says.", degrees=degrees % 360)
    width, height = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
    return FirstPicture(width=width, height=height, turns=turns, notes=(said,) if turns else ())


@dataclass(frozen=True, kw_only=True, slots=True)
class FilmFile:
    """The pictures of a film's file.

    Parameters
    ----------
    path
        The file.
    typed
        Its path as a person typed it, for what is said of it.
    stamps
        Stamp of each picture in the container's unit, rising, shape ``(n_frames,)``, to find pictures by; ``None``
        where stamps do not tell pictures apart, so that pictures are counted from the first.
    turns
        Quarter turns to the left that make a picture upright.
    """

    path: Path
    typed: str
    stamps: IntArray | None
    turns: int

    def brightness(self, start: int, stop: int) -> Iterator[Picture]:
        """Give the brightness of pictures ``start`` to ``stop`` (exclusive), each of shape ``(height, width)``."""
        return (self._upright(_brightness(frame)) for frame in self._frames(start, stop))

    def color(self, start: int, stop: int) -> Iterator[Picture]:
        """Give pictures ``start`` to ``stop`` (exclusive) in color, each of shape ``(height, width, 3)``."""
        return (self._upright(_converted(frame, "rgb24")) for frame in self._frames(start, stop))

    def _upright(self, picture: Picture) -> Picture:
        return np.rot90(picture, self.turns) if self.turns else picture

    def _frames(self, start: int, stop: int) -> Iterator["VideoFrame"]:
        wanted = start
        if wanted >= stop:
            return
        with _opened(self.path, self.typed) as container:
            for index, frame in self._numbered(container, start):
                if index < wanted:
                    continue
                if index > wanted:
                    break
                yield frame
                wanted += 1
                if wanted == stop:
                    return
        raise UnreadableRecordingError(
            say(
                "pictures of {file!r} must be whole, got a damaged one, number {number}.",
                file=self.typed,
                number=wanted,
            )
        )

    def _numbered(self, container: "InputContainer", start: int) -> Iterator[tuple[int, "VideoFrame"]]:
        """Give the pictures with their numbers, from one at or before ``start`` on."""
        if self.stamps is None:
            yield from enumerate(container.decode(video=0))
            return
        numbers = {int(stamp): number for number, stamp in enumerate(self.stamps)}
        if start and container.format.name != "gif":
            container.seek(int(self.stamps[start]), stream=container.streams.video[0])
        for frame in container.decode(video=0):
            number = numbers.get(frame.pts if frame.pts is not None else -1)
            if number is not None:
                yield number, frame


@contextmanager
def _opened(path: Path, typed: str) -> Iterator["InputContainer"]:
    import av  # noqa: PLC0415 - an extra that loads slowly

    with one_sentence(typed, say("film")), av.open(path) as container:
        if container.streams.video:
            # pictures decode side by side on all cores
            container.streams.video[0].codec_context.thread_type = "AUTO"
        yield container


def _brightness(frame: "VideoFrame") -> Picture:
    if frame.format.name not in _BRIGHTNESS_FIRST:
        return _converted(frame, "gray")
    plane = frame.planes[0]
    rows: Picture = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
    return rows[: frame.height, : frame.width]


def _converted(frame: "VideoFrame", pixels: str) -> Picture:
    return np.asarray(frame.to_ndarray(format=pixels), dtype=np.uint8)
