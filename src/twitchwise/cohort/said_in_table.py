"""The user's table of a study: a row for each recording, with who, when, where, and any further columns."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from twitchwise.cohort.few_words import first_few
from twitchwise.cohort.pattern import is_pattern, pattern_of
from twitchwise.cohort.stored import Gaps
from twitchwise.vocabulary import OutOfRangeError, Side, Task

# What a column may be called; the first name that the table has is taken.
_NAMES = {
    "file": ("file", "recording", "path", "filename"),
    "participant_id": ("participant_id", "participant", "subject", "id"),
    "session": ("session", "visit"),
    "task": ("task",),
    "run": ("run",),
    "start": ("start", "date", "time", "acq_time"),
    "side": ("side",),
    "site": ("site",),
}
_NOTHING = frozenset({"", "n/a", "na", "nan", "none", "null"})
_DELIMITERS = ("\t", ";", ",", "|")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_SIDES = {**{side.value: side for side in Side}, "l": Side.LEFT, "r": Side.RIGHT}
_TASKS = {task.value: task for task in Task}


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """A row of the table.

    Parameters
    ----------
    number
        Its line, the names being line 1.
    file
        What it says of the file: a path below the data set, a name, or a pattern.
    who
        Columns of `Who` that it says, as text, with ``start`` as a date and time.
    gaps
        What it says of task, side and site.
    more
        Further columns as text.
    """

    number: int
    file: str
    who: Mapping[str, str | datetime]
    gaps: Gaps
    more: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class UsersTable:
    """The user's table.

    Parameters
    ----------
    name
        Name of its file.
    columns
        Names of the further columns, in their order.
    has_group
        Whether it has the column of the group.
    rows
        One for a recording or for all that a pattern stands for.
    """

    name: str
    columns: tuple[str, ...]
    has_group: bool
    rows: tuple[TableRow, ...] = field(repr=False)

    def matched(self, names: Sequence[str]) -> tuple[dict[str, TableRow], tuple[str, ...]]:
        """Return the row of each recording that has one, and what was left over.

        Raises
        ------
        OutOfRangeError
            If two rows stand for one recording, or a name without its folders stands for several.
        """
        known, by_last = set(names), dict[str, list[str]]()
        for name in names:
            by_last.setdefault(PurePosixPath(name).name, []).append(name)
        found: dict[str, TableRow] = {}
        idle: list[str] = []
        for row in self.rows:
            meant = [row.file] if row.file in known else self._meant(row, names, by_last)
            if not meant:
                idle.append(f"{row.file!r} (line {row.number})")
            for name in meant:
                if name in found:
                    raise OutOfRangeError(
                        f"{self.name} must have one row for each recording, got {name!r} in lines"
                        f" {found[name].number} and {row.number}."
                    )
                found[name] = row
        return found, tuple(self._left_over(idle, [name for name in names if name not in found]))

    def _meant(self, row: TableRow, names: Sequence[str], by_last: Mapping[str, Sequence[str]]) -> Sequence[str]:
        if "/" not in row.file and row.file in by_last:
            if len(by_last[row.file]) > 1:
                raise OutOfRangeError(
                    f"line {row.number} of {self.name} must name its file with its folders, got {row.file!r}, which"
                    f" stands for {first_few(by_last[row.file])}."
                )
            return by_last[row.file]
        if not is_pattern(row.file):
            return []
        fits = pattern_of(row.file)
        return [name for name in names if fits.fullmatch(name)]

    def _left_over(self, idle: Sequence[str], missing: Sequence[str]) -> Iterator[str]:
        if idle:
            yield f"{self.name} names files that are no recordings of the data set: {first_few(idle)}."
        if missing:
            yield f"Recordings that {self.name} does not name are in the study all the same: {first_few(missing)}."


def read_users_table(path: Path, group: str) -> UsersTable:
    """Read the user's table.

    Parameters
    ----------
    path
        CSV or TSV in UTF-8, with names in the first line.
    group
        Name of the column of the group.

    Raises
    ------
    OutOfRangeError
        If it cannot be read, has no column of files, or a cell says something that cannot be.
    """
    lines = _lines(path)
    columns = [name.strip() for name in lines[0]] if lines else []
    if len(set(columns)) < len(columns):
        raise OutOfRangeError(f"columns of {path.name} must be named apart, got {', '.join(map(repr, columns))}.")
    places = _places(columns, group)
    if "file" not in places:
        raise OutOfRangeError(
            f"{path.name} must have a column 'file' with the path of each recording, got columns"
            f" {', '.join(map(repr, columns))}."
        )
    taken = {*places.values(), *(("date", "time") if _is_apart(columns) else ())}
    more = [column for column in columns if column and column not in taken]
    reader = _Reader(path.name, columns, places, more)
    rows = tuple(reader.row(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells))
    return UsersTable(name=path.name, columns=tuple(more), has_group="group" in places, rows=rows)


def _lines(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        head = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(_DELIMITERS, key=head.count)
        lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
        found = [[cell.strip() for cell in line] for line in lines]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutOfRangeError(f"table must be a CSV or TSV file in UTF-8, got {str(path)!r} ({reason}).") from error
    while found and not any(found[0]):
        found.pop(0)
    if delimiter != ",":
        _require_decimal_points(path.name, found)
    return found


def _require_decimal_points(name: str, lines: Sequence[Sequence[str]]) -> None:
    for number, line in enumerate(lines, start=1):
        wrong = next((cell for cell in line if _DECIMAL_COMMA.fullmatch(cell)), None)
        if wrong is not None:
            raise OutOfRangeError(f"line {number} of {name} must have numbers with a decimal point, got {wrong!r}.")


def _places(columns: Sequence[str], group: str) -> dict[str, str]:
    """Return which column says what."""
    plain = {column.lower().replace(" ", "_"): column for column in reversed(columns)}
    found = {what: plain[name] for what, names in _NAMES.items() for name in reversed(names) if name in plain}
    if group in columns:
        found["group"] = group
    elif group.lower() in plain:
        found["group"] = plain[group.lower()]
    return found


def _is_apart(columns: Sequence[str]) -> bool:
    """Tell whether the date and the time of day stand in columns of their own."""
    return {"date", "time"} <= set(columns) and "start" not in columns


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the cells of a row into what it says."""

    name: str
    columns: Sequence[str]
    places: Mapping[str, str]
    more: Sequence[str]

    def row(self, number: int, cells: Sequence[str]) -> TableRow:
        if len(cells) != len(self.columns):
            raise OutOfRangeError(
                f"line {number} of {self.name} must have {len(self.columns)} cells like the first, got {len(cells)}."
            )
        said = {column: cell for column, cell in zip(self.columns, cells, strict=True) if cell.lower() not in _NOTHING}
        file = said.get(self.places["file"], "").replace("\\", "/").removeprefix("./")
        if not file:
            raise OutOfRangeError(f"line {number} of {self.name} must name a file, got none.")
        who: dict[str, str | datetime] = {
            what: said[column].removeprefix(_PREFIXES.get(what, ""))
            for what, column in self.places.items()
            if what in {"participant_id", "session", "task", "run", "group"} and column in said
        }
        start = self._start(number, said)
        return TableRow(
            number=number,
            file=file,
            who=who if start is None else {**who, "start": start},
            gaps=self._gaps(number, said),
            more={column: said[column] for column in self.more if column in said},
        )

    def _start(self, number: int, said: Mapping[str, str]) -> datetime | None:
        if _is_apart(self.columns):
            text = "T".join(said[column] for column in ("date", "time") if column in said)
        else:
            text = said.get(self.places.get("start", ""), "")
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError as error:
            raise OutOfRangeError(
                f"date in line {number} of {self.name} must be one like 2024-03-31 or 2024-03-31T14:05, with the year"
                f" first, got {text!r}."
            ) from error

    def _gaps(self, number: int, said: Mapping[str, str]) -> Gaps:
        side = said.get(self.places.get("side", ""), "").lower()
        if side and side not in _SIDES:
            raise OutOfRangeError(
                f"side in line {number} of {self.name} must be one of {', '.join(Side)}, got {side!r}."
            )
        task = said.get(self.places.get("task", ""), "").removeprefix("task-").lower()
        return Gaps(task=_TASKS.get(task), side=_SIDES.get(side), site=said.get(self.places.get("site", "")))


_PREFIXES = {"session": "ses-", "task": "task-", "run": "run-"}
