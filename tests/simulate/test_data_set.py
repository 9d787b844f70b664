"""A data set of people who differ: labeled, the same for a seed, valid for others, and whole however it breaks off."""

import csv
import importlib
import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.knowledge import library
from twitchwise.simulate import (
    Apparatus,
    Between,
    BipolarPair,
    ConcentricNeedle,
    DataSet,
    Grid,
    People,
    Setting,
    simulate_condition,
    simulate_data_set,
)
from twitchwise.simulate.batch import Batch
from twitchwise.simulate.people import ANYONE, drawn
from twitchwise.simulate.person import _reference
from twitchwise.simulate.pickup import Electrodes
from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError

CONDITION = "essential_tremor"
FEW = Apparatus(n_units=8)
SECONDS = 2.0
IssuesOf = Callable[[Path], list[tuple[str, str, str]]]
STEM = "sub-{0}/emg/sub-{0}_task-posture"
UNUSED_HED = ("warning", "JSON_KEY_RECOMMENDED", "HEDVersion")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return a data set of three people."""
    folder = tmp_path_factory.mktemp("made") / "set"
    return simulate_data_set(CONDITION, folder, n_subjects=3, seed=4, duration_s=SECONDS, apparatus=FEW)


def _emg(folder: Path, label: str) -> "np.typing.NDArray[np.float64]":
    return read_recording(folder / f"{STEM.format(label)}_emg.edf").read("EMG")


def _truth(folder: Path, label: str) -> dict[str, Any]:
    file = folder / "derivatives/truth" / f"{STEM.format(label)}_events.json"
    truth: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["Truth"]
    return truth


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t"))


def test_a_data_set_names_its_people_its_files_and_its_events(made: DataSet) -> None:
    assert [(one.label, one.seed) for one in made.subjects] == [("001", 4), ("002", 5), ("003", 6)]
    assert made.n_before == 0
    assert all(file.is_file() for file in made.files)
    assert len(set(made.files)) == len(made.files)
    assert made.setting == Setting(condition=CONDITION)
    assert {"units_and_axon", "discharges", "templates", "truth", "emg", "force_and_motion", "files"} == set(
        made.seconds
    )
    for one in made.subjects:
        assert one.n_discharges > 0
        assert one.events["tremor_burst"] > 0
        notes = read_recording(made.folder / f"{STEM.format(one.label)}_emg.edf").annotations
        assert len(notes) == sum(one.events.values())


def test_people_differ(made: DataSet) -> None:
    emg = [_emg(made.folder, one.label) for one in made.subjects]
    assert np.abs(np.corrcoef(emg) - np.eye(3)).max() < 0.5
    truths = [_truth(made.folder, one.label) for one in made.subjects]
    for name in ("tremor_frequency", "joint_inertia", "fat_thickness"):
        assert len({truth["parameters"][name] for truth in truths}) == 3
    assert len({tuple(truth["motor_units"]["peak_force_n"]) for truth in truths}) == 3


def test_a_data_set_can_be_made_again_whoever_else_is_in_it(made: DataSet, tmp_path: Path) -> None:
    again = simulate_data_set(CONDITION, tmp_path / "again", n_subjects=2, seed=5, duration_s=SECONDS, apparatus=FEW)
    for mine, theirs in zip(again.subjects, made.subjects[1:], strict=True):
        assert (mine.seed, mine.n_discharges, mine.events) == (theirs.seed, theirs.n_discharges, theirs.events)
        one, other = _emg(again.folder, mine.label), _emg(made.folder, theirs.label)
        assert one == pytest.approx(other, abs=1e-3 * np.ptp(other))
        assert _truth(again.folder, mine.label)["seed"] == theirs.seed


def test_the_public_validator_accepts_it(issues_of: IssuesOf, made: DataSet) -> None:
    assert issues_of(made.folder) == [UNUSED_HED]
    assert [issue for issue in issues_of(made.folder / "derivatives/truth") if issue[0] == "error"] == []


def test_mne_bids_reads_it_with_its_events_and_discharges(made: DataSet) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mne_bids = importlib.import_module("mne_bids")
        place = {"subject": "002", "task": "posture", "datatype": "emg"}
        path = mne_bids.BIDSPath(root=made.folder, suffix="emg", extension=".edf", **place)
        raw = mne_bids.read_raw_bids(path, verbose="ERROR")
        raw.load_data()
        truth = mne_bids.BIDSPath(root=made.folder / "derivatives/truth", suffix="events", extension=".tsv", **place)
        discharges = mne_bids.events_file_to_annotation_kwargs(truth.fpath)
    assert raw.info["sfreq"] == 2048.0
    assert raw.get_data(picks=["EMG"])[0] == pytest.approx(_emg(made.folder, "002"))
    second = made.subjects[1]
    assert len(raw.annotations) == sum(second.events.values())
    assert len(discharges["onset"]) == second.n_discharges


def test_what_was_written_before_it_broke_off_stays_a_valid_data_set(issues_of: IssuesOf, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == 3
        if done == 2:
            raise StopError

    folder = tmp_path / "set"
    with pytest.raises(StopError):
        simulate_data_set(CONDITION, folder, n_subjects=3, duration_s=SECONDS, apparatus=FEW, progress=stop)
    assert sorted(path.name for path in folder.glob("sub-*")) == ["sub-001", "sub-002"]
    assert issues_of(folder) == [UNUSED_HED]
    assert (folder / "participants.tsv").read_text(encoding="utf-8").count("\n") == 3


def test_progress_counts_the_people(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    simulate_data_set(
        "healthy", tmp_path / "set", n_subjects=2, duration_s=0.5, apparatus=FEW, progress=lambda *one: told.append(one)
    )
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("electrodes", "n_emg", "reference"),
    [
        (None, 1, "Bipolar"),
        (Grid(rows=2, columns=2, spacing_m=0.01), 4, "a distant electrode"),
        (ConcentricNeedle(depth_m=0.01), 1, "the shaft of the needle"),
    ],
)
def test_any_electrodes_make_a_valid_data_set(
    issues_of: IssuesOf, tmp_path: Path, electrodes: Electrodes | None, n_emg: int, reference: str
) -> None:
    apparatus = Apparatus(n_units=4, electrodes=electrodes, sampling_rate_hz=1000.0)
    done = simulate_data_set("healthy", tmp_path / "set", n_subjects=1, duration_s=0.5, apparatus=apparatus)
    edf = next(file for file in done.files if file.suffix == ".edf")
    about = json.loads(edf.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["EMGChannelCount"] == n_emg
    assert about["EMGReference"] == reference
    assert issues_of(tmp_path / "set") == [UNUSED_HED]


@pytest.mark.parametrize(
    ("electrodes", "reference"),
    [
        (BipolarPair(spacing_m=0.02), "bipolar"),
        (Grid(rows=2, columns=2, spacing_m=0.01, differential=True), "bipolar"),
    ],
)
def test_what_is_a_difference_of_two_is_called_bipolar(electrodes: Electrodes, reference: str) -> None:
    assert _reference(electrodes) == reference


@pytest.mark.parametrize(
    "change",
    [
        {"n_subjects": 0},
        {"seed": -1},
        {"duration_s": 0.0},
        {"duration_s": math.nan},
        {"duration_s": 1e9},
        {"setting": "coffeine"},
        {"setting": Setting(condition="healthy", changes={"nothing": 1.0})},
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(tmp_path: Path, change: dict[str, Any]) -> None:
    asked = {"setting": "healthy", "n_subjects": 1, "duration_s": 1.0, "apparatus": FEW, **change}
    with pytest.raises(OutOfRangeError, match="must"):
        simulate_data_set(asked.pop("setting"), tmp_path / "set", **asked)
    assert not (tmp_path / "set").exists()


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(TwitchwiseError, match="must"):
        simulate_data_set("healthy", tmp_path, n_subjects=1, duration_s=0.5, apparatus=FEW)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_data_set_that_is_there_is_added_to_and_never_overwritten(tmp_path: Path) -> None:
    def add(condition: str, n_subjects: int, seed: int) -> list[tuple[str, int]]:
        done = simulate_data_set(
            condition,
            tmp_path,
            n_subjects=n_subjects,
            seed=seed,
            duration_s=0.25,
            apparatus=Apparatus(n_units=4),
            add=True,
        )
        return [(one.label, one.seed) for one in done.subjects]

    assert add("healthy", 2, 4) == [("001", 4), ("002", 5)]
    before = {file: file.read_bytes() for file in tmp_path.rglob("sub-*") if file.is_file()}
    (tmp_path / "sub-calf").mkdir()
    with (tmp_path / "participants.tsv").open("a", encoding="utf-8") as table:
        table.write(
            "sub-calf\tn/a\tn/a\thealthy\t1.0\t7.0\thand" + 6 * "\tn/a" + "\n"
        )  # as older versions wrote a seed
        table.write("sub-009\tn/a\tn/a\thealthy\t1.0\t6\thand" + 6 * "\tn/a" + "\n")  # of a write that broke off
    # the same call again, and another condition: people with seeds that nobody has
    assert add("healthy", 1, 4) == [("003", 6)]
    assert add("benign_fasciculation_syndrome", 2, 3) == [("004", 3), ("005", 8)]
    assert {file: file.read_bytes() for file in before} == before
    rows = {row["participant_id"]: (row["condition"], row["seed"]) for row in _rows(tmp_path / "participants.tsv")}
    assert rows["sub-003"] == ("healthy", "6")
    assert rows["sub-005"] == ("benign_fasciculation_syndrome", "8")


def test_the_electrodes_of_the_antagonist_have_a_place_of_their_own(made: DataSet) -> None:
    place = made.folder / "sub-001/emg"
    rows = _rows(place / "sub-001_electrodes.tsv")
    assert [(row["name"], row["coordinate_system"], row["group"]) for row in rows] == [
        ("EMG", "muscle", "pair1"),
        ("EMG antagonist", "antagonist", "pair2"),
    ]
    groups = [row["group"] for row in _rows(place / "sub-001_task-posture_channels.tsv")]
    assert groups[:3] == ["pair1", "pair2", "n/a"]
    axes = json.loads((place / "sub-001_space-antagonist_coordsystem.json").read_text(encoding="utf-8"))
    assert "antagonist" in axes["EMGCoordinateSystemDescription"]


@pytest.mark.parametrize(("length_s", "n_hands", "size"), [(30.0, 1, 8), (30.0, 40, 1), (600.0, 1, 1), (8e4, 1, 1)])
def test_people_are_stepped_together_as_fits_hands_and_memory(
    tmp_path: Path, length_s: float, n_hands: int, size: int
) -> None:
    class Taking:
        share_the_disk = True

        def __init__(self) -> None:
            self.n_hands = n_hands

        def submit(self, _: object, batch: Batch, /) -> Any:  # noqa: ANN401 - nothing
            sizes.append(len(batch.labels))
            raise InterruptedError

    sizes: list[int] = []
    options: dict[str, Any] = {"n_subjects": 40, "duration_s": length_s, "apparatus": Apparatus(n_units=4)}
    with pytest.raises(InterruptedError):
        simulate_data_set("benign_fasciculation_syndrome", tmp_path, **options, hands=cast("Any", Taking()))
    assert sizes == [size]


def test_a_person_of_the_one_body_is_the_one_simulation_of_that_seed(tmp_path: Path) -> None:
    made = simulate_data_set(
        CONDITION, tmp_path / "set", n_subjects=1, seed=4, duration_s=SECONDS, apparatus=FEW, people=None
    )
    alone = simulate_condition(CONDITION, duration_s=SECONDS, seed=4, apparatus=FEW)
    truth = _truth(made.folder, "001")
    assert truth["motor_units"]["peak_force_n"] == alone.units.peak_force_n.tolist()
    assert truth["parameters"] == dict(alone.parameters)
    emg = alone.recording.read("EMG")
    assert _emg(made.folder, "001") == pytest.approx(emg, abs=1e-3 * np.ptp(emg))
    row = _rows(made.folder / "participants.tsv")[0]
    assert (row["age"], row["sex"], row["severity"]) == ("n/a", "n/a", "1.0")


def test_participants_and_truth_say_who_each_person_is(made: DataSet) -> None:
    rows = _rows(made.folder / "participants.tsv")
    described = json.loads((made.folder / "participants.json").read_text(encoding="utf-8"))
    for row, one in zip(rows, made.subjects, strict=True):
        truth = _truth(made.folder, one.label)
        traits = drawn(ANYONE, made.setting, one.seed, library())
        assert (int(row["age"]), row["sex"], float(row["severity"])) == (traits.age, traits.sex, traits.severity)
        assert truth["person"]["age"] == traits.age
        assert truth["person"]["height_m"] == pytest.approx(float(row["height"]), abs=1e-3)
        assert float(row["fat_thickness"]) == pytest.approx(1e3 * truth["parameters"]["fat_thickness"], abs=0.01)
        assert int(row["motor_units"]) == round(truth["parameters"]["pool_units"])
        assert truth["asked_for"]["setting"]["condition"] == CONDITION
        assert row["simulation"] == truth["simulation"]
    assert set(rows[0]) == set(described)
    assert described["fat_thickness"]["Units"] == "mm"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., list[int]]:
    """Return what makes short recordings in a folder, and says the seeds of those it made."""

    def made(n_subjects: int, *, condition: str = "healthy", **options: Any) -> list[int]:  # noqa: ANN401 - of a data set
        options = {"duration_s": 0.25, "apparatus": Apparatus(n_units=4), **options}
        return [one.seed for one in simulate_data_set(condition, tmp_path, n_subjects=n_subjects, **options).subjects]

    return made


def _bytes(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("sub-*") if file.is_file()}


def test_what_was_broken_off_goes_on_when_it_is_asked_for_again(make: Callable[..., list[int]], tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done == 2:
            raise StopError

    with pytest.raises(StopError):
        make(4, seed=7, progress=stop)
    before, told = _bytes(tmp_path), list[tuple[int, int]]()
    assert make(4, seed=7, progress=lambda *one: told.append(one)) == [9, 10]
    assert told == [(3, 4), (4, 4)]
    assert {file: file.read_bytes() for file in before} == before
    rows = _rows(tmp_path / "participants.tsv")
    assert [row["seed"] for row in rows] == ["7", "8", "9", "10"]
    assert len({row["simulation"] for row in rows}) == 1


def test_what_is_complete_is_left_alone_and_grows_when_more_are_asked_for(
    make: Callable[..., list[int]], tmp_path: Path
) -> None:
    assert make(2) == [0, 1]
    before = _bytes(tmp_path)
    assert make(2) == make(1) == []
    assert _bytes(tmp_path) == before
    assert make(3) == [2]
    assert make(2, add=True) == [3, 4]
    assert {file: file.read_bytes() for file in before} == before


@pytest.mark.parametrize(
    "other",
    [
        {"condition": "benign_fasciculation_syndrome"},
        {"duration_s": 0.3},
        {"people": People(age=Between(low=70, high=80))},
        {"people": None},
        {"apparatus": Apparatus(n_units=4, sampling_rate_hz=1000.0)},
    ],
)
def test_people_who_were_asked_for_in_other_words_are_others(
    make: Callable[..., list[int]], other: dict[str, Any]
) -> None:
    assert make(2) == [0, 1]
    assert make(2, **other) == [2, 3]
    assert make(2, **other) == make(2) == []
