import builtins
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from twitchwise.formats import read_video
from twitchwise.vocabulary import MissingExtraError, OutOfRangeError, UnreadableRecordingError

HEIGHT, WIDTH = 48, 64


def pictures(n_pictures: int) -> Iterator[np.ndarray]:
    for number in range(n_pictures):
        picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
        picture[:8, :16] = 220  # the upper left corner is bright
        picture[:, 8 + number % 40] = 130
        yield picture


def written(  # noqa: PLR0913 - one parameter a trait of a file
    path: Path,
    n_pictures: int = 20,
    *,
    stamps: list[int] | None = None,
    codec: str = "libx264",
    turned: int = 0,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write a film whose stamps are in milliseconds."""
    with av.open(path, "w", options={"movflags": "use_metadata_tags"} if path.suffix == ".mp4" else {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "rgb8" if codec == "gif" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.options = dict(options or {})
        if turned:
            stream.set_display_rotation(turned)
        for number, picture in enumerate(pictures(n_pictures)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = stamps[number] if stamps else 40 * number
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return written(tmp_path / "film.mp4")


def test_size_times_and_format_are_those_of_the_file(film: Path) -> None:
    video = read_video(film)
    assert (video.width, video.height, video.n_frames) == (WIDTH, HEIGHT, 20)
    assert video.format == "MP4 (h264)"
    np.testing.assert_allclose(video.times_s, np.arange(20) / 25)
    assert not video.warnings


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx"), ("a.mov", "mpeg4"), ("a.gif", "gif")],
)
def test_every_container_gives_each_picture_once(tmp_path: Path, name: str, codec: str) -> None:
    video = read_video(written(tmp_path / name, codec=codec))
    assert video.n_frames == 20
    shown = list(video.brightness())
    assert len(shown) == 20
    places = [int(np.argmax(np.abs(picture[20:, 5:].astype(int) - 40).mean(axis=0))) + 5 for picture in shown]
    assert np.abs(np.array(places) - (8 + np.arange(20))).max() <= 1


def test_any_stretch_holds_the_pictures_of_the_whole(tmp_path: Path) -> None:
    video = read_video(written(tmp_path / "a.mp4", 60, options={"g": "10", "bf": "3"}))
    whole = [picture.copy() for picture in video.brightness()]
    for start, stop in ((0, 5), (7, 12), (23, 24), (55, 60), (31, 31)):
        part = list(video.brightness(start, stop))
        assert len(part) == stop - start
        assert all(np.array_equal(one, whole[start + index]) for index, one in enumerate(part))


def test_color_and_brightness_agree(film: Path) -> None:
    video = read_video(film)
    gray, color = next(iter(video.brightness(3, 4))), next(iter(video.color(3, 4)))
    assert color.shape == (HEIGHT, WIDTH, 3)
    assert np.corrcoef(gray.ravel(), color.mean(axis=2).ravel())[0, 1] > 0.99


@pytest.mark.parametrize("turned", [90, 180, -90])
def test_pictures_are_turned_as_the_file_says(tmp_path: Path, turned: int) -> None:
    video = read_video(written(tmp_path / "a.mp4", turned=turned))
    picture = next(iter(video.brightness()))
    assert picture.shape == (video.height, video.width) == ((WIDTH, HEIGHT) if abs(turned) == 90 else (HEIGHT, WIDTH))
    corner = {90: picture[-16:, :8], 180: picture[-8:, -16:], -90: picture[:16, -8:]}[turned]
    assert corner.mean() > 150
    assert "turned" in video.notes[0]


def test_a_given_frame_rate_rescales_the_times(film: Path) -> None:
    video = read_video(film, frame_rate_hz=250)
    assert video.frame_rate_hz == pytest.approx(250)
    assert video.duration_s == pytest.approx(20 / 250)
    assert "as given" in video.notes[0]


def test_a_name_that_speaks_against_the_file_is_warned_of(tmp_path: Path) -> None:
    path = written(tmp_path / "tuning_hz32_fps250_50-1.mp4")
    assert "its name 250" in read_video(path).warnings[0]
    assert not read_video(path, frame_rate_hz=250).warnings
    assert not read_video(written(tmp_path / "calf_25fps.mp4")).warnings


def test_slow_motion_is_timed_as_the_camera_took_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", metadata={"com.android.capture.fps": "240.000000"})
    video = read_video(path)
    assert video.frame_rate_hz == pytest.approx(240)
    assert "slow motion" in video.warnings[0]


def test_uneven_stamps_are_used_and_warned_of(tmp_path: Path) -> None:
    stamps = list(np.cumsum([0, *[30, 60, 45, 25] * 6]))[:20]
    video = read_video(written(tmp_path / "a.mkv", stamps=[int(one) for one in stamps], options={"bf": "0"}))
    np.testing.assert_allclose(video.times_s, np.array(stamps) / 1000, atol=1e-6)
    assert any("varies" in warning for warning in video.warnings)


def test_missing_pictures_are_counted(tmp_path: Path) -> None:
    stamps = [40 * number for number in range(24) if number not in {6, 7, 15}][:20]
    video = read_video(written(tmp_path / "a.mkv", stamps=stamps, options={"bf": "0"}))
    assert "3 pictures are missing in 2 gaps" in video.warnings[0]


def test_stamps_that_are_rounded_are_taken_as_even(tmp_path: Path) -> None:
    stamps = [round(1000 * number / 60) for number in range(20)]
    video = read_video(written(tmp_path / "a.mkv", stamps=stamps, options={"bf": "0"}))
    assert video.frame_rate_hz == pytest.approx(60, rel=5e-3)
    assert np.ptp(np.diff(video.times_s)) < 1e-9
    assert "rounded" in video.notes[0]


def test_a_gif_says_that_its_times_are_coarse(tmp_path: Path) -> None:
    video = read_video(written(tmp_path / "a.gif", codec="gif"))
    assert video.frame_rate_hz == pytest.approx(25)
    assert "often slower than life" in video.notes[-1]


def test_one_picture_is_a_film_of_one_picture(tmp_path: Path) -> None:
    video = read_video(written(tmp_path / "a.mp4", 1))
    assert (video.n_frames, len(list(video.brightness()))) == (1, 1)


def test_a_film_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mkv", 80, options={"g": "8"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    video = read_video(path)
    assert 5 < video.n_frames < 80
    assert len(list(video.brightness())) == video.n_frames
    assert any("cut off" in warning for warning in video.warnings)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_film_without_its_index_is_refused_in_one_sentence(film: Path, share: float) -> None:
    film.write_bytes(film.read_bytes()[: int(share * film.stat().st_size)])
    with pytest.raises(UnreadableRecordingError, match=r"must be a whole film"):
        read_video(film)


@pytest.mark.parametrize("content", [b"", b"not a film at all", bytes(2000)])
def test_what_is_no_film_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableRecordingError) as refused:
        read_video(path)
    assert "\n" not in str(refused.value)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(UnreadableRecordingError, match="must hold pictures"):
        read_video(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="exists"):
        read_video(tmp_path / "none.mp4")


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_an_impossible_frame_rate_is_refused(film: Path, rate: float) -> None:
    with pytest.raises(OutOfRangeError, match="frame rate"):
        read_video(film, frame_rate_hz=rate)


def test_a_missing_package_is_named(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **named: object) -> object:
        if name == "av" or name.startswith("av."):
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "twitchwise.formats.video.container", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match="video"):
        read_video(film)


@pytest.mark.shared_data
def test_real_films_are_read(shared_data: Path) -> None:
    fork = read_video(shared_data / "video" / "tuning_hz32_fps250_50-1_640x420.mp4")
    assert (fork.width, fork.height, fork.n_frames) == (640, 420, 888)
    assert fork.frame_rate_hz == pytest.approx(50)
    assert "its name 250" in fork.warnings[0]
    gif = read_video(shared_data / "ultrasound" / "evoked_twitch_gastrocnemius.gif", frame_rate_hz=1500)
    assert (gif.width, gif.height, gif.n_frames) == (300, 167, 31)
    assert gif.duration_s == pytest.approx(31 / 1500)


def test_an_avi_is_read_in_order(tmp_path: Path) -> None:
    video = read_video(written(tmp_path / "a.avi", codec="mpeg4", options={"bf": "0"}))
    assert video.n_frames == len(list(video.brightness())) == 20
    assert len(list(video.brightness(5, 9))) == 4


@pytest.mark.parametrize(
    ("metadata", "start"),
    [
        ({"creation_time": "2026-03-01T10:20:30.000000Z"}, "2026-03-01T10:20:30+00:00"),
        ({"creation_time": "soon"}, None),
    ],
)
def test_the_begin_is_that_of_the_file(tmp_path: Path, metadata: dict[str, str], start: str | None) -> None:
    video = read_video(written(tmp_path / "a.mkv", metadata=metadata))
    assert (video.start.isoformat() if video.start else None) == start


def test_a_capture_rate_that_is_no_number_is_not_used(tmp_path: Path) -> None:
    video = read_video(written(tmp_path / "a.mp4", metadata={"com.android.capture.fps": "fast"}))
    assert video.frame_rate_hz == pytest.approx(25)
    assert not video.warnings


def test_a_picture_that_is_gone_is_said_where_it_is_asked_for(film: Path) -> None:
    video = read_video(film)
    written(film, 5)
    with pytest.raises(UnreadableRecordingError, match=r"damaged one, number 5|must be a whole film"):
        list(video.brightness())
