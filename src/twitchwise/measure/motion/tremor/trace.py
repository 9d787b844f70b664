"""Samples of a motion sensor, cut into windows that follow each other; read block by block, so that a day fits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.ends import Ends
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.visible import least_size
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

HIGHEST_HZ = 25.0
"""No movement of the body that is regular is faster; the published wrist detector looks up to here too."""
Samples = npt.NDArray[np.float32]
"""Windows of a sensor in single precision: shape ``(n_axes, n_windows, n_samples)``."""
# Samples held at once: an hour of three axes at 100 Hz; fewer take longer.
_AT_ONCE = 1_080_000
# Samples among which the ends of a sensor's range are looked for: half an hour of three axes at 100 Hz.
_ONE_RANGE = 600_000
# Windows that are folded together: they stay in a processor's own memory.
_TOGETHER = 100
# Windows left out between two that are read together: to read on past them takes less time than to begin anew.
_READ_ON = 30


Look = Callable[[Samples], Samples]
"""Looks at windows of folded samples and returns a row for each; it may change what it is given."""


class Block(NamedTuple):
    """Windows ``first`` and following of a trace.

    ``axes`` holds their samples as they were read, each of shape ``(n_windows, n_samples)``; ``seen`` what a quick look
    at the sums of neighboring samples gave, a row a window; ``whole`` tells which windows can be judged.
    """

    first: int
    axes: Sequence[npt.NDArray[Any]]
    seen: Samples
    whole: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A sensor with the way it is cut: ``n_windows`` of ``n_samples`` each, the first at the start of the recording."""

    recording: Recording
    sensor: MotionSensor
    settings: TremorSettings
    standing: bool = False

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return self.sensor.sampling_rate_hz

    @property
    def n_samples(self) -> int:
        """Samples in a window."""
        return round(self.settings.window_s * self.rate_hz)

    @property
    def n_windows(self) -> int:
        """Whole windows in the recording."""
        return self.sensor.channels[0].n_samples // self.n_samples

    @property
    def window_s(self) -> float:
        """Length of a window in seconds."""
        return self.n_samples / self.rate_hz

    def least(self, frequency_hz: FloatArray) -> FloatArray:
        """Return the least amplitude that is called a tremor at each frequency, in the sensor's unit."""
        return least_size(frequency_hz, self.sensor.kind, self.settings, standing=self.standing)

    @property
    def fold(self) -> int:
        """How many samples are added up for a quick look, so that what is left reaches the highest rate of interest."""
        return max(1, int(self.rate_hz / (2 * HIGHEST_HZ)))

    def blocks(self, look: Look) -> Iterator[Block]:
        """Give all windows in order, some at a time, with what a quick look at their folded samples gives."""
        for first in range(0, self.n_windows, self._at_once):
            yield self._block(first, min(first + self._at_once, self.n_windows), look)

    def taken_of(self, block: Block, windows: IntArray) -> Samples:
        """Return some windows of a block by their numbers, shape ``(n_axes, len(windows), n_samples)``."""
        return _bridged_windows(_picked(block.axes, windows - block.first), self.settings)[0]

    def taken(self, windows: IntArray) -> Samples:
        """Return some windows of the recording by their rising numbers, read anew; shape as of `taken_of`."""
        samples = np.empty((len(self.sensor.channels), windows.size, self.n_samples), dtype=np.float32)
        for part in self._read_together(windows):
            numbers = windows[part]
            axes = self._axes(int(numbers[0]), int(numbers[-1]) + 1)
            samples[:, part] = _picked(axes, numbers - numbers[0])
        return _bridged_windows(samples, self.settings)[0]

    def _read_together(self, windows: IntArray) -> Iterator[slice]:
        """Give stretches of windows that lie near each other and are no more than can be held at once."""
        apart = (np.diff(windows) > _READ_ON) | (np.diff(windows // self._at_once) > 0)
        edges = [0, *(np.flatnonzero(apart) + 1).tolist(), windows.size]
        yield from (slice(first, stop) for first, stop in pairwise(edges) if stop > first)

    @property
    def _at_once(self) -> int:
        return self._windows_of(_AT_ONCE)

    def _windows_of(self, n_samples: int) -> int:
        return max(1, n_samples // (self.n_samples * len(self.sensor.channels)))

    def _axes(self, first: int, stop: int) -> list[npt.NDArray[Any]]:
        axes = self.sensor.read_axes(self.recording, first * self.window_s, stop * self.window_s)
        return [axis.reshape(stop - first, self.n_samples) for axis in axes]

    def _block(self, first: int, stop: int, look: Look) -> Block:
        axes = self._axes(first, stop)
        folded = np.empty((len(axes), _TOGETHER, self.n_samples // self.fold), dtype=np.float32)
        span, ends = self._windows_of(_ONE_RANGE), list[int]()
        seen, whole = list[Samples](), np.empty(stop - first, dtype=np.bool_)
        for begin in range(0, stop - first, span):
            reached = Ends(len(axes))
            for at in _parts(begin, min(begin + span, stop - first)):
                some = folded[:, : at.stop - at.start]
                whole[at] = self._folded([axis[at] for axis in axes], some)
                reached.add(some, at.start)
                seen.append(look(some))
            ends += reached.windows()
        clear = np.array([window for window in ends if whole[window]], dtype=np.int64)
        stuck = _stuck_share(np.nan_to_num(_picked(axes, clear))).max(axis=0)
        whole[clear] = stuck <= self.settings.clipped_share_limit
        return Block(first, axes, np.concatenate(seen), whole)

    def _folded(self, axes: Sequence[npt.NDArray[Any]], folded: Samples) -> BoolArray:
        """Fold some windows, with short gaps bridged, and tell which are whole."""
        folded_rows(axes, self.fold, folded)
        # NaN where any sample is missing: one pass over the samples
        whole: BoolArray = np.isfinite(np.einsum("awi->w", folded))
        gaps = np.flatnonzero(~whole)
        if gaps.size:
            samples, whole[gaps] = _bridged_windows(_picked(axes, gaps), self.settings)
            folded[:, gaps] = folded_rows(samples, self.fold)
        return whole


def _parts(first: int, stop: int) -> Iterator[slice]:
    """Give stretches of windows that are folded together."""
    for begin in range(first, stop, _TOGETHER):
        yield slice(begin, min(begin + _TOGETHER, stop))


def _picked(axes: Sequence[npt.NDArray[Any]], windows: IntArray) -> Samples:
    """Return some windows of each axis in single precision."""
    picked = np.empty((len(axes), windows.size, axes[0].shape[1]), dtype=np.float32)
    for one, axis in zip(picked, axes, strict=True):
        one[:] = axis[windows]
    return picked


def folded_rows(axes: Sequence[npt.NDArray[Any]] | Samples, fold: int, room: Samples | None = None) -> Samples:
    """Return the sums of ``fold`` neighbors in each window of each axis; what is left over at its end is dropped.

    They are written to ``room`` where it is given.
    """
    n_windows, n_samples = axes[0].shape
    folded = np.empty((len(axes), n_windows, n_samples // fold), dtype=np.float32) if room is None else room
    for row, axis in zip(folded, axes, strict=True):
        _fold(axis, fold, row)
    return folded


def _fold(rows: npt.NDArray[Any], fold: int, folded: Samples) -> None:
    n_kept = rows.shape[-1] // fold * fold
    if fold == 1:
        folded[:] = rows
        return
    np.add(rows[..., :n_kept:fold], rows[..., 1:n_kept:fold], out=folded, casting="same_kind")
    for shift in range(2, fold):
        folded += rows[..., shift:n_kept:fold]


def _bridged_windows(samples: Samples, settings: TremorSettings) -> tuple[Samples, BoolArray]:
    """Bridge short gaps in a window, and mark windows that miss no more than that.

    A gap can be bridged as long as it is shorter than a cycle of all but the fastest tremors: phones of some years ago
    leave out a sample or a few again and again.
    """
    whole = np.isfinite(np.einsum("awi->w", samples))  # NaN where any sample is missing: one pass over the samples
    longest = round(settings.gap_longest_s * samples.shape[2] / settings.window_s)
    for window in np.flatnonzero(~whole):
        missing = ~np.isfinite(samples[:, window])
        few = missing.mean() <= settings.missing_share_limit
        whole[window] = few and max(map(_longest_run, missing)) <= longest
        samples[:, window] = _bridged(samples[:, window], missing) if whole[window] else 0
    return samples, whole


def _longest_run(missing: BoolArray) -> int:
    """Return the length of the longest gap in samples."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], missing.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _bridged(rows: Samples, missing: BoolArray) -> FloatArray:
    """Join what is there by a cubic spline, as the readers do; what lies beyond it stays as the last that is known."""
    place = np.arange(rows.shape[1])
    joined = []
    for row, gone in zip(rows, missing, strict=True):
        known = place[~gone]
        within = np.clip(place, known[0], known[-1])
        joined.append(CubicSpline(known, row[known])(within) if gone.any() else row)
    return np.stack(joined)


def _stuck_share(samples: Samples) -> FloatArray:
    """Return the share of samples that repeat the greatest or the least value several times in a row.

    For each axis of each window, shape ``(n_axes, n_windows)``; 0 for a constant.
    """
    top, bottom = samples.max(axis=2), samples.min(axis=2)
    shares = []
    for end in (top, bottom):
        at_end = samples == end[..., np.newaxis]
        shares.append((at_end[..., 2:] & at_end[..., 1:-1] & at_end[..., :-2]).mean(axis=2))
    share: FloatArray = np.where(top > bottom, np.maximum(*shares), 0.0) * (1 - 2 / samples.shape[2])
    return share
