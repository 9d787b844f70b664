"""A film: when each picture was taken, and the pictures on demand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

Picture = npt.NDArray[np.uint8]
"""One picture: brightness, shape ``(height, width)``, or color, shape ``(height, width, 3)`` in the order R, G, B."""


class PictureSource(Protocol):
    """Anything that gives the pictures of a film in order, each upright, holding no more than a few at once.

    ``UnreadableRecordingError`` says when a picture cannot be read.
    """

    def brightness(self, start: int, stop: int) -> Iterator[Picture]:
        """Give the brightness of pictures ``start`` to ``stop`` (exclusive), each of shape ``(height, width)``."""
        ...

    def color(self, start: int, stop: int) -> Iterator[Picture]:
        """Give pictures ``start`` to ``stop`` (exclusive) in color, each of shape ``(height, width, 3)``."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Video:
    """A film whose pictures are read one after the other.

    Parameters
    ----------
    name
        What to call it, usually the file's name.
    format
        The format it was read from, for example ``MP4 (h264)``.
    width, height
        Size of the upright picture in pixels, at least 1.
    times_s
        When each picture was taken, in seconds from the first, shape ``(n_frames,)``, rising.
    source
        Gives the pictures.
    start
        When it began, if the file says.
    warnings
        What a reader noticed and every result must carry along, one sentence each.
    notes
        What a reader found out by itself and is sure of, one sentence each.

    Raises
    ------
    OutOfRangeError
        If there is no picture, the size is not above 0, or the times do not rise from 0.
    """

    name: str
    format: str
    width: int
    height: int
    times_s: FloatArray
    source: PictureSource
    start: datetime | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Copy the times, make them read-only, and refuse a film that cannot be."""
        require_positive(say("width of {name!r}", name=self.name), self.width)
        require_positive(say("height of {name!r}", name=self.name), self.height)
        times = np.array(self.times_s, dtype=np.float64).reshape(-1)
        times.flags.writeable = False
        object.__setattr__(self, "times_s", times)
        if not times.size or times[0] != 0 or not np.isfinite(times).all() or (np.diff(times) <= 0).any():
            raise OutOfRangeError(
                say("times of the pictures of {name!r} must rise from 0, got ones that do not.", name=self.name)
            )

    @property
    def n_frames(self) -> int:
        """Number of pictures."""
        return int(self.times_s.size)

    @property
    def frame_rate_hz(self) -> float:
        """Pictures per second: one over the median step, or 1 where there is only one picture."""
        return 1 / float(np.median(np.diff(self.times_s))) if self.n_frames > 1 else 1.0

    @property
    def duration_s(self) -> float:
        """Length in seconds, the last picture's own time included."""
        return float(self.times_s[-1]) + 1 / self.frame_rate_hz

    def brightness(self, start: int = 0, stop: int | None = None) -> Iterator[Picture]:
        """Give the brightness of pictures ``start`` to ``stop`` (exclusive; the end if left out)."""
        return self.source.brightness(*self._range(start, stop))

    def color(self, start: int = 0, stop: int | None = None) -> Iterator[Picture]:
        """Give pictures ``start`` to ``stop`` (exclusive; the end if left out) in color."""
        return self.source.color(*self._range(start, stop))

    def _range(self, start: int, stop: int | None) -> tuple[int, int]:
        last = self.n_frames if stop is None else stop
        if not 0 <= start <= last <= self.n_frames:
            raise OutOfRangeError(f"pictures must lie in 0 .. {self.n_frames}, got {start!r} to {stop!r}.")
        return start, last
