from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.video.fields import field, sine, walk

from twitchwise.measure.video.camera import picture_motion
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.periodic import PeriodicMovement, find_periodic
from twitchwise.measure.video.series import block_series, pieces
from twitchwise.measure.video.settings import video_settings

RATE = 60.0
N = 600


def found_in(moving: MotionField, rate_hz: float = RATE, *, camera: bool = False) -> PeriodicMovement:
    motion = picture_motion(moving, with_growth=False) if camera else None
    found = find_periodic(block_series(moving, motion, rate_hz), video_settings())
    assert found is not None
    return found


@given(frequency_hz=st.floats(1.5, 28.0), phase=st.floats(0, 6), amplitude_px=st.floats(0.02, 5))
@settings(max_examples=15)
def test_a_sine_is_told_with_its_frequency_and_size(frequency_hz: float, phase: float, amplitude_px: float) -> None:
    line = found_in(field(sine(frequency_hz, amplitude_px, N, RATE, phase))).line
    if abs(frequency_hz - RATE / 3) < 0.5 or abs(frequency_hz - RATE / 4) < 0.5:
        return  # an encoder's rates ask for more
    assert line is not None
    assert line.frequency_hz == pytest.approx(frequency_hz, abs=0.03)
    assert line.amplitude_px == pytest.approx(amplitude_px, rel=0.15, abs=0.012)


def test_the_interval_holds_the_truth_in_most_films() -> None:
    hits = 0
    for seed in range(40):
        truth = 3 + 0.37 * (seed % 20)
        line = found_in(field(sine(truth, 0.05, 300, RATE, seed), seed=seed)).line
        assert line is not None
        hits += line.frequency_low_hz <= truth <= line.frequency_high_hz
    assert hits >= 35


def test_a_tremor_that_wanders_is_told_by_its_mean() -> None:
    errors, hits = list[float](), 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drift = np.convolve(rng.normal(size=N), np.exp(-np.arange(240) / 60), "same") / 5.5
        rate = 5.5 * (1 + 0.03 * drift)
        wave = np.sin(2 * np.pi * np.cumsum(rate) / RATE)
        line = found_in(field(wave, seed=seed)).line
        assert line is not None
        errors.append(line.frequency_hz - float(rate.mean()))
        hits += line.frequency_low_hz <= rate.mean() <= line.frequency_high_hz
    assert np.sqrt(np.mean(np.square(errors))) < 0.1
    assert hits >= 17


def test_noise_gives_no_movement() -> None:
    lines = [found_in(field(np.zeros(300), seed=seed)).line for seed in range(40)]
    assert sum(line is not None for line in lines) <= 1


def test_drift_alone_gives_no_movement() -> None:
    for seed in range(15):
        drift = walk(N, RATE, 1.0, seed)[:, 0]
        assert found_in(field(drift, seed=seed)).line is None


@pytest.mark.parametrize("rate_hz", [500.0, 1000.0])
def test_a_fork_is_told_although_its_stand_drifts(rate_hz: float) -> None:
    n = 880
    wave = sine(128, 0.057, n, rate_hz) + sine(3, 0.3, n, rate_hz) + walk(n, rate_hz, 0.3, 3)[:, 0]
    line = found_in(field(wave, rate_hz=rate_hz, noise_px=0.05), rate_hz).line
    assert line is not None
    assert line.frequency_hz == pytest.approx(128, abs=0.3)


def test_the_fundamental_is_given_where_a_multiple_is_stronger() -> None:
    wave = sine(4, 0.6, N, RATE) + sine(8, 1.0, N, RATE, 1.0)
    line = found_in(field(wave)).line
    assert line is not None
    assert line.frequency_hz == pytest.approx(4, abs=0.05)


def test_motion_of_the_camera_is_taken_out() -> None:
    camera = walk(N, RATE, 2.0, 4) + np.stack([sine(9, 0.5, N, RATE), sine(9, 0.3, N, RATE, 2)], axis=1)
    line = found_in(field(sine(5, 0.3, N, RATE), camera_px=camera), camera=True).line
    assert line is not None
    assert line.frequency_hz == pytest.approx(5, abs=0.05)


def test_rates_of_lamps_are_left_out() -> None:
    moving = field(sine(10, 0.2, N, RATE))
    found = find_periodic(block_series(moving, None, RATE), video_settings(), (10.0,))
    assert found is not None
    assert found.line is None


def test_what_an_encoder_leaves_is_no_movement() -> None:
    moving = field(sine(RATE / 3, 0.012, N, RATE), share=1.0)
    line = found_in(moving).line
    assert line is None or abs(line.frequency_hz - RATE / 3) > 0.5


def test_only_blocks_that_move_have_a_size_and_the_trace_follows_them() -> None:
    wave = sine(6, 0.5, N, RATE)
    moving = field(wave)
    line = found_in(moving).line
    assert line is not None
    still = moving.centers_px[:, 0] > 100
    assert line.block_amplitude_px[still].max() < 0.05
    assert abs(np.corrcoef(line.trace_px, wave)[0, 1]) > 0.95


def test_uneven_times_are_made_even() -> None:
    times = np.sort(np.arange(N) / RATE + np.random.default_rng(1).uniform(-0.004, 0.004, N))
    times -= times[0]
    even = field(np.zeros(N))
    shift = even.shift_px.copy()
    shift[:, even.centers_px[:, 0] < 100, 0] += np.sin(2 * np.pi * 4 * times)[:, np.newaxis].astype(np.float32)
    moving = MotionField(
        times_s=times,
        rows=10,
        columns=16,
        centers_px=even.centers_px,
        block_px=20,
        shift_px=shift,
        noise_px=even.noise_px,
    )
    line = found_in(moving).line
    assert line is not None
    assert line.frequency_hz == pytest.approx(4, abs=0.03)


def test_blocks_that_are_lost_for_a_while_still_count() -> None:
    moving = field(sine(5, 0.5, N, RATE))
    moving.shift_px[100:150, :30] = np.nan
    line = found_in(moving).line
    assert line is not None
    assert line.frequency_hz == pytest.approx(5, abs=0.03)


def test_too_short_a_film_is_not_enough_to_answer() -> None:
    assert find_periodic(block_series(field(np.zeros(10)), None, RATE), video_settings()) is None


def test_no_texture_is_not_enough_to_answer() -> None:
    nothing = field(np.zeros(100), noise_px=1.0)
    assert find_periodic(block_series(nothing, None, RATE), video_settings()) is None


def test_what_would_have_been_seen_is_seen() -> None:
    limit = found_in(field(np.zeros(N), seed=5)).unseen_px
    seen = [found_in(field(sine(7.3, 1.5 * limit, N, RATE, seed), share=0.12, seed=seed)).line for seed in range(8)]
    assert all(line is not None for line in seen)


@given(st.integers(1, 500), st.integers(1, 200))
def test_pieces_cover_all_and_overlap_by_half(n_samples: int, piece: int) -> None:
    spans = list(pieces(n_samples, piece))
    assert (spans[0][0], spans[-1][1]) == (0, n_samples)
    assert all(later[0] - earlier[0] <= max(piece / 2, 1) + 1 for earlier, later in pairwise(spans))
