import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.vocabulary import OutOfRangeError

POTENTIAL = FiberActionPotential(amplitude_v=0.096, length_m=0.001, conductivity_s_per_m=1.0)


def test_the_depolarization_peaks_three_lengths_behind_the_front_at_129_mv() -> None:
    behind = np.linspace(-0.005, 0.02, 25001)
    depolarization = POTENTIAL.depolarization_v(behind)
    assert behind[depolarization.argmax()] == pytest.approx(0.003)
    assert depolarization.max() == pytest.approx(0.129, abs=5e-4)


def test_before_the_front_nothing_happens() -> None:
    assert not POTENTIAL.depolarization_v(np.array([-1.0, -1e-6])).any()
    assert not POTENTIAL.slope_v_per_m(np.array([-1.0, -1e-6])).any()


def test_the_slope_is_the_derivative() -> None:
    behind = np.linspace(0.0, 0.02, 20001)
    derivative = np.gradient(POTENTIAL.depolarization_v(behind), behind, edge_order=2)
    assert POTENTIAL.slope_v_per_m(behind) == pytest.approx(derivative, abs=0.01)


def test_behind_the_tail_next_to_nothing_is_left() -> None:
    slope = POTENTIAL.slope_v_per_m(np.linspace(0, 0.1, 10001))
    assert abs(POTENTIAL.slope_v_per_m(np.array(POTENTIAL.tail_m))) < 1e-4 * slope.max()


@given(st.floats(1.0, 8.0), st.floats(0.0, 8000.0))
def test_the_spectrum_is_the_fourier_transform_of_the_passing_slope(velocity: float, frequency: float) -> None:
    time = (np.arange(40000, dtype=np.float64) + 0.5) * 1e-6
    wave = POTENTIAL.slope_v_per_m(velocity * time)
    turn = 2 * np.pi * frequency
    transformed = (wave * np.exp(-1j * turn * time)).sum() * 1e-6
    scale = np.abs(wave).sum() * 1e-6
    assert POTENTIAL.spectrum(np.array(turn), velocity) == pytest.approx(transformed, abs=1e-3 * scale)


@given(st.floats(1.0, 8.0), st.floats(1.0, 3000.0))
def test_the_derivative_by_velocity_is_one(velocity: float, frequency: float) -> None:
    turn = np.array(2 * np.pi * frequency)
    step = 1e-5
    difference = POTENTIAL.spectrum(turn, velocity + step) - POTENTIAL.spectrum(turn, velocity - step)
    expected = difference / (2 * step)
    assert POTENTIAL.spectrum_by_velocity(turn, velocity) == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_strength_is_conductivity_times_cross_section() -> None:
    assert POTENTIAL.strength_a_m2_per_v(np.array(2e-4)) == pytest.approx(np.pi * 1e-8)


@pytest.mark.parametrize("name", ["amplitude_v", "length_m", "conductivity_s_per_m"])
def test_a_number_of_0_is_refused(name: str) -> None:
    numbers = {"amplitude_v": 0.1, "length_m": 0.001, "conductivity_s_per_m": 1.0}
    with pytest.raises(OutOfRangeError, match=f"{name} must be a finite number above 0"):
        FiberActionPotential(**(numbers | {name: 0.0}))
