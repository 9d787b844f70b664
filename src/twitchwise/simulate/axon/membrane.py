"""Currents of the axolemma at the nodes and between them: which channels lie where, and what they pass.

Nodes carry fast and persistent sodium, slow and fast potassium channels and a leak; between the nodes lie slow and fast
potassium channels, the hyperpolarization-activated current and a leak (Gaines et al. 2018,
doi:10.1007/s10827-018-0689-5).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.gates import Gate, advanced, gates_of, steady
from twitchwise.simulate.axon.geometry import PARANODES, PARTS, Geometry
from twitchwise.simulate.axon.reversal import reversals_of
from twitchwise.simulate.engine import jax, jnp
from twitchwise.vocabulary.arrays import FloatArray

NODE_GATES = ("m", "h", "p", "s", "n")
INTERNODE_GATES = ("s", "n", "q")


class Membrane(NamedTuple):
    """Largest conductances in S (of a node, and shape ``(10,)`` between nodes), reversal potentials in V, gates."""

    node_fast_sodium_s: FloatArray
    node_persistent_sodium_s: FloatArray
    node_slow_potassium_s: FloatArray
    node_fast_potassium_s: FloatArray
    node_leak_s: FloatArray
    slow_potassium_s: FloatArray
    fast_potassium_s: FloatArray
    h_s: FloatArray
    leak_s: FloatArray
    sodium_v: FloatArray
    potassium_v: FloatArray
    leak_v: FloatArray
    h_v: FloatArray
    gates: dict[str, Gate]


def membrane_of(changes: AxonChanges, parameters: Mapping[str, float], geometry: Geometry) -> Membrane:
    """Return the channels of an axon."""
    scales = {
        "fast_sodium": changes.fast_sodium_scale,
        "persistent_sodium": changes.persistent_sodium_scale,
        "slow_potassium": changes.slow_potassium_scale,
        "fast_potassium": changes.fast_potassium_scale,
        "h": changes.h_current_scale,
        "leak": changes.leak_scale,
    }

    def at_node(channel: str) -> FloatArray:
        density = parameters[f"axon_node_{channel}_conductance"]
        return np.asarray(scales[channel] * density * geometry.node_area_m2)

    def between(channel: str) -> FloatArray:
        density = np.full(PARTS, parameters[f"axon_internode_{channel}_conductance"])
        density[list(PARANODES)] = parameters[f"axon_paranode_{channel}_conductance"]
        return scales[channel] * density * geometry.area_m2

    reversals = reversals_of(changes, parameters)
    return Membrane(
        node_fast_sodium_s=at_node("fast_sodium"),
        node_persistent_sodium_s=at_node("persistent_sodium"),
        node_slow_potassium_s=at_node("slow_potassium"),
        node_fast_potassium_s=at_node("fast_potassium"),
        node_leak_s=at_node("leak"),
        slow_potassium_s=between("slow_potassium"),
        fast_potassium_s=between("fast_potassium"),
        h_s=between("h"),
        leak_s=between("leak"),
        sodium_v=np.asarray(reversals.sodium_v),
        potassium_v=np.asarray(reversals.potassium_v),
        leak_v=np.asarray(reversals.leak_v),
        h_v=np.asarray(reversals.h_v),
        gates=gates_of(changes, parameters),
    )


Shares = dict[str, jax.Array]


def steady_shares(membrane: Membrane, names: tuple[str, ...], membrane_v: jax.Array) -> Shares:
    """Return the open shares that gates settle at."""
    return {name: steady(name, membrane.gates[name], membrane_v) for name in names}


def advanced_shares(membrane: Membrane, shares: Shares, membrane_v: jax.Array, dt_s: float | jax.Array) -> Shares:
    """Return the open shares a step later."""
    return {name: advanced(name, membrane.gates[name], share, membrane_v, dt_s) for name, share in shares.items()}


def node_currents(membrane: Membrane, shares: Shares) -> tuple[jax.Array, jax.Array]:
    """Return the conductance in S of a node, and the current in A that it would pass inward at 0 V."""
    fast = membrane.node_fast_sodium_s * shares["m"] ** 3 * shares["h"]
    sodium = fast + membrane.node_persistent_sodium_s * shares["p"] ** 3
    potassium = membrane.node_slow_potassium_s * shares["s"] + membrane.node_fast_potassium_s * shares["n"] ** 4
    inward = sodium * membrane.sodium_v + potassium * membrane.potassium_v + membrane.node_leak_s * membrane.leak_v
    return jnp.asarray(sodium + potassium + membrane.node_leak_s), jnp.asarray(inward)


def internode_current(membrane: Membrane, shares: Shares, membrane_v: jax.Array) -> jax.Array:
    """Return the outward current in A of the compartments between nodes, less the part of the leak that is linear."""
    potassium = membrane.slow_potassium_s * shares["s"] + membrane.fast_potassium_s * shares["n"] ** 4
    gated = potassium * (membrane_v - membrane.potassium_v) + membrane.h_s * shares["q"] * (membrane_v - membrane.h_v)
    return jnp.asarray(gated - membrane.leak_s * membrane.leak_v)
