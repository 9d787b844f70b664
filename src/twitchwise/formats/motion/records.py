"""From records as JSON holds them to raw sensors: flat rows, rows with vectors in them, rows that name a sensor."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from twitchwise.formats.motion.raw_motion import RawSensor
from twitchwise.formats.motion.units import gravity_unit
from twitchwise.formats.motion.words import Said, is_time, said_by, time_unit_s
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

Record = Mapping[str, Any]
_NAMES_OF_SENSOR = ("sensor", "sensorType", "sensor_type", "type", "name")
_AXES = ("x", "y", "z")


def sensors_of_records(records: Sequence[Record], file_name: str) -> tuple[list[RawSensor], list[str]]:
    """Return the sensors of a list of records, and the names of what was left out.

    Parameters
    ----------
    records
        One a time: ``{"timestamp": 1.0, "x": 0.1, ...}``, with vectors in it such as
        ``{"timestamp": 1.0, "userAcceleration": {"x": 0.1, ...}}``, or with the name of a sensor in it.
    file_name
        Says which sensor it is where the records do not.
    """
    key = next((name for name in _NAMES_OF_SENSOR if isinstance(records[0].get(name), str)), None)
    if key is None:
        return _of_one_kind(records, file_name)
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(str(record.get(key)), []).append(record)
    sensors: list[RawSensor] = []
    left_out: list[str] = []
    for name, rows in groups.items():
        if said_by(name).kind is None or said_by(name).is_other or said_by(name).is_gravity:
            left_out.append(name)
            continue
        found, _ = _of_one_kind(rows, name)
        sensors += found
    return sensors, left_out


def _of_one_kind(records: Sequence[Record], file_name: str) -> tuple[list[RawSensor], list[str]]:
    first = records[0]
    time = _time_key(first)
    stamps = None if time is None else _column(records, time)
    vectors = {name: value for name, value in first.items() if isinstance(value, Mapping) and _has_axes(value)}
    told = _told_by_gravity(records, vectors)
    sensors, left_out = [], []
    if _has_axes(first):
        said = said_by(file_name.partition(".")[0])
        kind = said.kind or ChannelKind.ACCELERATION
        sensors.append(_sensor(said, kind, _rows(records), stamps, time, _by_app(first, said, kind)))
    for name in vectors:
        said = said_by(name)
        if said.kind is None or said.is_other or said.is_gravity:
            left_out.append(name)
        else:
            values = _rows([_vector(record, name) for record in records])
            sensors.append(_sensor(said, said.kind, values, stamps, time, told.get(said.kind)))
    return sensors, left_out


def _by_app(first: Record, said: Said, kind: ChannelKind) -> str | None:
    """Return the unit that is documented of Sensor Logger, whose records hold two times; raw sensors are left open."""
    if not {"time", "seconds_elapsed"} <= first.keys() or said.is_raw or said.device is not None:
        return None
    return "m/s2" if kind is ChannelKind.ACCELERATION else "rad/s"


def _told_by_gravity(records: Sequence[Record], vectors: Iterable[str]) -> dict[ChannelKind, str]:
    """Return the unit of acceleration that a vector of gravity beside it shows, and the one that goes with it."""
    name = next((name for name in vectors if said_by(name).is_gravity), None)
    if name is None:
        return {}
    rows = _rows([_vector(record, name) for record in records])
    unit_text = gravity_unit(float(np.nanmedian(np.linalg.norm(rows, axis=1))))
    return {} if unit_text is None else {ChannelKind.ACCELERATION: unit_text, ChannelKind.ANGULAR_VELOCITY: "rad/s"}


def _vector(record: Record, name: str) -> Record:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _sensor(
    said: Said, kind: ChannelKind, values: FloatArray, stamps: FloatArray | None, time: str | None, told: str | None
) -> RawSensor:
    return RawSensor(
        name=said.sensor,
        kind=kind,
        values=values.astype(np.float32),
        axes=_AXES,
        stamps=stamps,
        stamp_unit_s=None if time is None else time_unit_s(time, ""),
        told_unit=told,
        with_gravity=said.with_gravity,
        site=said.site,
        side=said.side,
    )


def _has_axes(record: Record) -> bool:
    return all(_is_number(record.get(axis)) for axis in _AXES)


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type] # asked for its refusal
    except (TypeError, ValueError):
        return False
    return True


def _time_key(record: Record) -> str | None:
    """Return the key of the time of a record: of several one whose unit is said."""
    keys = [key for key, value in record.items() if is_time(key) and _is_number(value)]
    return min(keys, key=lambda key: (time_unit_s(key, "") is None, keys.index(key)), default=None)


def _column(records: Sequence[Record], key: str) -> FloatArray:
    return np.array([_number(record.get(key)) for record in records], dtype=np.float64)


def _rows(records: Sequence[Record]) -> FloatArray:
    return np.stack([_column(records, axis) for axis in _AXES], axis=1)


def _number(value: object) -> float:
    return float(value) if _is_number(value) else float("nan")  # type: ignore[arg-type] # just asked
