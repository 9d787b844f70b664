"""What surrounds nerve and muscle - ions, pH, temperature, caffeine, hormones - and what it changes further along."""

from twitchwise.simulate.environment.effects import Effect, Way, changed, effects
from twitchwise.simulate.environment.resting_potential import resting_potential_v
from twitchwise.simulate.environment.state import Environment
from twitchwise.simulate.environment.surface_charge import Membrane, Solution, gate_shift_v, surface_potential_v

__all__ = [
    "Effect",
    "Environment",
    "Membrane",
    "Solution",
    "Way",
    "changed",
    "effects",
    "gate_shift_v",
    "resting_potential_v",
    "surface_potential_v",
]
