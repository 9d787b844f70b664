"""What the lines before the numbers say in text exports of Delsys: Trigno Discover and EMGworks.

The layout was taken from what users of such files describe: https://github.com/neuromechanist/emgio (EMGworks, with its
``Label: ... Sampling frequency: ...`` lines) and several readers of Trigno Discover's eight header lines.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from twitchwise.formats.otb_archive import moment
from twitchwise.formats.table_header import column_of
from twitchwise.formats.table_layout import Dialect
from twitchwise.vocabulary.text import say

_APPLICATION = "Trigno Discover"
_TIME_SERIES = "Time Series"
_TIME = re.compile(r"X\s*[\[(]\s*s\s*[\])]", re.IGNORECASE)
_RATE = re.compile(r"([0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]+)?)\s*Hz", re.IGNORECASE)
_LABEL = re.compile(
    r"Label:\s*(?P<name>.*?)\s+Sampling frequency:\s*(?P<rate>\S+)(?:\s+Number of points:\s*(?P<points>\d+))?"
    r"(?:.*?\sUnit:\s*(?P<unit>\S+))?",
    re.IGNORECASE,
)
_MODE = "sensor mode"
_MOST_LINES = 400
_FIRST_LINES = 3
_VOLTS = re.compile(r"volts?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A channel of the table.

    Parameters
    ----------
    name, unit_text
        Sensor and signal, and the unit, empty where the file does not say.
    value, time
        Columns of the values and of their times, if they have any.
    rate_hz, n_points
        Samples per second and their number, where the header says.
    """

    name: str
    unit_text: str
    value: int
    time: int | None
    rate_hz: float | None = None
    n_points: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Where the rows begin, how they are written, and the channels."""

    application: str
    first_byte: int
    first_line: int
    dialect: Dialect
    series: tuple[Series, ...]
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    number: int
    text: str


def is_delsys(head: bytes) -> bool:
    """Tell whether the first bytes of a text are those of an export of Delsys."""
    text = head.decode("latin-1")
    first = text.partition("\n")[0]
    return (
        _APPLICATION in first
        or first.lstrip('\ufeff\u00ef\u00bb\u00bf" ').startswith("Label:")
        or bool(_TIME.match(first.lstrip('\u00ef\u00bb\u00bf" ')))
    )


def read_header(head: bytes) -> Header:
    """Read the header.

    Raises
    ------
    ValueError
        If no line names the channels, or no row of numbers follows.
    """
    lines = list(_lines(head))
    if _APPLICATION in lines[0].text:
        return _discover(lines)
    return _emgworks(lines)


def _lines(head: bytes) -> Iterator[_Line]:
    start = 0
    for number, line in enumerate(head.splitlines(keepends=True)[:_MOST_LINES], start=1):
        text = line.decode("utf-8-sig", errors="replace").strip("\r\n")
        yield _Line(start, number, text)
        start += len(line)


def _dialect(names: str) -> Dialect:
    """Judge the delimiter from the line of names; where it is a semicolon, numbers have decimal commas."""
    delimiter = max((",", ";", "\t"), key=names.count)
    return Dialect(delimiter=delimiter, decimal_comma=delimiter == ";")


def _cells(line: _Line, dialect: Dialect) -> list[str]:
    row = next(csv.reader([line.text], delimiter=dialect.delimiter or ",", skipinitialspace=True), [])
    return [" ".join(cell.split()) for cell in row]


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _discover(lines: Sequence[_Line]) -> Header:
    names = next((line for line in lines[_FIRST_LINES:] if _names_channels(line)), None)
    if names is None:
        raise ValueError(say("no line names the channels"))
    dialect = _dialect(names.text)
    cells = _cells(names, dialect)
    above = [line for line in lines[_FIRST_LINES : names.number - 1] if _MODE not in line.text]
    sensors = _filled_forward(_cells(above[-1], dialect) if above else [], len(cells))
    below = lines[names.number :]
    rates = _cells(below[0], dialect) if below and _RATE.search(below[0].text) else []
    series = tuple(_discovered(cells, sensors, [*rates, *[""] * len(cells)]))
    first = _first_row(below, dialect, series)
    started = _cells(lines[1], dialect)[1:2]
    return Header(
        application=_APPLICATION,
        first_byte=first.start,
        first_line=first.number,
        dialect=dialect,
        series=series,
        start=moment(started[0]) if started else None,
    )


def _names_channels(line: _Line) -> bool:
    return any(_TIME_SERIES in cell or column_of(cell).unit_text for cell in _cells(line, _dialect(line.text)))


def _filled_forward(cells: Sequence[str], count: int) -> list[str]:
    """Give each column its sensor, which is named over the first of its columns alone."""
    found: list[str] = []
    for index in range(count):
        cell = cells[index] if index < len(cells) else ""
        found.append(cell or (found[-1] if found else ""))
    return found


def _discovered(cells: Sequence[str], sensors: Sequence[str], rates: Sequence[str]) -> Iterator[Series]:
    time: int | None = None
    for index, cell in enumerate(cells):
        if _TIME_SERIES in cell:
            time = index
            continue
        column = column_of(cell)
        if not column.unit_text:
            continue
        match = _RATE.search(rates[index])
        yield Series(
            name=f"{sensors[index]}: {column.name}" if sensors[index] else column.name,
            unit_text=column.unit_text,
            value=index,
            time=time,
            rate_hz=_number(match[1]) or None if match and "-" not in rates[index] else None,
        )


def _emgworks(lines: Sequence[_Line]) -> Header:
    names = next((line for line in lines if _TIME.match(line.text.lstrip('" '))), None)
    if names is None:
        raise ValueError(say("no line names the channels"))
    dialect = _dialect(names.text)
    labels = [match for line in lines[: names.number] if (match := _LABEL.match(line.text.strip('" ')))]
    series = tuple(_worked(_cells(names, dialect), labels))
    first = _first_row(lines[names.number :], dialect, series)
    return Header(
        application="EMGworks", first_byte=first.start, first_line=first.number, dialect=dialect, series=series
    )


def _worked(cells: Sequence[str], labels: Sequence[re.Match[str]]) -> Iterator[Series]:
    time: int | None = None
    said = {match["name"]: match for match in labels}
    for index, cell in enumerate(cells):
        if _TIME.fullmatch(cell):
            time = index
        elif cell:
            column, label = column_of(cell), said.get(cell)
            yield Series(
                name=column.name,
                unit_text=column.unit_text or _VOLTS.sub("V", (label["unit"] or "") if label else ""),
                value=index,
                time=time,
                rate_hz=_number(label["rate"]) if label else None,
                n_points=int(label["points"]) if label and label["points"] else None,
            )


def _first_row(lines: Sequence[_Line], dialect: Dialect, series: Sequence[Series]) -> _Line:
    """Return the first line that holds a number for a channel."""
    if not series:
        raise ValueError(say("no column is a channel"))
    for line in lines:
        cells = _cells(line, dialect)
        for one in series:
            if one.value < len(cells) and _is_number(cells[one.value]):
                return line
    raise ValueError(say("no row of numbers follows the names of the channels"))


def _is_number(cell: str) -> bool:
    try:
        _number(cell)
    except ValueError:
        return False
    return True
