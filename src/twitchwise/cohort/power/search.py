"""How often drawn studies find the change, and with how many participants they do often enough.

A share of studies has the exact interval of Clopper and Pearson (1934, https://doi.org/10.1093/biomet/26.4.404, not
opened). Each drawn study is asked with its first participants, so that one draw answers for every number of them.
Studies are drawn for wider, then for narrower ranges of numbers, until the answer is certain enough or enough has been
drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from twitchwise.cohort.power.studies import Study
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

FEWEST, MOST = 3, 3000
"""Participants of a group, or of a study before and after, that are looked at."""
_TAIL = 0.025
_SURE_TAIL = 0.0005  # of what is not looked at again
_FIRST_LOOK = 400  # studies that find the range, within some percent of power
_SURE_STUDIES = 4000  # studies after which a power of 90 % is known within a percent
_FEWEST_STUDIES = 400
_AT_ONCE = 400_000  # numbers that are drawn at a time
_DRAWS = 1_600_000  # numbers that are drawn for one question at most
_SIZES = 60  # numbers of participants that are asked of one draw at most
_NEAR = 0.03  # of the answer: nearer than this it need not be known


@dataclass(frozen=True, kw_only=True, slots=True)
class Needed:
    """How many participants a study needs.

    Parameters
    ----------
    n
        The number (in each group); ``None`` where more than are looked at would be needed.
    low, high
        Between which it lies with regard to the number of studies that were drawn; ``high`` may be ``None`` too.
    power
        Share of studies of this number (or of the largest one looked at) that find the change, with 95 % interval.
    n_studies
        How many studies that share was counted of.
    """

    n: int | None
    low: int
    high: int | None
    power: Estimate
    n_studies: int


def share(successes: int, n: int) -> Estimate:
    """Return a share with its exact 95 % interval.

    Examples
    --------
    >>> power = share(90, 100)
    >>> power.value, round(power.low, 3), round(power.high, 3)
    (0.9, 0.824, 0.951)
    """
    low = float(beta.ppf(_TAIL, successes, n - successes + 1)) if successes else 0.0
    high = float(beta.ppf(1 - _TAIL, successes + 1, n - successes)) if successes < n else 1.0
    return Estimate(value=successes / n, low=low, high=high)


def power_at(study: Study, n: int, chance: np.random.Generator) -> tuple[Estimate, int]:
    """Return the power with ``n`` participants (in each group), and of how many studies it was counted."""
    n_studies = _n_studies(n)
    found = int(sum(part.sum() for part in _found(study, n_studies, np.array([n]), chance)))
    return share(found, n_studies), n_studies


def needed(study: Study, power: float, chance: np.random.Generator) -> Needed:
    """Return how many participants a study needs to find the change with a power.

    Parameters
    ----------
    study
        The study.
    power
        Share of studies that are to find it.
    chance
        Source of chance.
    """
    low, high = _range(study, power, chance)
    if high is None:
        reached, n_studies = power_at(study, MOST, chance)
        if reached.value < power:
            return Needed(n=None, low=MOST, high=None, power=reached, n_studies=n_studies)
        high = MOST
    n, low, high = _narrowed(study, power, (low, high), chance)
    reached, n_studies = power_at(study, n, chance)
    return Needed(n=n, low=min(low, n), high=max(high, n), power=reached, n_studies=n_studies)


def _range(study: Study, power: float, chance: np.random.Generator) -> tuple[int, int | None]:
    """Return numbers of participants between which the answer surely lies, as a small number of studies tells."""
    low, high = FEWEST, 16
    while True:
        sizes = np.unique(np.geomspace(low, high, 9).astype(np.int64))
        below, above = _ends(_curve(study, _FIRST_LOOK, sizes, chance), _FIRST_LOOK, _SURE_TAIL)
        low = int(sizes[above < power].max(initial=low))
        if (below >= power).any():
            return low, int(sizes[below >= power].min())
        if high == MOST:
            return low, None
        high = min(2 * high, MOST)


def _narrowed(
    study: Study, power: float, between: tuple[int, int], chance: np.random.Generator
) -> tuple[int, int, int]:
    """Return the least number of participants that reaches a power, and the range in which it lies."""
    low, high = between
    n = high
    for most in (4 * _FIRST_LOOK, _SURE_STUDIES):
        sizes = np.unique(np.linspace(low, high, _SIZES).astype(np.int64))
        n_studies = min(most, _n_studies(high))
        curve = _curve(study, n_studies, sizes, chance)
        n = _first(sizes, curve / n_studies, power)
        low, high = (_first(sizes, end, power) for end in reversed(_ends(curve, n_studies, _SURE_TAIL)))
        if high - low <= max(1, _NEAR * n):
            break
    low, high = (_first(sizes, end, power) for end in reversed(_ends(curve, n_studies, _TAIL)))
    return n, low, high


def _first(sizes: IntArray, shares: FloatArray, power: float) -> int:
    """Return the least number that reaches a power, or the largest of all; between two of them in proportion."""
    reached = np.flatnonzero(shares >= power)
    at = int(reached[0]) if reached.size else sizes.size - 1
    if at == 0 or not reached.size or sizes[at] - sizes[at - 1] == 1:
        return int(sizes[at])
    part = (power - shares[at - 1]) / (shares[at] - shares[at - 1])
    return int(np.ceil(sizes[at - 1] + part * (sizes[at] - sizes[at - 1])))


def _curve(study: Study, n_studies: int, sizes: IntArray, chance: np.random.Generator) -> IntArray:
    """Return how many studies find the change with each number of participants; never fewer with more of them."""
    counts = np.sum([part.sum(axis=0) for part in _found(study, n_studies, sizes, chance)], axis=0)
    curve: IntArray = np.maximum.accumulate(counts)
    return curve


def _ends(curve: IntArray, n_studies: int, tail: float) -> tuple[FloatArray, FloatArray]:
    """Return the ends of exact intervals of the shares."""
    with np.errstate(invalid="ignore"):
        low = np.where(curve > 0, beta.ppf(tail, curve, n_studies - curve + 1), 0.0)
        high = np.where(curve < n_studies, beta.ppf(1 - tail, curve + 1, n_studies - curve), 1.0)
    return low, high


def _found(study: Study, n_studies: int, sizes: IntArray, chance: np.random.Generator) -> Iterator[BoolArray]:
    """Give what studies find, some of them at a time."""
    at_once = max(1, _AT_ONCE // int(sizes.max()))
    for start in range(0, n_studies, at_once):
        yield study.found(min(at_once, n_studies - start), sizes, chance)


def _n_studies(n: int) -> int:
    return int(np.clip(_DRAWS // n, _FEWEST_STUDIES, _SURE_STUDIES))
