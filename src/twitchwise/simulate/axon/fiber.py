"""A motor axon of 21 nodes, stepped through time for many stimuli at once.

Staggered trapezoidal rule (second order): gates live half a step after the potentials, nodes are solved implicitly,
gated currents between nodes are extrapolated.
"""

from collections.abc import Mapping
from typing import NamedTuple

from twitchwise.simulate.axon.cable import NODES, Cable, cable_of
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.geometry import PARTS, geometry_of
from twitchwise.simulate.axon.membrane import (
    INTERNODE_GATES,
    NODE_GATES,
    Membrane,
    Shares,
    advanced_shares,
    internode_current,
    membrane_of,
    node_currents,
    steady_shares,
)
from twitchwise.simulate.axon.stimulus import Pattern
from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.vocabulary.arrays import FloatArray


class Fiber(NamedTuple):
    """One axon, ready to be stepped."""

    cable: Cable
    membrane: Membrane


class State(NamedTuple):
    """Potentials in V and gates of an axon under many stimuli; first axis: stimuli."""

    node_v: jax.Array
    internode_v: jax.Array
    earlier_v: jax.Array
    node_shares: Shares
    internode_shares: Shares


def fiber_of(changes: AxonChanges, parameters: Mapping[str, float], dt_s: float) -> Fiber:
    """Return an axon for steps of ``dt_s`` seconds."""
    geometry = geometry_of(changes, parameters)
    membrane = membrane_of(changes, parameters, geometry)
    return Fiber(cable_of(geometry, membrane.leak_s, dt_s), membrane)


def across(internode_v: jax.Array) -> jax.Array:
    """Return the potential across the axolemma between nodes: axoplasm less periaxonal space; last axis 20 to 10."""
    return internode_v[..., :PARTS] - internode_v[..., PARTS:]


def at_rest(fiber: Fiber, node_v: FloatArray, internode_v: FloatArray, n_stimuli: int) -> State:
    """Return the state of an axon whose gates have settled at the given potentials, for ``n_stimuli`` stimuli."""
    node = jnp.broadcast_to(jnp.asarray(node_v), (n_stimuli, NODES))
    internode = jnp.broadcast_to(jnp.asarray(internode_v), (n_stimuli, NODES - 1, 2 * PARTS))
    return State(
        node_v=node,
        internode_v=internode,
        earlier_v=across(internode),
        node_shares=steady_shares(fiber.membrane, NODE_GATES, node),
        internode_shares=steady_shares(fiber.membrane, INTERNODE_GATES, across(internode)),
    )


def advance_between(fiber: Fiber, state: State, dt_s: float | jax.Array) -> State:
    """Return the state with the gates between nodes a step later; they are slow, so a longer step serves them."""
    shares = advanced_shares(fiber.membrane, state.internode_shares, across(state.internode_v), dt_s)
    return state._replace(internode_shares=shares)


def advance(fiber: Fiber, state: State, stimulus: Pattern, current_a: jax.Array, dt_s: float | jax.Array) -> State:
    """Return the state a step later, with the gates between nodes as they are.

    Parameters
    ----------
    fiber, state
        The axon and where it stands.
    stimulus, current_a
        Where a current goes, and how much of it in A in this step, shape ``(stimuli,)``.
    dt_s
        Step in seconds, as the fiber was made for.
    """
    cable, membrane = fiber
    now_v = across(state.internode_v)
    node_shares = advanced_shares(membrane, state.node_shares, state.node_v, dt_s)
    outward = internode_current(membrane, state.internode_shares, 1.5 * now_v - 0.5 * state.earlier_v)
    drive = jnp.concatenate([state.internode_v, outward], axis=-1) @ cable.response
    drive = drive + current_a[:, None, None] * stimulus.internode
    conductance, inward = node_currents(membrane, node_shares)
    inflow = inward + current_a[:, None] * stimulus.node + cable.node_inertia_s * state.node_v
    inflow = inflow.at[:, :-1].add(drive[..., 2 * PARTS]).at[:, 1:].add(drive[..., 2 * PARTS + 1])
    middle = _solved(cable, conductance + (cable.node_inertia_s + cable.node_load_s), inflow)
    between = drive[..., : 2 * PARTS]
    between = between + middle[:, :-1, None] * cable.from_left + middle[:, 1:, None] * cable.from_right
    return State(
        node_v=2 * middle - state.node_v,
        internode_v=2 * between - state.internode_v,
        earlier_v=now_v,
        node_shares=node_shares,
        internode_shares=state.internode_shares,
    )


def _solved(cable: Cable, diagonal: jax.Array, inflow: jax.Array) -> jax.Array:
    """Return the potentials of the nodes from their tridiagonal system."""
    beside = jnp.broadcast_to(-cable.coupling_s, diagonal.shape)
    lower, upper = beside.at[:, 0].set(0.0), beside.at[:, -1].set(0.0)
    return lax.linalg.tridiagonal_solve(lower, diagonal, upper, inflow[..., None])[..., 0]
