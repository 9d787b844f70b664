"""What a motion sensor feels of a twitch: the limb it sits on swings, as a damped mass on a spring driven by the force.

With the force ``f`` the limb's angle follows ``x'' + 2 d w x' + w**2 x = f``; a gyroscope feels ``x'``, an
accelerometer ``x''``. A hand or a foot resonates at some 3 to 10 Hz and rings; skin over a muscle resonates far above a
twitch, so that its acceleration is the second derivative of the force. One model holds both.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray


class Limb(NamedTuple):
    """What the sensor sits on: its resonance in hertz, and its damping as a share of the critical one."""

    resonance_hz: float
    damping: float

    @property
    def ringing_s(self) -> float:
        """How long it takes to come to rest: its swing has then fallen to a twentieth."""
        return 3.0 / (2 * math.pi * self.resonance_hz * min(self.damping, 1.0))


# Half the sampling rate would be the highest frequency there is; a limb's resonance stays below this share of the rate.
_HIGHEST_SHARE = 0.45


def felt(force: FloatArray, sampling_rate_hz: float, limb: Limb, kind: ChannelKind) -> FloatArray:
    """Return what a sensor feels of a force, both of shape ``(n_samples,)``.

    The bilinear transform is warped so that the resonance is met exactly; it is right to a part in a hundred for a
    limb, and a search calls it thousands of times.

    Parameters
    ----------
    force
        Of the twitch, from rest.
    sampling_rate_hz
        Samples per second, above 0.
    limb
        What the sensor sits on.
    kind
        Angular velocity or acceleration.
    """
    turn = 2 * math.pi * min(limb.resonance_hz, _HIGHEST_SHARE * sampling_rate_hz)
    warp = turn / math.tan(turn / (2 * sampling_rate_hz))
    lost = 2 * limb.damping * turn * warp
    denominator = np.array([warp**2 + lost + turn**2, 2 * (turn**2 - warp**2), warp**2 - lost + turn**2])
    is_velocity = kind is ChannelKind.ANGULAR_VELOCITY
    numerator = warp * np.array([1.0, 0.0, -1.0]) if is_velocity else warp**2 * np.array([1.0, -2.0, 1.0])
    response: FloatArray = lfilter(numerator, denominator, force)
    return response
