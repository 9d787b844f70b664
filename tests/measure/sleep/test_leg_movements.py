"""Leg movements in EMG: thresholds, edges and morphology are those of the rules, on EMG whose movements are known."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.sleep.nights import Emg

from twitchwise.measure.sleep.amplitude import Amplitude, Reader, amplitude_of
from twitchwise.measure.sleep.leg_movements import limits_of_emg, movements_in, share_loud
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.settings import emg_reading, leg_rules
from twitchwise.vocabulary.arrays import FloatArray

pytestmark = pytest.mark.no_cover
RATES_HZ = (200.0, 256.0, 512.0, 1000.0)


def read(samples: FloatArray, rate_hz: float) -> Amplitude:
    reading = emg_reading()
    reader = Reader(
        read=lambda first, stop: samples[first:stop],
        n_samples=samples.size,
        rate_hz=rate_hz,
        band_low_hz=reading.band_low_hz,
        window_s=reading.amplitude_window_s,
    )
    return amplitude_of(reader)


def found_in(emg: Emg) -> Movements:
    movements = movements_in(
        read(emg.samples, emg.rate_hz), limits_of_emg(leg_rules(), emg_reading().amplitude_window_s)
    )
    return movements.where(movements.duration_s >= leg_rules().movement_shortest_s)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_onset_and_end_of_a_wave_on_silence_are_exact_to_a_hundredth_of_a_second(rate_hz: float) -> None:
    emg = Emg(400.0, rate_hz, noise_v=0.0)
    edges = [(50.0, 52.0), (100.3, 100.9), (200.0, 209.5)]
    for start, stop in edges:
        emg.wave(start, stop - start, 50e-6)
    found = found_in(emg)
    assert found.start_s == pytest.approx([start for start, _ in edges], abs=0.012)
    # the lower edge of the band, 10 Hz, lets the end ring for a moment
    assert found.stop_s == pytest.approx([stop for _, stop in edges], abs=0.045)


@pytest.mark.parametrize(("size_v", "counts"), [(6e-6, False), (7e-6, False), (8.6e-6, True), (12e-6, True)])
@pytest.mark.parametrize("shape", ["sine", "square"])
def test_a_movement_rises_eight_microvolts_above_rest(size_v: float, shape: str, *, counts: bool) -> None:
    emg = Emg(200.0, 512.0, noise_v=0.0).wave(100.0, 2.0, size_v)
    if shape == "square":
        emg.samples[:] = size_v * np.sign(emg.samples)
    assert len(found_in(emg)) == counts


def test_the_rise_counts_from_the_resting_level_and_not_from_zero() -> None:
    # at rest a hum of the muscle of 6 uV; 4 uV more is no movement, 12 uV more is one
    emg = Emg(400.0, 512.0, noise_v=0.0).wave(0.0, 400.0, 6e-6)
    assert len(found_in(emg.wave(100.0, 2.0, 4e-6))) == 0
    assert len(found_in(emg.wave(200.0, 2.0, 12e-6))) == 1


@pytest.mark.parametrize(("pause_s", "n"), [(0.3, 1), (0.42, 1), (0.6, 2), (1.0, 2)])
def test_a_movement_ends_where_the_emg_stays_low_for_half_a_second(pause_s: float, n: int) -> None:
    emg = Emg(200.0, 512.0).burst(100.0, 1.0).burst(101.0 + pause_s, 1.0)
    assert len(found_in(emg)) == n


def test_emg_between_two_and_eight_microvolts_goes_on_but_does_not_begin() -> None:
    # a fall to 5 uV above rest belongs to the movement, and the same before it does not
    emg = Emg(200.0, 512.0, noise_v=0.0).wave(98.0, 2.0, 5e-6).wave(100.0, 1.0, 30e-6).wave(101.0, 2.0, 5e-6)
    found = found_in(emg)
    assert found.start_s == pytest.approx([100.0], abs=0.02)
    assert found.stop_s == pytest.approx([103.0], abs=0.05)


def test_two_spikes_less_than_half_a_second_apart_are_no_movement() -> None:
    """Their time from onset to end is long enough, but no half second has a median of 2 uV above rest."""
    emg = Emg(200.0, 512.0).burst(100.0, 0.02, 100e-6).burst(100.4, 0.02, 100e-6).burst(100.8, 0.02, 100e-6)
    assert len(found_in(emg)) == 0
    assert len(found_in(Emg(200.0, 512.0).burst(100.0, 0.8, 30e-6))) == 1


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize(("noise_v", "size_v"), [(1e-6, 12e-6), (2e-6, 12e-6), (3e-6, 20e-6), (5e-6, 30e-6)])
def test_in_noise_every_movement_is_found_once_and_none_else(rate_hz: float, noise_v: float, size_v: float) -> None:
    emg = Emg(900.0, rate_hz, noise_v=noise_v, seed=4)
    onsets = np.arange(40.0, 860.0, 20.0) + emg.rng.uniform(0.0, 3.0, 41)
    lengths = emg.rng.uniform(0.7, 6.0, onsets.size)
    for onset, length in zip(onsets, lengths, strict=True):
        emg.burst(onset, length, size_v)
    found = found_in(emg)
    assert len(found) == onsets.size
    assert np.median(np.abs(found.start_s - onsets)) < 0.02
    assert np.median(np.abs(found.stop_s - onsets - lengths)) < 0.04


@pytest.mark.parametrize("noise_v", [1e-6, 2e-6, 3.5e-6])
def test_rest_alone_holds_no_movement(noise_v: float) -> None:
    assert len(found_in(Emg(1800.0, 256.0, noise_v=noise_v, seed=9))) == 0


def hum(time_s: FloatArray) -> FloatArray:
    return 20e-6 * np.sin(2 * np.pi * 50.03 * time_s) + 6e-6 * np.sin(2 * np.pi * 150.09 * time_s)


def drift(time_s: FloatArray) -> FloatArray:
    return 1e-3 + 8e-4 * np.sin(2 * np.pi * time_s / 90.0)


@pytest.mark.parametrize("disturbance", [hum, drift])
def test_hum_and_a_drifting_offset_change_nothing(disturbance: Callable[[FloatArray], FloatArray]) -> None:
    emg = Emg(900.0, 512.0, seed=2)
    onsets = np.arange(40.0, 860.0, 25.0)
    for onset in onsets:
        emg.burst(onset, 2.0, 20e-6)
    emg.samples += disturbance(np.arange(emg.samples.size) / 512.0)
    found = found_in(emg)
    assert found.start_s == pytest.approx(onsets, abs=0.06)
    assert found.stop_s == pytest.approx(onsets + 2.0, abs=0.15)


def test_a_resting_level_that_drifts_is_followed() -> None:
    emg = Emg(3600.0, 256.0, noise_v=0.0, seed=3)
    time_s = np.arange(emg.samples.size) / 256.0
    emg.samples += emg.rng.normal(0.0, 1.0, time_s.size) * (1e-6 + 3e-6 * time_s / 3600.0)
    onsets = np.arange(40.0, 3560.0, 40.0)
    for onset in onsets:
        emg.burst(onset, 2.0, 25e-6)
    amplitude = read(emg.samples, 256.0)
    assert amplitude.resting[-200] / amplitude.resting[200] == pytest.approx(4.0, rel=0.2)
    assert len(found_in(emg)) == onsets.size


def test_movement_for_a_minute_does_not_lift_the_resting_level() -> None:
    emg = Emg(1200.0, 256.0).burst(600.0, 60.0, 50e-6)
    resting = read(emg.samples, 256.0).resting
    assert resting.max() < 1.5 * resting.min()


def test_what_is_missing_holds_no_movement_and_makes_none() -> None:
    emg = Emg(600.0, 256.0).burst(100.0, 2.0).burst(300.0, 2.0).burst(500.0, 2.0)
    emg.samples[(290 * 256) : (310 * 256)] = np.nan
    emg.samples[(400 * 256) : (401 * 256)] = np.nan
    found = found_in(emg)
    assert found.start_s == pytest.approx([100.0, 500.0], abs=0.02)
    assert read(emg.samples, 256.0).missing.mean() == pytest.approx(21.0 / 600.0, abs=1e-3)


def test_a_loud_resting_level_is_told_by_its_share_of_the_time() -> None:
    emg = Emg(1200.0, 256.0, noise_v=1e-6)
    emg.samples[: emg.samples.size // 4] *= 12.0
    assert share_loud(read(emg.samples, 256.0), leg_rules().resting_limit_v / 2) == pytest.approx(0.25, abs=0.05)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.0, 0.4))
def test_where_a_block_ends_changes_nothing(seed: int, offset_s: float) -> None:
    """A movement at the edge of a block of five minutes is found like any other."""
    emg = Emg(320.0, 256.0, seed=seed).burst(299.8 + offset_s, 1.0, 40e-6)
    found = found_in(emg)
    assert found.start_s == pytest.approx([299.8 + offset_s], abs=0.03)
    assert found.stop_s == pytest.approx([300.8 + offset_s], abs=0.05)
