"""Writes how a motor axon answers to each change alone: the table from which `axon_response` reads without JAX.

``python -m twitchwise.simulate.one_unit.tabulation`` writes it anew, in some minutes. It is needed whenever the axon's
parameters or equations have changed; a test tells.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Excitability, digest_of
from twitchwise.simulate.condition import HEALTHY, Setting
from twitchwise.simulate.preparation import acted_on
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

FILE = Path(__file__).parent / "axon_axes.json"
AXES: Mapping[str, tuple[float, ...]] = {
    "gate_shift_v": (-0.025, -0.015, -0.01, -0.007, -0.005, -0.003, -0.0015, 0.0, 0.0015, 0.003, 0.006, 0.012, 0.025),
    "potassium_out_mol_per_l": (
        *(0.001, 0.0015, 0.002, 0.0025, 0.003, 0.0036, 0.0042, 0.005, 0.006, 0.0075, 0.009, 0.011, 0.013, 0.015),
    ),
    "sodium_out_mol_per_l": (0.09, 0.105, 0.12, 0.13, 0.14, 0.15, 0.17, 0.2),
    "temperature_c": (5.0, 10.0, 15.0, 20.0, 24.0, 28.0, 32.0, 35.0, 37.0, 39.0, 41.0, 43.0, 45.0),
    "fast_sodium_scale": (0.3, 0.49, 0.7, 0.85, 1.0, 1.5),
    "persistent_sodium_scale": (0.3, 0.49, 0.7, 1.0, 1.5, 2.25),
    "slow_potassium_scale": (0.0, 0.2, 0.36, 0.6, 0.8, 0.9, 1.0, 1.5, 3.0),
    "fast_potassium_scale": (0.0, 0.08, 0.16, 0.4, 0.7, 1.0, 1.5, 3.0),
    "leak_scale": (0.3, 0.49, 0.7, 1.0, 1.5),
    "h_current_scale": (0.3, 0.49, 0.7, 1.0, 1.5),
    "myelin_scale": (0.011, 0.03, 0.035, 0.05, 0.105, 0.2, 0.36, 0.6, 0.8, 1.0, 1.5, 2.0),
}
"""Each change alone, in the order of its size; the value in health is among them."""
SAMPLE_S, WINDOW_S = 2e-5, 40e-3  # of a course of potential: in the cold an action potential lasts so long
NODE, FAR_NODE = 8, 16  # the stimulated end and the sealed end disturb neither
PULSE_S, CURRENTS_A = 2e-4, (1e-9, 3e-9, 1e-8, 3e-8)
SHOWN_BEFORE_S, SHOWN_S = 4e-4, 4e-3  # of the discharge in health, around its steepest rise
DIGITS = 6


def table() -> dict[str, Any]:
    """Return the answers of the axon in health and along each axis, and the course of a discharge in health."""
    parameters = acted_on(Setting(condition=HEALTHY))
    healthy = AxonChanges.of(parameters)
    return {
        "digest": digest_of(parameters),
        "healthy": {**_row(healthy, parameters), "shape": _shape(healthy, parameters)},
        "axes": {axis: dict(_along(axis, values, healthy, parameters)) for axis, values in AXES.items()},
    }


def _along(
    axis: str, values: tuple[float, ...], healthy: AxonChanges, parameters: Mapping[str, float]
) -> Iterator[tuple[str, list[Any]]]:
    """Give the values of an axis and the answers, without states in which a stimulator would measure nonsense."""
    found = []
    for value in values:
        sys.stderr.write(f"\r{axis} {value:g}            ")
        with suppress(OutOfRangeError):
            found.append((value, _row(replace(healthy, **{axis: value}), parameters)))
    yield "values", [value for value, _ in found]
    yield "rows", [row for _, row in found]


def _row(changes: AxonChanges, parameters: Mapping[str, float]) -> dict[str, Any]:
    from twitchwise.simulate.axon.excitability import excitability  # noqa: PLC0415 - it loads JAX

    found = excitability(changes, parameters)
    peak_v, width_s = _measured(*_course_v(changes, parameters))
    return {
        **_numbers(found),
        "peak_v": round(peak_v, DIGITS),
        "width_s": round(width_s, DIGITS + 2),
    }


def _numbers(found: Excitability) -> dict[str, Any]:
    return {
        "resting_potential_v": found.resting_potential_v,
        "node_threshold_a": found.node_threshold_a,
        "time_constant_s": found.strength_duration_time_constant_s,
        "conduction_velocity_mps": found.conduction_velocity_mps,
        "spontaneous": found.afterdischarges.spontaneous,
        "after_brief": found.afterdischarges.after_brief,
        "interval_s": found.afterdischarges.interval_s,
    }


def _course_v(changes: AxonChanges, parameters: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
    """Return time in s and the potential in V of a node that a discharge passes, for the least current that sends one.

    Where none gets along, the course is that of the strongest current.
    """
    from twitchwise.simulate.axon.excitability import DT_S  # noqa: PLC0415 - it loads JAX
    from twitchwise.simulate.axon.protocol import DISCHARGE_LEVEL_V  # noqa: PLC0415 - it loads JAX
    from twitchwise.simulate.axon.subject import subject_of  # noqa: PLC0415 - it loads JAX
    from twitchwise.simulate.engine import double_precision  # noqa: PLC0415 - it is JAX

    with double_precision(True):  # noqa: FBT003 - JAX's own way
        subject = subject_of(changes, parameters, DT_S)
        near_v, far_v = _followed(subject, DT_S)
    passed = np.minimum(far_v.max(axis=0), near_v.max(axis=0)) > DISCHARGE_LEVEL_V
    chosen = int(passed.argmax()) if passed.any() else len(CURRENTS_A) - 1
    return SAMPLE_S * np.arange(len(near_v), dtype=np.float64), near_v[:, chosen]


def _followed(subject: Any, dt_s: float) -> tuple[FloatArray, FloatArray]:  # noqa: ANN401 - its class loads JAX
    """Return the potential of both nodes in V, each ``(n_samples, n_currents)``."""
    from twitchwise.simulate.axon.protocol import Stimulus, run, steps_in  # noqa: PLC0415 - it loads JAX
    from twitchwise.simulate.axon.stimulus import through_node  # noqa: PLC0415 - it loads JAX
    from twitchwise.simulate.engine import jax, jnp  # noqa: PLC0415 - it is JAX

    state = jax.tree.map(lambda each: jnp.repeat(each, len(CURRENTS_A), axis=0), subject.rest)
    currents = jnp.asarray(CURRENTS_A)
    durations = jnp.full(currents.size, SAMPLE_S)
    courses = []
    for sample in range(round(WINDOW_S / SAMPLE_S)):
        on = currents if sample * SAMPLE_S < PULSE_S else 0 * currents
        state = run(
            subject.fiber, state, Stimulus(through_node(0), on, durations), dt_s, steps_in(SAMPLE_S, dt_s)
        ).state
        courses.append(np.asarray(state.node_v)[:, [NODE, FAR_NODE]])
    both = np.stack(courses)
    return both[:, :, 0], both[:, :, 1]


def _measured(time_s: FloatArray, course_v: FloatArray) -> tuple[float, float]:
    """Return the peak in V and the width in s at half of the height above rest."""
    rest_v, top = course_v[0], int(course_v.argmax())
    above = course_v >= rest_v + (course_v[top] - rest_v) / 2
    start = top - int(np.argmin(above[top::-1])) + 1
    stop = top + int(np.argmin(above[top:])) - 1
    return float(course_v[top]), float(time_s[stop] - time_s[start] + SAMPLE_S)


def _shape(healthy: AxonChanges, parameters: Mapping[str, float]) -> dict[str, list[float]]:
    """Return the discharge in health, as share of its height above rest, from the moment of its peak in s."""
    time_s, course_v = _course_v(healthy, parameters)
    top = int(course_v.argmax())
    shown = slice(max(top - round(SHOWN_BEFORE_S / SAMPLE_S), 0), top + round(SHOWN_S / SAMPLE_S))
    share = (course_v[shown] - course_v[0]) / (course_v[top] - course_v[0])
    return {
        "time_s": [round(float(one), DIGITS + 2) for one in time_s[shown] - time_s[top]],
        "share": [round(float(one), 5) for one in share],
    }


def main() -> None:
    """Compute every row and write the table."""
    FILE.write_text(json.dumps(table(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
