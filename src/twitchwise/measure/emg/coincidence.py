"""What comes together more often than chance has it: repeats of one unit, and units that go along.

Random events at the rates seen coincide so many times on average; more than a Poisson count of that mean would give is
no chance.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy.stats import poisson

from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Coincidences that random events would give more rarely than so are no chance.
_BY_CHANCE = 0.01


def repeats_itself(time_s: FloatArray, unit: IntArray, within_s: float, rest_s: float) -> bool:
    """Tell whether units repeat themselves within a time more often than random events at their rates would.

    Parameters
    ----------
    time_s, unit
        Times in seconds and units of potentials, shape ``(n,)``; 0 is no unit.
    within_s, rest_s
        The time looked at after each, and the time that all of them were seen in.
    """
    seen, expected = 0, 0.0
    for one in np.unique(unit[unit > 0]):
        gaps = np.diff(np.sort(time_s[unit == one]))
        seen += int((gaps <= within_s).sum())
        expected += gaps.size * (gaps.size + 1) / max(rest_s, within_s) * within_s
    return _is_no_chance(seen, expected)


def near_pairs(time_s: FloatArray, within_s: float) -> Iterator[tuple[int, int]]:
    """Give all pairs of places whose times, in order, are at most so far apart."""
    stop = np.searchsorted(time_s, time_s + within_s, side="right")
    for first, last in enumerate(stop.tolist()):
        for other in range(first + 1, last):
            yield first, other


def going_along(time_s: FloatArray, unit: IntArray, within_s: float, rest_s: float) -> set[tuple[int, int]]:
    """Return the pairs of different units, smaller number first, that discharge together more often than by chance.

    Parameters
    ----------
    time_s, unit
        Times in seconds, in order, and units of potentials, shape ``(n,)``; 0 is no unit and goes along with none.
    within_s, rest_s
        The greatest distance that is together, and the time that all of them were seen in.
    """
    numbers = [_key(int(unit[a]), int(unit[b])) for a, b in near_pairs(time_s, within_s)]
    seen = Counter(pair for pair in numbers if pair[0] and pair[0] != pair[1])
    count = Counter(unit.tolist())
    share = 2 * within_s / max(rest_s, within_s)
    return {pair for pair, times in seen.items() if _is_no_chance(times, count[pair[0]] * count[pair[1]] * share)}


def _key(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


def _is_no_chance(seen: int, expected: float) -> bool:
    return seen > 0 and float(poisson.sf(seen - 1, expected)) < _BY_CHANCE
