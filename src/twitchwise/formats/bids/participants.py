"""The table of participants, which grows by one row with each new subject."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from twitchwise.formats.bids.place import write_whole
from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.formats.bids.text import as_json, cell
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

_ID = "participant_id"
_COLUMNS = (_ID, "age", "sex")
_DESCRIPTIONS: dict[str, dict[str, object]] = {
    _ID: {"Description": "The subject, as in the names of the folders."},
    "age": {"Description": "Age.", "Units": "year"},
    "sex": {"Description": "Sex as recorded at birth.", "Levels": {"female": "female", "male": "male"}},
    "condition": {"Description": "Condition of the subject, by its id."},
    "severity": {"Description": "How far the condition has gone, from 0, not at all, to 1, fully."},
    "seed": {"Description": "Seed of the random numbers; the same seed gives the same recording."},
    "muscle": {"Description": "Muscle that was recorded."},
    "side": {"Description": "Side of the body that was recorded."},
}


class Participants:
    """``participants.tsv`` and ``participants.json`` of a data set.

    Parameters
    ----------
    folder
        The data set.
    descriptions
        What columns mean, by column: ``Description``, ``Units``, ``Levels``.

    Raises
    ------
    UnwritableFileError
        If there is a table that is not one of participants.
    """

    def __init__(self, folder: Path, descriptions: Mapping[str, Mapping[str, object]]) -> None:
        self._table = folder / "participants.tsv"
        self._sidecar = folder / "participants.json"
        self._descriptions = {**_DESCRIPTIONS, **_known(self._sidecar), **descriptions}
        self._columns, self._rows = _read(self._table)

    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """The rows by participant."""
        return self._rows

    def require_same(self, participant_id: str, values: Mapping[str, str | float | None]) -> None:
        """Refuse values that differ from those the participant has in the table."""
        row = self._rows.get(participant_id, {})
        for column, value in values.items():
            if row.get(column, cell(value)) != cell(value):
                raise OutOfRangeError(
                    f"{column} of {participant_id!r} must be {row[column]!r} as in the table of participants,"
                    f" got {cell(value)!r}."
                )

    def put(self, participant_id: str, values: Mapping[str, str | float | None]) -> None:
        """Add or replace the row of a participant; columns that are new are ``n/a`` for the others."""
        row = {_ID: participant_id, **{column: cell(value) for column, value in values.items()}}
        new = [column for column in row if column not in self._columns]
        is_known = participant_id in self._rows
        if is_known and self._rows[participant_id] == self._rows[participant_id] | row:
            return
        self._rows[participant_id] = self._rows.get(participant_id, {}) | row
        self._columns.extend(new)
        if new or is_known or not self._table.exists():
            write_whole(self._table, "".join(map(self._line, ({c: c for c in self._columns}, *self._rows.values()))))
        else:
            with self._table.open("ab") as file:
                file.write(self._line(row).encode())
        if new or not self._sidecar.exists():
            write_whole(self._sidecar, as_json({column: self._described(column) for column in self._columns}))

    def _line(self, row: Mapping[str, str]) -> str:
        return "\t".join(row.get(column, NOT_KNOWN) for column in self._columns) + "\n"

    def _described(self, column: str) -> Mapping[str, object]:
        return self._descriptions.get(column, {"Description": column.replace("_", " ")})


def _known(sidecar: Path) -> dict[str, dict[str, object]]:
    """Return the descriptions that the data set has."""
    try:
        known = json.loads(sidecar.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        known = None
    if not isinstance(known, dict):
        raise UnwritableFileError(f"participants.json must be a JSON object, got another text in {str(sidecar)!r}.")
    return known


def _read(path: Path) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Return the columns and rows that the data set has."""
    if not path.exists():
        return list(_COLUMNS), {}
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    if columns[:1] != [_ID] or any(None in row or None in row.values() for row in rows):
        raise UnwritableFileError(f"participants.tsv must be a whole table of participants, got {str(path)!r}.")
    return columns, {row[_ID]: row for row in rows}
