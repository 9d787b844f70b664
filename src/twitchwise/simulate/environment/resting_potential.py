"""The resting potential of an axon that follows from the ions around it, by the equation of Goldman, Hodgkin and Katz.

Goldman (1943, doi:10.1085/jgp.27.1.37). It is a light check on what potassium and sodium do; the axon's own model has
more kinds of channels and a pump.
"""

import math
from collections.abc import Mapping

from twitchwise.simulate.environment.state import Environment
from twitchwise.simulate.environment.surface_charge import Solution


def resting_potential_v(environment: Environment, parameters: Mapping[str, float]) -> float:
    """Return the resting potential in V, inside against outside.

    Parameters
    ----------
    environment
        Gives the concentrations outside and the temperature of the nerve.
    parameters
        Of these, ``axon_potassium_inside`` and ``axon_sodium_inside`` in mol/L, and ``resting_sodium_permeability``,
        the permeability to sodium over that to potassium.
    """
    sodium_share = parameters["resting_sodium_permeability"]
    outside = environment.plasma_potassium + sodium_share * environment.plasma_sodium
    inside = parameters["axon_potassium_inside"] + sodium_share * parameters["axon_sodium_inside"]
    return Solution.around_nerve(environment).thermal_v * math.log(outside / inside)
