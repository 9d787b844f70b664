"""Events on one channel or array: when each began, peaked and ended, how large, of which unit, and how certain."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from twitchwise.vocabulary import EventKind, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event.

    ``start_s``, ``peak_s`` and ``end_s`` are seconds from the start of the recording; ``peak`` is the sample of
    greatest size from zero in the channel's unit, with its sign. ``unit`` numbers the source that it was sorted to,
    from 1, or is ``None``; ``probability`` tells how certain it is that there was an event. ``place`` is where in a
    picture it was, x and y in pixels from the upper left corner.
    """

    kind: EventKind
    channel: str
    start_s: float
    peak_s: float
    end_s: float
    peak: float
    unit: int | None = None
    probability: float = 1.0
    place: tuple[float, float] | None = None


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
        What they are and where; ``channel`` may name an array of electrodes, if ``at`` says which channel of it.
    start_s, peak_s, end_s
        Times in seconds from the start of the recording, each of shape ``(n_events,)``.
    peak
        Size at the peak in the channel's unit, with sign, shape ``(n_events,)``.
    unit
        Number of the source that each was sorted to, from 1, and 0 where it was not, shape ``(n_events,)``; all 0 if
        left out.
    probability
        How certain each is, above 0 and up to 1, shape ``(n_events,)``; all 1 if left out.
    at
        The channel on which each was greatest, ``n_events`` names; empty where all are on ``channel``.
    place
        Where in a picture each was, x and y in pixels from the upper left corner, shape ``(n_events, 2)``; empty where
        there is no picture.

    Raises
    ------
    OutOfRangeError
        If the arrays differ in length, are not finite, are out of order, a peak lies outside its event, a unit is
        negative, or a probability is not in (0, 1].
    """

    kind: EventKind
    channel: str
    start_s: FloatArray = field(default_factory=lambda: np.empty(0))
    peak_s: FloatArray = field(default_factory=lambda: np.empty(0))
    end_s: FloatArray = field(default_factory=lambda: np.empty(0))
    peak: FloatArray = field(default_factory=lambda: np.empty(0))
    unit: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    probability: FloatArray = field(default_factory=lambda: np.empty(0))
    at: tuple[str, ...] = ()
    place: FloatArray = field(default_factory=lambda: np.empty((0, 2)))

    def __post_init__(self) -> None:
        """Copy the arrays, make them read-only, and refuse a train that cannot be."""
        self._complete()
        for name in ("start_s", "peak_s", "end_s", "peak", "probability"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        unit = np.array(self.unit, dtype=np.int64).reshape(-1)
        unit.flags.writeable = False
        object.__setattr__(self, "unit", unit)
        arrays = (self.start_s, self.peak_s, self.end_s, self.peak, self.probability, self.unit)
        if len({array.size for array in arrays}) != 1:
            raise OutOfRangeError(f"event arrays must have one length, got {[array.size for array in arrays]!r}.")
        if not all(np.isfinite(array).all() for array in arrays):
            raise OutOfRangeError("event times and sizes must be finite, got NaN or infinity.")
        inside = (self.start_s <= self.peak_s) & (self.peak_s <= self.end_s)
        if not (inside.all() and (np.diff(self.start_s) >= 0).all()):
            raise OutOfRangeError("events must be in order and hold their peaks, got one that is not.")
        if not ((self.probability > 0) & (self.probability <= 1) & (self.unit >= 0)).all():
            raise OutOfRangeError(
                "events must have a unit of 0 or more and a probability in (0, 1], got one that has not."
            )
        self._keep_places()
        if self.at and len(self.at) != self.start_s.size:
            raise OutOfRangeError(f"channels of events must be one each, got {len(self.at)} for {self.start_s.size}.")

    def _complete(self) -> None:
        """Fill in what was left out."""
        n_events = np.size(self.start_s)
        if n_events and np.size(self.unit) == 0:
            object.__setattr__(self, "unit", np.zeros(n_events, dtype=np.int64))
        if n_events and np.size(self.probability) == 0:
            object.__setattr__(self, "probability", np.ones(n_events))

    def _keep_places(self) -> None:
        """Copy the places, make them read-only, and refuse such as are not one for each event."""
        place = np.array(self.place, dtype=np.float64).reshape(-1, 2)
        place.flags.writeable = False
        object.__setattr__(self, "place", place)
        if len(place) not in {0, self.start_s.size} or not np.isfinite(place).all():
            raise OutOfRangeError(f"places of events must be one each and finite, got shape {place.shape!r}.")

    def __len__(self) -> int:
        return int(self.start_s.size)

    def __iter__(self) -> Iterator[Event]:
        for index in range(len(self)):
            yield Event(
                kind=self.kind,
                channel=self.at[index] if self.at else self.channel,
                start_s=float(self.start_s[index]),
                peak_s=float(self.peak_s[index]),
                end_s=float(self.end_s[index]),
                peak=float(self.peak[index]),
                unit=int(self.unit[index]) or None,
                probability=float(self.probability[index]),
                place=(float(self.place[index, 0]), float(self.place[index, 1])) if len(self.place) else None,
            )
