"""The forward model: what a condition changes in motor units, and what EMG and force show of it."""

from twitchwise.simulate.condition import assumptions, known_conditions, parameters_for, twitch_of
from twitchwise.simulate.motor_unit import MotorUnit
from twitchwise.simulate.motor_unit_action_potential import MotorUnitActionPotential
from twitchwise.simulate.saturation import Saturation
from twitchwise.simulate.sensors import SurfaceElectrode
from twitchwise.simulate.simulation import Simulation, simulate_condition
from twitchwise.simulate.twitch import Phase, PhaseName, Twitch, phases

__all__ = [
    "MotorUnit",
    "MotorUnitActionPotential",
    "Phase",
    "PhaseName",
    "Saturation",
    "Simulation",
    "SurfaceElectrode",
    "Twitch",
    "assumptions",
    "known_conditions",
    "parameters_for",
    "phases",
    "simulate_condition",
    "twitch_of",
]
