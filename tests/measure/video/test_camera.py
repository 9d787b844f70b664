import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.video.fields import field

from twitchwise.measure.video.camera import picture_motion

N = 30


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02), st.integers(0, 99))
@settings(max_examples=20)
def test_shift_turn_and_growth_are_told_although_a_part_moves_by_itself(
    x: float, y: float, turn: float, growth: float, seed: int
) -> None:
    moving = field(np.full(N, 3.0), share=0.2, seed=seed)
    place = moving.centers_px - moving.centers_px.mean(axis=0)
    moving.shift_px[:] += np.stack(
        [x + growth * place[:, 0] - turn * place[:, 1], y + turn * place[:, 0] + growth * place[:, 1]], axis=1
    ).astype(np.float32)
    found = picture_motion(moving)
    assert found is not None
    still = moving.centers_px[:, 0] > 100
    np.testing.assert_allclose(found.at(moving.centers_px)[:, still], moving.shift_px[:, still], atol=0.4)
    np.testing.assert_allclose(found.turn_rad, turn, atol=1e-3)
    np.testing.assert_allclose(found.growth, growth, atol=1e-3)


def test_without_growth_the_picture_keeps_its_size() -> None:
    found = picture_motion(field(np.zeros(N)), with_growth=False)
    assert found is not None
    assert not found.growth.any()


def test_blocks_that_were_not_seen_do_not_count() -> None:
    moving = field(np.zeros(N), camera_px=np.tile([[2.0, -1.0]], (N, 1)))
    moving.shift_px[:, ::3] = np.nan
    found = picture_motion(moving)
    assert found is not None
    np.testing.assert_allclose(found.shift_px, np.tile([[2.0, -1.0]], (N, 1)), atol=0.05)


def test_few_blocks_tell_no_camera() -> None:
    moving = field(np.zeros(N))
    moving.noise_px[8:] = np.inf
    assert picture_motion(moving) is None


@pytest.mark.parametrize("n", [1, 255, 300])
def test_films_of_any_length_are_told_whole(n: int) -> None:
    found = picture_motion(field(np.zeros(n)))
    assert found is not None
    assert found.shift_px.shape == (n, 2)
