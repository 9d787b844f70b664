"""The intervals of a count and of a median."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from twitchwise.measure.emg.rate_interval import median_interval, poisson_interval

# Garwood's exact central 95 % limits, as any table of Poisson limits gives them.
TABLE = [(0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (5, 1.623, 11.668), (10, 4.795, 18.390)]


@pytest.mark.parametrize(("count", "low", "high"), TABLE)
def test_the_limits_are_garwoods(count: int, low: float, high: float) -> None:
    assert list(poisson_interval(count)) == pytest.approx([low, high], abs=1e-3)


@given(st.integers(0, 10_000))
def test_the_interval_contains_the_count_and_solves_its_equations(count: int) -> None:
    low, high = poisson_interval(count)
    assert low <= count <= high
    assert float(poisson.cdf(count, high)) == pytest.approx(0.025, rel=1e-6)
    if count:
        assert float(poisson.sf(count - 1, low)) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(0, 1000))
def test_more_events_raise_both_limits(count: int) -> None:
    fewer, more = poisson_interval(count), poisson_interval(count + 1)
    assert more[0] > fewer[0]
    assert more[1] > fewer[1]


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60))
def test_the_interval_contains_the_median(values: list[float]) -> None:
    middle, low, high = median_interval(np.array(values))
    assert low <= middle <= high


def test_the_interval_of_the_median_covers_it_in_95_percent_of_samples() -> None:
    generator = np.random.default_rng(0)
    covered = 0
    for _ in range(1000):
        _, low, high = median_interval(generator.exponential(size=15))
        covered += low <= np.log(2) <= high
    assert covered >= 940
