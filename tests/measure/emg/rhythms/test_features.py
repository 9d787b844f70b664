"""What a run looks like is measured as it was made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.rhythms.scenes import gamma_train, train

from twitchwise.measure.emg.rhythms.features import (
    features_of,
    irregularity_of,
    potential_s_of,
    runs_in,
    starts_positive,
    usual_interval,
    usual_wave,
)
from twitchwise.measure.emg.rhythms.settings import rhythm_settings


@pytest.mark.parametrize("spread", [0.02, 0.05, 0.1, 0.2])
def test_irregularity_is_the_coefficient_of_variation(spread: float) -> None:
    times = train(10.0, 0.0, 400.0, spread, np.random.default_rng(1))
    assert irregularity_of(np.diff(times)) == pytest.approx(spread, rel=0.1)


def test_a_slow_change_of_rate_is_not_irregular() -> None:
    assert irregularity_of(1 / np.linspace(20, 80, 200)) < 0.01
    assert irregularity_of(np.array([0.1])) == 0.0


@given(st.floats(0.1, 10.0))
def test_irregularity_has_no_scale(factor: float) -> None:
    intervals = np.diff(train(10.0, 0.0, 20.0, 0.1, np.random.default_rng(1)))
    assert irregularity_of(factor * intervals) == pytest.approx(irregularity_of(intervals))


@pytest.mark.parametrize(("spread", "low", "high"), [(0.1, 0.05, 0.2), (0.45, 0.33, 0.8)])
def test_will_and_cramp_differ_in_the_usual_interval(spread: float, low: float, high: float) -> None:
    rng = np.random.default_rng(2)
    times = gamma_train(12.0, 0.0, 40.0, spread, rng)
    kept = times[rng.random(times.size) > 0.2]
    usual = usual_interval(np.diff(kept))
    assert low < usual.spread < high
    assert 0.03 < usual.interval_s < 0.12


def test_waxing_and_waning_is_told() -> None:
    wave = np.sin(np.pi * np.linspace(0, 1, 120))
    intervals = 1 / (25 + 45 * wave)
    times = np.cumsum(intervals)
    features = features_of(times, -(0.4 + 0.6 * wave), np.diff(times), 0.003)
    assert features.rate_change > 1.8
    assert features.size_change > 1.8
    assert features.lowest_hz < features.rate_hz < features.highest_hz
    assert abs(features.rate_trend) < 0.1


def test_a_falling_rate_has_a_falling_trend() -> None:
    times = np.cumsum(1 / np.linspace(240, 160, 60))
    features = features_of(times, np.linspace(2.0, 1.0, 60), np.diff(times), 0.003)
    assert features.rate_trend < -0.2
    assert features.size_trend < -0.2


def test_groups_are_parted_at_pauses() -> None:
    times = np.concatenate([start + np.arange(4) / 40 for start in (0.0, 0.4, 0.7, 1.2)])
    parts = [times[part] for part in runs_in(times, rhythm_settings())]
    assert [part.size for part in parts] == [4, 4, 4, 4]
    assert [part.size for part in (times[:1][one] for one in runs_in(times[:1], rhythm_settings()))] == [1]


def test_a_potential_lasts_as_long_as_it_stands_out() -> None:
    time = np.arange(-240, 241) / 8000.0
    wave = np.where(np.abs(time) <= 0.0025, np.cos(np.pi * time / 0.005), 0.0).astype(np.float32)
    assert potential_s_of(wave, 1e-3, 8000.0) == pytest.approx(0.005, abs=4e-4)


def test_other_sources_do_not_show_in_the_usual_wave() -> None:
    rng = np.random.default_rng(0)
    waves = np.tile(np.sin(np.linspace(0, 6, 50)).astype(np.float32), (40, 1))
    disturbed = waves.copy()
    for row in disturbed[:15]:
        row[rng.integers(0, 45) :][:5] += 10
    assert np.abs(usual_wave(disturbed) - waves[0]).max() < 1e-6


def test_a_positive_wave_starts_positive_and_a_spike_does_not() -> None:
    time = np.arange(-100, 101) / 4000.0
    wave = np.where(time < 0, np.exp(-((time / 3e-4) ** 2)), np.exp(-time / 1e-3) - 0.3 * (time > 0.002)).astype(
        np.float32
    )
    assert starts_positive(wave, 4000.0)
    assert not starts_positive(-wave, 4000.0)
    assert not starts_positive(wave[::-1].copy(), 4000.0)
