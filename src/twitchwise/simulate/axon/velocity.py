"""Conduction velocity of a motor axon, and whether it conducts at all."""

from collections.abc import Mapping

import numpy as np

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.protocol import Stimulus, run, steps_in
from twitchwise.simulate.axon.stimulus import through_node
from twitchwise.simulate.axon.subject import Resting, Subject, subject_of
from twitchwise.simulate.engine import double_precision, jax, jnp
from twitchwise.vocabulary.arrays import FloatArray

FROM_NODE, TO_NODE = 8, 16  # the stimulated end and the sealed end disturb neither
STEP_S = 5e-6  # the error of the trapezoidal rule falls with its square, so the two runs tell the limit
WINDOW_S = 16e-3  # the slowest conduction, 1.2 m/s, just ends within it
CURRENTS_A = np.array([1e-9, 3e-9, 1e-8, 3e-8])  # into the first node; the least that conducts counts
PULSE_S = 2e-4


def velocity_mps(changes: AxonChanges, parameters: Mapping[str, float], resting: Resting | None = None) -> float:
    """Return the conduction velocity in the limit of small steps, 0 where a discharge does not get along."""
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        subject = subject_of(changes, parameters, STEP_S, resting)
        coarser = subject_of(changes, parameters, 2 * STEP_S, subject.resting)
        fine, coarse = _velocities_mps(subject, STEP_S), _velocities_mps(coarser, 2 * STEP_S)
    conducting = (fine > 0) & (coarse > 0)
    if not conducting.any():
        return 0.0
    chosen = conducting.argmax()
    return float((4 * fine[chosen] - coarse[chosen]) / 3)


def _velocities_mps(subject: Subject, step_s: float) -> FloatArray:
    states = jax.tree.map(lambda each: jnp.repeat(each, CURRENTS_A.size, axis=0), subject.rest)
    stimulus = Stimulus(through_node(0), jnp.asarray(CURRENTS_A), jnp.full(CURRENTS_A.size, PULSE_S))
    first_s = np.asarray(run(subject.fiber, states, stimulus, step_s, steps_in(WINDOW_S, step_s)).first_s)
    start_s, stop_s = first_s[:, FROM_NODE], first_s[:, TO_NODE]
    sound = np.isfinite(start_s) & np.isfinite(stop_s) & (stop_s > start_s)
    length_m = (TO_NODE - FROM_NODE) * subject.internode_length_m
    velocities: FloatArray = np.where(
        sound, length_m / np.where(sound, stop_s - np.where(sound, start_s, 0.0), 1.0), 0.0
    )
    return velocities
