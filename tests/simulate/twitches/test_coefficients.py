"""A healthy unit twitches as it was drawn; what a condition does to calcium and cross-bridges shows in its twitch."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate.twitches import coefficients_of
from twitchwise.simulate.twitches.calibration import (
    FIRST_FORCE,
    Mechanism,
    Timing,
    _at_the_tendon,
    mechanism_of,
    resting,
    timing_of,
    twitch_timing,
)
from twitchwise.simulate.twitches.mechanism import stepped
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary import OutOfRangeError

ParametersOf = Callable[..., dict[str, float]]
MUSCLES = (None, *sorted(library().muscles))


def drawn(parameters: dict[str, float], n_units: int = 30, seed: int = 0) -> MotorUnits:
    return draw_units(parameters, n_units, np.random.default_rng(seed))


def timing(parameters: dict[str, float], duration_s: float = 0.5, step_s: float = 1e-3) -> Timing:
    return twitch_timing(coefficients_of(drawn(parameters), parameters), duration_s, step_s)


def ratios(changed: Timing, healthy: Timing) -> Timing:
    return Timing(*(np.asarray(np.median(now / before)) for now, before in zip(changed, healthy, strict=True)))


@pytest.mark.parametrize("muscle", MUSCLES)
def test_a_healthy_twitch_has_its_drawn_numbers_within_2_percent(
    parameters_of: ParametersOf, muscle: str | None
) -> None:
    parameters = parameters_of(muscle)
    units = drawn(parameters, 60)
    coefficients = coefficients_of(units, parameters)
    got = twitch_timing(coefficients, 0.45)
    np.testing.assert_allclose(got.contraction_time_s, units.contraction_time_s, rtol=0.02)
    np.testing.assert_allclose(got.half_relaxation_time_s, units.half_relaxation_time_s, rtol=0.02)
    usual = (units.contraction_time_s > 0.035) & (units.contraction_time_s < 0.085)  # others come as near as they can
    np.testing.assert_allclose(got.latent_period_s[usual], units.latent_period_s[usual], rtol=0.02)
    np.testing.assert_allclose(got.peak_share, units.twitch_tetanus_ratio, rtol=0.02)
    np.testing.assert_allclose(got.peak_share * np.asarray(coefficients.tetanic_n), units.peak_force_n, rtol=0.02)


@settings(max_examples=6)
@given(
    contraction_s=st.floats(0.035, 0.15),
    relaxation=st.floats(1.0, 2.5),
    ratio=st.floats(0.15, 0.4),
)
def test_any_usual_twitch_can_be_had(
    parameters_of: ParametersOf, contraction_s: float, relaxation: float, ratio: float
) -> None:
    parameters = parameters_of()
    units = replace(
        drawn(parameters, 1),
        contraction_time_s=np.array([contraction_s]),
        half_relaxation_time_s=np.array([contraction_s * relaxation]),
        twitch_tetanus_ratio=np.array([ratio]),
    )
    got = twitch_timing(coefficients_of(units, parameters), 1.2)
    assert got.contraction_time_s == pytest.approx(units.contraction_time_s, rel=0.02)
    assert got.half_relaxation_time_s == pytest.approx(units.half_relaxation_time_s, rel=0.02)
    assert got.peak_share == pytest.approx(units.twitch_tetanus_ratio, rel=0.02)


def test_a_twitch_that_the_model_cannot_be_is_refused(parameters_of: ParametersOf) -> None:
    parameters = parameters_of()
    units = replace(drawn(parameters, 1), half_relaxation_time_s=np.array([0.01]))
    with pytest.raises(OutOfRangeError, match="must go together in one twitch"):
        coefficients_of(units, parameters)


def test_a_finer_step_gives_the_same_twitch(parameters_of: ParametersOf) -> None:
    coarse, fine = (timing(parameters_of(), step_s=step_s) for step_s in (1e-3, 2e-4))
    for name, tolerance in (("peak_share", 0.003), ("contraction_time_s", 0.01), ("half_relaxation_time_s", 0.01)):
        np.testing.assert_allclose(getattr(coarse, name), getattr(fine, name), rtol=tolerance, err_msg=name)


def test_lags_taken_at_once_are_lags_taken_one_by_one(parameters_of: ParametersOf) -> None:
    parameters = parameters_of()
    coefficients = coefficients_of(drawn(parameters, 3), parameters)
    state, bridges, tendon = resting(coefficients), [], []
    for index in range(120):
        state = stepped(state, np.full(3, float(index == 1)), coefficients, 1e-3)  # type: ignore[arg-type]
        bridges.append(state.cross_bridges)
        tendon.append(state.tendon[-1])
    felt = _at_the_tendon(np.array(bridges), 1e-3 / (2 * np.asarray(coefficients.tendon_s)))
    np.testing.assert_allclose(felt, tendon, rtol=1e-9, atol=1e-15)


def test_measures_of_a_known_curve_are_right() -> None:
    time_s = np.arange(0.0, 1.0, 1e-3)[:, np.newaxis]
    got = timing_of((time_s / 0.05) * np.exp(1 - time_s / 0.05), 1e-3)
    assert got.peak_share == pytest.approx([1.0], rel=1e-4)
    assert got.latent_period_s + got.contraction_time_s == pytest.approx([0.05], rel=1e-3)
    assert got.half_relaxation_time_s == pytest.approx([1.6783 * 0.05], rel=1e-3)
    assert got.latent_period_s == pytest.approx([FIRST_FORCE * 0.05 / np.e], rel=0.05)


def test_a_curve_that_does_not_fall_by_half_is_measured_up_to_its_end() -> None:
    got = timing_of(np.linspace([0.0], [1.0], 101), 1e-2)
    assert got.half_relaxation_time_s[0] <= 0.02


def test_slower_uptake_lengthens_relaxation_more_than_contraction(parameters_of: ParametersOf) -> None:
    change = ratios(timing(parameters_of(calcium_uptake_scale=0.5)), timing(parameters_of()))
    assert change.half_relaxation_time_s > 1.5
    assert 1.0 < change.contraction_time_s < change.half_relaxation_time_s


def test_slower_cross_bridges_weaken_and_lengthen_the_twitch(parameters_of: ParametersOf) -> None:
    change = ratios(timing(parameters_of(cross_bridge_rate_scale=0.6)), timing(parameters_of()))
    assert change.peak_share < 0.95
    assert change.contraction_time_s > 1.1


def test_less_release_weakens_the_twitch(parameters_of: ParametersOf) -> None:
    change = ratios(timing(parameters_of(calcium_release_scale=0.7)), timing(parameters_of()))
    assert 0.3 < change.peak_share < 0.8


def test_fatigue_weakens_the_twitch_and_slows_its_relaxation(parameters_of: ParametersOf) -> None:
    change = ratios(timing(parameters_of(calcium_release_scale=0.6, calcium_uptake_scale=0.6)), timing(parameters_of()))
    assert change.peak_share < 0.9
    assert change.half_relaxation_time_s > 1.2


def test_ten_degrees_less_lengthen_the_twitch_as_in_a_human_hand_muscle(parameters_of: ParametersOf) -> None:
    # Ranatunga et al. 1987: 1.43 for the time to the peak, 1.7 for half-relaxation, from 35 to 25 degrees
    slower = parameters_of(cross_bridge_rate_scale=1 / 1.43, calcium_uptake_scale=1 / 1.7)
    change = ratios(timing(slower), timing(parameters_of()))
    assert change.contraction_time_s == pytest.approx(1.43, rel=0.15)
    assert change.half_relaxation_time_s == pytest.approx(1.7, rel=0.15)


def test_the_size_of_a_unit_changes_its_force_alone(parameters_of: ParametersOf) -> None:
    healthy, larger = (parameters_of(motor_unit_size_scale=scale) for scale in (1.0, 2.0))
    before, after = (coefficients_of(drawn(parameters), parameters) for parameters in (healthy, larger))
    np.testing.assert_allclose(after.tetanic_n, 2 * np.asarray(before.tetanic_n))
    np.testing.assert_allclose(after.uptake_s, before.uptake_s)


def test_a_mechanism_without_a_number_is_refused(parameters_of: ParametersOf) -> None:
    mechanism = mechanism_of(parameters_of())
    assert isinstance(mechanism, Mechanism)
    with pytest.raises(OutOfRangeError, match="coupling_s must"):
        replace(mechanism, coupling_s=0.0)
