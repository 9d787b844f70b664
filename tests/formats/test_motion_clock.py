"""Whatever a clock counts in, and however its stamps are spoiled, the same movement comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.motion import RawMotion, RawSensor, recording_of
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

UNITS = {"seconds": 1.0, "milliseconds": 1e-3, "microseconds": 1e-6, "nanoseconds": 1e-9}
TYPED = "walk.csv"


def movement(times_s: FloatArray) -> FloatArray:
    """Return acceleration in m/s2 with gravity at any time: slow and fast parts up to 9 Hz after 2 s of rest."""
    moving = np.clip((times_s - 3.0) / 1.0, 0.0, 1.0)
    return np.stack(
        [
            moving * np.sin(2 * np.pi * 5.1 * times_s),
            moving * 0.5 * np.cos(2 * np.pi * 9.0 * times_s),
            9.81 + moving * 0.3 * np.sin(2 * np.pi * 1.3 * times_s),
        ],
        axis=1,
    )


def read(stamps: FloatArray, values: FloatArray, **said: object) -> Recording:
    sensor = RawSensor(
        name="accelerometer",
        kind=ChannelKind.ACCELERATION,
        values=values.astype(np.float32),
        axes=("x", "y", "z"),
        stamps=stamps,
        unit_text="m/s2",
    )
    options = ReadOptions(typed=TYPED, **said)  # type: ignore[arg-type] # any option
    return recording_of(RawMotion(name="walk", format_name="test", sensors=(sensor,)), options)


def away(recording: Recording, first_s: float) -> tuple[FloatArray, BoolArray]:
    """Return how far each sample is from the movement, and which samples are missing."""
    rows = np.stack([recording.read(f"accelerometer {axis}") for axis in "xyz"], axis=1)
    times_s = first_s + np.arange(len(rows)) / recording.channels[0].sampling_rate_hz
    missing = np.asarray(np.isnan(rows).any(axis=1), dtype=np.bool_)
    return np.asarray(np.abs(rows - movement(times_s)).max(axis=1), dtype=np.float64)[~missing], missing


@given(
    unit=st.sampled_from(sorted(UNITS)),
    rate_hz=st.sampled_from([50.0, 100.0, 102.6117, 199.7]),
    offset_s=st.sampled_from([0.0, -0.3, 2380.84, 1254259.57]),
    jitter=st.sampled_from([0.0, 0.03, 0.15]),
    gap=st.booleans(),
    repeats=st.booleans(),
    late=st.booleans(),
    seed=st.integers(0, 99),
)
def test_any_unit_offset_jitter_gap_repeat_and_late_row_gives_the_same_movement(  # noqa: PLR0913, PLR0917 - all of them
    unit: str,
    rate_hz: float,
    offset_s: float,
    jitter: float,
    gap: bool,  # noqa: FBT001
    repeats: bool,  # noqa: FBT001
    late: bool,  # noqa: FBT001
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    times_s = np.arange(round(12 * rate_hz)) / rate_hz
    times_s += np.clip(rng.normal(0, jitter / rate_hz, times_s.size), -0.4 / rate_hz, 0.4 / rate_hz)
    values = movement(times_s)
    order = np.arange(times_s.size)
    if gap:
        order = order[(times_s < 6.0) | (times_s > 6.8)]
    if repeats:
        order = np.sort(np.append(order, rng.choice(order, 20)))
    if late:
        places = 3 * rng.choice(order.size // 3 - 1, 5, replace=False)
        order[places], order[places + 1] = order[places + 1].copy(), order[places].copy()
    recording = read((times_s[order] + offset_s) / UNITS[unit], values[order])
    assert recording.channels[0].sampling_rate_hz == pytest.approx(rate_hz, rel=2e-3)
    assert f"in {unit}" in recording.notes[0]
    error, missing = away(recording, float(times_s[order].min()))
    assert error.max() < 0.06  # of an acceleration of 1 m/s2 at 5 Hz and 0.5 m/s2 at 9 Hz
    assert missing.sum() / rate_hz == pytest.approx(0.8 if gap else 0.0, abs=4 / rate_hz)
    assert any("gap" in said for said in recording.warnings) is gap
    assert any("repeat" in said for said in recording.warnings) is repeats


def test_samples_on_an_even_clock_are_left_as_they_are() -> None:
    times_s = np.arange(1000) / 100
    values = movement(times_s)
    recording = read(times_s + 17.25, values)
    assert recording.channels[0].sampling_rate_hz == 100.0
    assert recording.read("accelerometer x").tolist() == values[:, 0].astype(np.float32).tolist()
    assert recording.notes[0] == "The clock is in seconds; samples come at 100 Hz."
    assert recording.warnings == ()


def test_stamps_that_are_rounded_to_milliseconds_are_no_jitter() -> None:
    times_s = np.arange(3000) / 128
    values = movement(times_s)
    recording = read(np.array(np.round(times_s * 1000), dtype=np.float64), values)
    assert recording.channels[0].sampling_rate_hz == pytest.approx(128, rel=1e-4)
    np.testing.assert_array_equal(recording.read("accelerometer x"), values[:, 0].astype(np.float32))


def test_stamps_that_are_rounded_to_seconds_are_spread_and_said() -> None:
    times_s = np.arange(2000) / 100 + 0.37
    recording = read(np.array(np.floor(times_s), dtype=np.float64), movement(times_s), sampling_rate_hz=100.0)
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100, rel=2e-3)
    assert recording.channels[0].n_samples == pytest.approx(2000, abs=3)
    assert any("rounded to more than a sample" in said for said in recording.warnings)


@pytest.mark.parametrize("held", [2, 3, 3.3])
def test_samples_that_an_app_wrote_again_and_again_are_read_once(held: float) -> None:
    times_s = np.arange(3000) / 200
    shaken = movement(times_s) + np.random.default_rng(1).normal(0, 1e-3, (3000, 3))
    measured = (np.floor(np.arange(3000) / held) * held).astype(int)
    recording = read(times_s, shaken[measured])
    assert recording.channels[0].sampling_rate_hz == pytest.approx(200 / held, rel=0.02)
    assert any("faster than the sensor measured" in said for said in recording.warnings)


def test_of_two_sensors_on_one_clock_the_slower_one_alone_is_read_once() -> None:
    times_s = np.arange(2000) / 100
    noise = np.random.default_rng(1).normal(0, 1e-3, (2000, 3))
    slow = (movement(times_s) + noise)[np.arange(2000) // 2 * 2]
    sensors = tuple(
        RawSensor(
            name=name,
            kind=ChannelKind.ACCELERATION,
            values=values.astype(np.float32),
            axes=("x", "y", "z"),
            stamps=times_s,
            unit_text="m/s2",
        )
        for name, values in (("slow", slow), ("fast", movement(times_s) + noise))
    )
    recording = recording_of(RawMotion(name="x", format_name="t", sensors=sensors), ReadOptions(typed=TYPED))
    assert [round(channel.sampling_rate_hz, 2) for channel in recording.channels[::3]] == [50.0, 100.0]
    assert next(said for said in recording.warnings if "each was read once" in said).startswith("Slow: ")


def test_a_coarse_sensor_at_rest_is_no_repeated_sample() -> None:
    times_s = np.arange(3000) / 100
    values = np.round(movement(times_s) + np.random.default_rng(1).normal(0, 0.004, (3000, 3)), 2)
    recording = read(times_s, np.asarray(values, dtype=np.float64))
    assert recording.channels[0].sampling_rate_hz == 100.0
    assert recording.warnings == ()


@pytest.mark.parametrize("size", [2, 4, 10, 25])
def test_samples_that_are_delivered_in_bursts_are_spread_evenly(size: int) -> None:
    times_s = np.arange(2000) / 100
    delivered = (np.arange(2000) // size + 1) * size / 100 + (np.arange(2000) % size) * 0.0005
    recording = read(delivered, movement(times_s))
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100, rel=3e-3)
    assert recording.channels[0].n_samples == pytest.approx(2000, abs=3)
    assert any("in bursts" in said for said in recording.warnings)


def test_pauses_at_regular_times_are_gaps_and_no_bursts() -> None:
    times_s = np.arange(6000) / 100
    keep = times_s % 4.0 < 1.99
    recording = read(times_s[keep], movement(times_s)[keep])
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0, rel=1e-4)
    assert any("shows 14 gaps" in said for said in recording.warnings)


@pytest.mark.parametrize("share", [0.01, 0.03, 0.06])
def test_samples_that_were_lost_at_random_are_no_bursts(share: float) -> None:
    times_s = np.arange(3000) / 100
    lost = np.random.default_rng(1).random(3000) < share
    keep = ~(lost | np.roll(lost, 1) | np.roll(lost, 2))
    error, missing = away(read(times_s[keep], movement(times_s)[keep]), float(times_s[keep][0]))
    assert error.max() < 1e-3
    assert missing.sum() == (~keep[keep.argmax() : 3000 - keep[::-1].argmax()]).sum()


def test_a_stated_unit_of_time_that_cannot_be_is_asked_about() -> None:
    times_s = np.arange(500) / 100
    sensor = RawSensor(
        name="accelerometer",
        kind=ChannelKind.ACCELERATION,
        values=movement(times_s).astype(np.float32),
        axes=("x", "y", "z"),
        stamps=times_s * 1e9,
        stamp_unit_s=1.0,
        unit_text="m/s2",
    )
    with pytest.raises(UnreadableRecordingError, match="correct the unit in the title of its column"):
        recording_of(RawMotion(name="x", format_name="t", sensors=(sensor,)), ReadOptions(typed=TYPED))


def test_a_single_missing_sample_is_filled_in_from_its_neighbors_and_a_longer_gap_is_not() -> None:
    times_s = np.arange(1200) / 100
    keep = np.ones(1200, dtype=bool)
    keep[600] = False
    error, missing = away(read(times_s[keep], movement(times_s)[keep]), 0.0)
    assert not missing.any()
    assert error.max() < 0.01
    keep[600:610] = False
    error, missing = away(read(times_s[keep], movement(times_s)[keep]), 0.0)
    assert np.flatnonzero(missing).tolist() == list(range(600, 610))
    assert error.max() < 1e-5


def test_a_late_stamp_is_no_missing_sample() -> None:
    times_s = np.arange(1200) / 100
    stamps = times_s.copy()
    stamps[300:1100:50] += 0.0062
    recording = read(stamps, movement(times_s))
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0, rel=1e-4)
    assert recording.channels[0].n_samples == 1200


def test_a_clock_that_was_set_back_goes_on_after_one_missing_sample() -> None:
    times_s = np.arange(1200) / 100
    stamps = times_s.copy()
    stamps[700:] -= 3.1234
    recording = read(stamps, movement(times_s))
    assert any("set back in 1 place" in said for said in recording.warnings)
    assert recording.channels[0].n_samples == pytest.approx(1201, abs=1)
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0, rel=1e-3)


def test_a_block_that_was_written_twice_is_read_once() -> None:
    times_s = np.arange(1200) / 100
    order = np.concatenate([np.arange(800), np.arange(500, 800), np.arange(800, 1200)])
    recording = read(times_s[order], movement(times_s)[order])
    assert recording.channels[0].n_samples == 1200
    assert away(recording, 0.0)[0].max() < 1e-5
    assert any("Rows that repeat the one before were left out: 300." in said for said in recording.warnings)


def test_two_values_at_one_time_are_one_sample_and_said() -> None:
    times_s = np.arange(1200) / 100
    order = np.sort(np.append(np.arange(1200), [100, 500]))
    values = movement(times_s)[order] + np.arange(order.size)[:, None] * 1e-6
    recording = read(times_s[order], values)
    assert recording.channels[0].n_samples == 1200
    assert any("other values were left out: 2" in said for said in recording.warnings)


def test_the_rate_of_a_person_must_be_that_of_the_clock() -> None:
    times_s = np.arange(500) / 100
    read(times_s, movement(times_s), sampling_rate_hz=100.5)
    with pytest.raises(UnreadableRecordingError, match=r"sampling rate must be the 100 Hz of the file, got 50 Hz"):
        read(times_s, movement(times_s), sampling_rate_hz=50.0)


def test_a_sensor_without_time_is_counted_at_the_rate_that_is_given() -> None:
    values = movement(np.arange(500) / 100)
    sensor = RawSensor(
        name="accelerometer",
        kind=ChannelKind.ACCELERATION,
        values=values.astype(np.float32),
        axes=("x", "y", "z"),
        stamps=None,
        unit_text="m/s2",
    )
    raw = RawMotion(name="x", format_name="test", sensors=(sensor,))
    assert recording_of(raw, ReadOptions(typed=TYPED, sampling_rate_hz=100.0)).duration_s == 5.0
    with pytest.raises(UnreadableRecordingError, match="pass it with --sampling-rate"):
        recording_of(raw, ReadOptions(typed=TYPED))


@pytest.mark.parametrize("stamps", [[0.0], [5.0, 5.0], [np.nan, np.nan, 1.0]])
def test_less_than_two_times_are_refused(stamps: list[float]) -> None:
    with pytest.raises(UnreadableRecordingError, match="at least two samples with times"):
        read(np.array(stamps), np.ones((len(stamps), 3)))


def test_a_step_that_no_sensor_makes_is_asked_about() -> None:
    with pytest.raises(UnreadableRecordingError, match="name its unit in the title of its column"):
        read(np.arange(100, dtype=np.float64) * 1e15, movement(np.arange(100) / 100))


def test_rows_without_a_time_are_left_out_and_counted() -> None:
    times_s = np.arange(1000) / 100
    stamps = times_s.copy()
    stamps[[10, 400]] = np.nan
    recording = read(stamps, movement(times_s))
    assert recording.warnings[0] == "Rows without a time were left out: 2."
    assert away(recording, 0.0)[0].max() < 0.01


def test_sensors_on_their_own_clocks_have_one_zero() -> None:
    sensors = []
    for name, rate_hz, first_s in (("accelerometer", 100.0, 5.0), ("linear accelerometer", 50.0, 5.123)):
        times_s = np.arange(round(10 * rate_hz)) / rate_hz + first_s
        sensors.append(
            RawSensor(
                name=name,
                kind=ChannelKind.ACCELERATION,
                values=movement(times_s).astype(np.float32),
                axes=("x", "y", "z"),
                stamps=times_s,
                unit_text="m/s2",
            )
        )
    raw = RawMotion(name="x", format_name="test", sensors=tuple(sensors))
    recording = recording_of(raw, ReadOptions(typed=TYPED))
    slow = recording.read("linear accelerometer x")
    assert np.isnan(slow[:7]).all()
    truth = movement(5.0 + np.arange(slow.size) / 50.0)[:, 0]
    assert np.nanmax(np.abs(slow - truth)) < 0.06
    assert recording.warnings == ()


def test_sensors_whose_clocks_share_no_time_are_said_to() -> None:
    times_s = np.arange(1000) / 100
    sensors = tuple(
        RawSensor(
            name=name,
            kind=ChannelKind.ACCELERATION,
            values=movement(times_s).astype(np.float32),
            axes=("x", "y", "z"),
            stamps=times_s + first_s,
            unit_text="m/s2",
        )
        for name, first_s in (("a", 0.0), ("b", 1e7))
    )
    recording = recording_of(RawMotion(name="x", format_name="t", sensors=sensors), ReadOptions(typed=TYPED))
    assert recording.channels[0].n_samples == recording.channels[3].n_samples == 1000
    assert any("no time in common" in said for said in recording.warnings)


def test_a_clock_that_counts_from_1970_gives_the_start() -> None:
    times_s = np.arange(1000) / 100
    recording = read(np.array((1_698_501_144.4 + times_s) * 1e9, dtype=np.float64), movement(times_s))
    assert recording.start is not None
    assert recording.start.isoformat(timespec="milliseconds") == "2023-10-28T13:52:24.400"
    assert read(times_s * 1e9 + 2e12, movement(times_s)).start is None
