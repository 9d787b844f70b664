"""Movements of the electrode are told from potentials, contractions and the waves of the heart."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make, matched, recording_of

from twitchwise.measure.emg.channel import ChannelReading, read_channel
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
QUIET = Scene(duration_s=60.0, rate_per_min=0.0)


def read(signal_v: FloatArray) -> ChannelReading:
    recording = recording_of(signal_v, RATE_HZ)
    return read_channel(recording, recording.channels[0], emg_settings())


def noise(scene: Scene = QUIET) -> FloatArray:
    return make(scene)[0].read("calf").copy()


def step(rise_s: float, decay_s: float) -> FloatArray:
    times = np.arange(round(2 * RATE_HZ)) / RATE_HZ
    return np.asarray((1 - np.exp(-times / rise_s)) * np.exp(-times / decay_s), dtype=np.float64)


@pytest.mark.parametrize("rise_s", [0.002, 0.01])
@pytest.mark.parametrize("size_v", [1e-4, -1e-3])
def test_a_step_of_the_skin_is_no_rest_and_no_potential(size_v: float, rise_s: float) -> None:
    signal_v = noise()
    signal_v[40_000:44_000] += size_v * step(rise_s, 0.3)
    reading = read(signal_v)
    assert len(reading.potentials) == 0
    assert any(start < 20.0 < stop for start, stop in reading.activity.active.spans)
    assert reading.activity.active.duration_s < 3.0


def test_large_potentials_are_no_movement() -> None:
    recording, truth = make(replace(QUIET, rate_per_min=20.0, snr=200.0))
    reading = read_channel(recording, recording.channels[0], emg_settings())
    assert reading.activity.active.duration_s == 0
    assert matched(reading.potentials.peak_s, truth.times_s) == truth.times_s.size


def test_slow_waves_that_come_with_every_heartbeat_are_no_movement() -> None:
    signal_v = noise()
    times = np.arange(-800, 800) / RATE_HZ
    beat = 3e-4 * np.exp(-((times / 0.008) ** 2)) + 3e-4 * np.exp(-(((times - 0.25) / 0.04) ** 2))
    for at in np.arange(2000, signal_v.size - 2000, 1750):
        signal_v[at - 800 : at + 800] += beat
    assert read(signal_v).rest_s > 50.0


def test_a_swing_that_does_not_show_in_the_band_is_left() -> None:
    signal_v = noise()
    signal_v += 1e-4 * np.exp(-(((np.arange(signal_v.size) / RATE_HZ - 20.0) / 0.3) ** 2))
    assert read(signal_v).activity.active.duration_s == 0


def test_a_channel_that_cannot_be_used_shows_no_movement() -> None:
    reading = read(np.concatenate([np.zeros(60_000), noise()[:2_000]]))
    assert len(reading.potentials) == 0
