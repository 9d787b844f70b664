"""Tracks how far each block of a film lies from where it lay in a reference picture, to a fraction of a pixel.

Small shifts are read in one step. Where a picture moved farther, as in a hand that holds the camera, the flow is found
on a small picture first, from that of the picture before, the picture is moved back by it, and the rest is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import cv2
import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.level import ONE_STEP_PX, Found, Level
from twitchwise.measure.video.noise import noise_of
from twitchwise.measure.video.searching import searched
from twitchwise.measure.video.templates import Gray, in_blocks
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import BoolArray, IntArray
from twitchwise.vocabulary.text import say

# Wider pictures are made smaller by a whole number, to about this width; motion stays in pixels of the film. Where the
# texture is coarser than the smaller pixels, as compression leaves it, that costs no precision.
_WIDTH_PX = 800
_BLOCKS = 1000
_EDGE_LEAST_PX, _EDGE_MOST_PX = 12, 32
# A field of motion takes no more than this; longer films get larger blocks.
_MOST_BYTES = 400e6
_BATCH = 8
# Pictures that the reference is averaged over.
_REFERENCE_PICTURES = 8
# Of the blocks that tell motion sharply, so many may move farther than one step before a small picture is asked.
_FAR_SHARE = 0.05
# Where as many lie farther than one step, all are looked for where they lay in the picture before.
_MOVED_SHARE = 0.5
# Blocks whose shift is told to this many pixels for noise of one gray level are sharp.
_SHARP_PX = 0.05
_FINE_STEPS = 2
# The small picture: so many times smaller, with blocks of this edge.
_COARSE = 4
_COARSE_EDGE_PX = 16
_COARSE_STEPS = 3
# Brightness that changes over more pixels than this is light where a thing is looked for that moved far.
_LIGHT_PX = 15
# Where the small picture did not help, it is asked again only after ever more pictures, up to so many.
_MOST_PATIENCE = 16
_HELPED = 0.7
# A new reference is taken where this share of the sharp blocks was lost for so many pictures.
_LOST_SHARE = 0.5
_LOST_PICTURES = 3
_PICTURES_LEAST = 2
_STRIPS = 4  # of brightness; more than one, because a shutter that rolls spreads flicker over the picture


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
        raise UnreadableRecordingError(
            say("film must have two pictures or more to show motion, got one in {film!r}.", film=video.name)
        )
    scale = max(1, round(video.width / _WIDTH_PX))
    edge = _edge(video, scale)
    tracker = Tracker(list(_pictures(video, scale, 0, min(_REFERENCE_PICTURES, video.n_frames))), edge)
    templates = tracker.full.templates
    shift = np.empty((video.n_frames, templates.rows * templates.columns, 2), dtype=np.float32)
    left_over = np.empty(shift.shape[:2], dtype=np.float32)
    brightness = np.empty((video.n_frames, _STRIPS))
    pictures, done = _pictures(video, scale, 0, video.n_frames), 0
    while batch := list(islice(pictures, _BATCH)):
        last = done + len(batch)
        shift[done:last], left_over[done:last] = tracker.follow(batch)
        brightness[done:last] = [cv2.resize(one, (1, _STRIPS), interpolation=cv2.INTER_AREA)[:, 0] for one in batch]
        done = last
        if progress is not None:
            progress(done / video.n_frames)
    return replace(_field(video, tracker, shift, left_over, scale), brightness=brightness)


def _edge(video: Video, scale: int) -> int:
    width, height = video.width // scale, video.height // scale
    edge = 4 * round(float(np.sqrt(width * height / _BLOCKS)) / 4)
    edge = max(min(edge, _EDGE_MOST_PX, min(width, height) // 2), min(_EDGE_LEAST_PX, width, height), 1)
    while (width // edge) * (height // edge) * video.n_frames * 12 > _MOST_BYTES and edge < min(width, height) // 4:
        edge += 4
    return edge


def _pictures(video: Video, scale: int, start: int, stop: int) -> Iterator[Picture | Gray]:
    for picture in video.brightness(start, stop):
        if scale == 1:
            yield picture
        else:
            size = (picture.shape[1] // scale, picture.shape[0] // scale)
            yield _resized(picture.astype(np.float32), size)


def _field(video: Video, tracker: "Tracker", shift: Gray, left_over: Gray, scale: int) -> MotionField:
    templates = tracker.full.templates
    noise = noise_of(shift, left_over, templates)
    rows, columns = np.mgrid[: templates.rows, : templates.columns].reshape(2, -1)
    centers = (np.stack([columns, rows], axis=1) + 0.5) * templates.edge_px * scale - 0.5
    shift *= np.float32(scale)
    return MotionField(
        times_s=video.times_s,
        rows=templates.rows,
        columns=templates.columns,
        centers_px=centers,
        block_px=float(templates.edge_px * scale),
        shift_px=shift,
        noise_px=noise.along_axes_px * scale,
        least_noise_px=noise.least_px * scale,
        joins=tuple(tracker.joins),
    )


class Tracker:
    """Follows the blocks of a film from picture to picture.

    Parameters
    ----------
    pictures
        The first pictures, at least one; the reference is their mean.
    edge_px
        Edge of a block.
    """

    def __init__(self, pictures: Sequence[Picture | Gray], edge_px: int) -> None:
        self._edge_px = edge_px
        self._number = self._lost_for = self._next_coarse = 0
        self._patience = 1
        self._moved_together = False  # whether blocks that were far were last found as one thing that moved
        self.joins: list[int] = []
        self._noise_gray = _noise(pictures)
        self._see(pictures[0].astype(np.float32), self._noise_gray)
        self._carried = np.zeros((self.full.templates.rows * self.full.templates.columns, 2), dtype=np.float32)
        if len(pictures) > 1 and self._is_still(pictures):
            mean: Gray = np.mean(pictures, axis=0, dtype=np.float32)
            self._see(mean, self._noise_gray / len(pictures) ** 0.5)

    def _see(self, reference: Gray, noise_gray: float) -> None:
        """Take a reference."""
        self._reference = reference
        self.full = Level(reference, self._edge_px, noise_gray)
        shrunk = _shrunk(reference)
        self._small = Level(shrunk, min(_COARSE_EDGE_PX, *shrunk.shape), noise_gray / _COARSE)
        self._sharp = self.full.templates.least_spread_px < _SHARP_PX
        self._believed = np.zeros((self.full.templates.told.size, 2), dtype=np.float32)
        self._velocity, self._around = np.zeros_like(self._believed), np.zeros_like(self._believed)

    def _is_still(self, pictures: Sequence[Picture | Gray]) -> bool:
        return all(self._share_far(found.is_far) <= _FAR_SHARE for found in self.full.near(pictures))

    def _share_far(self, is_far: BoolArray) -> float:
        return float(is_far[self._sharp].mean()) if self._sharp.any() else 0.0

    def follow(self, pictures: Sequence[Picture | Gray]) -> tuple[Gray, Gray]:
        """Return the shift of each block, ``(n_pictures, n_blocks, 2)``, and what is left over of its picture."""
        n_blocks = self.full.templates.rows * self.full.templates.columns
        shift = np.full((len(pictures), n_blocks, 2), np.nan, dtype=np.float32)
        left_over = np.full((len(pictures), n_blocks), np.nan, dtype=np.float32)
        moved = self._share_far(np.abs(self._believed).max(axis=1) > ONE_STEP_PX) > _MOVED_SHARE
        near: list[Found] | None = None if moved else self.full.near(pictures)
        for index, picture in enumerate(pictures):
            told = self.full.templates.told
            found = self._find(picture, near[index] if near else None)
            lost = self.full.lost(found)
            lies, self._believed, around = self.full.believed(found)
            self._velocity, self._around = around - self._around, around
            shift[index, told] = np.where(lost[:, np.newaxis], np.nan, lies) + self._carried[told]
            left_over[index, told] = found.left_over
            if self._is_gone(self._share_far(lost)):
                self._change_reference(picture)
                near = None
            self._number += 1
        return shift, left_over

    def _find(self, picture: Picture | Gray, near: Found | None) -> Found:
        """Find all blocks, those that lie far from where they lay with care."""
        if near is not None and not near.is_far.any():
            return near
        single = picture.astype(np.float32, copy=False)
        far = np.arange(len(self._believed)) if near is None else np.flatnonzero(near.is_far)
        expected = self._believed + self._velocity
        found = self.full.farther(single, expected[far], far, _FINE_STEPS)
        merged = found if near is None else _merged(near, found, far)
        share_before = self._share_far(merged.is_far)
        if share_before <= _FAR_SHARE:
            return merged
        if self._number < self._next_coarse:
            return merged
        merged = self._looked_for(single, expected, merged)
        helped = self._share_far(merged.is_far) < _HELPED * share_before
        self._patience = 1 if helped else min(2 * self._patience, _MOST_PATIENCE)
        self._next_coarse = self._number + self._patience
        return merged

    def _looked_for(self, picture: Gray, expected: Gray, found: Found) -> Found:
        """Look for blocks that are far: as one thing that moved, and on a small picture; first as it helped before."""
        ways = [self._together, self._on_small_picture]
        for way in ways if self._moved_together else reversed(ways):
            found = way(picture, expected, found)
            if self._share_far(found.is_far) <= _FAR_SHARE:
                self._moved_together = way == self._together
                break
        return found

    def _on_small_picture(self, picture: Gray, expected: Gray, found: Found) -> Found:
        start = expected + self._coarse_change(picture, expected)
        far = np.flatnonzero(found.is_far)
        return _merged(found, self.full.farther(picture, start[far], far, _FINE_STEPS), far)

    def _coarse_change(self, picture: Gray, expected: Gray) -> Gray:
        """Return how much farther each block moved than expected, found on a small picture."""
        before = _at_blocks(self.full.flow(expected), self._small) / np.float32(_COARSE)
        shrunk, flow = _shrunk(picture), before
        for _ in range(_COARSE_STEPS):
            flow = self._small.believed(self._small.farther(shrunk, flow, np.arange(len(flow)), 2))[1]
        return _at_blocks(self._small.flow((flow - before) * np.float32(_COARSE)), self.full)

    def _together(self, picture: Gray, expected: Gray, found: Found) -> Found:
        """Take the blocks that are far for one thing that moved, as a limb does before a room."""
        far = np.flatnonzero(found.is_far)
        texture = _texture(self._reference) * self._covered(far)
        about = np.median(expected[far], axis=0).astype(np.float64)
        start = np.tile(searched(texture, _texture(picture), about).astype(np.float32), (far.size, 1))
        moved = self.full.farther(picture, start, far, _FINE_STEPS)
        better = np.flatnonzero(~moved.is_far)
        return _merged(found, moved.some(better), far[better])

    def _covered(self, which: IntArray) -> Gray:
        """Return 1 where some of the blocks with texture lie in the reference, 0 elsewhere."""
        templates = self.full.templates
        blocks = np.zeros(templates.rows * templates.columns, np.float32)
        blocks[templates.told[which]] = 1
        grid = blocks.reshape(templates.rows, templates.columns)
        whole = np.zeros(self._reference.shape, np.float32)
        pixels = grid.repeat(templates.edge_px, axis=0).repeat(templates.edge_px, axis=1)
        whole[: pixels.shape[0], : pixels.shape[1]] = pixels
        return whole

    def _is_gone(self, lost_share: float) -> bool:
        """Tell whether the reference was no longer seen for some pictures."""
        self._lost_for = self._lost_for + 1 if lost_share > _LOST_SHARE else 0
        return self._lost_for >= _LOST_PICTURES

    def _change_reference(self, picture: Picture | Gray) -> None:
        """Go on from a new reference; displacements are carried on from where the old one left off."""
        self._carried = self._carried + self.full.flow(self._believed).reshape(-1, 2)
        self._see(picture.astype(np.float32), self._noise_gray)
        self._lost_for = 0
        self.joins.append(self._number)


def _noise(pictures: Sequence[Picture | Gray]) -> float:
    """Return the noise of a picture in gray levels: how pictures that follow each other differ where they differ least.

    A quarter of the picture at least is believed to be still.
    """
    if len(pictures) < _PICTURES_LEAST:
        return 1.0
    steps = [cv2.absdiff(before, after)[::2, ::2] for before, after in pairwise(pictures)]
    squares = np.mean(np.square(np.stack(steps).astype(np.float32)), axis=0) / 2
    blocks = in_blocks(squares, _COARSE_EDGE_PX).mean(axis=1)
    return float(np.sqrt(np.quantile(blocks, 0.25))) if blocks.size else 1.0


def _texture(picture: Gray) -> Gray:
    return picture - np.asarray(cv2.blur(picture, (_LIGHT_PX, _LIGHT_PX)), dtype=np.float32)


def _shrunk(picture: Gray) -> Gray:
    return _resized(picture, (max(picture.shape[1] // _COARSE, 1), max(picture.shape[0] // _COARSE, 1)))


def _resized(picture: Gray, size: tuple[int, int]) -> Gray:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _at_blocks(flow: Gray, to: Level) -> Gray:
    """Return a flow of another grid at the blocks with texture."""
    templates = to.templates
    resized = cv2.resize(flow, (templates.columns, templates.rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, dtype=np.float32).reshape(-1, 2)[templates.told]


def _merged(near: Found, farther: Found, which: IntArray) -> Found:
    """Return what was found near, with some blocks replaced by what was found farther."""
    shift, left_over, is_far = near.shift_px.copy(), near.left_over.copy(), near.is_far.copy()
    shift[which], left_over[which], is_far[which] = farther.shift_px, farther.left_over, farther.is_far
    return Found(shift_px=shift, left_over=left_over, is_far=is_far)
