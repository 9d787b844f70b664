"""Samples of a motion sensor, cut into windows that follow each other; read block by block, so that a day fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.visible import least_size
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

HIGHEST_HZ = 25.0
"""No movement of the body that is regular is faster; the published wrist detector looks up to here too."""
Samples = npt.NDArray[np.float32]
"""Windows of a sensor in single precision: shape ``(n_axes, n_windows, n_samples)``."""
# Samples held at once: half an hour of three axes at 100 Hz; fewer take longer, more no less time.
_AT_ONCE = 600_000


class Block(NamedTuple):
    """Windows ``first`` and following of a trace, each sum of neighboring samples one, and which can be judged."""

    first: int
    folded: Samples
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

    def blocks(self) -> Iterator[Block]:
        """Give all windows in order, some at a time, folded for a quick look."""
        for first in range(0, self.n_windows, self._at_once):
            yield self._block(first, min(first + self._at_once, self.n_windows))

    def taken(self, windows: IntArray) -> Samples:
        """Return some windows by their rising numbers, shape ``(n_axes, len(windows), n_samples)``."""
        parts = [np.empty((len(self.sensor.channels), 0, self.n_samples), dtype=np.float32)]
        for _, group in groupby(windows.tolist(), key=lambda number: number // self._at_once):
            numbers = np.array(list(group))
            rows = self._rows(int(numbers[0]), int(numbers[-1]) + 1)
            parts.append(_bridged_windows(rows[:, numbers - numbers[0]], self.settings)[0])
        return np.concatenate(parts, axis=1)

    @property
    def _at_once(self) -> int:
        return max(1, _AT_ONCE // (self.n_samples * len(self.sensor.channels)))

    def _rows(self, first: int, stop: int) -> Samples:
        rows = self.sensor.read_rows(self.recording, first * self.window_s, stop * self.window_s)
        return rows.reshape(len(rows), stop - first, self.n_samples)

    def _block(self, first: int, stop: int) -> Block:
        folded = self._folded(first, stop)
        whole = np.isfinite(folded.sum(axis=(0, 2)))  # NaN where any sample is missing: one pass over the samples
        for window in np.flatnonzero(~whole).tolist():
            samples, fine = _bridged_windows(self._rows(first + window, first + window + 1), self.settings)
            whole[window] = fine[0]
            fold_rows(samples[:, 0], self.fold, folded[:, window])
        for window in _at_ends(folded).tolist():
            if whole[window]:
                samples = np.nan_to_num(self._rows(first + window, first + window + 1)[:, 0])
                whole[window] = max(map(_stuck_share, samples)) <= self.settings.clipped_share_limit
        return Block(first, folded, whole)

    def _folded(self, first: int, stop: int) -> Samples:
        """Return the sums of neighboring samples of each window, without a copy of all samples before."""
        channels, recording = self.sensor.channels, self.recording
        n_kept = self.n_samples // self.fold
        folded = np.empty((len(channels), stop - first, n_kept), dtype=np.float32)
        for row, channel in zip(folded, channels, strict=True):
            samples = recording.read(channel.name, first * self.window_s, stop * self.window_s)
            fold_rows(samples.reshape(stop - first, self.n_samples), self.fold, row)
        return folded


def fold_rows(rows: npt.NDArray[Any], fold: int, folded: Samples) -> None:
    """Fill in the sums of ``fold`` neighbors each along the last axis; what is left over at its end is dropped."""
    n_kept = rows.shape[-1] // fold * fold
    if fold == 1:
        folded[:] = rows
        return
    np.add(rows[..., :n_kept:fold], rows[..., 1:n_kept:fold], out=folded, casting="same_kind")
    for shift in range(2, fold):
        folded += rows[..., shift:n_kept:fold]


def _bridged_windows(samples: Samples, settings: TremorSettings) -> tuple[Samples, BoolArray]:
    """Bridge what little is missing in a window, and mark windows that miss no more than that."""
    whole = np.isfinite(samples.sum(axis=(0, 2)))  # NaN where any sample is missing: one pass over the samples
    for window in np.flatnonzero(~whole):
        missing = ~np.isfinite(samples[:, window])
        whole[window] = missing.mean() <= settings.missing_share_limit
        samples[:, window] = _bridged(samples[:, window], missing) if whole[window] else 0
    return samples, whole


def _bridged(rows: Samples, missing: BoolArray) -> FloatArray:
    """Join what is there by straight lines."""
    place = np.arange(rows.shape[1])
    return np.stack([np.interp(place, place[~gone], row[~gone]) for row, gone in zip(rows, missing, strict=True)])


def _at_ends(folded: Samples) -> IntArray:
    """Return the windows that reach the greatest or least value of their block on any axis.

    The range of a sensor is not known for most files, but its end is where the greatest value of all lies: only there a
    sensor can be clipped. A constant moves nowhere and is not.
    """
    reached = np.zeros(folded.shape[1], dtype=np.bool_)
    for axis in folded:
        tops, bottoms = axis.max(axis=1), axis.min(axis=1)
        if tops.max() > bottoms.min():
            reached |= (tops == tops.max()) | (bottoms == bottoms.min())
    return np.flatnonzero(reached)


def _stuck_share(axis: Samples) -> float:
    """Return the share of samples that repeat the greatest or the least value several times in a row."""
    shares = []
    for end in (axis.max(), axis.min()):
        at_end = axis == end
        shares.append(float((at_end[2:] & at_end[1:-1] & at_end[:-2]).sum()) / axis.size)
    return max(shares) if axis.max() > axis.min() else 0.0
