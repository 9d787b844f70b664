"""Noise of any smooth color becomes white with RMS 1, with or without potentials in it."""

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt, welch

from twitchwise.measure.emg.units.color import NoiseColor, learn_color
from twitchwise.measure.emg.units.trace import Trace

RATE_HZ = 2000.0


def colored(seconds: float, n_components: int = 1, seed: int = 1) -> np.ndarray:
    """Return noise that falls by 20 dB from 100 to 1000 Hz, with RMS 1."""
    rng, n = np.random.default_rng(seed), int(seconds * RATE_HZ)
    frequency = np.fft.rfftfreq(n, 1 / RATE_HZ)
    size = 1 / np.maximum(frequency, 100.0)
    made = np.fft.irfft(size * np.fft.rfft(rng.standard_normal((n_components, n)), axis=1), n, axis=1)
    return np.asarray(made / made.std(axis=1, keepdims=True), dtype=np.float32)


def trace(samples: np.ndarray) -> Trace:
    return Trace(samples=samples, sampling_rate_hz=RATE_HZ, usable=np.ones(samples.shape[1], dtype=np.bool_))


def unevenness(whitened: np.ndarray) -> float:
    """Return the greatest departure of the spectrum from white noise of RMS 1, between 40 and 900 Hz, in dB."""
    frequency, power = welch(whitened, RATE_HZ, nperseg=256)
    inside = (frequency > 40) & (frequency < 900)
    return float(np.abs(10 * np.log10(power[inside] * RATE_HZ / 2)).max())


def test_colored_noise_becomes_white() -> None:
    samples = colored(60.0, n_components=2)
    color = learn_color([trace(samples)])
    assert unevenness(samples[0]) > 8
    for row in color.apply(trace(samples)):
        assert unevenness(row) < 1.3
        assert np.std(row) == pytest.approx(1.0, abs=0.05)


def test_potentials_in_a_tenth_of_the_time_do_not_matter() -> None:
    samples = colored(60.0)
    samples[0, ::2000] += 80
    color = learn_color([trace(samples)])
    assert np.std(color.apply(trace(colored(20.0, seed=2)))) == pytest.approx(1.0, abs=0.06)


def test_the_edge_of_a_band_is_not_raised() -> None:
    section = butter(2, 20.0, "highpass", fs=RATE_HZ, output="sos")
    samples = sosfiltfilt(section, colored(60.0), axis=1).astype(np.float32)
    frequency, power = welch(learn_color([trace(samples)]).apply(trace(samples))[0], RATE_HZ, nperseg=1024)
    assert (power[frequency < 60] * RATE_HZ / 2).max() < 2.0


def test_short_silent_and_unusable_recordings_are_left_as_they_are() -> None:
    nothing = learn_color([trace(np.zeros((1, 20), dtype=np.float32))])
    assert nothing.reach == 0
    silent = learn_color([trace(np.zeros((1, 4000), dtype=np.float32))])
    assert np.isfinite(silent.filters).all()
    assert learn_color([]).filters.tolist() == [[1.0]]


@pytest.mark.parametrize("n", [0, 1, 5, 40])
def test_whitening_keeps_the_number_of_samples(n: int) -> None:
    color = NoiseColor(filters=np.array([[0.0, 0.5, 1.0, 0.5, 0.0]]))
    assert color.apply(trace(np.ones((1, n), dtype=np.float32))).shape == (1, n)


def test_where_noise_is_low_the_variation_of_potentials_limits() -> None:
    samples = colored(60.0)
    samples[0, ::400] += 300
    loud = learn_color([trace(samples)])
    kept = loud.apply(trace(colored(30.0, seed=3)))
    frequency, power = welch(kept[0], RATE_HZ, nperseg=256)
    assert np.std(kept) == pytest.approx(1.0, abs=0.1)
    assert (
        power[(frequency > 700) & (frequency < 900)].mean() < 0.7 * power[(frequency > 50) & (frequency < 150)].mean()
    )


def test_noise_is_seen_in_the_moments_between_potentials_that_come_thick_and_fast() -> None:
    rng = np.random.default_rng(3)
    samples = rng.standard_normal((1, 60_000), dtype=np.float32)
    for at in np.cumsum(rng.integers(30, 50, 1400)):
        samples[0, at : at + 6] += np.array([0, 20, 40, -30, -10, 0], dtype=np.float32)
    color = learn_color([trace(samples)])
    quiet = np.random.default_rng(4).standard_normal((1, 20_000), dtype=np.float32)
    assert 0.4 < np.std(color.apply(trace(quiet))) < 1.2
