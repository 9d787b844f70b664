"""Two rates from counts: exact, over-dispersed, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binomtest

from twitchwise.cohort.questions.rates import (
    chance_of_at_least,
    chance_of_at_most,
    compare_rates,
    factor_odds,
    over_dispersion_of_pairs,
)

counts = st.integers(0, 60).map(float)
minutes = st.floats(0.5, 30)


@given(first=counts, second=counts, first_minutes=minutes, second_minutes=minutes)
def test_without_over_dispersion_it_is_the_binomial_test_of_the_second_count(
    first: float, second: float, first_minutes: float, second_minutes: float
) -> None:
    ratio, p_value = compare_rates((first, first_minutes), (second, second_minutes))
    if first + second == 0:
        assert (ratio.low, ratio.high, p_value) == (0, np.inf, 1)
        return
    share = second_minutes / (first_minutes + second_minutes)
    exact = binomtest(int(second), int(first + second), share)
    tails_of_binomial = [
        binomtest(int(second), int(first + second), share, alternative=side) for side in ("less", "greater")
    ]
    assert p_value == pytest.approx(min(1, 2 * min(one.pvalue for one in tails_of_binomial)), abs=1e-9)
    low, high = exact.proportion_ci(0.95)
    scale = first_minutes / second_minutes
    assert ratio.low == pytest.approx(scale * low / (1 - low), rel=1e-6, abs=1e-9)
    assert ratio.high == pytest.approx(scale * high / (1 - high) if high < 1 else np.inf, rel=1e-6)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 2.0])
def test_equal_expected_counts_are_beta_binomial(alpha: float) -> None:
    odds, exact = factor_odds((alpha, alpha)), betabinom(20, 1 / alpha, 1 / alpha)
    assert chance_of_at_most(7.0, 13.0, odds) == pytest.approx(exact.cdf(13), abs=2e-3)
    assert chance_of_at_least(7.0, 13.0, odds) == pytest.approx(exact.sf(12), abs=2e-3)


@given(first=counts, second=counts, first_minutes=minutes, second_minutes=minutes, alpha=st.sampled_from([0.0, 0.3]))
def test_the_ratio_inverts_when_the_two_are_swapped(
    first: float, second: float, first_minutes: float, second_minutes: float, alpha: float
) -> None:
    one, p_value = compare_rates((first, first_minutes), (second, second_minutes), (alpha, alpha))
    other, other_p = compare_rates((second, second_minutes), (first, first_minutes), (alpha, alpha))
    assert p_value == pytest.approx(other_p, abs=1e-6)
    if np.isfinite(one.high) and one.high > 0:
        assert other.low == pytest.approx(1 / one.high, rel=1e-4)


@given(first=counts, second=counts, factor=st.floats(0.1, 10))
def test_longer_minutes_of_both_change_no_ratio(first: float, second: float, factor: float) -> None:
    one, p_value = compare_rates((first, 3.0), (second, 5.0), (0.2, 0.2))
    other, other_p = compare_rates((first, 3.0 * factor), (second, 5.0 * factor), (0.2, 0.2))
    assert p_value == pytest.approx(other_p, abs=1e-9)
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-6)


@given(first=counts, second=counts)
def test_over_dispersion_never_makes_a_change_more_certain(first: float, second: float) -> None:
    exact, wide = (compare_rates((first, 4.0), (second, 4.0), (alpha, alpha)) for alpha in (0.0, 0.5))
    assert wide[1] >= exact[1] - 1e-3
    assert wide[0].low <= exact[0].low * 1.01
    assert wide[0].high >= exact[0].high * 0.99


def test_two_minutes_of_rest_do_not_call_changed_what_ten_do() -> None:
    """The same rates, 2 and 5 a minute."""
    assert compare_rates((4, 2.0), (10, 2.0))[1] > 0.05
    assert compare_rates((20, 10.0), (50, 10.0))[1] < 0.001


@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_a_change_that_is_none_is_called_one_in_at_most_5_of_100(alpha: float) -> None:
    rng, called, trials = np.random.default_rng(0), 0, 500
    for _ in range(trials):
        factors = rng.gamma(1 / alpha, alpha, 2) if alpha else np.ones(2)
        first, second = rng.poisson(3.0 * factors * [6.0, 3.0])
        called += compare_rates((first, 6.0), (second, 3.0), (alpha, alpha))[1] < 0.05
    assert called / trials <= 0.06
    assert called > 0


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_over_dispersion_is_found_from_repeats(alpha: float) -> None:
    rng = np.random.default_rng(1)
    rates, spent = rng.gamma(2, 2, 300), rng.uniform(2, 10, (300, 2))
    factors = rng.gamma(1 / alpha, alpha, (300, 2)) if alpha else np.ones((300, 2))
    seen = rng.poisson(rates[:, None] * factors * spent)
    pairs = [(a, t, b, u) for (a, b), (t, u) in zip(seen.tolist(), spent.tolist(), strict=True)]
    assert over_dispersion_of_pairs(pairs) == pytest.approx(alpha, abs=0.06)


def test_no_events_and_no_pairs_show_no_over_dispersion() -> None:
    assert over_dispersion_of_pairs([]) == 0
    assert over_dispersion_of_pairs([(0, 2.0, 0, 3.0)]) == 0


def test_counts_by_probability_lie_between_the_whole_ones() -> None:
    whole = [compare_rates((10, 5.0), (one, 5.0))[0].low for one in (20, 21)]
    assert whole[0] < compare_rates((10, 5.0), (20.5, 5.0))[0].low < whole[1]


def test_over_dispersion_that_lets_any_ratio_be_leaves_the_interval_open() -> None:
    ratio, p_value = compare_rates((1, 1.0), (0, 1.0), (1000.0, 1000.0))
    assert (ratio.value, ratio.low, ratio.high) == (0, 0, np.inf)
    assert p_value > 0.05
