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
REST_RISES_V = (0.0, 0.01, 0.02)  # from the leak; in little potassium the lower of two rests is lost
REST_TOLERANCE_V = 1e-10  # far below what a threshold notices


def resting_potentials(changes: AxonChanges, parameters: Mapping[str, float]) -> tuple[FloatArray, FloatArray, bool]:
    """Return the potentials at rest of nodes, ``(21,)``, and between them, ``(20, 20)``; and whether it was found.

    Newton's method on the whole axon, from the potential of the leak and, where that finds none, from above it.
    """
    geometry = geometry_of(changes, parameters)
    axon = _Axon(membrane_of(changes, parameters, geometry), geometry)
    for rise_v in REST_RISES_V:
        potential, is_found = _rest(axon, _alike(float(axon.membrane.leak_v) + rise_v))
        if is_found:
            break
    return potential[:NODES], potential[NODES:].reshape(NODES - 1, 2 * PARTS), is_found


def _rest(axon: "_Axon", potential: FloatArray) -> tuple[FloatArray, bool]:
    for _ in range(REST_STEPS):
        step = axon.newton(*axon.balance(potential))
        potential = potential + np.clip(step, -REST_STEP_LIMIT_V, REST_STEP_LIMIT_V)
        if np.abs(step).max() < REST_TOLERANCE_V:
            return potential, True
    return potential, False


class _Axon:
    """An axon whose gates have settled: the currents that do not cancel at a potential."""

    def __init__(self, membrane: Membrane, geometry: Geometry) -> None:
        self.membrane, self.linear = membrane, _whole_axon_s(geometry, membrane)

    def balance(self, potential: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the current in A left over at each potential, and the slope in S of each patch of membrane."""
        current, slope = (np.asarray(each) for each in _steady_current(self.membrane, potential))
        return self.linear @ potential + _scattered(current), slope

    def newton(self, left: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the step in V that would cancel what is left over if the currents were straight lines."""
        return np.asarray(-np.linalg.solve(self.linear + _scattered_slope(slope), left), dtype=np.float64)


def _alike(inside_v: float) -> FloatArray:
    """Return all potentials of an axon whose inside is at one potential everywhere, and its outside at 0."""
    between = np.concatenate([np.full(PARTS, inside_v), np.zeros(PARTS)])
    return np.concatenate([np.full(NODES, inside_v), np.tile(between, NODES - 1)])


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
