"""The band and the threshold that noise crosses as rarely as wanted."""

import numpy as np
import pytest

from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.settings import emg_settings

SETTINGS = emg_settings()


@pytest.mark.parametrize(("rate_hz", "least_share"), [(200.0, 0.4), (1000.0, 0.5), (2000.0, 0.8), (4000.0, 0.95)])
def test_rices_formula_bounds_the_crossings_that_noise_makes(rate_hz: float, least_share: float) -> None:
    band = band_for(rate_hz, SETTINGS)
    samples = band.apply(np.random.default_rng(1).normal(size=round(600 * rate_hz)))
    relative = samples / np.sqrt(np.mean(samples**2))
    ups = np.count_nonzero((relative[:-1] < 2) & (relative[1:] >= 2))
    expected = 600 * band.zero_crossing_rate_hz * np.exp(-(2.0**2) / 2)
    # between two samples a crossing can go unseen, the more the slower the sampling
    assert least_share * expected <= ups <= 1.03 * expected


def test_the_threshold_solves_rices_equation() -> None:
    band = band_for(2000.0, SETTINGS)
    multiple = band.threshold_multiple(0.01)
    assert 2 * band.zero_crossing_rate_hz * 60 * np.exp(-(multiple**2) / 2) == pytest.approx(0.01)


def test_fewer_false_alarms_need_a_higher_threshold() -> None:
    band = band_for(2000.0, SETTINGS)
    assert band.threshold_multiple(0.001) > band.threshold_multiple(0.01) > band.threshold_multiple(1.0)


@pytest.mark.parametrize(("rate_hz", "high_hz"), [(200.0, 90.0), (1000.0, 450.0), (4000.0, 450.0)])
def test_the_band_is_as_wide_as_the_sampling_rate_allows(rate_hz: float, high_hz: float) -> None:
    assert band_for(rate_hz, SETTINGS).high_hz == pytest.approx(high_hz)


def test_filtering_shifts_nothing_in_time() -> None:
    samples = np.zeros(4000)
    samples[2000] = 1.0
    assert int(np.argmax(band_for(2000.0, SETTINGS).apply(samples))) == 2000


def test_nothing_in_gives_nothing_out() -> None:
    assert band_for(2000.0, SETTINGS).apply(np.empty(0)).size == 0
