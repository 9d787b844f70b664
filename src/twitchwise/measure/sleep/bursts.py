"""Short bursts of EMG, of which fragmentary myoclonus and jerks are made: when each was, and how large."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.sleep.amplitude import Amplitude
from twitchwise.measure.sleep.leg_movements import Limits, runs_of
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.near import overlapping
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# What pauses for less is one burst: noise of a burst falls below the threshold for a few steps at a time.
_PAUSE_S = 0.04
# A burst begins and ends where it reaches this share of its greatest size.
_OF_PEAK = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Bursts:
    """Bursts of one channel in order of time.

    Parameters
    ----------
    start_s, stop_s, peak_s
        Seconds from the start of the recording, each of shape ``(n,)``.
    size
        Greatest size of a sample in the channel's unit, shape ``(n,)``.
    """

    start_s: FloatArray
    stop_s: FloatArray
    peak_s: FloatArray
    size: FloatArray

    @property
    def duration_s(self) -> FloatArray:
        """Length of each in seconds, shape ``(n,)``."""
        return np.asarray(np.round(self.stop_s - self.start_s, 6), dtype=np.float64)

    def __len__(self) -> int:
        return int(self.start_s.size)

    def where(self, mask: BoolArray) -> "Bursts":
        """Return those that a mask selects."""
        return Bursts(
            start_s=self.start_s[mask], stop_s=self.stop_s[mask], peak_s=self.peak_s[mask], size=self.size[mask]
        )

    def outside(self, movements: Movements) -> "Bursts":
        """Return those that share no moment with a movement."""
        return self.where(~overlapping(self.as_movements(), np.stack([movements.start_s, movements.stop_s], axis=1)))

    def as_movements(self, leg: int = 1) -> Movements:
        """Return the same as movements of one leg."""
        return Movements(
            start_s=self.start_s, stop_s=self.stop_s, leg=np.full(len(self), leg, dtype=np.int64), size=self.size
        )


def bursts_in(amplitude: Amplitude, limits: Limits) -> Bursts:
    """Return the runs of steps whose peaks reach the onset of a movement and stand out of the noise at rest."""
    loud = amplitude.peak >= np.maximum(amplitude.resting + limits.onset, amplitude.least_peak)
    starts, stops = runs_of(loud)
    if not starts.size:
        return Bursts(start_s=np.empty(0), stop_s=np.empty(0), peak_s=np.empty(0), size=np.empty(0))
    apart = (starts[1:] - stops[:-1]) * amplitude.step_s >= _PAUSE_S
    starts, stops = starts[np.concatenate([[True], apart])], stops[np.concatenate([apart, [True]])]
    peaks = np.array([at + int(np.argmax(amplitude.peak[at:stop])) for at, stop in zip(starts, stops, strict=True)])
    starts, stops = _narrowed(amplitude, starts, stops, peaks)
    return Bursts(
        start_s=np.asarray(starts * amplitude.step_s, dtype=np.float64),
        stop_s=np.asarray(stops * amplitude.step_s, dtype=np.float64),
        peak_s=np.asarray((peaks + 0.5) * amplitude.step_s, dtype=np.float64),
        size=np.asarray(amplitude.peak[peaks], dtype=np.float64),
    )


def _narrowed(amplitude: Amplitude, starts: IntArray, stops: IntArray, peaks: IntArray) -> tuple[IntArray, IntArray]:
    """Cut bursts to where they are not small beside their own peak."""
    narrow = np.empty((peaks.size, 2), dtype=np.int64)
    for number, (start, stop, peak) in enumerate(zip(starts, stops, peaks, strict=True)):
        large = np.flatnonzero(amplitude.peak[start:stop] >= _OF_PEAK * amplitude.peak[peak])
        narrow[number] = start + large[0], start + large[-1] + 1
    return narrow[:, 0], narrow[:, 1]
