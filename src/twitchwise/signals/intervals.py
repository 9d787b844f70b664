"""A set of stretches of time, sorted and without overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

from twitchwise.vocabulary import OutOfRangeError


@dataclass(frozen=True, slots=True)
class Intervals:
    """Stretches ``(start_s, stop_s)`` in seconds, half open, sorted, none touching another.

    Raises
    ------
    OutOfRangeError
        If a stretch is empty or the stretches are out of order or overlap; use `Intervals.union` for any others.

    Examples
    --------
    >>> rest = Intervals.union([(2.0, 3.0), (0.0, 1.0), (0.5, 1.5)])
    >>> rest.spans, rest.duration_s
    (((0.0, 1.5), (2.0, 3.0)), 2.5)
    >>> rest.complement(0.0, 4.0).spans
    ((1.5, 2.0), (3.0, 4.0))
    """

    spans: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse stretches that are empty, unsorted or overlapping."""
        last = float("-inf")
        for start, stop in self.spans:
            if not (last < start < stop):
                raise OutOfRangeError(
                    f"intervals must be sorted, apart and not empty, got {(start, stop)!r} after {last!r}."
                )
            last = stop

    @classmethod
    def union(cls, spans: Iterable[tuple[float, float]]) -> "Intervals":
        """Join any stretches, in any order; empty ones vanish, touching ones become one."""
        given = tuple(spans)
        if any(isnan(end) for span in given for end in span):
            raise OutOfRangeError(f"ends of intervals must be numbers, got {given!r}.")
        joined: list[tuple[float, float]] = []
        for start, stop in sorted(span for span in given if span[0] < span[1]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
            else:
                joined.append((start, stop))
        return cls(tuple(joined))

    @property
    def duration_s(self) -> float:
        """Total length in seconds."""
        return sum(stop - start for start, stop in self.spans)

    def contains(self, time_s: float) -> bool:
        """Tell whether a time in seconds lies in one of the stretches."""
        return any(start <= time_s < stop for start, stop in self.spans)

    def complement(self, start_s: float, stop_s: float) -> "Intervals":
        """Return what the stretches leave of ``[start_s, stop_s)``."""
        edge, left = start_s, []
        for start, stop in self.spans:
            left.append((edge, min(start, stop_s)))
            edge = max(edge, stop)
        left.append((edge, stop_s))
        return Intervals.union(left)
