"""Fiber by fiber: every quantum counted, for single-fiber EMG (jitter: Stalberg et al. 2016, doi:10.1002/mus.24750).

The same terminal and endplate as for whole motor units, without their mean over fibers: each store holds a whole number
of quanta, each quantum has its size, and each fiber its own safety.
"""

import math
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.junction.junction import Junction
from twitchwise.simulate.junction.release import RESTED, Release, Terminal
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.checks import require_within


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class SingleFibers:
    """When each fiber of a motor unit fired after each discharge of its axon.

    Parameters
    ----------
    delay_s
        Time in seconds from the discharge to the fiber's firing, not a number where it failed, shape ``(n_fibers, n)``.
    quanta
        Quanta that were released, shape ``(n_fibers, n)``.
    """

    delay_s: FloatArray
    quanta: FloatArray

    @property
    def fired(self) -> BoolArray:
        """Whether each fiber fired, shape ``(n_fibers, n)``."""
        return np.isfinite(self.delay_s)

    @property
    def blocking(self) -> FloatArray:
        """Share of the discharges that each fiber failed to answer, shape ``(n_fibers,)``."""
        share: FloatArray = 1.0 - self.fired.mean(axis=1)
        return share

    def jitter_s(self) -> FloatArray:
        """Return the mean consecutive difference of each fiber's delay in seconds, as measured with a stimulated axon.

        Only neighboring discharges that both fired the fiber count; a fiber without such has not a number. Shape
        ``(n_fibers,)``.
        """
        return _mean_consecutive_difference(self.delay_s)

    def pair_jitter_s(self) -> FloatArray:
        """Return the mean consecutive difference between fibers 0 and 1, 2 and 3 and so on, as measured in contraction.

        In seconds, shape ``(n_fibers // 2,)``.
        """
        even = self.delay_s.shape[0] // 2 * 2
        return _mean_consecutive_difference(self.delay_s[1:even:2] - self.delay_s[0:even:2])


def single_fibers(
    time_s: FloatArray, n_fibers: int, junction: Junction, generator: np.random.Generator
) -> SingleFibers:
    """Follow single fibers of one motor unit through its discharges; before the first one they are rested.

    Parameters
    ----------
    time_s
        Discharges in seconds, ascending, shape ``(n,)``.
    n_fibers
        Fibers to follow, at least 1.
    junction
        What all junctions have in common.
    generator
        Source of chance.

    Raises
    ------
    OutOfRangeError
        If there is no fiber.
    """
    require_within("n_fibers", n_fibers, 1, math.inf)
    safety = np.exp(junction.endplate.fiber_spread * generator.standard_normal(n_fibers))
    quanta = _released_quanta(time_s, n_fibers, junction.release, generator)
    peak_v = junction.endplate.potential_v(safety[:, np.newaxis] * _summed(quanta, junction, generator))
    delay_s = junction.endplate.delay_to_threshold_s(peak_v)
    delay_s += junction.endplate.delay_spread_s * generator.standard_normal(delay_s.shape)
    delay_s[peak_v < junction.endplate.threshold_v] = np.nan
    return SingleFibers(delay_s=delay_s, quanta=quanta)


def _released_quanta(time_s: FloatArray, n_fibers: int, release: Release, generator: np.random.Generator) -> FloatArray:
    places = round(release.store)
    quanta = np.zeros((n_fibers, time_s.size))
    state = Terminal(*(np.full(n_fibers, level) for level in RESTED))
    for index, waited_s in enumerate(np.diff(time_s, prepend=time_s[:1])):
        state = _refilled(release, state, float(waited_s), generator) if index else state
        held = np.rint(state.filled * places).astype(np.int64)
        quanta[:, index] = generator.binomial(held, release.probability_in(state))
        state = release.discharged(state, quanta[:, index] / max(places, 1))
    return quanta


def _refilled(release: Release, state: Terminal, waited_s: float, generator: np.random.Generator) -> Terminal:
    """Return the terminals after a wait, with a whole number of quanta in each store."""
    places = round(release.store)
    rested = release.rested(state, waited_s)
    empty = np.rint((rested.reserve - state.filled) * places).astype(np.int64)
    arrived = generator.binomial(np.maximum(empty, 0), 1.0 - release.kept(state, waited_s))
    return rested._replace(filled=state.filled + arrived / max(places, 1))


def _summed(quanta: FloatArray, junction: Junction, generator: np.random.Generator) -> FloatArray:
    """Return the sum of the quanta's sizes, in mean quanta."""
    spread = junction.endplate.quantum_spread * np.sqrt(quanta)
    summed: FloatArray = np.maximum(quanta + spread * generator.standard_normal(quanta.shape), 0.0)
    return summed


def _mean_consecutive_difference(delay_s: FloatArray) -> FloatArray:
    steps = np.abs(np.diff(delay_s, axis=1))
    counted = np.isfinite(steps)
    total = np.where(counted, steps, 0.0).sum(axis=1)
    mean: FloatArray = np.divide(total, counted.sum(axis=1), out=np.full(total.size, np.nan), where=counted.any(axis=1))
    return mean
