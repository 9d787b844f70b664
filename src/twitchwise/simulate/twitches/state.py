"""The twitch as a state that a compiled loop advances: at rest, a step later, and the force it gives.

`TwitchCoefficients` come from `coefficients_of`, which needs no JAX.
"""

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.twitches.coefficients import coefficients_of
from twitchwise.simulate.twitches.mechanism import STRETCHES, TwitchCoefficients, TwitchState, stepped, tetanic_share

__all__ = [
    "TwitchCoefficients",
    "TwitchState",
    "advance",
    "at_rest",
    "coefficients_of",
    "contractile_force_n",
    "force_n",
]


def at_rest(coefficients: TwitchCoefficients) -> TwitchState:
    """Return the state of muscle that has long been quiet; arrays of shape ``(n_units,)``."""
    zero = jnp.zeros_like(jnp.asarray(coefficients.content))
    return TwitchState(zero, zero, zero, zero, zero, zero, (zero,) * STRETCHES)


def advance(state: TwitchState, released: jax.Array, coefficients: TwitchCoefficients, dt_s: float) -> TwitchState:
    """Return the state a step later.

    Parameters
    ----------
    state
        Now.
    released
        For each unit what a discharge at the start of this step activates, shape ``(n_units,)``: 0 without one, 1 with
        one, between where only that share of its fibers was reached. Two discharges in one step add.
    coefficients
        As `coefficients_of` gives them.
    dt_s
        Length of the step in seconds, at most 0.001.
    """
    return stepped(state, released, coefficients, dt_s)


def force_n(state: TwitchState, coefficients: TwitchCoefficients) -> jax.Array:
    """Return the force of each unit at the end of the tendon in N, shape ``(n_units,)``."""
    return tetanic_share(state.tendon[-1], coefficients) * coefficients.tetanic_n


def contractile_force_n(state: TwitchState, coefficients: TwitchCoefficients) -> jax.Array:
    """Return the force of each unit's cross-bridges in N, shape ``(n_units,)``.

    It moves the muscle itself, and with it the skin above, earlier than the tendon pulls.
    """
    return tetanic_share(state.cross_bridges, coefficients) * coefficients.tetanic_n
