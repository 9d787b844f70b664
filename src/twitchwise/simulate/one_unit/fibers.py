"""The fibers of one motor unit in the middle of its muscle, always the same ones, so that a change moves them smoothly.

They lie as `twitchwise.simulate.muscle.lay_out` has it - straight, evenly over an oval territory, with scattered
endplates, ends and diameters - but where the territory lies is not drawn.
"""

import math
from collections.abc import Mapping

import numpy as np

from twitchwise.simulate.muscle import Layout
from twitchwise.simulate.muscle.layout import LEAST_BRANCH_M, WITHIN_SPREADS
from twitchwise.vocabulary.arrays import FloatArray

FOLLOWED = 200  # fibers; with more, amplitudes at the skin stay within their own scatter
SEED = 5  # any will do, the same for health and change
THINNEST = 0.2  # of the mean diameter


def fibers_of_one(parameters: Mapping[str, float], n_fibers: int, velocity_mps: float) -> Layout:
    """Return a unit as if it were a muscle: so many fibers as are followed, each as strong as those it stands for.

    Parameters
    ----------
    parameters
        By id; of the muscle's shape, its fibers, and what reinnervation did to them.
    n_fibers
        Fibers of the unit before any was lost, at least 1.
    velocity_mps
        Mean conduction velocity of the fibers.
    """
    chance = np.random.default_rng(SEED)
    across, deep, adopted, *_ = chance.random((4, FOLLOWED))
    left, right, endplate, thick = np.clip(chance.standard_normal((4, FOLLOWED)), -WITHIN_SPREADS, WITHIN_SPREADS)
    across_m, depth_m = _places(parameters, n_fibers, across, deep)
    half_m = parameters["muscle_fiber_length"] / 2
    left_m, right_m = (side * half_m + parameters["tendon_spread"] * drawn for side, drawn in ((-1, left), (1, right)))
    # fibers that a sprout reached from a neighbor's branch have their endplates farther from the unit's own
    grew = adopted >= 1 / max(parameters["motor_unit_size_scale"], 1.0)
    spread_m = np.where(grew, parameters["reinnervated_endplate_spread"], parameters["endplate_spread"])
    endplate_m = parameters["innervation_zone_position"] + spread_m * endplate
    share = np.maximum(1 + parameters["fiber_diameter_spread_in_unit"] * thick, THINNEST)
    mean_m = parameters["fiber_diameter"]
    base, per_m = parameters["fiber_velocity_at_no_diameter"], parameters["fiber_velocity_per_diameter"]
    return Layout(
        first_fiber=np.array([0, FOLLOWED]),
        across_m=across_m,
        depth_m=depth_m,
        endplate_m=np.clip(endplate_m, left_m + LEAST_BRANCH_M, right_m - LEAST_BRANCH_M),
        left_end_m=left_m,
        right_end_m=right_m,
        diameter_m=mean_m * share * math.sqrt(n_fibers / FOLLOWED),
        velocity_mps=velocity_mps * (base + per_m * mean_m * share) / (base + per_m * mean_m),
    )


def _places(
    parameters: Mapping[str, float], n_fibers: int, across: FloatArray, deep: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return places across and in depth, in m, of two even chances: an oval as large as the territory in health."""
    born = n_fibers / parameters["motor_unit_size_scale"]
    area_m2 = born / parameters["motor_unit_territory_density"]
    half_depth_m = min(math.sqrt(area_m2 / math.pi), parameters["muscle_thickness"] / 2)
    half_width_m = min(area_m2 / (math.pi * half_depth_m), parameters["muscle_width"] / 2)
    radius, turn = np.sqrt(across), 2 * math.pi * deep
    depth_m = parameters["muscle_thickness"] / 2 + half_depth_m * radius * np.sin(turn)
    return half_width_m * radius * np.cos(turn), depth_m
