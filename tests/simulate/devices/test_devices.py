"""Phones and watches record the motion that they are on, in the files that people have."""

import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import EventTrain
from twitchwise.simulate.devices import (
    EXPORTS,
    Clock,
    Device,
    DeviceKind,
    Place,
    Sensed,
    device_of,
    sense,
    write_export,
    write_truth,
)
from twitchwise.simulate.devices.sensing import sample_times
from twitchwise.vocabulary import EventKind, OutOfRangeError, UnwritableFileError

RATE = 1000.0
IDEAL = Device(accelerometer_noise_mps2=0.0, gyroscope_noise_radps=0.0)


def shaking(hz: float = 6.0, seconds: float = 5.0) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], ...]:
    time_s = np.arange(round(seconds * RATE)) / RATE
    acceleration = np.zeros((time_s.size, 3))
    acceleration[:, 0], acceleration[:, 1] = np.sin(2 * np.pi * hz * time_s), 9.8
    return acceleration, 0.1 * acceleration


def on(device: Device, seed: int = 0) -> Sensed:
    acceleration, turning = shaking()
    return sense(acceleration, turning, RATE, device, seed=seed)


def test_an_ideal_device_records_the_motion_at_its_own_times() -> None:
    acceleration, _ = shaking()
    sensed = on(IDEAL)
    assert sensed.times_s.size == 500
    known_s = np.arange(len(acceleration)) / RATE
    assert sensed.acceleration_mps2[:, 0] == pytest.approx(np.interp(sensed.true_times_s, known_s, acceleration[:, 0]))


@given(turn=st.tuples(*[st.floats(-3, 3)] * 3))
def test_turning_a_device_changes_no_size(turn: tuple[float, float, float]) -> None:
    device = replace(IDEAL, turn_rad=turn)
    assert device.rotation @ device.rotation.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(device.rotation) == pytest.approx(1)


def test_a_device_without_gravity_records_only_the_shaking() -> None:
    assert np.abs(on(replace(IDEAL, with_gravity=False)).acceleration_mps2.mean(axis=0)).max() < 0.05
    assert on(IDEAL).acceleration_mps2.mean(axis=0)[1] == pytest.approx(9.8)


def test_values_are_clipped_at_the_range_and_stepped_by_the_resolution() -> None:
    sensed = on(replace(IDEAL, accelerometer_range_mps2=0.5, accelerometer_step_mps2=0.25))
    assert np.abs(sensed.acceleration_mps2).max() == 0.5
    assert set(np.unique(sensed.acceleration_mps2 / 0.25) % 1) == {0.0}


def test_a_phone_that_is_held_follows_fast_shaking_less_than_one_that_is_strapped() -> None:
    acceleration, turning = shaking(hz=25.0)
    held = sense(acceleration, turning, RATE, replace(IDEAL, place=Place.HELD, slip_hz=10.0))
    strapped = sense(acceleration, turning, RATE, IDEAL)
    assert held.acceleration_mps2[50:-50, 0].std() < 0.5 * strapped.acceleration_mps2[50:-50, 0].std()


@given(jitter_s=st.floats(0, 0.01), drift=st.floats(-0.05, 0.05), gaps=st.floats(0, 60), seed=st.integers(0, 100))
def test_times_rise_and_drift_by_the_clock(jitter_s: float, drift: float, gaps: float, seed: int) -> None:
    clock = Clock(rate_hz=50.0, jitter_s=jitter_s, drift=drift, gaps_per_min=gaps)
    true_s, told_s = sample_times(clock, 10.0, np.random.default_rng(seed))
    assert (np.diff(true_s) > 0).all()
    assert (true_s >= 0).all() & (true_s <= 10).all()
    assert told_s == pytest.approx((true_s - true_s[:1].sum()) * (1 + drift))


def test_gaps_lose_samples() -> None:
    even, _ = sample_times(Clock(), 60.0, np.random.default_rng(0))
    gappy, _ = sample_times(Clock(gaps_per_min=30.0), 60.0, np.random.default_rng(0))
    assert gappy.size < 0.97 * even.size


@pytest.mark.parametrize("kind", list(DeviceKind))
def test_devices_of_a_kind_differ_by_seed_within_what_is_known(kind: DeviceKind) -> None:
    first, second = device_of(kind, 1), device_of(kind, 2)
    assert first.turn_rad != second.turn_rad
    assert first.clock.rate_hz == {DeviceKind.PHONE: 100.0, DeviceKind.WATCH: 50.0}[kind]
    assert first.place is {DeviceKind.PHONE: Place.HELD, DeviceKind.WATCH: Place.STRAPPED}[kind]


@pytest.mark.parametrize("export", list(EXPORTS))
def test_every_export_writes_files_with_the_recorded_numbers(export: str, tmp_path: Path) -> None:
    sensed = on(replace(IDEAL, with_gravity=EXPORTS[export].with_gravity))
    files = write_export(sensed, tmp_path / ("a.zip" if export == "sensor_logger" else "a.csv"), export)
    assert all(file.is_file() for file in files)
    if export == "tsdf":
        about = json.loads(files[0].read_text(encoding="utf-8"))
        values = np.fromfile(tmp_path / about["sensors"][1]["file_name"], "<f8").reshape(-1, 6)
        assert values[:, :3] == pytest.approx(sensed.acceleration_mps2)
        assert values[:, 3:] == pytest.approx(np.degrees(sensed.turning_radps))
        return
    header = export != "cloudupdrs"
    text = zipped(files[0], "Accelerometer.csv") if export == "sensor_logger" else files[0].read_text(encoding="utf-8")
    table = np.loadtxt(text.splitlines(), delimiter=",", skiprows=int(header))
    x = {"plain": 1, "sensor_logger": 4, "phyphox": 1, "cloudupdrs": 1}[export]
    assert table[:, x] == pytest.approx(sensed.acceleration_mps2[:, 0], abs=1e-6)
    assert len(table) == sensed.times_s.size


def zipped(file: Path, name: str) -> str:
    with ZipFile(file) as archive:
        return archive.read(name).decode()


def test_sensor_logger_names_its_axes_backwards_counts_nanoseconds_and_is_the_same_again(tmp_path: Path) -> None:
    sensed = on(replace(IDEAL, with_gravity=False))
    (file,) = write_export(sensed, tmp_path / "a.zip", "sensor_logger")
    lines = zipped(file, "Gyroscope.csv").splitlines()
    assert lines[0] == "time,seconds_elapsed,z,y,x"
    assert int(lines[2].split(",")[0]) - int(lines[1].split(",")[0]) == 10_000_000
    assert "true" in zipped(file, "Metadata.csv")
    (again,) = write_export(sensed, tmp_path / "b.zip", "sensor_logger")
    assert again.read_bytes() == file.read_bytes()
    with pytest.raises(OutOfRangeError, match=r"must be a \.zip file"):
        write_export(sensed, tmp_path / "a.csv", "sensor_logger")


def test_gravity_must_be_as_the_file_has_it() -> None:
    with pytest.raises(OutOfRangeError, match="without gravity"):
        write_export(on(IDEAL), "a.csv", "sensor_logger")


def test_an_unknown_export_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match="export must be one of"):
        write_export(on(IDEAL), tmp_path / "a.csv", "smoke signals")
    with pytest.raises(UnwritableFileError, match="cannot be written"):
        write_export(on(IDEAL), tmp_path / "none" / "a.csv")
    with pytest.raises(UnwritableFileError, match="cannot be written"):
        write_truth(tmp_path / "none" / "a.csv", [], {})


def test_motions_that_do_not_fit_are_refused() -> None:
    acceleration, turning = shaking()
    with pytest.raises(OutOfRangeError, match="one shape"):
        sense(acceleration, turning[:10], RATE, IDEAL)
    with pytest.raises(OutOfRangeError, match="as long as one sample"):
        sense(acceleration[:2], turning[:2], RATE, IDEAL)


def test_the_truth_lies_beside_the_recording(tmp_path: Path) -> None:
    train = EventTrain(
        kind=EventKind.VISIBLE_TWITCH,
        channel="picture",
        start_s=np.array([1.0]),
        peak_s=np.array([1.1]),
        end_s=np.array([1.4]),
        peak=np.array([0.5]),
        place=np.array([[3.0, 4.0]]),
    )
    table, notes = write_truth(tmp_path / "a.mp4", [train], {"seed": 3})
    assert table.read_text(encoding="utf-8").splitlines()[1].split("\t") == [
        "1.000000",
        "0.400000",
        "visible_twitch",
        "picture",
        "1.100000",
        "0.5",
        "3.00",
        "4.00",
    ]
    assert json.loads(notes.read_text(encoding="utf-8")) == {"seed": 3}
