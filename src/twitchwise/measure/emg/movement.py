"""Movements of the electrode: the signal swings slowly by more than it does within the band.

A step or a swing of the skin's potential leaks into the band and looks like a potential there. Below the band it is
larger than within; a potential, and a contraction, are larger within. The slow waves of a heart come regularly, which
movements do not.
"""

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.heartbeat import is_regular
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray

# A swing is looked at over so many seconds to either side; slower ones do not reach into the band.
_REACH_S = 0.1
# Swings so soon after one another are waves of one beat of a heart, if they are of a heart.
_CYCLE_S = 0.4


def moved_spans(frames: Frames, potentials: Potentials, settings: EmgSettings) -> Intervals:
    """Return the times in which the electrode moved so that it shows in the band, in seconds.

    Parameters
    ----------
    frames
        The channel in frames; their mean is the slow part of the signal.
    potentials
        What stood out in the band, however little, in order.
    settings
        How unusual a swing must be, and how much greater than what the band shows.
    """
    if not frames.usable.any():
        return Intervals()
    reach = max(1, round(_REACH_S / frames.duration_s))
    swing = _swing(frames, reach)
    usual = float(np.median(swing[frames.usable]))
    within = maximum_filter1d(np.where(frames.usable, frames.peak, 0.0), 2 * reach + 1)
    moved = frames.usable & (swing > settings.movement_unusual * usual)
    moved &= swing > settings.movement_over_potential * within
    edges = np.flatnonzero(np.diff(moved.astype(np.int8), prepend=0, append=0)).reshape(-1, 2) * frames.duration_s
    first, last = np.searchsorted(potentials.peak_s, [edges[:, 0] - _REACH_S, edges[:, 1] + _REACH_S])
    edges = edges[last > first]
    begins = edges[np.diff(edges[:, 0], prepend=-np.inf) > _CYCLE_S, 0]
    if is_regular(begins, settings):
        return Intervals()
    return Intervals(tuple((float(start), float(stop)) for start, stop in edges))


def _swing(frames: Frames, reach: int) -> FloatArray:
    """Return the range of the frames' means around each frame."""
    level = frames.level.astype(np.float64)
    held = np.where(frames.usable, level, np.nan)
    low, high = np.where(np.isnan(held), np.inf, held), np.where(np.isnan(held), -np.inf, held)
    width = 2 * reach + 1
    swing = maximum_filter1d(high, width) - minimum_filter1d(low, width)
    return np.where(np.isfinite(swing), swing, 0.0)
