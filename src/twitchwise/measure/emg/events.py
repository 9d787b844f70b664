"""Potentials and discharges as trains of events.

A doublet, a multiplet, and a potential with its echo from the spinal cord are one fasciculation: one event, from the
first to the last of them. They are joined where a unit repeats itself within the repeat interval at an interval at
which it does so by something rather than by chance; a unit that fires often does so by chance. So are different units
that mostly come together, or follow each other at one lag; other potentials of different units are different events
even where they overlap.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twitchwise.measure.emg.coincidence import beyond_chance, going_along, locked, near_pairs
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
# Units this close together cannot be told from parts of one shape on a single channel.
_PARTS_S = 0.004
# Two units lock to each other over lags as long as this: two parts of one long potential, or one cause.
_LOCK_S = 0.025


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
    links = [
        *repeats(time_s, unit, found.shape[order], found.rest_s, settings),
        *_companions(time_s, unit, found.rest_s, settings),
    ]
    rows, columns = (np.array([link[side] for link in links], dtype=np.int64) for side in (0, 1))
    graph = coo_array((np.ones(rows.size), (rows, columns)), shape=(time_s.size, time_s.size))
    owner = np.empty(time_s.size, dtype=np.int64)
    owner[order] = connected_components(graph, directed=False)[1]
    return owner


def repeats(
    time_s: FloatArray, unit: IntArray, shape: "np.typing.NDArray[np.float32]", rest_s: float, settings: EmgSettings
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
    """
    pairs = np.array(list(near_pairs(time_s, settings.repeat_interval_s)), dtype=np.int64).reshape(-1, 2)
    one, other = unit[pairs].T
    same = (one == other) & (one > 0)
    unsorted = (one == 0) | (other == 0)
    same[unsorted] = alike(shape[pairs[unsorted, 1]], shape[pairs[unsorted, 0]])
    pairs = pairs[same]
    if pairs.size == 0:
        return []
    chosen = _no_chance(np.diff(time_s[pairs], axis=1)[:, 0], unit[pairs].max(axis=1), unit, rest_s, settings)
    return [(int(a), int(b)) for a, b in pairs[chosen]]


def _no_chance(
    interval_s: FloatArray, group: IntArray, unit: IntArray, rest_s: float, settings: EmgSettings
) -> BoolArray:
    """Tell which intervals of units are rather doublets and echoes than chance, by how many others are like them."""
    longest_s = settings.repeat_interval_s
    same = group[:, None] == group
    count = np.array([np.sum(unit == number) for number in group], dtype=np.float64)
    by_chance = count**2 / max(rest_s, longest_s)  # pairs of random times, for each second of interval
    whole = beyond_chance(np.sum(same, axis=1).astype(np.float64), by_chance * longest_s, settings.repeat_share * count)
    near = same & (np.abs(interval_s[:, None] - interval_s) <= _ONE_INTERVAL_S)
    width_s = np.minimum(interval_s + _ONE_INTERVAL_S, longest_s) - np.maximum(interval_s - _ONE_INTERVAL_S, 0.0)
    expected = by_chance * width_s
    more = beyond_chance(np.sum(near, axis=1).astype(np.float64), expected, whole * width_s / longest_s)
    return np.asarray(more > expected, dtype=np.bool_)


def _companions(time_s: FloatArray, unit: IntArray, rest_s: float, settings: EmgSettings) -> Iterator[tuple[int, int]]:
    """Give the pairs of different units that go along, and of a potential of no unit with any other."""
    within_s = settings.joining_gap_s
    along = going_along(time_s, unit, within_s, rest_s, settings.companion_share)
    parts = going_along(time_s, unit, _PARTS_S, rest_s)
    for a, b in near_pairs(time_s, within_s):
        one, other = sorted((int(unit[a]), int(unit[b])))
        if one == 0 or (one, other) in along or ((one, other) in parts and time_s[b] - time_s[a] <= _PARTS_S):
            yield a, b
    for one in np.unique(unit[unit > 0]):
        for other in np.unique(unit[unit > one]):
            yield from _locked_pairs(time_s, unit == one, unit == other, rest_s)


def _locked_pairs(time_s: FloatArray, one: BoolArray, other: BoolArray, rest_s: float) -> Iterator[tuple[int, int]]:
    """Give the pairs of two units that follow each other at one lag."""
    first, second = np.flatnonzero(one), np.flatnonzero(other)
    mine = first[locked(time_s[first], time_s[second], _LOCK_S, rest_s)]
    theirs = second[locked(time_s[second], time_s[first], _LOCK_S, rest_s)]
    for a in mine:
        near = theirs[np.abs(time_s[theirs] - time_s[a]) <= _LOCK_S]
        yield from ((int(a), int(b)) for b in near)


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
