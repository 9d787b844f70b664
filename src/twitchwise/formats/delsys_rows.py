"""The rows of a table whose columns end at different rows: what is missing there is filled with NaN, fast."""

import csv
import io
import re

import numpy as np

from twitchwise.formats.table_rows import TableRows
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_CARRIAGE = (b"\r\n", b"\n")


class GapRows(TableRows):
    """Rows whose last cells may be missing, and that may go on with words after the last column that is read."""

    def _parse(self, data: bytes, first_line: int) -> FloatArray:
        width, dialect = len(self._layout.columns), self._layout.dialect
        delimiter = dialect.delimiter or ","
        text = _filled(data.replace(*_CARRIAGE).replace(b'"', b""), delimiter.encode())
        if dialect.decimal_comma:
            text = text.replace(b",", b".")
        try:
            rows = np.loadtxt(
                io.BytesIO(text), delimiter=delimiter, usecols=range(width), comments=None, ndmin=2, encoding="latin-1"
            )
        except ValueError:
            return self._parse_slowly(data, width, first_line)
        return rows if text.strip() else np.empty((0, width))

    def _parse_slowly(self, data: bytes, width: int, first_line: int) -> FloatArray:
        """Parse row by row; anything that is no number is missing only where nothing is written."""
        dialect = self._layout.dialect
        rows = []
        lines = io.StringIO(data.decode("latin-1"), newline="\n")
        for number, cells in enumerate(csv.reader(lines, delimiter=dialect.delimiter or ","), start=first_line):
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * width][:width]
                rows.append([self._number(cell.strip(), number) for cell in padded])
        return np.array(rows, dtype=np.float64).reshape(-1, width)

    def _number(self, cell: str, line: int) -> float:
        try:
            return self._layout.dialect.number(cell)
        except ValueError:
            raise ValueError(
                say("line {line} holds {cell!r} where a number must be", line=line, cell=cell[:40])
            ) from None


def _filled(data: bytes, delimiter: bytes) -> bytes:
    """Write NaN into empty cells."""
    end = re.escape(delimiter)
    return re.sub(rb"(?m)(?:(?<=^)|(?<=" + end + rb"))[ \t]*(?=" + end + rb"|$)", _fill, data)


def _fill(match: re.Match[bytes]) -> bytes:
    del match
    return b"nan"
