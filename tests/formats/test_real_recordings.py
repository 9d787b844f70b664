"""Real recordings open, and hold what is known of them."""

from pathlib import Path
from types import ModuleType

import edfio
import numpy as np
import pytest
import scipy.io

from twitchwise.formats import read_recording, write_edf
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit

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


def test_tables_of_a_phone_say_their_clock_unit_task_and_side(shared_data: Path) -> None:
    found = {}
    for path in sorted((shared_data / "motion" / "pdkit_phone").glob("T_*.csv")):
        recording = read_recording(path)
        stamps = np.loadtxt(path, delimiter=",", usecols=0)
        rate_hz = 1e9 * (stamps.size - 1) / (stamps[-1] - stamps[0])
        assert recording.channels[0].sampling_rate_hz == pytest.approx(rate_hz, rel=1e-3)
        assert recording.channels[0].unit is Unit.METER_PER_SECOND_SQUARED
        assert any("is in m/s2 and includes gravity" in said for said in recording.notes)
        assert any(
            "The clock is in nanoseconds; samples come at 100" in said or "99.9" in said for said in recording.notes
        )
        assert recording.warnings == ()
        found[path.name.split("_-_")[1], recording.channels[0].side] = [note.text for note in recording.annotations]
    assert found == {
        ("KINETIC_TREMOR_OF_HANDS", Side.LEFT): ["task: action"],
        ("REST_TREMOR_AMPLITUDE", Side.LEFT): ["task: rest"],
        ("REST_TREMOR_AMPLITUDE", Side.RIGHT): ["task: rest"],
    }


def test_records_of_an_iphone_are_in_g_with_gravity(shared_data: Path) -> None:
    recording = read_recording(shared_data / "motion" / "pdkit_phone" / "mpower_tremor.json")
    assert recording.channels[0].sampling_rate_hz == pytest.approx(102.61, rel=1e-3)
    assert any("is in g and includes gravity" in said for said in recording.notes)
    assert recording.read("accelerometer y")[0] == pytest.approx(0.7629547119140625 * 9.80665, rel=1e-6)


def test_a_watch_is_read_from_any_of_its_files(shared_data: Path) -> None:
    folder = shared_data / "motion" / "paradigma_watch"
    theirs = np.fromfile(folder / "gyroscope_values.bin").reshape(-1, 3)
    for name in ("", "gyroscope_meta.json", "gyroscope_values.bin", "gyroscope_time.bin"):
        recording = read_recording(folder / name)
        assert [channel.name for channel in recording.channels] == ["gyroscope x", "gyroscope y", "gyroscope z"]
        assert (recording.channels[0].sampling_rate_hz, recording.channels[0].n_samples) == (100.0, 73079)
        np.testing.assert_allclose(recording.read("gyroscope y"), np.deg2rad(theirs[:, 1]), rtol=1e-6)
        assert any("accelerometer_meta.json are not there" in said for said in recording.warnings)
