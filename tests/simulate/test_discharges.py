"""Discharges stay in order with their unit and event through joining, thinning and repeating."""

import numpy as np
import pytest

from twitchwise.simulate.discharges import Discharges, apart_from, draw_counts, in_order, joined, repeated


def train(*rows: tuple[float, int, int]) -> Discharges:
    times, units, events = (np.array(column) for column in zip(*rows, strict=True))
    return in_order(times.astype(float), units, events)


NONE = in_order(np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def test_discharges_are_sorted_and_events_numbered_by_first_discharge() -> None:
    found = train((3.0, 0, 7), (1.0, 1, 9), (2.0, 0, 7), (4.0, 2, 9))
    assert found.time_s.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert found.unit.tolist() == [1, 0, 0, 2]
    assert found.event.tolist() == [0, 1, 1, 0]
    assert found.times_of(0).tolist() == [2.0, 3.0]
    assert len(found) == 4
    assert len(NONE) == 0


def test_joined_trains_keep_their_events_apart() -> None:
    both = joined((train((1.0, 0, 0), (3.0, 0, 1)), NONE, train((2.0, 1, 0))))
    assert both.time_s.tolist() == [1.0, 2.0, 3.0]
    assert both.event.tolist() == [0, 1, 2]
    assert both.unit.tolist() == [0, 1, 0]


def test_events_too_close_to_the_same_unit_go_as_a_whole() -> None:
    ours = train((1.0, 0, 0), (1.03, 0, 0), (2.0, 0, 1), (3.0, 1, 2))
    theirs = train((1.05, 0, 0), (3.0, 0, 1))
    assert apart_from(ours, theirs, 0.1).time_s.tolist() == [2.0, 3.0]
    assert apart_from(ours, NONE, 0.1).time_s.tolist() == ours.time_s.tolist()
    assert len(apart_from(NONE, theirs, 0.1)) == 0


def test_each_start_gets_its_number_of_discharges_at_its_intervals() -> None:
    times, owners = repeated(np.array([1.0, 5.0]), np.array([1, 3]), 0.05, 0.0, np.random.default_rng(0))
    assert times == pytest.approx([1.0, 5.0, 5.05, 5.1])
    assert owners.tolist() == [0, 1, 1, 1]


def test_intervals_vary_but_stay_within_three_deviations() -> None:
    counts = np.full(5000, 2)
    times, _ = repeated(np.zeros(5000), counts, 0.05, 0.2, np.random.default_rng(1))
    intervals = times[times > 0]
    assert intervals.std() == pytest.approx(0.2 * 0.05, rel=0.05)
    assert 0.0199999 <= intervals.min() < intervals.max() <= 0.0800001


@pytest.mark.parametrize(
    ("share", "mean", "expected"), [(0.0, 3.0, 1.0), (1.0, 3.0, 3.0), (0.4, 2.5, 1.6), (1.0, 1.0, 1.0)]
)
def test_the_mean_count_is_that_of_its_parts(share: float, mean: float, expected: float) -> None:
    counts = draw_counts(20_000, share, mean, np.random.default_rng(2))
    assert counts.mean() == pytest.approx(expected, abs=0.03)
    assert counts.min() >= 1
