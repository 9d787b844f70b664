"""Ectopic discharges with their truth: which unit, when, in which event, of which kind, and where they arose."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray


class Kind(StrEnum):
    """What an event is."""

    FASCICULATION = "fasciculation"
    MYOKYMIC_DISCHARGE = "myokymic_discharge"
    NEUROMYOTONIC_DISCHARGE = "neuromyotonic_discharge"
    CRAMP_DISCHARGE = "cramp_discharge"
    MYOTONIC_DISCHARGE = "myotonic_discharge"
    FIBRILLATION = "fibrillation"


class Site(StrEnum):
    """Where an event arises: near the cell body, in the far part of the axon, or in a muscle fiber (needle only)."""

    PROXIMAL = "proximal"
    DISTAL = "distal"
    FIBER = "fiber"


class Label(NamedTuple):
    """The truth about one event."""

    kind: Kind
    site: Site


@dataclass(frozen=True, kw_only=True, eq=False)
class Train:
    """Discharges in order of time, and the truth about their events.

    Parameters
    ----------
    time_s
        When, in seconds from the start, ascending, shape ``(n,)``.
    unit
        Number of the motor unit, or of the muscle fiber where the site is one, shape ``(n,)``.
    event
        Number of the event, from 0 in order of first discharge, shape ``(n,)``.
    label
        Kind and site of each event, by its number.
    """

    time_s: FloatArray
    unit: IntArray
    event: IntArray
    label: tuple[Label, ...]

    def __len__(self) -> int:
        return int(self.time_s.size)

    @property
    def kind(self) -> tuple[Kind, ...]:
        """What each event is, by its number."""
        return tuple(label.kind for label in self.label)

    @property
    def site(self) -> tuple[Site, ...]:
        """Where each event arose, by its number."""
        return tuple(label.site for label in self.label)

    def times_of(self, unit: int) -> FloatArray:
        """Return the discharge times of one unit in seconds, ascending."""
        times: FloatArray = self.time_s[self.unit == unit]
        return times

    def of_kind(self, kind: Kind) -> "Train":
        """Return the events of one kind, numbered anew."""
        wanted = np.array([label.kind is kind for label in self.label], dtype=np.bool_)
        keep = wanted[self.event]
        return in_order(self.time_s[keep], self.unit[keep], self.event[keep], self.label)


def in_order(time_s: FloatArray, unit: IntArray, event: IntArray, labels: Sequence[Label]) -> Train:
    """Return discharges sorted by time, their events numbered anew from 0 in order of first discharge.

    Parameters
    ----------
    time_s, unit, event
        Shape ``(n,)``, in any order; an event number is an index of ``labels``.
    labels
        One for each event; those of events without a discharge are left out.
    """
    order = np.argsort(time_s, kind="stable")
    numbers, first, same = np.unique(event[order], return_index=True, return_inverse=True)
    by_time = np.argsort(first)
    rank = np.empty(first.size, dtype=np.int64)
    rank[by_time] = np.arange(first.size)
    return Train(
        time_s=np.asarray(time_s, dtype=np.float64)[order],
        unit=np.asarray(unit, dtype=np.int64)[order],
        event=rank[same.reshape(-1)],
        label=tuple(labels[int(number)] for number in numbers[by_time]),
    )


def joined(trains: Sequence[Train]) -> Train:
    """Return the discharges of several trains in order, their events kept apart."""
    starts = np.cumsum([0, *(len(train.label) for train in trains)])
    none = NOTHING
    return in_order(
        np.concatenate([none.time_s, *(train.time_s for train in trains)]),
        np.concatenate([none.unit, *(train.unit for train in trains)]),
        np.concatenate([none.event, *(train.event + start for train, start in zip(trains, starts, strict=False))]),
        [label for train in trains for label in train.label],
    )


def before(train: Train, end_s: float) -> Train:
    """Return the discharges before a moment in seconds; an event that goes on is cut there."""
    n_before = int(np.searchsorted(train.time_s, end_s))
    event = train.event[:n_before]
    return Train(
        time_s=train.time_s[:n_before],
        unit=train.unit[:n_before],
        event=event,
        label=train.label[: int(event.max(initial=-1)) + 1],
    )


def apart_from(train: Train, others: Train, gap_s: float) -> Train:
    """Return a train without the events within ``gap_s`` seconds of another train's discharge of the same unit."""
    close = np.zeros(len(train), dtype=np.bool_)
    for unit in np.unique(train.unit):
        mine = train.unit == unit
        theirs = np.concatenate([[-np.inf], others.times_of(int(unit)), [np.inf]])
        after = np.searchsorted(theirs, train.time_s[mine])
        nearest = np.minimum(theirs[after] - train.time_s[mine], train.time_s[mine] - theirs[after - 1])
        close[mine] = nearest < gap_s
    keep = ~np.isin(train.event, train.event[close])
    return in_order(train.time_s[keep], train.unit[keep], train.event[keep], train.label)


NOTHING = Train(time_s=np.empty(0), unit=np.empty(0, dtype=np.int64), event=np.empty(0, dtype=np.int64), label=())
"""A train without a discharge."""
