"""Potentials and discharges as trains of events.

A doublet, a multiplet, and a potential with its echo from the spinal cord are one fasciculation: one event, from the
first to the last of them. They are joined where a unit repeats itself within the repeat interval more often than chance
has it; a unit that fires often does so by chance. Potentials of different units are different events even where they
overlap.
"""

import numpy as np
from scipy.stats import poisson

from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# What is less likely than not is no event.
_LIKELY = 0.5
# Repeats that random events would give more rarely than so are no chance.
_BY_CHANCE = 0.01


def fasciculations_of(reading: Reading, settings: EmgSettings) -> EventTrain:
    """Return the fasciculation potentials at rest, repeats of a unit within the repeat interval joined."""
    likely = reading.potentials.probability >= _LIKELY
    found, channel = reading.potentials.where(likely), reading.channel[likely]
    within_s = settings.repeat_interval_s
    joins = repeats_itself(found.start_s, found.unit, within_s, reading.rest_s)
    owner = _owners(found.start_s, found.unit, within_s if joins else 0.0)
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


def repeats_itself(start_s: FloatArray, unit: IntArray, within_s: float, rest_s: float) -> bool:
    """Tell whether units repeat themselves within a time more often than random events at their rates would.

    Parameters
    ----------
    start_s, unit
        Times in seconds and units of potentials, shape ``(n,)``; 0 is no unit.
    within_s, rest_s
        The time looked at after each, and the time that all of them were seen in.
    """
    seen, expected = 0, 0.0
    for one in np.unique(unit[unit > 0]):
        gaps = np.diff(np.sort(start_s[unit == one]))
        seen += int((gaps <= within_s).sum())
        expected += gaps.size * (gaps.size + 1) / max(rest_s, within_s) * within_s
    return seen > 0 and float(poisson.sf(seen - 1, expected)) < _BY_CHANCE


def _owners(start_s: FloatArray, unit: IntArray, within_s: float) -> IntArray:
    """Return the number of each one's fasciculation: that of its unit that began shortly before, or a new one."""
    owner = np.zeros(start_s.size, dtype=np.int64)
    last: dict[int, tuple[float, int]] = {}
    count = 0
    for index in np.argsort(start_s, kind="stable"):
        number, at = int(unit[index]), float(start_s[index])
        before = last.get(number) if number and within_s else None
        if before is not None and at - before[0] <= within_s:
            owner[index] = before[1]
        else:
            owner[index] = count
            count += 1
        last[number] = (at, int(owner[index]))
    return owner


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
