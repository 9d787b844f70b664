"""Regular trains are found among others, and none among impulses at random."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.rhythms.scenes import gamma_train, train

from twitchwise.measure.emg.rhythms.regular import regular_trains


@given(st.floats(0.6, 250.0), st.floats(0.0, 0.03), st.integers(0, 1000))
def test_one_regular_train_is_found_whole(rate_hz: float, spread: float, seed: int) -> None:
    times = train(rate_hz, 0.0, 40 / rate_hz, spread, np.random.default_rng(seed))
    found = regular_trains(times, 8)
    assert len(found) == 1
    assert found[0].places.size >= 0.9 * times.size
    assert found[0].intervals_s.size == found[0].places.size - 1


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(st.integers(0, 1000))
def test_no_impulse_belongs_to_two_trains(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.sort(np.concatenate([train(rate, 0.0, 8.0, 0.02, rng) for rate in (3.3, 7.1, 11.7)]))
    places = np.concatenate([one.places for one in regular_trains(times, 8)])
    assert np.unique(places).size == places.size


@pytest.mark.parametrize("seed", range(5))
def test_impulses_at_random_hold_no_train(seed: int) -> None:
    times = np.sort(np.random.default_rng(seed).uniform(0, 30, 300))
    assert regular_trains(times, 8) == []


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("seed", range(5))
def test_cramping_units_are_not_regular(seed: int) -> None:
    assert regular_trains(gamma_train(14.0, 0.0, 30.0, 0.45, np.random.default_rng(seed)), 8) == []


def test_hidden_discharges_do_not_break_a_train() -> None:
    times = np.delete(np.arange(60) / 6.0, [7, 19, 20, 41])
    (found,) = regular_trains(times, 8)
    assert found.places.size == 56
    assert found.intervals_s == pytest.approx(1 / 6.0)


def test_a_drifting_rate_is_followed() -> None:
    intervals = 1 / np.linspace(20, 70, 100)
    (found,) = regular_trains(np.cumsum(intervals), 8)
    assert found.places.size == 100


def test_too_few_are_no_train() -> None:
    assert regular_trains(np.arange(5) / 5.0, 8) == []
    assert regular_trains(np.empty(0), 8) == []
