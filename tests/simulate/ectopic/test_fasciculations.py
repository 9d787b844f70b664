"""Fasciculations come at the rate asked for, never closer than the dead time, and repetitive ones count once."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic import Fasciculations, Kind, Site
from twitchwise.vocabulary import OutOfRangeError

NUMBERS = {
    "rate_per_min": st.floats(0.0, 60.0),
    "n_units": st.integers(1, 10),
    "doublet_probability": st.floats(0.0, 1.0),
    "multiplet_discharges": st.floats(1.0, 4.0),
    "doublet_interval_s": st.floats(0.004, 0.05),
    "doublet_interval_spread": st.floats(0.0, 0.3),
    "refractory_period_s": st.floats(0.02, 0.2),
    "distal_share": st.floats(0.0, 1.0),
    "echo_probability": st.floats(0.0, 1.0),
    "echo_latency_s": st.floats(0.02, 0.05),
}
of_one_unit = st.builds(Fasciculations, **NUMBERS)
of_some_units = st.builds(
    Fasciculations, **NUMBERS, multi_unit_share=st.floats(0.0, 1.0), companion_delay_s=st.floats(0.0, 0.01)
)


@given(of_some_units, st.integers(0, 2**32), st.floats(0.0, 200.0))
def test_discharges_are_in_order_within_the_time_and_of_known_units(
    process: Fasciculations, seed: int, duration_s: float
) -> None:
    found = process.draw(duration_s, np.random.default_rng(seed))
    assert (np.diff(found.time_s) >= 0).all()
    assert ((found.time_s >= 0) & (found.time_s < duration_s)).all()
    assert ((found.unit >= 0) & (found.unit < process.n_units)).all()
    assert np.unique(found.event).tolist() == list(range(len(found.label)))
    assert set(found.kind) <= {Kind.FASCICULATION}


@given(of_some_units, st.integers(0, 2**32))
def test_one_seed_gives_one_train(process: Fasciculations, seed: int) -> None:
    one, same = (process.draw(60.0, np.random.default_rng(seed)) for _ in range(2))
    assert one.time_s.tolist() == same.time_s.tolist()
    assert one.unit.tolist() == same.unit.tolist()
    assert one.label == same.label


@given(of_one_unit, st.integers(0, 2**32))
def test_a_fasciculation_is_of_one_unit_with_at_most_its_discharges(process: Fasciculations, seed: int) -> None:
    found = process.draw(120.0, np.random.default_rng(seed))
    most = max(math.ceil(process.multiplet_discharges), 2 if process.echo_probability > 0 else 1)
    for event in np.unique(found.event):
        members = found.event == event
        assert np.unique(found.unit[members]).size == 1
        assert np.count_nonzero(members) <= most


@given(of_some_units, st.integers(0, 2**32))
def test_a_unit_rests_for_its_refractory_period_between_fasciculations(process: Fasciculations, seed: int) -> None:
    found = process.draw(120.0, np.random.default_rng(seed))
    for unit in range(process.n_units):
        mine = found.unit == unit
        times, events = found.time_s[mine], found.event[mine]
        between = np.diff(times)[np.diff(events) != 0]
        assert (between >= process.refractory_period_s - 1e-9).all()


@pytest.mark.parametrize("rate_per_min", [0.5, 17.0, 300.0])
@pytest.mark.parametrize("n_units", [1, 7])
@pytest.mark.parametrize("multi_unit_share", [0.0, 0.5])
def test_the_rate_is_the_one_asked_for_within_poisson_bounds(
    rate_per_min: float, n_units: int, multi_unit_share: float
) -> None:
    process = Fasciculations(
        rate_per_min=rate_per_min, n_units=n_units, refractory_period_s=0.1, multi_unit_share=multi_unit_share
    )
    expected = 4000
    found = process.draw(expected * 60 / rate_per_min, np.random.default_rng(5))
    assert abs(len(found.label) - expected) < 4 * math.sqrt(expected)


def test_the_rate_holds_from_the_first_second() -> None:
    process = Fasciculations(rate_per_min=120.0, n_units=1, refractory_period_s=0.4)
    generator = np.random.default_rng(6)
    firsts = [process.draw(10.0, generator).time_s for _ in range(2000)]
    early, late = (sum(((train >= at) & (train < at + 0.2)).sum() for train in firsts) for at in (0.0, 8.0))
    assert abs(int(early) - 800) < 4 * math.sqrt(800)
    assert abs(int(late) - 800) < 4 * math.sqrt(800)


def test_doublets_come_with_their_share_and_interval() -> None:
    process = Fasciculations(
        rate_per_min=60.0, n_units=3, doublet_probability=0.3, doublet_interval_s=0.03, doublet_interval_spread=0.1
    )
    found = process.draw(6000.0, np.random.default_rng(8))
    discharges = np.bincount(found.event)
    assert np.mean(discharges == 2) == pytest.approx(0.3, abs=0.03)
    order = np.argsort(found.event, kind="stable")
    intervals = np.diff(found.time_s[order])[np.diff(found.event[order]) == 0]
    assert intervals.mean() == pytest.approx(0.03, rel=0.02)


def test_a_share_arises_far_out_and_only_these_are_answered() -> None:
    process = Fasciculations(rate_per_min=60.0, n_units=3, distal_share=0.7, echo_probability=0.4, echo_latency_s=0.032)
    found = process.draw(6000.0, np.random.default_rng(9))
    distal = np.array([site is Site.DISTAL for site in found.site])
    discharges = np.bincount(found.event)
    assert distal.mean() == pytest.approx(0.7, abs=0.03)
    assert set(discharges[~distal].tolist()) == {1}
    assert np.mean(discharges[distal] == 2) == pytest.approx(0.4, abs=0.03)
    order = np.argsort(found.event, kind="stable")
    intervals = np.diff(found.time_s[order])[np.diff(found.event[order]) == 0]
    assert intervals == pytest.approx(0.032)


def test_a_repetitive_fasciculation_is_not_answered_as_well() -> None:
    process = Fasciculations(rate_per_min=60.0, n_units=3, doublet_probability=1.0, echo_probability=1.0)
    found = process.draw(600.0, np.random.default_rng(10))
    assert set(np.bincount(found.event).tolist()) == {2}


def test_a_share_takes_another_unit_along_within_its_delay() -> None:
    process = Fasciculations(rate_per_min=60.0, n_units=5, multi_unit_share=0.3, companion_delay_s=0.003)
    found = process.draw(6000.0, np.random.default_rng(11))
    pairs = [np.flatnonzero(found.event == event) for event in np.flatnonzero(np.bincount(found.event) == 2)]
    assert len(pairs) / len(found.label) == pytest.approx(0.3, abs=0.04)
    assert all(found.unit[one] != found.unit[other] for one, other in pairs)
    assert max(found.time_s[other] - found.time_s[one] for one, other in pairs) <= 0.003
    assert np.bincount(found.unit).min() > 0.8 * len(found) / 5


def test_a_single_unit_takes_none_along() -> None:
    found = Fasciculations(rate_per_min=60.0, n_units=1, multi_unit_share=1.0).draw(100.0, np.random.default_rng(12))
    assert len(found) == len(found.label)


def test_a_unit_is_not_taken_along_twice_within_its_dead_time() -> None:
    process = Fasciculations(
        rate_per_min=500.0, n_units=12, multi_unit_share=1.0, companion_delay_s=0.05, refractory_period_s=0.5
    )
    found = process.draw(300.0, np.random.default_rng(13))
    for unit in range(12):
        assert np.diff(found.times_of(unit)).min() >= 0.5 - 1e-9
    assert len(found) > 1.1 * len(found.label)


def test_a_rate_of_0_gives_none_and_so_does_no_time() -> None:
    generator = np.random.default_rng(9)
    assert len(Fasciculations(rate_per_min=0.0, n_units=2).draw(100.0, generator)) == 0
    assert len(Fasciculations(rate_per_min=60.0, n_units=2).draw(-1.0, generator)) == 0


def test_the_process_of_a_condition_takes_its_parameters(healthy: dict[str, float]) -> None:
    sick = healthy | {"multiplet_discharges": 3.0, "fasciculation_rate_per_min": 7.0, "fasciculating_units": 9.2}
    process = Fasciculations.of(sick)
    assert process.multiplet_discharges == 3.0
    assert process.rate_per_min == 7.0
    assert process.n_units == 9
    assert process.distal_share == 0.97
    assert Fasciculations.of(healthy | {"fasciculating_units": 0.2}).n_units == 1


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
        {"distal_share": -0.1},
        {"echo_probability": 1.1},
        {"echo_latency_s": 0.0},
        {"multi_unit_share": 2.0},
        {"companion_delay_s": -0.001},
    ],
)
def test_a_process_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {"rate_per_min": 10.0, "n_units": 1}
    with pytest.raises(OutOfRangeError, match="must"):
        Fasciculations(**(numbers | change))
