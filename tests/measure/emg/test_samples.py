"""Stretches join to the whole; missing, flat and spiky samples are known."""

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make, recording_of

from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.samples import ChannelReader
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0


def reader_of(signal: FloatArray, stretch_samples: int = 1 << 18, mains_hz: float | None = None) -> ChannelReader:
    return ChannelReader(
        recording=recording_of(signal, RATE_HZ),
        channel="calf",
        band=band_for(RATE_HZ, emg_settings()),
        mains_hz=mains_hz,
        step=40,
        stretch_samples=stretch_samples,
    )


def noise(seconds: float = 20.0) -> FloatArray:
    return np.random.default_rng(2).normal(size=round(seconds * RATE_HZ))


@pytest.mark.parametrize("mains_hz", [None, 50.0])
@pytest.mark.parametrize("stretch_samples", [4_000, 7_777, 30_000])
def test_stretches_equal_the_whole(stretch_samples: int, mains_hz: float | None) -> None:
    recording, _ = make(Scene(duration_s=30.3, snr=100.0, mains_v=1e-5))
    signal = recording.read("calf")
    whole = next(iter(reader_of(signal, mains_hz=mains_hz).stretches())).filtered
    parts = list(reader_of(signal, stretch_samples, mains_hz).stretches())
    joined = np.concatenate([part.filtered[part.core] for part in parts])
    assert len(parts) > 1
    assert np.allclose(joined, whole, rtol=0, atol=1e-12 * np.max(np.abs(whole)))


def test_missing_samples_and_the_time_around_them_are_not_usable() -> None:
    signal = noise()
    signal[20_000:20_100] = np.nan
    stretch = next(iter(reader_of(signal).stretches()))
    assert np.isfinite(stretch.filtered).all()
    assert int(stretch.missing.sum()) == 100
    assert not stretch.usable[19_501:20_599].any()
    assert stretch.usable[:19_499].all()
    assert stretch.usable[20_601:].all()


def test_missing_samples_change_nothing_far_from_them() -> None:
    holed = noise()
    holed[20_000:26_000] = np.nan
    whole, part = (next(iter(reader_of(signal).stretches())) for signal in (noise(), holed))
    assert np.allclose(whole.filtered[part.usable], part.filtered[part.usable], atol=1e-6)


def test_a_stretch_without_any_sample_is_silent() -> None:
    signal = noise()
    signal[:] = np.nan
    stretch = next(iter(reader_of(signal).stretches()))
    assert not stretch.usable.any()
    assert not stretch.filtered.any()


def test_flat_lines_are_known_and_short_repeats_are_not_flat() -> None:
    signal = noise()
    signal[10_000:10_300] = signal[9_999]
    signal[30_000:30_010] = signal[29_999]
    stretch = next(iter(reader_of(signal).stretches()))
    assert int(stretch.flat.sum()) == 301


def test_one_sample_spikes_are_taken_out_and_muscle_is_not() -> None:
    recording, _ = make(Scene(duration_s=20.0, rate_per_min=120.0, snr=100.0))
    signal = recording.read("calf").copy()
    assert not next(iter(reader_of(signal).stretches())).spikes.any()
    signal[[7_000, 7_500]] += 3e-4
    stretch = next(iter(reader_of(signal).stretches()))
    assert np.flatnonzero(stretch.spikes).tolist() == [7_000, 7_500]
    assert abs(stretch.filtered[7_000]) < 3e-5


def test_slow_recordings_are_not_searched_for_spikes() -> None:
    signal = np.random.default_rng(3).normal(size=5000)
    signal[2500] += 1000.0
    reader = ChannelReader(
        recording=recording_of(signal, 500.0),
        channel="calf",
        band=band_for(500.0, emg_settings()),
        mains_hz=None,
        step=25,
    )
    assert not next(iter(reader.stretches())).spikes.any()
