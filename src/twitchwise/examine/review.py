"""A person's judgement of the events of a recording: accepted, rejected or added by hand, and undone at will.

Nothing is changed in place: every step gives a new review, so that undoing is going back to the one before.
"""

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from twitchwise.vocabulary import EventKind, OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.measure import RecordingMeasurements
    from twitchwise.signals import EventTrain, Intervals, Recording

MOST_ADDED = 10_000  # far more than a hand marks; bounds the memory of a visit
_MINUTE_S = 60.0


class Verdict(StrEnum):
    """What a person said of an event."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedEvent:
    """An event and what a person said of it; ``id`` begins with ``f`` where the program found it, ``h`` if by hand."""

    id: str
    kind: EventKind
    channel: str
    start_s: float
    peak_s: float
    end_s: float
    peak: float
    unit: int | None = None
    probability: float = 1.0
    verdict: Verdict = Verdict.OPEN

    @property
    def is_by_hand(self) -> bool:
        """Whether a person added it."""
        return self.id.startswith("h")

    @property
    def is_kept(self) -> bool:
        """Whether it counts: all do that were not rejected."""
        return self.verdict is not Verdict.REJECTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """All events of a recording with what was said of them.

    Parameters
    ----------
    found
        What the program found, in order of time.
    added
        What was added by hand, in the order of adding.
    verdicts
        What was said, by id; nothing was said of the others.
    """

    found: tuple[MarkedEvent, ...] = ()
    added: tuple[MarkedEvent, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))

    def with_found(self, trains: "Iterable[EventTrain]") -> "Review":
        """Return the review with the events that the program found."""
        events = sorted(chain.from_iterable(trains), key=lambda event: (event.start_s, event.channel, event.kind))
        found = (
            MarkedEvent(
                id=f"f{number}",
                kind=event.kind,
                channel=event.channel,
                start_s=event.start_s,
                peak_s=event.peak_s,
                end_s=event.end_s,
                peak=event.peak,
                unit=event.unit,
                probability=event.probability,
            )
            for number, event in enumerate(events, start=1)
        )
        return dataclasses.replace(self, found=tuple(found))

    def judged(self, verdicts: Mapping[str, Verdict]) -> "Review":
        """Return the review with more verdicts.

        Raises
        ------
        OutOfRangeError
            If there is no event of an id.
        """
        unknown = sorted(verdicts.keys() - {event.id for event in chain(self.found, self.added)})
        if unknown:
            raise OutOfRangeError(f"event must be one of this recording, got {unknown[0]!r}.")
        said = {**self.verdicts, **verdicts}
        return dataclasses.replace(self, verdicts=MappingProxyType(said))

    def with_added(self, kind: EventKind, channel: str, time_s: float, peak: float) -> "Review":
        """Return the review with an event that was marked by hand at a moment.

        Raises
        ------
        OutOfRangeError
            If there are too many.
        """
        if len(self.added) >= MOST_ADDED:
            raise OutOfRangeError(f"events added by hand must be at most {MOST_ADDED}, got one more.")
        number = len(self.added) + 1
        new = MarkedEvent(
            id=f"h{number}", kind=kind, channel=channel, start_s=time_s, peak_s=time_s, end_s=time_s, peak=peak
        )
        return dataclasses.replace(self, added=(*self.added, new))

    @property
    def events(self) -> tuple[MarkedEvent, ...]:
        """All events in order of time, each with its verdict."""
        with_verdict = (
            dataclasses.replace(event, verdict=self.verdicts[event.id]) if event.id in self.verdicts else event
            for event in chain(self.found, self.added)
        )
        return tuple(sorted(with_verdict, key=lambda event: (event.peak_s, event.channel, event.kind, event.id)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many events of a kind a channel has, how often and how far apart, as they stand after the review.

    Parameters
    ----------
    kind, channel
        Of what, and where.
    count
        Events that count.
    added, rejected
        Events that were added by hand, of those that count, and that were rejected by hand.
    watched_s, at_rest
        For how long was looked, and whether that is the time at rest; events outside of it count for no rate.
    per_minute
        Rate with the ends of its 95 % interval for events that come at random.
    interval_s
        Median time from one event to the next with its 95 % interval, or ``None`` with fewer than two.
    """

    kind: EventKind
    channel: str
    count: int
    added: int
    rejected: int
    watched_s: float
    at_rest: bool
    per_minute: tuple[float, float, float]
    interval_s: tuple[float, float, float] | None


def tallies(
    events: Sequence[MarkedEvent], recording: "Recording", result: "RecordingMeasurements | None"
) -> tuple[Tally, ...]:
    """Return the tally of every kind of event on every channel, in the order of the channels.

    Parameters
    ----------
    events
        All events of the recording, also rejected ones.
    recording
        Where they are.
    result
        What was measured; its rest is the time that fasciculation potentials are counted in.
    """
    by_place: dict[tuple[str, EventKind], list[MarkedEvent]] = {}
    for event in events:
        by_place.setdefault((event.channel, event.kind), []).append(event)
    order = {channel.name: number for number, channel in enumerate(recording.channels)}
    places = sorted(by_place, key=lambda place: (order.get(place[0], len(order)), place))
    return tuple(_tally(place, by_place[place], recording, result) for place in places)


def _tally(
    place: tuple[str, EventKind],
    events: Sequence[MarkedEvent],
    recording: "Recording",
    result: "RecordingMeasurements | None",
) -> Tally:
    # scipy loads here, not at start-up
    from twitchwise.measure.rate_interval import count_interval  # noqa: PLC0415

    channel, kind = place
    kept = [event for event in events if event.is_kept]
    rest = _rest_of(channel, recording, result) if kind is EventKind.FASCICULATION_POTENTIAL else None
    watched_s = _length_s(channel, recording) if rest is None else rest.duration_s
    counted = len(kept) if rest is None else sum(_inside(rest, event.peak_s) for event in kept)
    low, high = count_interval(counted)
    minutes = watched_s / _MINUTE_S
    rate = (counted / minutes, low / minutes, high / minutes) if minutes else (0.0, 0.0, 0.0)
    return Tally(
        kind=kind,
        channel=channel,
        count=len(kept),
        added=sum(event.is_by_hand for event in kept),
        rejected=len(events) - len(kept),
        watched_s=watched_s,
        at_rest=rest is not None,
        per_minute=rate,
        interval_s=_median_interval_s(kept),
    )


def _rest_of(channel: str, recording: "Recording", result: "RecordingMeasurements | None") -> "Intervals | None":
    """Return the rest of a channel, or of the array that it belongs to, where there was some."""
    if result is None:
        return None
    array = next((one.array for one in recording.channels if one.name == channel), None)
    rest = result.rest.get(channel) or result.rest.get(array or "")
    return rest if rest is not None and rest.spans else None


def _length_s(channel: str, recording: "Recording") -> float:
    return max((one.duration_s for one in recording.members(channel)), default=recording.duration_s)


def _inside(rest: "Intervals", time_s: float) -> bool:
    place = bisect_right(rest.spans, (time_s, float("inf"))) - 1
    return place >= 0 and time_s <= rest.spans[place][1]


def _median_interval_s(events: Sequence[MarkedEvent]) -> tuple[float, float, float] | None:
    if len(events) <= 1:
        return None
    import numpy as np  # noqa: PLC0415 - array libraries load here, not at start-up

    from twitchwise.measure.rate_interval import median_interval  # noqa: PLC0415

    return median_interval(np.diff(np.sort([event.peak_s for event in events])))


def trains_of(events: Iterable[MarkedEvent]) -> "Iterator[EventTrain]":
    """Give the events that count as trains, one a channel and kind."""
    import numpy as np  # noqa: PLC0415 - array libraries load here, not at start-up

    from twitchwise.signals import EventTrain  # noqa: PLC0415

    by_place: dict[tuple[str, EventKind], list[MarkedEvent]] = {}
    for event in events:
        if event.is_kept:
            by_place.setdefault((event.channel, event.kind), []).append(event)
    for (channel, kind), members in by_place.items():
        members.sort(key=lambda event: event.start_s)
        yield EventTrain(
            kind=kind,
            channel=channel,
            start_s=np.array([event.start_s for event in members]),
            peak_s=np.array([event.peak_s for event in members]),
            end_s=np.array([event.end_s for event in members]),
            peak=np.array([event.peak for event in members]),
            unit=np.array([event.unit or 0 for event in members]),
            probability=np.array([event.probability for event in members]),
        )
