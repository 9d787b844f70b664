"""A cramp takes units in one by one, holds, slows and ends unit by unit, with the published rates and variability."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.ectopic import Cramps, Kind
from twitchwise.vocabulary import OutOfRangeError

cramps = st.builds(
    Cramps,
    rate_per_min=st.floats(0.0, 2.0),
    duration_s=st.floats(2.0, 25.0),
    n_units=st.integers(1, 20),
    unit_share=st.floats(0.0, 1.0),
    discharge_rate_hz=st.floats(5.0, 40.0),
    rate_span=st.floats(0.0, 0.9),
    interval_spread=st.floats(0.0, 0.6),
    spread_share=st.floats(0.0, 0.5),
    fade_share=st.floats(0.0, 0.5),
)


@given(cramps, st.integers(0, 2**32), st.floats(0.0, 120.0))
def test_cramps_do_not_overlap_and_take_in_all_their_units_unless_the_end_cuts_them(
    process: Cramps, seed: int, duration_s: float
) -> None:
    found = process.draw(duration_s, np.random.default_rng(seed))
    assert ((found.time_s >= 0) & (found.time_s < duration_s)).all()
    assert np.unique(found.event).tolist() == list(range(len(found.label)))
    assert (np.diff(found.event) >= 0).all()
    for event in range(len(found.label)):
        members = found.event == event
        assert np.ptp(found.time_s[members]) <= process.duration_s + 1e-9
        n_taken, n_units = max(1, round(process.unit_share * process.n_units)), np.unique(found.unit[members]).size
        is_cut = found.time_s[members].min() + process.duration_s > duration_s
        assert 1 <= n_units <= n_taken if is_cut else n_units == n_taken


@given(cramps, st.integers(0, 2**32))
def test_a_unit_is_never_faster_than_an_axon_can_be(process: Cramps, seed: int) -> None:
    found = process.draw(60.0, np.random.default_rng(seed))
    for unit in range(process.n_units):
        assert np.diff(found.times_of(unit)).min(initial=1.0) >= 0.003


def test_units_fire_as_published_for_cramps_of_a_foot_muscle(healthy: dict[str, float]) -> None:
    process = Cramps.of(healthy | {"cramp_rate_per_min": 1.0}, n_units=100)
    found = process.draw(2000.0, np.random.default_rng(0))
    assert set(found.kind) == {Kind.CRAMP_DISCHARGE}
    rates, active, spreads = [], [], []
    for event in range(len(found.label)):
        for unit in np.unique(found.unit[found.event == event]):
            times = found.time_s[(found.event == event) & (found.unit == unit)]
            active.append(np.ptp(times))
            rates.append((times.size - 1) / np.ptp(times))
            course = 14.5 * (1 + 0.6 * (1 - 2 * (times[:-1] - times[0]) / np.ptp(times)))
            intervals = np.diff(times) * course
            spreads.append(intervals.std() / intervals.mean())
    assert np.mean(active) == pytest.approx(23.6, abs=2.0)
    assert np.mean(rates) == pytest.approx(14.5, rel=0.03)
    assert np.mean(spreads) == pytest.approx(0.446, rel=0.1)


def test_a_cramp_recruits_then_holds_then_fades(healthy: dict[str, float]) -> None:
    process = Cramps.of(healthy | {"cramp_rate_per_min": 1.0}, n_units=200)
    found = process.draw(120.0, np.random.default_rng(4))
    first = found.time_s[found.event == 0]
    share = np.histogram((first - first[0]) / process.duration_s, bins=10, range=(0, 1))[0]
    assert share[0] < 0.6 * share[4]
    assert share[9] < 0.3 * share[4]


def test_cramps_come_at_their_rate() -> None:
    process = Cramps(rate_per_min=2.0, duration_s=10.0, n_units=1, unit_share=1.0, discharge_rate_hz=5.0)
    assert len(process.draw(30_000.0, np.random.default_rng(2)).label) == pytest.approx(1000, rel=0.06)


def test_a_healthy_muscle_does_not_cramp(healthy: dict[str, float]) -> None:
    assert len(Cramps.of(healthy, n_units=50).draw(600.0, np.random.default_rng(3))) == 0


def test_one_seed_gives_one_train(healthy: dict[str, float]) -> None:
    process = Cramps.of(healthy | {"cramp_rate_per_min": 1.0}, n_units=10)
    one, same = (process.draw(100.0, np.random.default_rng(4)) for _ in range(2))
    assert one.time_s.tolist() == same.time_s.tolist()
    assert len(one) > 0


@pytest.mark.parametrize(
    "change",
    [
        {"rate_per_min": -1.0},
        {"rate_per_min": 6.0},
        {"duration_s": 0.0},
        {"n_units": 0},
        {"unit_share": 1.1},
        {"discharge_rate_hz": 0.0},
        {"rate_span": 1.0},
        {"interval_spread": -0.1},
        {"spread_share": 0.7, "fade_share": 0.7},
    ],
)
def test_cramps_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {
        "rate_per_min": 1.0,
        "duration_s": 10.0,
        "n_units": 5,
        "unit_share": 0.5,
        "discharge_rate_hz": 15.0,
    }
    with pytest.raises(OutOfRangeError, match="must"):
        Cramps(**(numbers | change))
