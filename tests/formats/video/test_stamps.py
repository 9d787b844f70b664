import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats.video.stamps import Stamps, pictures_times


def stamps(values: list[int | None], **changes: object) -> Stamps:
    usual: dict[str, object] = {
        "seconds": 0.001,
        "declared_hz": 30.0,
        "captured_hz": None,
        "reorders": False,
        "is_gif": False,
    }
    return Stamps(values=tuple(values), **(usual | changes))  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60), st.booleans())
def test_times_always_rise_from_zero(steps: list[int], reorders: bool) -> None:  # noqa: FBT001 - drawn
    values: list[int | None] = [int(one) for one in np.cumsum(steps)]
    times = pictures_times(stamps(values, reorders=reorders), name="a.mp4", frame_rate_hz=None).times_s
    assert times.size == len(values)
    assert times[0] == 0
    assert (np.diff(times) > 0).all()


@given(st.lists(st.integers(1, 200), min_size=3, max_size=60), st.floats(1, 2000))
def test_a_given_rate_scales_all_times_alike(steps: list[int], rate_hz: float) -> None:
    given_stamps = stamps([int(one) for one in np.cumsum(steps)])
    usual = pictures_times(given_stamps, name="a.mp4", frame_rate_hz=None).times_s
    scaled = pictures_times(given_stamps, name="a.mp4", frame_rate_hz=rate_hz).times_s
    assert np.median(np.diff(scaled)) == pytest.approx(1 / rate_hz)
    np.testing.assert_allclose(scaled / scaled[-1], usual / usual[-1])


def test_repeated_stamps_are_spread_and_said() -> None:
    found = pictures_times(stamps([0, 40, 40, 80, 120]), name="a", frame_rate_hz=None)
    np.testing.assert_allclose(found.times_s, [0, 0.04, 0.06, 0.08, 0.12])
    assert "1 time stamps repeat" in found.warnings[0]
    assert found.picture_stamps is None


def test_stamps_that_run_back_are_not_used() -> None:
    found = pictures_times(stamps([0, 40, 20, 60]), name="a", frame_rate_hz=None)
    np.testing.assert_allclose(found.times_s, np.arange(4) / 30)
    assert "run back" in found.warnings[0]


def test_a_file_without_stamps_goes_by_its_declared_rate() -> None:
    found = pictures_times(stamps([None] * 4), name="a", frame_rate_hz=None)
    np.testing.assert_allclose(found.times_s, np.arange(4) / 30)
    assert "no time stamps" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "warned"),
    [
        ("hz32_fps250_x.mp4", "name 250"),
        ("clip 240fps.mov", "name 240"),
        ("clip-60 fps.mov", "name 60"),
        ("clip_25fps.mp4", ""),
        ("a60b.mp4", ""),
        ("32_fps25.mp4", ""),
    ],
)
def test_a_rate_in_the_name_is_compared(name: str, warned: str) -> None:
    found = pictures_times(stamps([40 * number for number in range(9)]), name=name, frame_rate_hz=None)
    assert (warned in found.warnings[0]) if warned else not found.warnings
