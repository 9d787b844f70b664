"""Tables of found events: their rows say when, where, which unit and how certain, and other programs read them."""

import csv
import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import write_events
from twitchwise.formats.bids.measured_events import COLUMNS, measured_events_sidecar, measured_events_table
from twitchwise.signals import ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, OutOfRangeError, Unit, UnwritableFileError


def recording(*units: Unit) -> Recording:
    channels = tuple(
        Channel(name=f"c{index}", kind=ChannelKind.EMG, unit=unit, sampling_rate_hz=1000.0, n_samples=10)
        for index, unit in enumerate(units)
    )
    return Recording(name="x", format="array", channels=channels, source=ArraySource([np.zeros(10)] * len(channels)))


def train(channel: str, starts_s: list[float], **changes: Any) -> EventTrain:  # noqa: ANN401 - any field of a train
    starts = np.array(starts_s)
    fields: dict[str, Any] = {
        "kind": EventKind.FASCICULATION_POTENTIAL,
        "channel": channel,
        "start_s": starts,
        "peak_s": starts + 0.01,
        "end_s": starts + 0.02,
        "peak": np.full(starts.size, -1e-4),
    }
    return EventTrain(**fields | changes)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_rows_of_all_trains_stand_in_order_of_onset() -> None:
    sure = train("c0", [0.5, 2.0], unit=np.array([0, 2]), probability=np.array([0.25, 1.0]))
    other = train("c1", [1.0], kind=EventKind.MOTOR_UNIT_DISCHARGE, peak=np.array([7.0]))
    rows = rows_of(measured_events_table([sure, other], recording(Unit.VOLT, Unit.COUNT)))
    assert [row["onset"] for row in rows] == ["0.5", "1.0", "2.0"]
    assert [row["trial_type"] for row in rows][1:] == ["motor_unit_discharge", "fasciculation_potential"]
    assert [row["unit"] for row in rows] == ["n/a", "n/a", "2"]
    assert [row["probability"] for row in rows] == ["0.25", "1.0", "1.0"]
    assert [(row["channel"], row["peak"], row["peak_units"]) for row in rows][1:] == [
        ("c1", "7.0", "count"),
        ("c0", "-0.0001", "V"),
    ]
    assert (rows[0]["duration"], rows[0]["peak_time"]) == ("0.02", "0.51")


def test_events_of_an_array_name_the_channel_that_each_is_greatest_on() -> None:
    text = measured_events_table([train("grid", [0.1, 0.2], at=("c1", "c0"))], recording(Unit.VOLT, Unit.COUNT))
    assert [(row["channel"], row["peak_units"]) for row in rows_of(text)] == [("c1", "count"), ("c0", "V")]


def test_nothing_found_is_a_table_without_rows() -> None:
    assert measured_events_table([train("c0", [])], recording(Unit.VOLT)) == "\t".join(COLUMNS) + "\n"


@given(st.lists(st.floats(0, 1e5), max_size=20))
def test_times_come_back_to_the_nanosecond(starts_s: list[float]) -> None:
    rows = rows_of(measured_events_table([train("c0", sorted(starts_s))], recording(Unit.VOLT)))
    assert [float(row["onset"]) for row in rows] == pytest.approx(sorted(starts_s), abs=1e-9)


def test_every_column_and_kind_is_explained() -> None:
    explained = measured_events_sidecar(["bids:source:sub-01/emg/x_emg.edf"])
    assert set(COLUMNS) <= set(explained)
    assert set(explained["trial_type"]["Levels"]) == {kind.value for kind in EventKind}  # type: ignore[index]


def test_a_table_is_written_whole_and_read_by_pandas_and_mne_bids(tmp_path: Path) -> None:
    file = tmp_path / "sub-01_task-rest_events.tsv"
    file.write_text("old")
    write_events(file, [train("c0", [0.5, 2.0], unit=np.array([0, 2]))], recording(Unit.VOLT))
    assert list(tmp_path.iterdir()) == [file]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mne_bids  # noqa: PLC0415
        import pandas as pd  # noqa: PLC0415

    table = pd.read_csv(file, sep="\t", na_values="n/a")
    assert list(table.columns) == list(COLUMNS)
    assert table["onset"].tolist() == [0.5, 2.0]
    assert np.isnan(table["unit"][0])
    found = mne_bids.events_file_to_annotation_kwargs(file)
    assert found["onset"] == pytest.approx([0.5, 2.0])
    assert list(found["description"]) == ["fasciculation_potential"] * 2


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError, match="table of events must be in a place that can be written"):
        write_events(tmp_path / "none" / "events.tsv", [], recording(Unit.VOLT))


def test_a_name_that_would_break_the_table_is_refused(tmp_path: Path) -> None:
    odd = Channel(name="a\tb", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=10)
    made = Recording(name="x", format="array", channels=(odd,), source=ArraySource([np.zeros(10)]))
    with pytest.raises(OutOfRangeError, match="without control characters"):
        write_events(tmp_path / "events.tsv", [train("a\tb", [0.1])], made)
    assert list(tmp_path.iterdir()) == []
