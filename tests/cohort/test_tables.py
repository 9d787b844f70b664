"""The tables of a study: who and when in front, in order, read by every package, whole or as they were."""

import warnings
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.cohort.columns import EVENTS, FAILURES, MEASUREMENTS, QUALITY, RECORDINGS, TABLES, WHO, schema_of
from twitchwise.cohort.stored import StoredFile, StudyRecording
from twitchwise.cohort.study_table import StudyTable
from twitchwise.cohort.tables import TableFile, write_tables
from twitchwise.cohort.who import Who
from twitchwise.cohort.work import About, State


@dataclass(frozen=True)
class Made:
    """What became of a recording, as a test wants it."""

    recording: StudyRecording
    state: State = State.MEASURED
    digest: str = "d"
    sentence: str = ""
    n_events: int = 2
    said: About = field(default_factory=lambda: About(format="EDF", duration_s=3.0, start="2026-11-30T08:00:00"))

    def about(self) -> About:
        return self.said

    def rows(self, table: str) -> pa.Table:
        schema = schema_of(table)
        values = {"start_s": 1.0, "channel": "calf", "value": 2.0, "quantity": "fasciculation_rate", "usable": True}
        row = {name: values.get(name) for name in schema.names}
        return pa.Table.from_pylist([row] * (self.n_events if table == EVENTS else 1), schema=schema)


def recording(name: str, who: Who | None = None, **more: str | float) -> StudyRecording:
    file = StoredFile(relative=name, address=name, n_bytes=7, stamp="1")
    return StudyRecording(name=name, files=(file,), who=who or Who(), more=more)


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(pq.read_table(folder / f"{name}.parquet").to_pylist())


def test_every_table_begins_with_who_and_when(tmp_path: Path) -> None:
    who = Who(participant_id="sub-01", session="1", task="rest", run="2", group="patient")
    write_tables(tmp_path, [Made(recording("a", who))], [])
    for name in TABLES:
        assert tuple(pq.read_schema(tmp_path / f"{name}.parquet").names[: len(WHO)]) == WHO
    for name in (RECORDINGS, MEASUREMENTS, EVENTS, QUALITY):
        row = read(tmp_path, name)[0]
        assert [row[column] for column in WHO] == ["a", "sub-01", "1", "rest", "2", "patient"]


@given(counts=st.lists(st.integers(min_value=0, max_value=5), max_size=6))
def test_rows_stand_in_the_order_of_the_recordings(tmp_path_factory: pytest.TempPathFactory, counts: list[int]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder, [Made(recording(str(at)), n_events=count) for at, count in enumerate(counts)], [])
    expected = [str(at) for at, count in enumerate(counts) for _ in range(count)]
    assert [row["recording"] for row in read(folder, EVENTS)] == expected
    assert [row["recording"] for row in read(folder, RECORDINGS)] == [str(at) for at in range(len(counts))]


def test_what_could_not_be_measured_is_listed_and_gives_no_rows(tmp_path: Path) -> None:
    refused = Made(recording("b"), state=State.REFUSED, sentence="recording must be whole, got half.", digest="")
    write_tables(tmp_path, [Made(recording("a")), refused], [])
    assert [(row["recording"], row["kind"], row["sentence"], row["n_bytes"]) for row in read(tmp_path, FAILURES)] == [
        ("b", "refused", "recording must be whole, got half.", 7)
    ]
    rows = read(tmp_path, RECORDINGS)
    assert [(row["recording"], row["state"], row["digest"]) for row in rows] == [
        ("a", "measured", "d"),
        ("b", "refused", None),
    ]
    assert {row["recording"] for row in read(tmp_path, MEASUREMENTS)} == {"a"}


def test_further_columns_come_along_and_take_no_place_of_ours(tmp_path: Path) -> None:
    made = [Made(recording("a", age=50.0, city="Ulm", state="NRW")), Made(recording("b", age=61.0))]
    write_tables(tmp_path, made, ["age", "city", "state"])
    rows = read(tmp_path, RECORDINGS)
    assert [(row["age"], row["city"], row["state"]) for row in rows] == [
        (50.0, "Ulm", "measured"),
        (61.0, None, "measured"),
    ]


def test_the_time_of_the_table_comes_before_that_of_the_file(tmp_path: Path) -> None:
    said = Who(start=datetime(2026, 1, 2, 3, 4))  # noqa: DTZ001 - the clock of the place, without a zone
    write_tables(tmp_path, [Made(recording("a", said)), Made(recording("b"))], [])
    found = [row["start"].isoformat() for row in read(tmp_path, RECORDINGS)]
    assert found == ["2026-01-02T03:04:00", "2026-11-30T08:00:00"]


def test_pandas_polars_and_duckdb_read_the_same(tmp_path: Path) -> None:
    write_tables(tmp_path, [Made(recording(name), n_events=3) for name in "ab"], [])
    table = StudyTable(EVENTS, lambda: {EVENTS: tmp_path / "events.parquet"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = table.to_pandas()
        by_polars = pl.read_parquet(table.file)
        by_duckdb = duckdb.execute("select recording, start_s from read_parquet(?)", [str(table.file)]).fetchall()
    assert frame["recording"].tolist() == by_polars["recording"].to_list() == [row[0] for row in by_duckdb]
    assert frame["source"].isna().all()
    assert table.to_arrow(["start_s"]).column_names == ["start_s"]
    assert table.dataset().count_rows() == 6


def test_a_study_without_recordings_has_empty_tables(tmp_path: Path) -> None:
    write_tables(tmp_path, [], [])
    assert all(read(tmp_path, name) == [] for name in TABLES)


def test_a_table_that_could_not_be_written_whole_leaves_the_one_of_before(tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    with TableFile(file, schema_of(EVENTS)) as table:
        table.add(dict.fromkeys(WHO, "old"), Made(recording("a")).rows(EVENTS))
    with pytest.raises(KeyboardInterrupt):
        _interrupted(file)
    assert {row["recording"] for row in pq.read_table(file).to_pylist()} == {"old"}
    assert list(tmp_path.iterdir()) == [file]


def _interrupted(file: Path) -> None:
    with TableFile(file, schema_of(EVENTS)) as table:
        table.add(dict.fromkeys(WHO, "new"), Made(recording("a")).rows(EVENTS))
        raise KeyboardInterrupt


def test_many_recordings_with_few_rows_share_groups_of_rows(tmp_path: Path) -> None:
    write_tables(tmp_path, [Made(recording(f"{at:04}"), n_events=3) for at in range(500)], [])
    assert pq.ParquetFile(tmp_path / "events.parquet").metadata.num_row_groups == 1
