"""Excitability of a motor axon as threshold tracking measures it (Kiernan et al. 2000, Muscle Nerve 23:399-409).

Strength-duration behavior, recovery cycle, conduction velocity and the tendency to ectopic discharges, in 64 bits.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from twitchwise.simulate.axon.afterdischarge import afterdischarges_of
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.ectopic_rate import ectopic_rate_hz
from twitchwise.simulate.axon.fiber import State
from twitchwise.simulate.axon.protocol import SMALL_BATCH, Case, Stimulus, run, steps_in, thresholds_a
from twitchwise.simulate.axon.subject import Subject, subject_of
from twitchwise.simulate.axon.table import Excitability, table_of
from twitchwise.simulate.axon.velocity import velocity_mps
from twitchwise.simulate.engine import double_precision, jax, jnp
from twitchwise.vocabulary.arrays import FloatArray

DT_S = 5e-6  # with it, thresholds lie within 0.5 % of those of ever smaller steps
ONE_MS, FIFTH_MS = 1e-3, 2e-4  # pulses of the usual protocol of threshold tracking
DELAYS_S = np.array([2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 7.9, 10.0, 13.0, 18.0, 24.0, 32.0, 42.0]) * 1e-3
LATE_S = 15e-3  # from here on the recovery cycle is past its superexcitable phase
WINDOW_S = 4e-3  # within it, a discharge from a threshold pulse has left the electrode
SEARCHED_A = (3e-5, 0.3)  # 200-fold around what a healthy axon needs on either side
SEARCHED_NODE_A = (3e-12, 2e-8)  # likewise for a current through one node; more would reach far nodes by itself
CONDITIONING = 1.5  # times threshold, which is supramaximal for one axon


class _Thresholds(NamedTuple):
    one_ms_a: float
    fifth_ms_a: float


def excitability(changes: AxonChanges, parameters: Mapping[str, float]) -> Excitability:
    """Return what threshold tracking would measure in an axon.

    Parameters
    ----------
    changes
        The state of the axon.
    parameters
        The simulator's parameters, by id.
    """
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        subject = subject_of(changes, parameters, DT_S)
        return _measured(subject, changes, parameters)


def tabulate(changes: Mapping[str, AxonChanges], parameters: Mapping[str, float]) -> dict[str, Any]:
    """Return a table of the excitability of each named state, which fits into JSON; see `table.looked_up`."""
    rows = {name: (one, excitability(one, parameters)) for name, one in changes.items()}
    return table_of(rows, parameters)


def node_threshold_a(changes: AxonChanges, parameters: Mapping[str, float], dt_s: float = DT_S) -> float:
    """Return the threshold in A of a pulse of 1 ms through one node, nan where none starts a traveling discharge."""
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        return _node_threshold_a(subject_of(changes, parameters, dt_s), dt_s)


def _node_threshold_a(subject: Subject, dt_s: float) -> float:
    case = Case(_stacked(subject.rest, 2), subject.inside, np.array([ONE_MS, ONE_MS]))  # two, as for the electrode
    return float(thresholds_a(subject.fiber, case, SEARCHED_NODE_A, dt_s, WINDOW_S)[0])


def _measured(subject: Subject, changes: AxonChanges, parameters: Mapping[str, float]) -> Excitability:
    unscaled = _resting_thresholds(subject)
    time_constant_s = _weiss_time_constant_s(unscaled)
    node_a = _node_threshold_a(subject, DT_S) * changes.threshold_scale
    after = afterdischarges_of(subject, parameters)
    noise_threshold_a = 0.0 if after.spontaneous else node_a
    recovery = _recovery(subject, unscaled.one_ms_a)
    refractory_s, least, most = _recovery_indices(recovery)
    one_ms_a = unscaled.one_ms_a * changes.threshold_scale
    rate_hz = 0.0
    if math.isfinite(noise_threshold_a) and math.isfinite(time_constant_s):
        rate_hz = ectopic_rate_hz(noise_threshold_a, parameters["axon_current_noise"], time_constant_s)
    return Excitability(
        resting_potential_v=float(subject.resting_node_v[subject.resting_node_v.size // 2]),
        threshold_one_ms_a=_or_none(one_ms_a),
        threshold_fifth_ms_a=_or_none(unscaled.fifth_ms_a * changes.threshold_scale),
        rheobase_a=_or_none(one_ms_a / (1 + time_constant_s / ONE_MS)),
        strength_duration_time_constant_s=_or_none(time_constant_s),
        relative_refractory_period_s=_or_none(refractory_s),
        superexcitability=_or_none(least),
        subexcitability=_or_none(most),
        conduction_velocity_mps=velocity_mps(changes, parameters, subject.resting),
        node_threshold_a=_or_none(node_a),
        ectopic_rate_hz=rate_hz,
        afterdischarges=after,
    )


def _or_none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _stacked(state: State, times: int) -> State:
    repeated: State = jax.tree.map(lambda each: jnp.repeat(each, times, axis=0), state)
    return repeated


def _resting_thresholds(subject: Subject) -> _Thresholds:
    durations = np.array([ONE_MS, FIFTH_MS])
    case = Case(_stacked(subject.rest, durations.size), subject.outside, durations)
    one_ms_a, fifth_ms_a = thresholds_a(subject.fiber, case, SEARCHED_A, DT_S, WINDOW_S)
    return _Thresholds(float(one_ms_a), float(fifth_ms_a))


def _weiss_time_constant_s(thresholds: _Thresholds) -> float:
    """Return Weiss's time constant: the charge of a threshold pulse grows in a straight line with its length.

    It is nan where that does not hold: in an axon close to its block a longer pulse needs more current.
    """
    difference = FIFTH_MS * (thresholds.fifth_ms_a - thresholds.one_ms_a)
    found = difference / (thresholds.one_ms_a - thresholds.fifth_ms_a * FIFTH_MS / ONE_MS)
    return found if found > 0 else math.nan


def _recovery(subject: Subject, threshold_a: float) -> FloatArray:
    """Return the relative change of threshold at each delay after a discharge, shape ``(13,)``."""
    if not math.isfinite(threshold_a):
        return np.full(DELAYS_S.size, np.nan)
    alike = jnp.ones(SMALL_BATCH)
    conditioning = Stimulus(subject.outside, CONDITIONING * threshold_a * alike, ONE_MS * alike)
    quiet = conditioning._replace(current_a=0 * alike)
    resting = _stacked(subject.rest, SMALL_BATCH)
    state = run(subject.fiber, resting, conditioning, DT_S, steps_in(ONE_MS, DT_S)).state
    now_s, states = ONE_MS, []
    for delay_s in DELAYS_S:
        state = run(subject.fiber, state, quiet, DT_S, steps_in(delay_s - now_s, DT_S)).state
        now_s = delay_s
        states.append(jax.tree.map(lambda each: each[:1], state))
    joined = jax.tree.map(lambda *each: jnp.concatenate(each), *states)
    case = Case(joined, subject.outside, np.full(DELAYS_S.size, ONE_MS))
    around = (threshold_a / 8, threshold_a * 8)
    return thresholds_a(subject.fiber, case, around, DT_S, WINDOW_S) / threshold_a - 1


def _recovery_indices(recovery: FloatArray) -> tuple[float, float, float]:
    """Return relative refractory period in s, superexcitability and late subexcitability; nan where none."""
    late = DELAYS_S > LATE_S
    early = recovery[~late]
    means = np.convolve(early, np.full(3, 1 / 3), mode="valid")
    least = np.nanmin(means) if np.isfinite(means).any() else np.nan
    most = np.nanmax(recovery[late]) if np.isfinite(recovery[late]).any() else np.nan
    return _first_fall_s(early), float(least), float(most)


def _first_fall_s(early: FloatArray) -> float:
    """Return when the change of threshold first falls to 0, nan if it does not within the early delays."""
    high = np.where(np.isfinite(early), early, np.inf)
    for before, after, start_s, stop_s in zip(high, high[1:], DELAYS_S, DELAYS_S[1:], strict=False):
        if before > 0 >= after:
            share = before / (before - after) if math.isfinite(before) else 1.0
            return float(start_s * (stop_s / start_s) ** share)
    return math.nan
