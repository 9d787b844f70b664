"""The compiled loop: membranes, twitches, joint and feedback stepped together, batched over subjects.

A run is cut into stretches of one length, so that runs of any duration share one compiled function, can be shown
progress of, and can be broken off.
"""

from functools import partial
from typing import NamedTuple

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.loop import feedback, mechanics, motor_neuron
from twitchwise.simulate.loop.feedback import FeedbackNumbers, FeedbackState
from twitchwise.simulate.loop.frames import FRAME_S, SUBSTEP_S
from twitchwise.simulate.loop.mechanics import JointNumbers, JointState
from twitchwise.simulate.loop.motor_neuron import MotorNeurons, MotorNeuronState
from twitchwise.simulate.twitches import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches import state as twitches
from twitchwise.simulate.twitches.forces import UNROLLED
from twitchwise.simulate.twitches.sums import summed

STRETCH_FRAMES = 2000  # two seconds: little is computed in vain at the end, and little time goes by between stretches
JOINT_UNROLLED = 8  # frames per turn where the joint is stepped alone: a turn costs more than a frame


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
    force: tuple[jax.Array, jax.Array] | None = None
    """Of each muscle in N at its cross-bridges and at its tendon, where nothing comes back; ``(n_frames, n_pools)``."""


class Parts(NamedTuple):
    """Which parts of the loop are computed; what nothing depends on is left out."""

    motion: bool
    """Twitches and joint, frame by frame with the pools; where nothing comes back they may as well follow later."""
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
    pulls = summed(twitches.force_n(pulled, system.twitches)) * system.joint.moment_arm
    joint = mechanics.moved(now.joint, pulls, given.torque, given.held_angle, system.joint)
    signals = now.feedback
    if parts.feedback:
        motion = (joint.angle, joint.velocity, given.tap)
        signals = feedback.followed(signals, frame, discharged.released, motion, system.feedback)
    return State(neurons, pulled, signals, joint), Outputs(discharged.code, drive, pulls, joint)


class Followed(NamedTuple):
    """What follows from the discharges of one subject."""

    twitches: TwitchState
    late: jax.Array
    """Share of each unit's last discharge that acts in the next frame, shape ``(n_pools, n_units)``."""
    joint: JointState


def unmoved(system: System) -> Followed:
    """Return the state of one subject before any discharge."""
    late = jnp.zeros_like(system.neurons.threshold)
    return Followed(twitches.at_rest(system.twitches), late, mechanics.at_rest())


def follow_one(system: System, state: Followed, given: Inputs, code: jax.Array) -> tuple[Followed, Outputs]:
    """Step twitches and joint of one subject through frames whose discharges are known.

    A discharge within a frame is shared in proportion between this frame and the next.
    """
    late = code * jnp.float32(SUBSTEP_S / FRAME_S)
    soon = jnp.where(code > 0, 1 - late, 0)
    released = soon + jnp.concatenate([state.late[jnp.newaxis], late[:-1]])

    def pull(now: TwitchState, share: jax.Array) -> tuple[TwitchState, tuple[jax.Array, jax.Array]]:
        later = twitches.advance(now, share, system.twitches, FRAME_S)
        forces = (twitches.contractile_force_n(later, system.twitches), twitches.force_n(later, system.twitches))
        return later, (summed(forces[0]), summed(forces[1]))

    def move(now: JointState, around: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[JointState, JointState]:
        later = mechanics.moved(now, *around, system.joint)
        return later, later

    pulled, (contractile, tendon) = lax.scan(pull, state.twitches, released, unroll=UNROLLED)
    torque = tendon * system.joint.moment_arm
    moved, motion = lax.scan(move, state.joint, (torque, given.torque, given.held_angle), unroll=JOINT_UNROLLED)
    outputs = Outputs(code, jnp.clip(given.drive, -1.0, 1.0), torque, motion, (contractile, tendon))
    return Followed(pulled, late[-1], moved), outputs


follow_stretch = jax.jit(jax.vmap(follow_one))
"""Step twitches and joints of subjects, which the first axis of every array counts, through known discharges."""

start_following = jax.jit(jax.vmap(unmoved))
"""Return the states of subjects before any discharge."""


@partial(jax.jit, static_argnames=("parts",))
def run_stretch(
    systems: System, states: State, inputs: Inputs, first_frame: jax.Array, parts: Parts
) -> tuple[State, Outputs]:
    """Step subjects, which the first axis of every array counts, through the frames of the inputs."""
    batched = jax.vmap(partial(run_one, parts=parts), in_axes=(0, 0, 0, None))
    return batched(systems, states, inputs, first_frame)


start = jax.jit(jax.vmap(at_rest))
"""Return the states of subjects at rest."""
