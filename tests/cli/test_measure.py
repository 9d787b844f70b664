"""Measuring from the command line: one recording or a folder, kept as it goes, interrupted and gone on with."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest

from twitchwise.cli.time_left import TimeLeft
from twitchwise.examine import FolderPlan, MeasuringOrder, PlannedRecording
from twitchwise.vocabulary import Electrode

Run = Callable[..., Any]
NAMES = ("sub-01/emg/sub-01_task-rest_emg.edf", "sub-02/emg/sub-02_task-rest_emg.edf")


def edf(file: Path, seed: int = 0, label: str = "EMG calf") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = np.random.default_rng(seed).normal(0, 5, 15_000)
    edfio.Edf([edfio.EdfSignal(samples, 1000, label=label, physical_dimension="uV")]).write(file)
    return file


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Return a data set of two recordings."""
    for seed, name in enumerate(NAMES):
        edf(tmp_path / "set" / name, seed)
    (tmp_path / "set/dataset_description.json").write_text('{"Name": "x", "BIDSVersion": "1.11.1"}')
    return tmp_path / "set"


def test_events_of_one_recording_are_written_as_a_table(run: Run, tmp_path: Path) -> None:
    file, table = edf(tmp_path / "calf.edf"), tmp_path / "events.tsv"
    done = run("measure", file, "--output", table, "--json")
    assert done.code == 0
    found = json.loads(done.out)["events"]
    rows = list(csv.DictReader(table.read_text().splitlines(), delimiter="\t"))
    assert [float(row["onset"]) for row in rows] == pytest.approx([event["start_s"] for event in found], abs=1e-9)
    assert f"The events are in {table}" in done.err
    assert "calf.edf" in run("measure", file).out


@pytest.mark.parametrize("output", ["events.csv", ".", "none/events.tsv"])
def test_a_place_where_events_cannot_go_is_refused_before_the_work(
    run: Run, tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchwise.cli.measure.examine_as_ordered", pytest.fail)
    done = run("measure", edf(tmp_path / "calf.edf"), "-o", tmp_path / output)
    assert done.code == 2
    assert "output must" in done.err


def test_a_report_and_figures_of_one_recording_are_written(run: Run, tmp_path: Path) -> None:
    page, figures = tmp_path / "out.html", tmp_path / "figures"
    done = run("measure", edf(tmp_path / "calf.edf"), "--report", page, "--figures", figures, "--json")
    assert done.code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [file.name for file in figures.iterdir()] == ["EMG_calf-events.svg"]
    assert f"The report is in {page}" in done.err
    assert f"1 figure in {figures}" in done.err
    assert json.loads(done.out)["support"]["EMG calf"]


@pytest.mark.parametrize(
    ("option", "place"), [("--report", "out.txt"), ("--report", "none/out.html"), ("--figures", "calf.edf")]
)
def test_a_place_where_pages_cannot_go_is_refused_before_the_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    monkeypatch.setattr("twitchwise.cli.measure.examine_as_ordered", pytest.fail)
    done = run("measure", edf(tmp_path / "calf.edf"), option, tmp_path / place)
    assert done.code == 2
    assert " must " in done.err


@pytest.mark.parametrize("option", ["--report", "--figures"])
def test_pages_are_of_one_recording_not_of_a_folder(run: Run, data_set: Path, tmp_path: Path, option: str) -> None:
    done = run("measure", data_set, option, tmp_path / "out")
    assert done.code == 2
    assert "must be of one recording, got the folder" in done.err


def test_published_ranges_of_the_named_muscle_are_in_the_json(run: Run, tmp_path: Path) -> None:
    file = edf(tmp_path / "calf.edf")
    given = json.loads(run("measure", file, "--muscle", "first_dorsal_interosseous", "--json").out)["published_ranges"]
    assert {one["quantity"] for one in given} == {"fasciculation_rate"}
    assert all("A rate alone never tells a diagnosis." in one["caveat"] for one in given)
    assert json.loads(run("measure", file, "--json").out)["published_ranges"] == []


@pytest.mark.parametrize(
    ("arguments", "order"),
    [
        ((), MeasuringOrder()),
        (("--electrode", "needle"), MeasuringOrder(electrode=Electrode.NEEDLE)),
        (
            ("--electrode", "surface", "--muscle", "soleus"),
            MeasuringOrder(electrode=Electrode.SURFACE, muscle="soleus"),
        ),
        (("--muscle", "Tibialis anterior"), MeasuringOrder(muscle="tibialis_anterior")),
        (
            ("--discharges", "--sampling-rate", "500", "--unit", "mV"),
            MeasuringOrder(discharges=True, sampling_rate_hz=500, unit="mV"),
        ),
    ],
)
def test_options_reach_the_measuring(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], order: MeasuringOrder
) -> None:
    seen: list[MeasuringOrder] = []

    def note(_file: Path, order: MeasuringOrder, _progress: object) -> None:
        seen.append(order)
        raise KeyboardInterrupt

    monkeypatch.setattr("twitchwise.cli.measure.examine_as_ordered", note)
    assert run("measure", tmp_path / "calf.edf", *arguments).code == 130
    assert seen == [order]


@pytest.mark.parametrize("arguments", [("--electrode", "unknown"), ("--muscle", "wing")])
def test_words_that_mean_nothing_are_refused(run: Run, tmp_path: Path, arguments: tuple[str, str]) -> None:
    done = run("measure", edf(tmp_path / "calf.edf"), *arguments)
    assert done.code == 2
    assert arguments[1] in done.err


def test_a_data_set_is_measured_kept_and_not_measured_again(run: Run, data_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run("measure", data_set, "-o", out)
    assert first.code == 0
    lines = first.err.splitlines()
    assert lines[0].startswith(f"[1 of 2] {NAMES[0]}: ")
    assert lines[0].endswith(" left")
    assert lines[1].startswith(f"[2 of 2] {NAMES[1]}: ")
    assert "left" not in lines[1]
    assert "set: 2 measured" in first.out
    stored = json.loads((out / "sub-02/emg/sub-02_task-rest_measurements.json").read_text())
    alone = json.loads(run("measure", data_set / NAMES[1], "--json").out)
    assert {name: stored[name] for name in alone} == alone
    again = run("measure", data_set, "-o", out, "--json")
    assert again.err.count("kept from an earlier run") == 2
    rows = json.loads(again.out)["recordings"]
    assert [row["state"] for row in rows] == ["kept", "kept"]
    assert all(Path(file).is_file() for row in rows for file in row["files"])
    forced = run("measure", data_set, "-o", out, "--json", "--force")
    assert [row["state"] for row in json.loads(forced.out)["recordings"]] == ["measured", "measured"]


def test_a_folder_without_output_is_measured_and_shown(run: Run, data_set: Path) -> None:
    done = run("measure", data_set, "--json")
    result = json.loads(done.out)
    assert (result["output"], result["complete"]) == (None, True)
    assert [row["result"]["recording"]["name"] for row in result["recordings"]] == [Path(name).name for name in NAMES]


def test_one_broken_recording_gets_a_sentence_and_the_others_go_on(run: Run, data_set: Path) -> None:
    (data_set / NAMES[0]).write_bytes(b"broken")
    done = run("measure", data_set)
    assert done.code == 0
    assert f"[1 of 2] {NAMES[0]}: not measured: {NAMES[0]!r} must begin like EDF" in done.err
    assert "set: 1 measured, 1 not measured" in done.out


def test_a_folder_without_one_recording_to_measure_is_refused_after_the_table(run: Run, data_set: Path) -> None:
    for name in NAMES:
        edf(data_set / name, label="ECG")
    done = run("measure", data_set, "--json")
    assert done.code == 2
    assert [row["state"] for row in json.loads(done.out)["recordings"]] == ["refused", "refused"]
    assert "must be fit to be measured, but none of its 2 is" in done.err


def test_a_folder_of_nothing_and_a_taken_output_are_refused(run: Run, data_set: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert "must hold recordings" in run("measure", tmp_path / "none").err
    done = run("measure", data_set, "-o", data_set)
    assert done.code == 2
    assert "output must be a new or empty folder" in done.err
    assert "output must be a folder for the results" in run("measure", data_set, "-o", tmp_path / "events.tsv").err


def test_names_of_files_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    edf(tmp_path / "in" / "calf \x1b[31m.edf")
    done = run("measure", tmp_path / "in")
    assert "calf [31m.edf" in done.err
    assert "\x1b" not in done.err + done.out


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Press Ctrl-C in the second recording."""
    measure, calls = FolderPlan.measure, iter(range(10))

    def press(plan: FolderPlan, planned: PlannedRecording, *rest: Any) -> Any:  # noqa: ANN401 - as of `measure`
        if next(calls) == 1:
            raise KeyboardInterrupt
        return measure(plan, planned, *rest)

    monkeypatch.setattr(FolderPlan, "measure", press)
    yield
    monkeypatch.undo()


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(run: Run, data_set: Path, tmp_path: Path) -> None:
    done = run("measure", data_set, "-o", tmp_path / "out", "--json")
    assert done.code == 130
    result = json.loads(done.out)
    assert (result["complete"], [row["name"] for row in result["recordings"]]) == (False, [NAMES[0]])
    assert "1 of 2 recordings are done and kept in" in done.err
    assert [path for path in (tmp_path / "out").rglob("*") if path.name.endswith(".part")] == []
    on = json.loads(run("measure", data_set, "-o", tmp_path / "out", "--json").out)
    assert [row["state"] for row in on["recordings"]] == ["kept", "measured"]


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_without_output_shows_what_is_done(run: Run, data_set: Path) -> None:
    done = run("measure", data_set)
    assert done.code == 130
    assert "set: 1 measured, then interrupted" in done.out
    assert "with --output they would be kept" in done.err


def test_a_person_sees_how_far_a_recording_is(run: Run, data_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    shares: list[float] = []
    measure = FolderPlan.measure

    def tell(plan: FolderPlan, planned: PlannedRecording, as_json: Any, progress: Any) -> Any:  # noqa: ANN401 - as of `measure`
        progress(0.5)
        shares.append(0.5)
        return measure(plan, planned, as_json, progress)

    monkeypatch.setattr(FolderPlan, "measure", tell)
    assert run("measure", data_set).code == 0
    assert shares == [0.5, 0.5]


@pytest.mark.parametrize(
    ("elapsed_s", "words"),
    [
        (10.0, "; about 30 s left"),
        (0.001, "; about 1 s left"),
        (100.0, "; about 5 min left"),
        (6000.0, "; about 5.0 h left"),
    ],
)
def test_the_time_left_follows_the_bytes_that_are_left(elapsed_s: float, words: str) -> None:
    times = iter((0.0, elapsed_s))
    left = TimeLeft(405, lambda: next(times))
    left.leave_out(5)
    assert left.in_words() == ""
    left.count(100)
    assert left.in_words() == words


def test_the_time_left_counts_what_is_done_of_the_recording_under_way() -> None:
    times = iter((0.0, 10.0))
    left = TimeLeft(400, lambda: next(times))
    assert left.in_words(100) == "; about 30 s left"
    assert left.in_words(400) == ""
