"""A heartbeat on the electrodes is not counted as fasciculations."""

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make

from twitchwise.measure.emg.channel import ChannelReading, read_channel
from twitchwise.measure.emg.heartbeat import heartbeats
from twitchwise.measure.emg.settings import emg_settings


def read(scene: Scene) -> ChannelReading:
    recording, _ = make(scene)
    return read_channel(recording, recording.channels[0], emg_settings())


@pytest.mark.parametrize("ecg_v", [3e-5, 1e-4, 1e-3])
def test_a_heartbeat_is_left_out(ecg_v: float) -> None:
    reading = read(Scene(duration_s=60.0, rate_per_min=0.0, ecg_v=ecg_v))
    assert len(reading.potentials) <= 2
    assert len(reading.regular) == pytest.approx(70, abs=5)


def test_fasciculations_beside_a_heartbeat_are_kept() -> None:
    scene = Scene(duration_s=120.0, rate_per_min=20.0, snr=15.0, ecg_v=6e-5)
    _, truth = make(scene)
    reading = read(scene)
    assert len(reading.potentials) >= 0.8 * len(truth.times_s)
    assert len(reading.potentials) <= 1.15 * len(truth.times_s)


@pytest.mark.parametrize("units", [1, 5])
@pytest.mark.parametrize("rate_per_min", [40.0, 70.0, 150.0])
def test_fasciculations_of_one_unit_are_no_heartbeat(rate_per_min: float, units: int) -> None:
    reading = read(Scene(duration_s=120.0, rate_per_min=rate_per_min, units=units))
    assert len(reading.regular) == 0


def test_few_potentials_say_nothing_about_rhythm() -> None:
    reading = read(Scene(duration_s=20.0, rate_per_min=10.0))
    assert not heartbeats(reading.potentials, emg_settings()).any()


def test_a_rhythm_slower_than_a_heart_is_no_heartbeat() -> None:
    scene = Scene(duration_s=120.0, rate_per_min=0.0)
    recording, _ = make(scene)
    reading = read(Scene(duration_s=120.0, rate_per_min=0.0, ecg_v=1e-4))
    slow = reading.regular.where(np.arange(len(reading.regular)) % 3 == 0)
    assert recording.duration_s == 120.0
    assert not heartbeats(slow, emg_settings()).any()
