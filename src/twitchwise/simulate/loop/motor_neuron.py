"""A pool of motor neurons: leaky membrane, after-hyperpolarization, persistent inward current, synaptic noise.

Potentials are in distances from rest to threshold, currents in units of the rheobase without after-hyperpolarization:

* membrane: ``tau dv/dt = -v - g (v - e) + i + p + noise``; at ``v = 1`` a discharge, and ``v = 0``;
* after-hyperpolarization: a discharge opens ``g`` in full, and it decays, the slower the smaller the unit;
* persistent inward current ``p = P m``, with ``m`` a steep sigmoid of ``i + p``: because it feeds on itself it comes on
  at a higher drive than it goes off, and can outlast all drive (Zijdewind & Thomas 2014,
  doi:10.3389/fnhum.2014.00922, measured the rates at both ends);
* ``i`` rises in a straight line from no drive to the unit's recruitment threshold, and bends beyond, so that the rate
  rises in a straight line to the peak rate at full drive.

The membrane is stepped by the implicit Euler rule, and `calibration` finds the currents with the same rule.
"""

from typing import NamedTuple

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop.frames import SUBSTEP_S, SUBSTEPS
from twitchwise.simulate.loop.noise import uniform

SURROGATE_WIDTH = 0.1  # where the derivative of a discharge is sought, it is that of a sigmoid of this width


class MotorNeurons(NamedTuple):
    """What makes each motor neuron; every array has shape ``(n_pools, n_units)`` but the scalars."""

    threshold: jax.Array
    """Drive at recruitment."""
    recruitment_current: jax.Array
    """Synaptic current at recruitment."""
    current_rise: jax.Array
    """By how much the synaptic current rises from there to full drive."""
    current_bend: jax.Array
    """Four times how far it lies above a straight line half way."""
    plateau_current: jax.Array
    plateau_midpoint: jax.Array
    plateau_width: jax.Array
    conductance_kept: jax.Array
    """Share of the after-hyperpolarization conductance that is left after a substep."""
    stimulus_delay: jax.Array
    """Substeps from a stimulus of the nerve to the discharge in the muscle, int32; far below 0 where none comes."""
    salt: jax.Array
    """Two uint32 for each unit, shape ``(2, n_pools, n_units)``, that its noise follows from."""
    conductance: jax.Array
    reversal: jax.Array
    membrane_steps: jax.Array
    """Membrane time constants in a substep."""
    plateau_step: jax.Array
    """Share by which the plateau settles in a frame."""
    noise: jax.Array
    """Amplitude of the noise of a substep, half the width of its even distribution."""


class MotorNeuronState(NamedTuple):
    """Where each motor neuron is; every array has shape ``(n_pools, n_units)``."""

    potential: jax.Array
    conductance: jax.Array
    plateau: jax.Array


class Discharged(NamedTuple):
    """What happened in a frame; every array has shape ``(n_pools, n_units)``."""

    released: jax.Array
    """1 where the unit discharged, else 0, float."""
    code: jax.Array
    """0, or the number of the substep (from 1) at whose end the unit discharged, uint8."""


def at_rest(neurons: MotorNeurons) -> MotorNeuronState:
    """Return the state of a pool without drive."""
    zero = jnp.zeros_like(neurons.threshold)
    return MotorNeuronState(zero, zero, zero)


def synaptic_current(drive: jax.Array, neurons: MotorNeurons) -> jax.Array:
    """Return the synaptic current that a pool's drive gives each unit; ``drive`` has shape ``(n_pools,)``."""
    u, threshold = drive[:, None], neurons.threshold
    above = (u - threshold) / jnp.maximum(1 - threshold, SUBSTEP_S)
    rise = above * (neurons.current_rise + neurons.current_bend * (1 - above))
    return neurons.recruitment_current * jnp.minimum(u / threshold, 1) + jnp.where(above > 0, rise, 0)


def advance(
    state: MotorNeuronState, drive: jax.Array, frame: jax.Array, since_stimulus: jax.Array, neurons: MotorNeurons
) -> tuple[MotorNeuronState, Discharged]:
    """Return the state a frame later, and who discharged.

    Parameters
    ----------
    state
        Now.
    drive
        Share of the maximal excitation, shape ``(n_pools,)``; below 0 it inhibits.
    frame
        Number of the frame, int32, which the noise is drawn for.
    since_stimulus
        Frames since the nerve was stimulated, int32; negative when it was not.
    neurons
        What makes the pool.
    """
    potential, conductance, plateau = state
    synaptic = synaptic_current(drive, neurons)
    total = synaptic + neurons.plateau_current * plateau
    goal = jax.nn.sigmoid((total - neurons.plateau_midpoint) / neurons.plateau_width)
    plateau = plateau + neurons.plateau_step * (goal - plateau)
    released, code = jnp.zeros_like(potential), jnp.zeros_like(potential)
    for substep in range(SUBSTEPS):
        moment = frame * SUBSTEPS + substep
        stimulated = neurons.stimulus_delay == since_stimulus * SUBSTEPS + substep
        potential = _potential(potential, conductance, total + neurons.noise * uniform(moment, neurons.salt), neurons)
        now = jnp.maximum(discharges(potential - 1), stimulated)
        potential = potential * (1 - now)
        conductance = conductance * neurons.conductance_kept * (1 - now) + neurons.conductance * now
        released, code = released + now, jnp.where(now > 0, substep + 1.0, code)
    return MotorNeuronState(potential, conductance, plateau), Discharged(released, code.astype(jnp.uint8))


def _potential(potential: jax.Array, conductance: jax.Array, current: jax.Array, neurons: MotorNeurons) -> jax.Array:
    step = neurons.membrane_steps
    return (potential + step * (current + conductance * neurons.reversal)) / (1 + step * (1 + conductance))


@jax.custom_jvp
def discharges(above: jax.Array) -> jax.Array:
    """Return 1 where the potential has reached its threshold, else 0; its derivative is that of a sigmoid."""
    return jnp.where(above >= 0, 1.0, 0.0)


@discharges.defjvp
def _slope(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (above,), (change,) = primals, tangents
    share = jax.nn.sigmoid(above / SURROGATE_WIDTH)
    return discharges(above), share * (1 - share) / SURROGATE_WIDTH * change
