"""Gates of the motor axon's channels: opening and closing rates of McIntyre et al. (2002) and Gaines et al. (2018).

doi:10.1152/jn.00353.2001 and doi:10.1007/s10827-018-0689-5. Rates have one of three forms in the membrane potential,
each with a rate, a midpoint and a slope; temperature multiplies them by a factor for ten degrees.
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.engine import jax, jnp

NEAR_MIDPOINT = 1e-6  # below it, x / (1 - exp(-x)) is taken as its limit, which it then equals to 1 in 2 million


class Form(Enum):
    """How a rate depends on ``x``, the distance of the potential from the midpoint in slopes."""

    LINEAR = "x / (1 - exp(-x))"
    EXPONENTIAL = "exp(x)"
    SIGMOID = "1 / (1 + exp(-x))"


class Gate(NamedTuple):
    """Six numbers of one gate, rates in 1/s at the axon's temperature, potentials in V."""

    opening_rate: jax.Array | float
    opening_midpoint_v: jax.Array | float
    opening_slope_v: jax.Array | float
    closing_rate: jax.Array | float
    closing_midpoint_v: jax.Array | float
    closing_slope_v: jax.Array | float


FORMS = {
    "m": (Form.LINEAR, Form.LINEAR),
    "h": (Form.LINEAR, Form.SIGMOID),
    "p": (Form.LINEAR, Form.LINEAR),
    "s": (Form.SIGMOID, Form.SIGMOID),
    "n": (Form.LINEAR, Form.LINEAR),
    "q": (Form.EXPONENTIAL, Form.EXPONENTIAL),
}
"""Fast sodium m and h, persistent sodium p, slow potassium s, fast potassium n, hyperpolarization-activated q."""

_RATE_SCALES = {"m": "sodium_activation", "p": "sodium_activation", "h": "sodium_inactivation"}


def gates_of(changes: AxonChanges, parameters: Mapping[str, float]) -> dict[str, Gate]:
    """Return the gates at an axon's temperature and with the shift of its surface charge."""
    return {name: _gate(name, changes, parameters) for name in FORMS}


def _gate(name: str, changes: AxonChanges, parameters: Mapping[str, float]) -> Gate:
    group = _RATE_SCALES.get(name, "potassium")
    tens = (changes.temperature_c - parameters[f"axon_gate_{group}_temperature"]) / 10
    faster = parameters[f"axon_gate_{group}_q10"] ** tens

    def numbers(way: str) -> tuple[float, float, float]:
        stem = f"axon_gate_{name}_{way}"
        midpoint_v = parameters[f"{stem}_midpoint"] + changes.gate_shift_v
        return faster * parameters[f"{stem}_rate"], midpoint_v, parameters[f"{stem}_slope"]

    return Gate(*numbers("opening"), *numbers("closing"))


def rates(name: str, gate: Gate, membrane_v: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the opening and the closing rate in 1/s at a membrane potential in V; any shape, which is kept."""
    opening, closing = FORMS[name]
    return (
        gate.opening_rate * _shape(opening, (membrane_v - gate.opening_midpoint_v) / gate.opening_slope_v),
        gate.closing_rate * _shape(closing, (membrane_v - gate.closing_midpoint_v) / gate.closing_slope_v),
    )


def steady(name: str, gate: Gate, membrane_v: jax.Array) -> jax.Array:
    """Return the open share that a gate settles at."""
    opening, closing = rates(name, gate, membrane_v)
    return opening / (opening + closing)


def advanced(name: str, gate: Gate, share: jax.Array, membrane_v: jax.Array, dt_s: float | jax.Array) -> jax.Array:
    """Return the open share a step later by the trapezoidal rule, the potential being that of mid-step."""
    opening, closing = rates(name, gate, membrane_v)
    half = dt_s / 2 * (opening + closing)
    return (share * (1 - half) + dt_s * opening) / (1 + half)


def _shape(form: Form, x: jax.Array) -> jax.Array:
    if form is Form.EXPONENTIAL:
        return jnp.exp(x)
    if form is Form.SIGMOID:
        return 1 / (1 + jnp.exp(-x))
    near = jnp.abs(x) < NEAR_MIDPOINT
    safe = jnp.where(near, 1.0, x)
    return jnp.where(near, 1.0, safe / (1 - jnp.exp(-safe)))
