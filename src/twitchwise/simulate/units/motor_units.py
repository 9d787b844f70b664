"""Motor units drawn along the size principle (Fuglevand et al. 1993, doi:10.1152/jn.1993.70.6.2470).

A unit's rank, from 0 for the smallest to 1 for the largest, carries everything that goes with size: threshold and
twitch force rise with it and contraction time falls, all exponentially; thicker fibers conduct faster (Blijham et al.
2006, doi:10.1152/japplphysiol.01009.2005), and so do the axons of larger units. Around these trends each quantity has a
spread of its own. The number of fibers follows from tetanic force, fiber diameter and specific force.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive, require_within

_SPREAD = {
    "twitch_peak_force": "twitch_peak_force_spread",
    "twitch_contraction_time": "twitch_contraction_time_spread",
    "twitch_half_relaxation_time": "twitch_half_relaxation_time_spread",
    "twitch_tetanus_ratio": "twitch_tetanus_ratio_spread",
    "fiber_diameter": "fiber_diameter_spread",
    "axon_conduction_velocity": "axon_velocity_spread",
}
_TREND = {
    "twitch_peak_force": "twitch_peak_force_range",
    "twitch_contraction_time": "twitch_contraction_time_range",
    "fiber_diameter": "fiber_diameter_range",
    "axon_conduction_velocity": "axon_velocity_range",
}
_FALLING = ("twitch_contraction_time",)  # the others rise with rank

REACH = 2.0  # drawn deviations stay within this many standard deviations: ranges are published for about 30 units


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class MotorUnits:
    """The motor units of one muscle, ordered by recruitment: index 0 is the smallest.

    Every array has shape ``(n_units,)``.

    Parameters
    ----------
    recruitment_threshold
        Share of the maximal drive at which the unit begins to discharge, in [0, 1], ascending.
    peak_force_n
        Peak force of a healthy twitch of the unit as it is now, with the fibers it has gained or lost.
    contraction_time_s, half_relaxation_time_s, latent_period_s
        Times of the healthy twitch: first force at the tendon to peak; peak to half; discharge to first force.
    twitch_tetanus_ratio
        Peak force of the twitch over the greatest tetanic force, in (0, 1).
    fiber_velocity_mps, axon_velocity_mps
        Conduction velocities of the muscle fibers and of the motor axon.
    n_fibers
        How many muscle fibers the unit has, at least 1.

    Raises
    ------
    OutOfRangeError
        If there is no unit, shapes differ, thresholds do not ascend, or a number lies outside.
    """

    recruitment_threshold: FloatArray
    peak_force_n: FloatArray
    contraction_time_s: FloatArray
    half_relaxation_time_s: FloatArray
    latent_period_s: FloatArray
    twitch_tetanus_ratio: FloatArray
    fiber_velocity_mps: FloatArray
    axon_velocity_mps: FloatArray
    n_fibers: IntArray

    def __post_init__(self) -> None:
        """Refuse arrays that cannot describe motor units."""
        shapes = {getattr(self, field.name).shape for field in fields(self)}
        if len(shapes) != 1 or not (len(shape := shapes.pop()) == 1 and shape[0] > 0):
            raise OutOfRangeError("the arrays of motor units must have one shape (n_units,), with at least one unit.")
        for field in fields(self)[1:]:
            require_positive(field.name, float(getattr(self, field.name).min()))
            require_positive(field.name, float(getattr(self, field.name).max()))
        require_within("recruitment_threshold", float(self.recruitment_threshold.min()), 0.0, 1.0)
        require_within("recruitment_threshold", float(self.recruitment_threshold.max()), 0.0, 1.0)
        require_within("twitch_tetanus_ratio", float(self.twitch_tetanus_ratio.max()), 0.0, 1.0)
        if (np.diff(self.recruitment_threshold) < 0).any():
            raise OutOfRangeError("recruitment_threshold must ascend, got a unit recruited before a smaller one.")

    def __len__(self) -> int:
        return int(self.peak_force_n.size)

    def take(self, which: IntArray) -> "MotorUnits":
        """Return some of the units, by ascending number; shape ``(n_taken,)``."""
        return MotorUnits(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def draw_units(parameters: Mapping[str, float], n_units: int, generator: np.random.Generator) -> MotorUnits:
    """Draw the motor units of a muscle, healthy or under a condition.

    Parameters
    ----------
    parameters
        As `twitchwise.simulate.parameters_for` gives them.
    n_units
        How many units the healthy muscle has; ``motor_unit_loss`` of them are lost, and at least one is left.
    generator
        Source of chance. Every condition uses up the same numbers, so that one seed gives the same units, changed.

    Returns
    -------
    MotorUnits
        The units that are left, shape ``(n_left,)``.

    Raises
    ------
    OutOfRangeError
        If ``n_units`` is below 1, or the parameters lead to units that cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.simulate import parameters_for
    >>> units = draw_units(parameters_for("healthy"), 120, np.random.default_rng(1))
    >>> len(units), bool(units.peak_force_n[-10:].mean() > units.peak_force_n[:10].mean())
    (120, True)
    """
    require_within("n_units", n_units, 1, math.inf)
    rank = (np.arange(n_units) + 0.5) / n_units
    deviation = dict(
        zip(_SPREAD, np.clip(generator.standard_normal((len(_SPREAD), n_units)), -REACH, REACH), strict=True)
    )
    chance = generator.random(n_units)
    kept = _survivors(parameters, rank, chance)
    return _units_of(parameters, rank, deviation).take(kept)


def _units_of(parameters: Mapping[str, float], rank: FloatArray, deviation: Mapping[str, FloatArray]) -> MotorUnits:
    """Return one unit for each rank, before any is lost; every deviation has the shape of the rank."""
    drawn = {name: _drawn(parameters, name, rank, deviation[name]) for name in _SPREAD}
    contraction_s = drawn["twitch_contraction_time"]
    slowing = contraction_s / parameters["twitch_contraction_time"]  # a slow unit is slow in both
    tetanic_n = drawn["twitch_peak_force"] / drawn["twitch_tetanus_ratio"]
    size_change = parameters["motor_unit_size_scale"] * (1.0 - parameters["fiber_loss"])
    return MotorUnits(
        recruitment_threshold=parameters["recruitment_threshold_last"] * parameters["recruitment_range"] ** (rank - 1),
        peak_force_n=drawn["twitch_peak_force"] * size_change * parameters["specific_force_scale"],
        contraction_time_s=contraction_s,
        half_relaxation_time_s=drawn["twitch_half_relaxation_time"] * slowing,
        latent_period_s=np.full(rank.size, parameters["twitch_latent_period"]),
        twitch_tetanus_ratio=drawn["twitch_tetanus_ratio"],
        fiber_velocity_mps=_fiber_velocity_mps(parameters, drawn["fiber_diameter"]),
        axon_velocity_mps=drawn["axon_conduction_velocity"],
        n_fibers=_n_fibers(parameters, tetanic_n, drawn["fiber_diameter"], size_change),
    )


def _drawn(parameters: Mapping[str, float], name: str, rank: FloatArray, deviation: FloatArray) -> FloatArray:
    """Return a quantity that changes exponentially with rank around its middle, and spreads log-normally."""
    middle, trend = parameters[name], _TREND.get(name)
    fold = parameters[trend] if trend else 1.0
    grade = fold ** (rank - 0.5) if name not in _FALLING else fold ** (0.5 - rank)
    drawn: FloatArray = middle * grade * np.exp(parameters[_SPREAD[name]] * deviation)
    return drawn


def _fiber_velocity_mps(parameters: Mapping[str, float], diameter_m: FloatArray) -> FloatArray:
    """Return the conduction velocity of fibers of a diameter; it rises in a straight line."""
    velocity: FloatArray = (
        parameters["fiber_velocity_at_no_diameter"] + parameters["fiber_velocity_per_diameter"] * diameter_m
    )
    return velocity


def _n_fibers(
    parameters: Mapping[str, float], tetanic_n: FloatArray, diameter_m: FloatArray, size_change: float
) -> IntArray:
    """Return how many fibers give a unit its tetanic force, at least 1, changed by what was gained and lost."""
    fiber_n = parameters["specific_force"] * math.pi / 4 * diameter_m**2
    return np.maximum(np.rint(tetanic_n / fiber_n * size_change), 1).astype(np.int64)


def _survivors(parameters: Mapping[str, float], rank: FloatArray, chance: FloatArray) -> IntArray:
    """Return the numbers of the units that are left, ascending; the loss falls on all alike, or on the large first."""
    n_left = max(1, round(rank.size * (1.0 - parameters["motor_unit_loss"])))
    # the unit with the earliest of independent exponential times is lost first; a bias shortens those of the large
    survival = -np.log1p(-chance) * np.exp(-parameters["motor_unit_loss_size_bias"] * (rank - 0.5))
    return np.sort(np.argsort(-survival, kind="stable")[:n_left]).astype(np.int64)
