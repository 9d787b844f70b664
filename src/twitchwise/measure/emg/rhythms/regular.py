"""Regular trains among impulses that look alike: several muscle fibers of one shape, each with a rhythm of its own.

A train is followed from a pair of impulses on: each next one is expected one interval later, where the interval may
drift slowly. Steps are weighed as a likelihood ratio, a normal spread around the expected moment against impulses that
come at random at the rate of the rest. Trains that are much likelier than chance are taken out as they are met.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Standard deviation of an interval around the one expected, as a share of it: that of a regular fiber or axon whose
# rate drifts by a few percent from one interval to the next.
_SPREAD = 0.06
# Log likelihood ratio that a train reaches before it is believed: e^14 is far above the number of pairs that are tried.
_BELIEVED = 14.0
# A train that has lost so much of it is over.
_LOST = 7.0
# Probability that an impulse of a train is hidden by another, and how many in a row may be.
_HIDDEN, _MOST_HIDDEN = 0.1, 2
# Pairs are tried with so many impulses after each, and a believed train against those that start with its next members.
_TRIED, _NEXT_STARTS = 10, 3
# How fast the expected interval follows the last ones.
_FOLLOW = 0.5
# Expected moments lie within this many standard deviations.
_REACH = 3.0
# The intervals that are tried, in seconds: from 300 to half a discharge per second.
_INTERVALS_S = (1 / 300, 2.2)
# The rate of what comes at random is taken over so many seconds to either side.
_AROUND_S = 2.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Train:
    """A regular train: places of its members among the times, and the interval at each step.

    Parameters
    ----------
    places
        Which of the times are its members, ascending, shape ``(n,)``.
    intervals_s
        From each member to the next, divided by the discharges in between that are hidden plus one, shape ``(n - 1,)``.
    """

    places: IntArray
    intervals_s: FloatArray


@dataclass(slots=True)
class _Course:
    """A train as it is followed: its score at its best, and members and intervals up to there."""

    score: float
    members: list[int]
    intervals_s: list[float]


def regular_trains(time_s: FloatArray, fewest: int) -> list[Train]:
    """Return the regular trains among ascending times.

    Parameters
    ----------
    time_s
        When impulses came, shape ``(n,)``.
    fewest
        Members of a train at least.

    Examples
    --------
    >>> both = np.sort(np.concatenate([np.arange(30) / 7.0, 0.03 + np.arange(30) / 5.3]))
    >>> [train.places.size for train in regular_trains(both, 6)]
    [30, 30]
    """
    times: list[float] = [float(one) for one in time_s]
    places = list(range(len(times)))
    rates = _rates(times)
    found: list[Train] = []
    start = 0
    while start < len(times) - fewest + 1:
        course = _best_from(times, rates, start)
        if course is None or len(course.members) < fewest:
            start += 1
            continue
        for later in range(1, _NEXT_STARTS + 1):
            other = _best_from(times, rates, start + later) if start + later < len(times) else None
            course = other if other is not None and other.score > course.score else course
        members = np.array([places[member] for member in course.members], dtype=np.int64)
        found.append(Train(places=members, intervals_s=np.array(course.intervals_s)))
        taken = set(course.members)
        keep = [one for one in range(len(times)) if one not in taken]
        times, places, rates = [times[one] for one in keep], [places[one] for one in keep], [rates[one] for one in keep]
    return found


def _best_from(times: Sequence[float], rates: Sequence[float], start: int) -> _Course | None:
    """Return the likeliest train that begins at a place, or None where none is believed."""
    best: _Course | None = None
    for second in range(start + 1, min(start + 1 + _TRIED, len(times))):
        if _INTERVALS_S[0] <= times[second] - times[start] <= _INTERVALS_S[1]:
            course = _followed(times, rates, start, second)
            if course.score >= _BELIEVED and (best is None or course.score > best.score):
                best = course
    return best


def _rates(times: Sequence[float]) -> list[float]:
    """Return how many impulses a second come around each."""
    at = np.array(times)
    if at.size == 0:
        return []
    near = np.searchsorted(at, at + _AROUND_S) - np.searchsorted(at, at - _AROUND_S)
    span = np.minimum(at + _AROUND_S, at[-1]) - np.maximum(at - _AROUND_S, at[0])
    return [float(rate) for rate in near / np.maximum(span, _INTERVALS_S[0])]


def _followed(times: Sequence[float], rates: Sequence[float], first: int, second: int) -> _Course:
    members = [first, second]
    intervals = [times[second] - times[first]]
    interval_s = intervals[0]
    score = best = 0.0
    length = 2
    while (step := _step(times, rates[members[-1]], members[-1], interval_s)) is not None:
        place, passed_s, gain = step
        score += gain
        interval_s += _FOLLOW * (passed_s - interval_s)
        members.append(place)
        intervals.append(passed_s)
        if score > best:
            best, length = score, len(members)
        elif score < best - _LOST:
            break
    return _Course(best, members[:length], intervals[: length - 1])


def _step(times: Sequence[float], rate_hz: float, last: int, interval_s: float) -> tuple[int, float, float] | None:
    """Return the next member, the interval to it, and what it adds to the log likelihood ratio."""
    for hidden in range(_MOST_HIDDEN + 1):
        expected_s = times[last] + (hidden + 1) * interval_s
        spread_s = _SPREAD * interval_s * sqrt(hidden + 1)
        low = bisect_left(times, expected_s - _REACH * spread_s, last + 1)
        if low == len(times):
            return None
        place = low
        if times[low] > expected_s + _REACH * spread_s:
            continue
        while place + 1 < len(times) and abs(times[place + 1] - expected_s) < abs(times[place] - expected_s):
            place += 1
        off = (times[place] - expected_s) / spread_s
        gain = log(1 - _HIDDEN) + hidden * log(_HIDDEN) - 0.5 * off * off - log(spread_s * sqrt(2 * pi) * rate_hz)
        return place, (times[place] - times[last]) / (hidden + 1), gain
    return None
