"""Hum is found where there is some and taken out without touching potentials."""

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene as SceneOf
from tests.measure.emg_scenes import add, muap, varied

from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.mains import find_mains, without_mains
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
BAND = band_for(RATE_HZ, emg_settings())
EDGES = (BAND.low_hz, BAND.high_hz)


def noise(seconds: float = 30.0, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(scale=3e-6, size=round(seconds * RATE_HZ))


def hum(size: int, frequency_hz: float, volts: float) -> FloatArray:
    time = np.arange(size) / RATE_HZ
    return np.asarray(
        volts * (np.sin(2 * np.pi * frequency_hz * time) + 0.4 * np.cos(6 * np.pi * frequency_hz * time)),
        dtype=np.float64,
    )


@pytest.mark.parametrize("frequency_hz", [49.95, 50.0, 50.12, 59.98, 60.05])
def test_hum_is_found_at_its_frequency(frequency_hz: float) -> None:
    signal = noise() + hum(60_000, frequency_hz, 1e-5)
    mains = find_mains(lambda first, stop: signal[first:stop], signal.size, RATE_HZ, EDGES)
    assert mains.frequency_hz == pytest.approx(frequency_hz, abs=0.02)
    assert mains.share > 0.8


def test_noise_alone_has_no_hum() -> None:
    signal = noise()
    mains = find_mains(lambda first, stop: signal[first:stop], signal.size, RATE_HZ, EDGES)
    assert mains.frequency_hz is None
    assert mains.share < 0.02


def test_hum_is_judged_where_the_muscle_is_quiet() -> None:
    signal = noise() + hum(60_000, 50.0, 1e-5)
    signal[:25_000] += np.random.default_rng(3).normal(scale=1e-3, size=25_000)
    mains = find_mains(lambda first, stop: signal[first:stop], signal.size, RATE_HZ, EDGES)
    assert mains.share > 0.8


@pytest.mark.parametrize("signal", [np.zeros(100), np.zeros(60_000), np.full(60_000, np.nan)])
def test_no_signal_has_no_hum(signal: FloatArray) -> None:
    mains = find_mains(lambda first, stop: signal[first:stop], signal.size, RATE_HZ, EDGES)
    assert (mains.frequency_hz, mains.share) == (None, 0.0)


def test_taking_hum_out_leaves_the_noise() -> None:
    plain = BAND.apply(noise())
    humming = BAND.apply(noise() + hum(60_000, 50.03, 3e-5))
    cleaned = without_mains(humming, 0, humming.size, RATE_HZ, 50.03, BAND.high_hz)
    assert np.std(cleaned - plain) < 0.25 * np.std(plain)


def test_taking_hum_out_leaves_a_potential_and_adds_no_echo() -> None:
    scene = varied(SceneOf(noise_v=3e-6), seed=1)
    signal = hum(60_000, 50.0, 1e-5)
    add(signal, scene, muap(np.random.default_rng(4)), 15.0, 3e-4)
    cleaned = without_mains(BAND.apply(signal), 0, signal.size, RATE_HZ, 50.0, BAND.high_hz)
    assert np.max(np.abs(cleaned[29_900:30_100])) > 2e-4
    away = np.concatenate([cleaned[10_000:29_700], cleaned[30_300:50_000]])
    assert np.max(np.abs(away)) < 3e-6


def test_a_stretch_shorter_than_a_fit_is_left_alone() -> None:
    short = noise(0.5)
    assert without_mains(short, 0, short.size, RATE_HZ, 50.0, 450.0) is short
