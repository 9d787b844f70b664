"""What a twitch on the skin is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.film.bulges import CURVE_HZ, Bulge, SkinCourse, bulges_of, train_curve, twitch_curve
from twitchwise.vocabulary import OutOfRangeError

TIMES = st.floats(0.02, 0.2)


def a_bulge(**changes: object) -> Bulge:
    given_: dict[str, object] = {
        "start_s": 1.0,
        "curve": twitch_curve(0.05, 0.06),
        "place_px": (50.0, 40.0),
        "width_px": 10.0,
        "size_px": 0.5,
    }
    return Bulge(**(given_ | changes))  # type: ignore[arg-type]


@given(contraction_s=TIMES, relaxation_s=TIMES)
def test_a_twitch_peaks_after_its_contraction_time_and_is_half_after_the_relaxation_time(
    contraction_s: float, relaxation_s: float
) -> None:
    curve = twitch_curve(contraction_s, relaxation_s)
    assert abs(int(curve.argmax()) / CURVE_HZ - contraction_s) <= 0.0011
    assert curve[round((contraction_s + relaxation_s) * CURVE_HZ)] == pytest.approx(0.5, abs=0.03)
    assert curve[0] == 0
    assert curve.max() == pytest.approx(1)


def test_several_twitches_last_longer_than_one() -> None:
    one = twitch_curve(0.04, 0.05)
    many = train_curve(one, np.array([0.0, 0.03, 0.06]))
    assert many.size == one.size + 60
    assert (many > 0.5).sum() > (one > 0.5).sum()


@given(
    drawn=st.floats(0, 1),
    direction=st.floats(0, 6.3),
    size=st.floats(0.1, 3),
    width=st.floats(4, 15),
)
def test_no_point_moves_farther_than_the_size_and_one_moves_as_far(
    drawn: float, direction: float, size: float, width: float
) -> None:
    bulge = a_bulge(drawn=drawn, direction_rad=direction, size_px=size, width_px=width)
    y, x = np.mgrid[-20:100, -10:110].astype(np.float64)
    far = np.hypot(*bulge.shift_px(x, y))
    assert far.max() <= size * 1.001
    assert far.max() >= size * 0.97


def test_a_twitch_begins_peaks_and_ends_where_its_course_says() -> None:
    start_s, peak_s, end_s = a_bulge().times_s
    assert 1.0 < start_s < peak_s < end_s
    assert peak_s == pytest.approx(1.05, abs=0.0011)
    assert a_bulge().height(start_s) == pytest.approx(0.1, abs=0.04)
    assert a_bulge().height(0.5) == a_bulge().height(3.0) == 0


@pytest.mark.parametrize("changes", [{"size_px": 0.0}, {"width_px": -1.0}, {"drawn": 2.0}, {"curve": np.zeros(5)}])
def test_what_cannot_be_seen_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        a_bulge(**changes)


def test_skin_that_bulges_is_seen_at_the_scale_of_the_picture() -> None:
    displacement_m = np.concatenate([np.zeros(500), 1e-4 * twitch_curve(0.05, 0.06), np.zeros(500)])
    course = SkinCourse(
        displacement_m=displacement_m,
        sampling_rate_hz=1000.0,
        spans_s=((0.4, 1.0), (0.0, 0.2)),
        places_px=((10.0, 10.0), (5.0, 5.0)),
        width_px=8.0,
    )
    (seen,) = bulges_of(course, 1e-4, 1.0)
    assert seen.size_px == pytest.approx(1.0, rel=0.01)
    assert seen.times_s[1] == pytest.approx(0.55, abs=0.002)


@given(st.floats(1e-5, 1e-1), st.floats(1e-3, 1e-1))
def test_no_skin_is_seen_to_move_farther_than_it_can_and_little_movement_is_as_it_was(
    rise_m: float, most_m: float
) -> None:
    course = SkinCourse(
        displacement_m=rise_m * twitch_curve(0.05, 0.06),
        sampling_rate_hz=CURVE_HZ,
        spans_s=((0.0, 0.4),),
        places_px=((50.0, 40.0),),
        width_px=9.0,
    )
    (free,), (bounded,) = bulges_of(course, 1e-4, 1.0), bulges_of(course, 1e-4, 1.0, most_m)
    assert bounded.size_px <= min(free.size_px, most_m / 1e-4) * (1 + 1e-9)
    if rise_m < 0.1 * most_m:
        assert bounded.size_px == pytest.approx(free.size_px, rel=0.01)


def test_a_limit_below_nothing_is_refused() -> None:
    course = SkinCourse(displacement_m=np.ones(9), sampling_rate_hz=CURVE_HZ, spans_s=(), places_px=(), width_px=9.0)
    with pytest.raises(OutOfRangeError, match="most_m"):
        bulges_of(course, 1e-4, 1.0, 0.0)
