"""What others make of a written data set: the public BIDS validator accepts it, and mne-bids reads what was written."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from twitchwise.formats.bids import BidsDataset, BidsSubject, DischargeTable, EmgSetup
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Side, Unit
from twitchwise.vocabulary.arrays import FloatArray

EMG_HZ, SENSOR_HZ, DURATION_S = 2048.0, 256.0, 3.0
N_EMG = 8
SENSORS = (
    ("Force", ChannelKind.FORCE, Unit.NEWTON, EMG_HZ),
    ("ACC x", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, SENSOR_HZ),
    ("GYR z", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND, SENSOR_HZ),
)
IssuesOf = Callable[[Path], list[tuple[str, str, str]]]
UNUSED_HED = (
    "JSON_KEY_RECOMMENDED",
    "HEDVersion",
)  # the version of a vocabulary of tags that the data set does not use


def _recording(seed: int, *, placed: bool = True) -> Recording:
    n_samples = round(EMG_HZ * DURATION_S)
    emg = [
        Channel(
            name=f"EMG {number}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=EMG_HZ,
            n_samples=n_samples,
            electrode=Electrode.SURFACE,
            site="tibialis anterior",
            side=Side.RIGHT,
            position_m=(0.008 * (number % 4), 0.008 * (number // 4), 0.0) if placed else None,
        )
        for number in range(N_EMG)
    ]
    sensors = [
        Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=rate_hz, n_samples=round(rate_hz * DURATION_S))
        for name, kind, unit, rate_hz in SENSORS
    ]
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(0, 1e-4 if channel.kind is ChannelKind.EMG else 1, channel.n_samples) for channel in emg]
    arrays += [_slow(channel.n_samples, rng) for channel in sensors]
    notes = (Annotation(start_s=1.0, duration_s=0.5, text="cough"),)
    source = ArraySource(arrays)
    return Recording(name="made", format="array", channels=(*emg, *sensors), source=source, annotations=notes)


def _slow(n_samples: int, rng: np.random.Generator) -> FloatArray:
    return np.cumsum(rng.normal(0, 1, n_samples))


def _subject(label: str, **changes: Any) -> BidsSubject:  # noqa: ANN401 - any field of a subject
    events = EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="EMG 3",
        start_s=np.array([0.5, 2.0]),
        peak_s=np.array([0.51, 2.02]),
        end_s=np.array([0.53, 2.05]),
        peak=np.array([3e-4, -2e-4]),
    )
    discharges = DischargeTable(
        time_s=np.array([0.49, 1.99, 1.995]),
        motor_unit=np.array([7, 0, 3]),
        kind=np.array([1, 1, 0]),
        kinds=("voluntary", "fasciculation"),
        pool=np.array([0, 0, 1]),
        pools=("tibialis_anterior", "soleus"),
    )
    fields: dict[str, Any] = {
        "recording": _recording(int(label)),
        "task": "rest",
        "events": (events,),
        "discharges": discharges,
        "participant": {"condition": "healthy", "severity": 0.5, "seed": 3, "tremor_hz": None},
        "truth": {"peak_force_n": np.linspace(0.003, 0.034, 8)},
        "setup": EmgSetup(reference="far away", group="grid", interelectrode_distance_m=0.008),
    }
    return BidsSubject(label=label, **fields | changes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data set of all there is: truth or none, events or none, positions or none, sessions, runs, tasks."""
    place = tmp_path_factory.mktemp("bids") / "set"
    with BidsDataset.create(place, name="All there is", license_name="CC0", authors=("A", "B")) as data_set:
        data_set.add(_subject("001"))
        data_set.add(_subject("002", events=(), discharges=None, truth={}, recording=_recording(2, placed=False)))
        data_set.add(_subject("003", discharges=None))
        data_set.add(_subject("003", task="posture", run=2))
        pair = EmgSetup(reference="bipolar", space="shin", axes="Along the shin.", group="pair")
        setup = EmgSetup(reference="bipolar", group="grid", apart={"EMG 7": pair})
        data_set.add(_subject("004", recording=_quiet(4), events=(), setup=setup))
    return place


def _quiet(seed: int) -> Recording:
    full = _recording(seed)
    return Recording(name="quiet", format="array", channels=full.channels, source=full.source)


def test_the_public_validator_finds_nothing_but_an_unused_vocabulary(issues_of: IssuesOf, folder: Path) -> None:
    assert issues_of(folder) == [("warning", *UNUSED_HED)]


def test_the_public_validator_sees_the_truth_as_a_data_set_of_its_own(issues_of: IssuesOf, folder: Path) -> None:
    assert [issue for issue in issues_of(folder / "derivatives/truth") if issue[0] == "error"] == []


def test_the_public_validator_accepts_sessions_and_an_interrupted_data_set(issues_of: IssuesOf, tmp_path: Path) -> None:
    data_set = BidsDataset.create(tmp_path / "set", name="Sessions", license_name="CC0", authors=("A", "B"))
    data_set.add(_subject("001", session="before"))
    data_set.add(_subject("001", session="after"))
    leftover = data_set.folder / ".sub-002.part/raw/sub-002/emg"
    leftover.mkdir(parents=True)
    (leftover / "sub-002_task-rest_emg.edf").write_bytes(b"half a file")
    with (data_set.folder / "participants.tsv").open("a", encoding="utf-8") as file:
        file.write("sub-002\tn/a\tn/a\thealthy\t0.5\t3\tn/a\n")
    assert issues_of(data_set.folder) == [("warning", *UNUSED_HED)]


def test_the_public_validator_would_find_a_fault(issues_of: IssuesOf, tmp_path: Path) -> None:
    data_set = BidsDataset.create(tmp_path / "set", name="Broken", license_name="CC0", authors=("A", "B"))
    edf, *_ = sorted(path for path in data_set.add(_subject("001")) if path.suffix == ".edf")
    edf.with_name("sub-001_task-rest_emg.json").unlink()
    assert ("error", "SIDECAR_KEY_REQUIRED", "EMGReference") in issues_of(data_set.folder)


@pytest.fixture(scope="module")
def mne_bids() -> Iterator[ModuleType]:
    """Load mne-bids; what its dependencies warn of meanwhile is not about this program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield importlib.import_module("mne_bids")


def _read(mne_bids: ModuleType, folder: Path, label: str, **entities: Any) -> tuple[Any, list[str]]:  # noqa: ANN401 - mne has no types
    """Read a recording; mne-bids warns of each column and type of sensor that MNE has no name for."""
    names = {"task": "rest", "datatype": "emg", "suffix": "emg", "extension": ".edf"} | entities
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        raw = mne_bids.read_raw_bids(mne_bids.BIDSPath(root=folder, subject=label, **names), verbose="WARNING")
        raw.load_data()
    return raw, [str(warning.message) for warning in caught]


def test_mne_bids_reads_the_samples(mne_bids: ModuleType, folder: Path) -> None:
    raw, _ = _read(mne_bids, folder, "001")
    recording = _recording(1)
    assert raw.info["sfreq"] == EMG_HZ
    assert raw.ch_names == [channel.name for channel in recording.channels]
    assert raw.get_channel_types() == ["emg"] * N_EMG + ["misc"] * len(SENSORS)
    for channel, theirs in zip(recording.channels, raw.get_data(), strict=True):
        mine = recording.read(channel.name)
        step = 1.05 * np.ptp(mine) / 65535
        if channel.sampling_rate_hz == EMG_HZ:
            assert np.abs(theirs - mine).max() <= step
        else:  # MNE has one rate for all channels: slower ones are brought to the fastest
            every = round(EMG_HZ / SENSOR_HZ)
            assert theirs.size == mine.size * every
            assert np.corrcoef(theirs[::every], mine)[0, 1] > 0.999


def test_mne_bids_reads_the_events_as_annotations(mne_bids: ModuleType, folder: Path) -> None:
    raw, _ = _read(mne_bids, folder, "001")
    notes = raw.annotations
    assert list(notes.description) == ["fasciculation_potential", "cough", "fasciculation_potential"]
    assert notes.onset == pytest.approx([0.5, 1.0, 2.0])
    assert notes.duration == pytest.approx([0.03, 0.5, 0.05])
    assert [extra["channel"] for extra in notes.extras] == ["EMG 3", "n/a", "EMG 3"]
    assert float(notes.extras[2]["peak"]) == -2e-4


@pytest.mark.parametrize("entities", [{"label": "004"}, {"label": "003", "task": "posture", "run": "2"}])
def test_mne_bids_reads_every_kind_of_recording(mne_bids: ModuleType, folder: Path, entities: dict[str, str]) -> None:
    raw, _ = _read(mne_bids, folder, **entities)
    assert raw.n_times == EMG_HZ * DURATION_S
    assert len(raw.annotations) == (0 if entities["label"] == "004" else 3)


def test_mne_bids_warns_of_nothing_but_names_that_mne_does_not_have(mne_bids: ModuleType, folder: Path) -> None:
    _, said = _read(mne_bids, folder, "001")
    assert [sentence.split("\n")[0].split(" Type of")[0] for sentence in said] == [
        'No BIDS -> MNE mapping found for channel type "ACCEL".',
        'No BIDS -> MNE mapping found for channel type "GYRO".',
        "Unable to map the following column(s) to MNE:",
    ]


def test_mne_bids_finds_the_discharges(mne_bids: ModuleType, folder: Path) -> None:
    place = mne_bids.BIDSPath(
        root=folder / "derivatives/truth",
        subject="001",
        task="rest",
        datatype="emg",
        suffix="events",
        extension=".tsv",
    )
    found = mne_bids.events_file_to_annotation_kwargs(place.fpath)
    assert found["onset"] == pytest.approx([0.49, 1.99, 1.995])
    assert list(found["description"]) == ["fasciculation", "fasciculation", "voluntary"]
    assert [(extra["motor_unit"], extra["pool"]) for extra in found["extras"]] == [
        (7, "tibialis_anterior"),
        (0, "tibialis_anterior"),
        (3, "soleus"),
    ]
