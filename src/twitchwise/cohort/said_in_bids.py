"""What the tables of a BIDS data set say of each recording: who, when, and anything else.

``participants.tsv``, ``*_sessions.tsv`` and ``*_scans.tsv``: https://bids-specification.readthedocs.io under
"Data summary files".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from twitchwise.cohort.few_words import first_few
from twitchwise.cohort.who import Who, entities_of, who_is_named
from twitchwise.formats.bids_text import Row, cell, read_rows

PARTICIPANTS = "participants.tsv"
DATA_SET = "data_set"
_NOT_MORE = frozenset({"participant_id", "session_id", "session", "task", "run", "start", "acq_time", "filename"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """Whose a recording is, and further columns as text."""

    who: Who
    more: Mapping[str, str] = field(default_factory=dict)


class BidsTables:
    """The tables of a data set, or of those that a folder holds, each read once.

    People of two data sets are two, though their labels be alike: `participant_id` then begins with the folder of the
    data set, which is also the column `data_set`.

    Parameters
    ----------
    base
        Folder of the data set, or of several.
    group
        Column that says which group a person belongs to.
    """

    def __init__(self, base: Path, group: str) -> None:
        self._base, self._group = base, group
        self._is_of_sets = group.lower() == DATA_SET
        self._sets: dict[str, _TablesOfOne] = {}

    def of(self, name: str) -> Said:
        """Return what the tables and the name say of the recording of a name."""
        folder, below = _data_set_named(name)
        if folder not in self._sets:
            self._sets[folder] = _TablesOfOne(self._base / folder, self._group)
        said = self._sets[folder].of(below)
        if not folder or said.who.participant_id is None:
            return said
        who = replace(said.who, participant_id=f"{folder}/{said.who.participant_id}")
        if self._is_of_sets:
            return replace(said, who=replace(who, group=folder))
        return Said(who=who, more={DATA_SET: folder, **said.more})

    @property
    def columns(self) -> dict[str, None]:
        """Names of the further columns, in the order of the tables."""
        own = {column: None for tables in self._sets.values() for column in tables.columns}
        return {DATA_SET: None, **own} if any(self._sets) and not self._is_of_sets else own

    def warnings(self, *, is_whole: bool) -> Iterator[str]:
        """Say what does not fit together; ``is_whole`` tells whether all recordings were looked at."""
        for folder, tables in self._sets.items():
            yield from (f"{folder}: {one}" if folder else one for one in tables.warnings(is_whole=is_whole))


class _TablesOfOne:
    """The tables of one data set.

    Parameters
    ----------
    base, group
        As of `BidsTables`.
    """

    def __init__(self, base: Path, group: str) -> None:
        self._base, self._group = base, group
        self._read: dict[Path, list[Row]] = {}
        self._scanned: dict[PurePosixPath, Mapping[str, Row]] = {}
        self._unread: dict[str, None] = {}
        self._undated: dict[str, None] = {}
        self._seen: dict[str, None] = {}
        self.columns: dict[str, None] = {}

    def of(self, name: str) -> Said:
        """Return what the tables and the name say of the recording of a name."""
        who = who_is_named(name)
        if who.participant_id is None:
            return Said(who=who)
        self._seen[who.participant_id] = None
        rows = [self._person(who.participant_id), self._session(who), self._scan(name)]
        more = {column: value for row in rows for column, value in self._more(row).items()}
        groups = [cell(row, column) for row in rows for column in row if self._is_group(column)]
        starts = [self._start(cell(row, "acq_time")) for row in rows[1:]]
        return Said(
            who=replace(
                who,
                group=next((group for group in reversed(groups) if group), None),
                start=next((start for start in reversed(starts) if start is not None), None),
            ),
            more=more,
        )

    def warnings(self, *, is_whole: bool) -> Iterator[str]:
        """Say what does not fit together; ``is_whole`` tells whether all recordings of the data set were looked at."""
        yield from self._unread
        if self._undated:
            yield (
                "acq_time must be a date and time like 2024-03-31T14:05:00 to be used,"
                f" got {first_few([repr(text) for text in self._undated])}."
            )
        if self._people is None:
            return
        unknown = [person for person in self._seen if person not in self._people]
        if unknown:
            yield f"People that {PARTICIPANTS} does not name: {first_few(unknown)}."
        alone = [person for person in self._people if person not in self._seen]
        if is_whole and alone:
            yield f"People in {PARTICIPANTS} without a recording: {first_few(alone)}."

    @cached_property
    def _people(self) -> Mapping[str, Row] | None:
        """The rows of ``participants.tsv``, or nothing where there is none."""
        path = self._base / PARTICIPANTS
        if not path.is_file():
            return None
        return {_labelled("sub", cell(row, "participant_id")): row for row in reversed(self._rows(path))}

    def _person(self, participant_id: str) -> Row:
        return (self._people or {}).get(participant_id, {})

    def _session(self, who: Who) -> Row:
        if who.session is None:
            return {}
        rows = self._rows(self._base / f"{who.participant_id}" / f"{who.participant_id}_sessions.tsv")
        wanted = f"ses-{who.session}"
        return next((row for row in rows if _labelled("ses", cell(row, "session_id")) == wanted), {})

    def _scan(self, name: str) -> Row:
        """Return the row of a recording, from the table of its session or else of its person."""
        said = entities_of(name)
        person = f"sub-{said['sub']}"
        places = [PurePosixPath(person)]
        if "ses" in said:
            places.insert(0, PurePosixPath(person, f"ses-{said['ses']}"))
        return next((rows[name] for rows in map(self._scans, places) if name in rows), {})

    def _scans(self, place: PurePosixPath) -> Mapping[str, Row]:
        """Return the rows of the table of scans in a folder, by the names of recordings."""
        if place not in self._scanned:
            rows = self._rows(self._base / place / f"{'_'.join(place.parts)}_scans.tsv")
            self._scanned[place] = {(place / cell(row, "filename")).as_posix(): row for row in reversed(rows)}
        return self._scanned[place]

    def _rows(self, path: Path) -> Sequence[Row]:
        if path not in self._read:
            rows = read_rows(path) if path.is_file() else []
            if isinstance(rows, str):
                self._unread[str(rows)] = None
            self._read[path] = [] if isinstance(rows, str) else rows
            first = self._read[path][0] if self._read[path] else {}
            self.columns |= dict.fromkeys(column for column in first if self._is_more(column))
        return self._read[path]

    def _more(self, row: Row) -> dict[str, str]:
        return {column: cell(row, column) for column in row if self._is_more(column) and cell(row, column)}

    def _is_more(self, column: str) -> bool:
        return column not in _NOT_MORE and not self._is_group(column)

    def _is_group(self, column: str) -> bool:
        return column.lower() == self._group.lower()

    def _start(self, text: str) -> datetime | None:
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self._undated[text] = None
            return None


def _data_set_named(name: str) -> tuple[str, str]:
    """Return the folder of the data set that the recording of a name belongs to, and its name below that.

    Examples
    --------
    >>> _data_set_named("site_a/sub-01/emg/sub-01_task-rest_emg.edf")
    ('site_a', 'sub-01/emg/sub-01_task-rest_emg.edf')
    """
    parts = name.split("/")
    person = f"sub-{entities_of(name).get('sub')}"
    at = parts.index(person) if person in parts[:-1] else 0
    return "/".join(parts[:at]), "/".join(parts[at:])


def _labelled(entity: str, label: str) -> str:
    """Return a label with the entity before it, as some tables leave that out."""
    return label if not label or label.startswith(f"{entity}-") else f"{entity}-{label}"
