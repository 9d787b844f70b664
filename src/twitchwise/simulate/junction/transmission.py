"""Which share of a motor unit's fibers each discharge sets off, with depletion of the stores and chance.

The safety factor of Wood and Slater (2001, doi:10.1016/s0301-0082(00)00055-1), for a whole unit at once: the stores of
its fibers are followed by their mean. Fibers differ in safety log-normally, and the quanta of one fiber scatter like a
gamma variable, so that the share that transmits is a mean over fibers of a probability; the number that did is drawn
around it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from twitchwise.simulate.junction.junction import Junction
from twitchwise.simulate.junction.release import released_shares
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray

_NODES = 12  # of the mean over fibers; 24 change no share by more than 2e-3
_NORMAL_FROM = 9.0  # a binomial of this variance is normal to a fraction of a fiber
_BEYOND = 1e12  # no terminal releases so many quanta
_LEAST = 1e-12  # keeps a division by the number of released quanta finite


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Transmission:
    """What became of each discharge at the junctions of its motor unit.

    Every array has the shape of the discharges, ``(n,)``.

    Parameters
    ----------
    share
        Share of the unit's fibers that fired, in [0, 1]; a whole number of fibers.
    expected_share
        The share to be expected of a unit with very many fibers.
    repeated_share
        Share of the fibers expected to fire a second time, after the refractory time, because the endplate potential
        outlasts it.
    delay_s
        Time in seconds from the discharge of the axon to the firing of a fiber of middle safety.
    """

    share: FloatArray
    expected_share: FloatArray
    repeated_share: FloatArray
    delay_s: FloatArray


class _Odds(NamedTuple):
    """Mean over fibers of the probability to fire, and of the variance of firing."""

    mean: FloatArray
    variance: FloatArray


def transmit(
    time_s: FloatArray, unit: IntArray, n_fibers: IntArray, junction: Junction, generator: np.random.Generator
) -> Transmission:
    """Return what became of each discharge; before the first one all junctions are rested.

    Parameters
    ----------
    time_s
        Discharges in seconds, in any order, shape ``(n,)``.
    unit
        Motor unit of each, from 0, shape ``(n,)``.
    n_fibers
        Muscle fibers of each unit, at least 1, shape ``(n_units,)``.
    junction
        What all junctions have in common.
    generator
        Source of chance.

    Raises
    ------
    OutOfRangeError
        If shapes differ, or a unit is unknown or without fibers.

    Examples
    --------
    Four discharges of a unit with 100 fibers and a fifth of the healthy transmitter:

    >>> from twitchwise.simulate import parameters_for
    >>> poor = Junction.of({**parameters_for("healthy"), "quantal_content": 12.0})
    >>> time_s, unit = np.array([0.0, 0.02, 0.04, 0.06]), np.zeros(4, dtype=np.int64)
    >>> transmit(time_s, unit, np.array([100]), poor, np.random.default_rng(1)).expected_share.round(2).tolist()
    [0.27, 0.41, 0.38, 0.29]
    """
    _require_discharges(time_s, unit, n_fibers)
    released = _released_in_order(time_s, unit, junction)
    odds = _odds(released, junction, junction.quanta_to_fire)
    quanta = released * junction.release.store
    return Transmission(
        share=_drawn_share(odds, n_fibers[unit], generator),
        expected_share=odds.mean,
        repeated_share=_odds(released, junction, junction.quanta_to_repeat).mean,
        delay_s=junction.endplate.delay_to_threshold_s(junction.endplate.potential_v(quanta)),
    )


def expected_shares(time_s: FloatArray, junction: Junction) -> FloatArray:
    """Return the share of fibers that each discharge of one unit sets off, of very many fibers.

    Parameters
    ----------
    time_s
        Discharges in seconds, ascending, shape ``(n,)``.
    junction
        What all junctions have in common.
    """
    released = _released_in_order(time_s, np.zeros(time_s.size, dtype=np.int64), junction)
    return _odds(released, junction, junction.quanta_to_fire).mean


def _require_discharges(time_s: FloatArray, unit: IntArray, n_fibers: IntArray) -> None:
    if time_s.shape != unit.shape or time_s.ndim != 1:
        raise OutOfRangeError(f"unit must have the shape (n,) of time_s, got {unit.shape!r} and {time_s.shape!r}.")
    if n_fibers.ndim != 1 or (n_fibers < 1).any():
        raise OutOfRangeError(f"n_fibers must be at least 1 for every unit, got {n_fibers.tolist()!r}.")
    if unit.size and not 0 <= unit.min() <= unit.max() < n_fibers.size:
        raise OutOfRangeError(f"unit must lie in [0, {n_fibers.size - 1}], got {unit.min()!r} to {unit.max()!r}.")


def _released_in_order(time_s: FloatArray, unit: IntArray, junction: Junction) -> FloatArray:
    """Return the share of the store that each discharge releases, in the order of the input."""
    order = np.lexsort((time_s, unit))
    units, counts = np.unique(unit[order], return_counts=True)
    column = np.repeat(np.arange(units.size), counts)
    row = np.arange(order.size) - np.repeat(np.cumsum(counts) - counts, counts)
    intervals = np.zeros((int(counts.max(initial=0)), units.size))
    intervals[row, column] = np.diff(time_s[order], prepend=0.0)
    released = np.empty(order.size)
    released[order] = released_shares(junction.release, intervals)[row, column]
    return released


def _odds(released: FloatArray, junction: Junction, quanta: float) -> _Odds:
    """Return how probably fibers reach the effect of ``quanta`` quanta in a fiber of middle safety.

    The sum of the quanta's sizes is taken as a gamma variable, its distribution by the cube-root rule of Wilson and
    Hilferty (1931).
    """
    if quanta > _BEYOND:
        return _Odds(np.zeros_like(released), np.zeros_like(released))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    scatter = 1.0 - released + junction.endplate.quantum_spread**2  # variance over mean of the released quanta
    mean = np.maximum(released * junction.release.store, _LEAST)
    shape = np.sqrt(np.maximum(mean / scatter, _LEAST))
    safety = np.cbrt(quanta / mean)[:, np.newaxis] * np.exp(-junction.endplate.fiber_spread * nodes / 3.0)
    deviation = 3.0 * shape[:, np.newaxis] * (1.0 - safety) - 1.0 / (3.0 * shape[:, np.newaxis])
    probability = special.ndtr(deviation)
    weights = weights / weights.sum()
    return _Odds(np.minimum(probability @ weights, 1.0), (probability * (1.0 - probability)) @ weights)


def _drawn_share(odds: _Odds, n_fibers: IntArray, generator: np.random.Generator) -> FloatArray:
    """Draw the share that fires: a normal number of fibers where it scatters by many, a binomial one where by few."""
    variance = odds.variance * n_fibers
    # a generator for each, so that the first draws do not depend on how many follow
    few_chance, many_chance = generator.spawn(2)
    few = few_chance.binomial(n_fibers, odds.mean)
    many = np.rint(odds.mean * n_fibers + np.sqrt(variance) * many_chance.standard_normal(n_fibers.size))
    fired = np.where(variance > _NORMAL_FROM, np.clip(many, 0, n_fibers), few)
    share: FloatArray = fired / n_fibers
    return share
