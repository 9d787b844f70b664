"""What a study consists of: the recordings of a data set wherever it is stored, and whose they are."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twitchwise.cohort.few_words import first_few
from twitchwise.cohort.lying import Lying, lying_at
from twitchwise.cohort.said_in_bids import BidsTables, Said
from twitchwise.cohort.said_in_table import TableRow, UsersTable, read_users_table
from twitchwise.cohort.stored import Gaps, StudyRecording
from twitchwise.vocabulary import OutOfRangeError

_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
DEFAULT_GROUP = "group"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """The recordings of a study, in order of their names.

    Parameters
    ----------
    name
        What the data set's folder is called.
    base
        Address that the names of recordings begin at: an absolute path of this machine, or one of fsspec.
    recordings
        What there is to measure.
    is_local
        Whether it lies on this machine.
    columns
        Names of the further columns that recordings hold in ``more``, in the order of the tables.
    warnings
        What does not fit together in its tables, one sentence each.
    """

    name: str
    base: str
    recordings: tuple[StudyRecording, ...]
    is_local: bool = True
    columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def n_bytes(self) -> int:
        """Size of all recordings."""
        return sum(recording.n_bytes for recording in self.recordings)


def open_dataset(
    dataset: str | Path | Sequence[str | Path],
    *,
    table: Path | None = None,
    group: str = DEFAULT_GROUP,
    leave_out: Path | None = None,
    storage_options: Mapping[str, object] | None = None,
) -> Dataset:
    """Find the recordings of a data set and whose they are.

    Parameters
    ----------
    dataset
        A BIDS data set or a part of it, a folder, a file, a glob such as ``visits/**/*.edf``, an address of fsspec such
        as ``s3://bucket/set`` (also with a glob); or several places of this machine.
    table
        The user's table: a row for each recording, with a column ``file``.
    group
        Column that says which group a person belongs to.
    leave_out
        A folder to pass over, such as that of the results.
    storage_options
        How to reach the storage, as its package of fsspec names it; what is left out comes from the configuration of
        fsspec and from the environment.

    Raises
    ------
    UnreadableRecordingError
        If the data set cannot be listed or holds no recording.
    OutOfRangeError
        If the table or one in the data set says something that cannot be.
    MissingExtraError
        If an address needs a package that is not installed.
    """
    told = None if table is None else read_users_table(Path(table), group)
    with lying_at(_several(dataset), leave_out=(leave_out, table), options=storage_options or {}) as lying:
        in_bids = BidsTables(lying.folder, group)
        said = {name: in_bids.of(name) for name in lying.recordings}
        warnings = [*in_bids.warnings(is_whole=lying.is_whole)]
    rows, left_over = told.matched(list(said)) if told is not None else ({}, ())
    _require_group(group, said, told)
    merged = {name: _merged(one, rows.get(name)) for name, one in said.items()}
    contradicted = _contradictions(said, rows)
    columns = _columns(in_bids, told)
    numbers = {column for column in columns if _holds_numbers(column, list(merged.values()))}
    return Dataset(
        name=lying.name,
        base=lying.address,
        recordings=tuple(_recording(lying, name, merged[name], rows.get(name), numbers) for name in sorted(merged)),
        is_local=lying.is_local,
        columns=columns,
        warnings=(*warnings, *contradicted, *left_over),
    )


def _several(dataset: str | Path | Sequence[str | Path]) -> list[str]:
    """Return what was named as a list of texts."""
    named = [dataset] if isinstance(dataset, str | Path) else list(dataset)
    if not named or not all(str(one) for one in named):
        raise OutOfRangeError("dataset must be a folder, a file, a pattern or an address, got none.")
    return [str(one) for one in named]


def _recording(lying: Lying, name: str, said: Said, row: TableRow | None, numbers: Collection[str]) -> StudyRecording:
    return StudyRecording(
        name=name,
        files=lying.recordings[name],
        who=said.who,
        more={column: float(value) if column in numbers else value for column, value in said.more.items()},
        gaps=Gaps() if row is None else row.gaps,
        is_local=lying.is_local,
        storage_options=lying.options,
    )


def _merged(said: Said, row: TableRow | None) -> Said:
    """Return what both say; where they differ, the user's table is believed."""
    if row is None:
        return said
    who = dict(row.who)
    named = said.who.participant_id
    if named is not None and named == f"sub-{who.get('participant_id')}":
        who["participant_id"] = named
    return Said(who=replace(said.who, **who), more={**said.more, **row.more})  # type: ignore[arg-type] # of these columns


def _contradictions(said: Mapping[str, Said], rows: Mapping[str, TableRow]) -> list[str]:
    """Say where the user's table and the names of the files differ."""
    differing = [
        f"{name} ({what} {getattr(said[name].who, what)!r} and {row.who[what]!r})"
        for name, row in rows.items()
        for what in ("participant_id", "session", "task", "run")
        if what in row.who and _differs(getattr(said[name].who, what), str(row.who[what]))
    ]
    if not differing:
        return []
    return [f"Names of files and the table differ, and the table was believed: {first_few(differing)}."]


def _differs(named: str | None, said: str) -> bool:
    return named is not None and said not in {named, named.removeprefix("sub-")}


def _require_group(group: str, said: Mapping[str, Said], told: UsersTable | None) -> None:
    """Refuse a column of the group that was asked for by name and is nowhere."""
    known = {column for one in said.values() for column in one.more} | set(() if told is None else told.columns)
    there = any(one.who.group is not None for one in said.values()) or (told is not None and told.has_group)
    if group != DEFAULT_GROUP and not there:
        listed = ", ".join(map(repr, sorted(known))) or "none"
        raise OutOfRangeError(f"group must be a column of the tables ({listed}), got {group!r}.")


def _columns(in_bids: BidsTables, told: UsersTable | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*in_bids.columns, *(() if told is None else told.columns))))


def _holds_numbers(column: str, said: Sequence[Said]) -> bool:
    """Tell whether every cell of a column is a number, none of them written like a label, such as ``007``."""
    cells = [one.more[column] for one in said if column in one.more]
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)
