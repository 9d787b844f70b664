"""Discharges that arise in the axon or the muscle fiber instead of the cell body, each event with its truth."""

from twitchwise.simulate.ectopic.cramps import Cramps
from twitchwise.simulate.ectopic.fasciculations import Fasciculations
from twitchwise.simulate.ectopic.generators import EctopicGenerator, axon_train, fiber_train
from twitchwise.simulate.ectopic.grouped_discharges import GroupedDischarges
from twitchwise.simulate.ectopic.muscle_fibers import Fibrillations, MyotonicRuns
from twitchwise.simulate.ectopic.train import Kind, Label, Site, Train, apart_from, in_order, joined

__all__ = [
    "Cramps",
    "EctopicGenerator",
    "Fasciculations",
    "Fibrillations",
    "GroupedDischarges",
    "Kind",
    "Label",
    "MyotonicRuns",
    "Site",
    "Train",
    "apart_from",
    "axon_train",
    "fiber_train",
    "in_order",
    "joined",
]
