"""Reads chosen columns of a text table of movement in pieces, quickly where rows are plain and patiently where not."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from twitchwise.formats.motion.raw_motion import Singles
from twitchwise.formats.motion.text_layout import DATE, MISSING, TextLayout
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

Opener = Callable[[], IO[bytes]]
"""Opens a table as bytes."""
Texts = npt.NDArray[np.str_]
Number = TypeVar("Number", bound=np.generic)
_PIECE_BYTES = 1 << 22
_DATE_CELL = "U40"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TextRows:
    """Columns of a table as arrays.

    Parameters
    ----------
    opener
        Opens the table as bytes, from a file or an archive.
    layout
        How it is laid out.
    typed
        The path as the person typed it.
    """

    def __init__(self, opener: Opener, layout: TextLayout, typed: str) -> None:
        self._opener, self._layout, self._typed = opener, layout, typed
        self.warnings: list[str] = []

    def read(self, times: Sequence[int], axes: Sequence[int]) -> tuple[list[FloatArray], list[Singles]]:
        """Return columns of times, dates as seconds since 1970, and of axes; what is no number is NaN."""
        found: list[list[FloatArray]] = [[] for _ in times]
        moved: list[list[Singles]] = [[] for _ in axes]
        for data, line in self._pieces():
            parsed = self._parsed(data, line, [*times, *axes])
            for column, part in zip(found, parsed[: len(times)], strict=True):
                column.append(np.array(part))
            for single, part in zip(moved, parsed[len(times) :], strict=True):
                single.append(part.astype(np.float32))
        if not any((*found, *moved)):
            raise UnreadableRecordingError(say("{file!r} must hold rows of numbers, got none.", file=self._typed))
        return [_joined(parts) for parts in found], [_joined(parts) for parts in moved]

    def first(self, column: int) -> float:
        """Return the number in the first row of a column."""
        with self._opener() as file:
            file.read(self._layout.first_byte)
            cells = self._layout.cells(file.readline().decode("latin-1").strip("\r\n"))
        return self._value(cells[column], column)

    def _pieces(self) -> Iterator[tuple[bytes, int]]:
        """Give the rows in pieces of whole lines, each with the number of its first line."""
        line = self._layout.first_line
        with self._opener() as file:
            file.read(self._layout.first_byte)
            while data := file.read(_PIECE_BYTES):
                if not data.endswith(b"\n"):
                    data += file.readline()
                yield data, line
                line += data.count(b"\n")

    def _parsed(self, data: bytes, line: int, columns: Sequence[int]) -> list[FloatArray]:
        dates = [column for column in columns if self._layout.holds[column] == "date"]
        numbers = [column for column in columns if column not in dates]
        quick = self._quick(data, numbers, dates)
        if quick is None:
            return self._patient(data, line, columns)
        values, texts = quick
        return [
            seconds_of(texts[:, dates.index(column)]) if column in dates else values[:, numbers.index(column)]
            for column in columns
        ]

    def _quick(self, data: bytes, numbers: Sequence[int], dates: Sequence[int]) -> tuple[FloatArray, Texts] | None:
        if self._layout.decimal_comma:
            data = data.replace(b",", b".")
        if not data.strip():
            return None
        filled = _with_gaps_filled(data, self._layout.delimiter)
        try:
            values = np.asarray(self._loaded(filled, numbers, np.float64), dtype=np.float64)
            texts = np.asarray(self._loaded(filled, dates, np.dtype(_DATE_CELL)), dtype=np.str_)
        except ValueError:
            return None
        return values, texts

    def _loaded(self, data: bytes, columns: Sequence[int], dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
        if not columns:
            return np.empty((0, 0), dtype=dtype)
        return np.loadtxt(
            io.BytesIO(data),
            delimiter=self._layout.delimiter,
            comments=None,
            ndmin=2,
            encoding="latin-1",
            usecols=tuple(columns),
            dtype=dtype,
            quotechar='"',
        )

    def _patient(self, data: bytes, first_line: int, columns: Sequence[int]) -> list[FloatArray]:
        """Parse row by row; what is no number becomes NaN, and a row that is too short is named."""
        rows, width = [], max(columns) + 1
        lines = data.decode("latin-1").split("\n")
        for number, line in enumerate(lines, start=first_line):
            if not line.strip():
                continue
            cells = self._layout.cells(line.rstrip("\r"))
            if len(cells) < width:
                if number < first_line + len(lines) - 1:
                    raise UnreadableRecordingError(
                        say(
                            "{file!r}: line {number} must have {width} cells, got {count}.",
                            file=self._typed,
                            number=number,
                            width=len(self._layout.holds),
                            count=len(cells),
                        )
                    )
                self.warnings.append(say("The last line is cut short; it was left out."))
                continue
            rows.append([self._value(cells[column], column) for column in columns])
        found = np.array(rows, dtype=np.float64).reshape(-1, len(columns))
        return list(found.T)

    def _value(self, cell: str, column: int) -> float:
        return _seconds(cell) if self._layout.holds[column] == "date" else self._layout.number(cell)


def _joined(parts: list[npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """Join the parts of a column and let go of them, because a day is long."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined


def _with_gaps_filled(data: bytes, delimiter: str | None) -> bytes:
    """Write ``nan`` into empty cells."""
    if delimiter is None:
        return data
    sign = delimiter.encode()
    for word in (b"null", b"(null)", b"NULL", b"NA"):
        if word in data:
            data = data.replace(sign + word, sign + b"nan")
    if sign + sign in data:
        data = data.replace(sign + sign, sign + b"nan" + sign).replace(sign + sign, sign + b"nan" + sign)
    if sign + b"\n" in data or sign + b"\r" in data or data.endswith(sign):
        data = re.sub(re.escape(sign) + rb"(?=[\r\n]|$)", sign + b"nan", data)
    return re.sub(rb"(?m)^" + re.escape(sign), b"nan" + sign, data) if b"\n" + sign in data else data


def seconds_of(cells: Texts) -> FloatArray:
    """Return dates or times of day as seconds since 1970 or since midnight."""
    if not cells.size:
        return np.empty(0)
    first = DATE.fullmatch(str(cells[0]))
    lengths = np.char.str_len(cells)
    if first is None or (lengths != lengths[0]).any() or first[1] is None or first[7] is None:
        return np.array([_seconds(str(cell)) for cell in cells])
    plain = cells.astype(f"U{lengths[0]}").view("U1").reshape(cells.size, -1).copy()
    zone, end = plain[:, first.end(7) :], first.end(7)
    if (zone != zone[0]).any():
        return np.array([_seconds(str(cell)) for cell in cells])
    plain[:, first.start(4) - 1], plain[:, first.start(7) - 1] = "T", "."
    plain[:, 4], plain[:, 7] = "-", "-"
    try:
        moments = np.ascontiguousarray(plain[:, :end]).view(f"U{end}").ravel().astype("datetime64[ns]")
    except ValueError:
        return np.array([_seconds(str(cell)) for cell in cells])
    return moments.astype(np.int64) / 1e9 - _zone_s(first[8])


def _seconds(cell: str) -> float:
    match = DATE.fullmatch(cell.strip())
    if match is None or cell.lower() in MISSING:
        return float("nan")
    hours, minutes, seconds = (int(part) for part in match.group(4, 5, 6))
    clock = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    fraction = float(f"0.{match[7]}") if match[7] else 0.0
    if match[1] is None:
        return clock.total_seconds() + fraction
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return float("nan")
    return (day - _EPOCH + clock).total_seconds() + fraction - _zone_s(match[8])


def _zone_s(zone: str | None) -> int:
    """Return how far a zone such as ``+0100`` is ahead of UTC."""
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return (1 if zone[0] == "+" else -1) * (3600 * hours + 60 * minutes)
