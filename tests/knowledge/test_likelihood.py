"""Logarithms of shares against scipy's Beta distribution, and the laws of likelihood ratios."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from twitchwise.knowledge.likelihood import Uncertainty, central_value, log_likelihood_ratio, log_share
from twitchwise.knowledge.schema import Assumed, Counts, Reported, Share

WIDTHS = Uncertainty(interval_z=1.96, reported_logit_sd=0.35, assumed_logit_sd=0.7)
counts = st.integers(1, 400).flatmap(lambda n: st.builds(Counts, present=st.integers(0, n), examined=st.just(n)))
shares = st.floats(0.001, 0.999)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(counts, st.booleans())
def test_counts_give_the_exact_mean_and_variance_of_the_log_of_a_beta(count: Counts, absent: bool) -> None:  # noqa: FBT001
    hits = count.examined - count.present if absent else count.present
    a, b = hits + 1, count.examined - hits + 1
    found = log_share(Share(counts=count), absent=absent, uncertainty=WIDTHS)
    assert found.mean == pytest.approx(special.digamma(a) - special.digamma(a + b), rel=1e-9, abs=1e-12)
    assert found.variance == pytest.approx(special.polygamma(1, a) - special.polygamma(1, a + b), rel=1e-9, abs=1e-12)


def test_the_log_of_a_beta_agrees_with_draws_from_it() -> None:
    draws = np.log(stats.beta(37, 5).rvs(200_000, random_state=np.random.default_rng(0)))
    found = log_share(Share(counts=Counts(present=36, examined=40)), absent=False, uncertainty=WIDTHS)
    assert found.mean == pytest.approx(float(draws.mean()), abs=1e-3)
    assert found.variance == pytest.approx(float(draws.var()), rel=0.02)


@given(shares, st.floats(0.01, 2))
def test_a_reported_interval_gives_back_its_own_width(value: float, half: float) -> None:
    logit = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(logit + sign * half))) for sign in (-1, 1))
    share = Share(reported=Reported(value=value, interval=(low, high)))
    found = log_share(share, absent=False, uncertainty=WIDTHS)
    assert found.variance == pytest.approx((half / 1.96 * (1 - value)) ** 2, rel=1e-3)


def test_an_interval_that_touches_both_ends_says_little() -> None:
    share = Share(reported=Reported(value=0.5, interval=(0, 1)))
    assert log_share(share, absent=False, uncertainty=WIDTHS).variance == pytest.approx(0.25)


@given(shares)
def test_an_assumed_share_is_wider_than_a_reported_one(value: float) -> None:
    assumed = Share(assumed=Assumed(value=value, because="made up for this test"))
    reported = Share(reported=Reported(value=value))
    for absent in (False, True):
        wide, narrow = (log_share(share, absent=absent, uncertainty=WIDTHS) for share in (assumed, reported))
        assert wide.mean == narrow.mean
        assert wide.variance > narrow.variance


@given(shares, shares)
def test_presence_and_absence_pull_in_opposite_directions(here: float, there: float) -> None:
    pair = [Share(reported=Reported(value=value)) for value in (here, there)]
    present, absent = (log_likelihood_ratio(*pair, absent=absent, uncertainty=WIDTHS).mean for absent in (False, True))
    assert present * absent <= 0
    assert present == pytest.approx(0, abs=1e-9) or (present > 0) == (here > there)


@given(counts)
def test_the_central_value_is_the_mean_of_the_posterior(count: Counts) -> None:
    expected = stats.beta(count.present + 1, count.examined - count.present + 1).mean()
    assert central_value(Share(counts=count)) == pytest.approx(float(expected))


def test_the_central_value_of_a_given_share_is_the_share() -> None:
    assert central_value(Share(reported=Reported(value=0.2))) == 0.2
    assert central_value(Share(assumed=Assumed(value=0.3, because="made up for this test"))) == 0.3
