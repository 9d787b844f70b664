"""What words in names of columns, files and sensors say: which sensor, which axis, where it was worn, what was done."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from twitchwise.formats.motion.words_for_people import PLACE_WORDS
from twitchwise.vocabulary import ChannelKind, Side, Task

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = re.compile(r"(?:(?P<accel>a|acc|accel|gf)|(?P<gyro>w|g|gyr|gyro|omega|rot))(?P<axis>[xyz])")
_ACCELERATION = {
    "acc", "accel", "acceleration", "accelerations", "accelerometer", "gforce", "beschleunigung",
    "beschleunigungssensor", "acceleracion", "aceleracion", "acc\u00e9l\u00e9ration", "acceleratie", "accelerazione",
    "a", "accelerometers",
}  # fmt: skip
_TURNING = {
    "gyr", "gyro", "gyroscope", "gyroscopes", "rotationrate", "gyroskop", "drehrate", "winkelgeschwindigkeit", "omega",
    "w", "giroscopio",
}  # fmt: skip
_LINEAR = {"linear", "user", "lineare", "lin\u00e9aire", "lineal", "useracceleration", "linearacceleration"}
_GRAVITY = {"gravity", "grav", "schwerkraft", "gravitation"}
_TOTAL = {"total", "including", "incl", "with", "mit", "avec"}
_WITHOUT = {"without", "no", "ohne", "sans", "excluding", "excl", "minus"}
_OTHER = {
    "mag", "magnetic", "magnetometer", "magnetfeld", "magnetisch", "orientation", "attitude", "quaternion", "vector",
    "yaw", "pitch", "roll", "azimuth", "heading", "location", "gps", "altitude", "pressure", "absolute", "abs",
    "magnitude", "norm", "light", "sound", "temperature", "bias", "angle",
}  # fmt: skip
_TIMES = {
    "time", "times", "timestamp", "timestamps", "t", "ts", "elapsed", "seconds", "date", "datetime", "zeit", "temps",
    "tiempo", "tempo", "epoch", "unix", "sensortimestamp", "clock", "utc", "timestampms", "timestampns", "tijd",
}  # fmt: skip
_TIME_UNITS_S = {
    "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
    "us": 1e-6, "usec": 1e-6, "micros": 1e-6, "microseconds": 1e-6,
    "ns": 1e-9, "nsec": 1e-9, "nanos": 1e-9, "nanosecond": 1e-9, "nanoseconds": 1e-9,
}  # fmt: skip
_DEVICES = {"watch": "watch", "wristmotion": "watch", "headphone": "headphone", "phone": "phone"}
_TASKS = {
    Task.REST: {"rest", "resting", "relaxed", "relaxedtask"},
    Task.POSTURE: {"postural", "posture", "outstretched", "stretchhold", "holdweight", "lifthold"},
    Task.ACTION: {"kinetic", "action", "intention", "drinkglas", "drinkglass", "pointfinger", "crossarms", "touchnose",
                  "touchindex", "entrainment"},
    Task.STANDING: {"standing", "stand"},
}  # fmt: skip
_DATE = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)[T _]+(\d\d)[-:_]?(\d\d)[-:_]?(\d\d)(?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a name says about a column or a sensor; nothing where it does not."""

    kind: ChannelKind | None = None
    axis: str | None = None
    with_gravity: bool | None = None
    is_gravity: bool = False
    is_other: bool = False
    is_raw: bool = False
    is_total: bool = False
    is_guess: bool = False
    device: str | None = None
    site: str | None = None
    side: Side | None = None

    @property
    def sensor(self) -> str:
        """Return a name of the sensor."""
        if self.kind is ChannelKind.ANGULAR_VELOCITY:
            plain = "gyroscope"
        else:
            plain = f"{'total ' if self.is_total else ''}{'linear ' if self.with_gravity is False else ''}accelerometer"
        return " ".join(part for part in (self.device, "uncalibrated" if self.is_raw else "", plain) if part)


def words_of(name: str) -> list[str]:
    """Split a name into words in lower case.

    Examples
    --------
    >>> words_of("motionUserAccelerationX"), words_of("LEFT_HAND")
    (['motion', 'user', 'acceleration', 'x'], ['left', 'hand'])
    """
    spaced = _CAMEL.sub(" ", name) if name.upper() != name else name
    return [word for word in _NOT_WORD.split(spaced.lower()) if word]


def said_by(name: str) -> Said:
    """Return what a name says.

    Examples
    --------
    >>> said = said_by("motionUserAccelerationX")
    >>> said.kind.value, said.axis, said.with_gravity, said.sensor
    ('acceleration', 'x', False, 'linear accelerometer')
    """
    words = words_of(name)
    short = _SHORT.fullmatch("".join(words))
    if short:
        measured = ChannelKind.ACCELERATION if short["accel"] else ChannelKind.ANGULAR_VELOCITY
        return Said(kind=measured, axis=short["axis"], with_gravity=True if short["accel"] == "gf" else None)
    found = set(words)
    kind = _kind(words, found)
    return Said(
        kind=kind,
        axis=_axis(words),
        with_gravity=_with_gravity(found, kind),
        is_gravity=(kind is None and bool(found & _GRAVITY)) or _is_part_of_gravity(found, kind),
        is_other=bool(found & _OTHER),
        is_raw="uncalibrated" in found,
        is_total="total" in found,
        device=next((device for word, device in _DEVICES.items() if word in found or word in "".join(words)), None),
        site=_place(words) or ("wrist" if "wristmotion" in "".join(words) else None),
        side=side_in(words),
    )


def stem_of(name: str) -> tuple[str, ...]:
    """Return the words of a name without its axis: axes of one sensor share them.

    Examples
    --------
    >>> stem_of("gFx"), stem_of("Acceleration x"), stem_of("x")
    (('gf',), ('acceleration',), ())
    """
    words = words_of(name)
    short = _SHORT.fullmatch("".join(words))
    if short:
        return (short["accel"] or short["gyro"],)
    return tuple(word for word in words if word not in {"x", "y", "z", "axis"})


def _kind(words: list[str], found: set[str]) -> ChannelKind | None:
    if found & _ACCELERATION or {"g", "force"} <= found:
        return ChannelKind.ACCELERATION
    turns = found & _TURNING or {"angular", "velocity"} <= found or {"rotation", "rate"} <= found
    if turns or ("rotation" in found and "vector" not in found and _axis(words) is not None):
        return ChannelKind.ANGULAR_VELOCITY
    return None


def _axis(words: list[str]) -> str | None:
    letters = [word for word in words if word in {"x", "y", "z"}]
    return letters[0] if len(letters) == 1 else None


def _with_gravity(found: set[str], kind: ChannelKind | None) -> bool | None:
    if kind is not ChannelKind.ACCELERATION:
        return None
    if found & _LINEAR or (found & _WITHOUT and found & (_GRAVITY | {"g"})):
        return False
    if "total" in found or {"g", "force"} <= found or "gforce" in found:
        return True
    return True if found & _TOTAL and found & (_GRAVITY | {"g"}) else None


def _is_part_of_gravity(found: set[str], kind: ChannelKind | None) -> bool:
    """Tell the gravity in acceleration, as in ``accelerometer_x_grav``, from acceleration with gravity."""
    return kind is ChannelKind.ACCELERATION and bool(found & _GRAVITY) and not found & (_TOTAL | _WITHOUT)


def _place(words: list[str]) -> str | None:
    return next((word for word in words if word in PLACE_WORDS), None)


def side_in(words: list[str]) -> Side | None:
    """Return the side that is named, or nothing where none or both are."""
    named = [side for side in (Side.LEFT, Side.RIGHT) if side.value in words]
    return named[0] if len(named) == 1 else None


def is_time(name: str) -> bool:
    """Tell whether a column is named like time."""
    return bool(set(words_of(name)) & _TIMES) and said_by(name).axis is None


def time_unit_s(name: str, unit_text: str) -> float | None:
    """Return the unit of time that a column's unit or name says, in seconds."""
    for word in (unit_text.strip().lower(), *reversed(words_of(name))):
        if word in _TIME_UNITS_S:
            return _TIME_UNITS_S[word]
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedFile:
    """What the name of a file says about the recording in it."""

    task: Task | None
    site: str | None
    side: Side | None
    start: datetime | None


def said_by_file(stem: str) -> NamedFile:
    """Return what the name of a file says.

    Examples
    --------
    >>> said = said_by_file("T_-_REST_TREMOR_AMPLITUDE_-_LEFT_HAND_-_2016-10-14_10-49-11_-_f7_-_2458")
    >>> said.task.value, said.side.value, said.site, said.start.isoformat()
    ('rest', 'left', 'hand', '2016-10-14T10:49:11')
    """
    words = words_of(stem)
    tasks = [task for task, known in _TASKS.items() if known & (set(words) | {"".join(pair) for pair in _pairs(words)})]
    return NamedFile(
        task=tasks[0] if len(tasks) == 1 else None,
        site=_place(words),
        side=side_in(words),
        start=_date(stem),
    )


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _date(stem: str) -> datetime | None:
    match = _DATE.search(stem)
    try:
        return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type] # noqa: DTZ001 - local time
    except ValueError:
        return None
