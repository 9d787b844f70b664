"""The potential has the size and duration it is given, no area, and its two pure shapes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import MotorUnitActionPotential
from twitchwise.simulate.motor_unit_action_potential import EDGE
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

potentials = st.builds(
    MotorUnitActionPotential,
    amplitude_v=st.floats(1e-6, 1e-3),
    duration_s=st.floats(0.003, 0.05),
    mixture_rad=st.floats(0.0, 2 * math.pi),
)


def finely(potential: MotorUnitActionPotential) -> tuple[FloatArray, FloatArray]:
    time_s = np.linspace(*potential.span_s, 20001)
    return time_s, potential.voltage_v(time_s)


@given(potentials)
def test_the_amplitude_is_peak_to_peak(potential: MotorUnitActionPotential) -> None:
    assert np.ptp(finely(potential)[1]) == pytest.approx(potential.amplitude_v, rel=1e-5)


@given(potentials)
def test_the_wave_leaves_the_baseline_at_the_discharge_and_returns_after_its_duration(
    potential: MotorUnitActionPotential,
) -> None:
    time_s, wave = finely(potential)
    visible = time_s[np.abs(wave) > EDGE * potential.amplitude_v]
    step = float(time_s[1] - time_s[0])
    assert visible[0] == pytest.approx(0.0, abs=2 * step)
    assert visible[-1] == pytest.approx(potential.duration_s, abs=2 * step)


@given(potentials)
def test_the_peak_is_the_largest_deflection(potential: MotorUnitActionPotential) -> None:
    _, wave = finely(potential)
    peak = abs(float(potential.voltage_v(np.array(potential.peak_time_s))))
    assert peak == pytest.approx(float(np.abs(wave).max()), rel=1e-5)
    assert 0 < potential.peak_time_s < potential.duration_s


@given(potentials)
def test_the_area_is_zero_and_nothing_lies_outside_the_span(potential: MotorUnitActionPotential) -> None:
    time_s, wave = finely(potential)
    area = float(wave.sum() * (time_s[1] - time_s[0]))
    assert area == pytest.approx(0.0, abs=1e-6 * potential.amplitude_v * potential.duration_s)
    assert np.abs(wave[[0, -1]]).max() < 1e-6 * potential.amplitude_v


@given(potentials)
def test_half_a_turn_of_the_mixture_turns_the_wave_upside_down(potential: MotorUnitActionPotential) -> None:
    turned = MotorUnitActionPotential(
        amplitude_v=potential.amplitude_v,
        duration_s=potential.duration_s,
        mixture_rad=potential.mixture_rad + math.pi,
    )
    time_s, wave = finely(potential)
    assert np.abs(turned.voltage_v(time_s) + wave).max() < 1e-6 * potential.amplitude_v


@pytest.mark.parametrize(("mixture_rad", "phases"), [(0.0, 2), (math.pi / 2, 3), (math.pi, 2), (3 * math.pi / 2, 3)])
def test_the_pure_shapes_have_two_and_three_phases(mixture_rad: float, phases: int) -> None:
    potential = MotorUnitActionPotential(amplitude_v=1.0, duration_s=0.01, mixture_rad=mixture_rad)
    _, wave = finely(potential)
    large = wave[np.abs(wave) > EDGE]
    assert np.count_nonzero(np.diff(np.sign(large))) + 1 == phases


@pytest.mark.parametrize(
    "change", [{"amplitude_v": 0.0}, {"duration_s": -0.01}, {"mixture_rad": math.nan}, {"amplitude_v": math.inf}]
)
def test_numbers_that_cannot_be_a_potential_are_refused(change: dict[str, float]) -> None:
    numbers = {"amplitude_v": 5e-5, "duration_s": 0.01, "mixture_rad": 0.0}
    with pytest.raises(OutOfRangeError, match="must"):
        MotorUnitActionPotential(**(numbers | change))
