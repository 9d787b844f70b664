"""Force of a whole muscle at its cross-bridges, which moves the skin, and at its tendon, which moves the joint."""

from typing import cast

import numpy as np

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.twitches.calibration import resting
from twitchwise.simulate.twitches.forces import STEP_S, UNROLLED, Impulses, released_by_step, require_of_units
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches.state import advance, contractile_force_n, force_n
from twitchwise.simulate.twitches.sums import summed
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

STRETCH_STEPS = 2048  # runs are cut into stretches of one length: one is compiled, whatever the duration


def muscle_and_tendon_force_n(
    impulses: Impulses, coefficients: TwitchCoefficients, n_steps: int
) -> tuple[FloatArray, FloatArray]:
    """Return the force of all units together at the cross-bridges and at the tendon.

    Parameters
    ----------
    impulses
        Discharges from the first step on, in any order.
    coefficients
        As `coefficients_of` gives them; a unit whose tetanic force is below 0 is taken away from the others.
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
    (n_units,) = np.shape(coefficients.content)
    require_positive("n_steps", n_steps)
    require_of_units(impulses, n_units)
    k = TwitchCoefficients(*(cast("jax.Array", np.asarray(column, np.float32)) for column in coefficients))
    state, parts = resting(k), []
    for start in range(0, n_steps, STRETCH_STEPS):
        # a stretch runs beside the preparation of the next
        state, forces = _stepped(state, released_by_step(impulses, n_units, start, STRETCH_STEPS), k)
        parts.append(forces)
    contractile, tendon = (np.concatenate(part)[:n_steps].astype(np.float64) for part in zip(*parts, strict=True))
    return contractile, tendon


@jax.jit
def _stepped(
    state: TwitchState, steps: jax.Array, k: TwitchCoefficients
) -> tuple[TwitchState, tuple[jax.Array, jax.Array]]:
    state = jax.tree.map(lambda leaf: jnp.asarray(leaf, steps.dtype), state)

    def step(now: TwitchState, released: jax.Array) -> tuple[TwitchState, tuple[jax.Array, jax.Array]]:
        later = advance(now, released, k, STEP_S)
        return later, (summed(contractile_force_n(later, k)), summed(force_n(later, k)))

    return lax.scan(step, state, steps, unroll=UNROLLED)
