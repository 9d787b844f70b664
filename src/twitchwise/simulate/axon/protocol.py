"""Runs of a motor axon under stimuli, and the search for thresholds: many stimuli side by side."""

from typing import NamedTuple

import numpy as np

from twitchwise.simulate.axon.cable import NODES
from twitchwise.simulate.axon.fiber import Fiber, State, advance, advance_between
from twitchwise.simulate.axon.stimulus import MIDDLE_NODE, Pattern
from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

DISCHARGE_LEVEL_V = -0.03  # a node that rises through it discharges: far above any threshold, below any spike's peak
WATCHED_NODES = (MIDDLE_NODE - 6, MIDDLE_NODE + 6)  # far enough from the electrode that only a discharge gets there
COARSE = 4  # steps for one step of the slow gates between nodes; halving it changes no threshold by 0.1 %
RESOLUTION = 1e-3  # a threshold is known to a part in 2,000 when its bracket is this narrow
SIDE_BY_SIDE = 2  # stimuli per case in a round of the search, which then cuts the bracket to a third
SMALL_BATCH = 4  # stimuli in every small run: one size is compiled once


class Stimulus(NamedTuple):
    """Pulses that start with the run: where, how much in A, for how long in s; one amount and length per stimulus."""

    pattern: Pattern
    current_a: jax.Array
    duration_s: jax.Array


class Run(NamedTuple):
    """What came of each stimulus.

    ``first_s`` is when each node first discharged, inf if not, shape ``(stimuli, 21)``; ``discharges``, ``last_s``
    and ``before_last_s`` say how often, and when for the last two times, a far node did, shape ``(stimuli,)``.
    """

    state: State
    first_s: jax.Array
    discharges: jax.Array
    last_s: jax.Array
    before_last_s: jax.Array


@jax.jit
def run(fiber: Fiber, state: State, stimulus: Stimulus, dt_s: float, steps: int) -> Run:
    """Return what happens in ``4 * steps`` steps of ``dt_s`` seconds."""
    never = jnp.full(stimulus.current_a.shape, jnp.inf)
    start = Run(state, jnp.full((*never.shape, NODES), jnp.inf), jnp.zeros(never.shape, jnp.int32), never, never)

    def body(index: jax.Array, so_far: Run) -> Run:
        so_far = so_far._replace(state=advance_between(fiber, so_far.state, COARSE * dt_s))
        stepped: Run = lax.fori_loop(
            0, COARSE, lambda part, each: _step(fiber, each, stimulus, dt_s, (COARSE * index + part) * dt_s), so_far
        )
        return stepped

    finished: Run = lax.fori_loop(0, steps, body, start)
    return finished


def _step(fiber: Fiber, so_far: Run, stimulus: Stimulus, dt_s: float, time_s: jax.Array) -> Run:
    on = jnp.where(time_s < stimulus.duration_s - dt_s / 2, stimulus.current_a, 0.0)
    state = advance(fiber, so_far.state, stimulus.pattern, on, dt_s)
    old_v, new_v = so_far.state.node_v, state.node_v
    crossing = (old_v < DISCHARGE_LEVEL_V) & (new_v >= DISCHARGE_LEVEL_V)
    at_s = time_s + dt_s * (DISCHARGE_LEVEL_V - old_v) / jnp.where(crossing, new_v - old_v, 1.0)
    far, far_s = crossing[:, WATCHED_NODES[1]], at_s[:, WATCHED_NODES[1]]
    return Run(
        state,
        jnp.where(crossing & jnp.isinf(so_far.first_s), at_s, so_far.first_s),
        so_far.discharges + far,
        jnp.where(far, far_s, so_far.last_s),
        jnp.where(far, so_far.last_s, so_far.before_last_s),
    )


def steps_in(duration_s: float, dt_s: float) -> int:
    """Return how many rounds of `run` a duration takes, to the nearest."""
    return round(duration_s / (COARSE * dt_s))


class Case(NamedTuple):
    """Cases whose thresholds are sought at once: states, a pattern, and the pulse length of each in s."""

    states: State
    pattern: Pattern
    duration_s: FloatArray


def thresholds_a(fiber: Fiber, case: Case, between_a: tuple[float, float], dt_s: float, window_s: float) -> FloatArray:
    """Return the least current in A of each case whose discharge travels both ways, nan where none does.

    Each round tries two currents per case, evenly apart on a logarithmic scale.
    """
    n_cases = case.duration_s.size
    states = jax.tree.map(lambda each: jnp.repeat(each, SIDE_BY_SIDE, axis=0), case.states)
    durations = jnp.repeat(jnp.asarray(case.duration_s), SIDE_BY_SIDE)
    edges = np.log(np.tile(np.array(between_a), (n_cases, 1)))
    found = np.zeros(n_cases, dtype=np.bool_)
    while np.max(edges[:, 1] - edges[:, 0]) > RESOLUTION:
        tried = np.linspace(edges[:, 0], edges[:, 1], SIDE_BY_SIDE + 2, axis=1)
        currents = jnp.asarray(np.exp(tried[:, 1:-1]).ravel())
        outcome = run(fiber, states, Stimulus(case.pattern, currents, durations), dt_s, steps_in(window_s, dt_s))
        fired = travelled(outcome).reshape(n_cases, SIDE_BY_SIDE)
        found |= fired.any(axis=1)
        first = np.where(fired.any(axis=1), fired.argmax(axis=1), SIDE_BY_SIDE)
        edges = np.stack([tried[np.arange(n_cases), first], tried[np.arange(n_cases), first + 1]], axis=1)
    thresholds: FloatArray = np.where(found, np.exp(edges.mean(axis=1)), np.nan)
    return thresholds


def travelled(outcome: Run) -> BoolArray:
    """Return which stimuli made a discharge that reached the watched nodes on both sides."""
    first_s = np.asarray(outcome.first_s)[:, list(WATCHED_NODES)]
    reached: BoolArray = np.isfinite(first_s).all(axis=1)
    return reached
