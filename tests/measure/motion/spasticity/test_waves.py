"""Samples of a sensor are averaged down by the plain mean of each stretch."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.motion.spasticity.limb_scenes import Trace, recording_of

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.sensors import motion_sensors
from twitchwise.measure.motion.spasticity.waves import KEPT_HZ, kept
from twitchwise.vocabulary import ChannelKind


@given(rate_hz=st.sampled_from([50.0, 64.0, 100.0, 128.0, 148.0, 200.0, 1000.0]), seed=st.integers(0, 99))
def test_each_kept_sample_is_the_mean_of_a_fiftieth_of_a_second(rate_hz: float, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(3, 2011))
    recording = recording_of([Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=rows, rate_hz=rate_hz)])
    (sensor,) = motion_sensors(recording, Asked())
    kept_hz, found = kept(sensor, recording, 0.0, sensor.duration_s)
    edges = np.rint(np.arange(0, 2012, rate_hz / KEPT_HZ)).astype(int)
    edges = edges[edges <= 2011]
    wanted = [rows[:, first:stop].mean(axis=1) for first, stop in pairwise(edges.tolist())]
    assert kept_hz == KEPT_HZ
    assert found == pytest.approx(np.stack(wanted, axis=1), abs=1e-12)
