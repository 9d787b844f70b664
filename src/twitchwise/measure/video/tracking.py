"""Tracks how far each block of a film lies from where it lay in a reference picture, to a fraction of a pixel.

Small shifts are read in one step. Where a picture moved farther, as in a hand that holds the camera, the flow is found
on a small picture first, from that of the picture before, the picture is moved back by it, and the rest is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import cv2
import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.noise import noise_of
from twitchwise.measure.video.templates import BlockTemplates, Gray, block_templates
from twitchwise.measure.video.warping import Grid, smooth_flow, trust_of
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Wider pictures are made smaller by a whole number, to about this width; motion stays in pixels of the film.
_WIDEST_PX = 1280
_BLOCKS_ACROSS = 40
_EDGE_LEAST_PX, _EDGE_MOST_PX = 12, 32
# A field of motion takes no more than this; longer films get larger blocks.
_MOST_BYTES = 400e6
_BATCH = 8
# Pictures that the reference is averaged over.
_REFERENCE_PICTURES = 8
# Weights tell shifts up to here in one step, to within some percent.
_ONE_STEP_PX = 0.5
# Of the blocks with texture, this share may move farther without the picture being moved back.
_FAR_SHARE = 0.02
_COARSE = 4
_COARSE_EDGE_PX = 16
_COARSE_STEPS = 4
_COARSE_ENOUGH_PX = 0.05
_COARSE_MOST_PX = 1.5
_FINE_STEPS = 2
# Blocks whose shift is told to this many pixels for noise of one gray level decide whether a picture moved far.
_SHARP_PX = 0.05
# A block is lost where the picture differs from the reference by this share of the reference's contrast.
_LOST = 0.7
_LOST_GRAY = 8.0  # beside noise of the picture
# A new reference is taken where this share of the blocks with texture was lost for so many pictures.
_LOST_SHARE = 0.5
_LOST_PICTURES = 3
_PICTURES_LEAST = 2


def motion_field(video: Video, progress: Progress | None = None) -> MotionField:
    """Return how far each block of a film lay from where it lay in its reference picture.

    Parameters
    ----------
    video
        A film of at least two pictures.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    MotionField
        In pixels of the film. Displacements include those of the camera.

    Raises
    ------
    UnreadableRecordingError
        If there is only one picture, or a picture cannot be read.
    """
    if video.n_frames < _PICTURES_LEAST:
        raise UnreadableRecordingError(f"film must have two pictures or more to show motion, got one in {video.name!r}.")
    scale = max(1, round(video.width / _WIDEST_PX))
    edge = _edge(video, scale)
    tracker = Tracker(list(_pictures(video, scale, 0, min(_REFERENCE_PICTURES, video.n_frames))), edge)
    n_blocks = tracker.templates.n_blocks
    shift = np.empty((video.n_frames, n_blocks, 2), dtype=np.float32)
    left_over = np.empty((video.n_frames, n_blocks), dtype=np.float32)
    pictures, done = _pictures(video, scale, 0, video.n_frames), 0
    while batch := list(islice(pictures, _BATCH)):
        last = done + len(batch)
        shift[done:last], left_over[done:last] = tracker.follow(batch)
        done = last
        if progress is not None:
            progress(done / video.n_frames)
    return _field(video, tracker, shift, left_over, scale)


def _edge(video: Video, scale: int) -> int:
    width, height = video.width // scale, video.height // scale
    edge = min(max(4 * round(width / _BLOCKS_ACROSS / 4), _EDGE_LEAST_PX), _EDGE_MOST_PX)
    while (width // edge) * (height // edge) * video.n_frames * 12 > _MOST_BYTES and edge < min(width, height) // 4:
        edge += 4
    return edge


def _pictures(video: Video, scale: int, start: int, stop: int) -> Iterator[Picture]:
    for picture in video.brightness(start, stop):
        if scale == 1:
            yield picture
        else:
            size = (picture.shape[1] // scale, picture.shape[0] // scale)
            yield np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _field(video: Video, tracker: "Tracker", shift: Gray, left_over: Gray, scale: int) -> MotionField:
    templates = tracker.templates
    noise = noise_of(shift, left_over, templates)
    return MotionField(
        times_s=video.times_s,
        rows=templates.rows,
        columns=templates.columns,
        centers_px=(templates.centers_px + 0.5) * scale - 0.5,
        block_px=float(templates.edge_px * scale),
        shift_px=shift * np.float32(scale),
        noise_px=noise.along_axes_px * scale,
        least_noise_px=noise.least_px * scale,
        joins=tuple(tracker.joins),
    )


@dataclass(kw_only=True, eq=False)
class _Reference:
    """The reference at full size and small, with what is needed to move pictures back to it."""

    full: BlockTemplates
    small: BlockTemplates
    grid: Grid
    small_grid: Grid
    trust: FloatArray
    small_trust: FloatArray
    sharp: BoolArray


class Tracker:
    """Follows the blocks of a film from picture to picture.

    Parameters
    ----------
    pictures
        The first pictures, at least one; the reference is their mean.
    edge_px
        Edge of a block.
    """

    def __init__(self, pictures: Sequence[Picture], edge_px: int) -> None:
        self._edge_px = edge_px
        self._number = 0
        self._lost_for = 0
        self._reference = _reference([pictures[0].astype(np.float32)], edge_px)
        self._flow = np.zeros((self.templates.rows, self.templates.columns, 2), dtype=np.float32)
        self._carried = np.zeros((self.templates.n_blocks, 2), dtype=np.float32)
        aligned = [self._cut(pictures[0])] + [self._aligned(one) for one in pictures[1:]]
        self._reference = _reference(aligned, edge_px)
        self._flow = np.zeros_like(self._flow)
        self.joins: list[int] = []

    @property
    def templates(self) -> BlockTemplates:
        """The weights in use."""
        return self._reference.full

    def follow(self, pictures: Sequence[Picture]) -> tuple[Gray, Gray]:
        """Return the shift of each block, and what is left over of the pictures, as `BlockTemplates.fit` does."""
        n_blocks = self.templates.n_blocks
        if np.abs(self._flow).max() > 2 * _ONE_STEP_PX:
            shift, left_over = np.empty((len(pictures), n_blocks, 2), np.float32), np.empty((len(pictures), n_blocks), np.float32)
            far = np.ones(len(pictures), dtype=bool)
        else:
            shift, left_over = self.templates.fit(pictures)
            far = self._are_far(shift, left_over)
        for index in np.flatnonzero(far):
            if index and not far[index - 1]:
                self._flow = self._smoothed(shift[index - 1])
            shift[index], left_over[index] = self._follow_far(pictures[index])
            self._judge_reference(pictures[index], left_over[index], self._number + int(index))
        if not far[-1]:
            self._flow = self._smoothed(shift[-1])
        self._number += len(pictures)
        shift += self._carried
        shift[self._are_lost(left_over)] = np.nan
        return shift, left_over

    def _are_far(self, shift: Gray, left_over: Gray) -> BoolArray:
        sharp = self._reference.sharp
        if not sharp.any():
            return np.zeros(len(shift), dtype=bool)
        size = np.abs(shift[:, sharp]).max(axis=2)
        lost = self._are_lost(left_over)[:, sharp]
        far: BoolArray = ((size > _ONE_STEP_PX) | lost).mean(axis=1) > _FAR_SHARE
        return far

    def _are_lost(self, left_over: Gray) -> BoolArray:
        lost: BoolArray = left_over > _LOST * self.templates.contrast + _LOST_GRAY
        return lost

    def _smoothed(self, shift: Gray) -> Gray:
        rows, columns = self.templates.rows, self.templates.columns
        return smooth_flow(shift, self._reference.trust, rows, columns)

    def _cut(self, picture: Picture) -> Gray:
        height, width = self.templates.reference.shape
        return picture[:height, :width].astype(np.float32)

    def _aligned(self, picture: Picture) -> Gray:
        self._follow_far(picture)
        return self._reference.grid.moved_back(picture, self._flow)

    def _follow_far(self, picture: Picture) -> tuple[Gray, Gray]:
        """Read the rest after moving the picture back, at first by the flow of the picture before."""
        before = self._flow
        shift, left_over, still_far = self._read_rest(picture, before)
        for _ in range(_FINE_STEPS if still_far else 0):
            flow = self._flow = before + self._coarse_change(picture, before)
            shift, left_over, still_far = self._read_rest(picture, flow)
            if not still_far:
                break
            before = self._smoothed(shift)
        self._flow = self._smoothed(shift)
        return shift, left_over

    def _read_rest(self, picture: Picture, flow: Gray) -> tuple[Gray, Gray, bool]:
        moved = self._reference.grid.moved_back(picture, flow)
        rest, left_over = self.templates.fit([moved])
        return flow.reshape(-1, 2) + rest[0], left_over[0], bool(self._are_far(rest, left_over)[0])

    def _coarse_change(self, picture: Picture, flow_before: Gray) -> Gray:
        """Return how a flow differs from one given, found on a small picture."""
        small = self._reference.small
        before = cv2.resize(flow_before, (small.columns, small.rows), interpolation=cv2.INTER_LINEAR) / _COARSE
        shrunk = _shrunk(picture)
        flow = before
        for _ in range(_COARSE_STEPS):
            rest, left_over = small.fit([self._reference.small_grid.moved_back(shrunk, flow)])
            seen = left_over[0] < _LOST * small.contrast + _LOST_GRAY
            trust = self._reference.small_trust * seen[:, np.newaxis]
            step = smooth_flow(np.clip(rest[0], -_COARSE_MOST_PX, _COARSE_MOST_PX), trust, small.rows, small.columns)
            flow = flow + step
            if np.abs(step).max() < _COARSE_ENOUGH_PX:
                break
        change: Gray = cv2.resize(
            (flow - before) * _COARSE, (self.templates.columns, self.templates.rows), interpolation=cv2.INTER_LINEAR
        )
        return change

    def _judge_reference(self, picture: Picture, left_over: Gray, number: int) -> None:
        """Take a new reference where the old one is no longer seen."""
        sharp = self._reference.sharp
        lost = self._are_lost(left_over)[sharp].mean() > _LOST_SHARE if sharp.any() else False
        self._lost_for = self._lost_for + 1 if lost else 0
        if self._lost_for < _LOST_PICTURES:
            return
        self._carried = self._carried + self._flow.reshape(-1, 2)
        self._reference = _reference([picture.astype(np.float32)], self._edge_px)
        self._flow = np.zeros_like(self._flow)
        self._lost_for = 0
        self.joins.append(number)


def _shrunk(picture: Picture | Gray) -> Picture | Gray:
    size = (picture.shape[1] // _COARSE, picture.shape[0] // _COARSE)
    small: Gray = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def _reference(pictures: Sequence[Gray], edge_px: int) -> _Reference:
    """Return the reference that is the mean of pictures."""
    mean = np.mean(pictures, axis=0, dtype=np.float32)
    full = block_templates(mean, edge_px)
    shrunk = _shrunk(mean)
    small = block_templates(shrunk, min(_COARSE_EDGE_PX, *shrunk.shape))
    told = np.isfinite(full.least_spread_px)
    sharp = told & (full.least_spread_px < _SHARP_PX)
    return _Reference(
        full=full,
        small=small,
        grid=Grid(full),
        small_grid=Grid(small),
        trust=trust_of(full),
        small_trust=trust_of(small),
        sharp=sharp if sharp.any() else told,
    )
