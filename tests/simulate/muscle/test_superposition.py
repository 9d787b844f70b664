from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.muscle.superposition import add_to, superpose
from twitchwise.simulate.muscle.templates import Templates
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray

RATE, SHIFTS, LENGTH, BEFORE = 1000.0, 4, 12, 3


def _made() -> Templates:
    chance = np.random.default_rng(0)
    bank = chance.standard_normal((3, SHIFTS, LENGTH, 2)).astype(np.float32)
    return Templates(bank=bank, before=BEFORE, sampling_rate_hz=RATE, channel_names=("a", "b"))


MADE = _made()


def _train(n: int, length_s: float, seed: int = 0) -> tuple[FloatArray, IntArray, FloatArray]:
    chance = np.random.default_rng(seed)
    return chance.uniform(-0.05, length_s + 0.05, n), chance.integers(0, 3, n), chance.random(n)


def _one_by_one(time_s: FloatArray, unit: IntArray, weight: FloatArray, n_samples: int) -> FloatArray:
    total = np.zeros((n_samples, 2))
    for at, which, share in zip(time_s, unit, weight, strict=True):
        tick = int(np.rint(at * RATE * SHIFTS))
        for sample in range(LENGTH):
            place = tick // SHIFTS - BEFORE + sample
            if 0 <= place < n_samples:
                total[place] += share * MADE.bank[which, tick % SHIFTS, sample]
    return total


def test_the_sum_is_that_of_every_sample_of_every_discharge() -> None:
    train = _train(200, 0.3)
    assert superpose(MADE, *train, n_samples=300) == pytest.approx(_one_by_one(*train, 300), abs=1e-4)


def test_a_discharge_counts_whole_without_a_weight() -> None:
    time_s, unit, _ = _train(50, 0.3)
    whole = superpose(MADE, time_s, unit, n_samples=300)
    assert np.array_equal(whole, superpose(MADE, time_s, unit, np.ones(50), n_samples=300))


def test_the_order_of_discharges_does_not_matter() -> None:
    time_s, unit, weight = _train(100, 0.3)
    order = np.random.default_rng(1).permutation(100)
    shuffled = superpose(MADE, time_s[order], unit[order], weight[order], n_samples=300)
    assert shuffled == pytest.approx(superpose(MADE, time_s, unit, weight, n_samples=300), abs=1e-4)


@given(st.lists(st.integers(0, 300), max_size=5), st.integers(0, 2**32 - 1))
def test_blocks_of_any_length_make_up_the_whole(cuts: list[int], seed: int) -> None:
    train = _train(40, 0.3, seed)
    whole = superpose(MADE, *train, n_samples=300)
    edges = sorted({0, 300, *cuts})
    parts = []
    for start, stop in pairwise(edges):
        block = np.zeros((stop - start, 2), np.float32)
        add_to(block, MADE, *train, first_sample=start)
        parts.append(block)
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-4)


def test_adding_keeps_what_was_there() -> None:
    train = _train(30, 0.1)
    total = np.ones((100, 2), np.float32)
    add_to(total, MADE, *train, first_sample=0)
    assert total - 1 == pytest.approx(superpose(MADE, *train, n_samples=100), abs=1e-5)


def test_nobody_discharging_is_silence() -> None:
    empty = np.empty(0)
    assert not superpose(MADE, empty, np.empty(0, np.int64), n_samples=20).any()
    assert superpose(MADE, empty, np.empty(0, np.int64), n_samples=0).shape == (0, 2)


def test_a_discharge_between_samples_is_met_to_half_a_shift() -> None:
    rate, shifts, n = 2048.0, 16, 64

    def pulse(time_s: FloatArray) -> FloatArray:
        return np.sin(2 * np.pi * 100 * time_s) * np.exp(-(((time_s - 0.015) / 0.004) ** 2))

    samples = np.arange(n) - np.arange(shifts)[:, np.newaxis] / shifts
    bank = pulse(samples / rate)[np.newaxis, :, :, np.newaxis].astype(np.float32)
    made = Templates(bank=bank, before=0, sampling_rate_hz=rate, channel_names=("a",))
    for time_s in np.random.default_rng(0).uniform(0.1, 0.2, 20):
        found = superpose(made, np.array([time_s]), np.array([0]), n_samples=600)[:, 0]
        exact = pulse(np.arange(600) / rate - time_s)
        # half a shift at the steepest slope
        assert np.abs(found - exact).max() < 1.1 * 2 * np.pi * 100 * 0.5 / shifts / rate


def test_trains_and_blocks_that_do_not_fit_are_refused() -> None:
    time_s, unit, _ = _train(5, 0.1)
    with pytest.raises(OutOfRangeError, match=r"unit must lie in \[0, 2\], got 3"):
        superpose(MADE, time_s, np.full(5, 3), n_samples=10)
    with pytest.raises(OutOfRangeError, match=r"unit must lie in \[0, 2\], got -1"):
        superpose(MADE, time_s, np.full(5, -1), n_samples=10)
    with pytest.raises(OutOfRangeError, match="one length"):
        superpose(MADE, time_s, unit[:-1], n_samples=10)
    with pytest.raises(OutOfRangeError, match="n_samples"):
        superpose(MADE, time_s, unit, n_samples=-1)
    for total in (np.zeros((10, 3), np.float32), np.zeros((10, 2)), np.zeros((2, 10), np.float32).T):
        with pytest.raises(OutOfRangeError, match="total must be contiguous float32 of 2 channels"):
            add_to(total, MADE, time_s, unit, first_sample=0)  # type: ignore[arg-type]
