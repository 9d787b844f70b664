"""Stimuli of an axon: current through a node, or from an electrode outside as a nerve is stimulated through the skin.

A potential outside the axon acts like currents into every compartment, each the second difference of that potential
along the axon times the conductance between neighbors (Rattay 1986, doi:10.1109/TBME.1986.325670).
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.axon.cable import NODES, Cable, ends_s
from twitchwise.simulate.axon.geometry import PARTS, Geometry
from twitchwise.vocabulary.arrays import FloatArray

MIDDLE_NODE = NODES // 2


class Pattern(NamedTuple):
    """What 1 A of stimulus does: current into nodes, ``(21,)``, and the drive between them, ``(20, 22)``."""

    node: FloatArray
    internode: FloatArray


def through_node(node: int) -> Pattern:
    """Return the pattern of a current into the axoplasm of one node."""
    into = np.zeros(NODES)
    into[node] = 1.0
    return Pattern(into, np.zeros((NODES - 1, 2 * PARTS + 2)))


def from_outside(geometry: Geometry, cable: Cable, parameters: Mapping[str, float]) -> Pattern:
    """Return the pattern of a cathode beside the middle node, the return electrode far away."""
    apart_m = parameters["axon_stimulus_distance"]
    node_m = geometry.spacing_m * (np.arange(NODES) - MIDDLE_NODE)
    between_m = node_m[:-1, np.newaxis] + geometry.position_m
    per_ampere = -parameters["axon_tissue_resistivity"] / (4 * math.pi)
    node_v = per_ampere / np.hypot(node_m, apart_m)
    along_v = np.column_stack([node_v[:-1], per_ampere / np.hypot(between_m, apart_m), node_v[1:]])
    axial = geometry.axial_s * np.diff(along_v, axis=1)
    periaxonal = geometry.periaxonal_s * np.diff(along_v, axis=1)
    into = np.hstack([np.diff(axial, axis=1), np.diff(periaxonal, axis=1)])
    node = np.zeros(NODES)
    node[:-1] += axial[:, 0]
    node[1:] -= axial[:, -1]
    potentials = into @ cable.inverse.T
    return Pattern(node, np.hstack([potentials, potentials @ ends_s(geometry).T]))
