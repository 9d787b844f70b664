"""Measured and reviewed recordings as a BIDS data set: what was found, and what a person said of it."""

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twitchwise.examine import ExaminedRecording
from twitchwise.examine.archive import contents_of, write_archive
from twitchwise.examine.as_bids import write_examined_as_bids, write_reviewed_as_bids
from twitchwise.examine.review import Review, Verdict
from twitchwise.measure import RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, OutOfRangeError, Side, Unit

LONG_NAME = "tibialis anterior, proximal part"


def recording(name: str = "leg.csv", *, kind: ChannelKind = ChannelKind.EMG, unit: Unit = Unit.VOLT) -> Recording:
    rng = np.random.default_rng(0)
    channels = tuple(
        Channel(name=of, kind=kind, unit=unit, sampling_rate_hz=1000.0, n_samples=2000, array="grid")
        for of in (LONG_NAME, "calf")
    )
    samples = ArraySource([rng.normal(0, 1e-5, 2000) for _ in channels])
    return Recording(name=name, format="made", channels=channels, source=samples)


def events() -> EventTrain:
    times_s = np.array([0.5, 1.5])
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="grid",
        at=(LONG_NAME, "calf"),
        start_s=times_s,
        peak_s=times_s + 0.01,
        end_s=times_s + 0.02,
        peak=np.array([1e-4, -1e-4]),
        unit=np.array([1, 0]),
        probability=np.array([0.9, 0.6]),
    )


def examined(of: Recording, *, found: tuple[EventTrain, ...] = (), muscle: str | None = None) -> ExaminedRecording:
    result = RecordingMeasurements(measurements=(), events=found, quality=(), rest={})
    return ExaminedRecording(recording=of, result=result, muscle=muscle, side=None if muscle is None else Side.LEFT)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def test_what_was_found_lies_apart_from_what_was_recorded(tmp_path: Path) -> None:
    said: list[str] = []
    one = examined(recording(), found=(events(),), muscle="tibialis_anterior")
    assert write_examined_as_bids(tmp_path / "set", [one], said.append) == 1
    assert said == []
    recorded = tmp_path / "set/sub-01/emg/sub-01_task-recording_acq-leg"
    found = tmp_path / "set/derivatives/twitchwise/sub-01/emg/sub-01_task-recording_acq-leg"
    assert rows_of(Path(f"{recorded}_events.tsv").read_text(encoding="utf-8")) == []
    rows = rows_of(Path(f"{found}_events.tsv").read_text(encoding="utf-8"))
    assert [(row["channel"], row["unit"], row["probability"]) for row in rows] == [
        ("tibialis anterio", "1", "0.9"),
        ("calf", "n/a", "0.6"),
    ]
    channels = rows_of(Path(f"{recorded}_channels.tsv").read_text(encoding="utf-8"))
    assert [(row["name"], row["target_muscle"], row["side"]) for row in channels] == [
        ("tibialis anterio", "tibialis anterior", "left"),
        ("calf", "tibialis anterior", "left"),
    ]
    assert LONG_NAME in channels[0]["description"]
    explained = json.loads(Path(f"{found}_events.json").read_text(encoding="utf-8"))
    assert explained["Sources"] == ["bids:source:sub-01/emg/sub-01_task-recording_acq-leg_emg.edf"]
    assert set(rows[0]) <= set(explained)


def test_a_review_is_written_with_a_verdict_for_each_event(
    tmp_path: Path, issues_of: Callable[[Path], list[tuple[str, str, str]]]
) -> None:
    review = Review().with_found([events()]).judged({"f1": Verdict.REJECTED, "f2": Verdict.ACCEPTED})
    review = review.with_added(EventKind.JERK, LONG_NAME, 0.25, 2e-5)
    archive = write_reviewed_as_bids(tmp_path, recording(), review.events)
    assert list(tmp_path.iterdir()) == [archive]
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "out")
    found = tmp_path / "out/bids/derivatives/twitchwise/sub-01/emg/sub-01_task-recording_acq-leg_events"
    rows = rows_of(found.with_suffix(".tsv").read_text(encoding="utf-8"))
    assert [(row["onset"], row["trial_type"], row["channel"], row["origin"], row["verdict"]) for row in rows] == [
        ("0.25", "jerk", "tibialis anterio", "added", "open"),
        ("0.5", "fasciculation_potential", "tibialis anterio", "found", "rejected"),
        ("1.5", "fasciculation_potential", "calf", "found", "accepted"),
    ]
    assert {row["peak_units"] for row in rows} == {"V"}
    explained = json.loads(found.with_suffix(".json").read_text(encoding="utf-8"))
    for column in ("origin", "verdict"):
        assert {row[column] for row in rows} <= set(explained[column]["Levels"])
    assert [issue for issue in issues_of(tmp_path / "out/bids") if issue[0] == "error"] == []


def test_a_film_is_left_out_and_leaves_nothing_behind(tmp_path: Path) -> None:
    film = recording("hand.mp4", kind=ChannelKind.DISPLACEMENT, unit=Unit.PIXEL)
    said: list[str] = []
    assert write_examined_as_bids(tmp_path / "set", [examined(film)], said.append) == 0
    (sentence,) = said
    assert sentence.startswith("Left out of the BIDS data set: the recording hand.mp4. BIDS has no place for a film")
    with pytest.raises(OutOfRangeError, match="no place for a film"):
        write_reviewed_as_bids(tmp_path, film, ())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_holds_files_and_bytes_and_is_the_same_each_time(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "b.txt").write_bytes(b"file" * 1000)
    (folder / "a.txt").write_bytes(b"")
    for name in ("1.zip", "2.zip"):
        write_archive(tmp_path / name, [("text", b"bytes"), *contents_of(folder, "top")])
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as packed:
        assert packed.namelist() == ["text", "top/a.txt", "top/inner/b.txt"]
        assert packed.read("top/inner/b.txt") == b"file" * 1000
        assert packed.testzip() is None
