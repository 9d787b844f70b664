"""The classic twitch for comparison: critically damped, with a gain that varies with the discharge rate.

Fuglevand, Winter and Patla 1993, doi:10.1152/jn.1993.70.6.2470. Its fusion is not monotonic: the ripple of a regular
train can rise with the rate (Nagamori et al. 2021, doi:10.1371/journal.pcbi.1008707).
"""

import math

import numpy as np

from twitchwise.simulate.twitches.four_numbers import Twitch
from twitchwise.vocabulary.arrays import FloatArray

LINEAR_BELOW = 0.4  # contraction time over interval up to which twitches simply add, part of the published model
STEEPNESS = 2.0  # of the published sigmoid 1 - exp(-STEEPNESS x**3)


def classic_gain(time_over_interval: FloatArray) -> FloatArray:
    """Return by how much a twitch is scaled after an interval, given contraction time over interval; any shape."""
    x = np.maximum(np.asarray(time_over_interval, dtype=np.float64), LINEAR_BELOW)
    reference = -math.expm1(-STEEPNESS * LINEAR_BELOW**3) / LINEAR_BELOW
    gain: FloatArray = -np.expm1(-STEEPNESS * x**3) / x / reference
    return gain


def classic_force_n(discharges_s: FloatArray, twitch: Twitch, time_s: FloatArray) -> FloatArray:
    """Return the force of one unit's train in the classic model.

    Parameters
    ----------
    discharges_s
        Discharge times in seconds, ascending, shape ``(n,)``.
    twitch
        Its latent period, contraction time and peak force are used; half-relaxation follows from contraction here.
    time_s
        Where to give the force, shape ``(n_samples,)``.

    Returns
    -------
    FloatArray
        Force in N, shape ``(n_samples,)``.
    """
    intervals = np.diff(discharges_s, prepend=-np.inf)
    gains = classic_gain(twitch.contraction_time_s / intervals)
    force = np.zeros(np.shape(time_s))
    for start, gain in zip(discharges_s.tolist(), gains.tolist(), strict=True):
        since = np.maximum(time_s - start - twitch.latent_period_s, 0.0) / twitch.contraction_time_s
        force += twitch.peak_force_n * gain * since * np.exp(1.0 - since)
    return force
