"""Late echoes of fasciculations, and potentials of two units locked to each other, beyond what chance gives.

An impulse from far out in the axon runs back to the cell body, which may answer it: an F-wave, seen at 32 to 35 ms in
gastrocnemius (Kleine et al. 2012, https://doi.org/10.1016/j.clinph.2011.06.032). Two units that discharge together have
a common cause near the cord (de Carvalho and Swash 2013, https://doi.org/10.1001/jamaneurol.2013.4437).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from twitchwise.measure.emg.describe.chance import SURROGATES, by_chance, probability_of
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary.arrays import FloatArray

# F-waves of one unit come within a millisecond, those of several within a few; bins of 5 ms, moved by 1 ms, hold them.
_BIN_S = 0.005
_STEP_S = 0.001
# Two locked discharges are too few to test, whatever chance says.
LEAST_LOCKED = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeats:
    """Pairs and what chance gives.

    Parameters
    ----------
    seen, expected
        Number of pairs, and their mean number by chance.
    probability
        Of as many or more by chance.
    interval_s
        The pairs' intervals in seconds, shape ``(seen,)``.
    of
        Number of discharges that could have had a partner.
    """

    seen: int
    expected: float
    probability: float
    interval_s: FloatArray
    of: int


def echoes(potentials: SortedPotentials, settings: DescribeSettings) -> Repeats:
    """Return the pairs of a unit in the fullest 5 ms of the window of echoes.

    That it is the fullest is true of chance as well, because the copies choose theirs, too.
    """
    edges = np.arange(settings.echo_shortest_s, settings.echo_longest_s - _BIN_S, _STEP_S)
    trains = [potentials.peak_s[potentials.unit == number] for number in potentials.units]
    seen = np.zeros(edges.size)
    chance = np.zeros((SURROGATES, edges.size))
    for train in trains:
        seen += _pairs_by_bin(train[None], edges)[0]
        chance += by_chance(train, potentials.rest, lambda copies: _pairs_by_bin(copies, edges))
    fullest = int(np.argmax(seen))
    intervals = np.concatenate([np.empty(0), *(_intervals(train, settings.echo_longest_s) for train in trains)])
    inside = (intervals >= edges[fullest]) & (intervals < edges[fullest] + _BIN_S)
    return Repeats(
        seen=int(seen[fullest]),
        expected=float(chance[:, fullest].mean()),
        probability=probability_of(float(seen.max()), chance.max(axis=1)),
        interval_s=intervals[inside],
        of=sum(train.size for train in trains),
    )


def _intervals(train: FloatArray, longest_s: float) -> FloatArray:
    """Return the intervals from each discharge to all that follow within reach, in seconds."""
    first = np.arange(train.size)
    counts = np.searchsorted(train, train + longest_s) - first - 1
    leads = np.repeat(first, counts)
    follows = leads + 1 + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    intervals: FloatArray = train[follows] - train[leads]
    return intervals


def _pairs_by_bin(trains: FloatArray, edges: FloatArray) -> FloatArray:
    """Return for each train, one a row, how many intervals fall into each bin, shape ``(n_trains, n_bins)``.

    Intervals from each discharge to the next are looked at first, then to the one after that, until all are too long.
    """
    changes = np.zeros((len(trains), edges.size + 1))
    for step in range(1, trains.shape[1]):
        intervals = trains[:, step:] - trains[:, :-step]
        row, at = np.nonzero(intervals < edges[-1] + _BIN_S)
        if row.size == 0:
            break
        near = intervals[row, at]
        np.add.at(changes, (row, np.searchsorted(edges + _BIN_S, near, side="right")), 1.0)
        np.add.at(changes, (row, np.searchsorted(edges, near, side="right")), -1.0)
    return np.asarray(np.cumsum(changes, axis=1)[:, :-1], dtype=np.float64)


def locked_pairs(potentials: SortedPotentials, first: int, second: int, settings: DescribeSettings) -> Repeats:
    """Return the discharges of a unit that have one of another unit within the time of a lock.

    Chance is that of moved copies where three or more are seen, and that of even rates otherwise. Their number is near
    Poisson, which gives smaller probabilities than the copies could show.
    """
    leads, others = (potentials.peak_s[potentials.unit == number] for number in (first, second))
    lag = _nearest(leads, others)
    lag = lag[np.abs(lag) <= settings.time_lock_s]
    expected = 2 * settings.time_lock_s * leads.size * others.size / potentials.rest_s
    if lag.size >= LEAST_LOCKED:

        def partners(copies: FloatArray) -> FloatArray:
            locked = np.abs(_nearest(copies, others)) <= settings.time_lock_s
            return np.asarray(np.sum(locked, axis=1, keepdims=True), dtype=np.float64)

        # one more than seen, so that none in all copies is not taken for impossible
        expected = float(by_chance(leads, potentials.rest, partners).sum() + 1.0) / SURROGATES
    return Repeats(
        seen=int(lag.size),
        expected=expected,
        probability=float(poisson.sf(lag.size - 1, expected)),
        interval_s=lag,
        of=int(leads.size),
    )


def _nearest(times_s: FloatArray, others_s: FloatArray) -> FloatArray:
    """Return the time from each discharge to the nearest of another train, in seconds, with its sign."""
    bounds = np.concatenate([[-np.inf], others_s, [np.inf]])
    after = np.searchsorted(bounds, times_s)
    later, earlier = bounds[after] - times_s, bounds[after - 1] - times_s
    return np.where(later <= -earlier, later, earlier)
