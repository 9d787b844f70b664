"""The joint inside the loop: one step of inertia, damping and stiffness by the implicit midpoint rule.

The rule neither feeds nor damps a resonance and keeps its frequency to a part in 1000 below 20 Hz. Muscle that pulls is
stiffer: stiffness rises with the sum of the muscles' torques, which is why a supported load does not slow a hand's
tremor as much as its mass alone would (Lakie et al. 2015, doi:10.1113/JP270464).
"""

from typing import NamedTuple

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop.frames import FRAME_S


class JointNumbers(NamedTuple):
    """Scalars of the joint, with its load."""

    inertia: jax.Array
    stiffness: jax.Array
    damping: jax.Array
    stiffness_per_torque: jax.Array
    load_torque: jax.Array
    moment_arm: jax.Array
    held: jax.Array
    """1 where a motor sets the angle, else 0."""


class JointState(NamedTuple):
    """Angle, angular velocity and angular acceleration of the joint; scalars."""

    angle: jax.Array
    velocity: jax.Array
    acceleration: jax.Array


def at_rest() -> JointState:
    """Return the state of a joint at its resting angle."""
    zero = jnp.zeros(())
    return JointState(zero, zero, zero)


def moved(
    state: JointState, pulls: jax.Array, external: jax.Array, held_angle: jax.Array, numbers: JointNumbers
) -> JointState:
    """Return the state a frame later.

    Parameters
    ----------
    state, numbers
        Now; scalars of the joint.
    pulls
        Torque of each muscle in its own direction in N m, shape ``(n_pools,)``.
    external
        Torque from outside in N m.
    held_angle
        Angle that a motor sets in rad, where one holds the joint.
    """
    net = pulls[0] - pulls[1:].sum() + external - numbers.load_torque * jnp.cos(state.angle)
    stiffness = numbers.stiffness + numbers.stiffness_per_torque * pulls.sum()
    losing = FRAME_S / 2 * (numbers.damping + FRAME_S / 2 * stiffness)
    gained = FRAME_S * (net - stiffness * state.angle)
    free = ((numbers.inertia - losing) * state.velocity + gained) / (numbers.inertia + losing)
    held = (held_angle - state.angle) / FRAME_S
    velocity = numbers.held * held + (1 - numbers.held) * free
    path = numbers.held * held + (1 - numbers.held) * (state.velocity + free) / 2
    return JointState(state.angle + FRAME_S * path, velocity, (velocity - state.velocity) / FRAME_S)
