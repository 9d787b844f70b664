"""Discharges of motor units: which unit, when, and to which event each belongs."""

from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray

INTERVAL_REACH = 3.0  # intervals stay within this many standard deviations of their mean, so that none is negative


@dataclass(frozen=True, kw_only=True, eq=False)
class Discharges:
    """Discharges in order of time.

    Parameters
    ----------
    time_s
        When, in seconds from the start of the recording, ascending, shape ``(n,)``.
    unit
        Number of the motor unit, shape ``(n,)``.
    event
        Number of the event, a fasciculation or a rhythmic burst, shape ``(n,)``.
    """

    time_s: FloatArray
    unit: IntArray
    event: IntArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def times_of(self, unit: int) -> FloatArray:
        """Return the discharge times of one motor unit in seconds, ascending."""
        times: FloatArray = self.time_s[self.unit == unit]
        return times


def in_order(time_s: FloatArray, unit: IntArray, event: IntArray) -> Discharges:
    """Return discharges sorted by time, their events numbered anew from 0 in order of first discharge."""
    order = np.argsort(time_s, kind="stable")
    _, first, same = np.unique(event[order], return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return Discharges(
        time_s=np.asarray(time_s, dtype=np.float64)[order],
        unit=np.asarray(unit, dtype=np.int64)[order],
        event=rank[same.reshape(-1)],
    )


def repeated(
    starts_s: FloatArray, counts: IntArray, interval_s: float, spread: float, generator: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """Let each start be followed by further discharges.

    Parameters
    ----------
    starts_s
        First discharges in seconds, shape ``(n,)``.
    counts
        Number of discharges each start stands for, at least 1, shape ``(n,)``.
    interval_s, spread
        Mean interval in seconds, and its standard deviation over the mean; intervals stay within three of these.
    generator
        Source of chance.

    Returns
    -------
    tuple
        Times in seconds and, for each, the number of its start; both of shape ``(counts.sum(),)``.
    """
    most = int(counts.max(initial=1))
    deviations = np.clip(generator.standard_normal((starts_s.size, most)), -INTERVAL_REACH, INTERVAL_REACH)
    intervals = interval_s * (1.0 + spread * deviations)
    intervals[:, 0] = 0.0
    times = starts_s[:, np.newaxis] + np.cumsum(intervals, axis=1)
    there = np.arange(most) < counts[:, np.newaxis]
    owners = np.broadcast_to(np.arange(starts_s.size)[:, np.newaxis], there.shape)
    return times[there], owners[there].astype(np.int64)


def draw_counts(n: int, share: float, mean: float, generator: np.random.Generator) -> IntArray:
    """Draw how many discharges each of ``n`` visits has: 1, or with probability ``share`` a number of a given mean."""
    whole = int(np.floor(mean))
    repetitive = whole + (generator.random(n) < mean - whole)
    counts: IntArray = np.where(generator.random(n) < share, repetitive, 1).astype(np.int64)
    return counts


def joined(trains: tuple[Discharges, ...]) -> Discharges:
    """Return the discharges of several trains in order, their events kept apart."""
    ends = np.cumsum([0, *(int(train.event.max(initial=-1)) + 1 for train in trains)])
    return in_order(
        np.concatenate([train.time_s for train in trains]),
        np.concatenate([train.unit for train in trains]),
        np.concatenate([train.event + before for train, before in zip(trains, ends, strict=False)]),
    )


def apart_from(train: Discharges, others: Discharges, gap_s: float) -> Discharges:
    """Return a train without the events within ``gap_s`` seconds of another train's discharge of the same unit."""
    close = np.zeros(len(train), dtype=np.bool_)
    for unit in np.unique(train.unit):
        mine = train.unit == unit
        theirs = np.concatenate([[-np.inf], others.times_of(int(unit)), [np.inf]])
        after = np.searchsorted(theirs, train.time_s[mine])
        nearest = np.minimum(theirs[after] - train.time_s[mine], train.time_s[mine] - theirs[after - 1])
        close[mine] = nearest < gap_s
    keep = ~np.isin(train.event, train.event[close])
    return in_order(train.time_s[keep], train.unit[keep], train.event[keep])
