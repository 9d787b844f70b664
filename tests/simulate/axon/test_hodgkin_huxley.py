"""Hodgkin-Huxley cells rest, discharge faster under more current, and end in block."""

import numpy as np
import pytest

from twitchwise.simulate.axon.hodgkin_huxley import _linear, _rates, discharge_times_s
from twitchwise.simulate.engine import jnp


def test_a_cell_without_current_rests_and_more_current_discharges_faster() -> None:
    still, slow, fast = discharge_times_s(np.array([0.0, 0.08, 0.16]), duration_s=0.2)
    assert still.size == 0
    assert 0 < slow.size < fast.size
    assert np.all(np.diff(fast) > 0)


def test_the_rate_at_ten_microamperes_is_the_classic_one() -> None:
    (times,) = discharge_times_s(np.array([0.1]), duration_s=0.5)
    assert 1 / np.diff(times[2:]).mean() == pytest.approx(68.3, abs=1.0)


def test_rates_are_those_of_the_paper() -> None:
    potential = np.array([-80.0, -65.0, -40.0, -55.0, 20.0], dtype=np.float32)
    (m_open, m_close), (h_open, h_close), (n_open, n_close) = (
        tuple(map(np.asarray, pair)) for pair in _rates(jnp.asarray(potential))
    )
    v = potential.astype(np.float64) + 1e-9
    assert m_open == pytest.approx(0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)), rel=1e-4)
    assert m_close == pytest.approx(4 * np.exp(-(v + 65) / 18), rel=1e-5)
    assert h_open == pytest.approx(0.07 * np.exp(-(v + 65) / 20), rel=1e-5)
    assert h_close == pytest.approx(1 / (1 + np.exp(-(v + 35) / 10)), rel=1e-5)
    assert n_open == pytest.approx(0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10)), rel=1e-4)
    assert n_close == pytest.approx(0.125 * np.exp(-(v + 65) / 80), rel=1e-5)


def test_the_limit_of_a_rate_is_met_smoothly() -> None:
    x = np.array([-0.02, -0.005, 0.0, 0.005, 0.02])
    assert np.asarray(_linear(jnp.asarray(x), jnp.asarray(np.exp(-x / 10)))) == pytest.approx(1 + 0.05 * x, abs=1e-4)
