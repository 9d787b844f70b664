"""A unit that is held is told from one that fasciculates, by its intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.held import held_runs, held_spans
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.emg.units import Discharges
from twitchwise.vocabulary.arrays import FloatArray

REST_S = 120.0


def held(n: int, rng: np.random.Generator, start_s: float = 50.0, rate_hz: float = 9.0) -> FloatArray:
    gaps = np.maximum(0.3, 1 + 0.15 * rng.standard_normal(n - 1)) / rate_hz
    return np.asarray(start_s + np.concatenate([[0.0], np.cumsum(gaps)]), dtype=np.float64)


def random(rate_per_min: float, rng: np.random.Generator) -> FloatArray:
    return np.sort(rng.uniform(0.0, REST_S, rng.poisson(rate_per_min * REST_S / 60)))


@pytest.mark.parametrize("n", [5, 8, 20])
@pytest.mark.parametrize("rate_hz", [6.0, 9.0, 14.0])
def test_the_first_discharges_of_a_contraction_are_held(n: int, rate_hz: float) -> None:
    rng = np.random.default_rng([n, 1])
    found = 0
    for _ in range(20):
        times = np.concatenate([np.sort(rng.uniform(0, 45, 5)), held(n, rng, rate_hz=rate_hz)])
        runs = held_runs(times, REST_S, emg_settings())
        found += any(last - first >= n - 2 and first >= 4 for first, last in runs)
    assert found >= 19


def test_a_held_unit_of_which_some_discharges_are_not_seen_is_held() -> None:
    rng = np.random.default_rng(3)
    times = np.delete(held(20, rng), [4, 9, 15])
    assert held_runs(times, REST_S, emg_settings()) == [(0, 16)]


@pytest.mark.parametrize("rate_per_min", [5.0, 20.0, 60.0, 200.0])
def test_random_discharges_are_hardly_ever_held(rate_per_min: float) -> None:
    rng = np.random.default_rng(4)
    trains = [random(rate_per_min, rng) for _ in range(30)]  # an hour
    lost = sum(last - first + 1 for times in trains for first, last in held_runs(times, REST_S, emg_settings()))
    assert lost <= 0.002 * sum(times.size for times in trains)


def test_doublets_are_not_held() -> None:
    times = np.sort(np.concatenate([base + np.array([0.0, 0.02, 0.04, 0.06]) for base in (5.0, 30.0, 77.0)]))
    assert held_runs(times, REST_S, emg_settings()) == []


@given(st.lists(st.floats(0, 100), max_size=40))
def test_runs_lie_in_the_train_in_order_and_apart(times: list[float]) -> None:
    train = np.unique(np.array(times, dtype=np.float64))
    runs = held_runs(train, 100.0, emg_settings()) if train.size else []
    edges = [edge for run in runs for edge in run]
    assert edges == sorted(edges)
    assert all(0 <= first < last < train.size for first, last in runs)


def test_units_are_looked_at_one_by_one_and_those_of_no_unit_not_at_all() -> None:
    rng = np.random.default_rng(6)
    one = held(10, rng)
    time_s = np.concatenate([one, one + 30.0])
    ones = np.ones(20)
    found = Discharges(
        time_s=time_s,
        unit=np.repeat([2, 0], 10),
        probability=ones,
        amplitude=ones,
        residual=ones,
        overlapped=np.zeros(20, dtype=np.bool_),
    )
    assert held_spans(found, REST_S, emg_settings()).spans == ((one[0], one[-1]),)
