"""The samples of a table without a header line, as BIDS keeps motion and physiology.

It is read once; its samples are then kept in single precision, on disk where they are many.
"""

import io
import weakref
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Protocol

import numpy as np

from twitchwise.formats.table_layout import Dialect
from twitchwise.signals import Rows
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_PIECE_BYTES = 1 << 20
_LONGEST_LINE_BYTES = 1 << 20
_IN_MEMORY_BYTES = 1 << 26
_NUMBER_BYTES = 4
_TABS = Dialect(delimiter="\t", decimal_comma=False)
_GREATEST = float(np.finfo(np.float32).max)


class Lines(Protocol):
    """An open file that gives bytes in pieces or up to the end of a line."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes."""
        ...

    def readline(self, size: int, /) -> bytes:
        """Return the rest of a line, up to so many bytes."""
        ...


@dataclass(frozen=True, slots=True)
class _Block:
    first: int
    n_rows: int
    offset: int


class KeptSamples:
    """Samples of columns of one length, in the file's units; each block holds its columns one after the other.

    Parameters
    ----------
    n_columns
        How many there are.
    """

    def __init__(self, n_columns: int) -> None:
        self.n_columns = n_columns
        self.n_rows = 0
        self._blocks: list[_Block] = []
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the object
        self._lock = Lock()
        weakref.finalize(self, self._file.close)

    def add(self, columns: Iterable[FloatArray | Rows], n_rows: int) -> None:
        """Take in the next rows, column by column, each of shape ``(n_rows,)``."""
        with self._lock:
            self._blocks.append(_Block(self.n_rows, n_rows, self._file.seek(0, io.SEEK_END)))
            for column in columns:
                self._file.write(np.ascontiguousarray(column, dtype=np.float32).tobytes())
        self.n_rows += n_rows

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a column."""
        samples = np.empty(max(min(stop, self.n_rows) - start, 0))
        number = max(bisect_right(self._blocks, start, key=lambda block: block.first) - 1, 0)
        for block in self._blocks[number:]:
            if block.first >= stop:
                break
            first, last = max(start, block.first), min(stop, block.first + block.n_rows)
            samples[first - start : last - start] = self._piece(block, channel, first, last)
        return samples

    def _piece(self, block: _Block, channel: int, first: int, last: int) -> Rows:
        at = channel * block.n_rows + first - block.first
        with self._lock:
            self._file.seek(block.offset + at * _NUMBER_BYTES)
            return np.frombuffer(self._file.read((last - first) * _NUMBER_BYTES), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Columns:
    """Some of the columns of a source, in another order."""

    samples: KeptSamples
    numbers: tuple[int, ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        return self.samples.read(self.numbers[channel], start, stop)

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples of several channels, in single precision."""
        return np.stack([self.read(channel, start, stop).astype(np.float32) for channel in channels])


def rows_of_table(file: Lines, names: Sequence[str], typed: str) -> Iterator[tuple[FloatArray, bool]]:
    """Give the rows of a table piece by piece, shape ``(n_rows, n_columns)``, missing ones NaN.

    Parameters
    ----------
    file
        The table, at its beginning.
    names
        Names of its columns; a first line that holds names in place of numbers is passed over.
    typed
        The path as the person typed it.

    Yields
    ------
    tuple
        The rows, and whether a line of names was passed over before them.

    Raises
    ------
    UnreadableRecordingError
        If a row has another width, or a cell is no finite number.
    """
    line, named = 1, False
    while data := _whole_lines(file, line, typed):
        if line == 1:
            named, data = _without_names(data, len(names))
            line += named
        yield _parsed(data, len(names), line, typed), named
        line += data.count(b"\n")


def names_said(*, is_named: bool) -> tuple[str, ...]:
    """Say that a line of names was passed over, if one was."""
    said = say("The first line holds names in place of samples, which BIDS does not allow; it was passed over.")
    return (said,) if is_named else ()


def _whole_lines(file: Lines, line: int, typed: str) -> bytes:
    data = file.read(_PIECE_BYTES)
    if data and not data.endswith(b"\n"):
        data += file.readline(_LONGEST_LINE_BYTES)
    if len(data) >= _LONGEST_LINE_BYTES and b"\n" not in data:
        raise UnreadableRecordingError(
            say(
                "{file!r}: line {number} must be shorter than {most} bytes, got a longer one.",
                file=typed,
                number=line,
                most=_LONGEST_LINE_BYTES,
            )
        )
    return data


def _without_names(data: bytes, width: int) -> tuple[bool, bytes]:
    """Pass over a first line of as many words as there are columns, none of them a number."""
    first, _, rest = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    cells = first.decode("latin-1").strip("\r").split("\t")
    is_named = len(cells) == width and not any(_is_number(cell) for cell in cells)
    return is_named, rest if is_named else data.removeprefix(b"\xef\xbb\xbf")


def _is_number(cell: str) -> bool:
    try:
        _TABS.number(cell.strip())
    except ValueError:
        return False
    return True


def _parsed(data: bytes, width: int, line: int, typed: str) -> FloatArray:
    if not data.strip():
        return np.empty((0, width))
    try:
        rows = np.loadtxt(
            io.BytesIO(data.replace(b"n/a", b"nan")), delimiter="\t", comments=None, ndmin=2, encoding="latin-1"
        )
    except ValueError:
        return _parsed_slowly(data, width, line, typed)
    if rows.shape[1] != width or (np.abs(rows) > _GREATEST).any():
        return _parsed_slowly(data, width, line, typed)
    return rows


def _parsed_slowly(data: bytes, width: int, first_line: int, typed: str) -> FloatArray:
    """Parse row by row, and name the line of whatever is wrong."""
    rows = []
    for number, line in enumerate(data.decode("latin-1").split("\n"), start=first_line):
        cells = [cell.strip() for cell in line.strip("\r").split("\t")]
        if not line.strip() and width > 1:
            continue
        if len(cells) != width:
            raise UnreadableRecordingError(
                say(
                    "{file!r}: line {number} must have {width} cells, one for each channel, got {count}.",
                    file=typed,
                    number=number,
                    width=width,
                    count=len(cells),
                )
            )
        if line.strip():
            rows.append([_number(cell, number, typed) for cell in cells])
    return np.array(rows, dtype=np.float64).reshape(-1, width)


def _number(cell: str, line: int, typed: str) -> float:
    try:
        number = _TABS.number(cell)
    except ValueError:
        number = float("inf")
    if abs(number) > _GREATEST:
        raise UnreadableRecordingError(
            say(
                "{file!r}: line {number} must hold finite numbers, got {cell!r}.",
                file=typed,
                number=line,
                cell=cell[:40],
            )
        )
    return number
