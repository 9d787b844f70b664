"""Puts the rows of all recordings together, each with who and when, as Parquet files that any program reads.

Rows stand in the order of the recordings' names, whatever the order in which these were measured, so that the same
study gives the same tables.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Protocol, Self

from twitchwise.cohort.columns import EVENTS, FAILURES, MEASUREMENTS, QUALITY, RECORDINGS, WHO, schema_of, who_schema
from twitchwise.cohort.stored import StudyRecording
from twitchwise.cohort.work import About, State

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa

_AT_ONCE = 1 << 18  # rows in a group of a file: readers skip whole groups, and hold one
SUFFIX = ".parquet"
ROWS = (MEASUREMENTS, EVENTS, QUALITY)
"""The tables that a recording gives rows of."""

Row = Mapping[str, object]


class Outcome(Protocol):
    """What became of a recording, as the tables need it."""

    @property
    def recording(self) -> StudyRecording:
        """The recording."""

    @property
    def state(self) -> State:
        """What became of it."""

    @property
    def digest(self) -> str:
        """Digest of its content, empty where it was not read."""

    @property
    def sentence(self) -> str:
        """Why it was not measured."""

    def about(self) -> About:
        """Return it in a few words, where it was measured."""

    def rows(self, table: str) -> "pa.Table":
        """Return the rows of a table that it gave, where it was measured."""


def write_tables(
    folder: Path, outcomes: Iterable[Outcome], columns: Iterable[str], progress: Callable[[], None] | None = None
) -> None:
    """Write the five tables of a study.

    Parameters
    ----------
    folder
        Where to.
    outcomes
        What became of each recording, in the order of the rows.
    columns
        Further columns of the table of recordings, which they hold in ``more``.
    progress
        Is called after each recording.

    Raises
    ------
    OSError
        If one cannot be written; those of before are then still there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = progress or (lambda: None)
    abouts, failures = list[Row](), list[Row]()
    with ExitStack() as stack:
        files = {name: stack.enter_context(TableFile(folder / f"{name}{SUFFIX}", schema_of(name))) for name in ROWS}
        for outcome in outcomes:
            who = who_of(outcome.recording)
            if outcome.state is State.MEASURED:
                for name, file in files.items():
                    file.add(who, outcome.rows(name))
            else:
                failures.append({**who, **_failure(outcome)})
            abouts.append({**who, **_about(outcome)})
            told()
    _write_small(folder / f"{FAILURES}{SUFFIX}", failures, schema_of(FAILURES))
    _write_small(folder / f"{RECORDINGS}{SUFFIX}", abouts, _with_more(schema_of(RECORDINGS), abouts, columns))


def who_of(recording: StudyRecording) -> dict[str, str | None]:
    """Return the columns of who and when of a recording."""
    return {"recording": recording.name, **{name: getattr(recording.who, name) for name in WHO[1:]}}


def _failure(outcome: Outcome) -> Row:
    return {"kind": outcome.state.value, "sentence": outcome.sentence, "n_bytes": outcome.recording.n_bytes}


def _about(outcome: Outcome) -> Row:
    about = outcome.about() if outcome.state is State.MEASURED else About()
    start = outcome.recording.who.start or (None if about.start is None else datetime.fromisoformat(about.start))
    return {
        **outcome.recording.more,  # first, so that no column of the user's takes the place of one of ours
        "start": None if start is None else start.replace(tzinfo=None),
        "n_bytes": outcome.recording.n_bytes,
        "format": about.format,
        "duration_s": about.duration_s,
        "n_channels": about.n_channels,
        "state": outcome.state.value,
        "summary": about.summary,
        "warnings": about.warnings,
        "digest": outcome.digest or None,
        "seconds": about.seconds if outcome.state is State.MEASURED else None,
    }


def _with_more(schema: "pa.Schema", rows: Sequence[Row], columns: Iterable[str]) -> "pa.Schema":
    """Return the columns with the further ones behind them: numbers where all of one are numbers, else text."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    for name in columns:
        if name not in schema.names and name not in WHO:
            is_text = any(isinstance(row.get(name), str) for row in rows)
            schema = schema.append(pa.field(name, pa.string() if is_text else pa.float64()))
    return schema


def _write_small(file: Path, rows: Sequence[Row], schema: "pa.Schema") -> None:
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    whole = pa.unify_schemas([who_schema(), schema])
    with TableFile(file, schema) as table:
        table.add_whole(pa.Table.from_pylist(list(rows), schema=whole))


class TableFile:
    """A table that is being written; it replaces the one of before only when it is whole.

    Parameters
    ----------
    file
        Where it goes.
    schema
        Its columns but those of who and when.
    """

    def __init__(self, file: Path, schema: "pa.Schema") -> None:
        import pyarrow as pa  # noqa: PLC0415 - loads when tables are made
        import pyarrow.parquet as pq  # noqa: PLC0415

        whole = pa.unify_schemas([who_schema(), schema])
        self._file, self._waiting, self._n_waiting = file, list[pa.Table](), 0
        self._beside = file.with_name(f".{file.name}.{token_hex(4)}.part")
        self._writer = pq.ParquetWriter(self._beside, whole, compression="zstd", compression_level=1)

    def add(self, who: Mapping[str, str | None], rows: "pa.Table") -> None:
        """Add rows of a recording, whose columns are those of the table but for who and when."""
        import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

        same = [pa.repeat(pa.scalar(who[name], pa.string()), rows.num_rows) for name in WHO]
        self.add_whole(pa.table([*same, *rows.columns], names=[*WHO, *rows.column_names]))

    def add_whole(self, rows: "pa.Table") -> None:
        """Add rows with all their columns."""
        self._waiting.append(rows)
        self._n_waiting += rows.num_rows
        if self._n_waiting >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

        if self._n_waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=_AT_ONCE)
        self._waiting, self._n_waiting = [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        try:
            if kind is None:
                self._write()
            self._writer.close()
            if kind is None:
                self._beside.replace(self._file)
        finally:
            self._beside.unlink(missing_ok=True)
