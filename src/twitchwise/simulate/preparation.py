"""From a setting to a muscle that can be run: the environment acts on axon and muscle, then motor units are drawn."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from twitchwise.simulate.middle_twitch import twitches_under
from twitchwise.simulate.people import NOBODY, People, Traits, drawn, lived_in
from twitchwise.simulate.twitches import TwitchCoefficients, twitches_of
from twitchwise.simulate.twitches.four_numbers import Twitch
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary.checks import require_within

IN_THE_AXON = frozenset({"axon_conduction_velocity"})  # the axon's model minds the nerve's temperature itself
OF_A_POOL = ("axon_velocity_range", "axon_velocity_spread")  # how the axons of a muscle differ, not how one works
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
    traits
        The person whose muscle it is.
    twitch
        That of a middle motor unit where it is known; it can be computed from the parameters.
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
    traits: Traits = NOBODY
    twitch: Twitch | None = None


def prepare(
    setting: Setting,
    *,
    seed: int,
    n_units: int | None = None,
    traits: Traits = NOBODY,
    knowledge: Library | None = None,
) -> Prepared:
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
    traits
        The person whose muscle it is; nobody unless given.
    knowledge
        Where the numbers come from; the shipped files unless given.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """
    require_within("seed", seed, 0, math.inf)
    return _prepared(setting, [(traits, seed)], n_units, knowledge or library())[0]


def prepare_people(
    setting: Setting,
    *,
    seeds: Sequence[int],
    n_units: int | None = None,
    people: People | None = None,
    knowledge: Library | None = None,
) -> list[Prepared]:
    """Return the muscles of different people in a setting, one for each seed.

    Parameters
    ----------
    setting, n_units, knowledge
        As `prepare` takes them; of the people, each has a share of the units that goes with the number there is.
    seeds
        At least 0 each; a person does not depend on the others.
    people
        Whom to draw; ``None`` for people of one body, whose motor units differ.
    """
    require_within("seed", min(seeds, default=0), 0, math.inf)
    knowledge = knowledge or library()
    everyone = [(drawn(people, setting, seed, knowledge), seed) for seed in seeds]
    muscles = _prepared(setting, everyone, n_units, knowledge)
    if people is None:
        return muscles
    twitches = twitches_under([one.parameters for one in muscles])
    return [replace(one, twitch=twitch) for one, twitch in zip(muscles, twitches, strict=True)]


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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Body:
    """One person's numbers, and the pools that were drawn from them."""

    setting: Setting
    scene: _Scene
    traits: Traits
    parameters: Mapping[str, float]
    healthy_parameters: Mapping[str, float]
    n_units: int
    pools: tuple[MotorUnits, ...]


def _prepared(
    setting: Setting, people: Sequence[tuple[Traits, int]], n_units: int | None, knowledge: Library
) -> list[Prepared]:
    scenes: dict[float, _Scene] = {}
    bodies = [_body(setting, traits, seed, n_units, knowledge, scenes) for traits, seed in people]
    twitches = twitches_of([(body.parameters, body.pools) for body in bodies])
    return [
        Prepared(
            setting=body.setting,
            parameters=MappingProxyType(dict(body.parameters)),
            healthy_parameters=body.healthy_parameters,
            axon=body.scene.axon,
            healthy_axon=body.scene.healthy_axon,
            agonist=body.pools[0],
            antagonist=body.pools[1] if len(body.pools) > 1 else None,
            twitches=its,
            n_units=body.n_units,
            traits=body.traits,
        )
        for body, its in zip(bodies, twitches, strict=True)
    ]


def _body(
    setting: Setting, traits: Traits, seed: int, n_units: int | None, knowledge: Library, scenes: dict[float, _Scene]
) -> _Body:
    severity = setting.severity if traits.severity is None else traits.severity
    its = setting if severity == setting.severity else replace(setting, severity=severity)
    if severity not in scenes:
        scenes[severity] = _scene(its, knowledge, n_units)
    scene = scenes[severity]
    parameters = lived_in(scene.parameters, traits, knowledge)
    size = _pool_size(parameters, n_units, _pool_size(scene.parameters, None))
    return _Body(
        setting=its,
        scene=scene,
        traits=traits,
        parameters=parameters,
        healthy_parameters=lived_in(scene.healthy_parameters, traits, knowledge),
        n_units=size,
        pools=_pools(parameters, seed, size),
    )


def _pools(parameters: Mapping[str, float], seed: int, n_units: int) -> tuple[MotorUnits, ...]:
    return tuple(
        draw_units(parameters, n_units, np.random.default_rng([seed, pool]))
        for pool in range(1 + _has_antagonist(parameters))
    )


def _pool_size(parameters: Mapping[str, float], n_units: int | None, of: int | None = None) -> int:
    """Return how many units are drawn: ``n_units`` of the ``of`` that there are in the files, and of a person's alike.

    Without ``n_units`` all are drawn.
    """
    whole = round(parameters["pool_units"])
    return whole if n_units is None else n_units if of in (None, whole) else max(round(n_units * whole / of), 1)


def _represented(parameters: Mapping[str, float], n_units: int | None) -> dict[str, float]:
    """Return parameters in which the units that are drawn stand for all of the muscle in force and torque."""
    factor = _pool_size(parameters, None) / _pool_size(parameters, n_units)
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


def _has_antagonist(parameters: Mapping[str, float]) -> bool:
    return any(
        parameters[share] > 0 and all(parameters[name] > 0 for name in whole)
        for share, whole in NEEDS_ANTAGONIST.items()
    )
