"""Intervals of indices hold the truth: for movements at random and for movements in series."""

import numpy as np
import pytest

from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sleep.indices import About, lasting, middle_s, number, per_hour, share
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

pytestmark = pytest.mark.no_cover
ABOUT = About(method="Counted.")
HOURS = 7.0
NIGHT = Intervals(((0.0, 1800.0), (2400.0, 2400.0 + 3600.0 * HOURS - 1800.0)))


def at_random(rng: np.random.Generator, per_h: float) -> FloatArray:
    spread = np.sort(rng.uniform(0.0, 3600.0 * HOURS, rng.poisson(per_h * HOURS)))
    return np.where(spread < 1800.0, spread, spread + 600.0)


def in_series(rng: np.random.Generator, per_h: float) -> FloatArray:
    """Give movements that come in series, on average ten of them 25 s apart."""
    times = list[float]()
    for start in at_random(rng, per_h / 10.0):
        times += list(start + np.cumsum(rng.uniform(15.0, 35.0, rng.geometric(0.1))))
    return np.sort([time for time in times if time < NIGHT.spans[-1][1]])


def series_of(times_s: FloatArray) -> IntArray:
    return np.cumsum(np.diff(times_s, prepend=-np.inf) > 90.0).astype(np.int64)


@pytest.mark.parametrize("per_h", [1.0, 5.0, 40.0])
def test_the_interval_of_an_index_holds_the_rate_of_random_movements(per_h: float) -> None:
    rng = np.random.default_rng(0)
    held = [
        one.low <= per_h <= one.high for _ in range(300) for one in per_hour("x", at_random(rng, per_h), NIGHT, ABOUT)
    ]
    assert np.mean(held) >= 0.94


@pytest.mark.parametrize("per_h", [10.0, 40.0])
def test_the_interval_is_wider_where_movements_come_in_series(per_h: float) -> None:
    rng = np.random.default_rng(1)
    nights = [in_series(rng, per_h) for _ in range(300)]
    found = [one for times in nights for one in per_hour("x", times, NIGHT, ABOUT, series_of(times))]
    held = np.mean([one.low <= per_h <= one.high for one in found])
    narrow = [count_interval(one.value * HOURS) for one in found]
    by_chance = np.mean([low / HOURS <= per_h <= high / HOURS for low, high in narrow])
    assert by_chance < 0.6, "taken for random they would be far too narrow"
    assert held >= 0.9


def test_what_lies_outside_the_time_looked_at_does_not_count() -> None:
    assert per_hour("x", np.array([1900.0, 2000.0, 2500.0]), NIGHT, ABOUT)[0].value == pytest.approx(1 / HOURS)
    assert number("x", np.array([1900.0, 2500.0]), NIGHT, ABOUT)[0].value == 1.0


def test_no_index_is_made_of_less_than_a_minute() -> None:
    assert per_hour("x", np.empty(0), Intervals(((0.0, 59.0),)), ABOUT) == ()
    assert number("x", np.empty(0), Intervals(), ABOUT) == ()


def test_shares_and_medians_of_nothing_are_not_given() -> None:
    assert share("x", np.empty(0, dtype=np.bool_), Unit.ONE, ABOUT) == ()
    assert middle_s("x", np.empty(0), ABOUT) == ()


def test_a_length_of_time_holds_its_error() -> None:
    (found,) = lasting("x", Intervals(((0.0, 3600.0),)), 360.0, ABOUT)
    assert (found.low, found.value, found.high) == pytest.approx((0.9, 1.0, 1.1))
