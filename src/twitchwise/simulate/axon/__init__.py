"""The motor axon: what an environment or a disease does to its threshold, recovery, velocity and ectopic discharges."""

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Afterdischarges, Excitability, looked_up

__all__ = ["Afterdischarges", "AxonChanges", "Excitability", "looked_up"]
