"""A train is decided by heights and intervals together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.decompose.renewal import Renewal
from twitchwise.measure.emg.decompose.trains import Split
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

N_SAMPLES, APART = 40_000, 20


def peaks_of(train: IntArray, seed: int, height: float = 6.0) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return places, heights and which are true, with a peak of noise every 40 samples or so."""
    random = np.random.default_rng(seed)
    noise = np.setdiff1d(np.unique(random.integers(0, N_SAMPLES, 1000)), train)
    place = np.concatenate([train, noise])
    heights = np.concatenate(
        [random.normal(height, 0.6, train.size), np.abs(random.normal(0.0, 1.0, noise.size)).clip(0, 3.2)]
    )
    order = np.argsort(place)
    return place[order], heights[order], np.isin(place[order], train)


def judge_of(place: IntArray, height: FloatArray, is_discharge: BoolArray) -> Renewal:
    parted = Split(place=place, height=height**2, is_discharge=is_discharge)
    return Renewal.of(parted, parted.height[is_discharge], n_samples=N_SAMPLES, apart=APART)


def regular(seed: int = 0) -> IntArray:
    return np.cumsum(np.random.default_rng(seed).normal(200, 20, 180)).astype(np.int64)


def irregular(seed: int = 0) -> IntArray:
    return np.sort(np.random.default_rng(seed).choice(np.arange(0, N_SAMPLES, 30), 180, replace=False)).astype(np.int64)


@given(st.integers(0, 1000), st.sampled_from([regular, irregular]))
def test_discharges_that_stand_apart_are_all_found_whatever_their_rhythm(seed: int, trains: object) -> None:
    assert callable(trains)
    place, height, truth = peaks_of(trains(seed), seed)
    chosen = judge_of(place, height, truth).decide(place, height)
    assert (chosen != truth).sum() <= 12


def test_a_low_peak_counts_where_the_next_discharge_is_due_and_nowhere_else() -> None:
    place, height, truth = peaks_of(regular(), 1)
    low = int(np.flatnonzero(truth)[60])
    between = (place[low] + place[np.flatnonzero(truth)[61]]) // 2
    height[low] = 3.4
    place, height = np.append(place, between), np.append(height, 3.4)
    order = np.argsort(place, kind="stable")
    place, height, truth = place[order], height[order], np.append(truth, False)[order]
    chosen = judge_of(place, height, truth).decide(place, height)
    assert chosen[(place == place[order.tolist().index(low)]).argmax()]
    assert not chosen[np.flatnonzero((height == 3.4) & ~truth)].any()


def test_discharges_of_an_uneven_unit_are_judged_by_height_alone() -> None:
    place, height, truth = peaks_of(irregular(), 3)
    chosen = judge_of(place, height, truth).decide(place, height)
    assert chosen[truth].mean() > 0.98


def test_no_two_discharges_are_closer_than_a_unit_can_fire() -> None:
    place, height, truth = peaks_of(regular(), 2)
    double = np.sort(np.concatenate([place[truth], place[truth] + APART // 2]))
    heights = np.full(double.size, 6.0)
    chosen = judge_of(place, height, truth).decide(double, heights)
    assert np.diff(double[chosen]).min() >= APART


@pytest.mark.parametrize("n", [0, 1, 5])
def test_peaks_that_are_all_noise_hold_no_discharge(n: int) -> None:
    place, height, truth = peaks_of(regular(), 2)
    judge = judge_of(place, height, truth)
    assert not judge.decide(np.arange(n) * 300, np.full(n, 1.0)).any()


def test_a_pause_is_no_hole_to_be_filled() -> None:
    train = regular()
    train = train[(train < 12_000) | (train > 26_000)]
    place, height, truth = peaks_of(train, 5)
    chosen = judge_of(place, height, truth).decide(place, height)
    inside = (place > 12_300) & (place < 25_700)
    assert chosen[inside].sum() <= 1
