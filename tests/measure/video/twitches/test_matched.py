"""A matched filter answers its own course most, and no other way than its noise allows."""

import numpy as np
import pytest

from twitchwise.measure.video.twitches.matched import Course, MatchedFilter, pooled_spectrum

RATE = 60.0
COURSE = Course(contraction_s=0.05, half_relaxation_s=0.06)
FLAT = (np.array([0.0, RATE / 2]), np.array([1.0, 1.0]))


def test_a_course_peaks_after_its_contraction_time_and_is_half_later() -> None:
    assert COURSE.at(np.array([0.0, 0.05, 0.11])) == pytest.approx([0.0, 1.0, 0.5], abs=0.01)


def test_the_score_is_greatest_at_the_peak() -> None:
    time_s = np.arange(600) / RATE
    series = COURSE.at(time_s - 4.0)[:, np.newaxis].astype(np.float32)
    one = MatchedFilter(COURSE, RATE, FLAT, 600)
    scores = one.scores(series)
    assert int(scores[:, 0].argmax()) == round(4.05 * RATE)
    assert scores.max() == pytest.approx(one.gain, rel=0.05)


def test_white_noise_keeps_its_spread() -> None:
    noise = np.random.default_rng(0).normal(0, 0.2, (3000, 20)).astype(np.float32)
    assert MatchedFilter(COURSE, RATE, FLAT, 3000).scores(noise).std() == pytest.approx(0.2, rel=0.1)


def test_the_spectrum_of_the_noise_is_found_whatever_its_size_and_hardly_moved_by_a_few_blocks() -> None:
    chance = np.random.default_rng(2)
    white = chance.normal(0, 1, (1200, 30, 2)).astype(np.float32)
    white[:, :3] += 20 * np.sin(2 * np.pi * 5 * np.arange(1200) / RATE)[:, np.newaxis, np.newaxis]
    _, power = pooled_spectrum(white, np.ones((30, 2)), RATE)
    assert power[3:-3].max() < 1.8
    assert power[3:-3].min() > 0.5


def test_slow_noise_is_filtered_out() -> None:
    chance = np.random.default_rng(3)
    slow = np.cumsum(chance.normal(0, 0.05, (1200, 20, 2)), axis=0) + chance.normal(0, 0.05, (1200, 20, 2))
    spectrum = pooled_spectrum(slow.astype(np.float32), np.ones((20, 2)), RATE)
    flat, whitened = (
        MatchedFilter(COURSE, RATE, one, 1200).scores(slow.reshape(1200, -1).astype(np.float32))
        for one in (FLAT, spectrum)
    )
    ratio = [MatchedFilter(COURSE, RATE, one, 1200).gain for one in (FLAT, spectrum)] / np.array(
        [flat.std(), whitened.std()]
    )
    assert ratio[1] > 2 * ratio[0]
