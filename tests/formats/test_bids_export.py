"""Recordings of one person as BIDS: every kind has its place, others read it, and what cannot be written is named."""

import csv
import datetime as dt
import gzip
import importlib
import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.bids import Fitted, FoundIn, write_data_set
from twitchwise.formats.bids.fitted import fitted, label_of
from twitchwise.formats.bids.measured_events import measured_events_sidecar, measured_events_table
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Side, Unit, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray

IssuesOf = Callable[[Path], list[tuple[str, str, str]]]
START = dt.datetime(2024, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
ACC, GYR = (
    (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
    (ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND),
)


def made(name: str, *channels: Channel, **fields: Any) -> Recording:  # noqa: ANN401 - any field of a recording
    rng = np.random.default_rng(len(name))
    arrays = [rng.normal(0, 1e-4, channel.n_samples) for channel in channels]
    return Recording(name=name, format="made", channels=channels, source=ArraySource(arrays), **fields)


def channel(name: str, what: tuple[ChannelKind, Unit], rate_hz: float = 1000.0, **fields: Any) -> Channel:  # noqa: ANN401 - any field of a channel
    kind, unit = what
    known = {"n_samples": round(2 * rate_hz)} | fields
    return Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=rate_hz, **known)


def emg(name: str, **fields: Any) -> Channel:  # noqa: ANN401 - any field of a channel
    return channel(name, (ChannelKind.EMG, Unit.VOLT), electrode=Electrode.SURFACE, **fields)


def grid(name: str = "HD, left.otb+") -> Recording:
    channels = [
        emg(f"{array} {x}", array=array, position_m=(0.01 * x, 0.0, 0.0), site="soleus", side=Side.LEFT)
        for array in ("grid 1", "grid 2")
        for x in range(3)
    ]
    note = Annotation(start_s=0.5, duration_s=0.25, text="cough\r\ntwice")
    force = channel("Force", (ChannelKind.FORCE, Unit.NEWTON))
    return made(name, *channels, force, emg("bipolar"), start=START, annotations=(note,))


def phone(name: str = "phone.zip") -> Recording:
    axes = [
        *(channel(f"acc {axis}", ACC, 100.0, array="acc", site="hand", side=Side.RIGHT) for axis in "XYZ"),
        *(channel(f"gyro{axis}", GYR, 99.5, n_samples=190) for axis in "xyz"),
        channel("light", (ChannelKind.OTHER, Unit.UNKNOWN), 99.5, n_samples=190),
    ]
    return made(name, *axes, annotations=(Annotation(start_s=1.0, duration_s=0.0, text="tap"),))


def force(name: str = "force.csv") -> Recording:
    return made(name, channel("Force", (ChannelKind.FORCE, Unit.NEWTON)), channel("ECG", (ChannelKind.ECG, Unit.VOLT)))


def written(folder: Path, *recordings: Recording, trains: Sequence[EventTrain] = ()) -> list[str]:
    said: list[str] = []

    def found_in(recording: Recording) -> FoundIn:
        def found(names: Fitted) -> tuple[str, dict[str, object]]:
            table = measured_events_table(map(names.train, trains), names.recording)
            return table, measured_events_sidecar(())

        return FoundIn(recording=recording, found=found)

    n_written = write_data_set(folder, [found_in(one) for one in recordings], said.append)
    assert n_written == len(recordings) - len(said)
    return said


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def train(at: str) -> EventTrain:
    times_s = np.array([0.5])
    kind = EventKind.FASCICULATION_POTENTIAL
    return EventTrain(kind=kind, channel=at, start_s=times_s, peak_s=times_s, end_s=times_s, peak=np.array([1e-4]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data set of every kind of recording, two of one name."""
    place = tmp_path_factory.mktemp("bids") / "set"
    assert written(place, grid(), phone(), force(), grid()) == []
    return place


def test_the_public_validator_finds_no_fault_in_any_kind_of_recording(issues_of: IssuesOf, folder: Path) -> None:
    issues = issues_of(folder)
    assert [issue for issue in issues if issue[0] == "error"] == []
    assert {(code, field) for _, code, field in issues} <= {
        ("TOO_FEW_AUTHORS", ""),  # nobody is named without being asked
        ("JSON_KEY_RECOMMENDED", "HEDVersion"),
        # what nobody told of a task
        *(("SIDECAR_KEY_RECOMMENDED", f"{of}") for of in ("TaskName", "TaskDescription", "Instructions")),
        *(("SIDECAR_KEY_RECOMMENDED", f"{of}") for of in ("CogAtlasID", "CogPOID", "InstitutionName")),
        *(("SIDECAR_KEY_RECOMMENDED", of) for of in ("InstitutionAddress", "InstitutionalDepartmentName")),
    }


def test_the_public_validator_would_find_a_fault_in_movement(issues_of: IssuesOf, tmp_path: Path) -> None:
    written(tmp_path / "set", phone())
    for sidecar in (tmp_path / "set").rglob("*_motion.json"):
        sidecar.unlink()
    assert ("error", "SIDECAR_KEY_REQUIRED", "SamplingFrequency") in issues_of(tmp_path / "set")


def test_emg_is_read_back_with_its_arrays_and_places(folder: Path) -> None:
    mine = grid()
    back = read_recording(folder / "sub-01/emg/sub-01_task-recording_acq-HDleft_emg.edf")
    assert back.warnings == ()
    assert (back.start, [note.text for note in back.annotations]) == (START.replace(tzinfo=None), ["cough twice"])
    for one, other in zip(mine.channels, back.channels, strict=True):
        assert (one.name, one.unit, one.n_samples, one.array, one.site) == (
            (other.name, other.unit, other.n_samples, other.array, other.site)
        )
        assert other.position_m == (None if one.position_m is None else pytest.approx(one.position_m))
        assert np.abs(back.read(one.name) - mine.read(one.name)).max() <= (other.resolution or 0.0)


def test_mne_bids_reads_emg_and_what_was_noted(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that MNE does not have
        mne_bids = importlib.import_module("mne_bids")
        place = mne_bids.BIDSPath(
            root=folder, subject="01", task="recording", acquisition="HDleft", datatype="emg", extension=".edf"
        )
        raw = mne_bids.read_raw_bids(place, verbose="ERROR")
    assert raw.ch_names == [channel.name for channel in grid().channels]
    assert raw.info["meas_date"] == START
    assert [(note["onset"], note["description"]) for note in raw.annotations] == [(0.5, "cough twice")]


def test_movement_is_a_table_for_each_clock(folder: Path) -> None:
    mine, place = phone(), folder / "sub-01/motion"
    for system, names, rate_hz in (
        ("accelerometer", ["acc X", "acc Y", "acc Z"], 100.0),
        ("sensors", ["gyrox", "gyroy", "gyroz", "light"], 99.5),
    ):
        stem = f"sub-01_task-recording_tracksys-{system}_acq-phone"
        channels = rows_of(place / f"{stem}_channels.tsv")
        assert [row["name"] for row in channels] == names
        assert [row["component"] for row in channels] == ["x", "y", "z", "n/a"][: len(names)]
        samples = np.loadtxt(place / f"{stem}_motion.tsv", delimiter="\t")
        np.testing.assert_allclose(samples.T, [mine.read(name) for name in names], rtol=1e-8)
        sidecar = json.loads((place / f"{stem}_motion.json").read_text(encoding="utf-8"))
        assert sidecar["SamplingFrequency"] == rate_hz
    assert [(row["type"], row["units"]) for row in channels] == [*[("GYRO", "rad/s")] * 3, ("MISC", "n/a")]
    (note,) = rows_of(place / "sub-01_task-recording_acq-phone_events.tsv")
    assert (note["trial_type"], note["onset"]) == ("tap", "1.0")


def test_force_is_a_packed_table(folder: Path) -> None:
    stem = folder / "sub-01/beh/sub-01_task-recording_acq-force_recording-sensors_physio"
    samples = np.loadtxt(gzip.decompress(Path(f"{stem}.tsv.gz").read_bytes()).decode().splitlines(), delimiter="\t")
    np.testing.assert_allclose(samples[:, 0], force().read("Force"), rtol=1e-8)
    sidecar = json.loads(Path(f"{stem}.json").read_text(encoding="utf-8"))
    assert (sidecar["Columns"], sidecar["Force"]["Units"]) == (["Force", "ECG"], "N")


def test_each_file_is_listed_with_what_its_recording_was_called_and_when_it_began_if_it_says(folder: Path) -> None:
    rows = rows_of(folder / "sub-01/sub-01_scans.tsv")
    assert all((folder / "sub-01" / row["filename"]).is_file() for row in rows)
    assert [row["recording"] for row in rows] == [
        "HD, left.otb+",
        "phone.zip",
        "phone.zip",
        "force.csv",
        "HD, left.otb+",
    ]
    assert [row["acq_time"] for row in rows] == [
        "2024-02-03T04:05:06.000000",
        *["n/a"] * 3,
        "2024-02-03T04:05:06.000000",
    ]
    assert list((folder / "sub-01/emg").glob("*_acq-HDleftx2_emg.edf"))


def test_missing_samples_of_movement_are_not_available_and_those_of_emg_cannot_be_written(tmp_path: Path) -> None:
    values = np.array([0.5, np.nan, np.inf, -np.inf])
    wrist = channel("x", ACC, 100.0, n_samples=4)
    moved = Recording(name="m", format="made", channels=(wrist,), source=ArraySource([values]))
    calf = Recording(name="e", format="made", channels=(emg("x", n_samples=4),), source=ArraySource([values]))
    (said,) = written(tmp_path / "set", moved, calf)
    assert said.startswith("Left out of the BIDS data set: the recording e. samples of channel 'x' must be finite")
    (file,) = (tmp_path / "set").rglob("*_motion.tsv")
    assert file.read_text(encoding="utf-8").split() == ["0.5", "n/a", "n/a", "n/a"]


def test_what_cannot_be_written_is_named_and_the_rest_is_whole(issues_of: IssuesOf, tmp_path: Path) -> None:
    eeg = made("sleep.edf", channel("C3", (ChannelKind.EEG, Unit.VOLT)))
    film = made("hand.mp4", channel("hand", (ChannelKind.DISPLACEMENT, Unit.PIXEL)))
    uneven = made("uneven.csv", emg("a"), emg("b", n_samples=1999))
    empty = made("empty.csv", channel("x", ACC, 100.0, n_samples=0))
    said = written(tmp_path / "set", eeg, film, uneven, empty, grid())
    assert [line.split("recording ")[1].split(". ")[0] for line in said] == [
        "sleep.edf",
        "hand.mp4",
        "uneven.csv",
        "empty.csv",
    ]
    assert all(line.endswith(".") and str(tmp_path) not in line for line in said)
    assert [issue for issue in issues_of(tmp_path / "set") if issue[0] == "error"] == []
    assert not list((tmp_path / "set").glob(".*"))


def test_sensors_with_a_clock_of_their_own_beside_emg_are_kept_as_movement(issues_of: IssuesOf, tmp_path: Path) -> None:
    axes = (channel(f"ACC {axis}", ACC, 148.0, n_samples=290, array="acc") for axis in "xyz")
    fast = channel("Force", (ChannelKind.FORCE, Unit.NEWTON), 500.0)
    mine = made("delsys.csv", *axes, emg("calf"), fast)
    assert written(tmp_path / "set", mine, trains=[train("calf"), train("ACC y")]) == []
    back = read_recording(tmp_path / "set/sub-01/emg/sub-01_task-recording_acq-delsys_emg.edf")
    assert [one.name for one in back.channels] == ["calf", "Force"]
    assert np.abs(back.read("calf") - mine.read("calf")).max() <= (back.channel("calf").resolution or 0.0)
    stem = "sub-01_task-recording_tracksys-accelerometer_acq-delsys_motion.tsv"
    samples = np.loadtxt(tmp_path / "set/sub-01/motion" / stem, delimiter="\t")
    np.testing.assert_allclose(samples[:, 1], mine.read("ACC y"), rtol=1e-8)
    (found,) = (tmp_path / "set/derivatives").rglob("*_events.json")
    assert json.loads(found.read_text(encoding="utf-8"))["Sources"] == [
        "bids:source:sub-01/emg/sub-01_task-recording_acq-delsys_emg.edf",
        f"bids:source:sub-01/motion/{stem}",
    ]
    assert [issue for issue in issues_of(tmp_path / "set") if issue[0] == "error"] == []


def test_a_recording_whose_file_is_gone_is_told_from_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    class Gone:
        def read(self, *_: int) -> FloatArray:
            raise FileNotFoundError(2, "No such file")

    gone = Recording(name="gone.csv", format="made", channels=(emg("a"),), source=Gone())
    (said,) = written(tmp_path / "set", gone)
    assert said.endswith("the recording gone.csv. the recording must stay where it is, got 'No such file'.")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UnwritableFileError):
        written(tmp_path, grid())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_long_recordings_are_read_in_pieces(tmp_path: Path) -> None:
    class Watched:
        greatest = 0

        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            del channel
            self.greatest = max(self.greatest, stop - start)
            return np.zeros(stop - start)

    n_samples = 3_000_000
    for one in (emg("a", n_samples=n_samples), channel("x", ACC, n_samples=n_samples)):
        source = Watched()
        recording = Recording(name=one.name, format="made", channels=(one,), source=source)
        assert written(tmp_path / one.name, recording) == []
        assert 0 < source.greatest < n_samples / 2


@given(
    names=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6, unique=True),
    called=st.text(max_size=30),
    note=st.text(max_size=20),
    kind=st.sampled_from([ChannelKind.EMG, ChannelKind.ACCELERATION, ChannelKind.FORCE]),
)
def test_any_names_and_notes_can_be_written_and_channels_stay_apart(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], called: str, note: str, kind: ChannelKind
) -> None:
    place = tmp_path_factory.mktemp("any")
    channels = [channel(name, (kind, Unit.UNKNOWN), 100.0, n_samples=100, site=note) for name in names]
    notes = (Annotation(start_s=0.0, duration_s=0.0, text=note),)
    recording = made(called, *channels, annotations=notes)
    assert written(place / "set", recording, trains=[train(name) for name in names]) == []
    (found,) = (place / "set/derivatives").rglob("*_events.tsv")
    rows = [line.split("\t") for line in found.read_text(encoding="utf-8").split("\n")[1:-1]]
    assert len({row[3] for row in rows}) == len(names)
    assert {len(row) for row in rows} == {9}
    for table in (place / "set").rglob("*.tsv"):
        assert b"\r" not in table.read_bytes()


@given(names=st.lists(st.text(max_size=30), min_size=1, max_size=8, unique=True))
def test_names_that_can_be_written_stay_as_they_are(names: list[str]) -> None:
    recording = made("any", *(emg(name) for name in ["calf", *(name for name in names if name != "calf")]))
    for as_edf in (True, False):
        new = fitted(recording, as_edf=as_edf)
        again = fitted(new.recording, as_edf=as_edf)
        assert new.name("calf") == "calf"
        assert again.recording.channels == new.recording.channels
        assert again.names_before == {}


@given(texts=st.lists(st.text(max_size=60), max_size=6))
def test_labels_are_letters_and_digits_and_apart_without_regard_to_case(texts: list[str]) -> None:
    labels: list[str] = []
    for text in texts:
        labels.append(label_of(text, labels))
    assert all(label.isascii() and label.isalnum() for label in labels)
    assert len({label.lower() for label in labels}) == len(texts)
