"""What is wrong with samples as read is found frame by frame and repaired."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.grid.raw_checks import check

LENGTH, RATE_HZ = 40, 2000.0


def rows(n_channels: int = 3, n_frames: int = 50, seed: int = 1) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return np.random.default_rng(seed).normal(size=(n_channels, n_frames * LENGTH)).astype(np.float32)


def test_good_samples_are_left_as_they_are() -> None:
    raw = rows()
    before = raw.copy()
    found = check(raw, LENGTH, RATE_HZ)
    assert np.array_equal(raw, before)
    assert found.usable(0.02).all()
    assert not found.spikes.any()


def test_missing_samples_are_bridged_and_their_surroundings_not_used() -> None:
    raw = rows()
    raw[1, 1000:1010] = np.nan
    found = check(raw, LENGTH, RATE_HZ)
    assert np.isfinite(raw).all()
    assert raw[1, 999] <= max(raw[1, 1005], raw[1, 1010]) or raw[1, 999] >= min(raw[1, 1005], raw[1, 1010])
    usable = found.usable(0.02)
    assert usable[[0, 2]].all()
    assert not usable[1, 13:38].any()
    assert usable[1, :12].all()
    assert usable[1, 39:].all()


def test_a_channel_of_nothing_but_missing_samples_is_silent() -> None:
    raw = rows()
    raw[0] = np.nan
    assert not check(raw, LENGTH, RATE_HZ).usable(0.02)[0].any()
    assert not raw[0].any()


def test_missing_samples_after_the_last_whole_frame_are_bridged_too() -> None:
    raw = np.concatenate([rows(), np.full((3, 7), np.nan, dtype=np.float32)], axis=1)
    check(raw, LENGTH, RATE_HZ)
    assert np.isfinite(raw).all()


@pytest.mark.parametrize(("frames", "flat"), [(3, 0), (6, 6)])
def test_a_repeated_value_is_flat_from_a_tenth_of_a_second_on(frames: int, flat: int) -> None:
    raw = rows()
    raw[2, 10 * LENGTH : (10 + frames) * LENGTH] = 0.5
    assert check(raw, LENGTH, RATE_HZ).flat.sum() == flat


@given(st.integers(0, 2), st.integers(60, 1900), st.sampled_from([-1.0, 1.0]))
def test_a_spike_of_one_sample_is_replaced_by_the_mean_of_its_neighbors(channel: int, at: int, sign: float) -> None:
    raw = rows()
    before = raw.copy()
    raw[channel, at] += sign * 200
    found = check(raw, LENGTH, RATE_HZ)
    assert found.spikes[channel, at // LENGTH]
    assert raw[channel, at] == pytest.approx((before[channel, at - 1] + before[channel, at + 1]) / 2)


def test_a_potential_is_no_spike() -> None:
    raw = rows()
    raw[0, 1000:1012] += 50 * np.sin(np.linspace(0, 2 * np.pi, 12))
    assert not check(raw, LENGTH, RATE_HZ).spikes.any()


def test_slow_channels_are_not_judged_for_spikes() -> None:
    raw = rows()
    raw[0, 1000] += 200
    assert not check(raw, LENGTH, 500.0).spikes.any()


def test_level_and_extremes_are_those_of_each_frame() -> None:
    raw = rows()
    framed = raw.reshape(3, 50, LENGTH).astype(np.float64)
    found = check(raw, LENGTH, RATE_HZ)
    assert np.array_equal(found.highest, framed.max(axis=2))
    assert np.allclose(found.level, (framed.max(axis=2) + framed.min(axis=2)) / 2)
