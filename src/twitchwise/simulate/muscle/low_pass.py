"""The low-pass of an amplifier, which leaves nothing above half the sampling rate, and twofold oversampling."""

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

PASS, STOP = 0.4, 0.5  # of the sampling rate: where the gain begins to fall and where nothing is left


def low_pass(share: FloatArray) -> FloatArray:
    """Return the gain at frequencies given as shares of the sampling rate: a raised cosine at the end of the band.

    Examples
    --------
    >>> low_pass(np.array([0.0, 0.4, 0.45, 0.5, 2.0])).round(3).tolist()
    [1.0, 1.0, 0.5, 0.0, 0.0]
    """
    fallen = np.clip((share - PASS) / (STOP - PASS), 0.0, 1.0)
    gain: FloatArray = (1 + np.cos(np.pi * fallen)) / 2
    return gain


def power_of_two(at_least: float) -> int:
    """Return the smallest of 1, 2, 4, ... that is at least as much.

    Examples
    --------
    >>> power_of_two(0.3), power_of_two(4.0), power_of_two(4.1)
    (1, 4, 8)
    """
    return 1 << max(int(np.ceil(np.log2(at_least))), 0)
