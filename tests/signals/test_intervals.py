"""Laws of sets of stretches of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import Intervals
from twitchwise.vocabulary import OutOfRangeError

ENDS = st.integers(-50, 50).map(lambda number: number / 4)
SPANS = st.lists(st.tuples(ENDS, ENDS), max_size=12)
TIMES = st.integers(-110, 110).map(lambda number: number / 8)


@given(SPANS, TIMES)
def test_a_time_is_in_the_union_when_it_is_in_one_of_the_stretches(
    spans: list[tuple[float, float]], time_s: float
) -> None:
    inside = any(start <= time_s < stop for start, stop in spans)
    assert Intervals.union(spans).contains(time_s) == inside


@given(SPANS, ENDS, ENDS, TIMES)
def test_the_complement_holds_what_the_stretches_leave(
    spans: list[tuple[float, float]], start_s: float, stop_s: float, time_s: float
) -> None:
    intervals = Intervals.union(spans)
    left = intervals.complement(start_s, stop_s)
    assert left.contains(time_s) == (start_s <= time_s < stop_s and not intervals.contains(time_s))


@given(SPANS)
def test_joining_twice_changes_nothing(spans: list[tuple[float, float]]) -> None:
    once = Intervals.union(spans)
    assert Intervals.union(once.spans) == once


@given(SPANS)
def test_stretches_and_their_complement_fill_the_whole(spans: list[tuple[float, float]]) -> None:
    intervals = Intervals.union(spans)
    assert intervals.duration_s + intervals.complement(-13.0, 13.0).duration_s == pytest.approx(26.0)


def test_no_stretch_has_no_duration_and_contains_nothing() -> None:
    assert Intervals().duration_s == 0
    assert not Intervals().contains(0.0)


@pytest.mark.parametrize(
    "spans",
    [
        ((1.0, 1.0),),
        ((2.0, 1.0),),
        ((0.0, 1.0), (1.0, 2.0)),
        ((2.0, 3.0), (0.0, 1.0)),
        ((0.0, float("nan")),),
    ],
)
def test_stretches_that_touch_or_are_out_of_order_are_refused(spans: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(OutOfRangeError, match="sorted, apart and not empty"):
        Intervals(spans)


def test_an_end_that_is_no_number_does_not_vanish() -> None:
    with pytest.raises(OutOfRangeError, match="must be numbers"):
        Intervals.union([(float("nan"), 1.0)])
