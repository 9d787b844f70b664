"""A film tells when its pictures were taken, and gives those that are asked for."""

from collections.abc import Iterator

import numpy as np
import pytest

from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray


class Numbered:
    """Pictures whose brightness is their number."""

    def brightness(self, start: int, stop: int) -> Iterator[Picture]:
        return (np.full((2, 3), number, dtype=np.uint8) for number in range(start, stop))

    def color(self, start: int, stop: int) -> Iterator[Picture]:
        return (np.full((2, 3, 3), number, dtype=np.uint8) for number in range(start, stop))


def film(times_s: FloatArray) -> Video:
    return Video(name="lid.mp4", format="MP4", width=3, height=2, times_s=times_s, source=Numbered())


def test_rate_is_that_of_most_pictures_and_the_last_one_lasts_as_long() -> None:
    shown = film(np.array([0.0, 0.1, 0.2, 0.5, 0.6]))
    assert (shown.n_frames, round(shown.frame_rate_hz, 9), round(shown.duration_s, 9)) == (5, 10.0, 0.7)


def test_one_picture_is_a_film_of_a_second() -> None:
    assert (film(np.zeros(1)).frame_rate_hz, film(np.zeros(1)).duration_s) == (1.0, 1.0)


def test_pictures_are_given_from_and_to_where_they_are_asked_for() -> None:
    shown = film(np.arange(6) / 30)
    assert [int(one[0, 0]) for one in shown.brightness(2, 4)] == [2, 3]
    assert [int(one[0, 0, 0]) for one in shown.color(4)] == [4, 5]
    with pytest.raises(OutOfRangeError, match=r"pictures must lie in 0 \.\. 6"):
        shown.brightness(3, 7)


def test_times_are_copied_and_cannot_be_written() -> None:
    times = np.arange(3) / 30
    shown = film(times)
    times[1] = 9.0
    assert shown.times_s[1] == pytest.approx(1 / 30)
    with pytest.raises(ValueError, match="read-only"):
        shown.times_s[0] = 1.0


@pytest.mark.parametrize("times", [[], [0.1, 0.2], [0.0, 0.2, 0.2], [0.0, 0.2, 0.1], [0.0, np.nan], [0.0, np.inf]])
def test_times_that_do_not_rise_from_zero_are_refused(times: list[float]) -> None:
    with pytest.raises(OutOfRangeError, match="must rise from 0"):
        film(np.array(times))


@pytest.mark.parametrize(("width", "height"), [(0, 2), (3, -1)])
def test_a_picture_has_a_size(width: int, height: int) -> None:
    with pytest.raises(OutOfRangeError, match="above 0"):
        Video(name="x", format="x", width=width, height=height, times_s=np.zeros(1), source=Numbered())
