"""Soft skin under a camera in the hand is tracked to a few hundredths of a pixel."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from twitchwise.measure import measure_video
from twitchwise.measure.video.twitches import find_twitches, skin_field
from twitchwise.measure.video.twitches.evenly import made_even
from twitchwise.measure.video.twitches.whole_picture import taken_out
from twitchwise.simulate.film import (
    Camera,
    FilmScene,
    Light,
    LimbMotion,
    Region,
    Shake,
    SkinLook,
    render,
    varied_scene,
)
from twitchwise.simulate.film.bulges import Bulge, twitch_curve
from twitchwise.vocabulary import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twitchwise.signals.video import Picture

pytestmark = pytest.mark.no_cover
CAMERA = Camera(width=320, height=240, noise=0.004, readout_s=0.0, relief=0.0, shake_scale=0.5)
SKIN = SkinLook(contrast=2.0, grain_px=3.0)


def test_what_the_camera_does_is_followed_and_a_twitch_is_found_in_it() -> None:
    twitch = Bulge(start_s=3.0, curve=twitch_curve(0.06, 0.08), place_px=(160.0, 120.0), width_px=15.0, size_px=0.6)
    scene = FilmScene(region=Region.CHEEK, duration_s=6.5, bulges=(twitch,), skin=SKIN, camera=CAMERA, seed=4)
    film = render(scene)
    told: list[float] = []
    field = skin_field(film.video, told.append)
    found = find_twitches(field)
    assert told[-1] == 1.0
    assert np.nanmax(np.abs(field.shift_px)) > 0.5
    assert found.events.peak_s == pytest.approx(film.truth.peak_s, abs=1 / 30)
    assert np.abs(found.events.place - film.truth.place).max() < 20


def test_a_still_film_stays_still_and_blocks_cover_the_picture() -> None:
    still = Camera(width=240, height=160, noise=0.004, shake=Shake.TRIPOD, shake_scale=0.0)
    field = skin_field(render(FilmScene(duration_s=1.0, skin=SKIN, camera=still)).video, lambda _: None)
    assert np.nanmax(np.abs(field.shift_px)) < 0.5
    assert np.nanmedian(np.abs(field.shift_px)) < 0.03
    assert field.rows * field.block_px <= 160
    assert np.isfinite(field.noise_px).mean() > 0.9


def test_flicker_of_the_lamp_is_no_movement() -> None:
    still = Camera(width=240, height=160, noise=0.004, shake=Shake.TRIPOD, shake_scale=0.0, exposure_s=0.002)
    light = Light(flicker_depth=0.3)
    field = skin_field(render(FilmScene(duration_s=1.0, skin=SKIN, camera=still, light=light)).video, lambda _: None)
    assert np.nanmedian(np.abs(field.shift_px)) < 0.05


def test_a_wide_film_is_tracked_smaller_and_told_in_its_own_pixels() -> None:
    scene = varied_scene(1, n_twitches=0, duration_s=0.2, size=(1280, 320))
    field = skin_field(render(scene).video, lambda _: None)
    assert field.centers_px[:, 0].max() > 1200
    assert field.block_px >= 40


def test_another_scene_begins_a_new_reference() -> None:
    first, second = (render(FilmScene(duration_s=0.5, skin=SKIN, camera=CAMERA, seed=seed)).video for seed in (1, 2))

    class Joined:
        """Two films, one after the other."""

        def brightness(self, start: int, stop: int) -> "Iterator[Picture]":
            pictures = [*first.brightness(), *second.brightness()]
            return iter(pictures[start:stop])

    times_s = np.arange(first.n_frames + second.n_frames) / 30
    joined = type(first)(name="joined", format="", width=320, height=240, times_s=times_s, source=Joined())  # type: ignore[arg-type]
    field = skin_field(joined, lambda _: None)
    assert np.isnan(field.shift_px[first.n_frames]).all()
    assert not np.isnan(field.shift_px[-1]).all()
    # that the scene is another says nothing of how far it moved
    assert np.nanmax(np.abs(field.shift_px)) < 15


def test_a_shaking_camera_leaves_no_more_error_than_one_on_a_stand() -> None:
    """A kernel that shifts a ramp by part of a pixel shows as error of blocks only when the camera moves."""
    errors_px = []
    for shake in (Shake.TRIPOD, Shake.HANDHELD):
        camera = replace(CAMERA, shake=shake, shake_scale=1.0)
        limb = LimbMotion(breathing_px=0.0)
        scene = FilmScene(region=Region.CALF, duration_s=3.0, skin=SKIN, camera=camera, limb=limb, seed=5)
        left_px = taken_out(made_even(skin_field(render(scene).video, lambda _: None))).left_px
        steps_px = np.diff(left_px[:, np.abs(left_px).sum(axis=(0, 2)) > 0], axis=0)
        errors_px.append(float(np.median(np.abs(steps_px))))
    assert errors_px[1] < 1.5 * errors_px[0] + 0.003
    assert errors_px[1] < 0.02


def test_a_twitch_of_a_hand_that_shakes_before_a_room_is_found_alone() -> None:
    """The outline of a limb moves over the room behind it, which gave a twitch at every other shake."""
    twitch = Bulge(start_s=3.0, curve=twitch_curve(0.06, 0.08), place_px=(165.0, 125.0), width_px=15.0, size_px=1.0)
    limb, camera = LimbMotion(tremor_hz=5.0, tremor_px=10.0), replace(CAMERA, exposure_s=0.004)
    scene = FilmScene(region=Region.HAND, duration_s=6.5, bulges=(twitch,), skin=SKIN, camera=camera, limb=limb, seed=4)
    film = render(scene)
    shown = measure_video(film.video)
    (train,) = shown.result.events
    assert shown.view is View.LIMB
    assert train.peak_s == pytest.approx(film.truth.peak_s, abs=1 / 30)
    assert {one.id: one.value for one in shown.result.measurements}["tremor_frequency"] == pytest.approx(5, abs=0.1)
    assert any("color of skin" in warning for warning in shown.result.warnings)
