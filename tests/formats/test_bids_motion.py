"""Movement of BIDS data sets: its tables are used, its clock is judged, and whatever is wrong is one sentence."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.formats.bids_samples import KeptSamples, rows_of_table
from twitchwise.formats.bids_tracked import place_in
from twitchwise.vocabulary import ChannelKind, Side, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 100.0
NAME = "sub-01_task-rest_tracksys-imu_motion.tsv"
IMU = [
    {"name": f"leftThigh_{kind}_{axis}", "component": axis, "type": kind, "tracked_point": "leftThigh", "units": unit}
    for kind, unit in (("ACCEL", "g"), ("GYRO", "deg/s"))
    for axis in "xyz"
]


def imu_samples(n_samples: int = 500) -> FloatArray:
    times_s = np.arange(n_samples) / RATE_HZ
    still = np.stack([0 * times_s, 0.01 * np.sin(20 * times_s), 1 + 0 * times_s], axis=1)
    return np.hstack([still, 90 * still])


def lines(samples: FloatArray, missing: str = "n/a") -> str:
    return "".join(
        "\t".join(missing if math.isnan(number) else f"{number:.9g}" for number in row) + "\n"
        for row in samples.tolist()
    )


def write(
    folder: Path,
    channels: Sequence[Mapping[str, object]],
    samples: FloatArray | str,
    **fields: object,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(column for row in channels for column in row))
    table = [columns, *([str(row.get(column, "n/a")) for column in columns] for row in channels)]
    (folder / NAME.replace("motion", "channels")).write_text("".join("\t".join(row) + "\n" for row in table))
    (folder / NAME.replace(".tsv", ".json")).write_text(json.dumps({"SamplingFrequency": RATE_HZ, **fields}))
    path = folder / NAME
    path.write_text(samples if isinstance(samples, str) else lines(samples))
    return path


def test_what_the_table_of_channels_says_is_used(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, IMU, imu_samples()))
    kinds = [(channel.kind, channel.unit, channel.array) for channel in recording.channels]
    acceleration = (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, "leftThigh_ACCEL")
    turning = (ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND, "leftThigh_GYRO")
    assert kinds == [acceleration] * 3 + [turning] * 3
    assert {(channel.site, channel.side, channel.sampling_rate_hz) for channel in recording.channels} == {
        ("thigh", Side.LEFT, RATE_HZ)
    }
    np.testing.assert_allclose(recording.read("leftThigh_ACCEL_z"), 9.80665, rtol=1e-6)
    np.testing.assert_allclose(recording.read("leftThigh_GYRO_z"), np.pi / 2, rtol=1e-6)
    assert any("includes gravity" in note for note in recording.notes)
    assert [note.text for note in recording.annotations] == ["task: rest"]
    assert recording.warnings == ()


def test_axes_are_put_in_order_and_two_sensors_at_one_point_stay_two(tmp_path: Path) -> None:
    rows = [
        {"name": f"{sensor} {axis}", "component": axis, "type": "ACCEL", "tracked_point": "wrist", "units": "m/s^2"}
        for axis in "zxy"
        for sensor in ("raw", "linear")
    ]
    samples = np.tile(np.arange(6.0), (50, 1))
    recording = read_recording(write(tmp_path, rows, samples))
    assert [channel.name for channel in recording.channels] == [
        *("raw x", "raw y", "raw z"),
        *("linear x", "linear y", "linear z"),
    ]
    assert [recording.read(channel.name)[0] for channel in recording.channels] == [2, 4, 0, 3, 5, 1]
    assert [channel.array for channel in recording.channels] == ["raw"] * 3 + ["linear"] * 3


def test_every_type_of_channel_becomes_a_kind_in_si(tmp_path: Path) -> None:
    rows = [
        {"name": "marker", "component": "x", "type": "POS", "tracked_point": "rWrist", "units": "mm"},
        {"name": "knee", "component": "n/a", "type": "JNTANG", "tracked_point": "knee", "units": "deg"},
        {"name": "fast", "component": "x", "type": "VEL", "tracked_point": "hand", "units": "m/s"},
        {"name": "turn", "component": "quat_x", "type": "ORNT", "tracked_point": "Rigid1", "units": "n/a"},
        {"name": "field", "component": "x", "type": "MAGN", "tracked_point": "Rigid1", "units": "T"},
        {"name": "grip force", "component": "n/a", "type": "MISC", "tracked_point": "n/a", "units": "N"},
        {"name": "confidence", "component": "n/a", "type": "MISC", "tracked_point": "n/a", "units": "n/a"},
    ]
    recording = read_recording(write(tmp_path, rows, np.tile([1000.0, 180, 2, 0.5, 1e-5, 3, 1], (20, 1))))
    found = {
        channel.name: (channel.kind, channel.unit, recording.read(channel.name)[0]) for channel in recording.channels
    }
    other = ChannelKind.OTHER
    assert found == {
        "marker": (ChannelKind.DISPLACEMENT, Unit.METER, 1.0),
        "knee": (ChannelKind.ANGLE, Unit.RADIAN, pytest.approx(np.pi)),
        "fast": (other, Unit.METER_PER_SECOND, 2.0),
        "turn": (other, Unit.UNKNOWN, 0.5),
        "field": (other, Unit.UNKNOWN, pytest.approx(1e-5)),
        "grip force": (ChannelKind.FORCE, Unit.NEWTON, 3.0),
        "confidence": (other, Unit.UNKNOWN, 1.0),
    }
    assert (recording.channel("marker").site, recording.channel("marker").side) == ("wrist", Side.RIGHT)


@pytest.mark.parametrize(
    ("placement", "point", "place"),
    [
        ("left soleus", "Rigid1", ("soleus", Side.LEFT)),
        ("", "RightUpperArm", ("upper arm", Side.RIGHT)),
        ("", "lHand", ("hand", Side.LEFT)),
        ("", "obst1", (None, None)),
        ("wrist", "", ("wrist", None)),
        ("Rigid1", "head", ("head", None)),
        ("midline sternum", "", ("sternum", Side.MIDLINE)),
        ("", "pocket", (None, None)),
    ],
)
def test_places_are_told_from_plain_words(placement: str, point: str, place: tuple[str | None, Side | None]) -> None:
    assert place_in(placement, point) == place


def test_the_rate_that_was_reached_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path, IMU, imu_samples(), SamplingFrequencyEffective=99.5)
    assert read_recording(path).channels[0].sampling_rate_hz == 99.5
    path = write(tmp_path, [row | {"sampling_frequency": 50} for row in IMU], imu_samples(), SamplingFrequency="n/a")
    assert read_recording(path).channels[0].sampling_rate_hz == 50


def test_a_rate_that_nobody_says_is_asked_for(tmp_path: Path, refuse: Callable[..., str]) -> None:
    path = write(tmp_path, IMU, imu_samples(), SamplingFrequency="n/a")
    assert "must say its sampling rate" in refuse(path)
    assert read_recording(path, sampling_rate_hz=80).channels[0].sampling_rate_hz == 80


def with_times(times_s: FloatArray, samples: FloatArray) -> tuple[list[dict[str, str]], FloatArray]:
    rows = [*IMU, {"name": "when", "component": "n/a", "type": "LATENCY", "tracked_point": "n/a", "units": "s"}]
    return rows, np.column_stack([samples, times_s])


def test_times_of_samples_give_the_rate_and_are_no_channel(tmp_path: Path) -> None:
    rows, samples = with_times(np.arange(500) / 50, imu_samples())
    recording = read_recording(write(tmp_path, rows, samples))
    assert {(channel.sampling_rate_hz, channel.n_samples) for channel in recording.channels} == {(50.0, 500)}
    assert len(recording.channels) == len(IMU)
    assert any("gives 100 Hz where the times of its samples give 50 Hz" in said for said in recording.warnings)


def test_a_gap_in_the_times_stays_a_gap(tmp_path: Path) -> None:
    times_s = np.arange(500) / RATE_HZ
    times_s[300:] += 1.0
    recording = read_recording(write(tmp_path, *with_times(times_s, imu_samples())))
    samples = recording.read("leftThigh_ACCEL_y")
    assert samples.size == 600
    assert np.isnan(samples[300:400]).all()
    np.testing.assert_allclose(samples[400:], 9.80665 * imu_samples()[300:, 1], atol=1e-6)


def test_uneven_samples_are_drawn_on_an_even_clock(tmp_path: Path) -> None:
    times_s = np.sort(np.arange(500) / RATE_HZ + np.random.default_rng(1).uniform(-0.002, 0.002, 500))
    samples = np.tile(np.sin(4 * times_s)[:, None], (1, 6))
    recording = read_recording(write(tmp_path, *with_times(times_s - times_s[0], samples)))
    channel = recording.channel("leftThigh_GYRO_x")
    found = recording.read("leftThigh_GYRO_x")
    even_s = times_s[0] + np.arange(found.size) / channel.sampling_rate_hz
    np.testing.assert_allclose(found[5:-5], np.pi / 180 * np.sin(4 * even_s)[5:-5], atol=2e-5)


@pytest.mark.parametrize("missing", ["n/a", "NaN", "nan", ""])
def test_missing_samples_are_missing(tmp_path: Path, missing: str) -> None:
    samples = imu_samples(50)
    samples[3, 1] = np.nan
    recording = read_recording(write(tmp_path, IMU, lines(samples, missing)))
    found = recording.read("leftThigh_ACCEL_y")
    assert np.flatnonzero(np.isnan(found)).tolist() == [3]


def test_a_number_that_stands_for_missing_samples_is_taken_so(tmp_path: Path) -> None:
    samples = imu_samples(50)
    samples[3:5] = -99
    recording = read_recording(write(tmp_path, IMU, samples, MissingValues="-99"))
    assert np.flatnonzero(np.isnan(recording.read("leftThigh_ACCEL_y"))).tolist() == [3, 4]
    assert any("Samples of -99 were taken as missing" in said for said in recording.warnings)


def test_a_line_of_names_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    names = "\t".join(row["name"] for row in IMU) + "\n"
    recording = read_recording(write(tmp_path, IMU, names + lines(imu_samples(50))))
    assert recording.channels[0].n_samples == 50
    assert any("first line holds names" in said for said in recording.warnings)


def test_bad_channels_are_set_aside(tmp_path: Path) -> None:
    rows = [IMU[0] | {"status": "bad", "status_description": "loose"}, *(row | {"status": "good"} for row in IMU[1:])]
    recording = read_recording(write(tmp_path, rows, imu_samples(50)))
    assert recording.channel("leftThigh_ACCEL_x").kind is ChannelKind.OTHER
    assert any("leftThigh_ACCEL_x (loose)" in said for said in recording.warnings)


def test_tables_of_the_folders_above_count_too(tmp_path: Path) -> None:
    path = write(tmp_path / "set/sub-01/motion", IMU, imu_samples(50))
    (tmp_path / "set/dataset_description.json").write_text('{"Name": "x", "BIDSVersion": "1.10.0"}')
    path.with_name(NAME.replace("motion", "channels")).rename(tmp_path / "set/tracksys-imu_channels.tsv")
    path.with_name(NAME.replace(".tsv", ".json")).rename(tmp_path / "set/task-rest_motion.json")
    assert len(read_recording(path).channels) == 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\t2\t3\n", "line 1 must have 6 cells, one for each channel, got 3"),
        (lines(imu_samples(3)) + "1\t2\t3\t4\t5\tx\n", "line 4 must hold finite numbers, got 'x'"),
        ("1\t2\t3\t4\t5\t1e39\n", "line 1 must hold finite numbers, got '1e39'"),
        ("1\t2\t3\t4\t5\tinf\n", "line 1 must hold finite numbers, got 'inf'"),
        ("\n\n", "must hold at least one sample, got none"),
        ("/annex/objects/MD5E-s1--1.tsv\n", "line 1 must have 6 cells"),
    ],
)
def test_rows_that_do_not_fit_are_named(tmp_path: Path, refuse: Callable[..., str], text: str, sentence: str) -> None:
    assert sentence in refuse(write(tmp_path, IMU, text))


def test_a_unit_that_cannot_be_is_refused(tmp_path: Path, refuse: Callable[..., str]) -> None:
    sentence = refuse(write(tmp_path, [row | {"units": "V"} for row in IMU], imu_samples(50)))
    assert "unit of leftThigh_ACCEL must be one like m/s2, g or rad/s, got 'V'" in sentence


def test_a_unit_that_is_not_said_is_told_by_the_samples(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, [row | {"units": "n/a"} for row in IMU[:3]], imu_samples()[:, :3]))
    np.testing.assert_allclose(recording.read("leftThigh_ACCEL_z"), 9.80665, rtol=1e-6)


def test_times_alone_are_no_recording(tmp_path: Path, refuse: Callable[..., str]) -> None:
    rows = [{"name": "when", "type": "LATENCY", "units": "s"}]
    assert "beside its times" in refuse(write(tmp_path, rows, np.arange(9.0)[:, None]))


def test_a_table_without_names_of_its_channels_is_refused(tmp_path: Path, refuse: Callable[..., str]) -> None:
    path = write(tmp_path, IMU, imu_samples())
    path.with_name(NAME.replace("motion", "channels")).unlink()
    assert "must have a channels.tsv that names its columns" in refuse(path)


def test_many_samples_go_to_disk_and_come_back_whatever_is_asked_for() -> None:
    kept, rng = KeptSamples(3), np.random.default_rng(2)
    kept._file._max_size = 1000  # type: ignore[attr-defined] # so that few are many
    whole = rng.normal(size=(1000, 3)).astype(np.float32)
    for part in np.array_split(whole, [10, 300, 301, 999]):
        kept.add(part.T, len(part))
    for start, stop in ((0, 1000), (9, 11), (300, 301), (5, 5), (990, 2000), (299, 999)):
        np.testing.assert_array_equal(kept.read(1, start, stop), whole[start:stop, 1])


def test_rows_are_the_same_however_the_file_is_cut_into_pieces() -> None:
    class InPieces:
        def __init__(self, data: bytes, size: int) -> None:
            self.data, self.size = data, size

        def read(self, size: int, /) -> bytes:
            return self.cut(min(size, self.size))

        def readline(self, size: int, /) -> bytes:
            return self.cut(min(size, self.data.find(b"\n") + 1 or len(self.data)))

        def cut(self, size: int) -> bytes:
            gone, self.data = self.data[:size], self.data[size:]
            return gone

    samples = imu_samples(40)
    samples[7, 2] = np.nan
    data = lines(samples).encode()
    for size in (1, 17, 4096):
        found = np.concatenate([rows for rows, _ in rows_of_table(InPieces(data, size), ["a"] * 6, "x")])
        np.testing.assert_allclose(found, samples, rtol=1e-8)
