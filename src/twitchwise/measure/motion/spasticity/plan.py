"""What of spasticity is looked for in a recording, by what it says of itself: nothing, unless something calls for it.

* Clonus: on every channel where a stretch or tap is noted; else on the leg, and where a goniometer is on a joint.
* Spasms: on the leg, if a note names spasms, the person is said to be at rest, or the recording is long; not in sleep,
  whose movements are scored by other rules.
* Pendulum tests: wherever a sensor gives an angle, but for a part of the body that is no leg, and for long recordings
  of a gyroscope that nobody says is on a leg.
* Falls: in acceleration with gravity.
"""

from dataclasses import dataclass

from twitchwise.measure.asked import Asked
from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.emg.usability import why_unusable
from twitchwise.measure.motion.sensors import MotionSensor, motion_sensors
from twitchwise.measure.motion.spasticity.places import (
    Place,
    drops_noted_s,
    is_of_sleep,
    place_of,
    spasms_are_noted,
    stretches_noted_s,
)
from twitchwise.measure.motion.spasticity.settings import ClonusSettings, PendulumSettings, SpasmSettings
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Task
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What is looked for.

    Parameters
    ----------
    recording, asked
        What is looked at, and what a person said of it.
    stretches_s, drops_s
        When stretches and taps, and drops of the leg, were noted, each of shape ``(n,)``.
    muscles
        EMG channels fit for it, one of each array, with where they are.
    sensors
        Sensors of motion and force fit for it, with where they are worn.
    slow
        Sensors that are too slow.
    """

    recording: Recording
    asked: Asked
    stretches_s: FloatArray
    drops_s: FloatArray
    muscles: tuple[tuple[Channel, Place], ...]
    sensors: tuple[tuple[MotionSensor, Place], ...]
    slow: tuple[MotionSensor, ...]

    def clonus_is_looked_for(self, place: Place, kind: ChannelKind) -> bool:
        """Tell whether clonus is looked for on a channel of a kind at a place."""
        if kind is ChannelKind.DISPLACEMENT:
            return False
        joint = kind is ChannelKind.ANGLE and place is Place.UNKNOWN
        return bool(self.stretches_s.size) or place is Place.LEG or joint

    def spasms_are_looked_for(self, place: Place, duration_s: float, settings: SpasmSettings) -> bool:
        """Tell whether spasms are looked for at a place."""
        if is_of_sleep(self.recording) or place is Place.ELSEWHERE:
            return False
        if spasms_are_noted(self.recording):
            return True
        rests = self.asked.task is Task.REST or duration_s >= settings.looked_least_s
        return place is Place.LEG and rests

    def drops_are_looked_for(self, sensor: MotionSensor, place: Place, settings: PendulumSettings) -> bool:
        """Tell whether drops of a leg are looked for on a sensor.

        Nothing but a note makes a movement elsewhere one. A gyroscope that nobody says is on a leg must have recorded
        no longer than a test may take, for in hours some gesture swings like a leg.
        """
        if self.drops_s.size:
            return True
        unknown = place is Place.UNKNOWN and sensor.kind is ChannelKind.ANGULAR_VELOCITY
        short = sensor.duration_s <= settings.unknown_longest_s
        return place is not Place.ELSEWHERE and (short or not unknown)


def plan_for(recording: Recording, asked: Asked, settings: ClonusSettings) -> Plan:
    """Return what is to be looked for in a recording."""
    sensors = [*motion_sensors(recording, asked), *_of_force(recording, asked)]
    placed = [(sensor, place_of(sensor.channels, asked)) for sensor in sensors]
    fast = [pair for pair in placed if pair[0].sampling_rate_hz >= settings.sampling_least_hz]
    return Plan(
        recording=recording,
        asked=asked,
        stretches_s=stretches_noted_s(recording),
        drops_s=drops_noted_s(recording),
        muscles=tuple((channel, place_of([channel], asked)) for channel in _muscles(recording)),
        sensors=tuple(fast),
        slow=tuple(sensor for sensor in sensors if sensor.sampling_rate_hz < settings.sampling_least_hz),
    )


def _of_force(recording: Recording, asked: Asked) -> list[MotionSensor]:
    return [
        MotionSensor(
            name=channel.name,
            channels=(channel,),
            site=channel.site or asked.site,
            side=channel.side or asked.side,
        )
        for channel in recording.of_kind(ChannelKind.FORCE)
        if channel.n_samples
    ]


def _muscles(recording: Recording) -> list[Channel]:
    """Return EMG channels: single ones, and the middle of each array, as other activity is looked for in it."""
    emg = [one for one in recording.of_kind(ChannelKind.EMG) if one.electrode is not Electrode.NEEDLE]
    groups = electrode_groups(emg)
    middle = [group.channels[len(group.channels) // 2] for group in groups]
    return [channel for channel in middle if not why_unusable(recording, channel, emg_settings())]
