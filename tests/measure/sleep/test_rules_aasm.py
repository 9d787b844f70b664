"""The rules of the AASM, clause by clause, on constructed movements whose answer is known by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.sleep.nights import at, every

from twitchwise.measure.sleep import rules_aasm
from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT, Movements
from twitchwise.measure.sleep.settings import leg_rules

RULES = leg_rules()


def periodic(onsets_s: list[float]) -> int:
    return int((rules_aasm.series(at(onsets_s), RULES) > 0).sum())


@pytest.mark.parametrize(
    ("duration_s", "counts"), [(0.499, False), (0.5, True), (3.0, True), (10.0, True), (10.001, False)]
)
def test_a_movement_lasts_half_a_second_to_ten_seconds(duration_s: float, *, counts: bool) -> None:
    assert len(rules_aasm.neither_short_nor_long(at([10.1], duration_s), RULES)) == counts


@pytest.mark.parametrize(("apart_s", "n"), [(0.0, 1), (4.9, 1), (4.999, 1), (5.0, 2), (8.0, 2)])
def test_onsets_of_both_legs_less_than_five_seconds_apart_are_one_movement(apart_s: float, n: int) -> None:
    both = Movements.together([at([100.3], 1.0, LEFT), at([100.3 + apart_s], 1.0, RIGHT)])
    joined = rules_aasm.one_of_both_legs(both, RULES)
    assert len(joined) == n
    assert joined.leg[0] == (BOTH if n == 1 else LEFT)


def test_movements_of_the_same_leg_are_never_joined() -> None:
    assert len(rules_aasm.one_of_both_legs(at([100.0, 102.0, 104.0]), RULES)) == 3


def test_a_joined_movement_runs_from_the_first_onset_to_the_last_end() -> None:
    both = Movements.together([at([100.0], 1.0, LEFT), at([103.0], 2.5, RIGHT)])
    joined = rules_aasm.one_of_both_legs(both, RULES)
    assert (joined.start_s[0], joined.stop_s[0], joined.parts[0]) == (100.0, 105.5, 2)


def test_a_row_of_movements_now_left_and_now_right_does_not_become_one() -> None:
    left, right = at(every(8.0, 5, 100.0), 1.0, LEFT), at(every(8.0, 5, 104.0), 1.0, RIGHT)
    joined = rules_aasm.one_of_both_legs(Movements.together([left, right]), RULES)
    assert joined.start_s.tolist() == every(8.0, 5, 100.0)


@pytest.mark.parametrize(
    ("interval_s", "n"), [(4.9, 0), (4.999, 0), (5.0, 8), (7.0, 8), (20.0, 8), (90.0, 8), (90.001, 0), (120.0, 0)]
)
def test_a_series_has_intervals_of_five_to_ninety_seconds(interval_s: float, n: int) -> None:
    # a tenth of a second that is no binary fraction must not cost a movement
    counted = periodic(every(interval_s, 8, 100.1))
    assert counted == n


@pytest.mark.parametrize(("movements", "n"), [(1, 0), (3, 0), (4, 4), (5, 5), (40, 40)])
def test_a_series_has_four_movements_or_more(movements: int, n: int) -> None:
    assert periodic(every(20.0, movements)) == n


def test_the_interval_runs_from_onset_to_onset() -> None:
    long_ones = at(every(90.0, 4), 9.0)
    assert (rules_aasm.series(long_ones, RULES) > 0).all()


def test_a_movement_that_follows_too_soon_is_not_counted_and_does_not_end_the_series() -> None:
    onsets = [*every(20.0, 3), 143.0, *every(20.0, 3, 160.0)]
    numbers = rules_aasm.series(at(onsets), RULES)
    assert numbers.tolist() == [1, 1, 1, 0, 1, 1, 1]


def test_a_longer_pause_ends_a_series_and_the_next_has_its_own_number() -> None:
    onsets = [*every(20.0, 4), *every(20.0, 3, 300.0), *every(20.0, 5, 600.0)]
    assert rules_aasm.series(at(onsets), RULES).tolist() == [1] * 4 + [0] * 3 + [2] * 5


@pytest.mark.parametrize(
    ("onset_s", "near"),
    [(98.4, False), (98.5, True), (99.5, True), (110.0, True), (120.5, True), (120.501, False), (130.0, False)],
)
def test_breathing_takes_half_a_second_before_an_event_to_half_a_second_after_it(onset_s: float, *, near: bool) -> None:
    event = np.array([[100.0, 120.0]])
    # the movement lasts one second, so its end counts too
    assert rules_aasm.near_breathing(at([onset_s]), event, RULES).tolist() == [near]


@given(st.lists(st.floats(1.0, 200.0), min_size=1, max_size=60), st.floats(-50.0, 5000.0))
def test_when_the_night_begins_changes_no_series(steps_s: list[float], shift_s: float) -> None:
    onsets = np.cumsum(np.round(steps_s, 3))
    moved = at((onsets + round(shift_s, 3)).tolist())
    assert rules_aasm.series(moved, RULES).tolist() == rules_aasm.series(at(onsets.tolist()), RULES).tolist()


@given(st.lists(st.floats(0.6, 200.0), min_size=0, max_size=80))
def test_every_series_keeps_its_own_rules(steps_s: list[float]) -> None:
    movements = at(np.cumsum(steps_s).tolist(), 0.5)
    numbers = rules_aasm.series(movements, RULES)
    for number in range(1, int(numbers.max(initial=0)) + 1):
        gaps = np.diff(movements.start_s[numbers == number])
        assert gaps.size >= 3
        assert ((gaps >= 5.0 - 1e-6) & (gaps <= 90.0 + 1e-6)).all()
