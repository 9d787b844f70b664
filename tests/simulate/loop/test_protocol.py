"""Taps, stretches and stimuli come when they are due."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from twitchwise.simulate.loop import LoopEventKind, Protocol
from twitchwise.simulate.loop.protocol import NEVER, examination


@pytest.fixture(scope="module")
def idle(parameters: Mapping[str, float]) -> Protocol:
    return Protocol.of(parameters)


def test_nothing_is_done_by_default(idle: Protocol) -> None:
    done = examination(idle, 1000)
    assert done.events == ()
    assert not done.tap_radps.any()
    assert not done.torque_nm.any()
    assert not done.held_angle_rad.any()
    assert (done.since_stimulus == NEVER).all()


def test_taps_are_brief_half_waves(idle: Protocol) -> None:
    done = examination(replace(idle, tap_interval_s=0.5, tap_strength_radps=20.0, tap_duration_s=0.01), 1400)
    assert [event.start_s for event in done.events] == [0.5, 1.0]
    assert done.tap_radps[500:510].max() == pytest.approx(20.0, rel=0.02)
    assert done.tap_radps[500:510].sum() == pytest.approx(20.0 * 10 * 2 / np.pi, rel=0.01)
    assert not done.tap_radps[:500].any()
    assert not done.tap_radps[510:1000].any()


def test_a_stretch_by_torque_pulls_against_the_agonist(idle: Protocol) -> None:
    done = examination(replace(idle, stretch_interval_s=0.4, stretch_torque_nm=2.0, stretch_duration_s=0.1), 1000)
    assert (done.torque_nm[400:500] == -2.0).all()
    assert not done.torque_nm[500:800].any()
    assert {event.kind for event in done.events} == {LoopEventKind.STRETCH}


def test_a_stretch_by_angle_goes_there_stays_and_comes_back(idle: Protocol) -> None:
    done = examination(replace(idle, stretch_interval_s=0.5, stretch_amplitude_rad=0.3, stretch_duration_s=0.1), 1000)
    assert done.held_angle_rad[[500, 550, 600, 700, 750, 800]] == pytest.approx([0, -0.15, -0.3, -0.3, -0.15, 0])
    assert len(done.events) == 1


def test_trains_of_stimuli_are_counted_from_the_last(idle: Protocol) -> None:
    settings = replace(idle, stimulus_interval_s=0.5, stimulus_count=3, stimulus_rate_hz=20.0)
    done = examination(settings, 1050)
    times = [event.start_s for event in done.events]
    assert times == pytest.approx([0.5, 0.55, 0.6])  # a second train would not end in time
    assert done.since_stimulus[499] == NEVER
    assert done.since_stimulus[[500, 549, 550, 601]].tolist() == [0, 49, 0, 1]


@pytest.mark.parametrize("count", [0, 1])
def test_a_train_may_have_one_stimulus_or_none(idle: Protocol, count: int) -> None:
    done = examination(replace(idle, stimulus_interval_s=0.2, stimulus_count=count, stimulus_rate_hz=0.0), 500)
    assert len(done.events) == 2 * count
