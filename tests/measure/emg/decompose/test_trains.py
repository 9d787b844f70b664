"""Peaks, groups of peaks and trains in common."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.measure.emg.decompose.grids import regular

from twitchwise.measure.emg.decompose.trains import (
    agreement,
    common,
    lag_between,
    like_two,
    peaks,
    split,
    split_of,
)
from twitchwise.vocabulary.arrays import IntArray

TRAINS = st.sets(st.integers(0, 3000), max_size=60).map(lambda places: np.array(sorted(places), dtype=np.int64))
SOURCES = arrays(np.float32, st.integers(3, 200), elements=st.floats(-10, 10, width=32))


@given(SOURCES, st.integers(1, 20))
def test_kept_peaks_are_apart_and_no_left_out_peak_is_the_highest_around(source: np.ndarray, apart: int) -> None:
    kept, every = peaks(source, apart), peaks(source, 1)
    assert (np.diff(kept) >= apart).all()
    for place in np.setdiff1d(every, kept).tolist():
        near = kept[np.abs(kept - place) < apart]
        assert near.size
        assert source[near].max() >= source[place]


def test_two_means_parts_low_from_high() -> None:
    parted = split(np.arange(7), np.array([1.0, 2.0, 1.5, 30.0, 1.2, 28.0, 32.0]))
    assert parted.discharges.tolist() == [3, 5, 6]
    assert parted.low == pytest.approx(1.425)
    assert parted.silhouette() > 0.99


@pytest.mark.parametrize("height", [[], [3.0], [2.0, 2.0, 2.0]])
def test_peaks_of_one_kind_hold_no_discharge(height: list[float]) -> None:
    parted = split(np.arange(len(height)), np.array(height))
    assert parted.discharges.size == 0
    assert parted.silhouette() == 0


def test_heights_of_others_lower_the_silhouette() -> None:
    parted = split(np.arange(6), np.array([1.0, 1.0, 1.0, 20.0, 20.0, 20.0]))
    assert parted.silhouette(np.array([20.0, 5.0, 1.0])) < parted.silhouette() == 1


def test_a_source_without_a_peak_has_no_discharge() -> None:
    assert split_of(np.zeros(10, dtype=np.float32), 3).discharges.size == 0


@given(TRAINS, TRAINS, st.integers(0, 5))
def test_what_two_trains_share_is_at_most_the_smaller_one_and_the_same_both_ways(
    first: np.ndarray, second: np.ndarray, within: int
) -> None:
    shared = common(first, second, within)
    assert shared == common(second, first, within) <= min(first.size, second.size)


@given(TRAINS.filter(lambda train: train.size > 2), st.integers(-40, 40))
def test_a_train_agrees_wholly_with_itself_later_or_earlier(train: np.ndarray, delay: int) -> None:
    assert agreement(train, train + delay, most=40, within=1) == 1


def test_the_delay_between_trains_is_found() -> None:
    train = np.array([100, 230, 400, 710, 900])
    assert lag_between(train, train + 17, most=40, within=1) == 17


def test_an_empty_train_agrees_with_nothing() -> None:
    assert agreement(np.empty(0, dtype=np.int64), np.array([1, 2]), most=5, within=1) == 0


def two_like(train: IntArray, *, blind: int = 20) -> bool:
    kept = train[np.concatenate([[True], np.diff(train) >= blind])] if train.size else train
    return like_two(kept, blind=blind, recovery=51, pause=512, least=4)


@given(st.integers(0, 1000), st.floats(9.0, 14.0), st.floats(0.8, 1.25))
def test_two_units_in_one_train_look_like_two_and_each_alone_like_one(seed: int, rate_hz: float, ratio: float) -> None:
    one, other = regular(seed, rate_hz, 120.0), regular(seed + 1, rate_hz * ratio, 120.0)
    assert not two_like(one)
    assert not two_like(other)
    assert two_like(np.union1d(one, other), blind=0)


@given(st.integers(0, 1000), st.integers(22, 40))
def test_doublets_of_one_unit_do_not_look_like_two_units(seed: int, apart: int) -> None:
    train = regular(seed, 6.0, 30.0)
    assert not two_like(np.union1d(train, train + apart))


@pytest.mark.parametrize("train", [[], [5], [5, 29], [10, 500, 522, 900]])
def test_few_discharges_do_not_look_like_two_units(train: list[int]) -> None:
    assert not two_like(np.array(train, dtype=np.int64))
