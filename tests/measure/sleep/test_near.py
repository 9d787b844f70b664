"""Which movements lie near other events."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.sleep.nights import at

from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.near import begins_in, overlapping, with_arousal
from twitchwise.measure.sleep.settings import leg_rules
from twitchwise.signals import Intervals


@pytest.mark.parametrize(
    ("onset_s", "together"),
    [(98.5, False), (98.501, True), (99.5, True), (101.0, True), (103.499, True), (103.5, False)],
)
def test_an_arousal_goes_with_a_movement_less_than_half_a_second_away(onset_s: float, *, together: bool) -> None:
    # the movement lasts one second, the arousal from 100 to 103 s
    marks = with_arousal(at([onset_s]), np.array([[100.0, 103.0]]), leg_rules())
    assert marks.tolist() == [together]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=12),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=12),
)
def test_overlap_is_what_comparing_every_pair_finds(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
    movements = Movements.of((float(a), float(a + d)) for a, d in ours)
    spans = np.array([(a, a + d) for a, d in theirs], dtype=np.float64).reshape(-1, 2)
    pairs = [
        any(start <= high and stop >= low for low, high in spans)
        for start, stop in zip(movements.start_s, movements.stop_s, strict=True)
    ]
    assert overlapping(movements, spans).tolist() == pairs


def test_a_time_at_the_end_of_a_stretch_is_outside() -> None:
    assert begins_in(np.array([0.0, 1.0, 2.0, 5.0]), Intervals(((1.0, 2.0),))).tolist() == [False, True, False, False]
