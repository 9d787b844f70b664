"""From a setting to a muscle that can be run: the environment acts on axon and muscle, then motor units are drawn."""

import json
import math
from collections.abc import Mapping
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
from twitchwise.simulate.units import MotorUnits, draw_units

IN_THE_AXON = frozenset({"axon_conduction_velocity"})  # the axon's model minds the nerve's temperature itself
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
    """

    setting: Setting
    parameters: Mapping[str, float]
    healthy_parameters: Mapping[str, float]
    axon: Excitability
    healthy_axon: Excitability
    agonist: MotorUnits
    antagonist: MotorUnits | None


def prepare(
    setting: Setting,
    *,
    seed: int,
    n_units: int | None = None,
    is_person: bool = False,
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
        Motor units of the healthy muscle; ``None`` for the value of the knowledge files.
    is_person
        Whether numbers that differ between people are drawn for this seed; else they are those of the files.
    knowledge
        Where the numbers come from; the shipped files unless given.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """
    knowledge = knowledge or library()
    healthy, plain = parameters_for(setting.in_health(), knowledge), parameters_for(setting, knowledge)
    healthy_axon = excitability_of(healthy)
    acted = changed(plain, healthy, left_out=IN_THE_AXON)
    axon = excitability_of(acted)
    values = _through_the_axon(acted, axon, healthy_axon, knowledge)
    if is_person:
        values |= _of_a_person(values, np.random.default_rng([seed, 9]), knowledge)
    parameters = MappingProxyType(values)
    size = round(parameters["pool_units"]) if n_units is None else n_units
    chances = [np.random.default_rng([seed, stream]) for stream in range(2)]
    return Prepared(
        setting=setting,
        parameters=parameters,
        healthy_parameters=healthy,
        axon=axon,
        healthy_axon=healthy_axon,
        agonist=draw_units(parameters, size, chances[0]),
        antagonist=draw_units(parameters, size, chances[1]) if _has_antagonist(parameters) else None,
    )


def excitability_of(parameters: Mapping[str, float]) -> Excitability:
    """Return the excitability of a motor axon under parameters: looked up if it is tabulated, else computed once."""
    axon = {name: value for name, value in parameters.items() if name.startswith(("axon_", "nerve_", "plasma_"))}
    return _excitability(tuple(sorted(axon.items())))


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
    parameters: Mapping[str, float], axon: Excitability, healthy: Excitability, knowledge: Library
) -> dict[str, float]:
    """Return parameters with what the axon makes of its state: rate and number of ectopic discharges, velocity."""
    values = dict(parameters)
    rise = axon.ectopic_rate_ratio(healthy) ** values["ectopic_rate_exponent"]
    low, high = knowledge.parameters["fasciculation_rate_per_min"].bounds
    values["fasciculation_rate_per_min"] = min(max(values["fasciculation_rate_per_min"] * rise, low), high)
    after = axon.afterdischarges
    if after.after_brief and after.interval_s is not None:
        values["doublet_probability"] = 1.0
        values["multiplet_discharges"] = 1.0 + min(after.after_brief, MOST_AFTERDISCHARGES)
        values["doublet_interval"] = after.interval_s
    if axon.conducts and healthy.conducts:
        values["axon_conduction_velocity"] *= axon.conduction_velocity_mps / healthy.conduction_velocity_mps
    return values


def _of_a_person(values: Mapping[str, float], chance: np.random.Generator, knowledge: Library) -> dict[str, float]:
    """Draw the numbers that differ between people log-normally around those that are given, within their bounds."""
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
