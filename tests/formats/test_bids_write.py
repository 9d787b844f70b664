"""Writing EMG-BIDS: a data set grows by whole recordings, refuses what it cannot hold, and is read back as written."""

import csv
import json
import string
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.bids import BidsDataset, BidsSubject, DischargeTable, EmgSetup, build_recording
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, OutOfRangeError, Side, Unit, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray

EMG_HZ, SENSOR_HZ = 1000.0, 250.0
SENSORS = (
    ("Force", ChannelKind.FORCE, Unit.NEWTON, EMG_HZ),
    ("ACC x", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, SENSOR_HZ),
    ("GYR x", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND, SENSOR_HZ),
)


def _channel(name: str, kind: ChannelKind, unit: Unit, rate_hz: float, duration_s: float, **fields: Any) -> Channel:  # noqa: ANN401 - any field of a channel
    n_samples = round(duration_s * rate_hz)
    return Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=rate_hz, n_samples=n_samples, **fields)


def _recording(n_emg: int = 2, *, seed: int = 0, duration_s: float = 2.0, placed: bool = True) -> Recording:
    emg = [
        _channel(
            f"EMG{number}",
            ChannelKind.EMG,
            Unit.VOLT,
            EMG_HZ,
            duration_s,
            electrode=Electrode.SURFACE,
            site="soleus",
            side=Side.LEFT,
            position_m=(0.008 * number, 0.0, 0.0) if placed else None,
        )
        for number in range(n_emg)
    ]
    channels = (*emg, *(_channel(*sensor, duration_s) for sensor in SENSORS))
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(0, 1e-4, channel.n_samples) for channel in channels]
    notes = (Annotation(start_s=0.5, duration_s=0.25, text="cough"),)
    return Recording(name="made", format="array", channels=channels, source=ArraySource(arrays), annotations=notes)


def _events(channel: str = "EMG0") -> EventTrain:
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel=channel,
        start_s=np.array([0.1, 0.7]),
        peak_s=np.array([0.11, 0.72]),
        end_s=np.array([0.15, 0.75]),
        peak=np.array([1e-4, -2e-4]),
    )


def _discharges(**changes: Any) -> DischargeTable:  # noqa: ANN401 - any field of the table
    fields: dict[str, Any] = {
        "time_s": np.array([0.09, 0.0900005, 0.7]),
        "motor_unit": np.array([4, 0, 4]),
        "kind": np.array([1, 0, 1]),
        "kinds": ("voluntary", "fasciculation"),
        "pool": np.array([0, 1, 0]),
        "pools": ("soleus", "tibialis_anterior"),
    }
    return DischargeTable(**fields | changes)


def _subject(label: str = "001", **changes: Any) -> BidsSubject:  # noqa: ANN401 - any field of a subject
    fields: dict[str, Any] = {"recording": _recording(), "task": "rest", "participant": {"condition": "healthy"}}
    return BidsSubject(label=label, **fields | changes)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def data_set(tmp_path: Path) -> BidsDataset:
    return BidsDataset.create(tmp_path / "set", name="A set")


@pytest.fixture
def broken() -> Recording:
    """Return a recording whose samples cannot be read a second time."""

    class Broken:
        def __init__(self) -> None:
            self.n_reads = 0

        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            del channel
            self.n_reads += 1
            if self.n_reads > 1:
                raise KeyboardInterrupt
            return np.zeros(stop - start)

    channel = _channel("EMG0", ChannelKind.EMG, Unit.VOLT, EMG_HZ, 1.0)
    return Recording(name="broken", format="made", channels=(channel,), source=Broken())


@given(
    label=st.text(string.ascii_letters + string.digits, min_size=1, max_size=12),
    task=st.text(string.ascii_letters + string.digits, min_size=1, max_size=12),
    n_emg=st.integers(1, 9),
    placed=st.sampled_from([{"placed": True}, {"placed": False}]),
    seed=st.integers(0, 99),
)
def test_a_recording_is_read_back_with_what_the_tables_say(
    tmp_path_factory: pytest.TempPathFactory, label: str, task: str, n_emg: int, placed: dict[str, bool], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("set")
    recording = _recording(n_emg, seed=seed, duration_s=1.0, **placed)
    files = BidsDataset.create(folder, name="Any").add(_subject(label, recording=recording, task=task))
    (edf,) = (path for path in files if path.suffix == ".edf")
    assert edf == folder / f"sub-{label}/emg/sub-{label}_task-{task}_emg.edf"
    back = read_recording(edf)
    assert back.warnings == ()
    for mine, theirs in zip(recording.channels, back.channels, strict=True):
        assert (theirs.name, theirs.kind, theirs.unit, theirs.sampling_rate_hz, theirs.n_samples, theirs.electrode) == (
            (mine.name, mine.kind, mine.unit, mine.sampling_rate_hz, mine.n_samples, mine.electrode)
        )
        assert theirs.site == mine.site
        error = np.abs(back.read(mine.name) - recording.read(mine.name)).max()
        assert error <= (theirs.resolution or 0.0)


def test_every_file_has_its_place(data_set: BidsDataset) -> None:
    files = data_set.add(_subject(discharges=_discharges()))
    subject = {
        "sub-001/emg/sub-001_task-rest_emg.edf",
        "sub-001/emg/sub-001_task-rest_emg.json",
        "sub-001/emg/sub-001_task-rest_channels.tsv",
        "sub-001/emg/sub-001_task-rest_channels.json",
        "sub-001/emg/sub-001_task-rest_events.tsv",
        "sub-001/emg/sub-001_task-rest_events.json",
        "sub-001/emg/sub-001_electrodes.tsv",
        "sub-001/emg/sub-001_space-muscle_coordsystem.json",
        "derivatives/truth/sub-001/emg/sub-001_task-rest_events.tsv",
        "derivatives/truth/sub-001/emg/sub-001_task-rest_events.json",
    }
    assert {path.relative_to(data_set.folder).as_posix() for path in files} == subject
    about = {"dataset_description.json", "README.md", "participants.tsv", "participants.json"}
    assert _files(data_set.folder) == subject | about | {
        "derivatives/truth/dataset_description.json",
        "derivatives/truth/README.md",
    }


def test_without_truth_or_positions_there_are_no_files_about_them(data_set: BidsDataset) -> None:
    data_set.add(_subject(recording=_recording(placed=False)))
    assert not any("truth" in name or "electrodes" in name or "coord" in name for name in _files(data_set.folder))


def test_events_and_notes_are_rows_in_order_of_time(data_set: BidsDataset) -> None:
    data_set.add(_subject(events=(_events("EMG1"), _events("Force"))))
    place = data_set.folder / "sub-001/emg"
    rows = _rows(place / "sub-001_task-rest_events.tsv")
    assert [row["onset"] for row in rows] == ["0.1", "0.1", "0.5", "0.7", "0.7"]
    assert rows[0] == {
        "onset": "0.1",
        "duration": "0.05",
        "trial_type": "fasciculation_potential",
        "channel": "EMG1",
        "peak_time": "0.11",
        "peak": "0.0001",
        "peak_units": "V",
    }
    assert (rows[1]["channel"], rows[1]["peak_units"]) == ("Force", "N")
    assert (rows[2]["trial_type"], rows[2]["duration"], rows[2]["peak"]) == ("cough", "0.25", "n/a")
    sidecar = json.loads((place / "sub-001_task-rest_events.json").read_text(encoding="utf-8"))
    assert set(rows[0]) <= set(sidecar)
    assert set(sidecar["trial_type"]["Levels"]) == {row["trial_type"] for row in rows}


def test_every_discharge_is_in_the_truth(data_set: BidsDataset) -> None:
    truth = {
        "force_n": np.array([0.5, 1.5]),
        "units": {"n": np.int64(5)},
        "phases": [MappingProxyType({"name": "rest"})],
        "changes": {},
    }
    data_set.add(_subject(discharges=_discharges(), truth=truth))
    place = data_set.folder / "derivatives/truth/sub-001/emg"
    rows = _rows(place / "sub-001_task-rest_events.tsv")
    assert [(row["onset"], row["motor_unit"], row["trial_type"], row["pool"]) for row in rows] == [
        ("0.09", "4", "fasciculation", "soleus"),
        ("0.0900005", "0", "voluntary", "tibialis_anterior"),
        ("0.7", "4", "fasciculation", "soleus"),
    ]
    sidecar = json.loads((place / "sub-001_task-rest_events.json").read_text(encoding="utf-8"))
    assert sidecar["Truth"] == {
        "force_n": [0.5, 1.5],
        "units": {"n": 5},
        "phases": [{"name": "rest"}],
        "changes": {},
    }
    assert set(rows[0]) <= set(sidecar)


def test_truth_without_discharges_is_kept(data_set: BidsDataset) -> None:
    data_set.add(_subject(truth={"seed": 3}))
    place = data_set.folder / "derivatives/truth/sub-001/emg"
    assert _rows(place / "sub-001_task-rest_events.tsv") == []
    assert json.loads((place / "sub-001_task-rest_events.json").read_text(encoding="utf-8"))["Truth"] == {"seed": 3}


def test_the_setup_stands_in_the_sidecars(data_set: BidsDataset) -> None:
    setup = EmgSetup(
        reference="bipolar", power_line_frequency_hz=50.0, interelectrode_distance_m=0.0085, group="grid", space="calf"
    )
    data_set.add(_subject(setup=setup))
    place = data_set.folder / "sub-001/emg"
    sidecar = json.loads((place / "sub-001_task-rest_emg.json").read_text(encoding="utf-8"))
    assert (sidecar["EMGReference"], sidecar["PowerLineFrequency"]) == ("Bipolar", 50.0)
    assert (sidecar["SamplingFrequency"], sidecar["EMGChannelCount"], sidecar["RecordingDuration"]) == (1000.0, 2, 2.0)
    assert sidecar["InterelectrodeDistance"] == 8.5
    channels = _rows(place / "sub-001_task-rest_channels.tsv")
    assert [row["type"] for row in channels] == ["EMG", "EMG", "MISC", "ACCEL", "GYRO"]
    assert [row["sampling_frequency"] for row in channels] == ["1000.0", "1000.0", "1000.0", "250.0", "250.0"]
    assert (channels[0]["reference"], channels[0]["interelectrode_distance"], channels[0]["side"]) == (
        ("bipolar", "8.5", "left")
    )
    assert channels[2]["reference"] == "n/a"
    electrodes = _rows(place / "sub-001_electrodes.tsv")
    assert [(row["x"], row["coordinate_system"], row["group"]) for row in electrodes] == [
        ("0", "calf", "grid"),
        ("8", "calf", "grid"),
    ]
    assert (place / "sub-001_space-calf_coordsystem.json").exists()


def test_electrodes_apart_have_a_group_and_a_coordinate_system_of_their_own(data_set: BidsDataset) -> None:
    other = EmgSetup(reference="bipolar", space="shin", axes="Along the shin.", group="pair")
    setup = EmgSetup(reference="far", group="grid", interelectrode_distance_m=0.008, apart={"EMG1": other})
    data_set.add(_subject(setup=setup))
    place = data_set.folder / "sub-001/emg"
    channels = _rows(place / "sub-001_task-rest_channels.tsv")
    assert [(row["group"], row["reference"], row["interelectrode_distance"]) for row in channels] == [
        ("grid", "far", "8"),
        ("pair", "bipolar", "n/a"),
        *[("n/a", "n/a", "n/a")] * 3,
    ]
    electrodes = _rows(place / "sub-001_electrodes.tsv")
    assert [(row["coordinate_system"], row["group"]) for row in electrodes] == [("muscle", "grid"), ("shin", "pair")]
    axes = json.loads((place / "sub-001_space-shin_coordsystem.json").read_text(encoding="utf-8"))
    assert axes["EMGCoordinateSystemDescription"] == "Along the shin."
    assert (place / "sub-001_space-muscle_coordsystem.json").exists()
    sidecar = json.loads((place / "sub-001_task-rest_emg.json").read_text(encoding="utf-8"))
    assert sidecar["EMGReference"] == "differs between channels: far, bipolar"
    assert "InterelectrodeDistance" not in sidecar


def test_an_electrode_without_a_position_or_kind_is_not_available(data_set: BidsDataset) -> None:
    known = _channel("a", ChannelKind.EMG, Unit.VOLT, EMG_HZ, 1.0, position_m=(0.0, 0.001, 0.0))
    unknown = _channel("b", ChannelKind.EMG, Unit.VOLT, EMG_HZ, 1.0)
    source = ArraySource([np.ones(1000)] * 2)
    data_set.add(_subject(recording=Recording(name="x", format="array", channels=(known, unknown), source=source)))
    rows = _rows(data_set.folder / "sub-001/emg/sub-001_electrodes.tsv")
    assert [(row["x"], row["y"], row["type"]) for row in rows] == [("0", "1", "n/a"), ("n/a", "n/a", "n/a")]


def test_each_subject_adds_a_row_and_new_columns_are_unknown_for_the_others(data_set: BidsDataset) -> None:
    data_set.add(_subject("a", participant={"condition": "healthy", "seed": 1}))
    data_set.add(_subject("b", participant={"condition": "healthy", "seed": np.int64(2), "age": 61.5}))
    data_set.add(_subject("c", participant={"condition": "essential_tremor", "tremor_hz": 6, "sex": None}))
    rows = _rows(data_set.folder / "participants.tsv")
    assert rows == [
        {
            "participant_id": "sub-a",
            "age": "n/a",
            "sex": "n/a",
            "condition": "healthy",
            "seed": "1",
            "tremor_hz": "n/a",
        },
        {
            "participant_id": "sub-b",
            "age": "61.5",
            "sex": "n/a",
            "condition": "healthy",
            "seed": "2",
            "tremor_hz": "n/a",
        },
        {
            "participant_id": "sub-c",
            "age": "n/a",
            "sex": "n/a",
            "condition": "essential_tremor",
            "seed": "n/a",
            "tremor_hz": "6",
        },
    ]
    sidecar = json.loads((data_set.folder / "participants.json").read_text(encoding="utf-8"))
    assert list(sidecar) == list(rows[0])


def test_columns_are_explained_as_given_even_by_a_later_run(tmp_path: Path) -> None:
    columns = {"severity": {"Description": "Share of the units lost."}}
    BidsDataset.create(tmp_path, name="x", columns=columns).add(_subject("1", participant={"severity": 0.5}))
    BidsDataset.create(tmp_path, name="x").add(_subject("2", participant={"severity": 1.0, "seed": 2}))
    sidecar = json.loads((tmp_path / "participants.json").read_text(encoding="utf-8"))
    assert sidecar["severity"] == {"Description": "Share of the units lost."}
    assert sidecar["seed"]["Description"].startswith("Seed")


def test_a_subject_may_have_several_recordings(data_set: BidsDataset) -> None:
    data_set.add(_subject(discharges=_discharges()))
    first = _files(data_set.folder)
    data_set.add(_subject(run=1, discharges=_discharges()))
    data_set.add(_subject(task="posture", participant={}))
    data_set.add(_subject(session="later", discharges=_discharges()))
    assert first < _files(data_set.folder)
    assert {path.name for path in data_set.folder.rglob("*_emg.edf")} == {
        "sub-001_task-rest_emg.edf",
        "sub-001_task-rest_run-1_emg.edf",
        "sub-001_task-posture_emg.edf",
        "sub-001_ses-later_task-rest_emg.edf",
    }
    assert len(_rows(data_set.folder / "participants.tsv")) == 1


def test_a_recording_is_never_overwritten(data_set: BidsDataset) -> None:
    edf, *_ = data_set.add(_subject())
    before = {path: path.read_bytes() for path in data_set.folder.rglob("*") if path.is_file()}
    with pytest.raises(UnwritableFileError, match="must be a new one of the data set, got 'sub-001_task-rest' again"):
        data_set.add(_subject(recording=_recording(seed=1)))
    assert {path: path.read_bytes() for path in data_set.folder.rglob("*") if path.is_file()} == before
    assert edf in before


def test_electrodes_do_not_move_within_a_session(data_set: BidsDataset) -> None:
    data_set.add(_subject())
    with pytest.raises(UnwritableFileError, match=r"must not change a file that it holds, got another 'sub-001_elec"):
        data_set.add(_subject(run=2, recording=_recording(3)))
    data_set.add(_subject(session="2", recording=_recording(3)))
    assert not list(data_set.folder.rglob("*run-2*"))


def test_a_subject_does_not_change_between_recordings(data_set: BidsDataset) -> None:
    data_set.add(_subject(participant={"condition": "healthy", "age": 30}))
    sentence = "condition of 'sub-001' must be 'healthy' as in the table of participants, got 'tremor'"
    with pytest.raises(OutOfRangeError, match=sentence):
        data_set.add(_subject(run=2, participant={"condition": "tremor"}))


def test_more_may_be_said_of_a_subject_later(data_set: BidsDataset) -> None:
    data_set.add(_subject(participant={"condition": "healthy"}))
    data_set.add(_subject(run=2, participant={"seed": 4}))
    (row,) = _rows(data_set.folder / "participants.tsv")
    assert (row["condition"], row["seed"]) == ("healthy", "4")


def test_a_data_set_is_continued(tmp_path: Path) -> None:
    with BidsDataset.create(tmp_path / "set", name="First", license_name="CC0", authors=("A", "B")) as first:
        first.add(_subject("1"))
    description = (tmp_path / "set/dataset_description.json").read_text(encoding="utf-8")
    with BidsDataset.create(str(tmp_path / "set"), name="Second") as second:
        second.add(_subject("2"))
    assert (tmp_path / "set/dataset_description.json").read_text(encoding="utf-8") == description
    fields = json.loads(description)
    assert (fields["Name"], fields["License"], fields["Authors"]) == ("First", "CC0", ["A", "B"])
    assert fields["GeneratedBy"][0]["Name"] == "twitchwise"
    assert [row["participant_id"] for row in _rows(tmp_path / "set/participants.tsv")] == ["sub-1", "sub-2"]


def test_a_recording_may_be_built_before_it_is_taken(data_set: BidsDataset, tmp_path: Path) -> None:
    with data_set.workshop() as shop:
        built = [build_recording(_subject(label, discharges=_discharges()), shop / label) for label in ("2", "1")]
        assert data_set.subject_labels == set()
        files = [file for one in built for file in data_set.take(one)]
        with pytest.raises(UnwritableFileError, match="must be a new one"):
            data_set.take(built[0])
    assert all(file.is_file() for file in files)
    assert data_set.subject_labels == {"1", "2"}
    assert [(name, row["condition"]) for name, row in data_set.participants.items()] == [
        ("sub-2", "healthy"),
        ("sub-1", "healthy"),
    ]
    alone = BidsDataset.create(tmp_path / "alone", name="A set")
    for label in ("2", "1"):
        alone.add(_subject(label, discharges=_discharges()))
    names = sorted(_files(alone.folder))
    assert _files(data_set.folder) == set(names)
    assert _contents(data_set.folder, names) == _contents(alone.folder, names)


def test_what_fails_in_the_workshop_is_not_taken_for_a_failure_to_write(data_set: BidsDataset) -> None:
    def fail() -> None:
        with data_set.workshop() as shop:
            (shop / "left").write_text("x")
            raise OSError("elsewhere")

    with pytest.raises(OSError, match="elsewhere"):
        fail()
    assert not list(data_set.folder.glob(".*"))


def test_a_closed_data_set_takes_no_recording(tmp_path: Path) -> None:
    with BidsDataset.create(tmp_path, name="x") as data_set:
        pass
    with pytest.raises(OutOfRangeError, match="must be open to take a recording"):
        data_set.add(_subject())


def test_an_interrupted_write_leaves_the_data_set_as_it_was(data_set: BidsDataset, broken: Recording) -> None:
    data_set.add(_subject("1", discharges=_discharges()))
    before = _files(data_set.folder)
    with pytest.raises(KeyboardInterrupt):
        data_set.add(_subject("2", recording=broken, discharges=_discharges()))
    assert _files(data_set.folder) == before
    data_set.add(_subject("2", discharges=_discharges()))
    assert len(_files(data_set.folder)) == len(before) + 10


@pytest.mark.parametrize("step", ["settle", "Participants.put", "_write_truth"])
def test_after_a_stop_at_any_step_the_same_subject_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A killed process leaves hidden work, truth without a recording, or a row without a folder: all give way."""
    with monkeypatch.context() as patch:

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(f"twitchwise.formats.bids.data_set.{step}", stop)
        patch.setattr("twitchwise.formats.bids.place.shutil.rmtree", lambda *_, **__: None)
        data_set = BidsDataset.create(tmp_path, name="x")
        with pytest.raises(KeyboardInterrupt):
            data_set.add(_subject(participant={"seed": 1}, discharges=_discharges()))
    again = BidsDataset.create(tmp_path, name="x")
    again.add(_subject(participant={"seed": 2}, discharges=_discharges(kinds=("a", "b"))))
    assert [row["seed"] for row in _rows(tmp_path / "participants.tsv")] == ["2"]
    (truth,) = (tmp_path / "derivatives").rglob("*_events.tsv")
    assert {row["trial_type"] for row in _rows(truth)} == {"a", "b"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_row_without_a_folder_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data_set = BidsDataset.create(tmp_path, name="x")
    with monkeypatch.context() as patch:

        def stop(source: Path, target: Path) -> None:
            raise OSError(28, "No space left on device", str(source), None, str(target))

        patch.setattr("twitchwise.formats.bids.data_set.settle", stop)
        with pytest.raises(UnwritableFileError, match="No space left on device"):
            data_set.add(_subject(participant={"seed": 1}))
    assert [row["seed"] for row in _rows(tmp_path / "participants.tsv")] == ["1"]
    data_set.add(_subject(participant={"seed": 2}))
    assert [row["seed"] for row in _rows(tmp_path / "participants.tsv")] == ["2"]


def _stranger(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "dataset_description.json").write_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"Name": "x", "BIDSVersion": "1.11.1"}',
        '{"GeneratedBy": [{"Name": "other"}], "DatasetType": "raw"}',
        '{"GeneratedBy": [{"Name": "twitchwise"}], "DatasetType": "derivative"}',
    ],
)
def test_a_folder_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    _stranger(tmp_path / "set", text)
    with pytest.raises(UnwritableFileError, match="must be a new or empty folder or one that twitchwise wrote, got"):
        BidsDataset.create(tmp_path / "set", name="x")
    assert _files(tmp_path / "set") == {"dataset_description.json"}


def test_any_other_file_in_the_folder_is_reason_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    for place in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(UnwritableFileError):
            BidsDataset.create(place, name="x")
    assert _files(tmp_path) == {"thesis.txt"}


def test_hidden_files_do_not_fill_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("x")
    BidsDataset.create(tmp_path, name="x")
    assert "README.md" in _files(tmp_path)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnwritableFileError, match=r"^data set must be in a place that can be written, got .*\.$"):
        BidsDataset.create(tmp_path / "file" / "set", name="x")


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("participants.tsv", "", "must be a whole table of participants"),
        ("participants.tsv", "name\tage\na\t1\n", "must be a whole table of participants"),
        ("participants.tsv", "participant_id\tage\nsub-1\t1\nsub-2", "must be a whole table of participants"),
        ("participants.tsv", "participant_id\tage\nsub-1\t1\t2\n", "must be a whole table of participants"),
        ("participants.json", "[]", "must be a JSON object"),
        ("participants.json", "{", "must be a JSON object"),
    ],
)
def test_a_damaged_table_of_participants_is_refused(tmp_path: Path, file: str, text: str, sentence: str) -> None:
    BidsDataset.create(tmp_path, name="x").add(_subject())
    (tmp_path / file).write_text(text)
    with pytest.raises(UnwritableFileError, match=sentence):
        BidsDataset.create(tmp_path, name="x")


@pytest.mark.parametrize("label", ["", "a b", "a_b", "a-b", "M\u00fcller", "1\n", "..", "\u0661"])
@pytest.mark.parametrize("field", ["label", "task", "session"])
def test_a_label_that_is_not_letters_and_digits_is_refused(field: str, label: str) -> None:
    with pytest.raises(OutOfRangeError, match="label must be letters and digits of ASCII, got"):
        _subject(**{"label": "1", field: label})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"run": 0}, "run must be a finite number above 0"),
        ({"participant": {"participant_id": "x"}}, "column of participants must be lower case words_like_these"),
        ({"participant": {"Age": 1}}, "column of participants must be lower case words_like_these"),
        ({"events": (_events("nowhere"),)}, "channel of events must be one of the recording, got 'nowhere'"),
        ({"setup": EmgSetup(apart={"x": EmgSetup()})}, "channel of a setup must be one of the recording, got 'x'"),
    ],
)
def test_a_subject_that_cannot_be_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OutOfRangeError, match=sentence):
        _subject(**changes)


def test_a_recording_without_emg_is_refused() -> None:
    force = _channel(*SENSORS[0], 1.0)
    recording = Recording(name="x", format="array", channels=(force,), source=ArraySource([np.ones(1000)]))
    with pytest.raises(OutOfRangeError, match="recording 'x' must have an EMG channel"):
        _subject(recording=recording)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"space": "on skin"}, "space must be letters and digits"),
        ({"power_line_frequency_hz": 0.0}, "power_line_frequency_hz must be a finite number above 0"),
        ({"interelectrode_distance_m": -1.0}, "interelectrode_distance_m must be a finite number above 0"),
        ({"apart": {"x": EmgSetup(axes="Up.")}}, "space must be another one where axes differ, got 'muscle' again"),
    ],
)
def test_a_setup_that_cannot_be_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OutOfRangeError, match=sentence):
        EmgSetup(**changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": np.array([0])}, "must have one length"),
        ({"time_s": np.array([0.0, np.nan, 1.0])}, "must be finite and in order"),
        ({"time_s": np.array([0.0, 2.0, 1.0])}, "must be finite and in order"),
        ({"motor_unit": np.array([0, -1, 0])}, "motor_unit must be at least 0"),
        ({"kinds": ("one",)}, "kind must be numbers of the names"),
        ({"pool": np.array([-1, 0, 0])}, "pool must be numbers of the names"),
    ],
)
def test_discharges_that_cannot_be_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OutOfRangeError, match=sentence):
        _discharges(**changes)


def test_discharges_do_not_change_with_the_arrays_they_were_made_from() -> None:
    times = np.array([0.1, 0.2, 0.3])
    table = _discharges(time_s=times)
    times[0] = 9.0
    assert table.time_s.tolist() == [0.1, 0.2, 0.3]
    with pytest.raises(ValueError, match="read-only"):
        table.time_s[0] = 9.0


@pytest.mark.parametrize(
    "truth", [{"a": float("nan")}, {"a": {"b": np.array([np.inf])}}, {"a": object()}, {"a": "\ud800"}]
)
def test_truth_that_json_cannot_hold_is_refused_and_nothing_is_written(data_set: BidsDataset, truth: Any) -> None:  # noqa: ANN401 - what is no JSON
    before = _files(data_set.folder)
    with pytest.raises(OutOfRangeError, match="values must be ones that JSON can hold"):
        data_set.add(_subject(truth=truth))
    assert _files(data_set.folder) == before


@pytest.mark.parametrize("changes", [{"participant": {"condition": "a\tb"}}, {"setup": EmgSetup(reference="a\nb")}])
def test_text_that_a_table_cannot_hold_is_refused(data_set: BidsDataset, changes: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError, match="must be one line without control characters"):
        data_set.add(_subject(**changes))
    assert not (data_set.folder / "sub-001").exists()


@pytest.mark.parametrize("name", ["", "  ", "a\nb"])
def test_a_data_set_needs_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutOfRangeError, match="name of a data set must be one line of text"):
        BidsDataset.create(tmp_path / "set", name=name)
    assert not (tmp_path / "set").exists()


def _contents(folder: Path, names: Sequence[str]) -> list[bytes]:
    return [(folder / name).read_bytes() for name in names]


def test_the_same_recordings_give_the_same_bytes(tmp_path: Path) -> None:
    make: Callable[[], BidsSubject] = lambda: _subject(events=(_events(),), discharges=_discharges())  # noqa: E731 - one line says it
    for name in ("a", "b"):
        BidsDataset.create(tmp_path / name, name="x").add(make())
    names = sorted(_files(tmp_path / "a"))
    assert _contents(tmp_path / "a", names) == _contents(tmp_path / "b", names)
