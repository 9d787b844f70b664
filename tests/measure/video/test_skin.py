"""Skin is told by its color, in patches, and a limb that moves before a room is told from one that does not."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.limb import limb_in, moves_by_itself
from twitchwise.measure.video.skin import patches_of_skin, skin_of
from twitchwise.signals import Picture, Video

# From the palest to the darkest, and a tongue.
TONES = [(240, 205, 180), (224, 172, 140), (190, 130, 100), (141, 85, 60), (92, 56, 40), (190, 95, 105)]
ROOM = (140, 145, 160)
RATE_HZ = 30.0


def picture(tone: tuple[int, int, int], where: npt.NDArray[np.bool_]) -> Picture:
    shown = np.full((*where.shape, 3), ROOM, np.uint8)
    shown[where] = tone
    return shown


def disk(radius_px: float) -> npt.NDArray[np.bool_]:
    y, x = np.mgrid[:120, :160]
    return np.asarray(np.hypot(y - 60, x - 80) < radius_px)


@pytest.mark.parametrize("tone", TONES)
def test_skin_of_any_tone_is_told_from_a_gray_room(tone: tuple[int, int, int]) -> None:
    where = disk(40)
    assert (skin_of(picture(tone, where)) == where).all()


@given(st.integers(45, 255))
def test_gray_things_are_no_skin(gray: int) -> None:
    assert not skin_of(np.full((4, 4, 3), gray, np.uint8)).any()


def test_hair_shine_and_holes_in_a_patch_are_of_the_patch_and_small_things_are_none() -> None:
    where = disk(40)
    holed = where.copy()
    holed[50:70, 75:90] = False  # a plaster
    holed[40:42] = False  # a band of shine
    holed[2:8, 2:8] = True  # a thing of the color of skin
    found = patches_of_skin(picture(TONES[1], holed))
    assert (found[where]).mean() > 0.99
    assert not found[~disk(44)].any()


class Still:
    """A picture of a disk of skin before a room."""

    def __init__(self, where: npt.NDArray[np.bool_]) -> None:
        self._where = where

    def color(self, start: int, stop: int) -> "list[Picture]":
        return [picture(TONES[1], self._where) for _ in range(start, stop)]


def filmed(beside_px: npt.NDArray[np.float64], radius_px: float = 45) -> tuple[Video, MotionField]:
    """Return a film, and a field in which everything sways, and skin moves beside it."""
    rng, edge = np.random.default_rng(3), 8.0
    y, x = (one.ravel() * edge + edge / 2 - 0.5 for one in np.mgrid[:15, :20])
    times_s = np.arange(beside_px.size) / RATE_HZ
    sway = 5 * np.sin(2 * np.pi * 0.7 * times_s)[:, np.newaxis] * (1 + 0.001 * x)
    shift = np.stack([sway, 0.3 * sway], axis=2)
    shift[..., 0] += beside_px[:, np.newaxis] * (np.hypot(y - 60, x - 80) < radius_px)
    field = MotionField(
        times_s=times_s,
        rows=15,
        columns=20,
        centers_px=np.stack([x, y], axis=1),
        block_px=edge,
        shift_px=(shift + rng.normal(scale=0.05, size=shift.shape)).astype(np.float32),
        noise_px=np.full((300, 2), 0.05),
    )
    still = Still(disk(radius_px))

    class Source:
        def color(self, start: int, stop: int) -> object:
            return iter(still.color(start, stop))

        def brightness(self, start: int, stop: int) -> object:
            return (one[..., 1] for one in still.color(start, stop))

    video = Video(name="x", format="x", width=160, height=120, times_s=times_s, source=Source())  # type: ignore[arg-type]
    return video, field


def is_moving(video: Video, field: MotionField) -> bool:
    return moves_by_itself(limb_in(video, field), field)


def times(n: int = 240) -> npt.NDArray[np.float64]:
    return np.arange(n) / RATE_HZ


@pytest.mark.parametrize("size_px", [0.3, 2.0, 20.0])
def test_a_limb_that_shakes_before_the_room_moves_by_itself(size_px: float) -> None:
    assert is_moving(*filmed(size_px * np.sin(2 * np.pi * 5 * times())))


@pytest.mark.parametrize("breath_px", [0.0, 2.0])
def test_a_limb_that_sways_and_breathes_with_the_picture_does_not(breath_px: float) -> None:
    assert not is_moving(*filmed(breath_px * np.sin(2 * np.pi * 0.25 * times())))


def test_a_limb_may_move_where_nothing_behind_it_tells() -> None:
    video, field = filmed(np.zeros(60))
    skin = np.hypot(*(field.centers_px - (80, 60)).T) < 45
    even = replace(field, noise_px=np.where(skin[:, np.newaxis], field.noise_px, np.inf), least_noise_px=np.empty(0))
    assert is_moving(video, even)
