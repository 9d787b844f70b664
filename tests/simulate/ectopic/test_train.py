"""Discharges stay in order with their unit, event and label through joining, thinning and choosing."""

import numpy as np

from twitchwise.simulate.ectopic import Kind, Label, Site, Train, apart_from, in_order, joined
from twitchwise.simulate.ectopic.train import NOTHING, before

FAR, NEAR = Label(Kind.FASCICULATION, Site.DISTAL), Label(Kind.CRAMP_DISCHARGE, Site.PROXIMAL)


def train(*rows: tuple[float, int, int]) -> Train:
    """Return a train whose events of even number are distal fasciculations."""
    times, units, events = (np.array(column) for column in zip(*rows, strict=True))
    labels = [NEAR if number % 2 else FAR for number in range(int(events.max()) + 1)]
    return in_order(times.astype(float), units, events, labels)


def test_discharges_are_sorted_and_events_numbered_by_first_discharge() -> None:
    found = train((3.0, 0, 6), (1.0, 1, 9), (2.0, 0, 6), (4.0, 2, 9))
    assert found.time_s.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert found.unit.tolist() == [1, 0, 0, 2]
    assert found.event.tolist() == [0, 1, 1, 0]
    assert found.label == (NEAR, FAR)
    assert found.kind == (Kind.CRAMP_DISCHARGE, Kind.FASCICULATION)
    assert found.site == (Site.PROXIMAL, Site.DISTAL)
    assert found.times_of(0).tolist() == [2.0, 3.0]
    assert len(found) == 4
    assert len(NOTHING) == 0


def test_joined_trains_keep_their_events_and_labels_apart() -> None:
    both = joined((train((1.0, 0, 0), (3.0, 0, 1)), NOTHING, train((2.0, 1, 0))))
    assert both.time_s.tolist() == [1.0, 2.0, 3.0]
    assert both.event.tolist() == [0, 1, 2]
    assert both.unit.tolist() == [0, 1, 0]
    assert both.label == (FAR, FAR, NEAR)


def test_no_trains_join_to_nothing() -> None:
    assert len(joined(())) == 0
    assert joined(()).label == ()


def test_one_kind_can_be_taken_out() -> None:
    found = train((1.0, 0, 0), (2.0, 1, 1), (3.0, 0, 2)).of_kind(Kind.FASCICULATION)
    assert found.time_s.tolist() == [1.0, 3.0]
    assert found.event.tolist() == [0, 1]
    assert found.label == (FAR, FAR)
    assert len(found.of_kind(Kind.FIBRILLATION)) == 0
    assert len(NOTHING.of_kind(Kind.FIBRILLATION)) == 0


def test_a_train_is_cut_at_a_moment_with_the_event_that_goes_on() -> None:
    whole = train((1.0, 0, 0), (2.0, 1, 1), (3.0, 0, 2), (4.0, 1, 1))
    assert before(whole, 3.0).time_s.tolist() == [1.0, 2.0]
    assert before(whole, 3.0).event.tolist() == [0, 1]
    assert before(whole, 3.0).label == (FAR, NEAR)
    assert before(whole, 4.5).label == whole.label
    assert before(whole, 0.0).label == before(NOTHING, 1.0).label == ()


def test_events_too_close_to_the_same_unit_go_as_a_whole() -> None:
    ours = train((1.0, 0, 0), (1.03, 0, 0), (2.0, 0, 1), (3.0, 1, 2))
    theirs = train((1.05, 0, 0), (3.0, 0, 1))
    assert apart_from(ours, theirs, 0.1).time_s.tolist() == [2.0, 3.0]
    assert apart_from(ours, theirs, 0.1).label == (NEAR, FAR)
    assert apart_from(ours, NOTHING, 0.1).time_s.tolist() == ours.time_s.tolist()
    assert len(apart_from(NOTHING, theirs, 0.1)) == 0
