"""What chance alone would give: the same discharges, each moved a little.

Moving each discharge by up to half a second keeps the slow course of the rate and destroys what is timed to
milliseconds (dithering; Louis et al. 2010, https://doi.org/10.3389/fncom.2010.00127; Amarasingham et al. 2012,
Conditional modeling and the jitter method of spike resampling, J Neurophysiol 107:517-531).
"""

from collections.abc import Callable

import numpy as np

from twitchwise.measure.emg.describe.rest_clock import from_rest_time, to_rest_time
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray

# Far beyond what is timed by nerves (110 ms), near enough to keep the course of the rate over seconds.
_REACH_S = 0.5
# Gives p down to 1 in 200, which is well below the 5 % that is asked of it.
SURROGATES = 199
# Times that are counted together: they stay in the cache, and a night of them needs no room.
_AT_ONCE = 1 << 17


def by_chance(times_s: FloatArray, rest: Intervals, count: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Return a statistic of moved copies of a train.

    Parameters
    ----------
    times_s
        Discharges of one unit at rest, ascending, shape ``(n,)``.
    rest
        They are moved on its clock, so that they stay at rest.
    count
        Takes the times of some copies, each ascending, shape ``(m, n)``, and returns the statistic of each, shape
        ``(m, k)``.

    Returns
    -------
    FloatArray
        Shape ``(SURROGATES, k)``; the same for the same train.
    """
    generator = np.random.default_rng(times_s.size)
    passed = to_rest_time(times_s, rest)
    moves = generator.uniform(-_REACH_S, _REACH_S, (SURROGATES, times_s.size))
    # at an end of the rest they are thrown back
    moved = np.abs(passed + moves)
    moved = np.minimum(moved, 2 * rest.duration_s - moved)
    copies = from_rest_time(np.sort(np.clip(moved, 0.0, rest.duration_s), axis=1), rest)
    each = max(1, _AT_ONCE // max(times_s.size, 1))
    return np.concatenate([count(copies[first : first + each]) for first in range(0, SURROGATES, each)])


def probability_of(seen: float, chance: FloatArray) -> float:
    """Return how probable so much or more is by chance, given the statistic of the copies, shape ``(n,)``."""
    return float((1 + np.sum(chance >= seen)) / (1 + chance.size))
