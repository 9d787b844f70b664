"""Real recordings open, and hold what is known of them."""

from pathlib import Path
from types import ModuleType

import edfio
import numpy as np
import pytest
import scipy.io

from twitchwise.formats import read_recording, write_edf
from twitchwise.vocabulary import ChannelKind, Electrode, Unit, UnreadableRecordingError

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize(("name", "duration_s"), [("healthy", 12.715), ("myopathy", 27.58425), ("neuropathy", 36.9645)])
def test_needle_recordings_are_those_of_wfdb(wfdb: ModuleType, shared_data: Path, name: str, duration_s: float) -> None:
    path = shared_data / "emg" / "physionet_emgdb" / f"emg_{name}"
    recording = read_recording(path)
    (emg,) = recording.channels
    assert (emg.kind, emg.unit, emg.electrode) == (ChannelKind.EMG, Unit.VOLT, Electrode.NEEDLE)
    assert (emg.sampling_rate_hz, emg.duration_s) == (4000.0, duration_s)
    np.testing.assert_allclose(recording.read("EMG"), wfdb.rdrecord(str(path)).p_signal[:, 0] * 1e-3, rtol=1e-12)
    assert recording.warnings == ()


def test_every_bids_recording_opens(shared_data: Path) -> None:
    paths = sorted((shared_data / "emg" / "bids").rglob("*.edf"))
    assert len(paths) == 6
    for path in paths:
        recording = read_recording(path)
        theirs = edfio.read_edf(path)
        assert len(recording.of_kind(ChannelKind.EMG)) == len(theirs.signals)
        assert all(channel.site for channel in recording.channels)
        first, last = recording.channels[0], recording.channels[-1]
        np.testing.assert_allclose(recording.read(first.name), theirs.signals[0].data * 1e-6, rtol=1e-12)
        np.testing.assert_allclose(recording.read(last.name), theirs.signals[-1].data * 1e-6, rtol=1e-12)


def test_the_biosppy_table_is_that_of_loadtxt(shared_data: Path) -> None:
    path = shared_data / "emg" / "biosppy_emg.txt"
    recording = read_recording(path)
    (emg,) = recording.channels
    assert (emg.unit, emg.sampling_rate_hz, emg.physical_range) == (Unit.COUNT, 1000.0, (0.0, 4095.0))
    assert recording.read("EMG").tolist() == np.loadtxt(path).tolist()


def test_the_openhdemg_sample_holds_its_channels_and_discharges(shared_data: Path) -> None:
    path = shared_data / "emg" / "openhdemg_vastus_lateralis.mat"
    recording = read_recording(path)
    emg = recording.of_kind(ChannelKind.EMG)
    data = scipy.io.loadmat(path, simplify_cells=True)["Data"].astype(float)
    assert (len(emg), recording.duration_s, emg[0].site) == (64, 32.5, "Vastus Lateralis")
    assert recording.read(emg[40].name).tolist() == (data[:, 40] * 1e-6).tolist()
    assert recording.of_kind(ChannelKind.FORCE)[0].unit is Unit.PERCENT
    texts = [note.text for note in recording.annotations]
    assert sorted(texts.count(text) for text in set(texts)) == [137, 154, 197, 292, 293]


def test_the_openhdemg_sample_survives_edf(shared_data: Path, tmp_path: Path) -> None:
    recording = read_recording(shared_data / "emg" / "openhdemg_vastus_lateralis.mat")
    write_edf(recording, tmp_path / "x.edf")
    back = read_recording(tmp_path / "x.edf")
    assert len(back.annotations) == len(recording.annotations)
    for channel in back.channels:
        error = np.abs(back.read(channel.name) - recording.read(channel.name)).max()
        assert error <= (channel.resolution or 0.0)


def test_a_table_of_a_phone_asks_for_its_rate(shared_data: Path) -> None:
    path = next((shared_data / "motion" / "pdkit_phone").glob("T_-_REST*.csv"))
    with pytest.raises(UnreadableRecordingError, match="pass it with --sampling-rate"):
        read_recording(path)
    recording = read_recording(path, sampling_rate_hz=100.0)
    assert len(recording.channels) == 4
    assert any("rises from row to row" in warning for warning in recording.warnings)
