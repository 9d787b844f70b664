"""Powers and numbers of participants against formulas, and laws that hold for every study."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.rates import power_negbin_ratio_2indep

from twitchwise.cohort.power.decide_counts import groups_differ
from twitchwise.cohort.power.search import MOST, needed, power_at, share
from twitchwise.cohort.power.studies import ValueStudy
from twitchwise.vocabulary.arrays import BoolArray, IntArray

ALPHA = 0.05


@dataclass(frozen=True)
class NegativeBinomial:
    """A study of two groups whose counts are negative binomial, as the formulas have it."""

    mean: float
    ratio: float
    dispersion: float

    def found(self, n_studies: int, n: IntArray, chance: np.random.Generator) -> BoolArray:
        shape, size = 1 / self.dispersion, (n_studies, int(n.max()))
        first, second = (
            chance.negative_binomial(shape, shape / (shape + mean), size)
            for mean in (self.mean, self.mean * self.ratio)
        )
        return groups_differ(first, second, n, ALPHA)

    def zhu_and_lakkis(self, power: float) -> int:
        """Return the size of a group by Zhu and Lakkis (2014), doi:10.1002/sim.5947, as statsmodels has them."""
        return next(
            n
            for n in range(3, MOST)
            if power_negbin_ratio_2indep(
                self.mean * self.ratio, self.mean, n, exposure=1, dispersion=self.dispersion, return_results=False
            )
            >= power
        )


def values(*, is_paired: bool, difference: float, visits: int = 1) -> ValueStudy:
    return ValueStudy(is_paired=is_paired, difference=difference, between=1.2, within=0.9, visits=visits, alpha=ALPHA)


@pytest.mark.parametrize(("n", "difference"), [(12, 1.8), (40, 1.0), (90, 0.5)])
def test_the_power_of_two_groups_is_that_of_the_t_test(n: int, difference: float) -> None:
    study = values(is_paired=False, difference=difference)
    exact = TTestIndPower().power(difference / 1.5, n, ALPHA)
    assert power_at(study, n, np.random.default_rng(1))[0].value == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(("n", "visits"), [(9, 1), (9, 4), (30, 1)])
def test_the_power_of_people_seen_twice_is_that_of_the_paired_t_test(n: int, visits: int) -> None:
    study = values(is_paired=True, difference=0.8, visits=visits)
    exact = TTestPower().power(0.8 / (0.9 * np.sqrt(2 / visits)), n, ALPHA)
    assert power_at(study, n, np.random.default_rng(2))[0].value == pytest.approx(exact, abs=0.02)


def test_the_number_that_is_needed_is_that_of_the_t_test() -> None:
    found = needed(values(is_paired=False, difference=0.8), 0.9, np.random.default_rng(3))
    exact = TTestIndPower().solve_power(0.8 / 1.5, power=0.9, alpha=ALPHA)
    assert found.low <= math.ceil(exact) <= (found.high or 0)
    assert found.n == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize(("mean", "ratio", "dispersion"), [(5, 0.5, 1.0), (2, 0.5, 0.5), (20, 0.6, 0.8), (3, 1.6, 0.4)])
def test_the_number_for_counts_is_that_of_zhu_and_lakkis(mean: float, ratio: float, dispersion: float) -> None:
    study = NegativeBinomial(mean, ratio, dispersion)
    found = needed(study, 0.9, np.random.default_rng(4))
    assert found.n == pytest.approx(study.zhu_and_lakkis(0.9), rel=0.1)


@pytest.mark.parametrize("is_paired", [True, False])
def test_without_a_change_studies_find_one_as_often_as_alpha_says(*, is_paired: bool) -> None:
    found = values(is_paired=is_paired, difference=0.0).found(8000, np.array([5, 25]), np.random.default_rng(5))
    for size in found.T:
        assert binomtest(int(size.sum()), size.size, ALPHA).pvalue > 1e-3


@pytest.mark.parametrize(("dispersion", "n"), [(0.5, 20), (1.0, 40), (0.3, 100)])
def test_without_a_difference_counts_differ_no_more_often_than_alpha_says(dispersion: float, n: int) -> None:
    found = NegativeBinomial(5, 1.0, dispersion).found(6000, np.array([n]), np.random.default_rng(6))
    assert ALPHA / 2 < found.mean() < ALPHA + 0.01


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1000), difference=st.floats(0.3, 1.5), is_paired=st.booleans())
def test_power_grows_with_people_visits_and_change(seed: int, difference: float, *, is_paired: bool) -> None:
    def power(n: int, more: float = 1.0, visits: int = 1) -> float:
        study = values(is_paired=is_paired, difference=difference * more, visits=visits)
        return float(study.found(1500, np.array([n]), np.random.default_rng(seed)).mean())

    least = power(8)
    assert power(16) >= least - 0.03
    assert power(8, more=1.5) >= least - 0.03
    assert power(8, visits=3) >= least - 0.03


def test_the_same_seed_gives_the_same_answer() -> None:
    study = NegativeBinomial(4, 0.6, 0.5)
    first, again, other = (needed(study, 0.8, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert first == again
    assert first.power != other.power


def test_what_no_study_reaches_has_no_number() -> None:
    found = needed(values(is_paired=False, difference=0.001), 0.9, np.random.default_rng(9))
    assert found.n is None
    assert found.high is None
    assert found.power.value < 0.2


@given(n=st.integers(1, 300), data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_share_lies_in_its_exact_interval(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    exact = binomtest(successes, n).proportion_ci(0.95)
    ours = share(successes, n)
    assert (ours.low, ours.high) == pytest.approx((exact.low, exact.high), abs=1e-9)
