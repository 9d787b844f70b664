"""How much each part of an ultrasound picture changes from one picture to a later one: one quick pass over the film."""

from collections import deque
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.templates import Gray
from twitchwise.measure.video.ultrasound.screen import Overlay, colored, overlay
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.text import say

# Pictures are made smaller by a whole number to about this width: speckle is coarser than the smaller pixels.
_WIDTH_PX = 256
_EDGE_PX = 16
_EDGE_LEAST_PX = 8
_BLOCKS_ACROSS = 16
# Pictures so far apart are compared: tissue moves far enough in that time, and speckle stays itself.
_APART_S = 0.03
_ROUNDING = 0.01
_PICTURES_OF_LAG = 16
# Smaller pictures are kept up to so much of them: a minute and more at 75 a second.
_KEPT_BYTES = 300e6
# Parts are left out where more than this share of them is drawn over or empty.
_COVERED = 0.15


@dataclass(frozen=True, kw_only=True, eq=False)
class Changes:
    """What the quick pass gives.

    Parameters
    ----------
    scale, edge_px
        By how much pictures were made smaller, and the edge of a block in their pixels.
    lag
        Pictures between those that are compared.
    energy
        Mean square of the change of brightness in each block from a picture to the one ``lag`` later, shape
        ``(n_frames - lag, rows, columns)``.
    gradient
        Mean square of the slope of brightness per pixel, shape ``(rows, columns)``.
    tissue
        Blocks that show tissue, shape ``(rows, columns)``.
    covered
        Pixels of the smaller picture that are drawn over or empty.
    kept
        All smaller pictures, where they take little memory; else none, and they are read again where they are needed.
    """

    scale: int
    edge_px: int
    lag: int
    energy: Gray
    gradient: FloatArray
    tissue: BoolArray
    covered: BoolArray
    kept: tuple[Picture, ...] = ()


def look_at_changes(video: Video, progress: Progress) -> Changes:
    """Pass over a film once.

    Parameters
    ----------
    video
        A film of an ultrasound screen, of at least two pictures.
    progress
        Is told how much is done, from 0 to 1.
    """
    scale = max(1, round(video.width / _WIDTH_PX))
    size = (video.width // scale, video.height // scale)
    edge = min(_EDGE_PX, max(_EDGE_LEAST_PX, 2 * round(min(size) / _BLOCKS_ACROSS / 2)))
    columns, rows = size[0] // edge, size[1] // edge
    lag = max(1, min(ceil(_APART_S * video.frame_rate_hz - _ROUNDING), video.n_frames // _PICTURES_OF_LAG))
    energy = np.empty((video.n_frames - lag, rows, columns), dtype=np.float32)
    held = deque[Picture](maxlen=lag + 1)
    kept = list[Picture]()
    keeps = video.n_frames * rows * columns * edge**2 <= _KEPT_BYTES
    seen: _Seen | None = None
    for number, picture in enumerate(video.brightness()):
        small = shrunk(picture, scale)[: rows * edge, : columns * edge]
        held.append(small)
        if keeps:
            kept.append(small.copy())
        seen = seen or _Seen(small)
        seen.add(small)
        if number >= lag:
            change = cv2.absdiff(small, held[0])
            squares = cv2.multiply(change, change, dtype=cv2.CV_32F)
            energy[number - lag] = cv2.resize(squares, (columns, rows), interpolation=cv2.INTER_AREA)
            if number % _TELL == 0:
                progress(number / video.n_frames)
    if seen is None:
        raise UnreadableRecordingError(say("film must hold pictures, got none in {film!r}.", film=video.name))
    drawn = seen.overlay(_marks(video, scale)[: rows * edge, : columns * edge])
    covered = drawn.drawn | drawn.empty
    share = cv2.resize(covered.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return Changes(
        scale=scale,
        edge_px=edge,
        lag=lag,
        energy=energy,
        gradient=seen.gradient(rows, columns),
        tissue=share < _COVERED,
        covered=covered,
        kept=tuple(kept),
    )


_TELL = 64
_MARKED = 0.1  # of a smaller pixel


def shrunk(picture: Picture, scale: int) -> Picture:
    """Return a picture made smaller by a whole number."""
    if scale == 1:
        return picture
    size = (picture.shape[1] // scale, picture.shape[0] // scale)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _marks(video: Video, scale: int) -> BoolArray:
    first = next(iter(video.color(0, 1)))
    marks = colored(first).astype(np.float32)
    return cv2.resize(marks, (video.width // scale, video.height // scale), interpolation=cv2.INTER_AREA) > _MARKED


class _Seen:
    """The least and greatest brightness of each pixel, and its slopes in some pictures."""

    def __init__(self, first: Picture) -> None:
        self._least, self._most = first.copy(), first.copy()
        self._slopes = list[Gray]()
        self._number = 0

    def add(self, picture: Picture) -> None:
        cv2.min(self._least, picture, dst=self._least)
        cv2.max(self._most, picture, dst=self._most)
        if self._number % _SLOPES_EVERY == 0 and len(self._slopes) < _MOST_SLOPES:
            smooth = cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)
            across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(smooth, cv2.CV_32F, 0, 1) / 8
            self._slopes.append(((np.square(across) + np.square(down)) / 2).astype(np.float32))
        self._number += 1

    def overlay(self, marks: BoolArray) -> Overlay:
        return overlay(marks, self._least, self._most)

    def gradient(self, rows: int, columns: int) -> FloatArray:
        mean: Gray = np.mean(np.stack(self._slopes), axis=0, dtype=np.float32)
        return cv2.resize(mean, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64)


_SLOPES_EVERY = 100
_MOST_SLOPES = 20
