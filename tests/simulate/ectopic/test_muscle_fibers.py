"""Myotonic runs wax and wane between 20 and 80 per second; fibrillation is regular at 0.5 to 15 per second."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic import Fibrillations, Kind, MyotonicRuns, Site, joined
from twitchwise.simulate.ectopic.train import NOTHING
from twitchwise.vocabulary import OutOfRangeError

RUNS: dict[str, Any] = {"rate_per_min": 6.0, "duration_s": 2.0, "n_fibers": 3, "rate_hz": 50.0, "rate_span": 0.6}


@given(st.integers(0, 2**32), st.floats(0.0, 60.0))
def test_runs_lie_within_the_time_and_are_of_one_fiber_each(seed: int, duration_s: float) -> None:
    found = MyotonicRuns(**RUNS).draw(duration_s, np.random.default_rng(seed))
    assert ((found.time_s >= 0) & (found.time_s < duration_s)).all()
    assert np.unique(found.event).tolist() == list(range(len(found.label)))
    for event in range(len(found.label)):
        assert np.unique(found.unit[found.event == event]).size == 1


def test_a_run_waxes_and_wanes_between_20_and_80_hz(healthy: dict[str, float]) -> None:
    found = MyotonicRuns.of(healthy | {"myotonic_run_rate_per_min": 6.0}).draw(60.0, np.random.default_rng(1))
    rates = 1 / np.diff(found.time_s[found.event == 0])
    assert rates.min() == pytest.approx(20.0, rel=0.1)
    assert rates.max() == pytest.approx(80.0, rel=0.05)
    assert 0.4 < rates.argmax() / rates.size < 0.6
    assert set(found.kind) == {Kind.MYOTONIC_DISCHARGE}
    assert set(found.site) == {Site.FIBER}


def test_the_size_waxes_and_wanes_with_the_rate(healthy: dict[str, float]) -> None:
    runs = MyotonicRuns.of(healthy | {"myotonic_run_rate_per_min": 6.0, "myotonic_size_span": 0.6})
    train = runs.draw(60.0, np.random.default_rng(1))
    shares = runs.share_of(train)
    whole = shares[train.event == 0]
    middle = int(whole.argmax())
    assert whole[middle] == pytest.approx(1.0, abs=0.01)
    assert whole[[0, -1]] == pytest.approx(0.4, abs=0.02)
    assert 0.4 < middle / whole.size < 0.6
    assert (np.diff(whole[: middle + 1]) > 0).all()
    assert (np.diff(whole[middle:]) < 0).all()


def test_all_potentials_but_those_of_runs_have_their_full_size(healthy: dict[str, float]) -> None:
    runs = MyotonicRuns.of(healthy | {"myotonic_run_rate_per_min": 6.0})
    alone = Fibrillations(n_fibers=3, rate_hz=4.0).draw(20.0, np.random.default_rng(2))
    both = joined([runs.draw(20.0, np.random.default_rng(1)), alone])
    is_run = np.array([kind is Kind.MYOTONIC_DISCHARGE for kind in both.kind])[both.event]
    shares = runs.share_of(both)
    assert (shares[~is_run] == 1).all()
    assert shares[is_run].min() == pytest.approx(0.5, abs=0.01)
    assert runs.share_of(NOTHING).size == 0


def test_runs_come_at_their_rate_and_rest_between() -> None:
    found = MyotonicRuns(**(RUNS | {"n_fibers": 1})).draw(10_000.0, np.random.default_rng(2))
    assert len(found.label) == pytest.approx(1000, rel=0.1)
    starts = found.time_s[np.flatnonzero(np.diff(found.event, prepend=-1))]
    assert np.diff(starts).min() >= 2.0


def test_a_healthy_muscle_has_neither(healthy: dict[str, float]) -> None:
    generator = np.random.default_rng(3)
    assert len(MyotonicRuns.of(healthy).draw(100.0, generator)) == 0
    assert len(Fibrillations.of(healthy).draw(100.0, generator)) == 0


def test_a_fiber_fibrillates_regularly_at_its_rate() -> None:
    found = Fibrillations(n_fibers=1, rate_hz=4.0, interval_spread=0.03).draw(1000.0, np.random.default_rng(4))
    intervals = np.diff(found.time_s)
    assert intervals.mean() == pytest.approx(0.25, rel=0.01)
    assert intervals.std() / intervals.mean() == pytest.approx(0.03, rel=0.1)
    assert set(found.kind) == {Kind.FIBRILLATION}
    assert set(found.site) == {Site.FIBER}


@given(st.integers(0, 40), st.floats(0.5, 15.0), st.floats(0.0, 2.0), st.integers(0, 2**32))
def test_all_fibers_keep_to_the_rates_of_fibrillation(n: int, rate_hz: float, spread: float, seed: int) -> None:
    process = Fibrillations(n_fibers=n, rate_hz=rate_hz, rate_spread=spread)
    found = process.draw(10.0, np.random.default_rng(seed))
    assert found.event.tolist() == list(range(len(found)))
    for fiber in range(n):
        intervals = np.diff(found.times_of(fiber))
        assert (1 / intervals >= 0.5 - 1e-9).all()
        assert (1 / intervals <= 15.0 + 1e-6).all()


def test_fibers_differ_in_rate(healthy: dict[str, float]) -> None:
    found = Fibrillations.of(healthy | {"fibrillating_fibers": 30.0}).draw(200.0, np.random.default_rng(5))
    counts = np.bincount(found.unit)
    assert np.log(counts).std() == pytest.approx(0.5, abs=0.2)


def test_no_time_gives_none() -> None:
    assert len(Fibrillations(n_fibers=2, rate_hz=4.0).draw(-1.0, np.random.default_rng(6))) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"rate_per_min": -1.0},
        {"rate_per_min": 30.0},
        {"duration_s": 0.0},
        {"n_fibers": 0},
        {"rate_hz": 0.0},
        {"rate_span": 1.0},
        {"size_span": -0.1},
        {"size_span": 1.1},
    ],
)
def test_runs_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        MyotonicRuns(**(RUNS | change))


@pytest.mark.parametrize(
    "change", [{"n_fibers": -1}, {"rate_hz": 0.4}, {"rate_hz": 20.0}, {"rate_spread": -1.0}, {"interval_spread": 0.5}]
)
def test_what_is_no_fibrillation_is_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {"n_fibers": 2, "rate_hz": 4.0}
    with pytest.raises(OutOfRangeError, match="must"):
        Fibrillations(**(numbers | change))
