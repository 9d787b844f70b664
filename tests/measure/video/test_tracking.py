import cv2
import numpy as np
import pytest
from tests.measure.video.drawn import before, disk, film, moved, texture

from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.tracking import motion_field
from twitchwise.signals import Video
from twitchwise.vocabulary import OutOfRangeError, UnreadableRecordingError

SHAPE = (160, 240)


def inside(field: MotionField, margin_px: float = 24.0) -> np.ndarray:
    """Tell which blocks with texture lie well inside the picture."""
    x, y = field.centers_px.T
    within = (x > margin_px) & (x < SHAPE[1] - margin_px) & (y > margin_px) & (y < SHAPE[0] - margin_px)
    return np.asarray(within & np.isfinite(field.noise_px).all(axis=1))


@pytest.mark.parametrize("amplitude_px", [0.02, 0.1, 0.3])
def test_small_displacement_is_told_without_bias(amplitude_px: float) -> None:
    ground, wave = texture(SHAPE), amplitude_px * np.sin(2 * np.pi * np.arange(40) / 13)
    field = motion_field(film(lambda number: moved(ground, wave[number], -wave[number] / 2), 40))
    shift = np.median(field.shift_px[:, inside(field)], axis=1)
    truth = np.stack([wave, -wave / 2], axis=1)
    error = (shift - shift.mean(axis=0)) - (truth - truth.mean(axis=0))
    assert np.abs(error).max() < 0.012 + 0.1 * amplitude_px
    assert np.polyfit(truth[:, 0], shift[:, 0], 1)[0] == pytest.approx(1, abs=0.06)


def test_noise_of_a_block_is_what_its_displacement_scatters_by() -> None:
    ground = texture(SHAPE)
    field = motion_field(film(lambda _: ground, 60, noise_gray=3.0))
    chosen = inside(field)
    scatter = field.shift_px[:, chosen].std(axis=0)
    ratio = scatter / field.noise_px[chosen]
    assert 0.8 < np.median(ratio) < 1.2


@pytest.mark.parametrize("turn", [0.0, 0.01])
def test_a_camera_that_sways_by_many_pixels_is_followed(turn: float) -> None:
    ground, times = texture(SHAPE), np.arange(50) / 30
    x, y = 9 * np.sin(2 * np.pi * 0.9 * times), 6 * np.sin(2 * np.pi * 1.3 * times)
    angle = turn * np.sin(2 * np.pi * 0.7 * times)
    field = motion_field(film(lambda number: moved(ground, x[number], y[number], angle[number]), 50, rate_hz=30))
    chosen = inside(field)
    place = field.centers_px[chosen] - np.array([SHAPE[1] / 2, SHAPE[0] / 2])
    truth_x = x[:, np.newaxis] - np.sin(angle)[:, np.newaxis] * place[:, 1]
    error = field.shift_px[:, chosen, 0] - truth_x
    error -= np.nanmean(error, axis=0)
    assert np.nanquantile(np.abs(error), 0.95) < 0.3
    assert not field.joins


def test_a_thing_that_moves_far_is_followed_and_the_room_stays() -> None:
    room, thing, mask = texture(SHAPE), texture(SHAPE, 2) + 20, disk(SHAPE, 55)
    wave = 5 * np.sin(2 * np.pi * 4 * np.arange(60) / 60)
    field = motion_field(film(lambda number: before(room, thing, mask, wave[number]), 60))
    middle = np.hypot(*(field.centers_px - np.array([SHAPE[1] / 2, SHAPE[0] / 2])).T)
    moving = np.nanmedian(field.shift_px[:, inside(field) & (middle < 35), 0], axis=1)
    still = np.nanmedian(np.abs(field.shift_px[:, inside(field) & (middle > 75)]), axis=(1, 2))
    np.testing.assert_allclose(moving - moving.mean(), wave - wave.mean(), atol=0.15)
    assert still.max() < 0.1


def test_flicker_and_exposure_are_no_motion() -> None:
    ground = texture(SHAPE)
    light = 1 + 0.2 * np.sin(2 * np.pi * np.arange(40) / 6)
    field = motion_field(film(lambda number: ground * np.float32(light[number]), 40, noise_gray=0.5))
    assert np.nanstd(np.nanmedian(field.shift_px[:, inside(field)], axis=1)) < 0.005


def test_an_edge_tells_displacement_across_it_alone() -> None:
    edge = np.where(np.abs(np.arange(SHAPE[1]) - 126) < 60, 60.0, 180.0).astype(np.float32)
    ground = np.asarray(cv2.GaussianBlur(np.tile(edge, (SHAPE[0], 1)), (0, 0), 1.0), dtype=np.float32)
    wave = 0.3 * np.sin(2 * np.pi * np.arange(30) / 10)
    field = motion_field(film(lambda number: moved(ground, wave[number]), 30, noise_gray=0.5))
    told = np.isfinite(field.noise_px)
    assert told[:, 0].any()
    assert not told[:, 1].any()
    shift = np.nanmedian(field.shift_px[:, told[:, 0], 0], axis=1)
    np.testing.assert_allclose(shift - shift.mean(), wave - wave.mean(), atol=0.05)


def test_an_even_wall_tells_nothing() -> None:
    field = motion_field(film(lambda _: np.full(SHAPE, 120, np.float32), 12))
    assert not np.isfinite(field.least_noise_px).any()
    assert np.isnan(field.shift_px).all()


def test_after_a_cut_motion_is_followed_anew() -> None:
    scenes = texture(SHAPE), texture(SHAPE, 7)
    field = motion_field(film(lambda number: scenes[number >= 20], 40))
    assert len(field.joins) == 1
    assert 20 <= field.joins[0] <= 24
    assert np.isfinite(field.shift_px[-1]).mean() > 0.5


def test_wide_pictures_are_measured_in_their_own_pixels() -> None:
    ground = texture((240, 1200), finest=5.0)
    wave = np.sin(2 * np.pi * np.arange(12) / 6)
    field = motion_field(film(lambda number: moved(ground, wave[number]), 12))
    shift = np.nanmedian(field.shift_px[:, :, 0], axis=1)
    np.testing.assert_allclose(shift - shift.mean(), wave - wave.mean(), atol=0.05)
    assert field.centers_px[:, 0].max() > 1000


def test_progress_ends_at_one() -> None:
    ground, told = texture(SHAPE), list[float]()
    motion_field(film(lambda _: ground, 20), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_one_picture_shows_no_motion() -> None:
    with pytest.raises(UnreadableRecordingError, match="two pictures"):
        motion_field(film(lambda _: texture(SHAPE), 1))


@pytest.mark.parametrize("shape", [(6, 9), (20, 13), (40, 300)])
def test_tiny_pictures_are_no_trouble(shape: tuple[int, int]) -> None:
    ground = texture(shape)
    field = motion_field(film(lambda number: moved(ground, 0.1 * number), 5))
    assert field.shift_px.shape[1] == field.rows * field.columns


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="must fit"):
        MotionField(
            times_s=np.arange(3.0),
            rows=1,
            columns=2,
            centers_px=np.zeros((2, 2)),
            block_px=8.0,
            shift_px=np.zeros((3, 1, 2), np.float32),
            noise_px=np.ones((2, 2)),
        )


def test_the_film_is_read_twice_at_most_at_its_beginning() -> None:
    video, asked = film(lambda _: texture(SHAPE), 30), list[tuple[int, int]]()

    class Watched:
        def brightness(self, start: int, stop: int) -> object:
            asked.append((start, stop))
            return video.source.brightness(start, stop)

    motion_field(
        Video(name="x", format="x", width=240, height=160, times_s=video.times_s, source=Watched())  # type: ignore[arg-type]
    )
    assert asked == [(0, 8), (0, 30)]
