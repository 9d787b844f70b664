"""Skin that moved far is found again."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.measure.video.searching import REACH_PX, SMALLER, searched

FARTHEST = SMALLER * REACH_PX


def texture(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.asarray(cv2.GaussianBlur(rng.normal(size=(360, 480)).astype(np.float32), (0, 0), 2.5))


@settings(max_examples=30, deadline=None)
@given(st.integers(-FARTHEST + 2, FARTHEST - 2), st.integers(-FARTHEST + 2, FARTHEST - 2), st.integers(0, 50))
def test_a_shift_within_reach_is_found_to_a_pixel_of_the_smaller_picture(x: int, y: int, seed: int) -> None:
    whole = texture(seed)
    before = np.zeros((240, 320), np.float32)
    before[60:180, 80:240] = whole[120:240, 160:320]
    after = whole[60 - y : 300 - y, 80 - x : 400 - x]
    found = searched(before, np.ascontiguousarray(after), np.zeros(2))
    assert np.abs(found - (x, y)).max() <= SMALLER


def test_a_shift_beyond_reach_is_found_where_it_is_expected() -> None:
    whole = texture(7)
    before = np.zeros((240, 320), np.float32)
    before[80:160, 100:200] = whole[140:220, 180:280]
    after = np.ascontiguousarray(whole[60:300, 10:330])  # 70 pixels to the right
    assert np.abs(searched(before, after, np.array([66.0, 0.0])) - (70, 0)).max() <= SMALLER


@pytest.mark.parametrize("expected", [(0.0, 0.0), (400.0, -300.0)])
def test_no_texture_leaves_what_was_expected_and_none_in_reach_ends_well(expected: tuple[float, float]) -> None:
    nothing = np.zeros((240, 320), np.float32)
    assert searched(nothing, texture(1)[:240, :320], np.array(expected)) == pytest.approx(expected)
    there = nothing.copy()
    there[100:140, 100:140] = 1.0
    assert np.isfinite(searched(there, nothing, np.array(expected))).all()
