"""The WASM 2016 standards, clause by clause, on constructed movements whose answer is known by counting."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.sleep.nights import at, every

from twitchwise.measure.sleep import rules_wasm
from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT, Movements
from twitchwise.measure.sleep.settings import leg_rules

RULES = leg_rules()


def scored(*legs: Movements) -> Movements:
    """Run the steps that make candidates of one leg or both."""
    single = rules_wasm.joined_on_one_leg(Movements.together(legs), RULES)
    single = rules_wasm.candidates_of_one_leg(rules_wasm.long_enough(single, RULES), RULES)
    return rules_wasm.candidates_of_both_legs(rules_wasm.bilateral(single, RULES), RULES)


def series(*legs: Movements) -> list[int]:
    return [int(number) for number in rules_wasm.series(scored(*legs), RULES)]


@pytest.mark.parametrize(("pause_s", "n"), [(0.1, 1), (0.499, 1), (0.5, 2), (2.0, 2)])
def test_movements_of_one_leg_with_a_shorter_pause_are_one(pause_s: float, n: int) -> None:
    pair = Movements.of([(100.1, 101.2), (101.2 + pause_s, 103.3)])
    assert len(rules_wasm.joined_on_one_leg(pair, RULES)) == n


@pytest.mark.parametrize(("duration_s", "n"), [(0.49, 0), (0.5, 1), (12.0, 1), (60.0, 1)])
def test_a_movement_lasts_half_a_second_or_more_without_an_upper_limit(duration_s: float, n: int) -> None:
    assert len(rules_wasm.long_enough(at([100.3], duration_s), RULES)) == n


@pytest.mark.parametrize(("duration_s", "is_one"), [(0.5, True), (10.0, True), (10.001, False), (14.0, False)])
def test_a_candidate_of_one_leg_lasts_at_most_ten_seconds(duration_s: float, *, is_one: bool) -> None:
    assert scored(at([100.3], duration_s)).candidate.tolist() == [is_one]


@pytest.mark.parametrize(("pause_s", "n"), [(-0.5, 1), (0.0, 1), (0.499, 1), (0.5, 2), (3.0, 2)])
def test_both_legs_are_one_movement_if_less_than_half_a_second_lies_between_end_and_onset(
    pause_s: float, n: int
) -> None:
    left, right = at([100.3], 1.1, LEFT), at([101.4 + pause_s], 2.0, RIGHT)
    joined = scored(left, right)
    assert len(joined) == n
    assert joined.leg[0] == (BOTH if n == 1 else LEFT)


@pytest.mark.parametrize(("end_s", "is_one"), [(109.0, True), (115.0, True), (115.001, False)])
def test_a_candidate_of_both_legs_lasts_at_most_fifteen_seconds(end_s: float, *, is_one: bool) -> None:
    left = Movements.of([(100.0, 108.0)], LEFT)
    right = Movements.of([(107.0, end_s)], RIGHT)
    assert scored(left, right).candidate.tolist() == [is_one]


@pytest.mark.parametrize(("n_right", "is_one"), [(1, True), (2, True), (3, True), (4, False)])
def test_a_candidate_of_both_legs_is_made_of_at_most_four(n_right: int, *, is_one: bool) -> None:
    left = Movements.of([(100.0, 109.0)], LEFT)
    right = Movements.of([(100.0 + 2.0 * k, 101.0 + 2.0 * k) for k in range(n_right)], RIGHT)
    joined = scored(left, right)
    assert joined.parts.tolist() == [1 + n_right]
    assert joined.candidate.tolist() == [is_one]


def test_a_movement_of_both_legs_with_a_long_one_in_it_is_no_candidate() -> None:
    assert scored(at([100.0], 11.0, LEFT), at([101.0], 1.0, RIGHT)).candidate.tolist() == [False]


@pytest.mark.parametrize(
    ("interval_s", "n"), [(5.0, 0), (9.999, 0), (10.0, 8), (20.0, 8), (90.0, 8), (90.001, 0), (120.0, 0)]
)
def test_a_series_has_intervals_of_ten_to_ninety_seconds(interval_s: float, n: int) -> None:
    assert sum(number > 0 for number in series(at(every(interval_s, 8, 100.1)))) == n


@pytest.mark.parametrize(("movements", "n"), [(3, 0), (4, 4), (30, 30)])
def test_a_series_has_four_candidates_or_more(movements: int, n: int) -> None:
    assert sum(number > 0 for number in series(at(every(20.0, movements)))) == n


def test_a_shorter_interval_ends_a_series() -> None:
    onsets = [*every(20.0, 4), 168.0, *every(20.0, 3, 188.0)]
    assert series(at(onsets)) == [1, 1, 1, 1, 2, 2, 2, 2]


def test_whether_a_candidate_after_a_short_interval_begins_a_series_is_one_parameter() -> None:
    onsets = [*every(20.0, 4), 168.0, *every(20.0, 3, 188.0)]
    strict = replace(RULES, short_interval_begins=False)
    assert rules_wasm.series(scored(at(onsets)), strict).tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert rules_wasm.series(scored(at([*onsets, 248.0])), strict).tolist() == [1, 1, 1, 1, 0, 2, 2, 2, 2]


def test_a_longer_interval_ends_a_series() -> None:
    assert series(at([*every(20.0, 5), *every(20.0, 3, 300.0), *every(20.0, 4, 500.0)])) == [1] * 5 + [0] * 3 + [2] * 4


def test_a_movement_that_is_no_candidate_ends_a_series() -> None:
    short, long_one = at([*every(20.0, 4), *every(20.0, 4, 200.0)]), at([180.0], 12.0)
    assert series(short, long_one) == [1, 1, 1, 1, 0, 2, 2, 2, 2]


def test_a_series_too_short_for_both_sides_of_a_long_movement_is_none() -> None:
    short, long_one = at([*every(20.0, 3), *every(20.0, 3, 180.0)]), at([160.0], 12.0)
    assert series(short, long_one) == [0] * 7


@pytest.mark.parametrize(
    ("onset_s", "near"),
    [(96.9, False), (97.0, True), (100.0, True), (110.25, True), (110.251, False), (90.0, False), (85.0, False)],
)
def test_breathing_takes_two_seconds_before_the_end_of_an_event_to_ten_and_a_quarter_after(
    onset_s: float, *, near: bool
) -> None:
    event = np.array([[80.0, 100.0]])
    # the movement lasts one second: from 97 s on its end lies 2 s before that of the event
    assert rules_wasm.after_breathing(at([onset_s]), event, RULES).tolist() == [near]


def test_every_respiratory_event_has_an_end_of_its_own_even_if_the_next_begins_there() -> None:
    events = np.array([[80.0, 100.0], [100.0, 160.0]])
    assert rules_wasm.after_breathing(at([105.0, 130.0, 165.0]), events, RULES).tolist() == [True, False, True]


def test_intervals_are_those_of_candidates_next_to_each_other() -> None:
    movements = scored(at([100.0, 120.0, 160.0, 165.0]), at([130.0], 12.0))
    gaps = rules_wasm.intervals_of_candidates(movements)
    assert np.isnan(gaps).tolist() == [True, False, True, True, False]
    assert gaps[[1, 4]].tolist() == [20.0, 5.0]
    assert rules_wasm.is_short(movements, RULES).tolist() == [False, False, False, False, True]


def test_isolated_movements_are_outside_series_and_follow_no_other_soon() -> None:
    movements = scored(at([*every(20.0, 4), 500.0, 505.0, 800.0]), at([600.0], 12.0))
    numbers = rules_wasm.series(movements, RULES)
    alone = rules_wasm.is_isolated(movements, numbers, RULES)
    assert movements.start_s[alone].tolist() == [500.0, 800.0]


@given(st.lists(st.tuples(st.floats(0.6, 150.0), st.floats(0.5, 14.0), st.sampled_from([LEFT, RIGHT])), max_size=60))
def test_every_series_keeps_its_own_rules(steps: list[tuple[float, float, int]]) -> None:
    onsets = np.cumsum([step for step, _, _ in steps])
    legs = [at([onset], length, leg) for onset, (_, length, leg) in zip(onsets, steps, strict=True)]
    movements = scored(*legs)
    numbers = rules_wasm.series(movements, RULES)
    assert movements.candidate[numbers > 0].all()
    for number in range(1, int(numbers.max(initial=0)) + 1):
        places = np.flatnonzero(numbers == number)
        assert (np.diff(places) == 1).all(), "nothing lies between members of a series"
        gaps = np.diff(movements.start_s[places])
        assert gaps.size >= 3
        assert ((gaps >= 10.0 - 1e-6) & (gaps <= 90.0 + 1e-6)).all()


@given(st.lists(st.floats(10.0, 60.0), min_size=4, max_size=40))
def test_both_rules_agree_where_nothing_sets_them_apart(steps_s: list[float]) -> None:
    onsets = np.cumsum(steps_s).tolist()
    assert all(series(at(onsets)))
