"""Unit and gravity are stated rightly in every combination, or asked for."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.motion import RawMotion, RawSensor, recording_of
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Unit, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray

ONE_G = {"g": 1.0, "m/s2": 9.80665, "mg": 1000.0}
RATE_HZ = 100.0


def held(seed: int, *, with_gravity: bool, tremor_mps2: float = 0.0) -> FloatArray:
    """Return 20 s in m/s2 of a phone that is held in any direction with an error of up to 3 %."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(2000) / RATE_HZ
    down = rng.normal(size=3)
    down *= 9.80665 * rng.uniform(0.97, 1.03) / np.linalg.norm(down)
    rows = rng.normal(0, 0.02, (2000, 3)) + (down if with_gravity else 0.0)
    rows[600:, 0] += tremor_mps2 * np.sin(2 * np.pi * 5 * times_s[600:])
    return rows


def sensor(values: FloatArray, **changes: object) -> RawSensor:
    said: dict[str, object] = {
        "name": "accelerometer",
        "kind": ChannelKind.ACCELERATION,
        "values": values.astype(np.float32),
        "axes": ("x", "y", "z")[: values.shape[1]],
        "stamps": np.arange(len(values)) / RATE_HZ,
    }
    return RawSensor(**(said | changes))  # type: ignore[arg-type] # any field


def read(*sensors: RawSensor, **said: object) -> Recording:
    raw = RawMotion(name="x", format_name="test", sensors=sensors)
    return recording_of(raw, ReadOptions(typed="x.csv", **said))  # type: ignore[arg-type] # any option


@given(seed=st.integers(0, 10_000), unit=st.sampled_from(sorted(ONE_G)), tremor=st.sampled_from([0.0, 0.5, 3.0]))
def test_gravity_tells_the_unit(seed: int, unit: str, tremor: float) -> None:
    rows = held(seed, with_gravity=True, tremor_mps2=tremor)
    recording = read(sensor(rows * ONE_G[unit] / 9.80665))
    assert recording.channels[0].unit is Unit.METER_PER_SECOND_SQUARED
    np.testing.assert_allclose(recording.read("accelerometer x"), rows[:, 0], atol=1e-4)
    assert any(said.startswith(f"Acceleration is in {unit} and includes gravity") for said in recording.notes)
    assert recording.warnings == ()


@given(seed=st.integers(0, 10_000), unit=st.sampled_from(["g", "m/s2"]), tremor=st.sampled_from([0.0, 0.5, 3.0]))
def test_without_gravity_the_unit_is_asked_for(seed: int, unit: str, tremor: float) -> None:
    rows = held(seed, with_gravity=False, tremor_mps2=tremor) * ONE_G[unit] / 9.80665
    with pytest.raises(UnreadableRecordingError, match=r"pass it with --unit g or --unit m/s2\.$"):
        read(sensor(rows))
    recording = read(sensor(rows), unit_text=unit)
    assert any(f"is in {unit} and has no gravity in it" in said for said in recording.notes)


@pytest.mark.parametrize(("unit", "has"), list(product(sorted(ONE_G), [True, False])))
def test_with_a_stated_unit_the_data_tell_gravity(unit: str, *, has: bool) -> None:
    recording = read(sensor(held(1, with_gravity=has) * ONE_G[unit] / 9.80665, unit_text=unit))
    expected = "includes gravity" if has else "has no gravity in it"
    assert any(f"is stated in {unit} and {expected}" in said for said in recording.notes)
    np.testing.assert_allclose(recording.read("accelerometer y"), held(1, with_gravity=has)[:, 1], atol=1e-4)


def test_what_the_file_says_of_gravity_and_the_data_do_not_show_is_doubtful() -> None:
    recording = read(sensor(held(1, with_gravity=True), unit_text="m/s2", with_gravity=False))
    assert any("The file says that it has none in it" in said for said in recording.warnings)
    recording = read(sensor(held(1, with_gravity=False), unit_text="m/s2", with_gravity=True))
    assert any("The file says that it includes it" in said for said in recording.warnings)


def test_a_stated_unit_that_gravity_speaks_against_is_doubtful() -> None:
    recording = read(sensor(held(1, with_gravity=True), unit_text="g"))
    assert any("which is gravity in m/s2; its size is doubtful" in said for said in recording.warnings)


def test_movement_without_a_still_second_is_not_judged() -> None:
    rows = held(1, with_gravity=True) + np.random.default_rng(2).normal(0, 30, (2000, 3))
    with pytest.raises(UnreadableRecordingError, match="must say the unit of its acceleration"):
        read(sensor(rows))
    recording = read(sensor(held(1, with_gravity=True) * 0.6, unit_text="m/s2"))
    assert any("whether gravity is in it cannot be told" in said for said in recording.warnings)


def test_less_than_three_axes_say_nothing_of_gravity() -> None:
    two = held(1, with_gravity=True)[:, :2]
    with pytest.raises(UnreadableRecordingError, match="must say the unit"):
        read(sensor(two))
    assert any("fewer than three axes" in said for said in read(sensor(two, unit_text="g")).notes)


def test_an_option_fills_a_gap_and_overrules_nothing() -> None:
    rows = held(1, with_gravity=True)
    with pytest.raises(UnreadableRecordingError, match=r"must be m/s2, as the samples show, got 'g'"):
        read(sensor(rows), unit_text="g")
    with pytest.raises(UnreadableRecordingError, match=r"must be the 'm/s2' of the file, got 'g'"):
        read(sensor(rows, unit_text="m/s^2"), unit_text="g")
    assert read(sensor(rows), unit_text="m/s2").channels[0].unit is Unit.METER_PER_SECOND_SQUARED
    assert read(sensor(rows), unit_text="uV").channels[0].unit is Unit.METER_PER_SECOND_SQUARED
    with pytest.raises(UnreadableRecordingError, match="must be one like m/s2, g or rad/s, got 'uV'"):
        read(sensor(rows, unit_text="uV"))


def turned(unit: str, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return gravity in g and angular velocity of a sensor that is slowly tilted about its x axis and shaken."""
    angle = 0.6 * np.sin(2 * np.pi * 0.3 * times_s)
    speed = np.gradient(angle, times_s)
    rng = np.random.default_rng(3)
    # turning the sensor by an angle about x turns gravity by minus that angle about x
    down = np.stack([0 * angle, np.sin(angle), np.cos(angle)], axis=1) + rng.normal(0, 0.01, (angle.size, 3))
    turning = np.stack([speed, 0 * angle, 0 * angle], axis=1) + rng.normal(0, 0.01, (angle.size, 3))
    return down, turning * (180 / np.pi if unit == "deg/s" else 1.0)


@pytest.mark.parametrize("unit", ["rad/s", "deg/s"])
def test_gravity_that_turns_tells_the_unit_of_a_gyroscope(unit: str) -> None:
    times_s = np.arange(3000) / RATE_HZ
    down, turning = turned(unit, times_s)
    gyroscope = sensor(turning, name="gyroscope", kind=ChannelKind.ANGULAR_VELOCITY)
    recording = read(sensor(down), gyroscope)
    assert f"Angular velocity is in {unit}." in recording.notes
    _, expected = turned("rad/s", times_s)
    np.testing.assert_allclose(recording.read("gyroscope x"), expected[:, 0], atol=1e-4)


def test_a_gyroscope_whose_unit_nothing_tells_is_left_out_or_asked_for() -> None:
    quiet = np.random.default_rng(4).normal(0, 0.1, (2000, 3))
    gyroscope = sensor(quiet, name="gyroscope", kind=ChannelKind.ANGULAR_VELOCITY)
    recording = read(sensor(held(1, with_gravity=True)), gyroscope)
    assert [channel.array for channel in recording.channels] == ["accelerometer"] * 3
    assert any("Pass --unit rad/s or --unit deg/s" in said for said in recording.warnings)
    with pytest.raises(UnreadableRecordingError, match="pass it with --unit rad/s or --unit deg/s"):
        read(gyroscope)
    assert read(gyroscope, unit_text="rad/s").channels[0].unit is Unit.RADIAN_PER_SECOND
    fast = sensor(quiet * 2000, name="gyroscope", kind=ChannelKind.ANGULAR_VELOCITY)
    assert "Angular velocity is in deg/s." in read(fast).notes


def test_sensors_of_one_name_are_told_apart_by_their_place() -> None:
    rows = held(1, with_gravity=True)
    recording = read(sensor(rows, site="left wrist"), sensor(rows, site="head"), sensor(rows, site="head"))
    assert [channel.array for channel in recording.channels[::3]] == [
        "left wrist accelerometer",
        "head accelerometer 1",
        "head accelerometer 2",
    ]
