"""The motor units of a muscle: how many, how large and how fast, drawn together along the size principle."""

from twitchwise.simulate.units.motor_units import MotorUnits, draw_units

__all__ = ["MotorUnits", "draw_units"]
