"""The noise of a grid becomes white, and is learned from quiet moments only."""

import numpy as np
import pytest

from twitchwise.measure.emg.grid.band import Samples, filtered, gain_of, grid_band, spectrum_of
from twitchwise.measure.emg.grid.whitening import learn_whitening
from twitchwise.measure.emg.settings import emg_settings

BAND = grid_band(2048.0, emg_settings())
WINDOW, FRAME = 256, 20


def colored(n_windows: int, n_channels: int = 8, seed: int = 3) -> Samples:
    """Return windows of noise that channels share and whose spectrum falls, in the pass band."""
    rng = np.random.default_rng(seed)
    n_samples = 2 * WINDOW * n_windows
    steps = rng.normal(size=(n_channels, n_samples)) + 3 * rng.normal(size=n_samples)
    walk = np.zeros_like(steps)
    for at in range(1, n_samples):
        walk[:, at] = 0.8 * walk[:, at - 1] + steps[:, at]
    samples = filtered(spectrum_of(walk.astype(np.float32), n_samples), gain_of(BAND, n_samples), n_samples, BAND)
    return np.ascontiguousarray(samples.reshape(n_channels, n_windows, WINDOW).transpose(1, 0, 2))


def test_whitened_noise_has_no_covariance_and_an_even_spectrum() -> None:
    windows = colored(60)
    whitening, quiet = learn_whitening(windows, FRAME, BAND)
    assert quiet.sum() >= 50
    white = np.concatenate([whitening.apply(window) for window in windows], axis=1)
    covariance = np.cov(white)
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 0.05
    assert np.diag(covariance) == pytest.approx(np.ones(8), rel=0.1)
    power = np.mean(np.abs(np.fft.rfft(white.reshape(8, -1, 64), axis=2)) ** 2, axis=(0, 1))
    frequency = np.fft.rfftfreq(64, 1 / BAND.working_rate_hz)
    inside = (frequency > 40) & (frequency < 380)
    assert power[inside].max() < 1.4 * power[inside].min()


def test_activity_is_not_taken_for_noise() -> None:
    windows = colored(60)
    windows[15:50] *= 6
    _, quiet = learn_whitening(windows, FRAME, BAND)
    assert not quiet[15:50].any()
    assert quiet[:15].all()


def test_the_freedom_of_white_noise_is_that_of_its_independent_values() -> None:
    rng = np.random.default_rng(5)
    n_samples = 2 * WINDOW * 100
    raw = rng.normal(size=(8, n_samples)).astype(np.float32)
    samples = filtered(spectrum_of(raw, n_samples), gain_of(BAND, n_samples), n_samples, BAND)
    whitening, _ = learn_whitening(samples.reshape(8, 100, WINDOW).transpose(1, 0, 2), FRAME, BAND)
    passed = 2 * (BAND.high_hz - BAND.low_hz) * FRAME / BAND.working_rate_hz * 8
    assert whitening.freedom == pytest.approx(passed, rel=0.25)
