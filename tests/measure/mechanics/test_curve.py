"""The fitted curve begins at its onset, has one peak, and its landmarks lie where the curve says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.mechanics.curve import Curve, curve_at, landmarks_of

curves = st.builds(
    Curve,
    onset_s=st.floats(0.0, 0.05),
    rise_s=st.floats(0.004, 0.2),
    rise_power=st.floats(0.8, 3.0),
    fall_s=st.floats(0.03, 0.4),
    fall_power=st.just(2.9),
)


@given(curve=curves)
def test_landmarks_lie_on_the_curve(curve: Curve) -> None:
    marks = landmarks_of(curve)
    time_s = np.linspace(0.0, curve.onset_s + 2 * curve.fall_s, 20_001)
    value = curve_at(curve, time_s)
    assert marks.top == pytest.approx(value.max(), rel=1e-3)
    assert curve_at(curve, np.array([marks.peak_s]))[0] == pytest.approx(value.max(), rel=1e-3)
    assert curve_at(curve, np.array([marks.half_s]))[0] == pytest.approx(value.max() / 2, rel=5e-3)
    assert curve_at(curve, np.array([marks.first_s]))[0] == pytest.approx(value.max() / 100, rel=0.02)
    assert curve.onset_s <= marks.first_s < marks.peak_s < marks.half_s


@given(curve=curves, shift_s=st.floats(0.0, 0.1))
def test_a_later_onset_moves_everything_alike(curve: Curve, shift_s: float) -> None:
    here, later = landmarks_of(curve), landmarks_of(curve._replace(onset_s=curve.onset_s + shift_s))
    assert later.first_s - here.first_s == pytest.approx(shift_s, abs=1e-9)
    assert later.contraction_time_s == pytest.approx(here.contraction_time_s, abs=1e-9)
    assert later.half_relaxation_time_s == pytest.approx(here.half_relaxation_time_s, abs=1e-9)


@given(curve=curves)
def test_there_is_one_peak_and_nothing_before_the_onset(curve: Curve) -> None:
    value = curve_at(curve, np.linspace(-0.1, curve.onset_s + 3 * curve.fall_s, 4001))
    assert (curve_at(curve, np.linspace(-0.1, curve.onset_s, 50)) == 0).all()
    turns = np.diff(np.sign(np.diff(value[value > 1e-9])))
    assert np.count_nonzero(turns) <= 1
