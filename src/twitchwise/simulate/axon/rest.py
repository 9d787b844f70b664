"""The resting potential of a motor axon, solved for: where the currents of each patch of membrane and cable cancel."""

from collections.abc import Mapping

import numpy as np

from twitchwise.simulate.axon.cable import NODES, ends_s, stiffness_s
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.fiber import across
from twitchwise.simulate.axon.geometry import PARTS, Geometry, geometry_of
from twitchwise.simulate.axon.membrane import (
    INTERNODE_GATES,
    NODE_GATES,
    Membrane,
    internode_current,
    membrane_of,
    node_currents,
    steady_shares,
)
from twitchwise.simulate.engine import jax, jnp
from twitchwise.vocabulary.arrays import FloatArray

REST_STEPS = 60  # Newton steps; 10 suffice from the usual rest, more where a slope is flat
REST_STEP_LIMIT_V = 0.005  # the largest change of a step, so that it does not leap over the rest
REST_TOLERANCE_V = 1e-10  # far below what a threshold notices


def resting_potentials(changes: AxonChanges, parameters: Mapping[str, float]) -> tuple[FloatArray, FloatArray, bool]:
    """Return the potentials at rest of nodes, ``(21,)``, and between them, ``(20, 20)``; and whether it was found.

    Newton's method on the whole axon, from the potential of the leak.
    """
    geometry = geometry_of(changes, parameters)
    membrane = membrane_of(changes, parameters, geometry)
    linear = _whole_axon_s(geometry, membrane)
    potential = np.concatenate([np.full(NODES, float(membrane.leak_v)), _flat(float(membrane.leak_v))])
    for _ in range(REST_STEPS):
        current, slope = (np.asarray(each) for each in _steady_current(membrane, potential))
        wrong = linear @ potential + _scattered(current)
        step = -np.linalg.solve(linear + _scattered_slope(slope), wrong)
        potential = potential + np.clip(step, -REST_STEP_LIMIT_V, REST_STEP_LIMIT_V)
        if np.abs(step).max() < REST_TOLERANCE_V:
            return potential[:NODES], potential[NODES:].reshape(NODES - 1, 2 * PARTS), True
    return potential[:NODES], potential[NODES:].reshape(NODES - 1, 2 * PARTS), False


def _flat(inside_v: float) -> FloatArray:
    return np.tile(np.concatenate([np.full(PARTS, inside_v), np.zeros(PARTS)]), NODES - 1)


def _whole_axon_s(geometry: Geometry, membrane: Membrane) -> FloatArray:
    """Return the linear conductances of the whole axon, nodes first, shape ``(421, 421)``."""
    size = 2 * PARTS
    matrix = np.zeros((NODES + (NODES - 1) * size,) * 2)
    block, ends = stiffness_s(geometry, membrane.leak_s), ends_s(geometry)
    for index in range(NODES - 1):
        own = slice(NODES + index * size, NODES + (index + 1) * size)
        matrix[own, own] = block
        for node, end in ((index, ends[0]), (index + 1, ends[1])):
            matrix[node, node] += end.sum()
            matrix[node, own] -= end
            matrix[own, node] -= end
    return matrix


@jax.jit
def _steady_current(membrane: Membrane, potential: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the settled outward current of each patch of membrane and its slope, nodes first, shape ``(221,)``."""

    def current(membrane_v: jax.Array) -> jax.Array:
        node, between = membrane_v[:NODES], membrane_v[NODES:].reshape(NODES - 1, PARTS)
        conductance, inward = node_currents(membrane, steady_shares(membrane, NODE_GATES, node))
        outward = internode_current(membrane, steady_shares(membrane, INTERNODE_GATES, between), between)
        return jnp.concatenate([conductance * node - inward, outward.ravel()])

    between = across(potential[NODES:].reshape(NODES - 1, 2 * PARTS)).ravel()
    membrane_v = jnp.concatenate([potential[:NODES], between])
    return jax.jvp(current, (membrane_v,), (jnp.ones_like(membrane_v),))


def _incidence() -> FloatArray:
    """Return which potentials a patch of membrane lies between, shape ``(421, 221)``."""
    between = np.vstack([np.eye(PARTS), -np.eye(PARTS)])
    size = 2 * PARTS
    matrix = np.zeros((NODES + (NODES - 1) * size, NODES + (NODES - 1) * PARTS))
    matrix[:NODES, :NODES] = np.eye(NODES)
    matrix[NODES:, NODES:] = np.kron(np.eye(NODES - 1), between)
    return matrix


_INCIDENCE = _incidence()


def _scattered(current: FloatArray) -> FloatArray:
    return _INCIDENCE @ current


def _scattered_slope(slope: FloatArray) -> FloatArray:
    return (_INCIDENCE * slope) @ _INCIDENCE.T
