"""The twitch of a motor unit of middle size under a condition, as four numbers; it needs no JAX."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.knowledge import Library, library
from twitchwise.simulate.condition import Setting, parameters_for
from twitchwise.simulate.environment import changed
from twitchwise.simulate.twitches import TwitchCoefficients, coefficients_of, twitches_of
from twitchwise.simulate.twitches.calibration import STEP_S, twitch_timing
from twitchwise.simulate.twitches.four_numbers import Twitch
from twitchwise.simulate.units import MotorUnits, draw_units

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

OF_A_UNIT = (
    "axon_",
    "calcium_",
    "cross_bridge_",
    "fiber_",
    "motor_unit_",
    "muscle_temperature",
    "recruitment_",
    "specific_force",
    "troponin_",
    "twitch_",
)
"""How the parameters begin that a unit and its twitch depend on."""
TWITCHES_KEPT = 64
LOOKED_AT_S = (0.4, 1.5)  # nearly every twitch has fallen below half by the first, the slowest of all by the second


def twitch_of(setting: Setting | str, knowledge: Library | None = None) -> Twitch:
    """Return the twitch of a motor unit of middle size and speed in a setting.

    Raises
    ------
    OutOfRangeError
        As `twitchwise.simulate.parameters_for`.

    Examples
    --------
    >>> twitch_of("hypothyroidism").half_relaxation_time_s > twitch_of("healthy").half_relaxation_time_s
    True
    """
    knowledge = knowledge or library()
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    start = parameters_for(setting.before_own_changes(), knowledge)
    return twitch_under(changed(parameters_for(setting, knowledge), start))


def twitch_under(parameters: Mapping[str, float]) -> Twitch:
    """Return the twitch of a middle motor unit under parameters on which the environment has acted."""
    return _twitch(tuple(sorted((name, value) for name, value in parameters.items() if name.startswith(OF_A_UNIT))))


def twitches_under(people: Sequence[Mapping[str, float]]) -> list[Twitch]:
    """Return the twitch of the middle motor unit of each of many people, in little more time than that of one."""
    coefficients = [its[0] for its in twitches_of([(values, (middle_unit(values),)) for values in people])]
    together = (cast("jax.Array", np.concatenate(values)) for values in zip(*coefficients, strict=True))
    return _timed(TwitchCoefficients(*together))


@lru_cache(maxsize=TWITCHES_KEPT)
def _twitch(of_a_unit: tuple[tuple[str, float], ...]) -> Twitch:
    return _timed(middle_coefficients(dict(of_a_unit)))[0]


def _timed(coefficients: TwitchCoefficients) -> list[Twitch]:
    for duration_s in LOOKED_AT_S:
        timing = twitch_timing(coefficients, duration_s)
        ends_s = timing.latent_period_s + timing.contraction_time_s + timing.half_relaxation_time_s
        if ends_s.max() < duration_s - 2 * STEP_S:
            break
    rows = (timing.latent_period_s, timing.contraction_time_s, timing.half_relaxation_time_s)
    peaks_n = timing.peak_share * np.asarray(coefficients.tetanic_n)
    return [
        Twitch(
            latent_period_s=float(latent_s),
            contraction_time_s=float(contraction_s),
            half_relaxation_time_s=float(relaxation_s),
            peak_force_n=float(peak_n),
        )
        for latent_s, contraction_s, relaxation_s, peak_n in zip(*rows, peaks_n, strict=True)
    ]


def middle_unit(parameters: Mapping[str, float]) -> MotorUnits:
    """Return the one motor unit that lies in the middle of all ranks and spreads."""
    without_spread = {name: 0.0 if name.endswith("_spread") else value for name, value in parameters.items()}
    return draw_units(without_spread, 1, np.random.default_rng(0))


def middle_coefficients(parameters: Mapping[str, float]) -> TwitchCoefficients:
    """Return what makes the twitch of the middle unit; arrays of shape ``(1,)``."""
    return coefficients_of(middle_unit(parameters), parameters)
