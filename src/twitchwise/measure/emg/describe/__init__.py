"""What sorted fasciculation potentials add up to: rate, units, shape, pattern, origin, and what can be told at all."""

from twitchwise.measure.emg.describe.describe import Description, UnitDescription, describe
from twitchwise.measure.emg.describe.origin import Origin, origin, territory
from twitchwise.measure.emg.describe.support import Setup, support
from twitchwise.measure.sorted_potentials import SortedPotentials

__all__ = [
    "Description",
    "Origin",
    "Setup",
    "SortedPotentials",
    "UnitDescription",
    "describe",
    "origin",
    "support",
    "territory",
]
