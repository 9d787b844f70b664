"""A grid through the whole measurement: one rate, units apart, overlaps resolved, each event where it is greatest."""

import numpy as np
import pytest
from tests.measure.emg_scenes import matched
from tests.measure.grid_scenes import GridScene, GridTruth, grid_recording, make_grid

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import EventKind

Measured = tuple[Recording, GridTruth, RecordingMeasurements]


@pytest.fixture(scope="module")
def measured() -> Measured:
    recording, truth = make_grid(GridScene(duration_s=60.0, peak_v=60e-6, seed=2))
    return recording, truth, measure_recording(recording)


def test_an_array_has_one_rate_and_every_channel_its_quality(measured: Measured) -> None:
    recording, truth, found = measured
    rates = [one for one in found.measurements if one.id == "fasciculation_rate"]
    assert [rate.channel for rate in rates] == ["grid"]
    assert rates[0].low <= truth.times_s.size <= rates[0].high
    assert [one.channel for one in found.quality] == [channel.name for channel in recording.channels]
    assert all(5e-6 < (one.noise_rms or 0.0) < 11e-6 for one in found.quality)


def test_events_are_those_that_were_put_in_with_one_unit_for_each_source(measured: Measured) -> None:
    recording, truth, found = measured
    (train,) = [train for train in found.events if train.kind is EventKind.FASCICULATION_POTENTIAL]
    assert matched(train.peak_s, truth.times_s) >= 0.97 * max(len(train), truth.times_s.size)
    assert set(train.at) <= {channel.name for channel in recording.channels}
    nearest = [int(np.argmin(np.abs(truth.times_s - at))) for at in train.peak_s]
    pairs = {(int(unit), int(truth.unit[one])) for unit, one in zip(train.unit, nearest, strict=True) if unit}
    assert len(pairs) == 3
    assert len({source for _, source in pairs}) == 3


def test_units_lie_where_they_were_put(measured: Measured) -> None:
    assert len(measured[2].units) == 3
    assert all(unit.place_m is not None and -0.01 < min(unit.place_m) < 0.035 for unit in measured[2].units)


def test_discharges_of_a_grid_are_listed_when_they_are_asked_for() -> None:
    recording, truth = make_grid(GridScene(duration_s=30.0, peak_v=60e-6, seed=3))
    assert measure_recording(recording).discharges == ()
    (train,) = measure_recording(recording, discharges=True).discharges
    assert train.kind is EventKind.MOTOR_UNIT_DISCHARGE
    assert matched(train.peak_s, truth.times_s) >= 0.97 * truth.times_s.size


def test_first_and_last_discharges_of_a_contraction_are_no_fasciculations() -> None:
    recording, truth = make_grid(
        GridScene(duration_s=40.0, peak_v=60e-6, rate_per_min=30.0, contraction=(15.0, 25.0), seed=4)
    )
    found = measure_recording(recording)
    (train,) = [train for train in found.events if train.kind is EventKind.FASCICULATION_POTENTIAL]
    resting = truth.times_s[(truth.times_s < 14.0) | (truth.times_s > 26.0)]
    assert matched(train.peak_s, truth.times_s) == len(train)
    assert matched(train.peak_s, resting) >= 0.95 * resting.size


def test_a_small_potential_that_a_greater_one_hides_is_found_by_its_shape() -> None:
    rng = np.random.default_rng(11)
    signal = 2e-6 * rng.normal(size=(16, 40 * 2048))
    phase = np.linspace(-3, 3, 25)
    spread = np.exp(-np.arange(16) / 3.0)
    large, small = (
        gain * np.outer(spread[::way], phase * np.exp(-(phase**2))) for gain, way in ((8e-4, 1), (3e-5, -1))
    )
    alone, hidden = np.arange(2.0, 20.0, 1.7), np.array([25.0, 28.3, 33.1])
    for at in np.concatenate([alone, hidden + 0.045]):
        signal[:, int(at * 2048) : int(at * 2048) + 25] += small
    for at in hidden:
        signal[:, int(at * 2048) : int(at * 2048) + 25] += large
    found = measure_recording(grid_recording(signal, GridScene(duration_s=40.0)))
    (train,) = [train for train in found.events if train.kind is EventKind.FASCICULATION_POTENTIAL]
    assert matched(train.peak_s, np.sort(np.concatenate([alone, hidden, hidden + 0.045])) + 0.006) >= alone.size + 5
