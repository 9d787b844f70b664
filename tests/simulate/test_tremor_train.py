"""Rhythmic bursts keep their rate, fill their share of the cycle, and hold doublets at their interval."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import parameters_for
from twitchwise.simulate.tremor_train import BurstProcess
from twitchwise.vocabulary import OutOfRangeError

processes = st.builds(
    BurstProcess,
    share=st.floats(0.0, 1.0),
    rate_hz=st.floats(2.0, 12.0),
    n_units=st.integers(1, 8),
    interval_spread=st.floats(0.0, 0.3),
    time_share=st.floats(0.05, 1.0),
    epoch_s=st.floats(0.5, 20.0),
    participation=st.floats(0.0, 1.0),
    doublet_probability=st.floats(0.0, 1.0),
    multiplet_discharges=st.floats(1.0, 3.0),
)


@given(processes, st.integers(0, 2**32), st.floats(0.0, 40.0))
def test_discharges_are_in_order_within_the_time(process: BurstProcess, seed: int, duration_s: float) -> None:
    found = process.draw(duration_s, np.random.default_rng(seed))
    assert (np.diff(found.time_s) >= 0).all()
    assert ((found.time_s >= 0) & (found.time_s <= duration_s)).all()
    assert np.unique(found.event).tolist() == list(range(found.event.max(initial=-1) + 1))


@pytest.mark.parametrize("rate_hz", [4.0, 5.0, 6.0])
def test_bursts_come_at_their_rate(rate_hz: float) -> None:
    process = BurstProcess(share=0.4, rate_hz=rate_hz, n_units=6, interval_spread=0.05)
    found = process.draw(200.0, np.random.default_rng(0))
    starts = np.array([found.time_s[found.event == event].min() for event in np.unique(found.event)])
    assert starts.size == pytest.approx(200.0 * rate_hz, rel=0.02)
    assert np.median(np.diff(np.sort(starts))) == pytest.approx(1 / rate_hz, rel=0.05)


def test_a_burst_fills_its_share_of_the_cycle_and_no_more() -> None:
    process = BurstProcess(share=0.4, rate_hz=5.0, n_units=20)
    found = process.draw(60.0, np.random.default_rng(1))
    lengths = [np.ptp(found.time_s[found.event == event]) for event in np.unique(found.event)]
    assert max(lengths) <= 0.4 / 5.0 + 1e-9
    assert np.mean(lengths) > 0.8 * 0.4 / 5.0


def test_units_take_part_as_often_as_they_should() -> None:
    process = BurstProcess(share=0.4, rate_hz=5.0, n_units=10, participation=0.7)
    found = process.draw(200.0, np.random.default_rng(2))
    assert len(found) == pytest.approx(0.7 * 10 * 1000, rel=0.05)


def test_doublets_and_triplets_keep_the_interval_of_tremor() -> None:
    process = BurstProcess(
        share=0.4, rate_hz=4.0, n_units=1, doublet_probability=1.0, multiplet_discharges=2.0, doublet_interval_s=0.05
    )
    found = process.draw(100.0, np.random.default_rng(3))
    intervals = np.diff(found.time_s)
    assert intervals[intervals < 0.1] == pytest.approx(0.05)
    assert np.bincount(found.event).tolist() == [2] * (int(found.event.max()) + 1)


def test_stretches_of_bursts_take_their_share_of_the_time() -> None:
    process = BurstProcess(share=0.4, rate_hz=5.0, n_units=1, time_share=0.3, epoch_s=5.0)
    epochs = process.epochs(20_000.0, np.random.default_rng(4))
    assert epochs.duration_s / 20_000.0 == pytest.approx(0.3, rel=0.1)


def test_all_the_time_is_one_stretch_and_no_share_is_none() -> None:
    generator = np.random.default_rng(5)
    assert BurstProcess(share=0.4, rate_hz=5.0, n_units=1).epochs(9.0, generator).spans == ((0.0, 9.0),)
    assert BurstProcess(share=0.0, rate_hz=5.0, n_units=1).epochs(9.0, generator).spans == ()
    assert BurstProcess(share=0.4, rate_hz=5.0, n_units=1).epochs(0.0, generator).spans == ()


def test_parkinsonian_tremor_is_at_4_to_6_hz_with_many_units() -> None:
    process = BurstProcess.of(parameters_for("parkinson_disease"))
    assert 4.0 <= process.rate_hz <= 6.0
    assert process.n_units > 1
    assert 0.03 <= process.doublet_interval_s <= 0.05


@pytest.mark.parametrize(
    "change",
    [
        {"share": 1.1},
        {"share": math.nan},
        {"rate_hz": 0.0},
        {"n_units": 0},
        {"interval_spread": 0.4},
        {"time_share": 0.0},
        {"epoch_s": -1.0},
        {"participation": -0.1},
        {"doublet_interval_s": 0.0},
        {"multiplet_discharges": 0.0},
    ],
)
def test_a_process_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    numbers: dict[str, Any] = {"share": 0.4, "rate_hz": 5.0, "n_units": 3}
    with pytest.raises(OutOfRangeError, match="must"):
        BurstProcess(**(numbers | change))
