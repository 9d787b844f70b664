"""Frames and the counts taken with them."""

import numpy as np
import pytest
from tests.measure.emg_scenes import recording_of

from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.frames import Frames, Tally, frame_samples, read_frames
from twitchwise.measure.emg.samples import ChannelReader
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 1000.0


def read(signal: FloatArray, limits: tuple[float, float] | None = None) -> tuple[Frames, Tally]:
    reader = ChannelReader(
        recording=recording_of(signal, RATE_HZ),
        channel="calf",
        band=band_for(RATE_HZ, emg_settings()),
        mains_hz=None,
        step=frame_samples(RATE_HZ),
        stretch_samples=3000,
    )
    return read_frames(reader, limits)


def noise(n_samples: int = 10_010) -> FloatArray:
    return np.random.default_rng(1).normal(size=n_samples)


def test_frames_are_a_fiftieth_of_a_second_and_longer_when_slow() -> None:
    assert [frame_samples(rate_hz) for rate_hz in (200.0, 1000.0, 4000.0)] == [10, 20, 80]


def test_frames_cover_all_but_the_last_piece() -> None:
    frames, tally = read(noise())
    assert frames.rms.size == 500
    assert tally.samples == 10_010
    assert (frames.peak >= frames.rms).all()


def test_samples_at_the_converters_limits_are_clipped() -> None:
    signal = np.clip(noise(), -2.0, 2.0)
    assert read(signal, (-1.9999999, 1.9999999))[1].clipped == np.count_nonzero(np.abs(signal) == 2.0)


def test_runs_at_the_channels_own_extremes_are_clipped() -> None:
    signal = noise()
    signal[2990:3010] = 9.0
    signal[8000:8003] = -9.0
    signal[4000] = 8.0
    assert read(signal)[1].clipped == 23


def test_a_single_highest_sample_is_not_clipped() -> None:
    assert read(noise())[1].clipped == 0


def test_a_channel_without_samples_has_nothing_clipped() -> None:
    tally = read(np.full(5000, np.nan))[1]
    assert (tally.clipped, tally.missing) == (0, 5000)


def test_missing_and_flat_samples_are_counted_once() -> None:
    signal = noise()
    signal[1000:1200] = np.nan
    signal[5000:5500] = 3.0
    tally = read(signal)[1]
    assert (tally.missing, tally.flat) == (200, 500)


@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_the_level_is_that_of_the_samples_as_read(offset: float) -> None:
    frames, _ = read(noise() + offset)
    assert float(frames.level.mean()) == pytest.approx(offset, abs=0.05)
