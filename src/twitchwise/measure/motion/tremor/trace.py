"""Samples of a motion sensor, cut into windows that follow each other; read block by block, so that a day fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

Samples = npt.NDArray[np.float32]
"""Windows of a sensor without their level, in single precision: shape ``(n_axes, n_windows, n_samples)``."""
# Samples held at once: a quarter of an hour of three axes at 100 Hz stays within a core's second cache.
_AT_ONCE = 300_000
_STUCK = 3  # this many equal samples in a row at the end of the range are clipped


class Block(NamedTuple):
    """Windows ``first`` and following of a trace, the level that each axis had, and which of them can be judged."""

    first: int
    samples: Samples
    levels: FloatArray
    whole: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A sensor with the way it is cut: ``n_windows`` of ``n_samples`` each, the first at the start of the recording."""

    recording: Recording
    sensor: MotionSensor
    settings: TremorSettings

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

    def blocks(self) -> Iterator[Block]:
        """Give all windows in order, some at a time."""
        at_once = max(1, _AT_ONCE // (self.n_samples * len(self.sensor.channels)))
        for first in range(0, self.n_windows, at_once):
            yield self._block(first, min(first + at_once, self.n_windows))

    def taken(self, windows: IntArray) -> Samples:
        """Return some windows by their numbers, shape ``(n_axes, len(windows), n_samples)``."""
        runs = np.split(windows, np.flatnonzero(np.diff(windows) != 1) + 1) if windows.size else []
        parts = [self._block(int(run[0]), int(run[-1]) + 1).samples for run in runs]
        empty = np.empty((len(self.sensor.channels), 0, self.n_samples), dtype=np.float32)
        return np.concatenate([empty, *parts], axis=1)

    def _block(self, first: int, stop: int) -> Block:
        window_s = self.window_s
        rows = self.sensor.read(self.recording, first * window_s, stop * window_s)
        return _cut(first, rows.reshape(len(rows), stop - first, self.n_samples), self.settings)


def _cut(first: int, rows: FloatArray, settings: TremorSettings) -> Block:
    """Take the level off each window; bridge what little is missing, and leave out windows that miss more."""
    with np.errstate(invalid="ignore"):
        levels = rows.mean(axis=2, keepdims=True)  # NaN where any sample is missing: one pass over the samples
    whole = np.isfinite(levels[..., 0]).all(axis=0)
    samples: Samples = np.subtract(rows, levels, dtype=np.float32, casting="same_kind")
    for window in np.flatnonzero(~whole):
        missing = ~np.isfinite(rows[:, window])
        whole[window] = missing.mean() <= settings.missing_share_limit
        samples[:, window] = _bridged(rows[:, window], missing) if whole[window] else 0.0
    levels = np.where(whole, np.nan_to_num(levels[..., 0]), 0.0)
    return Block(first, samples, levels, whole & ~_clipped(rows, samples, settings.clipped_share_limit))


def _bridged(rows: FloatArray, missing: BoolArray) -> FloatArray:
    """Join what is there by straight lines."""
    place = np.arange(rows.shape[1])
    filled = np.stack([np.interp(place, place[~gone], row[~gone]) for row, gone in zip(rows, missing, strict=True)])
    bridged: FloatArray = filled - filled.mean(axis=1, keepdims=True)
    return bridged


def _clipped(rows: FloatArray, samples: Samples, limit: float) -> BoolArray:
    """Mark windows that stand at one end of their range for more than ``limit`` of the time, several samples in a row.

    Only windows that move are looked at: one that rests on a converter step is quiet, not clipped.
    """
    most = np.abs(samples).max(axis=2)
    mask = np.zeros(most.shape[1], dtype=np.bool_)
    loud = most > _LOUD * max(float(np.median(most)), np.finfo(np.float32).tiny)
    for window in np.flatnonzero(loud.any(axis=0)):
        axes = rows[loud[:, window], window]
        mask[window] = max(_stuck_share(axis) for axis in axes) > limit
    return mask


_LOUD = 3.0  # times the usual height: only there can a sensor reach the end of its range


def _stuck_share(axis: FloatArray) -> float:
    """Return the share of samples that repeat the greatest or least one several times in a row."""
    shares = []
    for end in (np.nanmax(axis), np.nanmin(axis)):
        at_end = axis == end
        run = np.convolve(at_end, np.ones(_STUCK), mode="valid") == _STUCK
        shares.append(float(run.sum()) / axis.size)
    return max(shares)
