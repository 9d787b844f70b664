"""All generators of ectopic discharges that a condition's parameters describe, and their discharges together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from twitchwise.simulate.ectopic.cramps import Cramps
from twitchwise.simulate.ectopic.fasciculations import Fasciculations
from twitchwise.simulate.ectopic.grouped_discharges import GroupedDischarges
from twitchwise.simulate.ectopic.muscle_fibers import Fibrillations, MyotonicRuns
from twitchwise.simulate.ectopic.train import Train, apart_from, before, joined
from twitchwise.vocabulary.checks import require_within


class EctopicGenerator(Protocol):
    """Draws discharges that arise outside the cell body."""

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw all discharges before ``duration_s``; a longer run begins as a shorter one."""
        ...


def axon_generators(parameters: Mapping[str, float], n_units: int) -> tuple[Cramps, GroupedDischarges, Fasciculations]:
    """Return the generators in motor axons, for a muscle with so many motor units: what a surface electrode records."""
    return Cramps.of(parameters, n_units), GroupedDischarges.of(parameters), Fasciculations.of(parameters)


def fiber_generators(parameters: Mapping[str, float]) -> tuple[MyotonicRuns, Fibrillations]:
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
    cramping, grouping, fasciculating = axon_generators(parameters, n_units)
    of_cramps, of_groups, of_fasciculations, of_units = generator.spawn(4)
    gap_s = parameters["fasciculation_refractory_period"]
    # what follows the end decides whether the last events are left out
    drawn_s = duration_s + grouping.longest_s + fasciculating.longest_s + 2 * gap_s
    cramps = cramping.draw(drawn_s, of_cramps)
    few = grouping.draw(drawn_s, of_groups), fasciculating.draw(drawn_s, of_fasciculations)
    chosen = of_units.permutation(n_units)
    groups, fasciculations = (replace(train, unit=chosen[train.unit]) for train in few)
    groups = apart_from(groups, cramps, gap_s)
    others = joined([cramps, groups])
    return before(joined([others, apart_from(fasciculations, others, gap_s)]), duration_s)


def fiber_train(parameters: Mapping[str, float], duration_s: float, generator: np.random.Generator) -> Train:
    """Draw all discharges that arise in single muscle fibers; runs and fibrillations are of different fibers."""
    running, fibrillating = fiber_generators(parameters)
    of_runs, of_fibrillations = generator.spawn(2)
    runs, fibrillations = running.draw(duration_s, of_runs), fibrillating.draw(duration_s, of_fibrillations)
    first_free = running.n_fibers
    return joined([runs, replace(fibrillations, unit=fibrillations.unit + first_free)])
