"""Reads the rows of a text table piece by piece, by an index of where each piece begins in the file."""

import io
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twitchwise.formats.table_layout import Dialect, TableLayout
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# A piece is read and parsed at once: large enough that starting to parse costs little, small against memory.
_PIECE_BYTES = 1 << 20
_LONGEST_LINE_BYTES = 1 << 20
# Parsed pieces are kept up to this many numbers (32 MiB), so that channels that are read in turn are parsed once.
_KEPT_NUMBERS = 1 << 22


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file: where it begins, how long it is, and which rows and lines it holds."""

    first_byte: int
    n_bytes: int
    first_line: int
    first_row: int
    n_rows: int


class TableRows:
    """The rows of a table, held in memory only as far as they were asked for last.

    Parameters
    ----------
    path, typed
        The file, and its path as the person typed it.
    layout
        How the file is laid out.
    """

    def __init__(self, path: Path, typed: str, layout: TableLayout) -> None:
        self._path = path
        self._typed = typed
        self._layout = layout
        self._pieces: list[Piece] = []
        self._kept: OrderedDict[int, FloatArray] = OrderedDict()

    @property
    def n_rows(self) -> int:
        """Number of rows that were indexed."""
        return self._pieces[-1].first_row + self._pieces[-1].n_rows if self._pieces else 0

    def index(self) -> Iterator[FloatArray]:
        """Go through the file once, remember where its pieces lie, and give their rows in order."""
        position, line, row = self._layout.first_byte, self._layout.first_line, 0
        with self._path.open("rb") as file:
            file.seek(position)
            while data := self._whole_lines(file, line):
                rows = self._parse(data, line)
                self._pieces.append(Piece(position, len(data), line, row, len(rows)))
                self._keep(len(self._pieces) - 1, rows)
                yield rows
                position, line, row = position + len(data), line + data.count(b"\n"), row + len(rows)

    def read(self, column: int, start: int, stop: int) -> FloatArray:
        """Return rows ``start`` to ``stop`` of a column."""
        parts = [
            self._rows(number)[max(start - piece.first_row, 0) : stop - piece.first_row, column]
            for number, piece in enumerate(self._pieces)
            if piece.first_row < stop and start < piece.first_row + piece.n_rows
        ]
        return np.concatenate(parts) if parts else np.empty(0)

    def _whole_lines(self, file: io.BufferedReader, line: int) -> bytes:
        data = file.read(_PIECE_BYTES)
        if data and not data.endswith(b"\n"):
            data += file.readline(_LONGEST_LINE_BYTES)
            if len(data) >= _LONGEST_LINE_BYTES and data.count(b"\n") == 0:
                raise UnreadableRecordingError(
                    say(
                        "{file!r}: line {number} must be shorter than {most} bytes, got a longer one.",
                        file=self._typed,
                        number=line,
                        most=_LONGEST_LINE_BYTES,
                    )
                )
        return data

    def _rows(self, number: int) -> FloatArray:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        piece = self._pieces[number]
        with self._path.open("rb") as file:
            file.seek(piece.first_byte)
            rows = self._parse(file.read(piece.n_bytes), piece.first_line)
        if len(rows) != piece.n_rows:
            raise UnreadableRecordingError(
                say("{file!r} must stay as it is while it is read, got other rows.", file=self._typed)
            )
        self._keep(number, rows)
        return rows

    def _keep(self, number: int, rows: FloatArray) -> None:
        self._kept[number] = rows
        while len(self._kept) > 1 and sum(kept.size for kept in self._kept.values()) > _KEPT_NUMBERS:
            self._kept.popitem(last=False)

    def _parse(self, data: bytes, first_line: int) -> FloatArray:
        width = len(self._layout.columns)
        rows = parse_fast(data, self._layout.dialect)
        if rows is not None and rows.shape[1] == width and np.isfinite(rows).all():
            return rows
        return _parse_slowly(data, self._layout.dialect, width, first_line, self._typed)


def parse_fast(data: bytes, dialect: Dialect) -> FloatArray | None:
    """Parse rows of plain numbers; nothing where a row is not plain or of another width than the first."""
    if dialect.trailing_delimiter:
        end = (dialect.delimiter or "").encode()
        data = data.replace(b"\r\n", b"\n").replace(end + b"\n", b"\n").removesuffix(end)
    if dialect.decimal_comma:
        data = data.replace(b",", b".")
    if not data.strip():
        return None
    try:
        return np.loadtxt(io.BytesIO(data), delimiter=dialect.delimiter, comments=None, ndmin=2, encoding="latin-1")
    except ValueError:
        return None


def _parse_slowly(data: bytes, dialect: Dialect, width: int, first_line: int, typed: str) -> FloatArray:
    """Parse row by row, with gaps as NaN, and name the line of whatever is wrong."""
    rows = []
    for number, line in enumerate(data.decode("latin-1").split("\n"), start=first_line):
        if line.strip():
            cells = dialect.cells(line)
            if len(cells) != width:
                raise UnreadableRecordingError(
                    say(
                        "{file!r}: line {number} must have {width} cells like the first row, got {count}.",
                        file=typed,
                        number=number,
                        width=width,
                        count=len(cells),
                    )
                )
            rows.append([_number(cell, dialect, number, typed) for cell in cells])
    return np.array(rows, dtype=np.float64).reshape(-1, width)


def _number(cell: str, dialect: Dialect, line: int, typed: str) -> float:
    try:
        number = dialect.number(cell)
    except ValueError:
        number = float("inf")
    if number in {float("inf"), float("-inf")}:
        raise UnreadableRecordingError(
            say(
                "{file!r}: line {number} must hold finite numbers, got {cell!r}.",
                file=typed,
                number=line,
                cell=cell[:40],
            )
        )
    return number
