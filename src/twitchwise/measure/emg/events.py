"""Potentials and discharges as trains of events.

A doublet, a multiplet, and a potential with its echo from the spinal cord are one fasciculation: one event, from the
first to the last of them. They are joined where a unit repeats itself within the repeat interval at an interval at
which it does so by something rather than by chance; a unit that fires often does so by chance. So are potentials of
different units that one cause made; others of different units are different events even where they overlap.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twitchwise.measure.emg.coincidence import beyond_chance, near_pairs
from twitchwise.measure.emg.companions import NEAR_S, companions, crowding, lags_of
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.look_alikes import alike
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# What is less likely than not is no event.
_LIKELY = 0.5
# Repeats at intervals this close together have one cause: doublets scatter by some milliseconds, echoes less.
_ONE_INTERVAL_S = 0.005


def fasciculations_of(reading: Reading, settings: EmgSettings) -> EventTrain:
    """Return the fasciculation potentials at rest, those that belong to one fasciculation joined."""
    likely = reading.potentials.probability >= _LIKELY
    found, channel = reading.potentials.where(likely), reading.channel[likely]
    owner = _owners(found, settings)
    groups = [np.flatnonzero(owner == one) for one in range(int(owner.max(initial=-1)) + 1)]
    groups.sort(key=lambda mine: float(found.start_s[mine].min()))
    largest = np.array([mine[int(np.argmax(np.abs(found.peak[mine])))] for mine in groups], dtype=np.int64)
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel=reading.group.name,
        start_s=np.array([found.start_s[mine].min() for mine in groups]),
        peak_s=found.peak_s[largest],
        end_s=np.array([found.end_s[mine].max() for mine in groups]),
        peak=found.peak[largest],
        unit=found.unit[largest],
        probability=np.array([1 - np.prod(1 - found.probability[mine]) for mine in groups]),
        at=_names(reading.group, channel[largest]),
    )


def _owners(found: SortedPotentials, settings: EmgSettings) -> IntArray:
    """Return the number of each one's fasciculation, shape ``(n,)``."""
    if len(found) == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(found.peak_s, kind="stable")
    time_s, unit = found.peak_s[order], found.unit[order]
    lags = lags_of(time_s, unit, found.rest_s)
    links = [
        *repeats(time_s, unit, found.shape[order], found.rest_s, settings, crowded=crowding(lags, settings)),
        *companions(time_s, unit, lags, settings),
    ]
    rows, columns = (np.array([link[side] for link in links], dtype=np.int64) for side in (0, 1))
    graph = coo_array((np.ones(rows.size), (rows, columns)), shape=(time_s.size, time_s.size))
    owner = np.empty(time_s.size, dtype=np.int64)
    owner[order] = connected_components(graph, directed=False)[1]
    return owner


def repeats(
    time_s: FloatArray,
    unit: IntArray,
    shape: "np.typing.NDArray[np.float32]",
    rest_s: float,
    settings: EmgSettings,
    *,
    crowded: float = 1.0,
) -> list[tuple[int, int]]:
    """Return the pairs of places of potentials that repeat each other: doublets, multiplets, echoes.

    Parameters
    ----------
    time_s, unit, shape
        Times in seconds, in order, units (0 for none), both of shape ``(n,)``, and shapes, ``(n, n_samples)``. Those of
        no unit repeat each other, or one of a unit, where they look alike.
    rest_s
        Seconds that they were seen in.
    settings
        The repeat interval, and the usual share of repeats.
    crowded
        How many times as often as at even rates discharges without a common cause come near each other, at least 1.
    """
    pairs = np.array(list(near_pairs(time_s, settings.repeat_interval_s)), dtype=np.int64).reshape(-1, 2)
    one, other = unit[pairs].T
    same = (one == other) & (one > 0)
    unsorted = (one == 0) | (other == 0)
    same[unsorted] = alike(shape[pairs[unsorted, 1]], shape[pairs[unsorted, 0]])
    pairs = pairs[same]
    if pairs.size == 0:
        return []
    interval_s = np.diff(time_s[pairs], axis=1)[:, 0]
    chosen = _no_chance(interval_s, unit[pairs].max(axis=1), unit, (rest_s, crowded), settings)
    return [(int(a), int(b)) for a, b in pairs[chosen]]


def _no_chance(
    interval_s: FloatArray, group: IntArray, unit: IntArray, seen: tuple[float, float], settings: EmgSettings
) -> BoolArray:
    """Tell which intervals of units are rather doublets and echoes than chance, by how many others are like them.

    ``seen`` is the time in which all were seen, in seconds, and how much more often than at even rates they come near
    each other without a common cause.
    """
    chosen = np.zeros(interval_s.size, dtype=np.bool_)
    for number in np.unique(group):
        mine = group == number
        chosen[mine] = _no_chance_of_one(interval_s[mine], float(np.sum(unit == number)), seen, settings)
    return chosen


def _no_chance_of_one(
    interval_s: FloatArray, count: float, seen: tuple[float, float], settings: EmgSettings
) -> BoolArray:
    """Do so for one unit that discharged ``count`` times."""
    (rest_s, crowded), longest_s = seen, settings.repeat_interval_s
    by_chance = count**2 / max(rest_s, longest_s)  # pairs of random times, for each second of interval
    expected = by_chance * _crowded_s(np.zeros(1), np.full(1, longest_s), crowded)
    whole = beyond_chance(np.array([float(interval_s.size)]), expected, np.array([settings.repeat_share * count]))
    low_s, high_s = np.maximum(interval_s - _ONE_INTERVAL_S, 0.0), np.minimum(interval_s + _ONE_INTERVAL_S, longest_s)
    ordered = np.sort(interval_s)
    first = np.searchsorted(ordered, interval_s - _ONE_INTERVAL_S, side="left")
    near = np.searchsorted(ordered, interval_s + _ONE_INTERVAL_S, side="right") - first
    expected = by_chance * _crowded_s(low_s, high_s, crowded)
    more = beyond_chance(near.astype(np.float64), expected, whole * (high_s - low_s) / longest_s)
    return np.asarray(more > expected, dtype=np.bool_)


def _crowded_s(low_s: FloatArray, high_s: FloatArray, crowded: float) -> FloatArray:
    """Return spans of interval in seconds, what is near counted as many times as discharges crowd."""
    near_s = np.minimum(high_s, NEAR_S) - np.minimum(low_s, NEAR_S)
    return high_s - low_s + (crowded - 1) * near_s


def discharges_train(found: FoundDischarges, group: ElectrodeGroup) -> EventTrain:
    """Return discharges as moments."""
    return EventTrain(
        kind=EventKind.MOTOR_UNIT_DISCHARGE,
        channel=group.name,
        start_s=found.time_s,
        peak_s=found.time_s,
        end_s=found.time_s,
        peak=found.peak,
        unit=found.unit,
        probability=found.probability,
        at=_names(group, found.channel),
    )


def _names(group: ElectrodeGroup, channel: IntArray) -> tuple[str, ...]:
    return tuple(group.channels[index].name for index in channel) if group.is_array else ()
