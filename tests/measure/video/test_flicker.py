"""A lamp's flicker is told from a thing that moves: it is in all of the picture alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.flicker import flicker_hz

RATE_HZ, N = 30.3, 300
ALIAS_HZ = round(abs(360 - 12 * RATE_HZ), 6)  # what 360 Hz, three times the rate of lamps on 60 Hz, looks like: 3.6 Hz


def field(brightness: np.ndarray) -> MotionField:
    return MotionField(
        times_s=np.arange(N) / RATE_HZ,
        rows=1,
        columns=1,
        centers_px=np.zeros((1, 2)),
        block_px=8.0,
        shift_px=np.zeros((N, 1, 2), np.float32),
        noise_px=np.ones((1, 2)),
        brightness=brightness,
    )


def strips(depths: list[float], level: float = 120.0) -> np.ndarray:
    noise = np.random.default_rng(1).normal(scale=0.02, size=(N, len(depths)))
    wave = np.sin(2 * np.pi * ALIAS_HZ * np.arange(N)[:, np.newaxis] / RATE_HZ + np.arange(len(depths)))
    return np.asarray(level * (1 + wave * depths) + noise)


@given(st.floats(0.005, 0.2))
def test_light_that_dims_everywhere_flickers(depth: float) -> None:
    assert ALIAS_HZ in np.round(flicker_hz(field(strips([depth] * 4)), RATE_HZ), 6)


@given(st.floats(0.005, 0.2))
def test_a_hand_that_moves_at_such_a_rate_in_part_of_the_picture_is_no_lamp(depth: float) -> None:
    assert flicker_hz(field(strips([0.0, depth, depth, 0.0])), RATE_HZ) == ()


def test_an_overexposed_strip_hides_no_lamp() -> None:
    brightness = strips([0.02] * 4)
    brightness[:, 0] = 255.0
    assert flicker_hz(field(brightness), RATE_HZ)
