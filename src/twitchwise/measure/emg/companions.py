"""Which potentials of different units one cause made, told by how the lags between the units are spread.

What makes two units discharge together gives lags that are nearly one: an impulse that jumps from axon to axon, or one
source near the cord, comes with the jitter of a nerve, and the pieces of one long potential lie at one distance. Units
that discharge independently give any lag alike, also where they come in crowds, as when the muscle stirs. So lags of
any size tell how often units meet without a common cause, and only what exceeds that was made together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.coincidence import ONE_LAG_S, beyond_chance, locked, near_pairs
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Lags up to this are looked at: it holds two overlapping potentials, and two parts of one long one.
NEAR_S = 0.025
# Random units would keep one lag as often as two do more rarely than so; that one cause makes two is no rarity.
_BY_CHANCE = 0.02
# Units that crowd would do so more rarely than this; it is less rare, because a crowd keeps to no lag.
_IN_A_CROWD = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Lags:
    """Lags of different units that discharge near each other, and how many of them chance would give.

    Parameters
    ----------
    pairs
        Places of the two discharges, shape ``(n, 2)``.
    units
        Their units, shape ``(n, 2)``, the smaller number first.
    lag_s
        From the discharge of the first of these units to that of the second, in seconds, shape ``(n,)``.
    by_chance_hz
        How many a second of lag, either way, independent units at even rates give to the pair of units of each lag,
        shape ``(n,)``.
    all_by_chance_hz
        The same of all pairs of units together.
    seen_s
        Seconds that the units were seen in.
    """

    pairs: IntArray
    units: IntArray
    lag_s: FloatArray
    by_chance_hz: FloatArray
    all_by_chance_hz: float
    seen_s: float


def lags_of(time_s: FloatArray, unit: IntArray, rest_s: float) -> Lags:
    """Return the lags up to ``NEAR_S`` between different units.

    Parameters
    ----------
    time_s, unit
        Times in seconds, in order, and units, shape ``(n,)``; 0 is no unit and has no lags.
    rest_s
        Seconds that they were seen in.
    """
    pairs = np.array(list(near_pairs(time_s, NEAR_S)), dtype=np.int64).reshape(-1, 2)
    units = np.sort(unit[pairs], axis=1)
    chosen = (units[:, 0] > 0) & (units[:, 0] != units[:, 1])
    pairs, units = pairs[chosen], units[chosen]
    lag_s = np.diff(time_s[pairs], axis=1)[:, 0]
    count = np.bincount(unit[unit > 0], minlength=1).astype(np.float64)
    seen_s = max(rest_s, NEAR_S)
    return Lags(
        pairs=pairs,
        units=units,
        lag_s=np.where(unit[pairs[:, 0]] == units[:, 0], lag_s, -lag_s),
        by_chance_hz=2 * count[units[:, 0]] * count[units[:, 1]] / seen_s,
        all_by_chance_hz=float(count.sum() ** 2 - np.sum(count**2)) / seen_s,
        seen_s=seen_s,
    )


def crowding(lags: Lags, settings: EmgSettings) -> float:
    """Return how many times as often as at even rates units meet without a common cause, at least 1.

    Lags beyond those of a common cause tell it. Lags of two units that are one lag count once, and one lag of all may
    have a cause of its own.
    """
    span_s = NEAR_S - settings.companion_delay_s
    apart = np.abs(lags.lag_s) > settings.companion_delay_s
    order = np.lexsort((lags.lag_s[apart], *lags.units[apart].T))
    units, lag_s = lags.units[apart][order], lags.lag_s[apart][order]
    different, last = 0, (0, 0, -np.inf)
    for one, other, lag in zip(*units.T.tolist(), lag_s.tolist(), strict=True):
        if (one, other) != last[:2] or lag > last[2] + ONE_LAG_S:
            different, last = different + 1, (one, other, lag)
    return max(1.0, (different - 1) / max(lags.all_by_chance_hz * span_s, np.finfo(float).tiny))


def companions(time_s: FloatArray, unit: IntArray, lags: Lags, settings: EmgSettings) -> Iterator[tuple[int, int]]:
    """Give the pairs of places of potentials of different units that one cause made.

    Parameters
    ----------
    time_s, unit
        Times in seconds, in order, and units, shape ``(n,)``; a potential of no unit belongs to what overlaps it.
    lags
        Theirs.
    settings
        The joining gap, the longest lag of companions, and their usual share.
    """
    yield from (pair for pair in near_pairs(time_s, settings.joining_gap_s) if not unit[list(pair)].all())
    if lags.lag_s.size == 0:
        return
    crowded = crowding(lags, settings)
    at_once = _at_once(lags, crowded, settings, int(np.sum(unit > 0)))
    yield from ((int(a), int(b)) for a, b in lags.pairs[at_once])
    for one, other in np.unique(lags.units, axis=0):
        yield from _at_one_lag(time_s, unit == one, unit == other, (lags.seen_s, crowded))


def _at_once(lags: Lags, crowded: float, settings: EmgSettings, n_discharges: int) -> BoolArray:
    """Tell which lags are short by a common cause rather than by chance, by how many there are in all and of a pair."""
    within_s = settings.companion_delay_s
    short = np.abs(lags.lag_s) <= within_s
    expected = crowded * lags.all_by_chance_hz * within_s
    usual = settings.companion_share * n_discharges
    whole = beyond_chance(*(np.array([value]) for value in (float(short.sum()), expected, usual)))
    first, number = np.unique(lags.units, axis=0, return_index=True, return_inverse=True)[1:]
    number = number.reshape(-1)
    by_chance = crowded * lags.by_chance_hz[first] * within_s
    seen = np.bincount(number, weights=short).astype(np.float64)
    more = beyond_chance(seen, by_chance, whole * lags.by_chance_hz[first] / lags.all_by_chance_hz)
    return np.asarray(short & (more > by_chance)[number] & (whole > expected), dtype=np.bool_)


def _at_one_lag(
    time_s: FloatArray, one: BoolArray, other: BoolArray, seen: tuple[float, float]
) -> Iterator[tuple[int, int]]:
    """Give the pairs of two units that follow each other at one lag.

    ``seen`` is the time in which they were seen, in seconds, and how much they crowd.
    """
    first, second = np.flatnonzero(one), np.flatnonzero(other)
    mine = first[_locked(time_s[first], time_s[second], seen)]
    theirs = second[_locked(time_s[second], time_s[first], seen)]
    for a in mine:
        near = theirs[np.abs(time_s[theirs] - time_s[a]) <= NEAR_S]
        yield from ((int(a), int(b)) for b in near)


def _locked(time_s: FloatArray, to_s: FloatArray, seen: tuple[float, float]) -> BoolArray:
    """Mark what keeps one lag more often than chance at even rates would let it, and than the crowd is likely to."""
    rest_s, crowded = seen
    rarely = locked(time_s, to_s, NEAR_S, rest_s, _BY_CHANCE)
    return rarely & locked(time_s, to_s, NEAR_S, rest_s / crowded, _IN_A_CROWD)
