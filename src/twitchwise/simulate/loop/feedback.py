"""What comes back to the pools: stretch reflex, reciprocal and recurrent inhibition, and the eye's correction.

* Spindles answer to stretch beyond a threshold velocity, and to length; their signal arrives after a conduction delay,
  excites the muscle's own pool and inhibits that of the antagonist. Excitable motor neurons and a long delay make the
  loop unstable, and it settles in a limit cycle (two studies of ankle clonus by Hidler & Rymer, 1999 and 2000, a model
  and a measurement).
* Renshaw cells follow the mean discharge of a pool and inhibit it.
* The visuomotor loop drives the joint back to where it has been over the last second and damps its velocity, both late:
  tremor of action where the cerebellum does not predict the delay away.
"""

from typing import NamedTuple

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.loop.frames import FRAME_S
from twitchwise.simulate.twitches.sums import summed

RING = 512  # frames that a signal is kept: the longest delay there can be, in milliseconds
INTENDED_TIME_S = 1.0  # over this time the joint's mean angle becomes the intended one
TURNED = (-1.0, 1.0)  # the agonist is stretched where the joint turns back, the antagonist where it turns on


class FeedbackNumbers(NamedTuple):
    """Scalars of the feedback, but one."""

    gain_s: jax.Array
    length_gain: jax.Array
    threshold_radps: jax.Array
    reflex_frames: jax.Array
    reciprocal_inhibition: jax.Array
    renshaw_gain: jax.Array
    renshaw_step: jax.Array
    """Share by which the Renshaw cells follow in a frame."""
    renshaw_full: jax.Array
    """Discharges in a frame of all units together at the peak rate, shape ``(n_pools,)``."""
    visuomotor_gain: jax.Array
    visuomotor_lead_s: jax.Array
    visuomotor_frames: jax.Array


class FeedbackState(NamedTuple):
    """Signals on their way."""

    spindles: jax.Array
    """Ring of spindle signals, shape ``(RING, n_pools)``."""
    errors: jax.Array
    """Ring of how far the joint is off and is about to be, shape ``(RING,)``."""
    intended_rad: jax.Array
    renshaw: jax.Array
    """Activity of the Renshaw cells, 1 where all units discharge at the peak rate, shape ``(n_pools,)``."""


def at_rest(n_pools: int) -> FeedbackState:
    """Return the state in which no signal is on its way."""
    return FeedbackState(jnp.zeros((RING, n_pools)), jnp.zeros(RING), jnp.zeros(()), jnp.zeros(n_pools))


def arriving(state: FeedbackState, frame: jax.Array, numbers: FeedbackNumbers) -> jax.Array:
    """Return the drive that arrives at each pool in a frame, shape ``(n_pools,)``; below 0 it inhibits."""
    spindles = _delayed(state.spindles, frame - numbers.reflex_frames)
    n_pools = spindles.shape[0]
    reciprocal = numbers.reciprocal_inhibition * spindles[::-1] if n_pools > 1 else jnp.zeros(1)
    seen = _delayed(state.errors, frame - numbers.visuomotor_frames)
    correction = numbers.visuomotor_gain * seen * jnp.asarray(TURNED[:n_pools])
    return spindles - reciprocal + correction - numbers.renshaw_gain * state.renshaw


def followed(
    state: FeedbackState,
    frame: jax.Array,
    discharged: jax.Array,
    motion: tuple[jax.Array, jax.Array, jax.Array],
    numbers: FeedbackNumbers,
) -> FeedbackState:
    """Return the state a frame later.

    Parameters
    ----------
    state, frame, numbers
        Now; number of the frame, int32; scalars.
    discharged
        Discharges of each unit in the frame, shape ``(n_pools, n_units)``; units that do not exist count as silent.
    motion
        Angle in rad, angular velocity in rad/s, and the velocity in rad/s that a tap adds to the agonist's stretch.
    """
    angle, velocity, tap = motion
    n_pools = discharged.shape[0]
    turned, tapped = jnp.asarray(TURNED[:n_pools]), jnp.asarray((1.0, 0.0)[:n_pools])
    fast = jnp.maximum(turned * velocity + tapped * tap - numbers.threshold_radps, 0)
    spindles = numbers.gain_s * fast + numbers.length_gain * jnp.maximum(turned * angle, 0)
    intended = state.intended_rad + FRAME_S / INTENDED_TIME_S * (angle - state.intended_rad)
    error = angle - intended + numbers.visuomotor_lead_s * velocity
    mean = summed(discharged) / numbers.renshaw_full
    return FeedbackState(
        lax.dynamic_update_index_in_dim(state.spindles, spindles, frame % RING, 0),
        lax.dynamic_update_index_in_dim(state.errors, error, frame % RING, 0),
        intended,
        state.renshaw + numbers.renshaw_step * (mean - state.renshaw),
    )


def _delayed(ring: jax.Array, frame: jax.Array) -> jax.Array:
    """Return what a ring held at a frame, which lies at most its length back; zero before the first frame."""
    held: jax.Array = lax.dynamic_index_in_dim(ring, frame % RING, 0, keepdims=False)
    return held
