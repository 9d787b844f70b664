"""Laws that measuring obeys whatever the recording."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt
from tests.measure.emg_scenes import Scene, make, recording_of

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

# Every example measures a recording or two of twenty seconds, so a few have to do.
few = settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
RATE_HZ = 2000.0

scenes = st.builds(
    Scene,
    duration_s=st.just(20.0),
    rate_per_min=st.sampled_from([0.0, 6.0, 30.0, 120.0]),
    snr=st.floats(8.0, 100.0),
    bursts=st.sampled_from([(), ((8.0, 10.0),)]),
    mains_v=st.sampled_from([0.0, 1e-5]),
    seed=st.integers(0, 10_000),
)


def signal_of(scene: Scene) -> FloatArray:
    return make(scene)[0].read("calf")


def found_in(signal: FloatArray, unit: Unit = Unit.VOLT) -> RecordingMeasurements:
    return measure_recording(recording_of(signal, RATE_HZ, unit))


def train_of(found: RecordingMeasurements) -> EventTrain:
    return found.events[0] if found.events else EventTrain(kind=None, channel="calf")  # type: ignore[arg-type]


@few
@given(scenes, st.floats(1e-3, 1e9))
def test_scaling_scales_sizes_and_nothing_else(scene: Scene, factor: float) -> None:
    signal = signal_of(scene)
    plain, scaled = found_in(signal, Unit.COUNT), found_in(factor * signal, Unit.COUNT)
    assert scaled.rest["calf"] == plain.rest["calf"]
    assert np.array_equal(train_of(scaled).start_s, train_of(plain).start_s)
    assert np.allclose(train_of(scaled).peak, factor * train_of(plain).peak)
    sized = {"fasciculation_amplitude", "fasciculation_amplitude_spread", "rest_noise_rms"}
    for before, after in zip(plain.measurements, scaled.measurements, strict=True):
        assert after.value == pytest.approx(before.value * (factor if before.id in sized else 1.0), rel=1e-3)


@few
@given(scenes)
def test_turning_the_electrodes_round_turns_the_peaks_round(scene: Scene) -> None:
    signal = signal_of(scene)
    plain, turned = found_in(signal), found_in(-signal)
    assert turned.rest["calf"] == plain.rest["calf"]
    assert np.array_equal(train_of(turned).start_s, train_of(plain).start_s)
    assert np.allclose(train_of(turned).peak, -train_of(plain).peak)


@few
@given(scenes, st.floats(-1.0, 1.0))
def test_an_offset_changes_nothing(scene: Scene, offset_v: float) -> None:
    signal = signal_of(scene)
    plain, moved = found_in(signal), found_in(signal + offset_v)
    assert np.array_equal(train_of(moved).peak_s, train_of(plain).peak_s)
    assert moved.rest["calf"].duration_s == pytest.approx(plain.rest["calf"].duration_s)


@few
@given(scenes, st.integers(1, 12))
def test_a_delay_delays_the_events(scene: Scene, delay_s: int) -> None:
    scene = replace(scene, mains_v=0.0)
    signal = signal_of(scene)
    before = np.random.default_rng(7).normal(scale=scene.noise_v, size=round(delay_s * RATE_HZ))
    plain, late = train_of(found_in(signal)), train_of(found_in(np.concatenate([before, signal])))
    inner = plain.start_s[(plain.start_s > 1.0) & (plain.start_s < 19.0)] + delay_s
    assert np.mean([np.min(np.abs(late.start_s - at), initial=9.0) < 0.005 for at in inner] or [1.0]) >= 0.9


@few
@given(scenes)
def test_every_interval_contains_its_value_and_every_event_lies_at_rest(scene: Scene) -> None:
    found = found_in(signal_of(scene))
    assert all(m.low <= m.value <= m.high for m in found.measurements)
    assert all(found.rest["calf"].contains(at) for at in train_of(found).peak_s)
    train = train_of(found)
    assert (train.end_s - train.start_s <= 0.2).all()
    assert found.rest["calf"].duration_s <= 20.0


@few
@given(st.integers(0, 10_000), st.sampled_from([300.0, 1000.0, 2000.0]))
def test_white_noise_has_almost_no_events(seed: int, rate_hz: float) -> None:
    noise = np.random.default_rng(seed).normal(scale=3e-6, size=round(60 * rate_hz))
    found = measure_recording(recording_of(noise, rate_hz))
    assert len(found.events[0]) <= 1
    assert found.rest["calf"].duration_s == pytest.approx(60.0, abs=0.1)


@few
@given(st.integers(0, 1000))
def test_more_fasciculations_give_a_higher_rate(seed: int) -> None:
    scene = Scene(duration_s=20.0, snr=15.0, seed=seed)
    few_found, many_found = (found_in(signal_of(replace(scene, rate_per_min=rate))) for rate in (6.0, 90.0))
    rates = [{m.id: m for m in found.measurements}["fasciculation_rate"].value for found in (few_found, many_found)]
    assume(len(train_of(few_found)) < 10)
    assert rates[0] < rates[1]


def test_an_hour_of_white_noise_stays_within_the_false_alarms_that_are_stated() -> None:
    noise = np.random.default_rng(42).normal(scale=3e-6, size=3600 * 1000)
    found = measure_recording(recording_of(noise, 1000.0))
    # 0.48 an hour are stated; three or more in an hour have a probability below 2 %
    assert len(found.events[0]) <= 2
    assert found.rest["calf"].duration_s == pytest.approx(3600.0, abs=1.0)


@pytest.mark.parametrize("rate_hz", [2000.0, 3500.0, 10_000.0])
@pytest.mark.parametrize(
    ("order", "edges_hz"), [(2, (10.0, 150.0)), (4, (20.0, 200.0)), (4, (5.0, 250.0)), (1, (1.0, 60.0))]
)
def test_noise_that_went_through_filters_before_has_almost_no_events(
    rate_hz: float, order: int, edges_hz: tuple[float, float]
) -> None:
    filters = butter(order, edges_hz, "bandpass", fs=rate_hz, output="sos")
    noise = sosfilt(filters, np.random.default_rng(5).normal(size=round(60 * rate_hz)))
    found = measure_recording(recording_of(5e-6 * noise / noise.std(), rate_hz))
    assert len(found.events[0]) <= 1
