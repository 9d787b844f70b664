"""A grid through the whole measurement: one rate, units apart, overlaps resolved, each event where it is greatest."""

import numpy as np
import pytest
from tests.measure.emg_scenes import matched
from tests.measure.grid_scenes import GridScene, GridTruth, make_grid

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.measure.emg.grid.sorting import sort_windows
from twitchwise.measure.emg.grid.templates import Bank, explain, moved_later
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


def shapes(n: int, seed: int = 1) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float32]]":
    rng = np.random.default_rng(seed)
    bell = np.exp(-((np.arange(-20, 21) / 5.0) ** 2))
    return (30 * bell * rng.normal(size=(n, 3, 1)) * np.sin(np.arange(41) * rng.uniform(0.3, 0.9, (n, 1, 1)))).astype(
        np.float32
    )


@pytest.mark.parametrize("apart", [4, 9, 25])
def test_two_overlapping_potentials_are_taken_apart(apart: int) -> None:
    both = shapes(2)
    window = np.random.default_rng(4).normal(size=(3, 110)).astype(np.float32)
    for shape, at in zip(both, (40, 40 + apart), strict=True):
        window[:, at - 20 : at + 21] += shape
    found = explain(window, Bank(shapes=both))
    assert sorted(zip(found.unit.tolist(), found.place.round().tolist(), strict=True)) == [(0, 40.0), (1, 40.0 + apart)]
    assert np.mean(found.left**2) < 1.6  # of noise 1, where the potentials had 20


def test_a_fraction_of_a_sample_is_found() -> None:
    shape = shapes(1)
    window = np.zeros((3, 110), dtype=np.float32)
    window[:, 30:71] += moved_later(shape, 0.5)[0]
    assert explain(window, Bank(shapes=shape)).place[0] == pytest.approx(50.5)


def test_a_shape_that_came_once_has_no_unit_and_two_that_came_often_have_one_each() -> None:
    rng = np.random.default_rng(5)
    known = shapes(3)
    windows = []
    for source in (0, 1, 0, 1, 0, 1, 2):
        window = rng.normal(size=(3, 90))
        window[:, 25:66] += known[source]
        windows.append(window.astype(np.float16))
    found = sort_windows(tuple(windows), 3, 1000.0)
    assert found.window.tolist() == list(range(7))
    assert found.unit[6] == 0
    assert len(set(found.unit[:6:2].tolist())) == len(set(found.unit[1:6:2].tolist())) == 1
    assert found.unit[0] != found.unit[1]


def test_no_windows_give_no_discharges() -> None:
    assert sort_windows((), 0, 1000.0).window.size == 0
