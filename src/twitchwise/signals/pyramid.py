"""Least and greatest samples of a recording at several coarsenesses, so that any stretch of it is drawn at once.

A block holds the least and the greatest of 128 samples; each level above takes 4 blocks of the level below together.
A stretch that is drawn narrower than that is read from the file itself. While the levels are still being filled, what
is not there yet is glimpsed: a few samples a pixel are read, and the answer says that it is coarse.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twitchwise.signals.recording import Recording
from twitchwise.signals.sample_source import Rows, SampleSource, rows_of
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.text import say

BLOCK = 128  # samples in a block of the finest level: 4 % of the size of a file of 16 bits
FACTOR = 4  # blocks in a block of the next level
N_LEVELS = 6
CHUNK = BLOCK * FACTOR ** (N_LEVELS - 1)  # samples that are filled in at once: a block of the coarsest level
PIECE_SAMPLES = 1 << 22  # samples that are held at once: 16 MiB
IN_MEMORY_BYTES = 32 << 20  # levels up to this size stay in memory
GLIMPSES = 128  # so many places are looked at in place of levels that are not there yet
GLIMPSE_SAMPLES = 256
MOST_PIXELS = 4096
LATEST_S = 1e9  # thirty years
_VALUE_BYTES = 4

Stop = Callable[[], bool]
"""Tells whether to stop."""


@dataclass(frozen=True, eq=False, slots=True)
class Extremes:
    """Least and greatest sample a pixel, each of shape ``(n_channels, n_pixels)``, NaN where there is none.

    ``is_exact`` tells whether every sample was looked at; a pixel may then hold samples of the blocks at its ends, too,
    each at most half a pixel wide.
    """

    low: Rows
    high: Rows
    is_exact: bool


class Pyramid:
    """The levels of a recording.

    Parameters
    ----------
    recording
        What is to be drawn.
    folder
        Where levels go that are too large for memory.

    Examples
    --------
    >>> from twitchwise.signals import ArraySource, Channel
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> calf = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=4000)
    >>> ramp = ArraySource([np.arange(4000.0)])
    >>> pyramid = Pyramid(Recording(name="x", format="array", channels=(calf,), source=ramp))
    >>> seen = pyramid.view([0], 0.0, 4.0, 4)
    >>> seen.low.tolist(), seen.high.tolist(), seen.is_exact
    ([[372.0, 1372.0, 2372.0, 3372.0]], [[627.0, 1627.0, 2627.0, 3627.0]], False)
    >>> pyramid.build()
    >>> seen = pyramid.view([0], 0.0, 4.0, 4)
    >>> seen.low.tolist(), seen.high.tolist(), seen.is_exact
    ([[0.0, 896.0, 1920.0, 2944.0]], [[1023.0, 2047.0, 3071.0, 3999.0]], True)
    """

    def __init__(self, recording: Recording, folder: Path | None = None) -> None:
        self._source = recording.source
        kinds: dict[tuple[float, int], list[int]] = {}
        for index, channel in enumerate(recording.channels):
            kinds.setdefault((channel.sampling_rate_hz, channel.n_samples), []).append(index)
        self._groups = tuple(_Group(rate_hz, n, tuple(members)) for (rate_hz, n), members in kinds.items())
        self._place = {index: (group, row) for group in self._groups for row, index in enumerate(group.members)}
        self._folder = folder

    @property
    def share_done(self) -> float:
        """How much of the levels is filled in, from 0 to 1."""
        total = sum(group.done.size for group in self._groups)
        return sum(int(group.done.sum()) for group in self._groups) / total if total else 1.0

    @property
    def is_large(self) -> bool:
        """Whether filling in the levels takes more than a moment."""
        return self._n_bytes > IN_MEMORY_BYTES

    @property
    def _n_bytes(self) -> int:
        return sum(group.n_bytes for group in self._groups)

    def build(self, near_s: Callable[[], float] = lambda: 0.0, stop: Stop = lambda: False) -> None:
        """Fill in the levels, what lies nearest to ``near_s()`` first, until all is done or ``stop()`` says so.

        Raises
        ------
        UnwritableFileError
            If there is no room for the levels.
        UnreadableRecordingError
            If the file cannot be read.
        """
        self._make_room()
        for group, chunk in self._open_chunks(near_s):
            if stop() or not group.fill(self._source, chunk, stop):
                return

    def view(self, channels: Sequence[int], start_s: float, stop_s: float, n_pixels: int) -> Extremes:
        """Return the least and the greatest sample in each of ``n_pixels`` equal parts of a stretch of time.

        A part that is shorter than the step between two samples holds the straight line between them.

        Raises
        ------
        OutOfRangeError
            If there is no such channel, the stretch is empty or not finite, or there are too few or too many pixels.
        UnreadableRecordingError
            If the file cannot be read.
        """
        self._check(channels, start_s, stop_s, n_pixels)
        shape = (len(channels), n_pixels)
        low, high = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
        exact = True
        for group in self._groups:
            rows = [row for row, channel in enumerate(channels) if self._place[channel][0] is group]
            if rows:
                chosen = [self._place[channels[row]][1] for row in rows]
                edges = np.linspace(start_s, stop_s, n_pixels + 1) * group.rate_hz
                part = group.extremes(self._source, chosen, edges)
                low[rows], high[rows] = part.low, part.high
                exact &= part.is_exact
        return Extremes(low, high, exact)

    def _check(self, channels: Sequence[int], start_s: float, stop_s: float, n_pixels: int) -> None:
        unknown = [channel for channel in channels if channel not in self._place]
        if unknown or not channels or len(set(channels)) != len(channels):
            raise OutOfRangeError(
                say(
                    "channels must be different numbers from 0 to {last}, got {got!r}.",
                    last=len(self._place) - 1,
                    got=list(channels),
                )
            )
        if not (np.isfinite([start_s, stop_s]).all() and start_s < stop_s and max(-start_s, stop_s) <= LATEST_S):
            raise OutOfRangeError(
                say(
                    "a stretch must begin before it ends, got {start_s!r} to {stop_s!r} s.",
                    start_s=start_s,
                    stop_s=stop_s,
                )
            )
        if not 1 <= n_pixels <= MOST_PIXELS:
            raise OutOfRangeError(
                say("pixels must be a whole number from 1 to {most}, got {got!r}.", most=MOST_PIXELS, got=n_pixels)
            )

    def _make_room(self) -> None:
        needed, folder = self._n_bytes, self._folder if self.is_large else None
        if folder is not None and shutil.disk_usage(folder).free < 2 * needed:
            raise UnwritableFileError(f"the temporary folder must have room for {2 * needed} bytes, got less.")
        for number, group in enumerate(self._groups):
            group.make_room(None if folder is None else folder / f"levels-{number}")

    def _open_chunks(self, near_s: Callable[[], float]) -> "Iterator[tuple[_Group, int]]":
        while waiting := [group for group in self._groups if not group.done.all()]:
            here_s = near_s()
            nearest = [(group, group.nearest_open(here_s)) for group in waiting]
            yield min(nearest, key=lambda one: one[0].away_s(one[1], here_s))


class _Group:
    """The levels of the channels of one rate and length."""

    def __init__(self, rate_hz: float, n_samples: int, members: tuple[int, ...]) -> None:
        self.rate_hz, self.n_samples, self.members = rate_hz, n_samples, members
        self.done: BoolArray = np.zeros(-(-n_samples // CHUNK), dtype=np.bool_)
        self._sizes = [BLOCK * FACTOR**level for level in range(N_LEVELS)]
        self._levels: list[Rows] = []

    @property
    def n_bytes(self) -> int:
        """Size of all levels."""
        return sum(int(np.prod(shape)) for shape in self._shapes) * _VALUE_BYTES

    @property
    def _shapes(self) -> list[tuple[int, int, int]]:
        return [(-(-self.n_samples // size), len(self.members), 2) for size in self._sizes]

    def make_room(self, file: Path | None) -> None:
        """Make the levels, in memory or in files whose names begin as ``file``."""
        if self.n_samples == 0 or self._levels:
            return
        for level, shape in enumerate(self._shapes):
            where = None if file is None else file.with_name(f"{file.name}-{level}.f32")
            room = np.empty(shape, np.float32) if where is None else np.memmap(where, np.float32, "w+", shape=shape)
            self._levels.append(room)

    def nearest_open(self, here_s: float) -> int:
        """Return the chunk nearest to a time of those that are not filled in."""
        waiting = np.flatnonzero(~self.done)
        return int(waiting[np.argmin(np.abs((waiting + 0.5) * CHUNK / self.rate_hz - here_s))])

    def away_s(self, chunk: int, here_s: float) -> float:
        """Return how far a chunk's middle is from a time."""
        return float(abs((chunk + 0.5) * CHUNK / self.rate_hz - here_s))

    def fill(self, source: SampleSource, chunk: int, stop: Stop) -> bool:
        """Fill in one chunk of every level, a piece at a time; tell whether it was not stopped before."""
        first = chunk * CHUNK
        last = min(first + CHUNK, self.n_samples)
        step = max(BLOCK, PIECE_SAMPLES // len(self.members) // BLOCK * BLOCK)
        pieces = []
        for start in range(first, last, step):
            if stop():
                return False
            pieces.append(_blocks_of(rows_of(source, self.members, start, min(start + step, last))))
        blocks = np.concatenate(pieces)
        for size, level in zip(self._sizes, self._levels, strict=True):
            level[first // size : first // size + len(blocks)] = blocks
            blocks = _coarser(blocks)
        self.done[chunk] = True
        return True

    def extremes(self, source: SampleSource, chosen: Sequence[int], edges: FloatArray) -> Extremes:
        """Return the least and greatest samples between edges, counted in samples, of the chosen rows."""
        step = (edges[-1] - edges[0]) / (edges.size - 1)
        names = [self.members[row] for row in chosen]
        if step < 1:
            return _between_samples(source, names, edges, self.n_samples)
        if step < 2 * BLOCK:
            return _from_samples(source, names, edges, self.n_samples)
        return self._from_levels(source, chosen, edges, step)

    def _from_levels(self, source: SampleSource, chosen: Sequence[int], edges: FloatArray, step: float) -> Extremes:
        inside = (edges[1:] > 0) & (edges[:-1] < self.n_samples)
        missing = inside & self._reaches_open_chunk(edges)
        there = np.flatnonzero(inside & ~missing)
        found = _nothing(len(chosen), edges.size - 1, is_exact=not missing.any())
        if there.size:
            level = max(place for place, size in enumerate(self._sizes) if 2 * size <= step)
            low, high = _gathered(self._levels[level], chosen, edges / self._sizes[level], there)
            found.low[:, there], found.high[:, there] = low, high
        if missing.any():
            names = [self.members[row] for row in chosen]
            _glimpse(source, names, edges.clip(0, self.n_samples), np.flatnonzero(missing), found)
        return found

    def _reaches_open_chunk(self, edges: FloatArray) -> BoolArray:
        before = np.concatenate([[0], np.cumsum(~self.done)])
        ends = (edges / CHUNK).clip(0, self.done.size)
        reached: BoolArray = before[np.ceil(ends[1:]).astype(np.int64)] > before[np.floor(ends[:-1]).astype(np.int64)]
        return reached


def _nothing(n_rows: int, n_pixels: int, *, is_exact: bool) -> Extremes:
    empty = np.full((2, n_rows, n_pixels), np.nan, np.float32)
    return Extremes(empty[0], empty[1], is_exact)


def _least_and_greatest(cube: Rows) -> tuple[Rows, Rows]:
    """Return the extremes along the last axis; what is missing counts only where all of it is."""
    low: Rows = np.minimum.reduce(cube, axis=-1)
    if np.isnan(low).any():
        return np.fmin.reduce(cube, axis=-1), np.fmax.reduce(cube, axis=-1)
    return low, np.maximum.reduce(cube, axis=-1)


def _blocks_of(rows: Rows) -> Rows:
    """Return the blocks of rows of samples, shape ``(n_blocks, n_rows, 2)``; the last may be of fewer samples."""
    spare = -rows.shape[1] % BLOCK
    full = np.pad(rows, ((0, 0), (0, spare)), constant_values=np.nan) if spare else rows
    low, high = _least_and_greatest(full.reshape(len(rows), -1, BLOCK))
    return np.stack([low.T, high.T], axis=-1)


def _coarser(blocks: Rows) -> Rows:
    spare = -len(blocks) % FACTOR
    full = np.pad(blocks, ((0, spare), (0, 0), (0, 0)), constant_values=np.nan) if spare else blocks
    groups = full.reshape(-1, FACTOR, *blocks.shape[1:])
    return np.stack([np.fmin.reduce(groups[..., 0], axis=1), np.fmax.reduce(groups[..., 1], axis=1)], axis=-1)


def _gathered(level: Rows, chosen: Sequence[int], edges: FloatArray, there: IntArray) -> tuple[Rows, Rows]:
    """Return the extremes of the blocks that pixels reach, pixel by pixel."""
    first = np.floor(edges[:-1][there]).astype(np.int64).clip(0)
    last = np.ceil(edges[1:][there]).astype(np.int64).clip(max=len(level))
    begin = int(first[0])
    near = np.asarray(level[begin : int(last[-1])])[:, list(chosen)]
    low, high = near[first - begin, :, 0], near[first - begin, :, 1]
    for step in range(1, int((last - first).max())):
        at = np.minimum(first + step, last - 1) - begin
        np.fmin(low, near[at, :, 0], out=low)
        np.fmax(high, near[at, :, 1], out=high)
    return low.T, high.T


def _from_samples(source: SampleSource, names: Sequence[int], edges: FloatArray, n_samples: int) -> Extremes:
    """Look at every sample, some pixels at a time."""
    found = _nothing(len(names), edges.size - 1, is_exact=True)
    cuts = np.ceil(edges).astype(np.int64).clip(0, n_samples)
    per_pixel = max(1.0, (edges[-1] - edges[0]) / (edges.size - 1))
    at_once = max(1, int(PIECE_SAMPLES / per_pixel / len(names)))
    for begin in range(0, edges.size - 1, at_once):
        part = cuts[begin : begin + at_once + 1]
        filled = np.flatnonzero(np.diff(part) > 0)
        if filled.size:
            rows = rows_of(source, names, int(part[0]), int(part[-1]))
            starts = part[filled] - part[0]
            low = np.minimum.reduceat(rows, starts, axis=1)
            gaps = bool(np.isnan(low).any())
            found.low[:, begin + filled] = np.fmin.reduceat(rows, starts, axis=1) if gaps else low
            found.high[:, begin + filled] = (np.fmax if gaps else np.maximum).reduceat(rows, starts, axis=1)
    return found


def _between_samples(source: SampleSource, names: Sequence[int], edges: FloatArray, n_samples: int) -> Extremes:
    """Draw straight lines from sample to sample."""
    found = _nothing(len(names), edges.size - 1, is_exact=True)
    first = int(np.floor(edges[0]).clip(0, n_samples))
    last = int((np.ceil(edges[-1]) + 1).clip(first, n_samples))
    if last == first:
        return found
    at = np.arange(first, last)
    pixel = np.searchsorted(edges, at, side="right") - 1
    inside = np.flatnonzero((pixel >= 0) & (pixel < edges.size - 1))
    for row, samples in enumerate(rows_of(source, names, first, last)):
        line = np.interp(edges, at, samples, left=np.nan, right=np.nan)
        found.low[row] = np.minimum(line[:-1], line[1:])
        found.high[row] = np.maximum(line[:-1], line[1:])
        np.fmin.at(found.low[row], pixel[inside], samples[inside])
        np.fmax.at(found.high[row], pixel[inside], samples[inside])
    return found


def _glimpse(source: SampleSource, names: Sequence[int], edges: FloatArray, pixels: IntArray, found: Extremes) -> None:
    """Look at a few samples in the middle of some pixels, and show those beside them alike."""
    for together in np.array_split(pixels, min(GLIMPSES, pixels.size)):
        start, stop = edges[together[0]], edges[together[-1] + 1]
        first = int(max(start, (start + stop - GLIMPSE_SAMPLES) / 2))
        rows = rows_of(source, names, first, max(first + 1, int(min(stop, first + GLIMPSE_SAMPLES))))
        low, high = _least_and_greatest(rows)
        found.low[:, together], found.high[:, together] = low[:, np.newaxis], high[:, np.newaxis]
