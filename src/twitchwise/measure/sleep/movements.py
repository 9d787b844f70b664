"""Movements of the legs in order of time: when each began and ended, of which leg, and of how many it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

LEFT, RIGHT, BOTH = 1, 2, 3
# Annotations are written to the microsecond at best; what differs by less is equal.
_DIGITS = 6


def exact(values_s: FloatArray) -> FloatArray:
    """Round seconds to the microsecond, so that limits given in decimals are met exactly."""
    return np.asarray(np.round(values_s, _DIGITS), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Movements:
    """Movements in order of their onset.

    Parameters
    ----------
    start_s, stop_s
        Onset and end in seconds from the start of the recording, each of shape ``(n,)``.
    leg
        1 left, 2 right, 3 both, shape ``(n,)``.
    parts
        Of how many movements of single legs each is made, shape ``(n,)``; all 1 if left out.
    candidate
        Whether it may be part of a series by its length and make-up, shape ``(n,)``; all if left out.
    size
        Amplitude at its peak in the unit of the channel, shape ``(n,)``; 0 where nothing was measured.

    Raises
    ------
    OutOfRangeError
        If the arrays differ in length, are out of order, or a movement ends before it begins.
    """

    start_s: FloatArray
    stop_s: FloatArray
    leg: IntArray
    parts: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    candidate: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    size: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Fill in what was left out, and refuse what cannot be."""
        n = self.start_s.size
        for name, filled in (
            ("parts", np.ones(n, dtype=np.int64)),
            ("candidate", np.ones(n, dtype=np.bool_)),
            ("size", np.zeros(n)),
        ):
            if n and not getattr(self, name).size:
                object.__setattr__(self, name, filled)
        sizes = {one.size for one in (self.start_s, self.stop_s, self.leg, self.parts, self.candidate, self.size)}
        if sizes != {n}:
            raise OutOfRangeError(f"arrays of movements must have one length, got {sorted(sizes)!r}.")
        if n and ((np.diff(self.start_s) < 0).any() or (self.stop_s < self.start_s).any()):
            raise OutOfRangeError("movements must be in order and end after they begin, got one that does not.")

    @classmethod
    def of(cls, spans: Iterable[tuple[float, float]], leg: int = LEFT) -> "Movements":
        """Make movements of one leg from ``(onset, end)`` in seconds, in any order.

        Examples
        --------
        >>> Movements.of([(30.0, 31.0), (10.0, 12.0)]).duration_s.tolist()
        [2.0, 1.0]
        """
        rows = np.array(sorted(spans), dtype=np.float64).reshape(-1, 2)
        return cls(start_s=rows[:, 0], stop_s=rows[:, 1], leg=np.full(len(rows), leg, dtype=np.int64))

    @classmethod
    def together(cls, several: Iterable["Movements"]) -> "Movements":
        """Put several in order of time, and leave each as it is."""
        given = [one for one in several if len(one)]
        if not given:
            return cls.of([])
        columns = {name: np.concatenate([getattr(one, name) for one in given]) for name in _COLUMNS}
        order = np.lexsort((columns["stop_s"], columns["start_s"]))
        return cls(**{name: column[order] for name, column in columns.items()})

    @property
    def duration_s(self) -> FloatArray:
        """Length of each in seconds, shape ``(n,)``."""
        return exact(self.stop_s - self.start_s)

    @property
    def interval_s(self) -> FloatArray:
        """Seconds from the onset before to that of each, shape ``(n,)``; infinite for the first."""
        return exact(np.diff(self.start_s, prepend=-np.inf))

    def __len__(self) -> int:
        return int(self.start_s.size)

    def where(self, mask: npt.NDArray[np.bool_] | IntArray) -> "Movements":
        """Return those that a mask or a list of places selects."""
        return Movements(**{name: getattr(self, name)[mask] for name in _COLUMNS})

    def with_candidates(self, candidate: BoolArray) -> "Movements":
        """Return the same with another judgment of which are candidates."""
        return Movements(**{name: getattr(self, name) for name in _COLUMNS if name != "candidate"}, candidate=candidate)

    def grouped(self, group: IntArray) -> "Movements":
        """Return one movement for each run of equal, ascending numbers: from the first onset to the last end.

        A group is a candidate if all its members are.
        """
        if not len(self):
            return self
        firsts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
        return Movements(
            start_s=self.start_s[firsts],
            stop_s=np.maximum.reduceat(self.stop_s, firsts),
            leg=np.bitwise_or.reduceat(self.leg, firsts),
            parts=np.add.reduceat(self.parts, firsts),
            candidate=np.logical_and.reduceat(self.candidate, firsts),
            size=np.maximum.reduceat(self.size, firsts),
        )


_COLUMNS = ("start_s", "stop_s", "leg", "parts", "candidate", "size")
