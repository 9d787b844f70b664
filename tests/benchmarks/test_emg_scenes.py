"""Scenes hold what their truth says, at the size that they name, in noise like that which it was taken from."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.accuracy.emg import intervals, needle, nothing, robustness, semi_real
from benchmarks.accuracy.emg.grid_recording import GridRecording, crossfaded, grid_recording, likeness
from benchmarks.accuracy.emg.scenes import Samples, Truth, add_shapes, channels_of, one_channel, random_times
from scipy import signal

from twitchwise.signals import Intervals

RATE_HZ = 2048.0
N_CHANNELS, N_UNITS = 6, 3


def shape_of(unit: int, n_samples: int = 41) -> Samples:
    at = np.arange(n_samples) - n_samples // 2
    wave = (1 - (at / 5) ** 2) * np.exp(-((at / 5) ** 2) / 2)
    return np.outer(np.exp(-np.abs(np.arange(N_CHANNELS) - 2 * unit) / 2), (-1) ** unit * wave).astype(np.float32)


@pytest.fixture(scope="module")
def grid() -> GridRecording:
    """Return a made-up recording whose shapes and noise are known."""
    rng = np.random.default_rng(1)
    n_samples = round(30 * RATE_HZ)
    mixing = np.eye(N_CHANNELS) + 0.5
    white = rng.normal(scale=4e-6, size=(N_CHANNELS, n_samples))
    samples: Samples = (mixing @ signal.lfilter([1], [1, -0.6], white)).astype(np.float32)
    trains = []
    for unit in range(N_UNITS):
        times = 3 + np.cumsum(rng.normal(0.12, 0.02, 200))
        times = times[times < 28]
        trains.append(times)
        at = np.rint(times * RATE_HZ).astype(np.int64)
        add_shapes(samples, np.float32(1e-4 * (unit + 1)) * shape_of(unit), 20, at, np.ones(at.size))
    channels = channels_of([f"c{n}" for n in range(N_CHANNELS)], n_samples, RATE_HZ)
    return GridRecording(samples_v=samples, channels=channels, discharges_s=tuple(trains))


def test_shapes_are_taken_apart_from_what_discharges_with_them(grid: GridRecording) -> None:
    for unit, shape in enumerate(grid.shapes_v):
        true = 1e-4 * (unit + 1) * shape_of(unit)
        middle = shape.shape[1] // 2
        assert shape[:, middle - 15 : middle + 16] == pytest.approx(true[:, 5:36], abs=8e-6 * (unit + 1))


def test_made_noise_has_the_spectrum_and_the_correlations_of_the_real_one(grid: GridRecording) -> None:
    noise = grid.noise_v(60.0, np.random.default_rng(2))
    real = np.concatenate(grid.quiet_v, axis=1)
    assert noise.shape == (N_CHANNELS, round(60 * RATE_HZ))
    assert noise.std(axis=1) == pytest.approx(real.std(axis=1), rel=0.1)
    assert np.corrcoef(noise) == pytest.approx(np.corrcoef(real), abs=0.1)
    spectra = [signal.welch(x, RATE_HZ, nperseg=128)[1].mean(axis=0)[1:] for x in (real, noise)]
    assert np.abs(np.log(spectra[1] / spectra[0])).mean() < 0.1
    assert not np.allclose(noise, grid.noise_v(60.0, np.random.default_rng(3)))


def test_likeness_tells_real_from_made(grid: GridRecording) -> None:
    rows = {row[0]: row[1:] for row in likeness(grid, 10.0)}
    real, made = map(float, rows["RMS, middle channel (uV)"])
    assert made == pytest.approx(real, rel=0.1)


def test_a_shortened_contraction_keeps_its_rise_and_fall(grid: GridRecording) -> None:
    whole, (start, stop) = grid.contraction_v(1.5)
    assert np.array_equal(whole[:, :1000], grid.samples_v[:, :1000])
    assert np.array_equal(whole[:, -1000:], grid.samples_v[:, -1000:])
    assert 0 < start < stop < whole.shape[1] / RATE_HZ < 10


def test_fading_over_keeps_the_power() -> None:
    rng = np.random.default_rng(1)
    head, tail = rng.standard_normal((2, 200, 500)).astype(np.float32)
    joined = crossfaded(head, tail, 100)
    assert joined.shape == (200, 900)
    assert joined.std(axis=0).mean() == pytest.approx(1.0, abs=0.02)
    assert joined[:, 400:500].std() == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("montage", ["all", "monopolar", "bipolar"])
def test_a_semi_real_scene_has_the_sizes_that_it_names(grid: GridRecording, montage: str) -> None:
    plan = semi_real.Plan(name="x", peaks_v=(1e-3, 1e-3), montage=montage, duration_s=60.0, rate_per_min=30.0)
    scene = semi_real.made(plan, grid)
    assert scene.samples_v.shape[0] == (N_CHANNELS if montage == "all" else 1)
    quiet = semi_real.made(replace(plan, peaks_v=(1e-12, 1e-12)), grid)
    assert np.median(quiet.samples_v.std(axis=1)) == pytest.approx(semi_real.NOISE_V, rel=0.2)
    at = np.rint(scene.truth.peak_s * RATE_HZ).astype(np.int64)
    assert len(scene.truth) > 10
    # a few coincide with another
    assert np.median(np.abs(scene.samples_v[:, at]).max(axis=0)) == pytest.approx(1e-3, rel=0.05)
    assert {channel.n_samples for channel in scene.channels} == {scene.samples_v.shape[1]}


def test_doublets_are_one_event_and_pairs_are_two(grid: GridRecording) -> None:
    plan = semi_real.Plan(name="x", peaks_v=(1e-4, 1e-4), duration_s=120.0, rate_per_min=60.0)
    truth = semi_real.made(plan, grid).truth
    assert 0 < (~truth.is_single).mean() < 0.25
    paired = semi_real.made(replace(plan, paired_share=1.0), grid).truth
    near = np.diff(paired.peak_s) < 0.016
    assert near.mean() > 0.4
    assert (paired.unit[1:][near] != paired.unit[:-1][near]).mean() > 0.9


def test_nothing_in_a_contraction_must_be_found(grid: GridRecording) -> None:
    plan = semi_real.Plan(name="x", peaks_v=(1e-4, 1e-4), duration_s=60.0, rate_per_min=60.0, bursts=2)
    scene = semi_real.made(plan, grid)
    assert len(scene.truth.active.spans) == 2
    for start, stop in scene.truth.active.spans:
        inside = (scene.truth.peak_s > start) & (scene.truth.peak_s < stop)
        assert not scene.truth.counted[inside].any()
        first, last = round(start * RATE_HZ), round(stop * RATE_HZ)
        assert scene.samples_v[:, first:last].std() > 2 * scene.samples_v[:, : first - 1000].std()


def test_random_times_keep_rate_and_dead_time() -> None:
    times = random_times(np.random.default_rng(1), 30.0, 36_000.0, dead_time_s=0.5)
    assert np.diff(times).min() >= 0.5
    assert times.size == pytest.approx(18_000, rel=0.03)


def test_rest_is_what_activity_and_its_margin_leave() -> None:
    truth = Truth.at(np.array([1.0]), active=Intervals.union([(0.2, 2.0), (9.8, 10.0)]))
    scene = one_channel("x", np.zeros(1000), 100.0, truth)
    assert scene.rest_s == pytest.approx(10 - 2.5 - 0.7)
    assert not truth.counted.any()


@pytest.mark.parametrize("name", nothing.MADE)
def test_disturbances_are_made_alike_and_hold_no_event(name: str) -> None:
    one, same, other = (nothing.MADE[name](120_000, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert np.isfinite(one).all()
    if name != "white noise":
        assert np.abs(one).max() > 5 * 3e-6


def test_a_needles_potential_is_read_off_in_spite_of_overlaps() -> None:
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.uniform(0.06, 0.12, 200)) + 0.1
    other = times[::3] + 0.003
    clean = np.zeros(round((times[-1] + 1) * needle.RATE_HZ))
    clean[np.rint(times * needle.RATE_HZ).astype(int) + 12] += 1e-3
    clean[np.rint(other * needle.RATE_HZ).astype(int)] += 5e-3
    shape = needle.averages_v(clean, {7: times})[7]
    assert np.abs(shape).argmax() - round(needle.AVERAGED_S[0] * needle.RATE_HZ) == 12


def test_choices_change_the_samples_and_not_the_truth() -> None:
    rng = np.random.default_rng(1)
    scene = one_channel("x", rng.normal(scale=1e-5, size=8192), 2048.0, Truth.at(np.array([1.0])))
    usual = robustness.prepared(scene, robustness.USUAL)
    for choice in robustness.CHOICES[1:]:
        ready = robustness.prepared(scene, choice)
        assert ready.truth is scene.truth
        assert ready.duration_s == pytest.approx(4.0, abs=0.01)
        assert not np.array_equal(ready.samples_v, usual.samples_v), choice.name
    coarse = robustness.prepared(scene, replace(robustness.USUAL, bits=8))
    assert np.unique(coarse.samples_v).size <= 5


def test_deviations_are_from_the_median_and_a_missing_rate_is_far() -> None:
    assert robustness.deviations(np.array([10.0, 11.0, 9.0])) == pytest.approx([0, 0.1, 0.1])
    assert np.isinf(robustness.deviations(np.array([10.0, np.nan, 10.0]))[1])
    assert np.isnan(robustness.deviations(np.zeros(3))).all()


@pytest.mark.parametrize("kind", intervals.KINDS)
def test_trains_have_the_rate_that_their_interval_must_hold(kind: str) -> None:
    rng = np.random.default_rng(1)
    times, unit = intervals.train(kind, 20.0, 6000.0, rng)
    starts = 1 + np.sum(np.diff(np.sort(times)) > 0.12)  # discharges of one fasciculation lie within
    assert starts / (6000 / 60) == pytest.approx(20.0, rel=0.1)
    assert unit.size == times.size


def test_a_share_has_its_exact_interval() -> None:
    assert intervals.share_interval(19, 20) == pytest.approx((0.7513, 0.9987), abs=1e-4)
    assert intervals.share_interval(0, 10)[0] == 0
    assert intervals.share_interval(10, 10)[1] == 1


@pytest.mark.shared_data
def test_the_real_grid_recording_gives_shapes_and_noise() -> None:
    grid = grid_recording()
    if grid is None:
        pytest.skip("the real grid recording is not beside the checkout")
    assert grid.n_units == 5
    assert 50e-6 < np.abs(grid.shapes_v).max() < 1e-3
    real = np.concatenate(grid.quiet_v, axis=1)
    made = grid.noise_v(20.0, np.random.default_rng(1))
    assert np.median(made.std(axis=1)) == pytest.approx(np.median(real.std(axis=1)), rel=0.1)
    assert np.abs(np.corrcoef(made) - np.corrcoef(real)).mean() < 0.05
