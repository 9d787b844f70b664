"""From a text table to raw sensors: one column an axis, or a list of rows that each name their sensor."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

import numpy as np

from twitchwise.formats.draft import first_few
from twitchwise.formats.motion.columns import Plan, PlannedSensor, plan_named, plan_nameless
from twitchwise.formats.motion.raw_motion import RawSensor, Singles
from twitchwise.formats.motion.text_layout import DATE, TextLayout, lay_out
from twitchwise.formats.motion.text_rows import Opener, TextRows
from twitchwise.formats.motion.units import gravity_unit
from twitchwise.formats.motion.words import said_by, words_of
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

HEAD_BYTES = 1 << 16
_DAY_S = 86_400.0
_EPOCH_S = (946_684_800.0, 4_102_444_800.0)
_UNITS_S = (1.0, 1e-3, 1e-6, 1e-9)
_LONG_FEWEST_CELLS = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TextTable:
    """What a text table holds: its sensors, when its clock began, and what was found."""

    sensors: tuple[RawSensor, ...]
    start: datetime | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidOfTable:
    """What is said of a table whose columns have no names: their titles, or by a person that it is movement."""

    titles: tuple[str, ...] = ()
    is_asked: bool = False


NOTHING_SAID = SaidOfTable()


def holds_movement(head: bytes, file_name: str, titles: tuple[str, ...] = ()) -> bool:
    """Tell from the first bytes of a table whether it is one of movement; ``titles`` are used where it has none."""
    end = head.rfind(b"\n") + 1
    try:
        layout = lay_out(head[:end] or head, file_name)
    except UnreadableRecordingError:
        return False
    if _long_column(layout, head[:end]) is not None:
        return True
    return bool(_plan(layout, head[:end] or head, file_name, SaidOfTable(titles=titles)).sensors)


def has_no_names(head: bytes, file_name: str) -> bool:
    """Tell from the first bytes whether a text is a table of numbers whose columns have no names."""
    try:
        return not lay_out(head, file_name).names
    except UnreadableRecordingError:
        return False


def read_text_table(opener: Opener, file_name: str, typed: str, said: SaidOfTable = NOTHING_SAID) -> TextTable:
    """Read the movement sensors of a table.

    Parameters
    ----------
    opener
        Opens the table as bytes.
    file_name
        Its name, which says what the columns do not.
    typed
        The path as the person typed it.
    said
        What is said of columns without names.

    Raises
    ------
    UnreadableRecordingError
        If it is no table of movement.
    """
    with opener() as file:
        head = file.read(HEAD_BYTES)
    end = head.rfind(b"\n") + 1
    head = head[:end] if len(head) == HEAD_BYTES and end else head
    layout = lay_out(head, typed)
    long = _long_column(layout, head)
    if long is not None:
        return _long_table(opener, layout, long, typed)
    plan = _plan(layout, head, file_name, said)
    if not plan.sensors:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold columns of a movement sensor such as time, x, y and z, got none that could be"
                " told.",
                file=typed,
            )
        )
    return _wide_table(opener, layout, plan, typed)


def _plan(layout: TextLayout, head: bytes, file_name: str, said: SaidOfTable = NOTHING_SAID) -> Plan:
    if layout.names:
        return plan_named(layout, file_name)
    if len(said.titles) == len(layout.holds):
        return plan_named(replace(layout, names=said.titles), file_name)
    lines = head[layout.first_byte :].decode("latin-1").splitlines()[:_ROWS_LOOKED_AT]
    rows = [layout.cells(line) for line in lines]
    width = len(layout.holds)
    numbers = [[_value(layout, cell, i) for i, cell in enumerate(row)] for row in rows if len(row) == width]
    rows_of_numbers = np.array(numbers, dtype=np.float64).reshape(-1, width)
    return plan_nameless(layout, rows_of_numbers, file_name, is_asked=said.is_asked)


_ROWS_LOOKED_AT = 400


def _value(layout: TextLayout, cell: str, column: int) -> float:
    return float(bool(DATE.fullmatch(cell))) if layout.holds[column] == "date" else layout.number(cell)


def _wide_table(opener: Opener, layout: TextLayout, plan: Plan, typed: str) -> TextTable:
    """Read a table with one column an axis."""
    rows = TextRows(opener, layout, typed)
    times = sorted({one.time for one in plan.sensors if one.time is not None})
    axes = sorted({number for one in plan.sensors for number in (*one.columns, *one.gravity)})
    found, moved = rows.read(times, axes)
    stamps = {number: _unwound(one, layout.holds[number]) for number, one in zip(times, found, strict=True)}
    columns = dict(zip(axes, moved, strict=True))
    sensors = [_raw(sensor, stamps, columns, layout) for sensor in plan.sensors]
    names = [name for name in plan.left_out if words_of(name)]
    left = say("Columns that are no axes of movement sensors were left out: {columns}.", columns=first_few(names))
    return TextTable(
        sensors=tuple(sensors),
        start=_start(plan, stamps, rows),
        notes=(*plan.notes, *((left,) if names else ())),
        warnings=tuple(dict.fromkeys(rows.warnings)),
    )


def _unwound(stamps: FloatArray, holds: str) -> FloatArray:
    """Let times of day go on after midnight."""
    if holds != "date" or not stamps.size or not float(np.nanmax(stamps)) < _DAY_S:
        return stamps
    steps = np.diff(stamps, prepend=stamps[:1])
    return stamps + _DAY_S * np.cumsum(steps < -_DAY_S / 2)


def _raw(
    sensor: PlannedSensor, stamps: dict[int, FloatArray], columns: dict[int, Singles], layout: TextLayout
) -> RawSensor:
    is_date = sensor.time is not None and layout.holds[sensor.time] == "date"
    return RawSensor(
        name=sensor.name or sensor.said.sensor,
        kind=sensor.said.kind or ChannelKind.ACCELERATION,
        values=np.stack([columns[number] for number in sensor.columns], axis=1),
        axes=sensor.axes,
        stamps=None if sensor.time is None else stamps[sensor.time],
        stamp_unit_s=1.0 if is_date else sensor.time_unit_s,
        unit_text=sensor.unit_text,
        told_unit=_told(sensor, columns),
        with_gravity=sensor.said.with_gravity,
        site=sensor.said.site,
        side=sensor.said.side,
    )


def _told(sensor: PlannedSensor, columns: dict[int, Singles]) -> str | None:
    """Return the unit of acceleration that the length of gravity beside it shows."""
    if not sensor.gravity or sensor.unit_text is not None:
        return None
    lengths = np.linalg.norm(np.stack([columns[number] for number in sensor.gravity]), axis=0)
    return gravity_unit(float(np.nanmedian(lengths)))


def _start(plan: Plan, stamps: dict[int, FloatArray], rows: TextRows) -> datetime | None:
    """Return when the clock of the sensors stood at zero, where another column counts from 1970."""
    used = plan.sensors[0].time
    for number in plan.times:
        stamp = rows.first(number)
        seconds = next((stamp * unit for unit in _UNITS_S if _EPOCH_S[0] <= stamp * unit < _EPOCH_S[1]), None)
        if number != used and used is not None and seconds is not None:
            zero_s = seconds - float(stamps[used][0]) * (plan.sensors[0].time_unit_s or 1.0)
            if _EPOCH_S[0] <= zero_s < _EPOCH_S[1]:
                return datetime.fromtimestamp(zero_s, UTC).replace(tzinfo=None) + timedelta(0)
    return None


def _long_column(layout: TextLayout, head: bytes) -> int | None:
    """Return the column that names the sensor of each row, if the table is such a list."""
    rows = [layout.cells(line) for line in head[layout.first_byte :].decode("latin-1").splitlines()[:_ROWS_LOOKED_AT]]
    for number, holds in enumerate(layout.holds):
        if holds != "text" or len(layout.holds) < _LONG_FEWEST_CELLS:
            continue
        names = {row[number] for row in rows if len(row) > number}
        if any(_is_sensor(name) for name in names):
            return number
    return None


def _is_sensor(name: str) -> bool:
    said = said_by(name)
    return said.kind is not None and not said.is_other and not said.is_gravity


def _long_table(opener: Opener, layout: TextLayout, column: int, typed: str) -> TextTable:
    """Read a list of rows that each name their sensor: sort the rows by sensor, then read each as a table."""
    buckets: dict[str, list[bytes]] = {}
    sign = (layout.delimiter or " ").encode()
    with opener() as file:
        file.read(layout.first_byte)
        for line in file:
            cells = line.split(sign, column + 1)
            if len(cells) > column:
                buckets.setdefault(cells[column].strip(b' "\r\n').decode("latin-1"), []).append(line)
    sensors: list[RawSensor] = []
    warnings: list[str] = []
    others: list[str] = []
    for name, lines in buckets.items():
        if _is_sensor(name):
            table = _bucket_table(name, b"".join(lines), layout, column, typed)
            sensors += table.sensors
            warnings += table.warnings
        elif name:
            others.append(name)
    said = say("Sensors that do not measure movement were left out: {sensors}.", sensors=first_few(others))
    return TextTable(sensors=tuple(sensors), notes=(said,) if others else (), warnings=tuple(warnings))


def _bucket_table(name: str, data: bytes, layout: TextLayout, column: int, typed: str) -> TextTable:
    """Read the rows of one sensor."""
    own = lay_out(data[:HEAD_BYTES], typed)
    own = replace(own, first_byte=0, first_line=1, names=(), decimal_comma=layout.decimal_comma)
    plan = plan_named(replace(own, names=layout.names), name) if len(layout.names) == len(own.holds) else Plan()
    if not plan.sensors:
        plan = _in_order(own, name, column)
    if not plan.sensors:
        raise UnreadableRecordingError(
            say("{file!r}: rows of {sensor!r} must hold a time and three axes, got others.", file=typed, sensor=name)
        )
    return _wide_table(lambda: io.BytesIO(data), own, plan, typed)


def _in_order(layout: TextLayout, name: str, column: int) -> Plan:
    """Take the first column of times and the three numbers behind the name or the time for the axes."""
    numbers = [number for number, holds in enumerate(layout.holds) if holds != "text" and number != column]
    if len(numbers) < _LONG_FEWEST_CELLS:
        return Plan()
    said = said_by(PurePath(name).name)
    sensor = PlannedSensor(
        said=said, columns=tuple(numbers[1:4]), axes=("x", "y", "z"), unit_text=None, time=numbers[0]
    )
    return Plan(sensors=(sensor,), times=(numbers[0],))
