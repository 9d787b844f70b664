"""From a setting to a muscle that can be run: the environment acts on axon and muscle, then motor units are drawn."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from twitchwise.knowledge import Library, library
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Excitability, looked_up
from twitchwise.simulate.condition import Setting, parameters_for
from twitchwise.simulate.environment import changed
from twitchwise.simulate.twitches import TwitchCoefficients, twitches_of
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary.checks import require_within

IN_THE_AXON = frozenset({"axon_conduction_velocity"})  # the axon's model minds the nerve's temperature itself
OF_A_POOL = ("axon_velocity_range", "axon_velocity_spread")  # how the axons of a muscle differ, not how one works
SPREADS = (
    2.0  # people differ by at most this many standard deviations: they are to have the condition, not its extremes
)
MOST_AFTERDISCHARGES = 50  # the model runs no longer; a bistable axon would go on
NEEDS_ANTAGONIST = {
    "antagonist_drive": ("voluntary_drive",),
    "tremor_antagonist_share": ("tremor_drive",),
    "volley_antagonist_share": ("volley_drive", "volley_rate_per_min"),
}
"""Shares of the antagonist, and what they are shares of."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A muscle in a setting.

    Parameters
    ----------
    setting
        What was asked for.
    parameters, healthy_parameters
        Values by id with all that the environment and the axon do; the same scene and muscle in health.
    axon, healthy_axon
        Excitability of a motor axon in both.
    agonist, antagonist
        Motor units; no antagonist where nothing reaches it.
    twitches
        Coefficients of their twitches, one entry a pool.
    n_units
        How many units were drawn for a healthy muscle; where they are not all that the files give it,
        ``represented_units`` of the parameters has made up for it.
    """

    setting: Setting
    parameters: Mapping[str, float]
    healthy_parameters: Mapping[str, float]
    axon: Excitability
    healthy_axon: Excitability
    agonist: MotorUnits
    antagonist: MotorUnits | None
    twitches: tuple[TwitchCoefficients, ...]
    n_units: int


def prepare(setting: Setting, *, seed: int, n_units: int | None = None, knowledge: Library | None = None) -> Prepared:
    """Return the muscle that a setting describes.

    Parameters
    ----------
    setting
        Condition, severity, muscle, scene and own changes.
    seed
        At least 0; the same seed draws the same units, changed by the condition.
    n_units
        Motor units that are drawn for the healthy muscle; ``None`` for all that the knowledge files give it. The force
        of the muscle stays: the fewer are drawn, the more real units each stands for in force and torque.
    knowledge
        Where the numbers come from; the shipped files unless given.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """
    require_within("seed", seed, 0, math.inf)
    scene = _scene(setting, knowledge or library(), n_units)
    return _prepared(setting, scene, [(scene.parameters, seed)], n_units)[0]


def prepare_people(
    setting: Setting, *, seeds: Sequence[int], n_units: int | None = None, knowledge: Library | None = None
) -> list[Prepared]:
    """Return the muscles of different people in a setting, one for each seed; otherwise as `prepare`."""
    require_within("seed", min(seeds, default=0), 0, math.inf)
    knowledge = knowledge or library()
    scene = _scene(setting, knowledge, n_units)
    drawn = [({**scene.parameters, **_of_a_person(scene.parameters, seed, knowledge)}, seed) for seed in seeds]
    return _prepared(setting, scene, drawn, n_units)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scene:
    """What all people in a setting share."""

    parameters: Mapping[str, float]
    healthy_parameters: Mapping[str, float]
    axon: Excitability
    healthy_axon: Excitability


def _scene(setting: Setting, knowledge: Library, n_units: int | None = None) -> _Scene:
    start = excitability_of(parameters_for(setting.before_own_changes(), knowledge))
    acted, healthy = acted_on(setting, knowledge), acted_on(setting.in_health(), knowledge)
    axon, healthy_axon = excitability_of(acted), excitability_of(healthy)
    return _Scene(
        parameters=_represented(_through_the_axon(acted, axon, start, knowledge), n_units),
        healthy_parameters=_represented(_through_the_axon(healthy, healthy_axon, start, knowledge), n_units),
        axon=axon,
        healthy_axon=healthy_axon,
    )


def _prepared(
    setting: Setting, scene: _Scene, people: Sequence[tuple[Mapping[str, float], int]], n_units: int | None
) -> list[Prepared]:
    pools = [_pools(parameters, seed, n_units) for parameters, seed in people]
    runs = [(parameters, pool) for (parameters, _), pool in zip(people, pools, strict=True)]
    return [
        Prepared(
            setting=setting,
            parameters=MappingProxyType(dict(parameters)),
            healthy_parameters=scene.healthy_parameters,
            axon=scene.axon,
            healthy_axon=scene.healthy_axon,
            agonist=pool[0],
            antagonist=pool[1] if len(pool) > 1 else None,
            twitches=twitches,
            n_units=_pool_size(parameters, n_units),
        )
        for (parameters, pool), twitches in zip(runs, twitches_of(runs), strict=True)
    ]


def _pools(parameters: Mapping[str, float], seed: int, n_units: int | None) -> tuple[MotorUnits, ...]:
    return tuple(
        draw_units(parameters, _pool_size(parameters, n_units), np.random.default_rng([seed, pool]))
        for pool in range(1 + _has_antagonist(parameters))
    )


def _pool_size(parameters: Mapping[str, float], n_units: int | None) -> int:
    return round(parameters["pool_units"]) if n_units is None else n_units


def _represented(parameters: Mapping[str, float], n_units: int | None) -> dict[str, float]:
    """Return parameters in which the units that are drawn stand for all of the muscle in force and torque."""
    whole = _pool_size(parameters, None)
    factor = whole / _pool_size(parameters, n_units)
    return {**parameters, "represented_units": parameters["represented_units"] * factor}


def acted_on(setting: Setting, knowledge: Library | None = None) -> Mapping[str, float]:
    """Return the parameters of a setting after its environment has acted on them, but not yet its axon."""
    start = parameters_for(setting.before_own_changes(), knowledge)
    return changed(parameters_for(setting, knowledge), start, left_out=IN_THE_AXON)


def excitability_of(parameters: Mapping[str, float]) -> Excitability:
    """Return the excitability of a motor axon under parameters: looked up if it is tabulated, else computed once."""
    axon = {name: value for name, value in parameters.items() if name.startswith(("axon_", "nerve_", "plasma_"))}
    # those of the table, which else would hold for muscles only whose axons differ as much as the hand's
    tabulated = {name: library().value(name) for name in OF_A_POOL}
    return _excitability(tuple(sorted({**axon, **tabulated}.items())))


@cache
def _excitability(parameters: tuple[tuple[str, float], ...]) -> Excitability:
    values = dict(parameters)
    changes = AxonChanges.of(values)
    found = looked_up(axon_table(), changes, values)
    if found is not None:
        return found
    from twitchwise.simulate.axon.excitability import excitability  # noqa: PLC0415 - JAX loads when it is needed

    return excitability(changes, values)


@cache
def axon_table() -> Mapping[str, Any]:
    """Return the shipped table of excitability; ``make tables`` writes it."""
    text = files("twitchwise.simulate").joinpath("excitability.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def _through_the_axon(
    parameters: Mapping[str, float], axon: Excitability, start: Excitability, knowledge: Library
) -> dict[str, float]:
    """Return parameters with what the axon makes of its state: rate and number of ectopic discharges, velocity."""
    values = dict(parameters)
    rise = axon.ectopic_rate_ratio(start) ** values["ectopic_rate_exponent"]
    low, high = knowledge.parameters["fasciculation_rate_per_min"].bounds
    values["fasciculation_rate_per_min"] = min(max(values["fasciculation_rate_per_min"] * rise, low), high)
    after = axon.afterdischarges
    if after.after_brief and after.interval_s is not None:
        values["doublet_probability"] = 1.0
        values["multiplet_discharges"] = 1.0 + min(after.after_brief, MOST_AFTERDISCHARGES)
        values["doublet_interval"] = after.interval_s
    if axon.conducts and start.conducts:
        values["axon_conduction_velocity"] *= axon.conduction_velocity_mps / start.conduction_velocity_mps
    return values


def _of_a_person(values: Mapping[str, float], seed: int, knowledge: Library) -> dict[str, float]:
    """Draw the numbers that differ between people log-normally around those that are given, within their bounds."""
    chance = np.random.default_rng([seed, 9])
    drawn: dict[str, float] = {}
    for name, parameter in knowledge.parameters.items():
        if parameter.spread is not None and name in values:
            deviation = float(np.clip(chance.standard_normal(), -SPREADS, SPREADS))
            value = values[name] * math.exp(parameter.spread.value * deviation)
            drawn[name] = min(max(value, parameter.bounds[0]), parameter.bounds[1])
    return drawn


def _has_antagonist(parameters: Mapping[str, float]) -> bool:
    return any(
        parameters[share] > 0 and all(parameters[name] > 0 for name in whole)
        for share, whole in NEEDS_ANTAGONIST.items()
    )
