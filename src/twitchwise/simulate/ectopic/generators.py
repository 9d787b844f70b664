"""All generators of ectopic discharges that a condition's parameters describe, and their discharges together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from twitchwise.simulate.ectopic.cramps import Cramps
from twitchwise.simulate.ectopic.fasciculations import Fasciculations
from twitchwise.simulate.ectopic.grouped_discharges import GroupedDischarges
from twitchwise.simulate.ectopic.muscle_fibers import Fibrillations, MyotonicRuns
from twitchwise.simulate.ectopic.train import Train, apart_from, joined
from twitchwise.vocabulary.checks import require_within


class EctopicGenerator(Protocol):
    """Draws discharges that arise outside the cell body."""

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw the discharges of all events that end before ``duration_s``."""
        ...


def axon_generators(parameters: Mapping[str, float], n_units: int) -> tuple[EctopicGenerator, ...]:
    """Return the generators in motor axons, for a muscle with so many motor units: what a surface electrode records."""
    return Cramps.of(parameters, n_units), GroupedDischarges.of(parameters), Fasciculations.of(parameters)


def fiber_generators(parameters: Mapping[str, float]) -> tuple[EctopicGenerator, ...]:
    """Return the generators in single muscle fibers: what only a needle records, and what no one sees or feels."""
    return MyotonicRuns.of(parameters), Fibrillations.of(parameters)


def axon_train(
    parameters: Mapping[str, float], n_units: int, duration_s: float, generator: np.random.Generator
) -> Train:
    """Draw all discharges that arise in motor axons.

    Which motor units fasciculate and discharge in groups is drawn at random, so that they are of every size. A
    fasciculation so near to a cramp's or group's discharge of the same unit that the axon was refractory is left out.

    Parameters
    ----------
    parameters
        Values by id.
    n_units
        Motor units of the muscle.
    duration_s
        Length in seconds.
    generator
        Source of chance; the same state gives the same train.

    Raises
    ------
    OutOfRangeError
        If more units are to fasciculate or to discharge in groups than there are.
    """
    for name in ("fasciculating_units", "grouped_discharge_units"):
        require_within(name, parameters[name], 0, n_units)
    cramps, *few = (one.draw(duration_s, generator) for one in axon_generators(parameters, n_units))
    chosen = generator.permutation(n_units)
    groups, fasciculations = (replace(train, unit=chosen[train.unit]) for train in few)
    gap_s = parameters["fasciculation_refractory_period"]
    groups = apart_from(groups, cramps, gap_s)
    others = joined([cramps, groups])
    return joined([others, apart_from(fasciculations, others, gap_s)])


def fiber_train(parameters: Mapping[str, float], duration_s: float, generator: np.random.Generator) -> Train:
    """Draw all discharges that arise in single muscle fibers; runs and fibrillations are of different fibers."""
    runs, fibrillations = (one.draw(duration_s, generator) for one in fiber_generators(parameters))
    first_free = int(runs.unit.max(initial=-1)) + 1
    return joined([runs, replace(fibrillations, unit=fibrillations.unit + first_free)])
