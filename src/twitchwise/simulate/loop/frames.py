"""The two clocks of the loop: a frame for all that is slow, four substeps in it for the membranes."""

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

SUBSTEPS = 4  # membrane steps in a frame
SUBSTEP_S = 0.25e-3  # a thirtieth of a membrane time constant: rates are right by calibration, times to this much
FRAME_S = SUBSTEPS * SUBSTEP_S  # twitch, joint, reflex and drive change over tens of milliseconds


def frame_times_s(n_frames: int) -> FloatArray:
    """Return the time at which each frame starts, shape ``(n_frames,)``."""
    times: FloatArray = np.arange(n_frames, dtype=np.float64) * FRAME_S
    return times
