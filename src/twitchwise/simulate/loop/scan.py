"""The compiled loop: membranes, twitches, joint and feedback stepped together, batched over subjects.

A run is cut into stretches of one length, so that runs of any duration share one compiled function, can be shown
progress of, and can be broken off.
"""

from functools import partial
from typing import NamedTuple

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.loop import feedback, mechanics, motor_neuron
from twitchwise.simulate.loop.feedback import FeedbackNumbers, FeedbackState
from twitchwise.simulate.loop.frames import FRAME_S
from twitchwise.simulate.loop.mechanics import JointNumbers, JointState
from twitchwise.simulate.loop.motor_neuron import MotorNeurons, MotorNeuronState
from twitchwise.simulate.twitches import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches import state as twitches

STRETCH_FRAMES = 2000  # two seconds: little is computed in vain at the end, and little time goes by between stretches


class System(NamedTuple):
    """What is constant in a run of one subject; arrays of units have shape ``(n_pools, n_units)``."""

    neurons: MotorNeurons
    twitches: TwitchCoefficients
    feedback: FeedbackNumbers
    joint: JointNumbers


class State(NamedTuple):
    """What changes in a run of one subject."""

    neurons: MotorNeuronState
    twitches: TwitchState
    feedback: FeedbackState
    joint: JointState


class Inputs(NamedTuple):
    """What comes from outside in each frame; every array has shape ``(n_frames, ...)``."""

    drive: jax.Array
    """Shape ``(n_frames, n_pools)``."""
    tap: jax.Array
    torque: jax.Array
    held_angle: jax.Array
    since_stimulus: jax.Array


class Outputs(NamedTuple):
    """What is kept of each frame."""

    code: jax.Array
    """Substep of each unit's discharge or 0, uint8, shape ``(n_frames, n_pools, n_units)``."""
    drive: jax.Array | None
    """Drive with feedback, shape ``(n_frames, n_pools)``."""
    torque: jax.Array | None
    """Torque of each muscle in N m, shape ``(n_frames, n_pools)``."""
    joint: JointState | None
    """At the end of each frame, shape ``(n_frames,)``."""


class Parts(NamedTuple):
    """Which parts of the loop are computed; what nothing depends on is left out."""

    motion: bool
    """Twitches and joint."""
    feedback: bool
    """What comes back to the pools, which needs motion."""


def at_rest(system: System) -> State:
    """Return the state of one subject at rest."""
    return State(
        motor_neuron.at_rest(system.neurons),
        twitches.at_rest(system.twitches),
        feedback.at_rest(system.neurons.threshold.shape[0]),
        mechanics.at_rest(),
    )


def run_one(
    system: System, state: State, inputs: Inputs, first_frame: jax.Array, parts: Parts
) -> tuple[State, Outputs]:
    """Step one subject through the frames of the inputs; the noise follows from the number of the first."""

    def step(now: State, given: tuple[jax.Array, Inputs]) -> tuple[State, Outputs]:
        return _frame(system, now, given[0], given[1], parts)

    frames = first_frame + jnp.arange(inputs.tap.shape[0], dtype=jnp.int32)
    return lax.scan(step, state, (frames, inputs))


def _frame(system: System, now: State, frame: jax.Array, given: Inputs, parts: Parts) -> tuple[State, Outputs]:
    drive = given.drive
    if parts.feedback:
        drive = drive + feedback.arriving(now.feedback, frame, system.feedback)
    drive = jnp.clip(drive, -1.0, 1.0)
    neurons, discharged = motor_neuron.advance(now.neurons, drive, frame, given.since_stimulus, system.neurons)
    if not parts.motion:
        return now._replace(neurons=neurons), Outputs(discharged.code, None, None, None)
    pulled = twitches.advance(now.twitches, discharged.released, system.twitches, FRAME_S)
    pulls = twitches.force_n(pulled, system.twitches).sum(axis=1) * system.joint.moment_arm
    joint = mechanics.moved(now.joint, pulls, given.torque, given.held_angle, system.joint)
    signals = now.feedback
    if parts.feedback:
        motion = (joint.angle, joint.velocity, given.tap)
        signals = feedback.followed(signals, frame, discharged.released, motion, system.feedback)
    return State(neurons, pulled, signals, joint), Outputs(discharged.code, drive, pulls, joint)


@partial(jax.jit, static_argnames=("parts",))
def run_stretch(
    systems: System, states: State, inputs: Inputs, first_frame: jax.Array, parts: Parts
) -> tuple[State, Outputs]:
    """Step subjects, which the first axis of every array counts, through the frames of the inputs."""
    batched = jax.vmap(partial(run_one, parts=parts), in_axes=(0, 0, 0, None))
    return batched(systems, states, inputs, first_frame)


start = jax.jit(jax.vmap(at_rest))
"""Return the states of subjects at rest."""
