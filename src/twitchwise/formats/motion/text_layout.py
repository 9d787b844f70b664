"""How a text table of movement is laid out: delimiter, decimal sign, names, and which columns hold numbers or dates."""

import csv
import re
from collections import Counter
from dataclasses import dataclass

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

DATE = re.compile(
    r"(?:(\d{4})[-/](\d\d)[-/](\d\d)[T _]+)?(\d{1,2}):(\d\d):(\d\d)(?:[.,:_](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?"
)
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "(null)"})
_DELIMITERS = (";", "\t", ",", "|", None)
_COMMENTS = ("#", "%", "//")
_LINES_LOOKED_AT = 60
_MOST_COLUMNS = 512
_FEWEST_COLUMNS = 2
_SHARE_ALIKE = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLayout:
    """Where the rows begin and what their cells are.

    Parameters
    ----------
    first_byte, first_line
        Where the first row is.
    delimiter, decimal_comma
        How a row is written; no delimiter is white space.
    names
        Names of the columns; empty where the file has none.
    holds
        For each column ``number``, ``date`` or ``text``.
    """

    first_byte: int
    first_line: int
    delimiter: str | None
    decimal_comma: bool
    names: tuple[str, ...]
    holds: tuple[str, ...]

    def cells(self, line: str) -> list[str]:
        """Split a line into its cells."""
        return _cells(line, self.delimiter)

    def number(self, cell: str) -> float:
        """Return the number in a cell, NaN for anything else."""
        try:
            return float(cell.replace(",", ".") if self.decimal_comma else cell)
        except ValueError:
            return float("nan")


def lay_out(head: bytes, typed: str) -> TextLayout:
    """Judge the layout from the first bytes of a table.

    Raises
    ------
    UnreadableRecordingError
        If they are no text or hold no rows of numbers.
    """
    lines = _lines(head, typed)
    chosen = next((delimiter for delimiter in _DELIMITERS if _alike(lines, delimiter)[0]), ",")
    n_columns = _alike(lines, chosen)[1]
    if not _FEWEST_COLUMNS <= n_columns <= _MOST_COLUMNS:
        raise UnreadableRecordingError(
            say("{file!r} must hold rows of numbers side by side, got none in its first lines.", file=typed)
        )
    decimal_comma = chosen != "," and any("," in text and "." not in text for _, _, text in lines[1:])
    first = next((i for i, (_, _, text) in enumerate(lines) if _is_row(_cells(text, chosen), decimal_comma)), None)
    if first is None:
        raise UnreadableRecordingError(
            say("{file!r} must hold rows of numbers, got none in its first lines.", file=typed)
        )
    above = _cells(lines[first - 1][2], chosen) if first else []
    rows = [_cells(text, chosen) for _, _, text in lines[first:]]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    return TextLayout(
        first_byte=lines[first][0],
        first_line=lines[first][1],
        delimiter=chosen,
        decimal_comma=decimal_comma,
        names=_names(above, width),
        holds=tuple(_holds([row[i] for row in rows if len(row) == width], decimal_comma) for i in range(width)),
    )


def _names(above: list[str], width: int) -> tuple[str, ...]:
    """Return the line of names where it fits the rows; a delimiter may end one or the other."""
    if len(above) == width + 1 and not above[-1]:
        above = above[:-1]
    if len(above) == width - 1:
        above = [*above, ""]
    return tuple(above) if len(above) == width else ()


def _lines(head: bytes, typed: str) -> list[tuple[int, int, str]]:
    """Return the first lines that are no comments, each with its first byte and its number."""
    if b"\x00" in head:
        raise UnreadableRecordingError(
            say("{file!r} must be text in UTF-8 or Latin-1, got bytes that are not text.", file=typed)
        )
    found, at = [], 0
    for number, line in enumerate(head.splitlines(keepends=True), start=1):
        text = _decoded(line).strip("\r\n\ufeff")
        if text.strip() and not text.lstrip().startswith(_COMMENTS) and not text.lower().startswith("sep="):
            found.append((at, number, text))
        at += len(line)
        if len(found) == _LINES_LOOKED_AT:
            break
    if len(found) > 1 and len(found) < _LINES_LOOKED_AT and not head.endswith(b"\n"):
        found.pop()  # its end may lie behind the bytes that were looked at
    return found


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _cells(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    try:
        row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return line.split(delimiter)
    return [cell.strip() for cell in row]


def _alike(lines: list[tuple[int, int, str]], delimiter: str | None) -> tuple[bool, int]:
    """Tell whether lines have one number of cells with a delimiter, and which."""
    widths = Counter(len(_cells(text, delimiter)) for _, _, text in lines)
    if not widths:
        return False, 0
    width, count = widths.most_common(1)[0]
    return width > 1 and count >= _SHARE_ALIKE * len(lines), width


def _is_number(cell: str, *, decimal_comma: bool) -> bool:
    try:
        float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return False
    return cell.lower() not in MISSING


def _is_row(cells: list[str], decimal_comma: bool) -> bool:  # noqa: FBT001 - one word of a layout
    """Tell a row of samples from a line of names: it holds more numbers and dates than other words."""
    numbers = sum(_is_number(cell, decimal_comma=decimal_comma) or bool(DATE.fullmatch(cell)) for cell in cells)
    words = sum(not _is_number(cell, decimal_comma=decimal_comma) and cell.lower() not in MISSING for cell in cells)
    return numbers >= _FEWEST_COLUMNS and numbers >= words - numbers


def _holds(cells: list[str], decimal_comma: bool) -> str:  # noqa: FBT001
    present = [cell for cell in cells if cell.lower() not in MISSING]
    if all(_is_number(cell, decimal_comma=decimal_comma) for cell in present):
        return "number"
    return "date" if all(DATE.fullmatch(cell) for cell in present) else "text"
