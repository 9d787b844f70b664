"""Force of a whole muscle at its cross-bridges, which moves the skin, and at its tendon, which moves the joint."""

import numpy as np

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.twitches.forces import STEP_S, UNROLLED, Impulses, _steps
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches.state import advance, at_rest, contractile_force_n, force_n
from twitchwise.vocabulary.arrays import FloatArray


def muscle_and_tendon_force_n(
    impulses: Impulses, coefficients: TwitchCoefficients, n_steps: int
) -> tuple[FloatArray, FloatArray]:
    """Return the force of all units together at the cross-bridges and at the tendon.

    Parameters
    ----------
    impulses
        Discharges from the first step on, in any order.
    coefficients
        As `coefficients_of` gives them.
    n_steps
        How many milliseconds to return.

    Returns
    -------
    tuple
        Force in N at the end of each millisecond, both of shape ``(n_steps,)``.

    Raises
    ------
    OutOfRangeError
        If a discharge belongs to no unit, comes before the start, or there is no step.
    """
    steps = _steps(impulses, np.shape(coefficients.content)[0], n_steps, 1 / STEP_S)
    contractile, tendon = _stepped(steps, coefficients)
    return np.asarray(contractile, dtype=np.float64)[:n_steps], np.asarray(tendon, dtype=np.float64)[:n_steps]


@jax.jit
def _stepped(steps: jax.Array, coefficients: TwitchCoefficients) -> tuple[jax.Array, jax.Array]:
    k = jax.tree.map(lambda leaf: jnp.asarray(leaf, steps.dtype), coefficients)

    def step(state: TwitchState, released: jax.Array) -> tuple[TwitchState, tuple[jax.Array, jax.Array]]:
        later = advance(state, released, k, STEP_S)
        return later, (contractile_force_n(later, k).sum(), force_n(later, k).sum())

    _, forces = lax.scan(step, at_rest(k), steps, unroll=UNROLLED)
    return forces
