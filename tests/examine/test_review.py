"""A review keeps what was found, counts what was not rejected, and says what was done by hand."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.examine.review import MOST_ADDED, Review, Verdict, tallies, trains_of
from twitchwise.examine.review_tables import COLUMNS, review_as_csv, review_as_json, review_as_tsv
from twitchwise.measure import RecordingMeasurements
from twitchwise.measure.rate_interval import count_interval
from twitchwise.signals import ArraySource, Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, OutOfRangeError, Unit

FASCICULATION, JERK = EventKind.FASCICULATION_POTENTIAL, EventKind.JERK
TIMES_S = (1.0, 3.0, 7.0, 15.0)


def recording(name: str = "calf", length_s: float = 60.0) -> Recording:
    n = int(length_s * 100)
    channel = Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=100.0, n_samples=n)
    return Recording(name="x.edf", format="array", channels=(channel,), source=ArraySource([np.zeros(n)]))


def train(channel: str = "calf", times_s: tuple[float, ...] = TIMES_S, kind: EventKind = FASCICULATION) -> EventTrain:
    at = np.array(times_s)
    return EventTrain(kind=kind, channel=channel, start_s=at, peak_s=at + 0.01, end_s=at + 0.05, peak=at * 1e-5)


def result(*rest: tuple[float, float]) -> RecordingMeasurements:
    return RecordingMeasurements(measurements=(), events=(), quality=(), rest={"calf": Intervals(rest)})


FOUND = Review().with_found([train()])


def test_events_are_numbered_in_order_of_time_whatever_train_they_come_from() -> None:
    review = Review().with_found([train(times_s=(5.0,), kind=JERK), train()])
    assert [event.id for event in review.events] == ["f1", "f2", "f3", "f4", "f5"]
    assert [event.start_s for event in review.events] == [1.0, 3.0, 5.0, 7.0, 15.0]


def test_what_is_rejected_counts_no_more_and_what_is_added_counts() -> None:
    review = FOUND.judged({"f2": Verdict.REJECTED}).with_added(FASCICULATION, "calf", 30.0, 1e-5)
    (tally,) = tallies(review.events, recording(), None)
    assert (tally.count, tally.added, tally.rejected) == (4, 1, 1)
    assert tally.per_minute == pytest.approx((4.0, *count_interval(4)))
    assert tally.interval_s is not None
    assert tally.interval_s[0] == pytest.approx(8.0)


@given(st.lists(st.sampled_from(["f1", "f2", "f3", "f4"])), st.lists(st.floats(0, 59), max_size=5))
def test_found_and_added_less_rejected_is_what_counts(rejected: list[str], added_s: list[float]) -> None:
    review = FOUND.judged(dict.fromkeys(rejected, Verdict.REJECTED))
    for time_s in added_s:
        review = review.with_added(FASCICULATION, "calf", time_s, 0.0)
    counted = tallies(review.events, recording(), None)
    assert sum(tally.count for tally in counted) == 4 - len(set(rejected)) + len(added_s)
    assert sum(len(one) for one in trains_of(review.events)) == sum(tally.count for tally in counted)


def test_fasciculations_count_for_the_rate_only_at_rest() -> None:
    (tally,) = tallies(FOUND.events, recording(), result((0.0, 4.0), (10.0, 16.0)))
    assert tally.at_rest
    assert tally.watched_s == 10.0
    assert tally.count == 4
    assert tally.per_minute[0] == pytest.approx(3 * 6.0)


def test_other_events_are_counted_over_the_whole_recording() -> None:
    (tally,) = tallies(Review().with_found([train(kind=JERK)]).events, recording(), result((0.0, 4.0)))
    assert not tally.at_rest
    assert tally.watched_s == 60.0


def test_an_event_that_is_not_there_cannot_be_judged() -> None:
    with pytest.raises(OutOfRangeError, match="event must be one of this recording"):
        FOUND.judged({"f9": Verdict.ACCEPTED})


def test_events_without_number_cannot_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twitchwise.examine.review.MOST_ADDED", 1)
    assert MOST_ADDED > 1
    review = FOUND.with_added(JERK, "calf", 1.0, 0.0)
    with pytest.raises(OutOfRangeError, match="at most 1"):
        review.with_added(JERK, "calf", 2.0, 0.0)


REVIEWED = FOUND.judged({"f1": Verdict.ACCEPTED, "f2": Verdict.REJECTED}).with_added(JERK, "calf", 30.0, 2e-5)


def test_the_table_holds_what_counts_and_says_what_came_about_by_hand() -> None:
    lines = [line.split("\t") for line in review_as_tsv(REVIEWED.events, recording()).splitlines()]
    assert tuple(lines[0]) == COLUMNS
    assert [line[0] for line in lines[1:]] == ["1.0", "7.0", "15.0", "30.0"]
    assert [line[-1] for line in lines[1:]] == ["found, accepted by hand", "found", "found", "added by hand"]


def test_the_spreadsheet_and_the_json_hold_also_what_was_rejected() -> None:
    lines = review_as_csv(REVIEWED.events, recording()).splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["verdict", "accepted", "rejected", "open", "open", "open"]
    counted = tallies(REVIEWED.events, recording(), None)
    read: dict[str, Any] = json.loads(review_as_json(REVIEWED.events, counted, recording()))
    assert [one["verdict"] for one in read["events"]] == ["accepted", "rejected", "open", "open", "open"]
    assert [one["by_hand"] for one in read["events"]] == [False] * 4 + [True]
    assert {(one["kind"], one["count"], one["rejected_by_hand"]) for one in read["counts"]} == {
        ("fasciculation_potential", 3, 1),
        ("jerk", 1, 0),
    }


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@calf", "+calf"])
def test_no_name_of_a_channel_becomes_a_formula_of_a_spreadsheet(name: str) -> None:
    review = Review().with_found([train(channel=name)])
    assert f",'{name}," in review_as_csv(review.events, recording(name))
