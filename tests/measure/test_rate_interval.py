"""The intervals of a count, a share, a median and an interquartile range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from twitchwise.measure.rate_interval import (
    count_interval,
    median_interval,
    poisson_interval,
    share_interval,
    spread_interval,
)

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


def test_none_seen_leaves_the_rule_of_three() -> None:
    assert list(count_interval(0)) == pytest.approx([0.0, -np.log(0.05)])


@given(st.floats(0.01, 2000.0), st.floats(0.05, 20.0))
def test_the_interval_of_a_count_holds_it_and_grows_with_it(count: float, dispersion: float) -> None:
    low, high = count_interval(count, dispersion)
    assert 0 <= low <= count <= high
    more_low, more_high = count_interval(1.1 * count, dispersion)
    assert more_low >= low
    assert more_high >= high


@pytest.mark.parametrize(("least", "most", "worst"), [(0.25, 3.0, 0.90), (3.0, 10.0, 0.91), (10.0, 300.0, 0.93)])
def test_a_count_is_covered_in_95_percent_on_average(least: float, most: float, worst: float) -> None:
    limits = np.array([count_interval(count) for count in range(450)])
    means = np.geomspace(least, most, 200)
    counts = np.arange(450)
    covered = np.array(
        [poisson.pmf(counts, mean)[(limits[:, 0] <= mean) & (mean <= limits[:, 1])].sum() for mean in means]
    )
    assert 0.94 <= covered.mean() <= 0.98
    # from ten expected on, every single mean is within the target
    assert covered.min() >= worst
    if least >= 10:
        assert covered.max() <= 0.97


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (3, 10), (10, 10), (0, 0)])
def test_a_share_lies_in_its_interval(hits: int, of: int) -> None:
    low, high = share_interval(hits, of)
    assert 0.0 <= low <= (hits / of if of else 0.0) <= high <= 1.0
    assert (low == 0.0) == (hits == 0)
    assert (high == 1.0) == (hits == of)


def test_a_share_is_covered_in_95_percent_on_average() -> None:
    limits, hits = np.array([share_interval(hit, 40) for hit in range(41)]), np.arange(41)
    covered = [
        binom.pmf(hits, 40, share)[(limits[:, 0] <= share) & (share <= limits[:, 1])].sum()
        for share in np.linspace(0.02, 0.98, 97)
    ]
    assert 0.94 <= np.mean(covered) <= 0.965


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40))
def test_the_interval_contains_the_interquartile_range(values: list[float]) -> None:
    value, low, high = spread_interval(np.array(values))
    assert low <= value <= high


def test_the_interval_of_the_interquartile_range_covers_it() -> None:
    generator, truth = np.random.default_rng(1), np.log(3.0)
    found = [spread_interval(generator.exponential(size=60)) for _ in range(150)]
    assert np.mean([low <= truth <= high for _, low, high in found]) >= 0.89


@given(st.integers(1, 3000))
def test_the_interval_of_a_median_ends_at_the_ranks_that_coins_give(n_values: int) -> None:
    rank = max(int(binom.ppf(0.025, n_values, 0.5)) - 1, 0)
    _, low, high = median_interval(np.arange(n_values, dtype=np.float64))
    assert (low, high) == (rank, n_values - 1 - rank)
