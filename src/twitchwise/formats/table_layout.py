"""How a text file of numbers is laid out: comments, names, delimiter and decimal sign, judged from its beginning."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from twitchwise.formats.table_header import Column, Remarks, column_of, is_unit, read_remarks
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_COMMENT_SIGNS = ("#", "%", "//")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
# Delimiter (``None`` is white space) and decimal comma, tried in this order; the first that explains most is taken.
_DIALECTS = (
    (";", False),
    (";", True),
    ("\t", False),
    ("\t", True),
    (",", False),
    ("|", False),
    (None, False),
    (None, True),
)
_MOST_COLUMNS = 4096
_MOST_LINES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How a row is written: what stands between cells, the decimal sign, and whether a delimiter ends the row."""

    delimiter: str | None
    decimal_comma: bool
    trailing_delimiter: bool = False

    def cells(self, line: str) -> list[str]:
        """Split a line into its cells, without quotes and blanks around them."""
        if self.delimiter is None:
            return line.split()
        row = next(csv.reader([line.strip("\r\n")], delimiter=self.delimiter, skipinitialspace=True), [])
        cells = [cell.strip() for cell in row]
        return cells[:-1] if self.trailing_delimiter and cells and not cells[-1] else cells

    def number(self, cell: str) -> float:
        """Return the number in a cell, NaN for a missing one; raises ValueError for any other text."""
        if cell.lower() in _MISSING:
            return float("nan")
        return float(cell.replace(",", ".") if self.decimal_comma else cell)

    def is_row(self, line: str) -> bool:
        """Tell whether a line holds nothing but numbers and gaps, and at least one number."""
        try:
            numbers = [self.number(cell) for cell in self.cells(line)]
        except (ValueError, csv.Error):
            return False
        return any(number == number for number in numbers)  # noqa: PLR0124 - NaN alone differs from itself


@dataclass(frozen=True, kw_only=True, slots=True)
class TableLayout:
    """Where the rows begin, how they are written, and what the lines before them say."""

    first_byte: int
    first_line: int
    dialect: Dialect
    columns: tuple[Column, ...]
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    number: int
    text: str


def sniff(head: bytes, typed: str) -> TableLayout:
    """Judge the layout from the first bytes of a file, which should end with a whole line.

    Raises
    ------
    UnreadableRecordingError
        If the bytes are not text or hold no row of numbers.
    """
    if b"\x00" in head:
        raise UnreadableRecordingError(
            say("{file!r} must be text in UTF-8 or Latin-1, got bytes that are not text.", file=typed)
        )
    if b"\r" in head.replace(b"\r\n", b""):
        raise UnreadableRecordingError(
            say("{file!r} must have lines that end with a line feed, got a carriage return.", file=typed)
        )
    comments, lines = _sorted_out(head)
    dialect = _dialect(lines)
    first = next((index for index, line in enumerate(lines) if dialect.is_row(line.text)), None)
    if first is None:
        raise UnreadableRecordingError(
            say("{file!r} must hold rows of numbers, got none in its first lines.", file=typed)
        )
    dialect = _with_trailing(dialect, lines[first:], lines[first - 1] if first else None)
    n_columns = len(dialect.cells(lines[first].text))
    titles = _titles(lines[:first], n_columns, dialect, typed)
    above = lines[: first - len(titles)]
    remarks = read_remarks("\n".join([*comments, *(line.text.strip() for line in above)]))
    return TableLayout(
        first_byte=lines[first].start,
        first_line=lines[first].number,
        dialect=dialect,
        columns=_columns(titles, n_columns, remarks),
        remarks=remarks,
    )


def _sorted_out(head: bytes) -> tuple[list[str], list[_Line]]:
    """Part the comment lines from the first other lines that are not blank."""
    comments: list[str] = []
    lines: list[_Line] = []
    for line in _lines(head):
        if line.text.lstrip().startswith(_COMMENT_SIGNS):
            comments.append(line.text.strip().lstrip("#%/ \t"))
        elif line.text.strip():
            lines.append(line)
        if len(lines) == _MOST_LINES:
            break
    return comments, lines


def _lines(head: bytes) -> Iterator[_Line]:
    encoding = "utf-8-sig" if _is_utf8(head) else "latin-1"
    start = 0
    for number, line in enumerate(head.splitlines(keepends=True), start=1):
        yield _Line(start, number, line.decode(encoding))
        start += len(line)


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _dialect(lines: Sequence[_Line]) -> Dialect:
    candidates = [Dialect(delimiter=delimiter, decimal_comma=comma) for delimiter, comma in _DIALECTS]
    return max(candidates, key=lambda dialect: _explained(dialect, lines))


def _explained(dialect: Dialect, lines: Sequence[_Line]) -> tuple[int, bool, bool]:
    """Count the rows of the commonest width; tell whether the line above them fits it, and whether it is more than one.

    A single column with decimal commas looks like two columns of whole numbers; only a name without a comma above it
    tells that it is one.
    """
    flags = [dialect.is_row(line.text) for line in lines]
    if not any(flags):
        return 0, False, False
    widths = [len(dialect.cells(line.text)) for line, is_row in zip(lines, flags, strict=True) if is_row]
    width = max(set(widths), key=lambda width: (widths.count(width), width))
    above = [line.text for line in lines[: flags.index(True)]]
    if dialect.decimal_comma and width == 1 and (not above or any("," in text for text in above)):
        return 0, False, False
    return widths.count(width), not above or len(dialect.cells(above[-1])) == width, width > 1


def _with_trailing(dialect: Dialect, rows: Sequence[_Line], names: _Line | None) -> Dialect:
    """Notice a delimiter at the end of every row, unless the line of names has a name there."""
    end = dialect.delimiter
    if end is None or not all(row.text.rstrip("\r\n").endswith(end) for row in rows):
        return dialect
    if names is not None and len(dialect.cells(names.text.rstrip().rstrip(end))) == len(dialect.cells(rows[0].text)):
        return dialect
    return replace(dialect, trailing_delimiter=True)


def _titles(above: Sequence[_Line], n_columns: int, dialect: Dialect, typed: str) -> list[list[str]]:
    """Return the cells of the line of names, and of a line of units below it, if they are there."""
    if n_columns > _MOST_COLUMNS:
        raise UnreadableRecordingError(
            say(
                "{file!r} must have at most {most} columns, got {count}.",
                file=typed,
                most=_MOST_COLUMNS,
                count=n_columns,
            )
        )
    if not above:
        return []
    rows = [dialect.cells(line.text) for line in above[-2:]]
    if len(rows[-1]) != n_columns:
        raise UnreadableRecordingError(
            say(
                "{file!r}: line {number} must be names of {count} columns, got {line!r}.",
                file=typed,
                number=above[-1].number,
                count=n_columns,
                line=above[-1].text.strip()[:60],
            )
        )
    has_units = len(rows[0]) == n_columns and all(is_unit(cell) for cell in rows[-1])
    return rows if has_units else rows[-1:]


def _columns(titles: Sequence[Sequence[str]], n_columns: int, remarks: Remarks) -> tuple[Column, ...]:
    said = [list(row) if len(row) == n_columns else None for row in (remarks.labels, remarks.units, remarks.sensors)]
    names, units, sensors = (row or [""] * n_columns for row in said)
    if titles:
        names = list(titles[0])
    if len(titles) > 1:
        units = list(titles[1])
    return tuple(column_of(*cells) for cells in zip(names, units, sensors, strict=True))
