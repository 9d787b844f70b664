"""The check of the detector: what is matched, and a person who is rendered and measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.cohort.power.rendered import matches, render
from twitchwise.signals import EventTrain
from twitchwise.simulate.condition import Setting
from twitchwise.vocabulary import EventKind


def train(peaks_s: list[float]) -> EventTrain:
    peaks = np.array(sorted(peaks_s))
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="EMG",
        start_s=peaks - 0.005,
        peak_s=peaks,
        end_s=peaks + 0.005,
        peak=np.ones(peaks.size),
    )


@settings(max_examples=40, deadline=None)
@given(true=st.lists(st.floats(0, 20), max_size=30), found=st.lists(st.floats(0, 20), max_size=30))
def test_no_event_is_matched_twice(true: list[float], found: list[float]) -> None:
    n_matched = matches(np.array(sorted(found)), train(true))
    assert 0 <= n_matched <= min(len(true), len(found))
    assert matches(np.array(sorted(true)), train(true)) == len(true)


def test_what_is_far_is_not_matched() -> None:
    assert matches(np.array([1.0, 2.02, 3.012]), train([1.0, 2.0, 3.0])) == 2


def test_a_person_who_is_rendered_is_held_against_the_truth() -> None:
    found = render(Setting(condition="benign_fasciculation_syndrome"), n_people=1, minutes=1.0, seed=5)
    one = found.people[0]
    assert one.n_true > 5
    assert one.n_matched <= min(one.n_true, one.n_found)
    assert found.sensitivity.value == pytest.approx(one.n_matched / one.n_true)
    assert found.false_alarms_per_min.value == one.n_found - one.n_matched
