"""What belongs to one recording is read together and listed once: exports of apps, TSDF sets, records in JSON."""

import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import is_recording_folder, read_recording
from twitchwise.formats.folder import files_of, recordings_in
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

Refuse = Callable[..., str]
ONE_G = 9.80665
FIRST_NS = 1698501144401773000


def rows(times_s: FloatArray, *, gravity_mps2: float = ONE_G) -> FloatArray:
    """Return acceleration in m/s2: still for 4 s, then shaking at 5 Hz along x."""
    shaking = np.where(times_s > 4, np.sin(2 * np.pi * 5 * times_s), 0.0)
    return np.asarray(np.stack([shaking, 0 * shaking, 0 * shaking + gravity_mps2], axis=1), dtype=np.float64)


def sensor_logger_table(times_s: FloatArray, values: FloatArray) -> str:
    lines = ["time,seconds_elapsed,z,y,x"]
    for time, (x, y, z) in zip(times_s, values, strict=True):
        lines.append(f"{FIRST_NS + round(time * 1e9)},{time:.9f},{z},{y},{x}")
    return "\n".join(lines) + "\n"


def sensor_logger(standardized: str = "false") -> dict[str, str]:
    """Return the tables of an export: phone at 100 and 200 Hz from before the start on, a watch at 50 Hz."""
    slow, fast = np.arange(1200) / 100 - 0.05, np.arange(2400) / 200 + 0.013
    watch = np.arange(600) / 50 + 0.2
    one_g = 1.0 if standardized == "false" else ONE_G
    worn = rows(watch, gravity_mps2=0) * one_g / ONE_G
    names = [f"{name}{axis}" for name in ("rotationRate", "gravity", "acceleration") for axis in "XYZ"]
    lines = [",".join(["time", "seconds_elapsed", *names])]
    for time, row in zip(watch, worn, strict=True):
        lines.append(f"{FIRST_NS + round(time * 1e9)},{time},0.1,0.2,0.3,0,0,{-one_g},{','.join(map(str, row))}")
    return {
        "Accelerometer.csv": sensor_logger_table(slow, rows(slow, gravity_mps2=0)),
        "TotalAcceleration.csv": sensor_logger_table(slow, rows(slow)),
        "Gravity.csv": sensor_logger_table(slow, rows(slow) - rows(slow, gravity_mps2=0)),
        "AccelerometerUncalibrated.csv": sensor_logger_table(slow, rows(slow) * one_g / ONE_G),
        "Gyroscope.csv": sensor_logger_table(fast, rows(fast, gravity_mps2=0.1)),
        "WristMotion.csv": "\n".join(lines) + "\n",
        "Orientation.csv": "time,seconds_elapsed,yaw,qx,qz,roll,qw,qy,pitch\n1,0.1,1,2,3,4,5,6,7\n",
        "Annotation.csv": f"time,seconds_elapsed,text,millisecond_press_duration\n{FIRST_NS},3.5,it starts,120\n",
        "Metadata.csv": f"version,device name,platform,standardisation\n3,iPhone 15,ios,{standardized}\n",
    }


def as_folder(folder: Path, tables: dict[str, str]) -> Path:
    for name, text in tables.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def as_archive(path: Path, tables: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
        archive.writestr("__MACOSX/._Accelerometer.csv", b"\0\1")
    return path


@pytest.mark.parametrize("standardized", ["false", "true"])
@pytest.mark.parametrize("is_folder", [True, False])
def test_an_export_of_sensor_logger_is_one_recording(tmp_path: Path, standardized: str, *, is_folder: bool) -> None:
    tables = sensor_logger(standardized)
    path = as_folder(tmp_path / "a", tables) if is_folder else as_archive(tmp_path / "2023-10-28_13-52-24.zip", tables)
    recording = read_recording(path)
    arrays = list(dict.fromkeys(channel.array for channel in recording.channels))
    assert arrays == [
        "accelerometer",
        "uncalibrated accelerometer",
        "gyroscope",
        "total accelerometer",
        "watch gyroscope",
        "watch accelerometer",
    ]
    times_s = np.arange(1200) / 100 - 0.05
    for name, gravity in (("", 0.0), ("total ", ONE_G), ("uncalibrated ", ONE_G)):
        read = np.stack([recording.read(f"{name}accelerometer {axis}") for axis in "xyz"], axis=1)
        assert np.nanmax(np.abs(read - rows(times_s, gravity_mps2=gravity))) < 1e-5
    worn = recording.read("watch accelerometer x")
    assert np.isnan(worn[:12]).all()  # the watch began a quarter of a second later
    truth = rows(np.arange(worn.size) / 50 - 0.05, gravity_mps2=0)[:, 0]
    late = np.arange(worn.size) > 230
    assert np.nanmax(np.abs(worn - truth)[late]) < 0.05
    assert [(note.text, round(note.start_s, 3)) for note in recording.annotations] == [("it starts", 3.55)]
    assert recording.start is not None
    assert recording.start.isoformat(timespec="milliseconds") == "2023-10-28T13:52:24.351"
    assert recording.warnings == ()
    assert "The recording is from iPhone 15." in recording.notes
    assert any("Tables without movement were left out" in said for said in recording.notes)


def test_folders_of_apps_and_sets_are_listed_once(tmp_path: Path) -> None:
    as_folder(tmp_path / "night", sensor_logger())
    as_folder(tmp_path / "more", {"x.csv": sensor_logger()["Accelerometer.csv"]})
    tsdf(tmp_path / "watch")
    found = [path.relative_to(tmp_path).as_posix() for path in recordings_in(tmp_path)]
    assert found == ["more/x.csv", "night", "watch/a_meta.json"]
    assert len(files_of(tmp_path / "night")) == 1 + len(sensor_logger())
    names = ["a_meta.json", "a_time.bin", "a_values.bin", "b_meta.json", "b_time.bin", "b_values.bin"]
    assert sorted(path.name for path in files_of(tmp_path / "watch" / "a_meta.json")) == names
    assert recordings_in(tmp_path / "night") == [tmp_path / "night"]
    assert is_recording_folder(tmp_path / "night")
    assert not any(map(is_recording_folder, (tmp_path, tmp_path / "watch", tmp_path / "more" / "x.csv")))


def test_two_tables_of_sensor_logger_without_metadata_are_one_recording(tmp_path: Path) -> None:
    tables = sensor_logger()
    names = ("Accelerometer.csv", "Gyroscope.csv")
    recording = read_recording(as_folder(tmp_path / "a", {name: tables[name] for name in names}))
    assert {channel.array for channel in recording.channels} == {"accelerometer", "gyroscope"}


def phyphox(delimiter: str) -> dict[str, str]:
    times_s = np.arange(1200) / 100
    decimal = "," if delimiter == ";" else "."
    lines = [delimiter.join(f'"{name}"' for name in ("Time (s)", "X (m/s^2)", "Y (m/s^2)", "Z (m/s^2)"))]
    for time, row in zip(times_s, rows(times_s), strict=True):
        lines.append(delimiter.join(f"{number:.9E}".replace(".", decimal) for number in (time, *row)))
    events = [("START", 0.0, 1704190000.123), ("PAUSE", 5.0, 1704190005.123), ("START", 5.0, 1704190009.5)]
    events.append(("PAUSE", 12.0, 1704190016.5))
    meta = [delimiter.join(f'"{name}"' for name in ("event", "experiment time", "system time", "system time text"))]
    meta += [
        delimiter.join([f'"{event}"', f"{then}".replace(".", decimal), f"{now:.3f}".replace(".", decimal), '"x"'])
        for event, then, now in events
    ]
    return {
        "Accelerometer.csv": "\n".join(lines) + "\n",
        "meta/time.csv": "\n".join(meta) + "\n",
        "meta/device.csv": f'"property"{delimiter}"value"\n"deviceModel"{delimiter}"Pixel 6"\n',
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_export_of_phyphox_says_when_it_began_and_where_it_was_paused(tmp_path: Path, delimiter: str) -> None:
    for path in (as_folder(tmp_path / "a", phyphox(delimiter)), as_archive(tmp_path / "a.zip", phyphox(delimiter))):
        recording = read_recording(path)
        assert [channel.name for channel in recording.channels] == [f"accelerometer {axis}" for axis in "xyz"]
        assert recording.start is not None
        assert recording.start.isoformat(timespec="milliseconds") == "2024-01-02T10:06:40.123"
        noted = [(note.text, round(note.start_s, 3)) for note in recording.annotations]
        assert noted == [("paused", 5.0), ("went on", 5.0)]
        assert "The recording is from Pixel 6." in recording.notes


def test_an_archive_without_movement_or_a_damaged_one_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    as_archive(tmp_path / "a.zip", {"readme.txt": "nothing here\n"})
    assert "must begin like" in refuse(tmp_path / "a.zip")
    whole = as_archive(tmp_path / "b.zip", phyphox(",")).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    assert "must be a whole zip archive" in refuse(tmp_path / "b.zip")


def tsdf(folder: Path, *, time_unit: str = "difference_ms", **said: Any) -> FloatArray:  # noqa: ANN401 - any field
    """Write a set of an accelerometer and a gyroscope as ParaDigMa takes them in; return the times in seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    times_s = np.cumsum(np.round(rng.uniform(9, 11, 1200))) / 1000
    times_s -= times_s[0]
    scale = {"difference": np.diff(times_s, prepend=0.0), "relative": times_s, "absolute": times_s + 1.6e9}
    stamps = scale[time_unit.partition("_")[0]] * (1000 if time_unit.endswith("ms") else 1)
    dtype = {"float": "f", "int": "i"}[said.get("data_type", "int")] + str(said.get("bits", 16) // 8)
    order = {"little": "<", "big": ">"}[said.get("endianness", "little")]
    for name, kind, unit, factor in (("a", "acceleration", "m/s**2", 0.0047), ("b", "rotation", "deg/s", 0.061)):
        values = rows(times_s) / (factor if dtype.startswith("i") else 1)
        values.astype(order + dtype).tofile(folder / f"{name}_values.bin")
        stamps.astype(order + ("f8" if time_unit.startswith("absolute") else "f4")).tofile(folder / f"{name}_time.bin")
        meta = {
            "subject_id": "x",
            "start_iso8601": "2021-06-27T16:52:20Z",
            "rows": len(times_s),
            "endianness": "little",
            "sensors": [
                {
                    "file_name": f"{name}_time.bin",
                    "channels": ["time"],
                    "units": [time_unit],
                    "data_type": "float",
                    "bits": 64 if time_unit.startswith("absolute") else 32,
                },
                {
                    "file_name": f"{name}_values.bin",
                    "channels": [f"{kind}_{axis}" for axis in "xyz"],
                    "units": [unit] * 3,
                    "data_type": "int",
                    "bits": 16,
                    "scale_factors": [factor] * 3 if dtype.startswith("i") else [],
                }
                | {key: value for key, value in said.items() if key != "endianness"},
            ],
        } | ({"endianness": said["endianness"]} if "endianness" in said else {})
        (folder / f"{name}_meta.json").write_text(json.dumps(meta))
    return times_s


@pytest.mark.parametrize("time_unit", ["difference_ms", "relative_ms", "relative_s", "absolute_s", "relative_time_ms"])
@pytest.mark.parametrize("said", [{}, {"data_type": "float", "bits": 64}, {"endianness": "big"}], ids=str)
def test_every_time_unit_and_type_of_tsdf_is_read_alike(folder: Path, time_unit: str, said: dict[str, Any]) -> None:
    place = folder / f"tsdf_{time_unit}_{len(said)}_{next(iter(said), '')}"
    times_s = tsdf(place, time_unit=time_unit, **said)
    expected = rows(times_s)
    for path in (place, place / "a_meta.json", place / "b_values.bin", place / "a_time.bin"):
        recording = read_recording(path)
        assert {channel.array for channel in recording.channels} == {"accelerometer", "gyroscope"}
        accelerometer, gyroscope = recording.channels[0], recording.channels[3]
        assert accelerometer.sampling_rate_hz == pytest.approx(1 / np.diff(times_s).mean(), rel=1e-3)
        grid = np.arange(accelerometer.n_samples) / accelerometer.sampling_rate_hz
        still = grid < 3.9
        assert np.abs(recording.read(accelerometer.name)[still]).max() < 1e-6
        assert np.abs(recording.read("accelerometer z") - expected[0, 2]).max() < 0.01
        assert gyroscope.unit is Unit.RADIAN_PER_SECOND
        assert recording.read("gyroscope z")[10] == pytest.approx(np.deg2rad(expected[10, 2]), rel=0.01)
        assert recording.start == datetime(2021, 6, 27, 16, 52, 20)  # noqa: DTZ001 - UTC without saying so


def test_a_set_without_times_is_counted_at_its_rate(tmp_path: Path) -> None:
    values = rows(np.arange(1000) / 64).astype("<f4")
    values.tofile(tmp_path / "imu.raw")
    meta = {
        "file_name": "imu.raw",
        "channels": ["acceleration_z", "acceleration_y", "acceleration_x"],
        "units": ["m/s/s"] * 3,
        "data_type": "float",
        "bits": 32,
        "rows": 1000,
        "sampling_rate": 64,
        "start_iso8601": "2016-08-09T10:31:00.000+00:00",
    }
    (tmp_path / "imu.json").write_text(json.dumps(meta))
    recording = read_recording(tmp_path / "imu.json")
    assert recording.channels[0].sampling_rate_hz == 64.0
    np.testing.assert_allclose(recording.read("accelerometer x"), values[:, 2])


def change(path: Path, **fields: object) -> None:
    """Change fields of the description of the samples."""
    meta = json.loads(path.read_text())
    meta["sensors"][1] |= fields
    path.write_text(json.dumps(meta))


def test_tsdf_that_does_not_fit_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    tsdf(tmp_path)
    meta = tmp_path / "a_meta.json"
    whole, text = (tmp_path / "a_values.bin").read_bytes(), meta.read_text()
    (tmp_path / "a_values.bin").write_bytes(whole[:-7])
    assert "must hold the 1200 rows of 6 bytes that its metadata promise" in refuse(meta)
    (tmp_path / "a_values.bin").write_bytes(whole)
    change(meta, bits=12)
    assert "samples must be float, int or uint of 8 to 64 bits" in refuse(meta)
    change(meta, bits=16, units=["furlong"] * 3)
    assert "must be one like m/s2, g or rad/s, got 'furlong'" in refuse(meta)
    change(meta, units=["g"] * 3, file_name="../a_values.bin")
    assert "must name a file beside it" in refuse(meta)
    meta.write_text(text.replace("difference_ms", "moon_phases"))
    assert "unit of time must be one like relative_ms" in refuse(meta)
    meta.write_text(text)
    (tmp_path / "a_values.bin").unlink()
    recording = read_recording(meta)
    assert {channel.array for channel in recording.channels} == {"gyroscope"}
    assert "The files of a_meta.json are not there, so it was left out: a_values.bin." in recording.warnings
    (tmp_path / "b_time.bin").unlink()
    assert "must lie beside the binary files of its metadata" in refuse(meta)


def test_metadata_of_something_else_are_no_recording(tmp_path: Path, refuse: Refuse) -> None:
    leaf = {"file_name": "p.bin", "channels": ["green"], "units": ["1"], "data_type": "float", "bits": 32}
    (tmp_path / "p_meta.json").write_text(json.dumps(leaf))
    assert "must begin like" in refuse(tmp_path / "p_meta.json")


@given(
    unit=st.sampled_from(["g", "m/s2"]),
    is_nested=st.booleans(),
    clock=st.sampled_from([(1.0, 0.0), (1.0, 19298.68), (1e3, 1.6e12), (1e9, 1.6e18)]),
)
def test_records_flat_or_nested_are_read_alike(
    folder: Path,
    unit: str,
    is_nested: bool,  # noqa: FBT001
    clock: tuple[float, float],
) -> None:
    times_s = np.arange(1000) / 102.4
    values = rows(times_s, gravity_mps2=0.0 if is_nested else ONE_G) / (ONE_G if unit == "g" else 1)
    one_g = 1.0 if unit == "g" else ONE_G
    records: list[dict[str, Any]] = []
    for time, row in zip(times_s, values, strict=True):
        vector = dict(zip("xyz", map(float, row), strict=True))
        stamp = {"timestamp": float(time * clock[0] + clock[1])}
        nested = {
            "userAcceleration": vector,
            "gravity": {"x": 0, "y": 0, "z": -one_g},
            "rotationRate": {"x": 0.1, "y": 0.2, "z": 0.3},
            "attitude": {"x": 0, "y": 0, "z": 0, "w": 1},
        }
        records.append(stamp | (nested if is_nested else vector))
    path = folder / ("deviceMotion_tremor.json.items" if is_nested else "accel_tremor.json")
    path.write_text(json.dumps(records))
    recording = read_recording(path)
    name = "linear accelerometer x" if is_nested else "accelerometer x"
    assert recording.channels[0].sampling_rate_hz == pytest.approx(102.4, rel=1e-3)
    grid = np.arange(recording.channels[0].n_samples) / recording.channels[0].sampling_rate_hz
    error = np.abs(recording.read(name) - rows(grid)[:, 0])
    assert error[grid > 4.2].max() < 0.03
    assert any(f"is in {unit} and" in said for said in recording.notes)
    assert len(recording.channels) == (6 if is_nested else 3)


def test_records_of_sensor_logger_and_lists_of_columns_are_read(tmp_path: Path, refuse: Refuse) -> None:
    times_s = np.arange(1000) / 100
    records = [
        {"sensor": "Accelerometer", "time": str(FIRST_NS + i * 10**7), "seconds_elapsed": str(t)}
        | {axis: str(value) for axis, value in zip("xyz", row, strict=True)}
        for i, (t, row) in enumerate(zip(times_s, rows(times_s, gravity_mps2=0), strict=True))
    ]
    records.append({"sensor": "Location", "time": str(FIRST_NS), "seconds_elapsed": "1", "altitude": "3"})
    (tmp_path / "a.json").write_text(json.dumps(records))
    recording = read_recording(tmp_path / "a.json")
    assert "Left out because it is no movement sensor: Location." in recording.notes
    assert any("is in m/s2 and has no gravity in it" in said for said in recording.notes)
    columns = {"time": times_s.tolist()} | dict(zip("xyz", rows(times_s).T.tolist(), strict=True))
    (tmp_path / "b.json").write_text(json.dumps(columns))
    assert read_recording(tmp_path / "b.json").channels[0].n_samples == 1000
    (tmp_path / "c.json").write_text('{"timestamp": 1, "x": 2}')
    assert "must hold a list of records" in refuse(tmp_path / "c.json")
    (tmp_path / "d.json").write_text('[{"timestamp": 1, "x": 2}, ')
    assert "must be whole JSON" in refuse(tmp_path / "d.json")
