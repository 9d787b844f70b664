"""How movement sensors are understood: their clock, unit, gravity and axes, told from the samples themselves."""

from twitchwise.formats.motion.assemble import recording_of
from twitchwise.formats.motion.raw_motion import RawMotion, RawSensor, Singles

__all__ = ["RawMotion", "RawSensor", "Singles", "recording_of"]
