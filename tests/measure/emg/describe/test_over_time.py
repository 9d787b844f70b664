import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.describe.over_time import (
    fasciculation_intervals,
    rate_over_time,
    shapes_of_unit,
    window_length,
)
from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

WHOLE = Intervals(((0.0, 120.0),))


def potentials(
    times_s: FloatArray,
    rest: Intervals = WHOLE,
    unit: IntArray | None = None,
    usable: BoolArray | None = None,
    probability: float = 1.0,
) -> SortedPotentials:
    bump = np.exp(-0.5 * ((np.arange(61) - 30) / 4.0) ** 2).astype(np.float32)
    n_events = times_s.size
    return SortedPotentials(
        channel="calf",
        sampling_rate_hz=1000.0,
        rest=rest,
        start_s=times_s - 0.01,
        peak_s=times_s,
        end_s=times_s + 0.01,
        peak=np.ones(n_events),
        peak_to_peak=np.ones(n_events),
        unit=np.ones(n_events, dtype=np.int64) if unit is None else unit,
        probability=np.full(n_events, probability),
        noise_rms=np.full(n_events, 0.01),
        shape=np.array([np.roll(bump, number % 3) for number in range(n_events)], dtype=np.float32).reshape(-1, 61),
        usable=np.ones(n_events, dtype=np.bool_) if usable is None else usable,
    )


def test_the_rate_of_each_window_counts_its_fasciculations_over_its_rest() -> None:
    windows = rate_over_time(potentials(np.array([1.0, 20.0, 40.0, 119.0])), 120.0)
    assert [(one.start_s, one.stop_s) for one in windows] == [(0, 30), (30, 60), (60, 90), (90, 120)]
    assert [one.count for one in windows] == [2, 1, 0, 1]
    assert [one.per_min for one in windows] == [4, 2, 0, 2]
    low, high = count_interval(2)
    assert [windows[0].low, windows[0].high] == pytest.approx([2 * low, 2 * high])
    assert [windows[2].low, windows[2].high] == pytest.approx([0.0, 2 * count_interval(0)[1]])


def test_windows_with_too_little_rest_are_left_out_and_rates_use_rest_alone() -> None:
    rest = Intervals(((0.0, 15.0), (55.0, 58.0), (60.0, 120.0)))
    windows = rate_over_time(potentials(np.array([1.0, 80.0]), rest), 120.0)
    assert [(one.start_s, one.rest_s) for one in windows] == [(0.0, 15.0), (60.0, 30.0), (90.0, 30.0)]
    assert windows[0].per_min == 4.0


def test_a_doublet_is_one_and_doubtful_ones_weigh_by_their_probability() -> None:
    (first, *_) = rate_over_time(potentials(np.array([1.0, 1.02, 9.0]), probability=0.5), 120.0)
    assert first.count == pytest.approx(0.75 + 0.5)


@given(st.floats(1.0, 1e6))
def test_windows_are_as_short_as_there_are_not_too_many(duration_s: float) -> None:
    length_s = window_length(duration_s)
    assert length_s == 7200.0 or duration_s / length_s <= 16
    assert length_s == 30.0 or duration_s / length_s > 3


def test_a_recording_without_length_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="duration_s must be"):
        window_length(0.0)


def test_intervals_do_not_reach_over_activity_and_leave_out_what_is_unlikely() -> None:
    rest = Intervals(((0.0, 50.0), (60.0, 120.0)))
    assert fasciculation_intervals(potentials(np.array([1.0, 4.0, 49.0, 61.0, 71.0]), rest)).tolist() == [3, 45, 10]
    assert fasciculation_intervals(potentials(np.array([1.0, 4.0]), rest, probability=0.4)).size == 0


def test_shapes_of_a_unit_are_shifted_to_agree() -> None:
    shapes = shapes_of_unit(potentials(np.arange(1.0, 10.0)), 1)
    assert len(shapes) == 9
    assert np.ptp(np.argmax(shapes, axis=1)) == 0


def test_disturbed_shapes_are_left_out_unless_there_are_no_others() -> None:
    times_s, usable = np.arange(1.0, 5.0), np.array([True, False, True, False])
    assert len(shapes_of_unit(potentials(times_s, usable=usable), 1)) == 2
    assert len(shapes_of_unit(potentials(times_s, usable=~usable & usable), 1)) == 4
    assert shapes_of_unit(potentials(times_s), 7).shape == (0, 61)
