"""Intervals, counts, random starts and courses of rate have the statistics asked for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic.timing import draw_counts, on_course, random_starts_s, repeated


def test_each_start_gets_its_number_of_discharges_at_its_intervals() -> None:
    times, owners = repeated(np.array([1.0, 5.0]), np.array([1, 3]), 3, (0.05, 0.0), np.random.default_rng(0))
    assert times == pytest.approx([1.0, 5.0, 5.05, 5.1])
    assert owners.tolist() == [0, 1, 1, 1]


def test_intervals_vary_but_stay_within_three_deviations() -> None:
    counts = np.full(5000, 2)
    times, _ = repeated(np.zeros(5000), counts, 2, (0.05, 0.2), np.random.default_rng(1))
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


def test_without_a_dead_time_intervals_are_exponential() -> None:
    intervals = np.diff(random_starts_s(20_000.0, 1.0, 0.0, np.random.default_rng(7)))
    assert intervals.mean() == pytest.approx(1.0, rel=0.03)
    assert intervals.std() == pytest.approx(1.0, rel=0.05)
    assert np.quantile(intervals, 0.5) == pytest.approx(math.log(2), rel=0.05)


@given(st.floats(0.0, 50.0), st.floats(0.2, 10.0), st.floats(0.0, 0.99), st.integers(0, 2**32))
def test_random_starts_keep_their_dead_time_within_the_time(
    duration_s: float, interval_s: float, share: float, seed: int
) -> None:
    starts = random_starts_s(duration_s, interval_s, share * interval_s, np.random.default_rng(seed))
    assert ((starts >= 0) & (starts < max(duration_s, 1e-300))).all()
    assert (np.diff(starts) >= share * interval_s - 1e-9).all()


def test_there_are_no_starts_without_a_rate_or_without_time() -> None:
    generator = np.random.default_rng(8)
    assert random_starts_s(100.0, math.inf, 1.0, generator).size == 0
    assert random_starts_s(-1.0, 1.0, 0.1, generator).size == 0


def test_a_steady_course_without_spread_is_a_clock() -> None:
    times = on_course(np.full(5, 20.0), 1.0, 0.0, np.random.default_rng(3))
    assert times == pytest.approx(np.arange(21) / 20)


def test_a_falling_rate_is_the_inverse_of_the_interval_at_each_moment() -> None:
    course = np.linspace(100.0, 20.0, 65)
    times = on_course(course, 4.0, 0.0, np.random.default_rng(3))
    middles = (times[1:] + times[:-1]) / 2
    assert 1 / np.diff(times) == pytest.approx(100.0 - 20.0 * middles, rel=0.02)
    assert times.size == pytest.approx(240, abs=1)


def test_intervals_on_a_course_have_the_spread_asked_for() -> None:
    times = on_course(np.full(3, 10.0), 2000.0, 0.4, np.random.default_rng(4))
    intervals = np.diff(times)
    assert intervals.mean() == pytest.approx(0.1, rel=0.02)
    assert intervals.std() / intervals.mean() == pytest.approx(0.4, rel=0.03)


@given(st.floats(1.0, 80.0), st.floats(0.05, 5.0), st.floats(0.0, 0.6), st.integers(0, 2**32))
def test_a_course_starts_with_a_discharge_and_ends_in_time(
    rate_hz: float, duration_s: float, spread: float, seed: int
) -> None:
    times = on_course(np.array([rate_hz, rate_hz / 2]), duration_s, spread, np.random.default_rng(seed))
    assert times[0] == 0.0
    assert times[-1] <= duration_s * (1 + 1e-12)
    assert (np.diff(times) >= 0).all()
