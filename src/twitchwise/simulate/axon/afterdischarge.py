"""Discharges that outlast their stimulus: bistability between rest and repetitive discharge.

Persistent inward current and weak potassium currents make it possible (Coggan et al. 2011,
doi:10.1088/1741-2560/8/6/065002).
"""

from collections.abc import Mapping

import numpy as np

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.protocol import Stimulus, run, steps_in
from twitchwise.simulate.axon.subject import Subject, subject_of
from twitchwise.simulate.axon.table import Afterdischarges
from twitchwise.simulate.engine import double_precision, jax, jnp

DT_S = 5e-6
WATCHED_S = 0.1  # long enough for ten discharges at the slowest repetitive rates of motor axons
BRIEF_S = 1e-3


def afterdischarges(changes: AxonChanges, parameters: Mapping[str, float]) -> Afterdischarges:
    """Return the discharges beyond those that a stimulus asks for."""
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        return afterdischarges_of(subject_of(changes, parameters, DT_S), parameters)


def afterdischarges_of(subject: Subject, parameters: Mapping[str, float]) -> Afterdischarges:
    """Return the same for an axon laid ready, in steps of 5 microseconds and 64 bits.

    Three runs side by side: a strong brief pulse, a weak sustained current, and next to nothing.
    """
    strong_a, weak_a = parameters["axon_ectopic_pulse"], parameters["axon_ectopic_current"]
    currents_a = jnp.array([strong_a, weak_a, 0.01 * weak_a, 0.0])
    durations_s = jnp.array([BRIEF_S, WATCHED_S, BRIEF_S, BRIEF_S])
    states = jax.tree.map(lambda each: jnp.repeat(each, currents_a.size, axis=0), subject.rest)
    stimulus = Stimulus(subject.inside, currents_a, durations_s)
    outcome = run(subject.fiber, states, stimulus, DT_S, steps_in(WATCHED_S, DT_S))
    counts = np.asarray(outcome.discharges)
    repeated = np.flatnonzero(counts >= 2)  # noqa: PLR2004 - an interval takes two
    intervals_s = [float(outcome.last_s[each] - outcome.before_last_s[each]) for each in repeated]
    return Afterdischarges(
        after_brief=max(int(counts[0]) - 1, 0),
        during_sustained=int(counts[1]),
        interval_s=intervals_s[0] if intervals_s else None,
        spontaneous=bool(counts[2] > 1 or counts[3] > 1),
    )
