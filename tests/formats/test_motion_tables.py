"""Tables as phone and watch apps write them are read for what they are; others are left to the reader of any table."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Side, Unit
from twitchwise.vocabulary.arrays import FloatArray

Refuse = Callable[..., str]
RATE_HZ = 100.0
COUNT = 1200
ONE_G = 9.80665


def times() -> FloatArray:
    """Return 12 s of times at 100 Hz with a little jitter."""
    return np.arange(COUNT) / RATE_HZ + np.random.default_rng(1).normal(0, 2e-4, COUNT)


def rows(*, gravity_mps2: float = ONE_G, one_g: float = ONE_G) -> FloatArray:
    """Return acceleration of a phone that lies still, then shakes along x at 5 Hz; 1 g is so long in its unit."""
    shaking = np.where(times() > 4, np.sin(2 * np.pi * 5 * times()), 0.0)
    noise = np.random.default_rng(2).normal(0, 0.01, (COUNT, 3))
    moving = np.stack([shaking, 0 * shaking, 0 * shaking + gravity_mps2], axis=1)
    return np.asarray((noise + moving) * one_g / ONE_G, dtype=np.float64)


def write(path: Path, lines: list[str], *, end: str = "\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode())
    return path


def check(recording: Recording, name: str, *, gravity_mps2: float = ONE_G) -> None:
    """Compare a sensor with the movement that was written."""
    axes = [channel for channel in recording.channels if channel.array == name]
    assert [channel.name for channel in axes] == [f"{name} {axis}" for axis in "xyz"]
    assert {channel.unit for channel in axes} == {Unit.METER_PER_SECOND_SQUARED}
    assert axes[0].sampling_rate_hz == pytest.approx(RATE_HZ, rel=1e-3)
    grid = times()[0] + np.arange(axes[0].n_samples) / axes[0].sampling_rate_hz
    shaking = np.sin(2 * np.pi * 5 * grid)
    read = np.stack([recording.read(channel.name) for channel in axes])
    late = grid > 4.1
    assert np.abs(read[0] - shaking)[late].max() < 0.08
    assert np.abs(read[2] - gravity_mps2).max() < 0.08


@pytest.mark.parametrize(
    ("delimiter", "decimal"), [(",", "."), (";", "."), ("\t", "."), (";", ","), ("\t", ",")], ids=str
)
def test_every_variant_of_phyphox_is_read_alike(tmp_path: Path, delimiter: str, decimal: str) -> None:
    names = [f'"Acceleration {axis} (m/s^2)"' for axis in "xyz"]
    lines = [delimiter.join(['"Time (s)"', *names, '"Absolute acceleration (m/s^2)"'])]
    for time, row in zip(times(), rows(), strict=True):
        numbers = [time, *row, np.linalg.norm(row)]
        lines.append(delimiter.join(f"{number:.9E}".replace(".", decimal) for number in numbers))
    recording = read_recording(write(tmp_path / "Raw Data.csv", lines))
    check(recording, "accelerometer")
    assert "Columns that are no axes of movement sensors were left out: Absolute acceleration." in recording.notes
    assert recording.notes[-1].startswith("Acceleration is stated in m/s2 and includes gravity")


def test_linear_acceleration_and_gyroscope_of_phyphox_are_named_after_the_file_or_the_column(tmp_path: Path) -> None:
    lines = ["Time (s),Linear Acceleration x (m/s^2),Linear Acceleration y (m/s^2),Linear Acceleration z (m/s^2)"]
    lines += [",".join(map(str, (t, *row))) for t, row in zip(times(), rows(gravity_mps2=0), strict=True)]
    recording = read_recording(write(tmp_path / "Raw Data.csv", lines))
    check(recording, "linear accelerometer", gravity_mps2=0.0)
    assert any("has no gravity in it" in said for said in recording.notes)
    lines = ["Time (s),X (rad/s),Y (rad/s),Z (rad/s)"]
    lines += [f"{t},0.1,0.2,{t}" for t in times()]
    gyroscope = read_recording(write(tmp_path / "Gyroscope.csv", lines))
    assert {channel.array for channel in gyroscope.channels} == {"gyroscope"}
    assert gyroscope.channels[0].kind is ChannelKind.ANGULAR_VELOCITY
    german = ["Zeit (s);Beschleunigung x (m/s^2);Beschleunigung y (m/s^2);Beschleunigung z (m/s^2)"]
    german += [";".join(f"{n:.6f}".replace(".", ",") for n in (t, *r)) for t, r in zip(times(), rows(), strict=True)]
    check(read_recording(write(tmp_path / "Rohdaten.csv", german)), "accelerometer")


def test_a_table_of_sensor_logger_is_read_by_its_header(tmp_path: Path) -> None:
    first_ns = 1698501144401773000
    lines = ["time,seconds_elapsed,z,y,x"]
    for time, row in zip(times(), rows(gravity_mps2=0), strict=True):
        lines.append(f"{first_ns + round(time * 1e9)},{time - 0.05},{row[2]},{row[1]},{row[0]}")
    recording = read_recording(write(tmp_path / "Accelerometer.csv", lines))
    check(recording, "accelerometer", gravity_mps2=0.0)
    assert recording.start is not None
    assert recording.start.isoformat(timespec="milliseconds") == "2023-10-28T13:52:24.401"
    assert "The axes stand in the order z, y, x in the file and were read by their names." in recording.notes
    raw = [lines[0]]
    for time, row in zip(times(), rows(one_g=1.0), strict=True):
        raw.append(f"{first_ns + round(time * 1e9)},{time},{row[2]},{row[1]},{row[0]}")
    recording = read_recording(write(tmp_path / "AccelerometerUncalibrated.csv", raw))
    check(recording, "uncalibrated accelerometer")
    assert any("is in g and includes gravity" in said for said in recording.notes)


def test_a_watch_in_sensor_logger_tells_its_unit_by_gravity_beside_it(tmp_path: Path) -> None:
    names = "time,seconds_elapsed,rotationRateX,rotationRateY,rotationRateZ,gravityX,gravityY,gravityZ,"
    lines = [names + "accelerationX,accelerationY,accelerationZ,quaternionW,quaternionX,quaternionY,quaternionZ"]
    for time, row in zip(times(), rows(gravity_mps2=0, one_g=1.0), strict=True):
        numbers = ",".join(map(str, row))
        lines.append(f"{1698501144401773000 + round(time * 1e9)},{time},0.1,0.2,0.3,0,0.6,-0.8,{numbers},1,0,0,0")
    recording = read_recording(write(tmp_path / "WristMotion.csv", lines))
    check(recording, "watch accelerometer", gravity_mps2=0.0)
    assert recording.channel("watch gyroscope x").site == "wrist"
    assert any(said.startswith("Watch accelerometer is in g and has no gravity in it") for said in recording.notes)


SENSOR_LOG = (
    "loggingTime(txt),loggingSample(N),locationTimestamp_since1970(s),accelerometerTimestamp_sinceReboot(s),"
    "accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G),"
    "motionTimestamp_sinceReboot(s),motionYaw(rad),motionRotationRateX(rad/s),motionRotationRateY(rad/s),"
    "motionRotationRateZ(rad/s),motionUserAccelerationX(G),motionUserAccelerationY(G),motionUserAccelerationZ(G),"
    "motionAttitudeReferenceFrame(txt),motionGravityX(G),motionGravityY(G),motionGravityZ(G),activity(txt)"
)


def sensor_log_lines() -> list[str]:
    lines = [SENSOR_LOG]
    begin = datetime(2019, 3, 1, 12, 0, 1)  # noqa: DTZ001 - the zone is written behind it
    moved = zip(times(), rows(one_g=1.0), rows(gravity_mps2=0, one_g=1.0), strict=True)
    for number, (time, whole, user) in enumerate(moved):
        moment = (begin + timedelta(seconds=float(time))).isoformat(" ", timespec="milliseconds")
        lines.append(
            f"{moment} +0100,{number},,{5000 + time},{','.join(map(str, whole))},{5000 + time},0.1,0.1,0.2,0.3,"
            f"{','.join(map(str, user))},XArbitraryZVertical,0,0,-1,null"
        )
    return lines


def test_an_apple_watch_export_is_read_with_the_clock_of_each_sensor(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path / "SensorLog.csv", sensor_log_lines()))
    check(recording, "accelerometer")
    check(recording, "linear accelerometer", gravity_mps2=0.0)
    assert recording.read("gyroscope z")[100] == pytest.approx(0.3)
    assert recording.start is not None
    assert recording.start.isoformat(timespec="seconds") == "2019-03-01T11:00:01"


def test_androsensor_is_read_with_its_milliseconds(tmp_path: Path) -> None:
    names = [f"{name} {axis} ({unit})" for name, unit in ANDROSENSOR for axis in "XYZ"]
    lines = [
        ";".join([*names, "LIGHT (lux)", "SOUND LEVEL (dB)", "Time since start in ms ", "YYYY-MO-DD HH-MI-SS_SSS"])
    ]
    for number, (time, row) in enumerate(zip(times(), rows(), strict=True)):
        moment = f"2015-01-01 12:00:{number // 100:02d}:{number % 100 * 10:03d}"
        lines.append(f"{';'.join(map(str, row))};0;0;9.8067;0;0;0;0.01;0.02;0.03;12;;{time * 1000 + 5:.0f};{moment}")
    recording = read_recording(write(tmp_path / "Sensor_record.csv", lines, end="\r\n"))
    check(recording, "accelerometer")
    assert {channel.array for channel in recording.channels} == {
        "accelerometer",
        "linear accelerometer",
        "gyroscope",
    }
    assert any("milliseconds" in said for said in recording.notes)


ANDROSENSOR = (
    ("ACCELEROMETER", "m/s\u00b2"),
    ("GRAVITY", "m/s\u00b2"),
    ("LINEAR ACCELERATION", "m/s\u00b2"),
    ("GYROSCOPE", "rad/s"),
)


def test_physics_toolbox_is_read_in_seconds_or_times_of_day(tmp_path: Path) -> None:
    lines = ["time,gFx,gFy,gFz,TgF"]
    lines += [f"{t},{x},{y},{z},1" for t, (x, y, z) in zip(times(), rows(one_g=1.0), strict=True)]
    check(read_recording(write(tmp_path / "g.csv", lines)), "accelerometer")
    lines = ["time;ax;ay;az;"]
    for number, row in enumerate(rows()):
        second = 59 * 60 + 54 + number // 100
        clock = f"{(23 + second // 3600) % 24}:{second // 60 % 60:02d}:{second % 60:02d}:{number % 100 * 10:03d}"
        lines.append(f"{clock};{';'.join(map(str, row))};")
    recording = read_recording(write(tmp_path / "midnight.csv", lines))
    assert recording.channels[0].n_samples == COUNT
    assert recording.warnings == ()


def test_a_list_of_rows_that_name_their_sensor_is_sorted_by_sensor(tmp_path: Path) -> None:
    lines = []
    for time, row in zip(times(), rows(), strict=True):
        stamp = round(time * 1e9) + 2 * 10**14
        lines.append(f"ACCELEROMETER,{stamp},{row[0]},{row[1]},{row[2]}")
        lines.append(f"GYROSCOPE,{stamp + 1000},0.1,0.2,{row[0]}")
        lines += [f"PRESSURE,{stamp},1013.2"] * (int(time * 10) % 7 == 0)
    recording = read_recording(write(tmp_path / "log.csv", lines))
    check(recording, "accelerometer")
    assert "Sensors that do not measure movement were left out: PRESSURE." in recording.notes
    assert any("unit of gyroscope is not said" in said for said in recording.warnings)
    assert len(read_recording(tmp_path / "log.csv", unit="rad/s").channels) == 6
    named = ["timestamp,sensor,z,y,x"]
    named += [f"{17 * 10**11 + 10 * i},Accelerometer,{z},{y},{x}" for i, (x, y, z) in enumerate(rows())]
    check(read_recording(write(tmp_path / "named.csv", named)), "accelerometer")


def test_dates_without_names_are_those_of_axivity(tmp_path: Path) -> None:
    lines = [f"2014-05-07 16:29:{t + 1:06.3f},{x},{y},{z}" for t, (x, y, z) in zip(times(), rows(one_g=1), strict=True)]
    recording = read_recording(write(tmp_path / "axivity.csv", lines))
    check(recording, "accelerometer")
    assert recording.start is not None
    assert recording.start.isoformat(timespec="seconds") == "2014-05-07T16:29:01"


NAMES = st.sampled_from(
    [
        ("x", "y", "z"),
        ("ax", "ay", "az"),
        ("acc_x", "acc_y", "acc_z"),
        ("AccX", "AccY", "AccZ"),
        ("Accel X", "Accel Y", "Accel Z"),
        ("acceleration.x", "acceleration.y", "acceleration.z"),
        ("X-Axis", "Y-Axis", "Z-Axis"),
        ("left_wrist_acc_x", "left_wrist_acc_y", "left_wrist_acc_z"),
    ]
)


@given(
    names=NAMES,
    time=st.sampled_from(["time", "timestamp", "t", "Time", "elapsed", "timestamp_ms", "Time (s)", "unix_timestamp"]),
    unit=st.sampled_from(["g", "m/s2", ""]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    order=st.permutations([0, 1, 2]),
    last=st.booleans(),
)
def test_plain_tables_are_read_under_any_usual_names(  # noqa: PLR0913, PLR0917 - all that differs
    folder: Path,
    names: tuple[str, str, str],
    time: str,
    unit: str,
    delimiter: str,
    order: list[int],
    last: bool,  # noqa: FBT001
) -> None:
    one_g = 1.0 if unit == "g" else ONE_G
    scale = 1000.0 if time.endswith("_ms") else 1.0
    titles = [names[i] + (f" ({unit})" if unit else "") for i in order]
    table = np.column_stack([rows(one_g=one_g)[:, order], times() * scale])
    if not last:
        table, titles = np.roll(table, 1, axis=1), [time, *titles]
    else:
        titles = [*titles, time]
    lines = [delimiter.join(titles), *(delimiter.join(f"{number:.6f}" for number in row) for row in table)]
    recording = read_recording(write(folder / "plain.csv", lines))
    check(recording, "accelerometer")
    assert recording.channels[0].side is (Side.LEFT if names[0].startswith("left") else None)
    assert recording.warnings == ()


def test_what_the_name_of_a_file_says_stays_with_the_recording(tmp_path: Path) -> None:
    name = "T_-_POSTURAL_TREMOR_OF_HANDS_-_RIGHT_HAND_-_2017-08-08_10-30-32_-_ec5fbca835_-_3037.csv"
    lines = [f"{round(t * 1e9) + 10**12},{x},{y},{z},3" for t, (x, y, z) in zip(times(), rows(), strict=True)]
    recording = read_recording(write(tmp_path / name, lines))
    check(recording, "accelerometer")
    assert (recording.channels[0].side, recording.channels[0].site) == (Side.RIGHT, "hand")
    assert recording.start == datetime(2017, 8, 8, 10, 30, 32)  # noqa: DTZ001 - local time
    assert [note.text for note in recording.annotations] == ["task: posture"]
    assert "The name of the file speaks of the task 'posture' and the right hand." in recording.notes


def test_nameless_columns_that_nothing_tells_are_movement_when_a_person_says_so(tmp_path: Path, refuse: Refuse) -> None:
    lines = [f"{t},{x},{y},{z}" for t, (x, y, z) in zip(times(), rows(gravity_mps2=0), strict=True)]
    path = write(tmp_path / "001_Relaxed_LeftWrist.txt", lines)
    assert "--sampling-rate" in refuse(path)
    recording = read_recording(path, unit="m/s2")
    check(recording, "accelerometer", gravity_mps2=0.0)
    assert recording.channels[0].side is Side.LEFT


@pytest.mark.parametrize(
    "header",
    ["time (s),EMG (uV),acc_x,acc_y,acc_z", "time,x (mV),y (mV),z (mV)", "t,chin,acc_x,acc_y,acc_z", "time,a,b,c"],
)
def test_a_table_that_holds_emg_or_no_movement_is_left_to_the_reader_of_any_table(tmp_path: Path, header: str) -> None:
    width = header.count(",")
    lines = [header, *(",".join([str(i / 100), *["1.5", "9.8", "0.2", "0.1"][:width]]) for i in range(300))]
    assert read_recording(write(tmp_path / "x.csv", lines)).format == "CSV or text table"


def test_cells_that_are_empty_or_no_numbers_are_missing_samples(tmp_path: Path) -> None:
    lines = ["time,acc_x,acc_y,acc_z,label"]
    for number, (time, row) in enumerate(zip(times(), rows(), strict=True)):
        cells = ["", "", ""] if number in {500, 501, 502, 503} else list(map(str, row))
        lines.append(",".join([str(time), *cells, "walk" if number % 2 else ""]))
    recording = read_recording(write(tmp_path / "x.csv", lines))
    assert 3 <= np.isnan(recording.read("accelerometer x")).sum() <= 5
    assert any("gap" in said for said in recording.warnings)


def test_a_line_that_was_cut_is_left_out_at_the_end_and_refused_within(tmp_path: Path, refuse: Refuse) -> None:
    lines = ["time,acc_x,acc_y,acc_z", *(f"{t},{x},{y},{z}" for t, (x, y, z) in zip(times(), rows(), strict=True))]
    path = write(tmp_path / "x.csv", lines)
    path.write_bytes(path.read_bytes()[:-30])
    recording = read_recording(path)
    assert "The last line is cut short; it was left out." in recording.warnings
    lines[700] = lines[700].rpartition(",")[0]
    assert "line 701 must have 4 cells, got 3" in refuse(write(tmp_path / "y.csv", lines))


def test_names_that_take_much_room_are_read_whole(tmp_path: Path) -> None:
    more = [f"a column of an app that has a very long name, number {number}" for number in range(90)]
    lines = [";".join([*more, "time (s)", "acc_x (g)", "acc_y (g)", "acc_z (g)"])]
    lines += [";".join([*["7"] * 90, *map(str, (t, *row))]) for t, row in zip(times(), rows(one_g=1), strict=True)]
    check(read_recording(write(tmp_path / "x.csv", lines)), "accelerometer")


def test_a_spreadsheet_asks_for_csv(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "must be exported as CSV" in refuse(tmp_path / "x.xls")


def test_a_file_that_describes_the_columns_gives_their_names_and_units(tmp_path: Path, refuse: Refuse) -> None:
    moved = zip(times(), rows(gravity_mps2=0, one_g=1.0), strict=True)
    (tmp_path / "movement" / "timeseries").mkdir(parents=True)
    path = tmp_path / "movement" / "timeseries" / "001_Relaxed_LeftWrist.txt"
    write(path, [f"{t},{x},{y},{z},0.1,0.2,0.3" for t, (x, y, z) in moved])
    refuse(path)
    record = {
        "device_location": "LeftWrist",
        "channels": ["Time", *(f"{name}_{axis}" for name in ("Accelerometer", "Gyroscope") for axis in "XYZ")],
        "units": ["s", "g", "g", "g", "rad/s", "rad/s", "rad/s"],
        "file_name": "timeseries/001_Relaxed_LeftWrist.txt",
    }
    observed = {"resource_type": "observation", "session": [{"record_name": "Relaxed", "records": [record]}]}
    (tmp_path / "movement" / "observation_001.json").write_text(json.dumps(observed))
    (tmp_path / "movement" / "observation_002.json").write_text("{}")
    (tmp_path / "movement" / "timeseries" / "001.json").write_text("{")
    (tmp_path / "movement" / "info_001.json").write_text(json.dumps(record | {"file_name": "another.txt"}))
    recording = read_recording(path)
    check(recording, "accelerometer", gravity_mps2=0.0)
    assert recording.read("gyroscope z")[5] == pytest.approx(0.3)
    assert recording.channels[0].side is Side.LEFT
    assert "The columns were named by 'observation_001.json'." in recording.notes
    assert [note.text for note in recording.annotations] == ["task: rest"]
