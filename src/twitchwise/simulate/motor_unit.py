"""A motor unit with its own twitch and potential at the skin, and a draw of several from a condition's parameters.

Sizes and times spread log-normally around the parameters; force and amplitude of a unit share one size.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.motor_unit_action_potential import MotorUnitActionPotential
from twitchwise.simulate.twitch import Twitch


@dataclass(frozen=True, kw_only=True, slots=True)
class MotorUnit:
    """A motor unit: what it does to force and what it does to a surface EMG channel."""

    twitch: Twitch
    potential: MotorUnitActionPotential


def middle_twitch(parameters: Mapping[str, float]) -> Twitch:
    """Return the twitch of a motor unit of middle size and speed under a condition's parameters."""
    return Twitch(
        latent_period_s=parameters["twitch_latent_period"],
        contraction_time_s=parameters["twitch_contraction_time"] * parameters["contraction_time_scale"],
        half_relaxation_time_s=parameters["twitch_half_relaxation_time"] * parameters["half_relaxation_time_scale"],
        peak_force_n=parameters["twitch_peak_force"] * parameters["motor_unit_size_scale"],
    )


def draw_motor_units(
    parameters: Mapping[str, float], n_units: int, generator: np.random.Generator
) -> tuple[MotorUnit, ...]:
    """Draw motor units that differ in size, speed, duration and shape of their potential.

    Parameters
    ----------
    parameters
        As `twitchwise.simulate.parameters_for` gives them.
    n_units
        How many to draw.
    generator
        Source of chance.
    """
    middle = middle_twitch(parameters)
    times = parameters["twitch_time_spread"]
    spreads = [parameters["motor_unit_size_spread"], times, times, parameters["muap_duration_spread"]]
    factors = np.exp(generator.standard_normal((n_units, len(spreads))) * spreads)
    mixtures = generator.uniform(0.0, 2 * math.pi, n_units)
    amplitude_v = parameters["surface_muap_amplitude"] * parameters["motor_unit_size_scale"]
    duration_s = parameters["surface_muap_duration"] * parameters["muap_duration_scale"]
    return tuple(
        MotorUnit(
            twitch=Twitch(
                latent_period_s=middle.latent_period_s,
                contraction_time_s=middle.contraction_time_s * contraction,
                half_relaxation_time_s=middle.half_relaxation_time_s * relaxation,
                peak_force_n=middle.peak_force_n * size,
            ),
            potential=MotorUnitActionPotential(
                amplitude_v=amplitude_v * size, duration_s=duration_s * duration, mixture_rad=mixture
            ),
        )
        for (size, contraction, relaxation, duration), mixture in zip(factors.tolist(), mixtures.tolist(), strict=True)
    )
