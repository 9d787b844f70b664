"""Taps, stretches and stimuli come when they are due."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.loop import LoopEventKind, Protocol
from twitchwise.simulate.loop.frames import FRAME_S
from twitchwise.simulate.loop.protocol import NEVER, cut_short, examination


@pytest.fixture(scope="module")
def idle(parameters: Mapping[str, float]) -> Protocol:
    return replace(Protocol.of(parameters), first_s=0.5)


def test_nothing_is_done_by_default(idle: Protocol) -> None:
    done = examination(idle, 1000)
    assert done.events == ()
    assert not done.tap_radps.any()
    assert not done.torque_nm.any()
    assert not done.held_angle_rad.any()
    assert (done.since_stimulus == NEVER).all()


def test_taps_are_brief_half_waves(idle: Protocol) -> None:
    done = examination(replace(idle, tap_interval_s=0.6, tap_strength_radps=20.0, tap_duration_s=0.01), 1700)
    assert [event.start_s for event in done.events] == [0.5, 1.1]
    assert done.tap_radps[500:510].max() == pytest.approx(20.0, rel=0.02)
    assert done.tap_radps[500:510].sum() == pytest.approx(20.0 * 10 * 2 / np.pi, rel=0.01)
    assert not done.tap_radps[:500].any()
    assert not done.tap_radps[510:1100].any()


def test_a_stretch_by_torque_pulls_against_the_agonist(idle: Protocol) -> None:
    done = examination(replace(idle, stretch_interval_s=0.4, stretch_torque_nm=2.0, stretch_duration_s=0.1), 1000)
    assert (done.torque_nm[500:600] == -2.0).all()
    assert not done.torque_nm[600:900].any()
    assert (done.torque_nm[900:1000] == -2.0).all()
    assert {event.kind for event in done.events} == {LoopEventKind.STRETCH}


def test_a_stretch_by_angle_goes_there_stays_and_comes_back(idle: Protocol) -> None:
    done = examination(replace(idle, stretch_interval_s=0.5, stretch_amplitude_rad=0.3, stretch_duration_s=0.1), 1000)
    assert done.held_angle_rad[[500, 550, 600, 700, 750, 800]] == pytest.approx([0, -0.15, -0.3, -0.3, -0.15, 0])
    assert len(done.events) == 1


def test_trains_of_stimuli_are_counted_from_the_last(idle: Protocol) -> None:
    settings = replace(idle, stimulus_interval_s=0.5, stimulus_count=3, stimulus_rate_hz=20.0)
    done = examination(settings, 1060)
    times = [event.start_s for event in done.events]
    assert times == pytest.approx([0.5, 0.55, 0.6, 1.0, 1.05])  # the end cuts the second train
    assert done.since_stimulus[499] == NEVER
    assert done.since_stimulus[[500, 549, 550, 601]].tolist() == [0, 49, 0, 1]


@pytest.mark.parametrize("count", [0, 1])
def test_a_train_may_have_one_stimulus_or_none(idle: Protocol, count: int) -> None:
    done = examination(replace(idle, stimulus_interval_s=0.2, stimulus_count=count, stimulus_rate_hz=0.0), 900)
    assert len(done.events) == 2 * count


ONE_OF_EACH = {"tap_interval_s": 5.0, "stretch_interval_s": 5.0, "stimulus_interval_s": 5.0}


@pytest.mark.parametrize(("duration_s", "held"), [(0.5, 0), (0.501, 3), (4.0, 3)])
def test_what_a_run_is_too_short_for_is_said(idle: Protocol, duration_s: float, held: int) -> None:
    protocol = replace(idle, **ONE_OF_EACH)
    said = [sentence for sentence in cut_short(protocol, duration_s) if "hold none" in sentence]
    assert len(said) == 3 - held
    kinds = {event.kind for event in examination(protocol, round(duration_s * 1000)).events}
    assert len(kinds) == held
    assert all("0.5 s after the start" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tap_interval_s": 5.0, "tap_duration_s": 0.01}, []),
        ({"stretch_interval_s": 5.0, "stretch_duration_s": 0.4}, []),
        ({"stretch_interval_s": 5.0, "stretch_duration_s": 0.4, "stretch_amplitude_rad": 0.2}, ["stretch lasts 1.2 s"]),
        ({"stimulus_interval_s": 5.0, "stimulus_count": 10.0}, ["train of stimuli lasts 3 s"]),
        ({"stimulus_interval_s": 5.0, "stimulus_count": 1.0, "stimulus_rate_hz": 0.0}, []),
        ({"stimulus_interval_s": 5.0, "stimulus_count": 0.0}, []),
    ],
)
def test_what_the_end_cuts_is_said(idle: Protocol, changes: dict[str, float], said: list[str]) -> None:
    found = list(cut_short(replace(idle, **changes), 1.0))
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


everything = st.fixed_dictionaries(
    {
        "first_s": st.floats(0.0, 2.0),
        "tap_interval_s": st.floats(0.1, 2.0),
        "stretch_interval_s": st.floats(0.1, 2.0),
        "stretch_duration_s": st.floats(0.01, 3.0),
        "stimulus_interval_s": st.floats(0.1, 2.0),
        "stimulus_count": st.integers(0, 10),
        "stimulus_rate_hz": st.floats(0.5, 50.0),
    }
)


@given(everything, st.integers(1, 3000), st.integers(0, 3000))
def test_a_longer_run_begins_as_a_shorter_one(idle: Protocol, done: dict[str, float], short: int, more: int) -> None:
    protocol = replace(idle, tap_strength_radps=9.0, stretch_torque_nm=2.0, stretch_amplitude_rad=0.3, **done)
    one, longer = (examination(protocol, n_frames) for n_frames in (short, short + more))
    for mine, theirs in zip(one[:-1], longer[:-1], strict=True):
        assert np.array_equal(mine, theirs[:short])
    begun = [event for event in longer.events if round(event.start_s / FRAME_S) < short]
    assert [(event.kind, event.start_s) for event in one.events] == [(event.kind, event.start_s) for event in begun]
    assert all(event.end_s <= short * FRAME_S for event in one.events)
