"""Events on one channel: when each began, peaked and ended, and how large it was."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from twitchwise.vocabulary import EventKind, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event.

    ``start_s``, ``peak_s`` and ``end_s`` are seconds from the start of the recording; ``peak`` is the sample of
    greatest size from zero in the channel's unit, with its sign.
    """

    kind: EventKind
    channel: str
    start_s: float
    peak_s: float
    end_s: float
    peak: float


def _frozen(values: FloatArray) -> FloatArray:
    copy = np.array(values, dtype=np.float64).reshape(-1)
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True, kw_only=True, eq=False)
class EventTrain:
    """Events of one kind on one channel, in order of their start.

    Parameters
    ----------
    kind, channel
        What they are and where.
    start_s, peak_s, end_s
        Times in seconds from the start of the recording, each of shape ``(n_events,)``.
    peak
        Size at the peak in the channel's unit, with sign, shape ``(n_events,)``.

    Raises
    ------
    OutOfRangeError
        If the arrays differ in length, are not finite, are out of order, or a peak lies outside its event.
    """

    kind: EventKind
    channel: str
    start_s: FloatArray = field(default_factory=lambda: np.empty(0))
    peak_s: FloatArray = field(default_factory=lambda: np.empty(0))
    end_s: FloatArray = field(default_factory=lambda: np.empty(0))
    peak: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Copy the arrays, make them read-only, and refuse a train that cannot be."""
        for name in ("start_s", "peak_s", "end_s", "peak"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        arrays = (self.start_s, self.peak_s, self.end_s, self.peak)
        if len({array.size for array in arrays}) != 1:
            raise OutOfRangeError(f"event arrays must have one length, got {[array.size for array in arrays]!r}.")
        if not all(np.isfinite(array).all() for array in arrays):
            raise OutOfRangeError("event times and sizes must be finite, got NaN or infinity.")
        inside = (self.start_s <= self.peak_s) & (self.peak_s <= self.end_s)
        if not (inside.all() and (np.diff(self.start_s) >= 0).all()):
            raise OutOfRangeError("events must be in order and hold their peaks, got one that is not.")

    def __len__(self) -> int:
        return int(self.start_s.size)

    def __iter__(self) -> Iterator[Event]:
        for start, peak_time, end, peak in zip(self.start_s, self.peak_s, self.end_s, self.peak, strict=True):
            yield Event(
                kind=self.kind,
                channel=self.channel,
                start_s=float(start),
                peak_s=float(peak_time),
                end_s=float(end),
                peak=float(peak),
            )
