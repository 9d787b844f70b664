"""Which discharges that the engine found at rest are believed to be fasciculation potentials.

What also exceeds the plain threshold is believed. The engine sees smaller ones, by their shape; these are believed
where their unit comes alone, as fasciculations do, and not in runs, as a weakly held unit does; where no heartbeat is
in the way; and where the unit is no mere tail of another one.
"""

import numpy as np

from twitchwise.measure.emg.coincidence import going_along, near_pairs
from twitchwise.measure.emg.heartbeat import regular_units
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.emg.units import Discharges
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# A discharge and a potential this near are the same.
_SAME_S = 0.008
# Around a beat of the heart nothing is believed for so long: its complex lasts a tenth of a second.
_BEAT_S = 0.1
# What is less likely than not is no discharge; what only the engine sees must be surer.
_LIKELY, _SURE = 0.5, 0.9
# A unit that only the engine sees must have come so often, alone in so many cases of ten.
_OFTEN, _ALONE_SHARE = 3, 0.7
# Shapes this close together cannot be told from parts of one shape on a single channel.
_FRAGMENT_S = 0.008
# A unit most of whose discharges follow or precede those of others at one distance is a tail of theirs.
_TAIL_S, _TAIL_SPREAD_S, _TAIL_SHARE = 0.03, 0.0015, 0.6


def accepted(
    found: Discharges, plain_s: FloatArray, beats_s: FloatArray, rest_s: float, settings: EmgSettings
) -> BoolArray:
    """Mark the discharges that are believed, shape ``(n,)``.

    Parameters
    ----------
    found
        Discharges at rest, in order of time.
    plain_s
        Times of the potentials at rest that exceed the plain threshold, in order.
    beats_s
        Times of what came as regularly as a heart beats, in order.
    rest_s
        Seconds at rest.
    settings
        Thresholds.
    """
    plain = within(found.time_s, plain_s, _SAME_S)
    likely = found.where(found.probability >= _LIKELY)
    regular = np.isin(found.unit, np.unique(likely.unit[regular_units(likely.time_s, likely.unit, settings)]))
    beat = within(found.time_s, beats_s, _BEAT_S) | regular
    small = _by_shape(found, plain, settings) if not beat.any() else np.zeros_like(plain)
    believed = ((found.probability >= _LIKELY) & plain | small) & ~beat & ~_tails(found)
    return _without_fragments(found, believed, plain_s, rest_s)


def within(times_s: FloatArray, of_s: FloatArray, distance_s: float) -> BoolArray:
    """Mark the times that lie within a distance of one of some others, which are in order."""
    if of_s.size == 0:
        return np.zeros(times_s.size, dtype=np.bool_)
    first = np.searchsorted(of_s, times_s - distance_s)
    stop = np.searchsorted(of_s, times_s + distance_s, side="right")
    return np.asarray(stop > first, dtype=np.bool_)


def _by_shape(found: Discharges, plain: BoolArray, settings: EmgSettings) -> BoolArray:
    chosen = np.zeros(len(found), dtype=np.bool_)
    for unit in np.unique(found.unit[found.unit > 0]):
        sure = (found.unit == unit) & (found.probability >= _SURE)
        times = found.time_s[sure]
        if times.size < _OFTEN:
            continue
        gap = np.concatenate([[np.inf], np.diff(times), [np.inf]])
        alone = (gap[:-1] > settings.continual_interval_s) & (gap[1:] > settings.continual_interval_s)
        if np.mean(alone) >= _ALONE_SHARE or plain[sure].all():
            chosen |= sure
    return chosen


def _without_fragments(found: Discharges, believed: BoolArray, plain_s: FloatArray, rest_s: float) -> BoolArray:
    """Leave one discharge of those that come together too often for chance and too close to be told apart.

    A shape that came too rarely for a template of its own is made up of those of others, always at the same place.
    """
    places = np.flatnonzero(believed)
    time_s, unit = found.time_s[places], found.unit[places]
    along = going_along(time_s, unit, _FRAGMENT_S, rest_s)
    off = _distance(time_s, plain_s)
    kept = believed.copy()
    for a, b in near_pairs(time_s, _FRAGMENT_S):
        one, other = sorted((int(unit[a]), int(unit[b])))
        if one == 0 or (one, other) in along:
            farther = a if off[a] > off[b] or (off[a] == off[b] and unit[a] == 0) else b
            kept[places[farther]] = False
    return kept


def _distance(times_s: FloatArray, of_s: FloatArray) -> FloatArray:
    """Return how far each time is from the nearest of others, which are in order."""
    if of_s.size == 0:
        return np.full(times_s.size, np.inf)
    after = np.clip(np.searchsorted(of_s, times_s), 1, max(of_s.size - 1, 1))
    last = np.minimum(after, of_s.size - 1)
    return np.minimum(np.abs(of_s[after - 1] - times_s), np.abs(of_s[last] - times_s))


def _tails(found: Discharges) -> BoolArray:
    """Mark the units that are tails of others: of two that go together, the one of which fewer or smaller come."""
    tail = np.zeros(len(found), dtype=np.bool_)
    numbers = np.unique(found.unit[found.unit > 0])
    counts = {int(unit): int(np.sum(found.unit == unit)) for unit in numbers}
    for unit in sorted(counts, key=lambda one: counts[one]):
        mine = found.unit == unit
        others = ~mine & (found.unit > 0) & ~tail
        if _goes_along(found.time_s[mine], found.time_s[others]):
            tail |= mine
    return tail


def _goes_along(times_s: FloatArray, others_s: FloatArray) -> bool:
    """Tell whether most times have one of the others at the same distance."""
    if others_s.size == 0 or times_s.size == 0:
        return False
    after = np.clip(np.searchsorted(others_s, times_s), 1, max(others_s.size - 1, 1))
    near = np.stack([others_s[after - 1] - times_s, others_s[np.minimum(after, others_s.size - 1)] - times_s])
    lag = near[np.abs(near).argmin(axis=0), np.arange(times_s.size)]
    close = lag[np.abs(lag) <= _TAIL_S]
    if close.size == 0:
        return False
    together = int(np.sum(np.abs(close - np.median(close)) <= _TAIL_SPREAD_S))
    return together >= max(2, round(_TAIL_SHARE * times_s.size))
