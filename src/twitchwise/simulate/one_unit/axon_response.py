"""How a motor axon answers to its state, from a table of each change alone: quick, and without JAX.

Changes act together as if each acted alone: shifts of potentials and threshold add, ratios of time constant and
velocity multiply. A test holds this against the states that were computed as a whole (`simulate.axon.table`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from twitchwise.simulate.axon import changes
from twitchwise.simulate.axon.ectopic_rate import ectopic_rate_hz
from twitchwise.vocabulary.arrays import FloatArray

BESIDE_THE_TABLE = frozenset(
    {"diameter_m", "threshold_scale"}
)  # no axes of the table: the one is as in health here, the other scales
PARAMETERS: Mapping[str, str] = MappingProxyType(
    {change: name for change, name in changes.PARAMETERS.items() if change not in BESIDE_THE_TABLE}
)
"""The axes of the table, and the parameters that say where on them an axon is; the ends of an axis go on for ever."""
LEAST_SPEED = 0.02  # of the velocity in health; slower is not conducted
_FLAT = 1e-4  # of the height above rest; less is not drawn


@dataclass(frozen=True, kw_only=True, slots=True)
class AxonAnswer:
    """What a motor axon does in a state.

    Parameters
    ----------
    resting_potential_v, peak_v
        Of a node, at rest and at the top of its action potential.
    width_s
        Of the action potential, at half of its height.
    threshold_a
        Current into a node that just starts an action potential; 0 where the axon discharges by itself.
    time_constant_s
        Over which the membrane gathers current.
    velocity_ratio
        Conduction velocity over that in health; 0 where nothing is conducted.
    """

    resting_potential_v: float
    peak_v: float
    width_s: float
    threshold_a: float
    time_constant_s: float
    velocity_ratio: float

    @property
    def conducts(self) -> bool:
        """Whether an action potential gets along."""
        return self.velocity_ratio > 0

    def chance_rate_hz(self, noise_a: float) -> float:
        """Return how often per second noise of so many amperes starts an action potential at one site."""
        if not self.conducts:
            return 0.0
        return ectopic_rate_hz(self.threshold_a, noise_a, self.time_constant_s)

    def course_v(self, time_s: FloatArray) -> FloatArray:
        """Return the potential of a node at times from the peak of its action potential, in V."""
        shape, healthy = _table()["healthy"]["shape"], _table()["healthy"]
        stretched = np.asarray(shape["time_s"]) * (self.width_s / healthy["width_s"])
        share = np.interp(time_s, stretched, shape["share"], left=0.0, right=float(shape["share"][-1]))
        height_v = (self.peak_v - self.resting_potential_v) if self.conducts else 0.0
        course: FloatArray = self.resting_potential_v + height_v * np.where(np.abs(share) < _FLAT, 0.0, share)
        return course


def axon_answer(parameters: Mapping[str, float]) -> AxonAnswer:
    """Return what an axon does under parameters on which the environment has acted."""
    healthy, curves = _table()["healthy"], _curves()
    found = [curves[axis](parameters[name]) for axis, name in PARAMETERS.items()]
    ratios = np.prod([one.ratios for one in found], axis=0)
    shifts = np.sum([one.shifts for one in found], axis=0)
    time_constant, velocity, width = (float(one) for one in ratios)
    threshold = max(1 + float(shifts[2]), 0.0)
    velocity = velocity if velocity >= LEAST_SPEED else 0.0
    return AxonAnswer(
        resting_potential_v=healthy["resting_potential_v"] + float(shifts[0]),
        peak_v=healthy["peak_v"] + float(shifts[1]),
        width_s=healthy["width_s"] * width,
        threshold_a=healthy["node_threshold_a"] * threshold * parameters["axon_threshold_scale"],
        time_constant_s=healthy["time_constant_s"] * time_constant,
        velocity_ratio=velocity,
    )


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Answer:
    """What multiplies: ratios of time constant, velocity and width to health, ``(3,)``.

    What adds: shifts of rest and peak in V, and of the threshold as a share of that in health, ``(3,)``.
    """

    ratios: FloatArray
    shifts: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Curve:
    """One axis of the table: values ascending, and for each what differs from health."""

    values: FloatArray
    ratios: FloatArray
    shifts: FloatArray

    def __call__(self, value: float) -> _Answer:
        """Return the answer at a value, along straight lines between the values of the table."""
        place = float(np.interp(value, self.values, np.arange(self.values.size)))
        below = min(int(place), self.values.size - 2)
        weight = place - below
        ratios = self.ratios[below] * (1 - weight) + self.ratios[below + 1] * weight
        shifts = self.shifts[below] * (1 - weight) + self.shifts[below + 1] * weight
        return _Answer(ratios=ratios, shifts=shifts)


@cache
def _table() -> Mapping[str, Any]:
    text = files("twitchwise.simulate.one_unit").joinpath("axon_axes.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


@cache
def _curves() -> Mapping[str, _Curve]:
    healthy = _table()["healthy"]
    return {axis: _curve(found["values"], found["rows"], healthy) for axis, found in _table()["axes"].items()}


def _curve(values: list[float], rows: list[dict[str, Any]], healthy: Mapping[str, Any]) -> _Curve:
    potentials = [[row[name] - healthy[name] for name in ("resting_potential_v", "peak_v")] for row in rows]
    thresholds = [0.0 if row["spontaneous"] else row["node_threshold_a"] or np.nan for row in rows]
    known = np.flatnonzero(np.isfinite(thresholds))
    # where nothing excites the axon nothing is conducted either: the threshold stays as it last was
    followed = np.interp(np.arange(len(rows)), known, np.array(thresholds)[known]) / healthy["node_threshold_a"] - 1
    return _Curve(
        values=np.array(values),
        ratios=np.array([_ratios(row, healthy) for row in rows]),
        shifts=np.column_stack([potentials, followed]),
    )


def _ratios(row: Mapping[str, Any], healthy: Mapping[str, Any]) -> list[float]:
    time_constant = (row["time_constant_s"] or healthy["time_constant_s"]) / healthy["time_constant_s"]
    velocity = row["conduction_velocity_mps"] / healthy["conduction_velocity_mps"]
    return [time_constant, velocity, row["width_s"] / healthy["width_s"] if velocity else 1.0]
