"""A folder is measured one recording after the other; what is done is kept, and done again only when it must be."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import edfio
import numpy as np
import pytest

from twitchwise.examine import ExaminedRecording, FolderPlan, MeasuringOrder, examine_recording, plan_folder
from twitchwise.examine.measuring import MeasuredRecording, State
from twitchwise.formats import read_recording
from twitchwise.formats.bids.derivative import Derivative, Result
from twitchwise.measure import RecordingMeasurements
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import (
    Electrode,
    EventKind,
    KnowledgeError,
    OutOfRangeError,
    UnreadableRecordingError,
    UnwritableFileError,
)

BIDS = (
    "sub-01/emg/sub-01_task-rest_emg.edf",
    "sub-01/emg/sub-01_task-walk_emg.edf",
    "sub-02/emg/sub-02_task-rest_emg.edf",
)


def edf(file: Path, seed: int = 0, seconds: int = 12) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = np.random.default_rng(seed).normal(0, 5, 1000 * seconds)
    edfio.Edf([edfio.EdfSignal(samples, 1000, label="EMG calf", physical_dimension="uV")]).write(file)
    return file


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Return a data set of three recordings."""
    folder = tmp_path / "set"
    for name in BIDS:
        edf(folder / name)
    (folder / "dataset_description.json").write_text('{"Name": "x", "BIDSVersion": "1.11.1"}')
    return folder


@dataclass
class Measured:
    """Stands in for the measuring, which takes longer than these tests should, and notes what it was asked."""

    names: list[str] = field(default_factory=list)
    discharges: list[bool] = field(default_factory=list)

    def __call__(
        self,
        recording: object,
        *,
        discharges: bool = False,
        progress: Callable[[float], None] | None = None,
        **_said: object,
    ) -> RecordingMeasurements:
        self.names.append(recording.name)  # type: ignore[attr-defined]
        self.discharges.append(discharges)
        if progress is not None:
            progress(0.5)
        times = np.array([1.0])
        train = EventTrain(
            kind=EventKind.FASCICULATION_POTENTIAL,
            channel="EMG calf",
            start_s=times,
            peak_s=times,
            end_s=times,
            peak=times,
        )
        return RecordingMeasurements(measurements=(), events=(train,), quality=(), rest={}, summary="done")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Measured:
    """Replace the measuring."""
    stand_in = Measured()
    monkeypatch.setattr("twitchwise.measure.measure_recording", stand_in)
    return stand_in


def as_json(examined: ExaminedRecording) -> dict[str, object]:
    return {"summary": examined.result.summary, "muscle": examined.muscle}


def run(plan: FolderPlan) -> list[MeasuredRecording]:
    return [plan.measure(planned, as_json) for planned in plan.recordings]


def states(done: list[MeasuredRecording]) -> list[State]:
    return [one.state for one in done]


def test_every_recording_is_measured_in_turn(data_set: Path, measured: Measured) -> None:
    done = run(plan_folder(data_set, MeasuringOrder()))
    assert [one.planned.name for one in done] == list(BIDS)
    assert measured.names == [Path(name).name for name in BIDS]
    assert [one.measured for one in done] == [{"summary": "done", "muscle": None}] * 3
    assert all(one.files == () and one.seconds > 0 for one in done)


@pytest.mark.usefixtures("measured")
def test_results_lie_like_the_recordings(data_set: Path, tmp_path: Path) -> None:
    plan = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out")
    files = [file.relative_to(tmp_path / "out").as_posix() for one in run(plan) for file in one.files]
    assert files[:3] == [
        "sub-01/emg/sub-01_task-rest_events.tsv",
        "sub-01/emg/sub-01_task-rest_events.json",
        "sub-01/emg/sub-01_task-rest_measurements.json",
    ]
    assert len(files) == len(set(files)) == 9
    table = (tmp_path / "out/sub-02/emg/sub-02_task-rest_events.tsv").read_text().splitlines()
    assert table[1].startswith("1.0\t0.0\tfasciculation_potential\tEMG calf")
    explained = (tmp_path / "out/sub-02/emg/sub-02_task-rest_events.json").read_text()
    assert "bids:source:sub-02/emg/sub-02_task-rest_emg.edf" in explained


def test_a_second_run_does_only_what_an_interrupted_one_left(
    data_set: Path, tmp_path: Path, measured: Measured
) -> None:
    first = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out")
    first.measure(first.recordings[0], as_json)
    again = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out")
    done = run(again)
    assert states(done) == [State.KEPT, State.MEASURED, State.MEASURED]
    assert len(measured.names) == 3
    assert done[0].measured is not None
    assert done[0].measured["summary"] == "done"
    assert len(done[0].files) == 3


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("interrupted_after", [0, 1, 2, 3])
def test_interrupted_runs_end_with_the_same_files_as_one_that_was_not(
    data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupted_after: int
) -> None:
    run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "whole"))
    write, left = Derivative.put, iter(range(interrupted_after))

    def interrupt(self: Derivative, place: str, result: Result) -> tuple[Path, ...]:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return write(self, place, result)

    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(Derivative, "put", interrupt)
        run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "parts"))
    assert len(list((tmp_path / "parts").rglob("*_measurements.json"))) == interrupted_after
    run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "parts"))
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


def _touch(data_set: Path) -> None:
    os.utime(data_set / BIDS[0], (1, 1))


def _inherit(data_set: Path) -> None:
    (data_set / "task-rest_emg.json").write_text("{}")


@pytest.mark.parametrize(
    ("change", "order", "again"),
    [
        (lambda _: None, MeasuringOrder(), []),
        (_touch, MeasuringOrder(), [BIDS[0]]),
        (lambda data_set: edf(data_set / BIDS[1], seconds=13), MeasuringOrder(), [BIDS[1]]),
        (_inherit, MeasuringOrder(), [BIDS[0], BIDS[2]]),
        (lambda _: None, MeasuringOrder(discharges=True), list(BIDS)),
        (lambda _: None, MeasuringOrder(muscle="soleus"), list(BIDS)),
        (lambda _: None, MeasuringOrder(electrode=Electrode.SURFACE), list(BIDS)),
    ],
)
def test_what_would_come_out_otherwise_is_measured_again(
    data_set: Path,
    tmp_path: Path,
    measured: Measured,
    change: Callable[[Path], object],
    order: MeasuringOrder,
    again: list[str],
) -> None:
    run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out"))
    change(data_set)
    measured.names.clear()
    run(plan_folder(data_set, order, output=tmp_path / "out"))
    assert measured.names == [Path(name).name for name in again]


@pytest.mark.usefixtures("measured")
def test_another_version_of_the_program_measures_again(
    data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out"))
    monkeypatch.setattr("twitchwise.examine.measuring.version", lambda _: "9.9")
    assert State.KEPT not in states(run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out")))


@pytest.mark.usefixtures("measured")
def test_force_measures_everything_again(data_set: Path, tmp_path: Path) -> None:
    run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out"))
    plan = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out", force=True)
    assert states(run(plan)) == [State.MEASURED] * 3


@pytest.mark.usefixtures("measured")
def test_a_data_set_that_was_moved_keeps_its_results(data_set: Path, tmp_path: Path) -> None:
    run(plan_folder(data_set, MeasuringOrder(), output=data_set / "derivatives/twitchwise"))
    moved = data_set.rename(tmp_path / "moved")
    plan = plan_folder(moved, MeasuringOrder(), output=moved / "derivatives/twitchwise")
    assert states(run(plan)) == [State.KEPT] * 3


@pytest.mark.usefixtures("measured")
def test_a_part_of_a_data_set_has_its_results_where_the_whole_has_them(data_set: Path, tmp_path: Path) -> None:
    part = plan_folder(data_set / "sub-02", MeasuringOrder(), output=tmp_path / "out")
    assert [one.name for one in part.recordings] == [BIDS[2]]
    run(part)
    whole = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out")
    assert [one.is_kept for one in whole.recordings] == [False, False, True]


@pytest.mark.usefixtures("measured")
def test_a_recording_that_is_broken_does_not_stop_the_others(data_set: Path, tmp_path: Path) -> None:
    (data_set / BIDS[1]).write_bytes(b"no recording")
    (data_set / "sub-01/emg/sub-01_task-away_emg.edf").symlink_to("../content/that/was/not/fetched")
    done = run(plan_folder(data_set, MeasuringOrder(), output=tmp_path / "out"))
    assert states(done) == [State.REFUSED, State.MEASURED, State.REFUSED, State.MEASURED]
    assert "must be a file that exists, got 'sub-01/emg/sub-01_task-away_emg.edf'" in done[0].refusal
    assert done[2].refusal.startswith("'sub-01/emg/sub-01_task-walk_emg.edf' must begin like EDF")
    assert done[2].files == ()
    assert not (tmp_path / "out/sub-01/emg/sub-01_task-walk_events.tsv").exists()


def test_a_fault_of_this_program_in_one_recording_does_not_cost_the_others(
    data_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_fault(*_: object, **__: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("twitchwise.measure.measure_recording", at_fault)
    done = run(plan_folder(data_set, MeasuringOrder()))
    assert states(done) == [State.REFUSED] * 3
    assert done[0].refusal == (
        "measuring must not fail, but it did: IndexError: list index out of range; please report this."
    )


def test_a_fault_of_the_knowledge_files_stops_the_run(data_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KnowledgeError("x.yaml", 1, "value", "must be a number")

    monkeypatch.setattr("twitchwise.measure.measure_recording", broken)
    plan = plan_folder(data_set, MeasuringOrder())
    with pytest.raises(KnowledgeError):
        run(plan)


@pytest.mark.usefixtures("measured")
def test_recordings_that_differ_by_their_ending_alone_have_results_apart(tmp_path: Path) -> None:
    for suffix in (".edf", ".bdf"):
        edf(tmp_path / f"in/sub-01_task-x_emg{suffix}")
    plan = plan_folder(tmp_path / "in", MeasuringOrder(), output=tmp_path / "out")
    assert [one.place for one in plan.recordings] == ["sub-01_task-x", "sub-01_task-x_emg.edf"]


def test_progress_and_options_reach_the_measuring(data_set: Path, measured: Measured) -> None:
    plan = plan_folder(data_set, MeasuringOrder(discharges=True, muscle="soleus"))
    shares: list[float] = []
    done = plan.measure(plan.recordings[0], as_json, shares.append)
    assert (shares, measured.discharges) == ([0.5], [True])
    assert done.measured == {"summary": "done", "muscle": "soleus"}
    assert examine_recording(data_set / BIDS[0], discharges=False, muscle="soleus").muscle == "soleus"
    assert measured.discharges == [True, False]


def test_a_muscle_that_is_not_known_is_refused_before_anything_is_measured() -> None:
    with pytest.raises(OutOfRangeError, match=r"muscle must be one of .*soleus.*, got 'wing'"):
        MeasuringOrder(muscle="wing")


def test_what_the_file_says_of_its_electrode_is_not_overruled(data_set: Path) -> None:
    (data_set / "electrodes.tsv").write_text("name\ttype\nEMG calf\tsurface\n")
    with pytest.raises(UnreadableRecordingError, match="must be the surface one of the file, got 'needle'"):
        examine_recording(data_set / BIDS[0], electrode=Electrode.NEEDLE)


def test_a_folder_without_recordings_or_a_place_for_results_is_refused(data_set: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(UnreadableRecordingError, match=r"must hold recordings, got '.*none' without any"):
        plan_folder(tmp_path / "none", MeasuringOrder())
    for taken in (data_set, tmp_path):
        with pytest.raises(UnwritableFileError, match="must be a new or empty folder"):
            plan_folder(data_set, MeasuringOrder(), output=taken)


def test_what_is_stored_is_what_was_measured(tmp_path: Path) -> None:
    file = edf(tmp_path / "in/calf.edf", seconds=20)
    plan = plan_folder(tmp_path / "in", MeasuringOrder(), output=tmp_path / "out")
    (done,) = run(plan)
    assert done.measured == as_json(examine_recording(file))
    assert (tmp_path / "out/calf.edf_events.tsv").is_file()
    assert read_recording(file).duration_s == 20
