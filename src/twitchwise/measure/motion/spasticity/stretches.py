"""Fast turns of a joint that stay: stretches that nobody noted but a sensor saw."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.places import Place
from twitchwise.measure.motion.spasticity.settings import ClonusSettings
from twitchwise.measure.motion.spasticity.waves import kept
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

# The joint is looked at so long before the turn and after its first beat; the turn itself takes no longer than this.
_HELD_S, _TURN_S = 0.8, 0.8
TURNING = (ChannelKind.ANGLE, ChannelKind.ANGULAR_VELOCITY, ChannelKind.ACCELERATION)
"""The kinds of sensor on which a turn of a joint can be seen."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Turns:
    """The sensors on which a fast turn of a joint can be seen.

    Parameters
    ----------
    recording
        What is read.
    sensors
        Sensors on the leg, and goniometers, which are put on a joint to test it. Elsewhere a fast turn is a gesture.
    settings
        How fast and how far a turn must be.
    """

    recording: Recording
    sensors: tuple[MotionSensor, ...]
    settings: ClonusSettings

    @classmethod
    def of(
        cls, recording: Recording, placed: tuple[tuple[MotionSensor, Place], ...], settings: ClonusSettings
    ) -> "Turns":
        """Return those of the sensors that can see a stretch."""
        fit = [
            sensor
            for sensor, place in placed
            if (place is Place.LEG and sensor.kind in TURNING)
            or (place is Place.UNKNOWN and sensor.kind is ChannelKind.ANGLE)
        ]
        return cls(recording=recording, sensors=tuple(fit), settings=settings)

    def turned_before(self, time_s: float) -> bool:
        """Tell whether a joint turned fast, and for good, just before a time in seconds from the start."""
        return any(self._turned(sensor, time_s) for sensor in self.sensors)

    def _turned(self, sensor: MotionSensor, time_s: float) -> bool:
        start_s = max(time_s - _TURN_S - _HELD_S, 0.0)
        rate_hz, rows = kept(sensor, self.recording, start_s, min(time_s + _HELD_S, sensor.duration_s))
        at = round((time_s - start_s) * rate_hz)
        turn = round(_TURN_S * rate_hz)
        if at - turn < round(_HELD_S / 2 * rate_hz) or rows.shape[1] - at < round(_HELD_S / 2 * rate_hz):
            return False
        if sensor.kind is ChannelKind.ACCELERATION:
            return self._leaned(rows[:, : at - turn].mean(axis=1), rows[:, at:].mean(axis=1))
        angle = rows if sensor.kind is ChannelKind.ANGLE else np.cumsum(rows, axis=1) / rate_hz
        change = angle[:, at:].mean(axis=1) - angle[:, : at - turn].mean(axis=1)
        fastest = np.abs(np.diff(angle[:, at - turn : at + 1], axis=1)).max() * rate_hz
        return bool(
            np.abs(change).max() >= self.settings.stretch_angle_rad and fastest >= self.settings.stretch_velocity_radps
        )

    def _leaned(self, before: FloatArray, after: FloatArray) -> bool:
        sizes = float(np.linalg.norm(before) * np.linalg.norm(after))
        if before.size < 3 or sizes == 0:  # noqa: PLR2004 - the direction of gravity needs three axes
            return False
        angle = float(np.arccos(np.clip(before @ after / sizes, -1.0, 1.0)))
        return angle >= self.settings.stretch_angle_rad
