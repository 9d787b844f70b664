"""One pass over a grid finds its potentials and its rest."""

import numpy as np
import pytest
from tests.measure.emg_scenes import matched
from tests.measure.grid_scenes import GridScene, grid_recording, make_grid

from twitchwise.measure.emg.grid.basis import SpatialBasis
from twitchwise.measure.emg.grid.candidates import deviations, summits
from twitchwise.measure.emg.grid.reading import GridScan, reader_of, scan
from twitchwise.measure.emg.grid.rest import rest_of
from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.signals import Recording


def scanned(recording: Recording) -> GridScan:
    return scan(reader_of(recording, electrode_groups(recording.channels)[0], emg_settings()), emg_settings())


def test_potentials_of_three_times_the_noise_are_all_found() -> None:
    recording, truth = make_grid(GridScene(duration_s=60.0))
    found = scanned(recording)
    rest = rest_of(found, emg_settings())
    times = np.sort(found.candidates.peak_s[rest.at_rest])
    hits = matched(times, truth.times_s)
    assert hits >= 0.97 * truth.times_s.size
    assert hits >= 0.97 * times.size
    assert rest.activity.rest.duration_s == pytest.approx(60.0, abs=0.1)


def test_shared_noise_hides_no_potential_that_each_channel_alone_would_hide() -> None:
    recording, truth = make_grid(GridScene(duration_s=60.0, peak_v=12e-6, noise_v=10e-6, shared=0.98))
    found = scanned(recording)
    times = np.sort(found.candidates.peak_s[rest_of(found, emg_settings()).at_rest])
    assert matched(times, truth.times_s) >= 0.95 * truth.times_s.size


def test_noise_alone_has_no_potentials() -> None:
    recording, _ = make_grid(GridScene(duration_s=120.0, rate_per_min=0.0, seed=4))
    found = scanned(recording)
    assert not rest_of(found, emg_settings()).at_rest.any()
    assert len(found.candidates) <= 1.5 * 2 * emg_settings().hint_rate_per_min


def test_a_contraction_is_activity_and_what_lies_outside_is_found() -> None:
    recording, truth = make_grid(GridScene(duration_s=60.0, rate_per_min=20.0, contraction=(20.0, 40.0)))
    found = scanned(recording)
    rest = rest_of(found, emg_settings())
    assert not any(rest.activity.rest.contains(at) for at in np.arange(21.0, 39.0))
    assert rest.activity.rest.duration_s > 36
    outside = truth.times_s[(truth.times_s < 19.3) | (truth.times_s > 40.7)]
    times = np.sort(found.candidates.peak_s[rest.at_rest])
    assert matched(times, outside) >= 0.95 * outside.size


def test_each_potential_is_largest_where_its_map_says() -> None:
    recording, _ = make_grid(GridScene(duration_s=30.0, peak_v=100e-6))
    found = scanned(recording).candidates
    assert np.array_equal(found.channel, np.argmax(found.map, axis=1))
    assert found.peak_to_peak == pytest.approx(found.map.max(axis=1))
    assert (np.abs(found.peak) <= 1.05 * found.peak_to_peak).all()
    assert (found.start_s <= found.peak_s + 1e-3).all()


def test_a_channel_that_loses_contact_takes_only_that_time_away() -> None:
    recording, _ = make_grid(GridScene(duration_s=30.0))
    signal = np.array([recording.read(channel.name) for channel in recording.channels])
    signal[3, 20_000:30_000] = 0.0
    found = scanned(grid_recording(signal, GridScene()))
    unusable = rest_of(found, emg_settings()).activity.unusable
    assert unusable.duration_s == pytest.approx(10_000 / 2048 + 0.5, abs=0.1)


def test_a_power_as_expected_is_half_a_deviation_at_most_from_none() -> None:
    rng = np.random.default_rng(1)
    assert np.abs(np.mean(deviations(rng.chisquare(40, 20_000) / 40, 40.0))) < 0.02
    assert np.std(deviations(rng.chisquare(40, 20_000) / 40, 40.0)) == pytest.approx(1.0, abs=0.02)


def test_a_summit_between_samples_is_where_the_parabola_has_it() -> None:
    x = np.arange(-3, 4)
    offset, value = summits(np.array([5 - 2 * (x - 0.3) ** 2], dtype=np.float32), 3)
    assert offset[0] == pytest.approx(0.3, abs=1e-5)
    assert value[0] == pytest.approx(5.0, abs=1e-4)


def test_patterns_are_learned_from_signals_and_not_from_noise() -> None:
    rng = np.random.default_rng(2)
    basis = SpatialBasis(32)
    assert basis.explain(rng.normal(size=(32, 60)).astype(np.float32)).shape == (0, 60)
    pattern = rng.normal(size=32) / np.sqrt(32)
    wave = 60 * np.sin(np.linspace(0, 6, 60))
    window = np.outer(pattern, wave) + rng.normal(size=(32, 60))
    parts = basis.explain(window.astype(np.float32))
    assert parts.shape == (1, 60)
    assert abs(np.corrcoef(parts[0], wave)[0, 1]) > 0.99
    assert basis.patterns @ basis.patterns.T == pytest.approx(np.eye(1), abs=1e-5)
