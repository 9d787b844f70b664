"""All that the parameters describe comes together in one train, each event with its truth and no unit twice at once."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic import (
    Cramps,
    EctopicGenerator,
    Fasciculations,
    Fibrillations,
    GroupedDischarges,
    Kind,
    MyotonicRuns,
    Train,
    axon_train,
    fiber_train,
)
from twitchwise.vocabulary import EventKind, OutOfRangeError

BUSY = {
    "cramp_rate_per_min": 0.5,
    "cramp_duration": 10.0,
    "fasciculation_rate_per_min": 60.0,
    "fasciculating_units": 8.0,
    "grouped_discharge_units": 2.0,
    "grouped_discharge_interval": 1.0,
    "myotonic_run_rate_per_min": 6.0,
    "fibrillating_fibers": 3.0,
}


def test_a_healthy_muscle_fasciculates_now_and_then_and_its_fibers_are_silent(healthy: dict[str, float]) -> None:
    found = axon_train(healthy, 100, 600.0, np.random.default_rng(0))
    assert set(found.kind) == {Kind.FASCICULATION}
    assert len(found.label) == pytest.approx(10 * healthy["fasciculation_rate_per_min"], abs=12)
    assert len(fiber_train(healthy, 600.0, np.random.default_rng(0))) == 0


def test_all_kinds_come_together(healthy: dict[str, float]) -> None:
    found = axon_train(healthy | BUSY, 100, 300.0, np.random.default_rng(1))
    assert set(found.kind) == {Kind.FASCICULATION, Kind.MYOKYMIC_DISCHARGE, Kind.CRAMP_DISCHARGE}
    fibers = fiber_train(healthy | BUSY, 300.0, np.random.default_rng(1))
    assert set(fibers.kind) == {Kind.MYOTONIC_DISCHARGE, Kind.FIBRILLATION}


def test_runs_and_fibrillations_are_of_different_fibers(healthy: dict[str, float]) -> None:
    found = fiber_train(healthy | BUSY, 300.0, np.random.default_rng(2))
    runs, others = (set(found.of_kind(kind).unit.tolist()) for kind in (Kind.MYOTONIC_DISCHARGE, Kind.FIBRILLATION))
    assert runs
    assert len(others) == 3
    assert not runs & others


def test_units_of_every_size_fasciculate(healthy: dict[str, float]) -> None:
    generator = np.random.default_rng(3)
    drawn = [axon_train(healthy | {"fasciculation_rate_per_min": 60.0}, 100, 20.0, generator) for _ in range(40)]
    units = np.concatenate([np.unique(train.unit) for train in drawn])
    assert units.mean() == pytest.approx(49.5, abs=12)
    assert all(np.unique(train.unit).size <= 3 for train in drawn)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(st.integers(0, 2**32))
def test_no_unit_fires_while_it_is_refractory(healthy: dict[str, float], seed: int) -> None:
    found = axon_train(healthy | BUSY, 20, 30.0, np.random.default_rng(seed))
    for unit in np.unique(found.unit):
        mine = found.unit == unit
        times, events = found.time_s[mine], found.event[mine]
        assert np.diff(times).min(initial=1.0) >= 0.003 - 1e-12
        kinds = np.array([found.kind[event] is Kind.FASCICULATION for event in events])
        between = np.diff(times)[(np.diff(events) != 0) & (kinds[1:] | kinds[:-1])]
        assert between.min(initial=1.0) >= healthy["fasciculation_refractory_period"] - 1e-9


def test_one_seed_gives_one_train(healthy: dict[str, float]) -> None:
    one, same, other = (axon_train(healthy | BUSY, 50, 60.0, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert one.time_s.tolist() == same.time_s.tolist()
    assert one.label == same.label
    assert one.time_s.tolist() != other.time_s.tolist()


PROCESSES: dict[str, Callable[[Mapping[str, float]], EctopicGenerator]] = {
    "cramps": lambda values: Cramps.of(values, 10),
    "fasciculations": Fasciculations.of,
    "grouped_discharges": GroupedDischarges.of,
    "myotonic_runs": MyotonicRuns.of,
    "fibrillations": Fibrillations.of,
}
TOGETHER: dict[str, Callable[..., Train]] = {
    "axon_train": lambda values, *drawn: axon_train(values, 10, *drawn),
    "fiber_train": fiber_train,
}
RESTLESS = {
    **BUSY,
    "cramp_rate_per_min": 5.0,
    "grouped_discharge_units": 10.0,
    "fasciculating_units": 10.0,
    "fasciculation_refractory_period": 0.3,
    "fasciculation_rate_per_min": 600.0,
    "doublet_probability": 0.5,
    "multiplet_discharges": 2.5,
    "fasciculation_echo_probability": 0.5,
    "fasciculation_multi_unit_share": 0.5,
}


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("process", [*PROCESSES, *TOGETHER])
@given(together=st.booleans(), seed=st.integers(0, 2**32), short_s=st.floats(0.0, 5.0), longer_s=st.floats(0.0, 5.0))
def test_a_longer_run_begins_as_a_shorter_one(
    healthy: dict[str, float], process: str, *, together: bool, seed: int, short_s: float, longer_s: float
) -> None:
    values = healthy | RESTLESS | {"grouped_discharge_together": float(together)}
    draw = TOGETHER.get(process) or (lambda values, *drawn: PROCESSES[process](values).draw(*drawn))
    short, long = (draw(values, end_s, np.random.default_rng(seed)) for end_s in (short_s, short_s + longer_s))
    first = long.time_s < short_s
    assert short.time_s.tolist() == long.time_s[first].tolist()
    assert short.unit.tolist() == long.unit[first].tolist()
    assert short.event.tolist() == long.event[first].tolist()
    assert short.label == long.label[: len(short.label)]


@pytest.mark.parametrize("name", ["fasciculating_units", "grouped_discharge_units"])
def test_more_units_than_the_muscle_has_are_refused(healthy: dict[str, float], name: str) -> None:
    with pytest.raises(OutOfRangeError, match=name):
        axon_train(healthy | {name: 11.0}, 10, 10.0, np.random.default_rng(6))


def test_every_kind_is_a_kind_of_event_that_files_can_hold() -> None:
    words = {kind.value for kind in EventKind}
    potentials = {f"{kind}_potential" for kind in (Kind.FASCICULATION, Kind.FIBRILLATION)}
    assert {kind.value for kind in Kind} - {Kind.FASCICULATION, Kind.FIBRILLATION} | potentials <= words
