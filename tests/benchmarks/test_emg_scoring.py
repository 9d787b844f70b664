"""Scores mean what the page says: one found for one true, nothing gained by order, units compared as sets."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from benchmarks.accuracy.emg.scenes import Scene, Truth, one_channel
from benchmarks.accuracy.emg.scoring import Found, Score, matched, scored, total
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import Intervals

WITHIN_S = 0.0205  # between two milliseconds, so that no moment lies right at the limit
MOMENTS = st.lists(st.integers(0, 400), max_size=7, unique=True).map(lambda ms: np.sort(np.array(ms, float)) / 1000)


def scene_of(truth: Truth, *, duration_s: float = 10.0, tolerance_s: float = 0.01) -> Scene:
    scene = one_channel("x", np.zeros(round(duration_s * 100)), 100.0, truth)
    return replace(scene, tolerance_s=tolerance_s)


def test_what_is_found_right_scores_full() -> None:
    times = np.array([1.0, 2.0, 3.0])
    score = scored(Found.at(times + 0.002), scene_of(Truth.at(times)))
    assert (score.sensitivity, score.precision, score.false_alarms, score.count_bias) == (1.0, 1.0, 0, 0.0)
    assert score.timing_s(0.5) == pytest.approx(0.002)
    assert score.hours == pytest.approx(10 / 3600)


def test_a_second_finding_of_one_event_is_a_false_alarm() -> None:
    score = scored(Found.at(np.array([1.0, 1.004])), scene_of(Truth.at(np.array([1.0]))))
    assert (score.hits, score.false_alarms) == (1, 1)
    assert score.timing_s(1.0) == 0


def test_what_lies_farther_off_than_the_tolerance_is_missed_and_false() -> None:
    score = scored(Found.at(np.array([1.011])), scene_of(Truth.at(np.array([1.0]))))
    assert (score.sensitivity, score.precision) == (0.0, 0.0)


def test_two_events_that_overlap_need_two_findings() -> None:
    truth = Truth.at(np.array([1.0, 1.004]), np.array([1, 2]))
    assert scored(Found.at(np.array([1.002])), scene_of(truth)).hits == 1
    assert scored(Found.at(np.array([1.001, 1.003])), scene_of(truth)).hits == 2


def test_no_hit_is_lost_to_a_nearer_neighbor() -> None:
    # the first found is nearest to the second true; taken greedily, the first true would stay alone
    truth = Truth.at(np.array([1.0, 1.008]))
    assert scored(Found.at(np.array([1.007, 1.017])), scene_of(truth)).hits == 2


def test_anything_within_the_span_of_an_event_stands_for_it() -> None:
    truth = replace(Truth.at(np.array([1.0])), start_s=np.array([0.98]), end_s=np.array([1.03]))
    for at in (0.971, 0.98, 1.0, 1.039):
        assert scored(Found.at(np.array([at])), scene_of(truth)).hits == 1
    assert scored(Found.at(np.array([1.041])), scene_of(truth)).hits == 0


@given(MOMENTS, MOMENTS)
def test_matching_is_as_large_as_it_can_be(found: np.ndarray, true: np.ndarray) -> None:
    truth = Truth.at(true)
    partner = matched(found, truth, WITHIN_S)
    taken = partner[partner >= 0]
    assert np.unique(taken).size == taken.size
    assert (np.abs(found[partner >= 0] - true[taken]) <= WITHIN_S).all()
    assert taken.size == most_matches(found, true, WITHIN_S)


def most_matches(found: np.ndarray, true: np.ndarray, within: float) -> int:
    """Try: in one dimension with equal reach, going from left to right loses nothing."""
    used = hits = 0
    for moment in true:
        while used < found.size and found[used] < moment - within:
            used += 1
        if used < found.size and found[used] <= moment + within:
            used, hits = used + 1, hits + 1
    return hits


@given(MOMENTS, MOMENTS, st.randoms(use_true_random=False))
def test_order_of_findings_changes_nothing(found: np.ndarray, true: np.ndarray, chance: "st.random.Random") -> None:  # type: ignore[name-defined]
    mixed = found.tolist()
    chance.shuffle(mixed)
    scene = scene_of(Truth.at(true))
    one, other = scored(Found.at(found), scene), scored(Found.at(np.array(mixed)), scene)
    assert (one.hits, one.found) == (other.hits, other.found)


def test_an_event_that_need_not_be_found_counts_neither_way() -> None:
    truth = replace(Truth.at(np.array([1.0, 2.0])), counted=np.array([True, False]))
    assert scored(Found.at(np.array([1.0])), scene_of(truth)).sensitivity == 1
    both = scored(Found.at(np.array([1.0, 2.0])), scene_of(truth))
    assert (both.true, both.found, both.hits) == (1, 1, 1)


def test_one_that_must_be_found_goes_before_one_that_need_not() -> None:
    truth = replace(Truth.at(np.array([1.0, 1.006])), counted=np.array([True, False]))
    assert scored(Found.at(np.array([1.005])), scene_of(truth)).hits == 1


def test_activity_is_forgiven_only_to_those_that_look_for_it() -> None:
    truth = Truth.at(np.array([1.0, 5.0]), active=Intervals.union([(4.0, 6.0)]))
    found = Found.at(np.array([1.0, 4.5, 5.5]))
    strict, forgiven = (scored(found, scene_of(truth), forgiven_in_activity=it) for it in (False, True))
    assert (strict.true, strict.found, strict.false_alarms) == (1, 3, 2)
    assert (forgiven.found, forgiven.false_alarms) == (1, 0)
    assert strict.hours == pytest.approx((10 - 3) / 3600)  # half a second on either side of activity


def test_units_are_pure_whatever_their_numbers() -> None:
    truth = Truth.at(np.arange(1.0, 7.0), np.array([1, 1, 1, 2, 2, 2]))
    for names in permutations((1, 2)):
        unit = np.array([names[0]] * 3 + [names[1]] * 3)
        score = scored(Found.at(truth.peak_s, unit), scene_of(truth))
        assert (score.purity, score.completeness) == (1.0, 1.0)


def test_merged_units_are_impure_and_split_ones_incomplete() -> None:
    truth = Truth.at(np.arange(1.0, 9.0), np.array([1] * 4 + [2] * 4))
    merged = scored(Found.at(truth.peak_s, np.full(8, 1)), scene_of(truth))
    assert (merged.purity, merged.completeness) == (0.5, 1.0)
    split = scored(Found.at(truth.peak_s, np.array([1, 1, 2, 2, 3, 3, 4, 4])), scene_of(truth))
    assert (split.purity, split.completeness) == (1.0, 0.5)


def test_false_alarms_make_a_unit_impure() -> None:
    truth = Truth.at(np.array([1.0, 2.0]), np.array([1, 2]))
    score = scored(Found.at(np.array([1.0, 2.0, 3.0]), np.array([1, 2, 1])), scene_of(truth))
    assert score.purity == pytest.approx(2 / 3)


def test_a_method_that_does_not_sort_has_no_purity() -> None:
    truth = Truth.at(np.array([1.0, 2.0]), np.array([1, 2]))
    score = scored(Found.at(truth.peak_s), scene_of(truth))
    assert np.isnan(score.purity)
    assert np.isnan(score.completeness)


def test_one_offset_a_unit_is_taken_off_where_that_is_allowed() -> None:
    truth = Truth.at(np.arange(1.0, 9.0), np.array([1, 2] * 4))
    unit = np.array([1, 2] * 4)
    found = Found.at(truth.peak_s + np.where(unit == 1, 0.003, -0.002), unit)
    scene = scene_of(truth, tolerance_s=0.0015)
    assert scored(found, scene).hits == 0
    assert scored(found, scene, per_unit_offset=True).hits == 8


def test_scores_add_up() -> None:
    scene = scene_of(Truth.at(np.array([1.0, 2.0])))
    one, other = scored(Found.at(np.array([1.0])), scene), scored(Found.at(np.array([1.001, 2.0, 4.0])), scene)
    both = total([one, other])
    assert (both.true, both.found, both.hits) == (4, 4, 3)
    assert both.hours == pytest.approx(20 / 3600)
    assert both.errors_s.size == 3


def test_nothing_scores_nothing() -> None:
    empty = Score()
    assert all(np.isnan(v) for v in (empty.sensitivity, empty.precision, empty.count_bias, empty.timing_s(0.5)))
    assert np.isnan(empty.false_per_hour)
    silent = scored(Found(), scene_of(Truth()))
    assert (silent.true, silent.found, silent.false_per_hour) == (0, 0, 0.0)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_false_alarms_carry_garwoods_interval(count: int, low: float, high: float) -> None:
    score = Score(found=count, hours=2.0)
    assert score.false_per_hour_interval == pytest.approx((low / 2, high / 2), rel=1e-3)
