"""The rows of a study hold what was measured, all of it, as measuring by hand gives it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.cohort.visits import visit

from twitchwise.cohort.columns import EVENTS, MEASUREMENTS, QUALITY, schema_of
from twitchwise.cohort.events_text import events_text
from twitchwise.cohort.rows import tables_of
from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.examine.examination import examine_opened
from twitchwise.formats.bids.measured_events import measured_events_table
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Side


@pytest.fixture(scope="module")
def examined() -> ExaminedRecording:
    """Two muscles, every discharge asked for."""
    return examine_opened(visit(3, channels=2), MeasuringOrder(discharges=True))


def test_every_table_has_its_columns_in_order(examined: ExaminedRecording) -> None:
    for name, table in tables_of(examined).items():
        assert table.schema.equals(schema_of(name)), name
        assert table.num_rows


def test_every_measurement_is_a_row_with_its_place(examined: ExaminedRecording) -> None:
    rows = tables_of(examined)[MEASUREMENTS].to_pylist()
    plain = [row for row in rows if row["motor_unit"] is None]
    assert [(row["quantity"], row["channel"], row["value"], row["low"], row["high"]) for row in plain] == [
        (one.id, one.channel, one.value, one.low, one.high) for one in examined.result.measurements
    ]
    assert len(rows) - len(plain) == sum(len(unit.measurements) for unit in examined.result.units) > 0
    sides = {row["channel"]: row["side"] for row in rows if row["channel"] is not None}
    assert sides == {"left calf 0": "left", "right calf 1": "right"}
    assert {row["site"] for row in rows if row["channel"] is not None} == {"calf"}


def test_what_a_person_said_of_side_and_site_fills_what_the_file_leaves_open() -> None:
    bare = visit(4)
    bare = replace(bare, channels=tuple(replace(one, site=None, side=None) for one in bare.channels))
    examined = examine_opened(bare, MeasuringOrder(side=Side.LEFT, site="hand"))
    rows = tables_of(examined)[MEASUREMENTS].to_pylist()
    assert {(row["site"], row["side"]) for row in rows} == {("hand", "left")}


def test_every_channel_has_its_quality_and_rest(examined: ExaminedRecording) -> None:
    rows = tables_of(examined)[QUALITY].to_pylist()
    assert [row["channel"] for row in rows] == [one.channel for one in examined.result.quality]
    for row in rows:
        assert row["rest_s"] == pytest.approx(examined.result.rest[row["channel"]].duration_s)
        assert row["usable"] is True
        assert row["unusable_s"] == examined.result.unusable[row["channel"]].duration_s


def test_the_events_are_those_of_the_bids_table_to_the_letter(examined: ExaminedRecording) -> None:
    result = examined.result
    by_hand = measured_events_table((*result.events, *result.discharges), examined.recording)
    assert by_hand.count("\n") > 2
    assert events_text(tables_of(examined)[EVENTS]) == by_hand


def test_no_events_are_a_table_without_rows() -> None:
    quiet = examine_opened(visit(5, n_twitches=0), MeasuringOrder())
    events = tables_of(quiet)[EVENTS]
    assert events.num_rows == sum(map(len, quiet.result.events))
    assert events_text(events).splitlines()[0].startswith("onset\tduration")


def test_places_in_a_picture_come_along(examined: ExaminedRecording) -> None:
    seen = EventTrain(
        kind=EventKind.TWITCH,
        channel="left calf 0",
        start_s=np.array([0.5, 1.5]),
        peak_s=np.array([0.6, 1.6]),
        end_s=np.array([0.7, 1.7]),
        peak=np.array([1.0, -2.0]),
        place=np.array([[3.0, 4.0], [5.0, 6.0]]),
    )
    filmed = replace(examined, result=replace(examined.result, events=(seen,), discharges=()))
    rows = tables_of(filmed)[EVENTS].to_pylist()
    assert [(row["x_px"], row["y_px"], row["source"]) for row in rows] == [(3.0, 4.0, None), (5.0, 6.0, None)]


def test_a_table_without_places_has_nulls_and_no_numbers_for_them(examined: ExaminedRecording, tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads when a table is written

    pq.write_table(tables_of(examined)[EVENTS], tmp_path / "events.parquet")
    assert pq.read_table(tmp_path / "events.parquet")["x_px"].null_count == tables_of(examined)[EVENTS].num_rows
