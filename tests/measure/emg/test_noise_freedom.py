"""Noise is measured alike whatever part of the band it fills."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt
from tests.measure.emg_scenes import Scene, make, recording_of

from twitchwise.measure.emg.channel import read_channel
from twitchwise.measure.emg.noise_freedom import freedom_of
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
few = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


def filtered_noise(low_hz: float, width_hz: float, order: int, seed: int, duration_s: float = 60.0) -> FloatArray:
    """Return Gaussian noise through a filter, of 3 uV."""
    made = np.random.default_rng(seed).standard_normal(round(duration_s * RATE_HZ))
    edges = [low_hz, min(low_hz + width_hz, 0.49 * RATE_HZ)]
    made = sosfilt(butter(order, edges, "bandpass", fs=RATE_HZ, output="sos"), made)
    return np.asarray(3e-6 * made / made.std(), dtype=np.float64)


@few
@given(st.floats(30.0, 300.0), st.floats(40.0, 300.0), st.sampled_from([1, 2, 4]), st.integers(0, 1000))
def test_noise_that_fills_part_of_the_band_is_measured_within_three_percent(
    low_hz: float, width_hz: float, order: int, seed: int
) -> None:
    recording = recording_of(filtered_noise(low_hz, width_hz, order, seed), RATE_HZ)
    found = read_channel(recording, recording.channels[0], emg_settings())
    filtered = np.concatenate([stretch.filtered[stretch.core] for stretch in found.reader.stretches()])
    assert float(np.nanmedian(found.noise.rms)) == pytest.approx(filtered.std(), rel=0.03)


@few
@given(st.floats(0.02, 0.4), st.floats(0.05, 0.5), st.integers(0, 1000))
def test_the_freedom_tells_how_much_the_power_of_frames_varies(low: float, width: float, seed: int) -> None:
    length, n_frames = 40, 20_000
    frequency = np.linspace(0.0, 1.0, 401)
    density = ((frequency >= low) & (frequency <= low + width)).astype(np.float64)
    gain = np.sqrt(np.interp(np.fft.rfftfreq(length * n_frames) * 2, frequency, density))
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(length * n_frames))
    power = np.mean(np.fft.irfft(gain * white).reshape(n_frames, length) ** 2, axis=1)
    assert freedom_of(density, length) == pytest.approx(2 * power.mean() ** 2 / power.var(), rel=0.15)


def test_potentials_in_a_sixth_of_the_time_do_not_make_noise_look_unsteady() -> None:
    def noise_v(scene: Scene) -> float:
        recording, _ = make(scene)
        return float(np.median(read_channel(recording, recording.channels[0], emg_settings()).noise.rms))

    quiet, busy = noise_v(Scene(rate_per_min=0.0)), noise_v(Scene(rate_per_min=200.0, snr=30.0))
    assert busy == pytest.approx(quiet, rel=0.03)


def test_too_little_quiet_leaves_the_freedom_of_white_noise() -> None:
    recording = recording_of(filtered_noise(50.0, 100.0, 2, 1, duration_s=3.0), RATE_HZ)
    found = read_channel(recording, recording.channels[0], emg_settings())
    assert np.isfinite(found.noise.rms).all()
