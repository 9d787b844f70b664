"""A diary as one file to take away: a table a kind (CSV), all of it once more (JSON), and what the columns are."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.diary.contents import COLUMNS, Row, Value, tables_of
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary

_INTRODUCTION = """\
This is all that your twitchwise diary holds.

Each table is a CSV file (UTF-8, comma, first line holds the names of the columns). An empty cell was not noted, which
is not the same as 0. diary.json holds the same once more. Texts are as they were written: open the tables with the type
of each column set to text, because a table program may take a text that begins with = for a formula.

This file is not locked. Whoever has it can read it.
"""


def export_as_bytes(diary: "Diary") -> bytes:
    """Return a diary as the bytes of a zip file."""
    tables = tables_of(diary)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme())
        archive.writestr("diary.json", json.dumps(tables, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", table_as_csv(name, rows))
    return held.getvalue()


def write_export(diary: "Diary", file: Path) -> None:
    """Write a diary to a zip file that is not there yet.

    Raises
    ------
    OutOfRangeError
        If there is a file of that name, or none can be put there.
    """
    content = export_as_bytes(diary)
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise OutOfRangeError(f"export must go to a new file, got {str(file)!r}, which is there.") from None
    except OSError as error:
        raise OutOfRangeError(f"export must go to a place that can be written, got {str(file)!r} ({error}).") from None


def table_as_csv(name: str, rows: Sequence[Row]) -> str:
    """Return a table as CSV, with the columns in the order of `contents.COLUMNS`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS[name])
    writer.writerows([_cell(row[column]) for column in COLUMNS[name]] for row in rows)
    return text.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else repr(value)


def readme() -> str:
    """Return what the columns of every table are, with their units."""
    parts = [_INTRODUCTION]
    for name, columns in COLUMNS.items():
        width = max(map(len, columns))
        lines = [f"  {column:<{width}}  {meaning}" for column, meaning in columns.items()]
        parts.append("\n".join([f"{name}.csv", *lines, ""]))
    return "\n".join(parts)
