"""Rendered films show what their truth says."""

from dataclasses import replace

import numpy as np
import pytest

from twitchwise.simulate.film import (
    Bulge,
    Camera,
    Film,
    FilmScene,
    Light,
    LimbMotion,
    Region,
    Shake,
    render,
    varied_scene,
)
from twitchwise.simulate.film.bulges import twitch_curve
from twitchwise.simulate.film.rendering import _Studio
from twitchwise.vocabulary import OutOfRangeError

cv2 = pytest.importorskip("cv2")
pytestmark = pytest.mark.no_cover

STILL = Camera(width=160, height=120, shake=Shake.TRIPOD, shake_scale=0.0, noise=0.0, adapts=0.0, relief=0.0)
EVEN = Light(flicker_depth=0.0, shading=0.0)


def a_twitch(size_px: float = 1.5) -> Bulge:
    return Bulge(
        start_s=0.4,
        curve=twitch_curve(0.06, 0.08),
        place_px=(80.0, 60.0),
        width_px=14.0,
        size_px=size_px,
        direction_rad=0.0,
    )


def brightness(film: Film) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(list(film.video.brightness()), dtype=np.float64)


def shift_at(film: Film, frame: int, place: tuple[int, int], reach: int = 8) -> float:
    """Return the shift in x at a place against the first picture, by phase correlation."""
    pictures = brightness(film)
    x, y = place
    window = (slice(y - reach, y + reach), slice(x - reach, x + reach))
    (shift, _), _ = cv2.phaseCorrelate(pictures[0][window].copy(), pictures[frame][window].copy())
    return float(shift)


def test_a_still_scene_does_not_change() -> None:
    film = render(FilmScene(duration_s=0.2, camera=STILL, light=EVEN))
    pictures = brightness(film)
    assert np.abs(pictures - pictures[0]).max() == 0
    assert pictures.std() > 2


def test_the_same_scene_gives_the_same_film_and_another_seed_another() -> None:
    scene = varied_scene(3, n_twitches=1, duration_s=2.5, size=(160, 120))
    first = next(iter(render(scene).video.color(5, 6)))
    assert (first == next(iter(render(scene).video.color(5, 6)))).all()
    assert (first != next(iter(render(replace(scene, seed=4)).video.color(5, 6)))).any()


def test_skin_moves_by_the_size_of_the_twitch_at_its_peak_and_is_back_afterwards() -> None:
    film = render(FilmScene(region=Region.CALF, duration_s=1.5, bulges=(a_twitch(),), camera=STILL, light=EVEN))
    peak = round(float(film.truth.peak_s[0]) * 30)
    assert shift_at(film, peak, (80, 60)) == pytest.approx(1.4, abs=0.3)
    assert shift_at(film, film.video.n_frames - 1, (80, 60)) == pytest.approx(0, abs=0.1)


def test_far_from_the_twitch_nothing_moves() -> None:
    film = render(FilmScene(duration_s=0.6, bulges=(a_twitch(),), camera=STILL, light=EVEN))
    pictures = brightness(film)
    assert np.abs(pictures[-2][:, :20] - pictures[0][:, :20]).max() <= 1


def test_a_hand_that_holds_the_camera_moves_the_picture_more_than_a_tripod() -> None:
    moved = []
    for shake in Shake:
        camera = replace(STILL, shake=shake, shake_scale=1.0)
        pictures = brightness(render(FilmScene(duration_s=1.0, camera=camera, light=EVEN)))
        moved.append(np.abs(pictures[-1] - pictures[0]).mean())
    assert moved[0] < moved[1] / 3


def test_lamps_flicker_in_bands_that_a_rolling_shutter_draws() -> None:
    camera = replace(STILL, exposure_s=0.001, readout_s=0.03)
    film = render(FilmScene(duration_s=0.1, camera=camera, light=Light(flicker_depth=0.4, shading=0.0)))
    even = render(FilmScene(duration_s=0.1, camera=camera, light=EVEN))
    rows = brightness(film)[0].mean(axis=1) / brightness(even)[0].mean(axis=1)
    assert rows.max() / rows.min() > 1.1


def test_a_hand_that_trembles_moves_against_what_is_behind_it() -> None:
    limb = LimbMotion(tremor_hz=5.0, tremor_px=3.0)
    film = render(FilmScene(region=Region.HAND, duration_s=0.5, camera=STILL, light=EVEN, limb=limb))
    pictures = brightness(film)
    changed = np.abs(pictures[2] - pictures[0])
    assert changed[45:75, 60:100].mean() > 3 * changed[:8, :8].mean()


def test_times_may_be_uneven_and_pictures_be_dropped() -> None:
    camera = replace(STILL, varies=True)
    times_s = render(FilmScene(duration_s=20.0, camera=camera)).video.times_s
    assert times_s.size < 600
    assert np.diff(times_s).std() > 0.001
    assert (np.diff(times_s) > 0).all()


@pytest.mark.parametrize("region", list(Region))
def test_every_region_has_texture(region: Region) -> None:
    picture = next(
        iter(render(varied_scene(1, n_twitches=0, duration_s=1, size=(160, 120), region=region)).video.color(0, 1))
    )
    assert picture.shape == (120, 160, 3)
    assert picture.astype(float).std() > 3


def test_scenes_differ_in_everything_and_keep_twitches_apart() -> None:
    scenes = [varied_scene(seed, n_twitches=5, duration_s=10.0) for seed in range(8)]
    assert len({scene.camera for scene in scenes}) == len({scene.light for scene in scenes}) == 8
    for scene in scenes:
        starts = np.array([bulge.start_s for bulge in scene.bulges])
        assert (np.diff(starts) >= 0.69).all()
        assert all(0.3 <= bulge.size_px <= 2.0 for bulge in scene.bulges)


def test_a_film_too_short_for_its_twitches_has_fewer() -> None:
    assert len(varied_scene(0, n_twitches=20, duration_s=5.0).bulges) < 6


@pytest.mark.parametrize(
    "changes",
    [{"width": 8}, {"frame_rate_hz": 0.0}, {"exposure_s": 1.0}, {"noise": -1.0}],
)
def test_cameras_that_cannot_be_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        replace(STILL, **changes)  # type: ignore[arg-type]


def test_a_twitch_beyond_the_picture_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="x of a twitch"):
        FilmScene(bulges=(replace(a_twitch(), place_px=(5000.0, 1.0)),))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4, 0.75])
def test_values_between_pixels_keep_a_ramp(share: float) -> None:
    """OpenCV's cubic interpolation would shift it by up to 0.047 pixels of the canvas."""
    studio = _Studio(FilmScene(camera=STILL, light=EVEN, duration_s=1.0))
    side = np.arange(400, dtype=np.float32)
    canvas = np.repeat(np.tile(side, (400, 1))[..., np.newaxis], 3, axis=2)
    y, x = np.mgrid[:40, :40].astype(np.float32)
    taken = studio._taken(canvas, x + np.float32(share / 2), y)
    assert taken[..., 0] - studio._taken(canvas, x, y)[..., 0] == pytest.approx(share, abs=0.02)


def test_skin_that_moves_as_long_as_in_a_cramp_is_seen_and_is_no_twitch_of_the_truth() -> None:
    held = np.concatenate([np.linspace(0, 1, 300), np.ones(1500), np.linspace(1, 0, 300)])
    scene = FilmScene(
        duration_s=4.0, bulges=(replace(a_twitch(), start_s=0.5), replace(a_twitch(), start_s=1.2, curve=held))
    )
    assert render(scene).truth.start_s == pytest.approx([0.5], abs=0.1)
