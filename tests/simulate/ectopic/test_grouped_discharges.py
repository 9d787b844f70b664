"""Groups recur at their interval, fire at their rate, slow as they should, and are named by their rate."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic import GroupedDischarges, Kind, Site, Train
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

MYOKYMIA = GroupedDischarges(n_units=2, rate_hz=40.0, duration_s=0.1, interval_s=0.25, interval_spread=0.15)
NEUROMYOTONIA = {
    "grouped_discharge_units": 1.0,
    "grouped_discharge_rate_hz": 200.0,
    "grouped_discharge_duration": 0.5,
    "grouped_discharge_interval": 2.0,
    "grouped_discharge_rate_fall": 0.4,
}

groups = st.builds(
    lambda share, **numbers: GroupedDischarges(duration_s=share * numbers["interval_s"], **numbers),
    share=st.floats(0.0, 1.0),
    n_units=st.integers(0, 4),
    rate_hz=st.floats(5.0, 300.0),
    interval_s=st.floats(0.1, 2.0),
    interval_spread=st.floats(0.0, 0.33),
    rate_fall=st.floats(0.0, 0.9),
    together=st.booleans(),
)


def starts_of(train: Train) -> FloatArray:
    return np.array([train.time_s[train.event == event].min() for event in range(len(train.label))])


@given(groups, st.integers(0, 2**32), st.floats(0.0, 20.0))
def test_discharges_are_in_order_within_the_time(process: GroupedDischarges, seed: int, duration_s: float) -> None:
    found = process.draw(duration_s, np.random.default_rng(seed))
    assert (np.diff(found.time_s) >= 0).all()
    assert ((found.time_s >= 0) & (found.time_s < duration_s)).all()
    assert np.unique(found.event).tolist() == list(range(len(found.label)))
    assert ((found.unit >= 0) & (found.unit < max(process.n_units, 1))).all()


@given(groups, st.integers(0, 2**32))
def test_a_unit_never_fires_faster_than_its_rate(process: GroupedDischarges, seed: int) -> None:
    found = process.draw(10.0, np.random.default_rng(seed))
    for unit in range(process.n_units):
        assert np.diff(found.times_of(unit)).min(initial=1.0) >= 0.95 / process.rate_hz


@given(groups, st.integers(0, 2**32))
def test_one_seed_gives_one_train(process: GroupedDischarges, seed: int) -> None:
    one, same = (process.draw(5.0, np.random.default_rng(seed)) for _ in range(2))
    assert one.time_s.tolist() == same.time_s.tolist()


@pytest.mark.parametrize("rate_hz", [2.0, 4.0, 6.0])
def test_groups_recur_half_rhythmically_at_their_interval(rate_hz: float) -> None:
    process = GroupedDischarges(n_units=1, rate_hz=60.0, duration_s=0.06, interval_s=1 / rate_hz, interval_spread=0.15)
    starts = starts_of(process.draw(400.0, np.random.default_rng(0)))
    assert starts.size == pytest.approx(400.0 * rate_hz, rel=0.02)
    assert np.diff(starts).std() * rate_hz == pytest.approx(0.15, rel=0.1)


def test_myokymia_has_groups_of_two_to_ten_discharges_at_5_to_60_hz() -> None:
    found = MYOKYMIA.draw(100.0, np.random.default_rng(1))
    counts = np.bincount(found.event)[:-2]  # the end may cut the last of each unit
    assert 2 <= counts.min() <= counts.max() <= 10
    order = np.argsort(found.event, kind="stable")
    intervals = np.diff(found.time_s[order])[np.diff(found.event[order]) == 0]
    assert 1 / intervals == pytest.approx(40.0)
    assert set(found.kind) == {Kind.MYOKYMIC_DISCHARGE}
    assert set(found.site) == {Site.DISTAL}


def test_units_keep_rhythms_of_their_own_unless_they_fire_together() -> None:
    alone = MYOKYMIA.draw(50.0, np.random.default_rng(2))
    assert all(np.unique(alone.unit[alone.event == event]).size == 1 for event in range(len(alone.label)))
    spasm = GroupedDischarges(
        n_units=6, rate_hz=300.0, duration_s=0.05, interval_s=0.3, interval_spread=0.3, together=True
    ).draw(50.0, np.random.default_rng(3))
    for event in range(len(spasm.label)):
        members = spasm.event == event
        assert np.unique(spasm.unit[members]).size == 6
        assert np.ptp(spasm.time_s[members]) <= 0.05 * (1 + 3 * 0.3)


def test_neuromyotonia_fires_at_150_to_300_hz_and_slows_as_it_goes_on(healthy: dict[str, float]) -> None:
    process = GroupedDischarges.of(healthy | NEUROMYOTONIA)
    found = process.draw(60.0, np.random.default_rng(4))
    assert set(found.kind) == {Kind.NEUROMYOTONIC_DISCHARGE}
    for event in range(len(found.label) - 1):  # the end may cut the last
        rates = 1 / np.diff(found.time_s[found.event == event])
        assert rates[0] == pytest.approx(200.0, rel=0.02)
        assert rates[-1] == pytest.approx(120.0, rel=0.03)
        assert (np.diff(rates) < 1e-6).all()


def test_a_healthy_muscle_has_none(healthy: dict[str, float]) -> None:
    assert len(GroupedDischarges.of(healthy).draw(100.0, np.random.default_rng(5))) == 0


def test_a_slower_group_is_called_myokymic_and_can_be_of_many_units_together(healthy: dict[str, float]) -> None:
    values = healthy | {"grouped_discharge_units": 3.0, "grouped_discharge_together": 1.0}
    process = GroupedDischarges.of(values)
    assert process.kind is Kind.MYOKYMIC_DISCHARGE
    assert process.together


def test_a_group_without_duration_is_one_discharge() -> None:
    found = GroupedDischarges(n_units=1, rate_hz=40.0, duration_s=0.0, interval_s=1.0).draw(
        30.0, np.random.default_rng(6)
    )
    assert len(found) == len(found.label) == pytest.approx(30, abs=1)


@pytest.mark.parametrize(
    "change",
    [
        {"n_units": -1},
        {"rate_hz": 0.0},
        {"rate_hz": 600.0},
        {"rate_fall": 1.0},
        {"duration_s": -0.1},
        {"duration_s": 0.3},
        {"interval_s": 0.0},
        {"interval_spread": 0.4},
        {"n_units": math.nan},
    ],
)
def test_groups_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {"n_units": 1, "rate_hz": 40.0, "duration_s": 0.1, "interval_s": 0.25}
    with pytest.raises(OutOfRangeError, match="must"):
        GroupedDischarges(**(numbers | change))
