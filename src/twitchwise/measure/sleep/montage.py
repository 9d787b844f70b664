"""Which channels of a sleep recording are of the legs, the chin and the rest of the body, judged from their names."""

import re
from dataclasses import dataclass

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.sensors import MotionSensor, motion_sensors
from twitchwise.measure.sleep.movements import LEFT, RIGHT
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit

_LEG = re.compile(
    r"(?<!\w)[lr]?legs?[lr]?(?![a-z])|tib|(?<![a-z])plm|(?<![a-z])[lr]at(?![a-z])|ankle|gastroc|soleus|calf|(?<![a-z])ta(?![a-z])"
    r"|shin|bein|jambe|gamba|pierna|perna|foot|feet|(?<![a-z])toe|extensor digitorum brevis"
)
_NOT_EMG = re.compile(r"pos(?:ition)?(?![a-z])|imp(?:edance)?(?![a-z])|accel|(?<![a-z])acc(?![a-z])|flow|spo2")
_EYE = re.compile(r"(?<![a-z])eog|(?<![a-z])(?:loc|roc|e1|e2)(?![a-z0-9])")
_LEFT = re.compile(
    r"left|(?<![a-z])l(?:leg|at)?(?![a-z])|links|gauche|sinist|izquier|(?<=leg)l(?![a-z])|(?<=plm)l(?![a-z])"
)
_RIGHT = re.compile(
    r"right|(?<![a-z])r(?:leg|at)?(?![a-z])|rechts|droit|destr|derech|(?<=leg)r(?![a-z])|(?<=plm)r(?![a-z])"
)
_SITE_LEG = re.compile(r"leg|ankle|foot|feet|toe|shin|calf|tibia")
_SITE_BED = re.compile(r"mattress|bed|pillow")
_SITE_ARM = re.compile(r"wrist|hand|arm|finger")
_VOLTS = {Unit.VOLT}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """EMG of a muscle; ``leg`` is 1 for a left leg, 2 for a right one, 0 for another muscle."""

    channel: Channel
    leg: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Montage:
    """What a recording has for sleep.

    Parameters
    ----------
    leads
        Surface EMG, those of the legs with their side.
    sides_assumed
        Whether two leg channels were taken for different legs although nothing says their sides.
    worn
        Accelerometers at a leg, an arm or on the bed.
    is_of_sleep
        Whether there is EEG or an eye channel too, as in sleep recordings.
    """

    leads: tuple[Lead, ...]
    sides_assumed: bool
    worn: tuple[MotionSensor, ...]
    is_of_sleep: bool

    @property
    def legs(self) -> tuple[Lead, ...]:
        """The leads of the legs."""
        return tuple(lead for lead in self.leads if lead.leg)


def montage_of(recording: Recording, asked: Asked) -> Montage:
    """Judge the channels of a recording."""
    emg = [one for one in recording.channels if _is_emg(one)]
    of_leg = [one for one in emg if _LEG.search(_words(one, asked))]
    legs, assumed = _sides(of_leg, asked)
    others = tuple(Lead(channel=one, leg=0) for one in emg if one not in of_leg)
    sensors = motion_sensors(recording, asked)
    return Montage(
        leads=(*legs, *others),
        sides_assumed=assumed,
        worn=tuple(one for one in sensors if one.kind is ChannelKind.ACCELERATION and is_worn_for_sleep(one)),
        is_of_sleep=any(one.kind is ChannelKind.EEG or _EYE.search(one.name.lower()) for one in recording.channels),
    )


def is_worn_for_sleep(sensor: MotionSensor) -> bool:
    """Tell whether a sensor is at a leg, an arm, or on the bed."""
    return any(pattern.search((sensor.site or "").lower()) for pattern in (_SITE_LEG, _SITE_BED, _SITE_ARM))


def is_at_leg(sensor: MotionSensor) -> bool:
    """Tell whether a sensor sees the legs alone."""
    return _SITE_LEG.search((sensor.site or "").lower()) is not None


def sees_legs(sensor: MotionSensor) -> bool:
    """Tell whether a sensor sees movements of the legs, alone or with the rest of the body."""
    return is_at_leg(sensor) or _SITE_BED.search((sensor.site or "").lower()) is not None


def _is_emg(channel: Channel) -> bool:
    if channel.electrode is Electrode.NEEDLE or not channel.n_samples:
        return False
    words = channel.name.lower()
    named = channel.unit in _VOLTS and channel.kind is ChannelKind.OTHER and _LEG.search(words) is not None
    return (channel.kind is ChannelKind.EMG or named) and _NOT_EMG.search(words) is None


def _words(channel: Channel, asked: Asked) -> str:
    """Return all that says where a channel is; what a person said counts where the file says nothing."""
    own = " ".join(filter(None, (channel.name, channel.site)))
    vague = re.fullmatch(r"(?i)emg[\s_-]*(?:antagonist|\d*)", channel.name) is not None and channel.site is None
    return f"{own} {asked.site or ''}".lower() if vague else own.lower()


def _sides(channels: list[Channel], asked: Asked) -> tuple[tuple[Lead, ...], bool]:
    sides = [_side(one, asked) for one in channels]
    unsaid = [number for number, side in enumerate(sides) if side is None]
    free = [leg for leg in (LEFT, RIGHT) if leg not in sides]
    # the first that nothing is said of takes the first leg that is free, the second the other
    for place, number in enumerate(unsaid):
        sides[number] = (free or [LEFT])[min(place, max(len(free) - 1, 0))]
    legs = tuple(Lead(channel=one, leg=side or LEFT) for one, side in zip(channels, sides, strict=True))
    return legs, bool(unsaid) and len(channels) > 1


def _side(channel: Channel, asked: Asked) -> int | None:
    said = channel.side
    if said is None:
        words = channel.name.lower()
        left, right = _LEFT.search(words) is not None, _RIGHT.search(words) is not None
        if left != right:
            return LEFT if left else RIGHT
        said = asked.side
    return {Side.LEFT: LEFT, Side.RIGHT: RIGHT}.get(said) if said is not None else None
