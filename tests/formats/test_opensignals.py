"""Reading OpenSignals, text and HDF5: volts only where sensor, device and bits are said, counts with a warning else."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import h5py
import numpy as np
import pytest

from twitchwise.formats import known_formats, read_recording
from twitchwise.formats.opensignals import Input, bits_of, rate_of, start_of
from twitchwise.vocabulary import ChannelKind, Unit

Refuse = Callable[..., str]

BITALINO = {
    "sensor": ["EMG", "ACC"],
    "device name": "20:16:04",
    "column": ["nSeq", "I1", "O1", "A1", "A5"],
    "device": "bitalino_rev",
    "sampling rate": 1000,
    "resolution": [4, 1, 1, 10, 6],
    "label": ["A1", "A5"],
    "date": "2017-1-31",
    "time": "19:49:30.350",
}
ROWS = np.column_stack([np.arange(40) % 16, np.zeros(40), np.ones(40), np.arange(40) * 25, np.arange(40) % 64]).astype(
    int
)


def text(devices: dict[str, object], rows: np.ndarray[tuple[int, int], np.dtype[np.int64]], end: str = "\t") -> str:
    """Write a text file of OpenSignals."""
    lines = "".join("\t".join(map(str, row)) + f"{end}\n" for row in rows.tolist())
    return f"# OpenSignals Text File Format. Version 1\n# {json.dumps(devices)}\n# EndOfHeader\n{lines}"


def test_bitalino_is_in_volts_by_its_published_line(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(text({"20:16": BITALINO}, ROWS))
    recording = read_recording(tmp_path / "x.txt")
    emg, acc = recording.channels
    assert (recording.format, emg.name, emg.kind, emg.unit) == ("OpenSignals text", "A1", ChannelKind.EMG, Unit.VOLT)
    np.testing.assert_allclose(recording.read("A1"), (ROWS[:, 3] / 2**10 - 0.5) * 3.3 / 1009)
    assert emg.physical_range == pytest.approx((-3.3 / 1009 / 2, (1023 / 1024 - 0.5) * 3.3 / 1009))
    assert emg.resolution == pytest.approx(3.3 / 1009 / 1024)
    assert (acc.name, acc.kind, acc.unit, acc.physical_range) == (
        "A5",
        ChannelKind.ACCELERATION,
        Unit.COUNT,
        (0.0, 63.0),
    )
    assert recording.read("A5").tolist() == ROWS[:, 4].tolist()
    assert recording.start == datetime(2017, 1, 31, 19, 49, 30, 350000)  # noqa: DTZ001 - the file knows no zone
    assert recording.warnings == ("Samples are raw converter counts, so amplitudes stay in counts: A5.",)


@pytest.mark.parametrize(
    "said",
    [
        {"device": "other"},
        {"device": ""},
        {"sensor": ["RAW", "ACC"]},
        {"resolution": [4, 1, 1, 99, 6]},
        {"resolution": []},
    ],
)
def test_without_sensor_device_and_bits_counts_stay_counts(tmp_path: Path, said: dict[str, object]) -> None:
    (tmp_path / "x.txt").write_text(text({"20:16": BITALINO | said}, ROWS))
    recording = read_recording(tmp_path / "x.txt")
    assert recording.channels[0].unit is Unit.COUNT
    assert recording.read("A1").tolist() == ROWS[:, 3].tolist()
    assert any("raw converter counts" in warning for warning in recording.warnings)


def test_two_devices_stand_side_by_side(tmp_path: Path) -> None:
    plux = BITALINO | {"device": "biosignalsplux", "column": ["nSeq", "CH1"], "sensor": ["EMG"], "resolution": [16]}
    rows = np.column_stack([ROWS, ROWS[:, 0], np.arange(40) * 1000])
    (tmp_path / "x.txt").write_text(text({"a": BITALINO, "b": plux}, rows, end=""))
    recording = read_recording(tmp_path / "x.txt")
    assert [channel.name for channel in recording.channels] == ["A1", "A5", "CH1"]
    np.testing.assert_allclose(recording.read("CH1"), (rows[:, 6] / 2**16 - 0.5) * 3 / 1000, atol=1e-15)


def test_gaps_are_kept_and_said(tmp_path: Path) -> None:
    lines = text({"20:16": BITALINO}, ROWS, end="").splitlines()
    lines[10] = "\t".join([*lines[10].split("\t")[:3], "", "1"])
    (tmp_path / "x.txt").write_text("\n".join(lines) + "\n")
    recording = read_recording(tmp_path / "x.txt")
    assert np.isnan(recording.read("A1")).sum() == 1
    assert "A1: 1 of 40 cells are empty; they were kept as missing samples." in recording.warnings


@pytest.mark.parametrize(
    "header",
    [
        "{broken",
        "[1]",
        '{"a": 5}',
        '{"a": {"column": "x", "sampling rate": 100}}',
        '{"a": {"column": ["A1"], "sampling rate": 100}}',
        '{"a": {"column": ["nSeq", "A1"], "sensor": ["EMG", "EMG", "EMG"]}}',
    ],
)
def test_a_header_that_does_not_fit_is_left_to_the_plain_table(tmp_path: Path, header: str) -> None:
    rows = "".join(f"{i}\t{i * 3}\n" for i in range(20))
    (tmp_path / "x.txt").write_text(f"# OpenSignals Text File Format\n# {header}\n# EndOfHeader\n{rows}")
    assert read_recording(tmp_path / "x.txt", sampling_rate_hz=100.0).format == "CSV or text table"


def test_a_text_of_opensignals_is_not_left_to_the_plain_table() -> None:
    taking = [format_.name for format_ in known_formats() if ".txt" in format_.suffixes]
    assert taking.index("OpenSignals text") < taking.index("CSV or text table")
    assert taking.index("Delsys text export") < taking.index("CSV or text table")


def test_a_broken_row_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.txt").write_text(text({"20:16": BITALINO}, ROWS, end="") + "1\t2\n")
    assert "must have 5 cells like the first row" in refuse(tmp_path / "x.txt")
    (tmp_path / "x.txt").write_text(text({"20:16": BITALINO | {"sampling rate": None}}, ROWS))
    assert "pass it with --sampling-rate" in refuse(tmp_path / "x.txt")


@pytest.mark.parametrize(
    ("device", "span_v"),
    [("biosignalsplux", 3 / 1000), ("channeller", 3 / 1000), ("bitalino", 3.3 / 1008), ("BITalino_riot ", 3.3 / 1009)],
)
@pytest.mark.parametrize("bits", [6, 10, 12, 16])
def test_the_line_runs_from_one_end_of_the_converter_to_the_other(device: str, span_v: float, bits: int) -> None:
    gain, offset = Input(name="x", sensor="EMG", device=device, bits=bits, rate_hz=None).line
    assert offset == pytest.approx(-span_v / 2)
    assert 2 ** (bits - 1) * gain + offset == pytest.approx(0.0, abs=1e-18)
    assert 2**bits * gain + offset == pytest.approx(span_v / 2)


def test_what_a_header_cannot_mean_is_nothing() -> None:
    assert [rate_of(value) for value in (1000, 1e9, -1, "fast", True, float("nan"))] == [1000.0, *[None] * 5]
    assert [bits_of(value) for value in (16, 99, None, "x", 0)] == [16, 0, 0, 0, 0]
    assert start_of("2019-10-15", "17:7:28") == datetime(2019, 10, 15, 17, 7, 28)  # noqa: DTZ001 - no zone
    assert start_of("", None) is None


def write_h5(path: Path, *, counter: object = None, **said: object) -> None:
    """Write an HDF5 file as OpenSignals does, with one device and two channels."""
    with h5py.File(path, "w") as h5:
        device = h5.create_group("00:07:80")
        attributes = {
            "device": "biosignalsplux",
            "sampling rate": np.int32(1000),
            "resolution": np.array([16, 12], dtype="i4"),
            "channels": np.array([10, 2], dtype="i4"),
            "date": "2019-10-15",
            "time": "17:7:28.685",
        } | said
        for name, value in attributes.items():
            if value is not None:
                device.attrs[name] = value
        raw = device.create_group("raw")
        for number, sensor in ((10, "EMG"), (2, "EMG")):
            numbers = np.arange(3000, dtype="u2")[:, np.newaxis] % 4096
            raw.create_dataset(f"channel_{number}", data=numbers, chunks=(1024, 1)).attrs["sensor"] = sensor
        raw["channel_10"].attrs["label"] = "calf"
        stamps = np.arange(3000) % 65536 if counter is None else np.asarray(counter)
        raw.create_dataset("nSeq", data=stamps.astype("u2")[:, np.newaxis], chunks=(1024, 1))
        raw["words"] = np.array([b"ab"])
        h5.create_group("other")


def test_hdf5_gives_each_channel_its_own_bits(tmp_path: Path) -> None:
    write_h5(tmp_path / "x.h5")
    recording = read_recording(tmp_path / "x.h5")
    counts = np.arange(3000) % 4096
    assert [channel.name for channel in recording.channels] == ["calf", "channel_2"]
    np.testing.assert_allclose(recording.read("calf"), (counts / 2**16 - 0.5) * 3 / 1000)
    np.testing.assert_allclose(recording.read("channel_2", 2.0, 2.5), (counts[2000:2500] / 2**12 - 0.5) * 3 / 1000)
    assert recording.start == datetime(2019, 10, 15, 17, 7, 28, 685000)  # noqa: DTZ001 - the file knows no zone
    assert recording.warnings == ()


@pytest.mark.parametrize(
    "said", [{"device": "new"}, {"resolution": None}, {"resolution": np.array([16, 12, 10])}, {"device": None}]
)
def test_hdf5_without_device_or_bits_stays_in_counts(tmp_path: Path, said: dict[str, object]) -> None:
    write_h5(tmp_path / "x.h5", **said)
    recording = read_recording(tmp_path / "x.h5")
    assert {channel.unit for channel in recording.channels} == {Unit.COUNT}


def test_one_resolution_for_all_is_taken_for_each(tmp_path: Path) -> None:
    write_h5(tmp_path / "x.h5", resolution=np.array([16], dtype="i4"))
    assert {channel.resolution for channel in read_recording(tmp_path / "x.h5").channels} == {3 / 1000 / 2**16}


@pytest.mark.parametrize(("cycle", "lost"), [(16, 0), (4096, 0), (16, 3), (65536, 700)])
def test_samples_that_the_counter_shows_to_be_lost_are_said(tmp_path: Path, cycle: int, lost: int) -> None:
    counter = np.arange(3000)
    counter[1500:] += lost
    write_h5(tmp_path / "x.h5", counter=counter % cycle)
    said = [warning for warning in read_recording(tmp_path / "x.h5").warnings if "counter" in warning]
    assert bool(said) == bool(lost)
    assert not lost or f"{lost} samples to be lost" in said[0]


def test_another_hdf5_file_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as h5:
        h5["emg"] = np.arange(3)
    assert "must hold a device with the group 'raw', as OpenSignals writes it, got ['emg']" in refuse(tmp_path / "x.h5")
    write_h5(tmp_path / "x.hdf5", **{"sampling rate": None})
    assert "pass it with --sampling-rate" in refuse(tmp_path / "x.hdf5")
    (tmp_path / "y.h5").write_bytes(b"1,2")
    assert "must begin like OpenSignals HDF5" in refuse(tmp_path / "y.h5")


def test_hdf5_data_that_break_are_refused_when_they_are_read(tmp_path: Path) -> None:
    write_h5(tmp_path / "x.h5")
    recording = read_recording(tmp_path / "x.h5")
    (tmp_path / "x.h5").write_bytes((tmp_path / "x.h5").read_bytes()[:3000])
    with pytest.raises(Exception, match="must be a whole HDF5 file"):
        recording.read("calf")


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "channels"), [("emg_bursts", 1), ("emg_1000_hz_16_bits", 2)])
def test_real_files_hold_what_h5py_reads_in_volts(shared_data: Path, name: str, channels: int) -> None:
    path = shared_data / "emg" / f"{name}.h5"
    recording = read_recording(path)
    assert len(recording.of_kind(ChannelKind.EMG)) == channels
    emg = recording.channels[0]
    with h5py.File(path) as h5:
        device = h5[next(iter(h5))]
        key = next(key for key in device["raw"] if key != "nSeq")
        counts = device["raw"][key][:, 0].astype(float)
    np.testing.assert_allclose(recording.read(emg.name), (counts / 2**16 - 0.5) * 3 / 1000, atol=1e-15)
    assert (emg.unit, emg.sampling_rate_hz, recording.warnings) == (Unit.VOLT, 1000.0, ())
    assert 1e-5 < recording.read(emg.name).std() < 1e-3
