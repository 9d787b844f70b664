"""Which columns of a table are axes of which sensor, and which column holds its time: by names, else by the samples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from twitchwise.formats.channel_kind import kind_of
from twitchwise.formats.motion.text_layout import TextLayout
from twitchwise.formats.motion.words import Said, is_time, said_by, stem_of, time_unit_s, words_of
from twitchwise.formats.table_header import column_of
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

_KINDS = {
    Unit.METER_PER_SECOND_SQUARED: ChannelKind.ACCELERATION,
    Unit.RADIAN_PER_SECOND: ChannelKind.ANGULAR_VELOCITY,
}
_NOT_MOTION = {ChannelKind.EMG, ChannelKind.ECG, ChannelKind.EEG, ChannelKind.FORCE}
_AXES = ("x", "y", "z")
_OF_SENSOR_LOGGER = ("time", "seconds_elapsed")
# Words of time columns that name no sensor.
_OF_NO_SENSOR = {
    "since", "start", "in", "of", "system", "logging", "boot", "reboot", "1970", "sensor", "header", "stamp",
                 "the", "local", "device", "event", "unix", "recording",
}  # fmt: skip
# Stamps of a table without names are whole numbers of at least this size: milliseconds of more than a day.
_GREAT_STAMP = 1e8
_ONE_G = (1.0, 9.80665)
_WITHIN = 0.15


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedSensor:
    """A sensor with the numbers of the columns of its axes, of its time, and of a vector of gravity beside it."""

    said: Said
    columns: tuple[int, ...]
    axes: tuple[str, ...]
    unit_text: str | None
    time: int | None
    time_unit_s: float | None = None
    gravity: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The sensors of a table, the names of columns that were left out, and the times that may count from 1970."""

    sensors: tuple[PlannedSensor, ...] = ()
    left_out: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    number: int
    name: str
    unit_text: str
    said: Said

    @property
    def stem(self) -> tuple[str, ...]:
        """The words of its name without the axis."""
        return stem_of(self.name)


def plan_named(layout: TextLayout, file_name: str) -> Plan:
    """Find the sensors of a table whose columns have names; none where a column is no movement but EMG or the like."""
    columns = [_column(number, title) for number, title in enumerate(layout.names)]
    if any(_is_of_muscle(one) for one in columns):
        return Plan()
    times = [one for one in columns if is_time(one.name) and layout.holds[one.number] != "text"]
    if not times and columns and parse_unit(columns[0].unit_text).unit is Unit.SECOND:
        times = columns[:1]
    numbers = {one.number for one in times}
    axes = [one for one in columns if one.number not in numbers and layout.holds[one.number] == "number"]
    gravity = tuple(one.number for one in axes if one.said.is_gravity and one.said.axis)
    sensors = [_by_app(_planned(group, times, gravity), layout, file_name) for group in _groups(axes, file_name)]
    taken = {number for sensor in sensors for number in sensor.columns} | numbers
    left_out = [one.name for one in columns if one.number not in taken and one.name and not _is_of_rows(one)]
    return Plan(
        sensors=tuple(sensors),
        left_out=tuple(left_out),
        times=tuple(one.number for one in times),
        notes=tuple(
            dict.fromkeys(said for sensor in sensors for said in (_order_note(sensor), _guess_note(sensor)) if said)
        ),
    )


def _is_of_muscle(column: _Column) -> bool:
    """Tell a column of EMG or another potential, with which the whole table is not one of movement alone."""
    return kind_of(column.name, "", Unit.UNKNOWN) in _NOT_MOTION or parse_unit(column.unit_text).unit is Unit.VOLT


def _is_of_rows(column: _Column) -> bool:
    return column.name.lower() in {"index", "row", "sample", "seq", "id"}


def _guess_note(sensor: PlannedSensor) -> str:
    """Say where nothing but the letters of the axes was there to go by."""
    guessed = say("Columns that are named by axes alone were taken for an accelerometer.")
    return guessed if sensor.said.is_guess else ""


def _order_note(sensor: PlannedSensor) -> str:
    """Say where axes stand in another order than x, y, z."""
    if list(sensor.columns) == sorted(sensor.columns):
        return ""
    found = together((axis for _, axis in sorted(zip(sensor.columns, sensor.axes, strict=True))), ", ")
    return say("The axes stand in the order {axes} in the file and were read by their names.", axes=found)


def _column(number: int, title: str) -> _Column:
    plain = column_of(title)
    return _Column(number, plain.name, plain.unit_text, said_by(plain.name))


def _groups(columns: Sequence[_Column], file_name: str) -> list[list[_Column]]:
    """Put axes together whose names differ by the letter of the axis alone."""
    said = said_by(PurePath(file_name).stem)
    groups: dict[tuple[object, ...], list[_Column]] = {}
    for one in columns:
        known = _of_movement(one, said)
        if known is not None:
            groups.setdefault((one.stem, one.unit_text.lower()), []).append(replace(one, said=known))
    whole = [group for group in groups.values() if len({one.said.axis for one in group}) == len(group)]
    return [sorted(group, key=lambda one: one.said.axis or "") for group in whole if _has_enough(group)]


def _has_enough(group: Sequence[_Column]) -> bool:
    """Tell whether these are axes of one sensor: two do where they are named after it, else it takes all three."""
    return len(group) == len(_AXES) or (len(group) == len(_AXES) - 1 and bool(group[0].stem))


def _of_movement(column: _Column, file: Said) -> Said | None:
    """Return what is known of an axis of a movement sensor; the file's name helps where the column says less."""
    said, kind = column.said, column.said.kind or _KINDS.get(parse_unit(column.unit_text).unit)
    if said.axis is None or said.is_other or said.is_gravity or parse_unit(column.unit_text).foreign:
        return None
    is_bare = not column.stem or (kind is None and set(column.stem) <= {"value", "values", "axis", "data"})
    if kind is None and not is_bare:
        return None
    if is_bare:
        if file.is_gravity or (file.is_other and kind is None):
            return None
        is_guess = kind is None and file.kind is None
        kind = kind or file.kind or ChannelKind.ACCELERATION
    else:
        is_guess = False
    gravity = said.with_gravity if said.with_gravity is not None or kind is not file.kind else file.with_gravity
    return replace(
        said,
        kind=kind,
        with_gravity=gravity,
        is_raw=said.is_raw or (file.is_raw and kind is file.kind),
        is_guess=is_guess,
        is_total=said.is_total or (file.is_total and kind is file.kind),
        device=said.device or file.device,
        site=said.site or file.site,
        side=said.side or file.side,
    )


def _by_app(sensor: PlannedSensor, layout: TextLayout, file_name: str) -> PlannedSensor:
    """Add what is documented of the files of Sensor Logger, which their columns do not say.

    https://github.com/tszheichoi/awesome-sensor-logger, UNITS.md: accelerometers in m/s2, ``Accelerometer`` without and
    ``TotalAcceleration`` with gravity, gyroscopes in rad/s; raw and worn sensors in g unless units are standardized.
    """
    if not set(_OF_SENSOR_LOGGER) <= set(layout.names) or sensor.unit_text is not None:
        return sensor
    if sensor.said.kind is ChannelKind.ANGULAR_VELOCITY:
        return replace(sensor, unit_text="rad/s")
    stem = "".join(words_of(PurePath(file_name).stem))
    if stem not in {"accelerometer", "totalacceleration"}:
        return sensor
    said = replace(sensor.said, with_gravity=stem == "totalacceleration")
    return replace(sensor, unit_text="m/s2", said=said, name="" if said.with_gravity else "accelerometer")


def _planned(group: Sequence[_Column], times: Sequence[_Column], gravity: tuple[int, ...]) -> PlannedSensor:
    time = _time_of(group[0], times)
    own = group[0].said.kind is ChannelKind.ACCELERATION and group[0].said.device != "headphone"
    return PlannedSensor(
        gravity=gravity if own and len(gravity) == len(_AXES) else (),
        said=group[0].said,
        columns=tuple(one.number for one in group),
        axes=tuple(one.said.axis or "" for one in group),
        unit_text=group[0].unit_text or None,
        time=None if time is None else time.number,
        time_unit_s=None if time is None else time_unit_s(time.name, time.unit_text),
    )


def _time_of(axis: _Column, times: Sequence[_Column]) -> _Column | None:
    """Choose the time of a sensor: its own, else one of no sensor; of several one whose unit is said."""
    own = set(axis.stem)
    fitting = []
    for one in times:
        names = {word for word in words_of(one.name) if not is_time(word)} - _OF_NO_SENSOR
        names = {word for word in names if time_unit_s(word, "") is None}
        if not names or names & own or (names == {"gyro"} and axis.said.kind is ChannelKind.ANGULAR_VELOCITY):
            fitting.append((not names & own, time_unit_s(one.name, one.unit_text) is None, one.number, one))
    return min(fitting, key=lambda found: found[:3])[3] if fitting else None


def plan_nameless(layout: TextLayout, rows: FloatArray, file_name: str, *, is_asked: bool) -> Plan:
    """Find the sensors of a table without names: time and three axes, if the samples speak for it.

    Parameters
    ----------
    layout
        The layout of the table.
    rows
        Its first rows, shape ``(n_rows, n_columns)``.
    file_name
        Its name.
    is_asked
        Whether a person says that it is movement.

    Returns
    -------
    Plan
        Empty where nothing speaks for movement: neither a date or a great whole number as time, nor the length of
        gravity in the three columns behind it.
    """
    if rows.shape[0] < 2 or rows.shape[1] < 1 + len(_AXES):  # noqa: PLR2004 - to see whether time rises
        return Plan()
    said = said_by(PurePath(file_name).stem)
    stamps, axes = rows[:, 0], rows[:, 1 : 1 + len(_AXES)]
    whole = bool((stamps == np.floor(stamps)).all())
    is_great = whole and float(np.median(np.abs(stamps))) > _GREAT_STAMP
    is_timed = layout.holds[0] == "date" or is_great
    rises = float((np.diff(stamps) >= 0).mean()) > 1 - _WITHIN
    broken = bool((axes != np.floor(axes)).any())
    if not (rises and broken and (is_timed or is_asked or _is_gravity(axes))):
        return Plan()
    kind = said.kind or ChannelKind.ACCELERATION
    first = PlannedSensor(said=replace(said, kind=kind), columns=(1, 2, 3), axes=_AXES, unit_text=None, time=0)
    second = _second(rows, said)
    return Plan(
        sensors=(first, *second),
        times=(0,),
        notes=(say("The columns have no names; they were read as time, x, y and z of an accelerometer."),),
    )


def _second(rows: FloatArray, said: Said) -> tuple[PlannedSensor, ...]:
    """Take three more columns with broken numbers for a gyroscope, as watches write them."""
    more = rows[:, 4:7]
    if more.shape[1] < len(_AXES) or (more == np.floor(more)).all(axis=0).any():
        return ()
    gyroscope = replace(said, kind=ChannelKind.ANGULAR_VELOCITY, with_gravity=None)
    return (PlannedSensor(said=gyroscope, columns=(4, 5, 6), axes=_AXES, unit_text=None, time=0),)


def _is_gravity(axes: FloatArray) -> bool:
    length = float(np.median(np.linalg.norm(axes, axis=1)))
    return any(abs(length - one_g) <= _WITHIN * one_g for one_g in _ONE_G)
