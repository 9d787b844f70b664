"""Motor units are drawn around a condition's parameters, each its own."""

import numpy as np
import pytest

from twitchwise.simulate import parameters_for
from twitchwise.simulate.motor_unit import draw_motor_units, middle_twitch

HEALTHY = dict(parameters_for("healthy"))
MANY = 4000


def test_without_spread_every_unit_is_the_middle_one() -> None:
    spreads = {name: 0.0 for name in HEALTHY if name.endswith("spread")}
    units = draw_motor_units(HEALTHY | spreads, 5, np.random.default_rng(0))
    assert {unit.twitch for unit in units} == {middle_twitch(HEALTHY)}
    assert {unit.potential.amplitude_v for unit in units} == {HEALTHY["surface_muap_amplitude"]}
    assert len({unit.potential.mixture_rad for unit in units}) == 5


def test_the_medians_are_the_parameters_and_the_spreads_those_of_the_logarithm() -> None:
    units = draw_motor_units(HEALTHY, MANY, np.random.default_rng(1))
    measured = {
        ("twitch_peak_force", "motor_unit_size_spread"): [unit.twitch.peak_force_n for unit in units],
        ("surface_muap_amplitude", "motor_unit_size_spread"): [unit.potential.amplitude_v for unit in units],
        ("surface_muap_duration", "muap_duration_spread"): [unit.potential.duration_s for unit in units],
        ("twitch_contraction_time", "twitch_time_spread"): [unit.twitch.contraction_time_s for unit in units],
        ("twitch_half_relaxation_time", "twitch_time_spread"): [unit.twitch.half_relaxation_time_s for unit in units],
    }
    for (middle, spread), values in measured.items():
        assert np.median(values) == pytest.approx(HEALTHY[middle], rel=0.05)
        assert np.std(np.log(values)) == pytest.approx(HEALTHY[spread], rel=0.05)


def test_a_larger_unit_is_larger_in_force_and_in_emg_alike() -> None:
    units = draw_motor_units(HEALTHY, 50, np.random.default_rng(2))
    ratios = [unit.potential.amplitude_v / unit.twitch.peak_force_n for unit in units]
    assert ratios == pytest.approx([ratios[0]] * 50)


def test_the_scales_of_a_condition_act_on_what_they_name() -> None:
    scales = {
        "motor_unit_size_scale": 2.0,
        "muap_duration_scale": 1.5,
        "contraction_time_scale": 1.2,
        "half_relaxation_time_scale": 1.3,
    }
    (before,), (after,) = (
        draw_motor_units(parameters, 1, np.random.default_rng(3)) for parameters in (HEALTHY, HEALTHY | scales)
    )
    assert after.twitch.peak_force_n == pytest.approx(2.0 * before.twitch.peak_force_n)
    assert after.potential.amplitude_v == pytest.approx(2.0 * before.potential.amplitude_v)
    assert after.potential.duration_s == pytest.approx(1.5 * before.potential.duration_s)
    assert after.twitch.contraction_time_s == pytest.approx(1.2 * before.twitch.contraction_time_s)
    assert after.twitch.half_relaxation_time_s == pytest.approx(1.3 * before.twitch.half_relaxation_time_s)
    assert after.twitch.latent_period_s == before.twitch.latent_period_s
