"""Fasciculations come at the rate asked for, never closer than the dead time, and repetitive ones count once."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import parameters_for
from twitchwise.simulate.fasciculation_train import FasciculationProcess, ectopic_rate_per_min
from twitchwise.vocabulary import OutOfRangeError

processes = st.builds(
    FasciculationProcess,
    rate_per_min=st.floats(0.0, 60.0),
    n_units=st.integers(1, 10),
    doublet_probability=st.floats(0.0, 1.0),
    multiplet_discharges=st.floats(1.0, 4.0),
    doublet_interval_s=st.floats(0.004, 0.05),
    doublet_interval_spread=st.floats(0.0, 0.3),
    refractory_period_s=st.floats(0.02, 0.2),
)


@given(processes, st.integers(0, 2**32), st.floats(0.0, 200.0))
def test_discharges_are_in_order_within_the_time_and_of_known_units(
    process: FasciculationProcess, seed: int, duration_s: float
) -> None:
    found = process.draw(duration_s, np.random.default_rng(seed))
    assert (np.diff(found.time_s) >= 0).all()
    assert ((found.time_s >= 0) & (found.time_s <= duration_s)).all()
    assert ((found.unit >= 0) & (found.unit < process.n_units)).all()
    assert np.unique(found.event).tolist() == list(range(found.event.max(initial=-1) + 1))


@given(processes, st.integers(0, 2**32))
def test_a_fasciculation_is_of_one_unit_with_at_most_its_discharges(process: FasciculationProcess, seed: int) -> None:
    found = process.draw(120.0, np.random.default_rng(seed))
    for event in np.unique(found.event):
        members = found.event == event
        assert np.unique(found.unit[members]).size == 1
        assert np.count_nonzero(members) <= math.ceil(process.multiplet_discharges)


@given(processes, st.integers(0, 2**32))
def test_a_unit_rests_for_its_refractory_period_between_fasciculations(
    process: FasciculationProcess, seed: int
) -> None:
    found = process.draw(120.0, np.random.default_rng(seed))
    for unit in range(process.n_units):
        mine = found.unit == unit
        times, events = found.time_s[mine], found.event[mine]
        between = np.diff(times)[np.diff(events) != 0]
        assert (between >= process.refractory_period_s - 1e-9).all()


@pytest.mark.parametrize("rate_per_min", [0.5, 17.0, 300.0])
@pytest.mark.parametrize("n_units", [1, 7])
def test_the_rate_is_the_one_asked_for_within_poisson_bounds(rate_per_min: float, n_units: int) -> None:
    process = FasciculationProcess(rate_per_min=rate_per_min, n_units=n_units, refractory_period_s=0.1)
    duration_s = 4000 * 60 / rate_per_min
    expected = 4000
    count = int(process.draw(duration_s, np.random.default_rng(5)).event.max()) + 1
    assert abs(count - expected) < 4 * math.sqrt(expected)


def test_the_rate_holds_from_the_first_second() -> None:
    process = FasciculationProcess(rate_per_min=120.0, n_units=1, refractory_period_s=0.4)
    generator = np.random.default_rng(6)
    firsts = [process.draw(10.0, generator).time_s for _ in range(2000)]
    early, late = (sum(((train >= at) & (train < at + 0.2)).sum() for train in firsts) for at in (0.0, 8.0))
    assert abs(int(early) - 800) < 4 * math.sqrt(800)
    assert abs(int(late) - 800) < 4 * math.sqrt(800)


def test_without_a_dead_time_intervals_are_exponential() -> None:
    process = FasciculationProcess(rate_per_min=60.0, n_units=1, refractory_period_s=1e-9)
    intervals = np.diff(process.draw(20_000.0, np.random.default_rng(7)).time_s)
    assert intervals.mean() == pytest.approx(1.0, rel=0.03)
    assert intervals.std() == pytest.approx(1.0, rel=0.05)
    assert np.quantile(intervals, 0.5) == pytest.approx(math.log(2), rel=0.05)


def test_doublets_come_with_their_share_and_interval() -> None:
    process = FasciculationProcess(
        rate_per_min=60.0, n_units=3, doublet_probability=0.3, doublet_interval_s=0.03, doublet_interval_spread=0.1
    )
    found = process.draw(6000.0, np.random.default_rng(8))
    discharges = np.bincount(found.event)
    assert np.mean(discharges == 2) == pytest.approx(0.3, abs=0.03)
    order = np.argsort(found.event, kind="stable")
    intervals = np.diff(found.time_s[order])[np.diff(found.event[order]) == 0]
    assert intervals.mean() == pytest.approx(0.03, rel=0.02)


def test_a_rate_of_0_gives_none_and_so_does_no_time() -> None:
    generator = np.random.default_rng(9)
    assert len(FasciculationProcess(rate_per_min=0.0, n_units=2).draw(100.0, generator)) == 0
    assert len(FasciculationProcess(rate_per_min=60.0, n_units=2).draw(-1.0, generator)) == 0


@given(st.floats(0.3, 1.0), st.floats(1.0, 3.0))
def test_a_lower_axon_threshold_raises_the_rate_and_a_higher_one_lowers_it(low: float, high: float) -> None:
    healthy = dict(parameters_for("healthy"))
    rate = ectopic_rate_per_min(healthy)
    assert rate == healthy["fasciculation_rate_per_min"]
    assert ectopic_rate_per_min(healthy | {"axon_threshold_scale": low}) >= rate
    assert ectopic_rate_per_min(healthy | {"axon_threshold_scale": high}) <= rate


def test_the_process_of_a_condition_takes_its_parameters() -> None:
    process = FasciculationProcess.of(parameters_for("low_calcium"))
    assert process.multiplet_discharges == parameters_for("low_calcium")["multiplet_discharges"]
    assert process.rate_per_min > parameters_for("low_calcium")["fasciculation_rate_per_min"]


@pytest.mark.parametrize(
    "change",
    [
        {"rate_per_min": -1.0},
        {"rate_per_min": math.nan},
        {"n_units": 0},
        {"doublet_probability": 1.5},
        {"multiplet_discharges": 0.5},
        {"doublet_interval_s": 0.0},
        {"doublet_interval_spread": 0.5},
        {"refractory_period_s": 0.0},
        {"rate_per_min": 601.0},
    ],
)
def test_a_process_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {"rate_per_min": 10.0, "n_units": 1}
    with pytest.raises(OutOfRangeError, match="must"):
        FasciculationProcess(**(numbers | change))
