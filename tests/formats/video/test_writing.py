"""Films are written whole, with their own times, and clips of events in slow motion."""

from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_video
from twitchwise.formats.video.clips import write_twitch_clip
from twitchwise.formats.video.writing import write_video
from twitchwise.signals import Video
from twitchwise.simulate.film import Camera, Film, FilmScene, Light, Shake, SkinLook, render
from twitchwise.simulate.film.bulges import Bulge, twitch_curve
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

cv2 = pytest.importorskip("cv2")
pytest.importorskip("av")
pytestmark = pytest.mark.no_cover


@pytest.fixture(scope="module")
def film() -> Film:
    """A still camera, a twitch of one pixel."""
    camera = Camera(width=160, height=120, shake=Shake.TRIPOD, shake_scale=0.0, noise=0.002, varies=True)
    twitch = Bulge(start_s=0.5, curve=twitch_curve(0.08, 0.1), place_px=(80.0, 60.0), width_px=15.0, size_px=1.0)
    skin = SkinLook(contrast=2.5, grain_px=3.0)
    light = Light(flicker_depth=0.0, shading=0.0)
    return render(FilmScene(duration_s=1.2, bulges=(twitch,), camera=camera, skin=skin, light=light))


def test_what_is_written_is_read_with_its_times_and_pictures(film: Film, tmp_path: Path) -> None:
    told: list[float] = []
    write_video(film.video, tmp_path / "a.mp4", rate_factor=8.0, progress=told.append)
    read = read_video(tmp_path / "a.mp4")
    assert told[-1] == 1.0
    assert read.times_s == pytest.approx(film.video.times_s, abs=1e-4)
    first, again = (next(iter(one.color(3, 4))).astype(float) for one in (film.video, read))
    assert np.abs(first - again).mean() < 6
    assert [one.name for one in tmp_path.iterdir()] == ["a.mp4"]


def test_fewer_bits_make_a_smaller_file(film: Film, tmp_path: Path) -> None:
    sizes = []
    for bits in (30_000.0, 600_000.0):
        write_video(film.video, tmp_path / "a.mp4", bits_per_s=bits)
        sizes.append((tmp_path / "a.mp4").stat().st_size)
    assert sizes[0] < sizes[1]


def test_odd_pictures_lose_a_line(tmp_path: Path) -> None:
    odd = render(FilmScene(duration_s=0.1, camera=Camera(width=65, height=49)))
    write_video(odd.video, tmp_path / "a.mp4")
    read = read_video(tmp_path / "a.mp4")
    assert (read.width, read.height) == (64, 48)


@pytest.mark.parametrize(
    ("name", "rate_factor", "error"),
    [("a.avi", 18.0, OutOfRangeError), ("a.mp4", 99.0, OutOfRangeError), ("none/a.mp4", 18.0, UnwritableFileError)],
)
def test_what_cannot_be_written_is_refused(
    film: Film, tmp_path: Path, name: str, rate_factor: float, error: type[Exception]
) -> None:
    with pytest.raises(error):
        write_video(film.video, tmp_path / name, rate_factor=rate_factor)
    assert list(tmp_path.iterdir()) == []


def moved(video: Video, first: int, second: int) -> float:
    pictures = [one.astype(np.float64)[40:80, 60:100] for one in video.brightness()]
    return float(cv2.phaseCorrelate(pictures[first].copy(), pictures[second].copy())[0][0])


def test_a_clip_is_slower_and_moves_farther(film: Film, tmp_path: Path) -> None:
    (event,) = film.truth
    write_twitch_clip(film.video, event, tmp_path / "a.mp4", slow=8.0, magnify=8.0)
    write_twitch_clip(film.video, event, tmp_path / "b.mp4", slow=4.0, magnify=1.0)
    clip, plain = read_video(tmp_path / "a.mp4"), read_video(tmp_path / "b.mp4")
    assert clip.duration_s == pytest.approx(2 * plain.duration_s, rel=0.05)
    peak = int(np.argmin(np.abs(clip.times_s / 8 - (event.peak_s - max(event.start_s - 0.25, 0.0)))))
    assert abs(moved(clip, 0, peak)) > 2 * abs(moved(plain, 0, peak))


def test_without_a_place_the_whole_picture_is_magnified(film: Film, tmp_path: Path) -> None:
    (event,) = film.truth
    write_twitch_clip(
        film.video,
        type(event)(**{**{k: getattr(event, k) for k in event.__slots__}, "place": None}),
        tmp_path / "a.mp4",
    )
    assert read_video(tmp_path / "a.mp4").n_frames > 10


def test_clips_that_cannot_be_are_refused(film: Film, tmp_path: Path) -> None:
    (event,) = film.truth
    with pytest.raises(OutOfRangeError, match="magnify"):
        write_twitch_clip(film.video, event, tmp_path / "a.mp4", magnify=0.5)
    with pytest.raises(OutOfRangeError, match="slow"):
        write_twitch_clip(film.video, event, tmp_path / "a.mp4", slow=0.0)
    late = type(event)(kind=event.kind, channel="x", start_s=90.0, peak_s=91.0, end_s=92.0, peak=1.0)
    with pytest.raises(OutOfRangeError, match="event must lie in the film"):
        write_twitch_clip(film.video, late, tmp_path / "a.mp4")
