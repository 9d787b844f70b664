"""From a noise-whitened trace to discharges of units, with overlaps resolved and a probability for each."""

from twitchwise.measure.emg.units.finder import UnitFinder, find_units
from twitchwise.measure.emg.units.results import Discharges, UnitSet
from twitchwise.measure.emg.units.trace import Trace

__all__ = ["Discharges", "Trace", "UnitFinder", "UnitSet", "find_units"]
