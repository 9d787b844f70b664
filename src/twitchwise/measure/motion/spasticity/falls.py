"""Falls in acceleration: the body falls, hits the ground and lies still, mostly turned; and how near spasms they are.

Thresholds are files ``fall_*``. Detectors of this kind found 57 % of real falls in the mean, and gave 3 to 85 false
alarms a day (Bagala et al. 2012, https://doi.org/10.1371/journal.pone.0037062), so that each fall here is a guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.settings import FallSettings
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

# The size of gravity as a sensor at rest may show it.
_GRAVITY_MPS2 = (8.0, 11.6)
_AXES = 3
_PIECE_S, _MARGIN_S = 300.0, 12.0
# Posture before is the mean of this stretch before the fall.
_BEFORE_S, _BEFORE_UNTIL_S = 1.5, 0.3
# The impact's bouncing is over after this.
_BOUNCES_S = 0.5
# Two falls within this are one.
_ONE_FALL_S = 10.0
# A device that lies on the floor is as still as this, and it fell for so long by itself.
_DEVICE_STILL_MPS2, _DEVICE_FALLS_S = 0.05, 0.15


@dataclass(frozen=True, kw_only=True, slots=True)
class Fall:
    """A fall: when it began, hit and lay still, the impact in m/s2, by how much the body had turned, how likely."""

    start_s: float
    impact_s: float
    still_s: float
    impact_mps2: float
    turn_rad: float
    probability: float
    of_device: bool


def has_gravity(recording: Recording, sensor: MotionSensor) -> bool:
    """Tell whether a sensor has three axes of acceleration with gravity in them, which a fall is told by."""
    if sensor.kind is not ChannelKind.ACCELERATION or len(sensor.channels) != _AXES:
        return False
    if sensor.channels[0].unit is not Unit.METER_PER_SECOND_SQUARED:
        return False
    size = np.linalg.norm(sensor.read(recording, 0.0, min(sensor.duration_s, _PIECE_S)), axis=0)
    known = size[np.isfinite(size)]
    return bool(known.size) and _GRAVITY_MPS2[0] <= float(np.median(known)) <= _GRAVITY_MPS2[1]


def falls_in(recording: Recording, sensor: MotionSensor, settings: FallSettings) -> list[Fall]:
    """Return the falls that a sensor shows, in order of time."""
    found = list[Fall]()
    for start_s in np.arange(0.0, sensor.duration_s, _PIECE_S):
        stop_s = min(start_s + _PIECE_S, sensor.duration_s)
        first_s = max(start_s - _MARGIN_S, 0.0)
        rows = sensor.read(recording, first_s, min(stop_s + _MARGIN_S, sensor.duration_s))
        for fall in _Piece(rows, sensor.sampling_rate_hz, first_s, settings).falls():
            if start_s <= fall.start_s < stop_s and not (found and fall.start_s - found[-1].start_s < _ONE_FALL_S):
                found.append(fall)
    return found


class _Piece:
    """Some minutes of acceleration."""

    def __init__(self, rows: FloatArray, rate_hz: float, start_s: float, settings: FallSettings) -> None:
        self.rows, self.rate_hz, self.start_s, self.settings = np.nan_to_num(rows, nan=5.0), rate_hz, start_s, settings
        self.size = np.linalg.norm(self.rows, axis=0)

    def falls(self) -> Iterator[Fall]:
        """Give what falls, hits and lies still."""
        settings = self.settings
        low = self.size < settings.free_fall_mps2
        edges = np.flatnonzero(np.diff(low.astype(np.int8), prepend=0, append=0))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first >= settings.free_fall_duration_s * self.rate_hz:
                fall = self._fall(int(first), int(last))
                if fall is not None:
                    yield fall

    def _fall(self, first: int, last: int) -> Fall | None:
        settings = self.settings
        after = self.size[last : last + self._samples(settings.impact_within_s)]
        if after.size == 0 or after.max() < settings.impact_mps2:
            return None
        impact = last + int(np.argmax(after))
        still = self._still_from(impact + self._samples(_BOUNCES_S))
        if still is None:
            return None
        turn = self._turn(first, still)
        turned = turn >= settings.turn_least_rad
        return Fall(
            start_s=self.start_s + first / self.rate_hz,
            impact_s=self.start_s + impact / self.rate_hz,
            still_s=self.start_s + still / self.rate_hz,
            impact_mps2=float(self.size[impact]),
            turn_rad=turn,
            probability=settings.probability if turned else settings.probability_without_turn,
            of_device=self._is_of_device(first, last, still),
        )

    def _still_from(self, first: int) -> int | None:
        """Return from when on the body lies still, or ``None`` where it soon moves on."""
        length = self._samples(self.settings.still_after_s)
        for at in range(first, first + self._samples(self.settings.still_within_s), max(1, length // 8)):
            part = self.rows[:, at : at + length]
            if part.shape[1] == length and part.std(axis=1).max() < self.settings.still_spread_mps2:
                return at
        return None

    def _turn(self, first: int, still: int) -> float:
        before = self.rows[:, max(first - self._samples(_BEFORE_S), 0) : max(first - self._samples(_BEFORE_UNTIL_S), 1)]
        after = self.rows[:, still : still + self._samples(self.settings.still_after_s)]
        one, other = before.mean(axis=1), after.mean(axis=1)
        sizes = float(np.linalg.norm(one) * np.linalg.norm(other))
        return float(np.arccos(np.clip(one @ other / sizes, -1.0, 1.0))) if sizes else 0.0

    def _is_of_device(self, first: int, last: int, still: int) -> bool:
        free = np.count_nonzero(self.size[first:last] < self.settings.device_acceleration_mps2)
        after = self.rows[:, still : still + self._samples(self.settings.still_after_s)]
        return bool(free >= _DEVICE_FALLS_S * self.rate_hz and float(after.std(axis=1).max()) < _DEVICE_STILL_MPS2)

    def _samples(self, time_s: float) -> int:
        return max(1, round(time_s * self.rate_hz))
