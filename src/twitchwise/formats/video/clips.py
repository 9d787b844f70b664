"""Writes a clip of one event in slow motion, its movement magnified around its place.

Each picture is warped by a multiple of what the place itself moved since before the event (Liu et al. 2005, Motion
magnification, https://doi.org/10.1145/1073204.1073223), measured by least squares on the part of the picture around the
place. Toward the edge the movement fades into the one that was filmed; a warp that would fold the picture is lowered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from twitchwise.formats.video.writing import write_pictures
from twitchwise.signals import Video
from twitchwise.signals.event_train import Event
from twitchwise.signals.video import Picture
from twitchwise.vocabulary import MissingExtraError, OutOfRangeError
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

MARGIN_S = 0.25  # of film before and after the event
BLUR_PX = 9  # of the flow, twice: finer movement is noise
SIGHT = 0.2  # standard deviation of the part that is magnified, as a share of the shorter side
SMOOTH = 0.06  # of the shorter side, over which the movement that is magnified is averaged, twice
STEEPEST = 0.7  # pixels of warp for each pixel of the picture; from 1 on it folds
STEPS = 2

Plane = npt.NDArray[np.float32]


def write_twitch_clip(
    video: Video, event: Event, path: Path | str, *, slow: float = 8.0, magnify: float = 10.0
) -> None:
    """Write a slow-motion, motion-magnified clip of one event as MP4.

    Parameters
    ----------
    video
        The film.
    event
        When it was and, if known, its place; without one the whole picture is magnified.
    path
        Where to, ending in .mp4; what is there is replaced.
    slow
        How many times slower it runs, above 0.
    magnify
        How many times farther everything moves, at least 1.

    Raises
    ------
    OutOfRangeError
        If a number cannot be, or the event lies outside the film.
    UnwritableFileError
        If the file cannot be written there.
    MissingExtraError
        If OpenCV or PyAV is not installed.
    """
    require_positive("slow", slow)
    if not magnify >= 1:
        raise OutOfRangeError(f"magnify must be at least 1, got {magnify!r}.")
    first, last = _span(video, event)
    times_s = (video.times_s[first:last] - video.times_s[first]) * slow
    write_pictures(_magnified(video, event, (first, last), magnify - 1), times_s, path)


def _span(video: Video, event: Event) -> tuple[int, int]:
    """Return the pictures of an event, first and beyond the last."""
    if event.start_s > video.times_s[-1] or event.end_s < 0:
        raise OutOfRangeError(f"event must lie in the film of {video.duration_s:.3g} s, got {event.start_s!r} s.")
    first = int(np.searchsorted(video.times_s, event.start_s - MARGIN_S))
    last = int(np.searchsorted(video.times_s, event.end_s + MARGIN_S, side="right"))
    return max(0, min(first, video.n_frames - 2)), max(min(last, video.n_frames), 2)


def _magnified(video: Video, event: Event, span: tuple[int, int], more: float) -> Iterator[Picture]:
    lens = _Lens(video, event.place)
    for picture in video.color(*span):
        yield lens.through(picture, more)


@dataclass(eq=False)
class _Lens:
    """Magnifies movement around a place, against the first picture that it sees."""

    video: Video
    place: tuple[float, float] | None

    def __post_init__(self) -> None:
        """Prepare the grid of pixels and the share of each that is magnified."""
        y, x = np.mgrid[: self.video.height, : self.video.width].astype(np.float32)
        self._grid = np.stack([x, y], axis=-1)
        side = min(self.video.width, self.video.height)
        self._smooth = 2 * round(SMOOTH * side / 2) + 1
        away = 0 if self.place is None else np.hypot(x - self.place[0], y - self.place[1])
        self._share = np.exp(-np.square(away / (SIGHT * side)) / 2).astype(np.float32) * np.ones_like(x)
        self._still: Plane | None = None

    def through(self, picture: Picture, more: float) -> Picture:
        """Return a picture whose points have moved so many times more."""
        cv = _opencv()
        gray = cv.GaussianBlur(cv.cvtColor(picture, cv.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.0)
        if self._still is None:
            self._still = gray
        flow = _flow(self._still, gray, self._grid)
        flow -= self._of_the_whole(flow)
        size = (self._smooth, self._smooth)
        moved = cv.blur(cv.blur(flow, size), size) * (more * self._share[..., np.newaxis])
        moved *= np.float32(_without_folds(moved))
        shown: Picture = cv.remap(picture, self._grid - moved, None, cv.INTER_CUBIC, borderMode=cv.BORDER_REPLICATE)
        return shown

    def _of_the_whole(self, flow: Plane) -> Plane:
        """Return the movement of the picture as a whole: what its outer part, where nothing is magnified, does."""
        outer = self._share < 0.3 if self.place is not None else np.ones_like(self._share, np.bool_)  # noqa: PLR2004
        outer = outer if outer.any() else np.ones_like(outer)
        whole: Plane = np.median(flow[outer][::7], axis=0).astype(np.float32)
        return whole if self.place is not None else np.zeros_like(whole)


def _without_folds(moved: Plane) -> float:
    """Return by how much a warp must be smaller so that no part of the picture is folded over another."""
    slopes = [np.abs(np.diff(moved, axis=axis)).max(initial=0.0) for axis in (0, 1)]
    return min(1.0, STEEPEST / max(float(max(slopes)), 1e-6))


def _flow(still: Plane, gray: Plane, grid: Plane) -> Plane:
    """Return how far each point moved since the still picture, smooth, in pixels, shape ``(height, width, 2)``."""
    cv = _opencv()
    flow = np.zeros((*still.shape, 2), np.float32)
    along_x, along_y = (cv.Scharr(still, cv.CV_32F, *axes, scale=1 / 32) for axes in ((1, 0), (0, 1)))
    for _ in range(STEPS):
        back = cv.remap(gray, grid + flow, None, cv.INTER_LINEAR, borderMode=cv.BORDER_REPLICATE)
        difference = still - back
        xx, xy, yy, to_x, to_y = (
            cv.blur(cv.blur(one, (BLUR_PX, BLUR_PX)), (BLUR_PX, BLUR_PX))
            for one in (
                along_x * along_x,
                along_x * along_y,
                along_y * along_y,
                along_x * difference,
                along_y * difference,
            )
        )
        ridge = 0.1 * float((xx + yy).mean()) + 1e-3
        found = (xx + ridge) * (yy + ridge) - xy**2
        step = np.stack([(yy + ridge) * to_x - xy * to_y, (xx + ridge) * to_y - xy * to_x], axis=-1)
        flow += step / found[..., np.newaxis]
    return flow


def _opencv() -> ModuleType:
    try:
        import cv2  # noqa: PLC0415 - it is an extra
    except ImportError as error:
        raise MissingExtraError(say("Magnifying movement"), "video") from error
    return cv2
