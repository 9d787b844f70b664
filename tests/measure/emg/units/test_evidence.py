"""Probabilities follow from what noise alone would give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.units.evidence import local_fdr, log_odds, probability_of

EXPECTED = st.lists(st.floats(1e-6, 1e3), max_size=60).map(np.array)


@given(EXPECTED)
def test_a_stronger_finding_is_never_more_likely_noise(expected: np.ndarray) -> None:
    fdr = local_fdr(expected)
    assert fdr.shape == expected.shape
    assert ((fdr > 0) & (fdr <= 1)).all()
    assert (np.diff(fdr[np.argsort(expected, kind="stable")]) >= 0).all()


def test_noise_alone_is_called_noise() -> None:
    expected = np.sort(np.random.default_rng(1).uniform(0, 1000, 1000))
    assert np.median(local_fdr(expected)) > 0.9


def test_one_finding_alone_is_noise_as_likely_as_noise_gives_one() -> None:
    assert local_fdr(np.array([0.03])).tolist() == pytest.approx([0.03])
    assert local_fdr(np.empty(0)).size == 0


def test_the_log_odds_are_the_ratio_of_the_two_densities() -> None:
    height, detectability, spread, ratio = 5.0, np.array([6.0]), np.array([0.2]), np.array([-8.0])
    variance = 1 + (0.2 * 6.0) ** 2
    signal = np.exp(-((height - 6.0) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    noise = height * np.exp(-(height**2) / 2)
    assert log_odds(height, detectability, spread, ratio)[0] == pytest.approx(np.log(np.exp(-8.0) * signal / noise))


@given(st.floats(0.5, 9.0), st.floats(0.01, 0.3), st.floats(-14.0, -4.0))
def test_a_unit_that_discharges_more_often_is_believed_more_easily(height: float, spread: float, ratio: float) -> None:
    rare, frequent = (
        log_odds(height, np.array([6.0]), np.array([spread]), np.array([one])) for one in (ratio, ratio + 1)
    )
    assert frequent[0] == pytest.approx(rare[0] + 1)


def test_even_odds_are_one_half_and_great_ones_do_not_overflow() -> None:
    assert probability_of(np.array([0.0, 1e6, -1e6])).tolist() == pytest.approx([0.5, 1.0, 0.0])
