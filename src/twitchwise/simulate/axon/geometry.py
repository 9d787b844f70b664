"""Sizes of a human motor axon and its double cable, after McIntyre et al. (2002, doi:10.1152/jn.00353.2001).

Between two nodes lie ten compartments: paranode, juxtaparanode, six of the internode, juxtaparanode, paranode. Each has
an axolemma and, under the myelin, a periaxonal space that leads along the axon. Sizes are straight lines in the
diameter of the fiber, or in its logarithm, through the table of the source.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.vocabulary.arrays import FloatArray

PARTS = 10  # compartments between two nodes, as in the source
PARANODES = (0, 9)  # which of them are paranodes
JUXTAPARANODES = (1, 8)


@dataclass(frozen=True, kw_only=True, eq=False)
class Geometry:
    """Sizes and passive properties of one node and of the compartments between two nodes, in SI units.

    Parameters
    ----------
    node_area_m2, node_capacitance_f
        Of one node.
    spacing_m
        From node to node.
    area_m2, capacitance_f
        Of the axolemma of each compartment, shape ``(10,)``.
    myelin_capacitance_f, myelin_conductance_s
        From the periaxonal space of each compartment to the outside, shape ``(10,)``.
    axial_s, periaxonal_s
        Along axoplasm and periaxonal space, from left node over the compartments to right node, shape ``(11,)``.
    position_m
        Middle of each compartment from the left node, shape ``(10,)``.
    """

    node_area_m2: float
    node_capacitance_f: float
    spacing_m: float
    area_m2: FloatArray
    capacitance_f: FloatArray
    myelin_capacitance_f: FloatArray
    myelin_conductance_s: FloatArray
    axial_s: FloatArray
    periaxonal_s: FloatArray
    position_m: FloatArray


def geometry_of(changes: AxonChanges, parameters: Mapping[str, float]) -> Geometry:
    """Return the sizes of an axon of the diameter and myelin that ``changes`` says."""
    fiber_m, node_m = changes.diameter_m, _line("axon_node_diameter", changes.diameter_m, parameters)
    spacing_m, length_m = _lengths_m(fiber_m, parameters)
    diameter_m = np.full(PARTS, _line("axon_internode_diameter", fiber_m, parameters))
    diameter_m[list(PARANODES)] = node_m
    gap_m = np.full(PARTS, parameters["axon_periaxonal_gap"])
    gap_m[list(PARANODES)] = parameters["axon_paranode_gap"]
    membranes = 2 * changes.myelin_scale * _logarithmic("axon_lamellae", fiber_m, parameters)
    area_m2, outer_m2 = np.pi * diameter_m * length_m, np.pi * fiber_m * length_m
    capacitance, node_area_m2 = (
        parameters["axon_membrane_capacitance"],
        math.pi * node_m * parameters["axon_node_length"],
    )
    ohm_m = parameters["axon_axoplasm_resistivity"]
    return Geometry(
        node_area_m2=node_area_m2,
        node_capacitance_f=capacitance * node_area_m2,
        spacing_m=spacing_m,
        area_m2=area_m2,
        capacitance_f=capacitance * area_m2,
        myelin_capacitance_f=parameters["axon_lamella_capacitance"] * outer_m2 / membranes,
        myelin_conductance_s=parameters["axon_lamella_conductance"] * outer_m2 / membranes,
        axial_s=_along(ohm_m, length_m, np.pi / 4 * diameter_m**2, node_m, parameters),
        periaxonal_s=_along(ohm_m, length_m, np.pi * gap_m * (diameter_m + gap_m), node_m, parameters, ring=True),
        position_m=parameters["axon_node_length"] / 2 + np.cumsum(length_m) - length_m / 2,
    )


def _line(name: str, diameter_m: float, parameters: Mapping[str, float]) -> float:
    return parameters[f"{name}_slope"] * diameter_m + parameters[f"{name}_offset"]


def _logarithmic(name: str, diameter_m: float, parameters: Mapping[str, float]) -> float:
    return parameters[f"{name}_at_ten_micrometers"] + parameters[f"{name}_slope"] * math.log(diameter_m / 1e-5)


def _lengths_m(fiber_m: float, parameters: Mapping[str, float]) -> tuple[float, FloatArray]:
    spacing_m = _logarithmic("axon_internode_length", fiber_m, parameters)
    paranode_m, juxta_m = parameters["axon_paranode_length"], _line("axon_juxtaparanode_length", fiber_m, parameters)
    rest_m = spacing_m - parameters["axon_node_length"] - 2 * paranode_m - 2 * juxta_m
    length_m = np.full(PARTS, rest_m / (PARTS - len(PARANODES) - len(JUXTAPARANODES)))
    length_m[list(PARANODES)] = paranode_m
    length_m[list(JUXTAPARANODES)] = juxta_m
    return spacing_m, length_m


def _along(
    ohm_m: float,
    length_m: FloatArray,
    section_m2: FloatArray,
    node_m: float,
    parameters: Mapping[str, float],
    *,
    ring: bool = False,
) -> FloatArray:
    """Return the conductance from middle to middle of neighbors, the nodes at both ends among them."""
    gap_m = parameters["axon_paranode_gap"]
    node_section_m2 = math.pi * gap_m * (node_m + gap_m) if ring else math.pi / 4 * node_m**2
    half_node = ohm_m * parameters["axon_node_length"] / 2 / node_section_m2
    halves = np.concatenate([[half_node], ohm_m * length_m / 2 / section_m2, [half_node]])
    conductance: FloatArray = 1 / (halves[:-1] + halves[1:])
    return conductance
