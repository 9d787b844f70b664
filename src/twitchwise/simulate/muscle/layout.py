"""The fibers of a muscle: where each lies, where its endplate and tendons are, how thick it is, how fast it carries.

Fibers run straight and parallel (x, 0 in the middle of the muscle). Velocity rises with diameter
in a straight line (Blijham et al. 2006, doi:10.1152/japplphysiol.01009.2005), scaled so that a unit's mean is the
velocity that was handed in, whatever the temperature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from twitchwise.simulate.muscle.territories import CrossSection
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_within

WITHIN_SPREADS = 2.0  # scatter is normal, cut here: no fiber lies far off its unit
LEAST_BRANCH_M = 1e-3  # between endplate and tendon: an endplate is not in the tendon
_FLAT = 1e-6  # where velocity rises by no more of itself over a fiber's diameter, it tells nothing of the diameter
_THINNEST = 0.2  # of the mean diameter; a thinner fiber is not a normal distribution's tail but another disease


class UnitFibers(Protocol):
    """What the layout asks of motor units: how many fibers, and how fast they carry; each of shape ``(n_units,)``."""

    @property
    def n_fibers(self) -> IntArray:
        """Number of fibers."""
        ...

    @property
    def fiber_velocity_mps(self) -> FloatArray:
        """Mean conduction velocity of the fibers, in m/s."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Every fiber of a muscle, one unit after the other.

    Parameters
    ----------
    first_fiber
        Number of each unit's first fiber, and the number of all fibers last, shape ``(n_units + 1,)``.
    across_m, depth_m
        Place of the fiber across and below the muscle's surface, in m, shape ``(n_fibers,)``; so are all below.
    endplate_m, left_end_m, right_end_m
        Along the fiber from the middle of the muscle, in m.
    diameter_m, velocity_mps
        Thickness in m and conduction velocity in m/s.
    """

    first_fiber: IntArray
    across_m: FloatArray
    depth_m: FloatArray
    endplate_m: FloatArray
    left_end_m: FloatArray
    right_end_m: FloatArray
    diameter_m: FloatArray
    velocity_mps: FloatArray

    @property
    def n_units(self) -> int:
        """Number of motor units."""
        return self.first_fiber.size - 1

    @property
    def n_fibers(self) -> int:
        """Number of all fibers."""
        return int(self.first_fiber[-1])

    @property
    def unit_of_fiber(self) -> IntArray:
        """Number of the unit of each fiber, shape ``(n_fibers,)``."""
        return np.repeat(np.arange(self.n_units), np.diff(self.first_fiber))

    def fibers_of(self, unit: int) -> slice:
        """Return where a unit's fibers stand in the arrays."""
        require_within("unit", unit, 0, self.n_units - 1)
        return slice(int(self.first_fiber[unit]), int(self.first_fiber[unit + 1]))


def lay_out(units: UnitFibers, parameters: Mapping[str, float], generator: np.random.Generator) -> Layout:
    """Return a muscle's fibers.

    Parameters
    ----------
    units
        The motor units.
    parameters
        By id; of the muscle's shape, its fibers, and what loss and reinnervation did to them.
    generator
        Source of chance.

    Raises
    ------
    OutOfRangeError
        If a unit has fewer than 0 fibers or a velocity not above 0.
    """
    n_fibers = np.asarray(units.n_fibers, dtype=np.int64)
    velocity_mps = np.asarray(units.fiber_velocity_mps, dtype=np.float64)
    if n_fibers.size == 0 or np.any(n_fibers < 0) or not np.all(velocity_mps > 0):
        raise OutOfRangeError("units must be at least one, with n_fibers of at least 0 and velocities above 0.")
    section = CrossSection(
        width_m=parameters["muscle_width"],
        thickness_m=parameters["muscle_thickness"],
        fibers_per_m2=parameters["fiber_density"],
        territory_fibers_per_m2=parameters["motor_unit_territory_density"],
        depth_correlation=parameters["motor_unit_depth_correlation"],
    )
    places, _ = section.shared_out(n_fibers, n_fibers / _growth(parameters), generator)
    unit_of_fiber = np.repeat(np.arange(n_fibers.size), n_fibers)
    endplate_m, left_end_m, right_end_m = _along(unit_of_fiber, n_fibers.size, parameters, generator)
    diameter_m, fiber_velocity_mps = _thickness(unit_of_fiber, velocity_mps, parameters, generator)
    return Layout(
        first_fiber=np.concatenate([[0], np.cumsum(n_fibers)]),
        across_m=np.ascontiguousarray(places[:, 0]),
        depth_m=np.ascontiguousarray(places[:, 1]),
        endplate_m=endplate_m,
        left_end_m=left_end_m,
        right_end_m=right_end_m,
        diameter_m=diameter_m,
        velocity_mps=fiber_velocity_mps,
    )


def _growth(parameters: Mapping[str, float]) -> float:
    """By how much units have grown by adopting fibers and shrunk by losing some, since their territories came to be."""
    return parameters["motor_unit_size_scale"] * (1 - parameters["fiber_loss"])


def _scatter(spread: float, size: int, generator: np.random.Generator) -> FloatArray:
    drawn = np.clip(generator.standard_normal(size), -WITHIN_SPREADS, WITHIN_SPREADS)
    scatter: FloatArray = spread * drawn
    return scatter


def _along(
    unit_of_fiber: IntArray, n_units: int, parameters: Mapping[str, float], generator: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return endplate and both ends of every fiber, in m."""
    n, half_m = unit_of_fiber.size, parameters["muscle_fiber_length"] / 2
    left = -half_m + _scatter(parameters["tendon_spread"], n, generator)
    right = half_m + _scatter(parameters["tendon_spread"], n, generator)
    of_unit = _scatter(parameters["innervation_zone_spread"], n_units, generator)
    # fibers that a sprout reached from a neighbor's branch have their endplates farther from the unit's own
    adopted = generator.random(n) >= 1 / max(parameters["motor_unit_size_scale"], 1.0)
    spread = np.where(adopted, parameters["reinnervated_endplate_spread"], parameters["endplate_spread"])
    endplate = parameters["innervation_zone_position"] + of_unit[unit_of_fiber] + spread * _scatter(1.0, n, generator)
    return np.clip(endplate, left + LEAST_BRANCH_M, right - LEAST_BRANCH_M), left, right


def _thickness(
    unit_of_fiber: IntArray, velocity_mps: FloatArray, parameters: Mapping[str, float], generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return diameter in m and velocity in m/s of every fiber."""
    base, per_m = parameters["fiber_velocity_at_no_diameter"], parameters["fiber_velocity_per_diameter"]
    mean_m = parameters["fiber_diameter"]
    # what temperature and the like did to all velocities, whatever the diameter
    warmth = velocity_mps.mean() / (base + per_m * mean_m)
    tells = per_m * mean_m > _FLAT * base
    of_unit = (velocity_mps / warmth - base) / per_m if tells else np.full_like(velocity_mps, mean_m)
    of_unit = np.maximum(of_unit, _THINNEST * mean_m)
    share = 1 + _scatter(parameters["fiber_diameter_spread_in_unit"], unit_of_fiber.size, generator)
    diameter_m = of_unit[unit_of_fiber] * np.maximum(share, _THINNEST)
    of_diameter = (base + per_m * diameter_m) / (base + per_m * of_unit[unit_of_fiber])
    return diameter_m, velocity_mps[unit_of_fiber] * of_diameter
