"""Force of a train of discharges: every unit's twitch state stepped in one compiled loop, then sampled.

The loop runs at 1 kHz whatever the sampling rate. A discharge between two steps is shared between them in proportion,
which keeps its time; force is so smooth that a straight line between steps is right to a part in a thousand.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches.state import advance, at_rest, force_n
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive

STEP_S = 1e-3  # the longest step that `advance` takes
STEPS_AT_ONCE = 1024  # lengths are filled up to a multiple of this, so that few of them have to be compiled
UNROLLED = 2  # steps per turn of the compiled loop: hides the turn's own cost, and more only take longer to compile


class Impulses(NamedTuple):
    """Discharges of motor units: when, of which unit, and of which share of its fibers; every array ``(n,)``.

    ``share`` is 1 where the neuromuscular junctions of all fibers transmitted.
    """

    time_s: FloatArray
    unit: IntArray
    share: FloatArray


def impulses_of(time_s: FloatArray, unit: IntArray, share: FloatArray | None = None) -> Impulses:
    """Return discharges, of all fibers unless a share is given."""
    times = np.asarray(time_s, dtype=np.float64)
    shares = np.ones_like(times) if share is None else np.asarray(share, dtype=np.float64)
    return Impulses(times, np.asarray(unit, dtype=np.int64), shares)


def muscle_force_n(
    impulses: Impulses, coefficients: TwitchCoefficients, n_samples: int, sampling_rate_hz: float
) -> FloatArray:
    """Return the force of all units together at the end of the tendon.

    Parameters
    ----------
    impulses
        Discharges from the start of the recording on, in any order.
    coefficients
        As `coefficients_of` gives them.
    n_samples, sampling_rate_hz
        What to return.

    Returns
    -------
    FloatArray
        Force in N, shape ``(n_samples,)``.

    Raises
    ------
    OutOfRangeError
        If a discharge belongs to no unit, comes before the start, or a number is not positive.
    """
    steps = _steps(impulses, np.shape(coefficients.content)[0], n_samples, sampling_rate_hz)
    return _sampled(np.asarray(_total(steps, coefficients)), n_samples, sampling_rate_hz)


def unit_forces_n(
    impulses: Impulses, coefficients: TwitchCoefficients, n_samples: int, sampling_rate_hz: float
) -> FloatArray:
    """Return the force of each unit in N, shape ``(n_samples, n_units)``; otherwise as `muscle_force_n`."""
    steps = _steps(impulses, np.shape(coefficients.content)[0], n_samples, sampling_rate_hz)
    each = np.asarray(_each(steps, coefficients))
    return np.stack([_sampled(force, n_samples, sampling_rate_hz) for force in each.T], axis=1)


def muscle_forces_n(
    impulses: tuple[Impulses, ...], coefficients: TwitchCoefficients, n_samples: int, sampling_rate_hz: float
) -> FloatArray:
    """Return the force of many subjects in N, shape ``(n_subjects, n_samples)``.

    ``coefficients`` hold arrays of shape ``(n_subjects, n_units)``; otherwise as `muscle_force_n`.
    """
    n_units = np.shape(coefficients.content)[1]
    steps = np.stack([_steps(one, n_units, n_samples, sampling_rate_hz) for one in impulses])
    forces = np.asarray(_totals(steps, coefficients))
    return np.stack([_sampled(force, n_samples, sampling_rate_hz) for force in forces])


def _steps(
    impulses: Impulses, n_units: int, n_samples: int, sampling_rate_hz: float
) -> "np.typing.NDArray[np.float32]":
    """Return what each step releases in each unit, shape ``(n_steps, n_units)``."""
    require_positive("n_samples", n_samples)
    require_positive("sampling_rate_hz", sampling_rate_hz)
    require_of_units(impulses, n_units)
    needed = int(np.ceil(n_samples / sampling_rate_hz / STEP_S)) + 1
    return released_by_step(impulses, n_units, 0, -(-needed // STEPS_AT_ONCE) * STEPS_AT_ONCE)


def require_of_units(impulses: Impulses, n_units: int) -> None:
    """Refuse discharges before the start, and those of a unit that is not there."""
    if impulses.time_s.size and not (
        impulses.time_s.min() >= 0 and 0 <= impulses.unit.min() <= impulses.unit.max() < n_units
    ):
        raise OutOfRangeError(f"impulses must not come before 0 s and must belong to units 0 to {n_units - 1}.")


def released_by_step(
    impulses: Impulses, n_units: int, first_step: int, n_steps: int
) -> "np.typing.NDArray[np.float32]":
    """Return what each of some steps releases in each unit, shape ``(n_steps, n_units)``; others are left out."""
    at = impulses.time_s / STEP_S - first_step
    first = np.floor(at).astype(np.int64)
    kept = (first >= -1) & (first < n_steps)
    first, late, share = first[kept], (at - first)[kept], impulses.share[kept]
    # a step before the first and one after the last take the parts of a discharge that lie outside
    released = np.zeros((n_steps + 2) * n_units, np.float32)
    place = (first + 1) * n_units + impulses.unit[kept]
    np.add.at(released, place, (share * (1 - late)).astype(np.float32))
    np.add.at(released, place + n_units, (share * late).astype(np.float32))
    return released.reshape(-1, n_units)[1:-1]


def _sampled(force: FloatArray, n_samples: int, sampling_rate_hz: float) -> FloatArray:
    """Sample the force at the ends of the steps, in single precision, at a rate of its own."""
    time_s = np.arange(n_samples) / sampling_rate_hz
    return np.interp(time_s, STEP_S * np.arange(1, force.size + 1), force, left=0.0)


def _stepped_through(steps: jax.Array, coefficients: TwitchCoefficients, *, summed: bool) -> jax.Array:
    """Return the force after each step in N, of all units together, shape ``(n_steps,)``, or of each of them."""
    k = jax.tree.map(lambda leaf: jnp.asarray(leaf, steps.dtype), coefficients)

    def step(state: TwitchState, released: jax.Array) -> tuple[TwitchState, jax.Array]:
        later = advance(state, released, k, STEP_S)
        force = force_n(later, k)
        return later, force.sum() if summed else force

    _, forces = lax.scan(step, at_rest(k), steps, unroll=UNROLLED)
    return forces


_total = jax.jit(partial(_stepped_through, summed=True))
_each = jax.jit(partial(_stepped_through, summed=False))
_totals = jax.jit(jax.vmap(partial(_stepped_through, summed=True)))
