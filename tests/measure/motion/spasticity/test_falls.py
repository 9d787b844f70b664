"""Falls are found with their probability, daily movements are none, and nearness to spasms is set against chance."""

import numpy as np
import pytest
from tests.measure.motion.spasticity.limb_scenes import (
    GRAVITY,
    Trace,
    events,
    lying_after_fall,
    measured,
    recording_of,
    values,
    walking,
)

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.fall_findings import near_spasm_measurement
from twitchwise.measure.motion.spasticity.falls import Fall
from twitchwise.measure.motion.spasticity.settings import fall_settings
from twitchwise.measure.motion.spasticity.spasms import Spasm
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray


def _waist(samples: FloatArray, rate_hz: float = 100.0) -> Trace:
    return Trace(kind=ChannelKind.ACCELERATION, samples=samples, rate_hz=rate_hz, name="waist")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate_hz", [50.0, 100.0])
def test_a_fall_is_found_where_it_was_made(seed: int, rate_hz: float) -> None:
    samples, start_s = lying_after_fall(np.random.default_rng(seed), rate_hz=rate_hz)
    (falls,) = events(measured(recording_of([_waist(samples, rate_hz)])), EventKind.FALL)
    assert len(falls) == 1
    assert start_s - 0.1 <= falls.start_s[0] <= falls.peak_s[0] <= start_s + 1.0
    assert falls.probability[0] == 0.5
    assert falls.peak[0] > 24.5


def test_without_a_turn_it_is_less_likely() -> None:
    samples, _ = lying_after_fall(np.random.default_rng(1), turned=False)
    (falls,) = events(measured(recording_of([_waist(samples)])), EventKind.FALL)
    assert falls.probability[0] == 0.2


@pytest.mark.parametrize("impact_mps2", [5.0, 15.0])
def test_without_an_impact_there_is_no_fall(impact_mps2: float) -> None:
    samples, _ = lying_after_fall(np.random.default_rng(2), impact_mps2=impact_mps2)
    assert measured(recording_of([_waist(samples)])) is None


def test_who_walks_on_has_not_fallen() -> None:
    rng = np.random.default_rng(3)
    samples, start_s = lying_after_fall(rng)
    samples = np.concatenate([samples[:, : round((start_s + 0.6) * 100)], walking(rng, 60)], axis=1)
    assert measured(recording_of([_waist(samples)])) is None


@pytest.mark.parametrize("seed", range(3))
def test_walking_and_sitting_down_are_no_falls(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sitting = np.zeros((3, 3000)) + rng.normal(scale=0.1, size=(3, 3000))
    sitting[1] += GRAVITY
    sitting[1, :40] = np.concatenate([np.full(25, 7.0), np.full(15, 18.0)])
    samples = np.concatenate([walking(rng, 300), sitting, walking(rng, 60)], axis=1)
    assert measured(recording_of([_waist(samples)])) is None


def test_an_hour_without_a_fall_has_a_bound() -> None:
    found = measured(recording_of([_waist(walking(np.random.default_rng(4), 3700, 50.0), 50.0)]))
    assert values(found)["fall_rate"].value == 0.0
    assert values(found)["fall_rate"].high == pytest.approx(3.0 / (3700 / 3600), rel=0.01)
    assert "fall_count" not in values(found)


def test_gravity_must_be_in_it() -> None:
    samples, _ = lying_after_fall(np.random.default_rng(5))
    assert measured(recording_of([_waist(samples - samples.mean(axis=1, keepdims=True))])) is None


def test_a_sensor_that_falls_by_itself_is_doubted() -> None:
    rng = np.random.default_rng(6)
    table = np.array([[0.0], [GRAVITY], [0.0]])
    before, after = np.repeat(table, 3000, axis=1), np.repeat(table[[1, 0, 2]], 1500, axis=1)
    drop, hit = np.zeros((3, 40)), np.full((3, 3), 30.0)
    samples = np.concatenate([before, drop, hit, after], axis=1)
    found = measured(recording_of([_waist(samples + rng.normal(scale=0.01, size=samples.shape))]))
    assert any("fallen by itself" in doubt for doubt in values(found)["fall_count"].doubts)


def _fall(start_s: float) -> Fall:
    return Fall(
        start_s=start_s,
        impact_s=start_s + 0.5,
        still_s=start_s + 1,
        impact_mps2=40.0,
        turn_rad=1.5,
        probability=0.5,
        of_device=False,
    )


def test_falls_near_spasms_are_set_against_chance() -> None:
    trace = _waist(np.zeros((3, 360_000)))
    recording = recording_of([trace])
    sensor = MotionSensor(name="waist", channels=recording.channels, site=None, side=None)
    spasms = [Spasm(start_s=at, stop_s=at + 5.0, peak_s=at + 1.0, size=1.0) for at in range(0, 3600, 360)]
    falls = [_fall(3.0), _fall(369.0), _fall(371.0), _fall(100.0)]
    one = near_spasm_measurement(sensor, falls, spasms, fall_settings())
    assert (one.value, one.unit) == (0.5, Unit.ONE)
    assert one.low < 0.5 < one.high
    assert "2 of 4 falls" in one.method
    assert "2.8 % of the recording" in one.method


def test_a_leg_that_jerks_before_a_fall_shows_both() -> None:
    rng = np.random.default_rng(8)
    still = np.repeat(np.array([[0.0], [GRAVITY], [0.0]]), 60_000, axis=1) + rng.normal(scale=0.03, size=(3, 60_000))
    still[0, 58_000:58_200] += 3 * np.sin(2 * np.pi * 2 * np.arange(200) / 100)
    fall, walks_s = lying_after_fall(rng, walks_s=4.0)
    samples = np.concatenate([still, fall[:, round(walks_s * 100) :]], axis=1)
    trace = Trace(kind=ChannelKind.ACCELERATION, samples=samples, rate_hz=100.0, name="acc", site="ankle")
    found = measured(recording_of([trace]))
    assert len(events(found, EventKind.FALL)[0]) == 1
    assert "fall_near_spasm_share" in values(found)
