"""Which of a unit's windows hold its twitch and noise alone: no jolt, no second unit within the first's potential.

Each is compared with the median of all, which a few strange ones do not move, in the noise's own measure.
"""

import numpy as np

from twitchwise.measure.mechanics.noise import Noise
from twitchwise.measure.mechanics.windows import Windows
from twitchwise.vocabulary.arrays import BoolArray


def calm(windows: Windows, noise: Noise, limit: float) -> BoolArray:
    """Mark the windows that differ from the median by no more than ``limit`` times what they usually do.

    Parameters
    ----------
    windows
        Of one unit.
    noise
        Of the channel.
    limit
        Mean square, over that of noise or over the usual one of this unit, whichever is greater.

    Returns
    -------
    BoolArray
        Shape ``(n_events,)``; at least half of them are marked.
    """
    lines = noise.whitening @ np.stack([np.ones_like(windows.time_s), windows.time_s], axis=1)
    apart = (windows.samples - np.median(windows.samples, axis=0)) @ noise.whitening.T
    # where the channel stood and how it drifted is no disturbance
    level = np.linalg.lstsq(lines, apart.T)[0]
    strange = np.mean((apart - (lines @ level).T) ** 2, axis=1)
    mask: BoolArray = strange <= limit * max(1.0, float(np.median(strange)))
    return mask
