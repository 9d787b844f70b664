"""The linear part of the double cable: solved once for a step size, so that a step in time is one matrix product.

Between two nodes everything but the gated currents is linear with constant coefficients. Its matrix is inverted once,
and what is left at each step is a tridiagonal system with one unknown per node (a Schur complement).
"""

from typing import NamedTuple

import numpy as np

from twitchwise.simulate.axon.geometry import PARTS, Geometry
from twitchwise.vocabulary.arrays import FloatArray

NODES = 21  # as many as the published axon has; the ends then do not disturb the middle


class Cable(NamedTuple):
    """Matrices of one step by the trapezoidal rule, for potentials in V and currents in A.

    ``response`` maps the old potentials (10 in the axoplasm, 10 in the periaxonal space) and 10 outward currents of the
    axolemma to the potentials in the middle of the step, were both nodes at 0, and to the currents that flow from them
    into the left and the right node; shape ``(30, 22)``. ``from_left`` and ``from_right`` add what the nodes do,
    shape ``(20,)``. ``node_load`` and ``coupling`` belong to the system of the nodes, shape ``(21,)`` and a number.
    """

    response: FloatArray
    from_left: FloatArray
    from_right: FloatArray
    node_inertia_s: FloatArray
    node_load_s: FloatArray
    coupling_s: FloatArray
    inverse: FloatArray


def stiffness_s(geometry: Geometry, leak_s: FloatArray) -> FloatArray:
    """Return the conductance matrix of the compartments between two nodes, axoplasm first, shape ``(20, 20)``."""
    inside = _chain(geometry.axial_s) + np.diag(leak_s)
    outside = _chain(geometry.periaxonal_s) + np.diag(leak_s + geometry.myelin_conductance_s)
    return np.block([[inside, -np.diag(leak_s)], [-np.diag(leak_s), outside]])


def inertia_f(geometry: Geometry) -> FloatArray:
    """Return the capacitance matrix of the compartments between two nodes, shape ``(20, 20)``."""
    membrane = np.diag(geometry.capacitance_f)
    return np.block([[membrane, -membrane], [-membrane, membrane + np.diag(geometry.myelin_capacitance_f)]])


def ends_s(geometry: Geometry) -> FloatArray:
    """Return the conductances from the left and the right node to each potential, shape ``(2, 20)``."""
    ends = np.zeros((2, 2 * PARTS))
    ends[0, 0], ends[1, PARTS - 1] = geometry.axial_s[0], geometry.axial_s[-1]
    return ends


def cable_of(geometry: Geometry, leak_s: FloatArray, dt_s: float) -> Cable:
    """Return the matrices of one step."""
    rate = 2 / dt_s
    inertia, ends = rate * inertia_f(geometry), ends_s(geometry)
    inverse: FloatArray = np.asarray(np.linalg.inv(inertia + stiffness_s(geometry, leak_s)), dtype=np.float64)
    outward = np.vstack([-np.eye(PARTS), np.eye(PARTS)])
    potentials = inverse @ np.hstack([inertia, outward])
    left, right = inverse @ ends[0], inverse @ ends[1]
    sides = np.full(NODES, 2.0)
    sides[[0, -1]] = 1.0
    return Cable(
        response=np.vstack([potentials, ends @ potentials]).T,
        from_left=left,
        from_right=right,
        node_inertia_s=np.asarray(rate * geometry.node_capacitance_f),
        node_load_s=sides * (geometry.axial_s[0] - ends[0] @ left),
        coupling_s=np.asarray(ends[0] @ right),
        inverse=inverse,
    )


def _chain(conductance_s: FloatArray) -> FloatArray:
    """Return the matrix of a chain of compartments whose ends lead to nodes, shape ``(10, 10)``."""
    inner = conductance_s[1:-1]
    matrix: FloatArray = np.diag(conductance_s[:-1] + conductance_s[1:]) - np.diag(inner, 1) - np.diag(inner, -1)
    return matrix
