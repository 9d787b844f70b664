"""Units that one cause makes discharge together keep nearly one lag; independent ones do not, even in a crowd."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.companions import Lags, companions, crowding, lags_of
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray, IntArray

SETTINGS = emg_settings()
REST_S = 120.0


def in_order(*trains: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the times of units 1, 2, ... together, in order, and their units."""
    time_s = np.concatenate(trains)
    order = np.argsort(time_s, kind="stable")
    return time_s[order], np.repeat(np.arange(len(trains)) + 1, [train.size for train in trains])[order]


def sparse(n: int, seed: int) -> FloatArray:
    """Return times that keep apart."""
    return np.sort(np.random.default_rng(seed).choice(np.arange(1.0, REST_S, 0.5), n, replace=False))


def lags(time_s: FloatArray, unit: IntArray) -> Lags:
    return lags_of(time_s, unit, REST_S)


def joined(time_s: FloatArray, unit: IntArray) -> int:
    """Return how many pairs are taken for companions."""
    return len(set(companions(time_s, unit, lags(time_s, unit), SETTINGS)))


def overlapping(seed: int, *, least_s: float = 0.002, most_s: float = 0.015) -> tuple[FloatArray, IntArray]:
    """Return four units of which two always overlap, at a lag drawn anew each time."""
    rng = np.random.default_rng(seed)
    first = sparse(24, seed)
    time_s = np.concatenate([first, first + rng.uniform(least_s, most_s, first.size)])
    one = rng.integers(4, size=first.size)
    unit = np.concatenate([one, (one + 1 + rng.integers(3, size=one.size)) % 4]) + 1
    order = np.argsort(time_s, kind="stable")
    return time_s[order], unit[order]


def test_units_that_overlap_at_any_lag_are_mostly_different_events() -> None:
    shares = [joined(*overlapping(seed)) / 24 for seed in range(20)]
    assert np.mean(shares) < 0.1


def test_units_that_discharge_within_some_milliseconds_of_each_other_are_one_event() -> None:
    shares = [joined(*overlapping(seed, least_s=0.0, most_s=0.003)) / 24 for seed in range(20)]
    assert np.mean(shares) > 0.97


def test_the_same_lags_are_one_cause_where_units_keep_them_and_chance_where_they_do_not() -> None:
    first = sparse(12, 1)
    at_one_lag = in_order(first, first + 0.009 + np.random.default_rng(2).normal(0, 0.0004, 12))
    assert joined(*at_one_lag) == 12
    at_any_lag = in_order(first, first + np.random.default_rng(2).uniform(0.002, 0.024, 12))
    assert joined(*at_any_lag) <= 4


@pytest.mark.parametrize(("lag_s", "pairs"), [(0.003, 1), (0.008, 0)])
def test_units_that_met_once_are_one_event_only_if_they_met_within_some_milliseconds(lag_s: float, pairs: int) -> None:
    first = sparse(6, 5)
    assert joined(*in_order(first, np.append(sparse(5, 9) + 0.25, first[3] + lag_s))) == pairs


def test_busy_random_units_meet_by_chance() -> None:
    rng = np.random.default_rng(8)
    trains = [in_order(*(np.sort(rng.uniform(0, REST_S, 70)) for _ in range(6))) for _ in range(6)]
    near = sum(int(np.sum(np.abs(lags(*one).lag_s) <= SETTINGS.companion_delay_s)) for one in trains)
    assert sum(joined(*one) for one in trains) < 0.35 * near


def test_a_potential_of_no_unit_belongs_to_what_it_overlaps() -> None:
    times = np.array([10.0, 10.008, 50.0, 50.02])
    unit = np.array([1, 0, 0, 1])
    assert list(companions(times, unit, lags(times, unit), SETTINGS)) == [(0, 1)]


def test_nothing_has_no_companions_and_does_not_crowd() -> None:
    none = np.empty(0)
    found = lags(none, np.empty(0, dtype=np.int64))
    assert crowding(found, SETTINGS) == 1.0
    assert list(companions(none, np.empty(0, dtype=np.int64), found, SETTINGS)) == []


def test_crowding_is_how_much_more_often_units_meet_than_even_rates_have_it() -> None:
    assert crowding(lags(*overlapping(3)), SETTINGS) > 10
    even = [
        in_order(*(np.sort(np.random.default_rng([n, u]).uniform(0, REST_S, 60)) for u in range(5))) for n in range(9)
    ]
    assert np.mean([crowding(lags(*one), SETTINGS) for one in even]) == pytest.approx(1.0, abs=0.25)


def test_one_lag_that_two_units_keep_does_not_crowd() -> None:
    first = sparse(20, 4)
    assert crowding(lags(*in_order(first, first + 0.01)), SETTINGS) == 1.0


@given(st.integers(0, 10**6), st.floats(-50.0, 50.0))
def test_companions_depend_neither_on_when_it_was_nor_on_the_numbers_of_the_units(seed: int, later_s: float) -> None:
    time_s, unit = overlapping(seed, least_s=0.0, most_s=0.009)
    pairs = set(companions(time_s, unit, lags(time_s, unit), SETTINGS))
    renamed = 9 - unit
    moved = set(companions(time_s + later_s, renamed, lags(time_s + later_s, renamed), SETTINGS))
    assert {tuple(sorted(pair)) for pair in moved} == {tuple(sorted(pair)) for pair in pairs}
