"""Potentials and discharges as trains of events.

A doublet, a multiplet, and a potential with its echo from the spinal cord are one fasciculation: one event, from the
first to the last of them. They are joined where a unit repeats itself within the repeat interval more often than chance
has it; a unit that fires often does so by chance. So are different units that come together more often than chance has
it; other potentials of different units are different events even where they overlap.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twitchwise.measure.emg.coincidence import going_along, near_pairs, repeats_itself
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# What is less likely than not is no event.
_LIKELY = 0.5


def fasciculations_of(reading: Reading, settings: EmgSettings) -> EventTrain:
    """Return the fasciculation potentials at rest, repeats of a unit within the repeat interval joined."""
    likely = reading.potentials.probability >= _LIKELY
    found, channel = reading.potentials.where(likely), reading.channel[likely]
    owner = _owners(found.start_s, found.unit, settings, reading.rest_s)
    groups = [np.flatnonzero(owner == one) for one in range(int(owner.max(initial=-1)) + 1)]
    largest = np.array([mine[int(np.argmax(np.abs(found.peak[mine])))] for mine in groups], dtype=np.int64)
    train = EventTrain(
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
    return in_order(train)


def _owners(start_s: FloatArray, unit: IntArray, settings: EmgSettings, rest_s: float) -> IntArray:
    """Return the number of each one's fasciculation, shape ``(n,)``."""
    order = np.argsort(start_s, kind="stable")
    time_s, number = start_s[order], unit[order]
    links = [*_repeats(time_s, number, settings, rest_s), *_companions(time_s, number, settings, rest_s)]
    if start_s.size == 0:
        return np.zeros(0, dtype=np.int64)
    rows, columns = (np.array([link[side] for link in links], dtype=np.int64) for side in (0, 1))
    graph = coo_array((np.ones(rows.size), (rows, columns)), shape=(start_s.size, start_s.size))
    owner = np.empty(start_s.size, dtype=np.int64)
    owner[order] = connected_components(graph, directed=False)[1]
    return owner


def _repeats(time_s: FloatArray, unit: IntArray, settings: EmgSettings, rest_s: float) -> list[tuple[int, int]]:
    within_s = settings.repeat_interval_s
    if not repeats_itself(time_s, unit, within_s, rest_s):
        return []
    return [(a, b) for a, b in near_pairs(time_s, within_s) if unit[a] and unit[a] == unit[b]]


def _companions(time_s: FloatArray, unit: IntArray, settings: EmgSettings, rest_s: float) -> list[tuple[int, int]]:
    """Return the pairs of different units that go along, and of a potential of no unit with any other."""
    within_s = settings.joining_gap_s
    along = going_along(time_s, unit, within_s, rest_s)
    pairs = ((a, b, *sorted((int(unit[a]), int(unit[b])))) for a, b in near_pairs(time_s, within_s))
    return [(a, b) for a, b, one, other in pairs if one == 0 or (one, other) in along]


def in_order(train: EventTrain) -> EventTrain:
    """Return a train in order of its starts."""
    order = np.argsort(train.start_s, kind="stable")
    return EventTrain(
        kind=train.kind,
        channel=train.channel,
        start_s=train.start_s[order],
        peak_s=train.peak_s[order],
        end_s=train.end_s[order],
        peak=train.peak[order],
        unit=train.unit[order],
        probability=train.probability[order],
        at=tuple(train.at[index] for index in order) if train.at else (),
    )


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
