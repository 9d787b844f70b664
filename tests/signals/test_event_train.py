"""What a train of events promises."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, OutOfRangeError

TIMES = st.lists(st.floats(0, 1e6), max_size=20).map(sorted)


def _train(start: list[float], peak: list[float], end: list[float], size: list[float]) -> EventTrain:
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="calf",
        start_s=np.array(start),
        peak_s=np.array(peak),
        end_s=np.array(end),
        peak=np.array(size),
    )


def test_an_empty_train_has_no_events() -> None:
    train = EventTrain(kind=EventKind.TWITCH, channel="calf")
    assert len(train) == 0
    assert list(train) == []


@given(TIMES)
def test_iterating_gives_every_event_back(times: list[float]) -> None:
    train = _train(times, [t + 0.1 for t in times], [t + 0.2 for t in times], [-1e-4] * len(times))
    events = list(train)
    assert len(events) == len(train) == len(times)
    assert [event.start_s for event in events] == times
    assert all(event.start_s <= event.peak_s <= event.end_s for event in events)
    assert all(event.kind is train.kind and event.channel == "calf" and event.peak == -1e-4 for event in events)


def test_the_arrays_are_copies_that_nobody_can_change() -> None:
    start = np.array([1.0])
    train = _train([1.0], [1.0], [1.0], [0.0])
    start[0] = 5.0
    assert train.start_s[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        train.start_s[0] = 2.0


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        (([1.0], [1.0], [1.0], []), "one length"),
        (([1.0], [np.nan], [1.0], [0.0]), "finite"),
        (([1.0], [1.0], [np.inf], [0.0]), "finite"),
        (([1.0], [1.0], [2.0], [np.nan]), "finite"),
        (([1.0], [0.5], [2.0], [0.0]), "hold their peaks"),
        (([1.0], [2.5], [2.0], [0.0]), "hold their peaks"),
        (([2.0, 1.0], [2.0, 1.0], [2.0, 1.0], [0.0, 0.0]), "in order"),
    ],
)
def test_a_train_that_cannot_be_is_refused(arrays: tuple[list[float], ...], word: str) -> None:
    with pytest.raises(OutOfRangeError, match=word):
        _train(*arrays)


def test_places_are_one_for_each_event_and_given_with_it() -> None:
    times = np.array([1.0, 2.0])
    sizes: dict[str, Any] = {"start_s": times, "peak_s": times, "end_s": times, "peak": times}
    train = EventTrain(kind=EventKind.VISIBLE_TWITCH, channel="x", place=np.array([[3.0, 4.0], [5.0, 6.0]]), **sizes)
    assert [event.place for event in train] == [(3.0, 4.0), (5.0, 6.0)]
    assert next(iter(EventTrain(kind=EventKind.VISIBLE_TWITCH, channel="x", **sizes))).place is None
    for place in (np.ones((1, 2)), np.full((2, 2), np.nan)):
        with pytest.raises(OutOfRangeError, match="places of events must be one each"):
            EventTrain(kind=EventKind.VISIBLE_TWITCH, channel="x", place=place, **sizes)
