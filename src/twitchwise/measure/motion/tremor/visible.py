"""How large a movement must be to be called a tremor: the size of one that an eye can see on a hand.

Wade, Gresty and Findley 1982 (https://doi.org/10.1001/archneur.1982.00510180036009) gave it as an acceleration. Other
sensors are compared at the same acceleration, a turning one at a distance from its axis.
"""

import numpy as np

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

ORDERS = {
    ChannelKind.ACCELERATION: (0, False),
    ChannelKind.ANGULAR_VELOCITY: (1, True),
    ChannelKind.ANGLE: (2, True),
    ChannelKind.DISPLACEMENT: (2, False),
}
"""How often a quantity is differentiated to an acceleration, and whether it turns."""


def as_acceleration(amplitude: FloatArray, frequency_hz: FloatArray, kind: ChannelKind, lever_m: float) -> FloatArray:
    """Return the acceleration in m/s2 that goes with an amplitude in the unit of a sensor at a frequency."""
    order, turns = ORDERS[kind]
    acceleration: FloatArray = amplitude * (2 * np.pi * frequency_hz) ** order * (lever_m if turns else 1.0)
    return acceleration


def least_size(
    frequency_hz: FloatArray, kind: ChannelKind, settings: TremorSettings, *, standing: bool = False
) -> FloatArray:
    """Return the least amplitude in the unit of a sensor that is called a tremor at a frequency.

    It is the one that an eye can see. Orthostatic tremor cannot be seen by eye: of a standing person, less is enough in
    its band.
    """
    one = as_acceleration(np.ones_like(frequency_hz), frequency_hz, kind, settings.lever_m)
    least = np.full_like(frequency_hz, settings.visible_acceleration_mps2)
    if standing:
        least[frequency_hz >= settings.orthostatic_low_hz] = settings.standing_acceleration_mps2
    size: FloatArray = least / one
    return size
