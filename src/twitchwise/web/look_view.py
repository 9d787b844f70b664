"""What the page of a recording shows: a picture of a stretch, a page of its events, counts and values in words."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twitchwise.report import display
from twitchwise.report.wording import EVENT_WORDS
from twitchwise.vocabulary import EventKind, OutOfRangeError, Unit
from twitchwise.vocabulary.text import filled_anew, say, say_many, together

if TYPE_CHECKING:
    from twitchwise.examine.looking import Look
    from twitchwise.examine.review import MarkedEvent, Tally
    from twitchwise.report.trace_picture import Mark, Picture

EVENTS_A_PAGE = 20
PIXELS = 512  # of a picture that the server draws; it looks at the same places as the overview of the script
SHORTEST_S = 0.01
MOST_SHOWN_ROWS = 32  # rows of a picture; more would be too low to see
_ADDED_KINDS = (EventKind.FASCICULATION_POTENTIAL, EventKind.TWITCH, EventKind.JERK, EventKind.SPASM)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A stretch of a recording that is shown, and where one may go from it."""

    start_s: float
    stop_s: float
    length_s: float

    @property
    def span_s(self) -> float:
        """How long it is."""
        return self.stop_s - self.start_s

    def moved(self, share: float) -> "Stretch":
        """Return the stretch moved by a share of its length, within the recording."""
        start_s = min(max(self.start_s + share * self.span_s, 0.0), self.length_s - self.span_s)
        return Stretch(start_s=start_s, stop_s=start_s + self.span_s, length_s=self.length_s)

    def scaled(self, factor: float) -> "Stretch":
        """Return the stretch made longer or shorter around its middle, within the recording."""
        span_s = min(max(self.span_s * factor, SHORTEST_S), self.length_s)
        start_s = min(max((self.start_s + self.stop_s - span_s) / 2, 0.0), self.length_s - span_s)
        return Stretch(start_s=start_s, stop_s=start_s + span_s, length_s=self.length_s)

    @property
    def query(self) -> str:
        """The stretch as it stands in an address."""
        return f"from={self.start_s:.6f}&to={self.stop_s:.6f}"


def stretch_of(look: "Look", start_s: float | None, stop_s: float | None) -> Stretch:
    """Return a stretch that was asked for, the whole recording where nothing was.

    Raises
    ------
    OutOfRangeError
        If it is not a stretch of this recording.
    """
    length_s = look.recording.duration_s
    start = 0.0 if start_s is None else start_s
    stop = length_s if stop_s is None else min(stop_s, length_s) if isfinite(stop_s) else stop_s
    if not (isfinite(start) and isfinite(stop) and 0 <= start < stop):
        raise OutOfRangeError(f"a stretch must lie in 0 to {length_s:g} s, got {start!r} to {stop!r} s.")
    return Stretch(start_s=start, stop_s=stop, length_s=length_s)


def picture_of(look: "Look", stretch: Stretch, channels: Sequence[int] | None = None) -> "Picture":
    """Return the picture of a stretch.

    Parameters
    ----------
    look
        The recording.
    stretch
        What of it is shown.
    channels
        Numbers of the channels; the first ones if left out.
    """
    from twitchwise.report.trace_picture import Picture, Trace  # noqa: PLC0415 - array libraries load here

    described = look.recording.channels
    shown = list(range(len(described)))[:MOST_SHOWN_ROWS] if channels is None else list(channels)
    seen = look.view(shown, stretch.start_s, stretch.stop_s, PIXELS)
    traces = [
        Trace(name=described[number].name, unit=described[number].unit, low=seen.low[row], high=seen.high[row])
        for row, number in enumerate(shown)
    ]
    left_out = len(described) - len(shown)
    notes = [] if seen.is_exact else [say("A first, coarse picture.")]
    if left_out:
        notes.append(say_many("{count} more channel.", "{count} more channels.", count=left_out))
    events = look.review.events
    kinds = list(dict.fromkeys(event.kind for event in events))
    return Picture(
        start_s=stretch.start_s,
        stop_s=stretch.stop_s,
        traces=traces,
        marks=list(_marks(look, events, shown, kinds)),
        kinds=[EVENT_WORDS[kind] for kind in kinds],
        note=together(notes),
    )


def row_of(look: "Look", channel: str) -> int:
    """Return the number of the first channel of a name, array or sensor; -1 where there is none."""
    members = look.recording.members(channel)
    return look.recording.channels.index(members[0]) if members else -1


def _marks(
    look: "Look", events: "Sequence[MarkedEvent]", shown: Sequence[int], kinds: Sequence[EventKind]
) -> "Iterator[Mark]":
    from twitchwise.report.trace_picture import Mark  # noqa: PLC0415 - array libraries load here

    rows = {event_channel: row_of(look, event_channel) for event_channel in {event.channel for event in events}}
    place = {number: row for row, number in enumerate(shown)}
    for event in events:
        if rows[event.channel] in place:
            yield Mark(
                row=place[rows[event.channel]],
                time_s=event.peak_s,
                shape=kinds.index(event.kind),
                is_kept=event.is_kept,
                is_by_hand=event.is_by_hand,
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class TallyInWords:
    """A tally as a row of a table."""

    kind: str
    channel: str
    count: str
    rate: str
    interval: str


def tally_in_words(tally: "Tally") -> TallyInWords:
    """Return a tally in words; what was done by hand is said."""
    apart = "" if tally.interval_s is None else display.with_interval(*tally.interval_s, Unit.SECOND)
    return TallyInWords(
        kind=EVENT_WORDS[tally.kind],
        channel=display.clean(tally.channel),
        count=_count(tally),
        rate=_rate(tally) if tally.watched_s else say("not known"),
        interval=apart or say("not known"),
    )


def _count(tally: "Tally") -> str:
    by_hand = []
    if tally.added:
        by_hand.append(say("{count} added by hand", count=tally.added))
    if tally.rejected:
        by_hand.append(say("{count} rejected by hand", count=tally.rejected))
    return (
        say("{count} ({by_hand})", count=tally.count, by_hand=together(by_hand, ", ")) if by_hand else str(tally.count)
    )


def _rate(tally: "Tally") -> str:
    rate = display.with_interval(*tally.per_minute, Unit.PER_MINUTE)
    watched = display.duration(tally.watched_s)
    if tally.at_rest:
        return say("{rate}, in {time} at rest", rate=rate, time=watched)
    return say("{rate}, in {time}", rate=rate, time=watched)


def events_as_json(look: "Look", known: str = "") -> dict[str, object]:
    """Return the events and the tallies of a recording for the script of its page.

    Parameters
    ----------
    look
        The recording.
    known
        Which events the page has already; where they are the same ones, only what was said of them is returned.
    """
    review = look.review
    last_s = review.added[-1].peak_s if review.added else 0.0
    now = f"{len(review.found)}-{len(review.added)}-{last_s!r}"
    events = {"verdicts": dict(review.verdicts)} if known == now else {"events": list(_events_out(look))}
    tallied = [dataclasses.asdict(tally_in_words(tally)) for tally in look.tallies]
    return {"known": now, **events, "tallies": tallied, "can_undo": look.can_undo}


def _events_out(look: "Look") -> Iterator[dict[str, object]]:
    events = look.review.events
    rows = {channel: row_of(look, channel) for channel in {event.channel for event in events}}
    for event in events:
        yield {
            "id": event.id,
            "kind": EVENT_WORDS[event.kind],
            "channel": display.clean(event.channel),
            "row": rows[event.channel],
            "start_s": event.start_s,
            "peak_s": event.peak_s,
            "end_s": event.end_s,
            "verdict": event.verdict.value,
            "by_hand": event.is_by_hand,
        }


def channels_as_json(look: "Look") -> dict[str, object]:
    """Return what the script of the page must know of the channels."""
    recording = look.recording
    return {
        "length_s": recording.duration_s,
        "channels": [
            {
                "name": display.clean(channel.name),
                "unit": channel.unit.value,
                "rate_hz": channel.sampling_rate_hz,
            }
            for channel in recording.channels
        ],
    }


def status_as_json(look: "Look") -> dict[str, object]:
    """Return how far the work in the background is."""
    return {
        "phase": look.phase.value,
        "is_working": look.is_working,
        "is_shown": look.is_shown,
        "share_prepared": look.share_prepared,
        "share_measured": look.share_measured,
        "said": progress_in_words(look),
    }


def progress_in_words(look: "Look") -> str:
    """Return a sentence on how far the work in the background is."""
    if look.phase.value == "preparing":
        return say("Getting the picture ready: {percent:.0f}% done.", percent=100 * look.share_prepared)
    if look.phase.value == "measuring":
        return say("Measuring: {percent:.0f}% done.", percent=100 * look.share_measured)
    if look.phase.value == "measured":
        return say("Measured.")
    still = [say("You can still look, and mark events by hand.")] if look.is_shown else []
    if look.phase.value == "stopped":
        return together([say("Measuring was stopped."), *still])
    why = filled_anew(look.refusal, display.clean)
    return together([say("It could not be measured: {why}", why=why), *still])


def kinds_to_add(look: "Look") -> list[tuple[str, str]]:
    """Return the kinds of event that may be added, those that are there first: id and words."""
    there = dict.fromkeys(event.kind for event in look.review.events)
    order = dict.fromkeys((*there, *_ADDED_KINDS, *EventKind))
    return [(kind.value, EVENT_WORDS[kind]) for kind in order]


def named_events(events: "Sequence[MarkedEvent]") -> "list[tuple[MarkedEvent, str]]":
    """Return events, each with its time, kind and channel in words."""
    return [(event, _event_in_words(event)) for event in events]


def _event_in_words(event: "MarkedEvent") -> str:
    values = {"time_s": event.peak_s, "kind": EVENT_WORDS[event.kind], "channel": display.clean(event.channel)}
    if event.is_by_hand:
        return say("{time_s:.3f} s: {kind}, {channel}, added by hand", **values)
    return say("{time_s:.3f} s: {kind}, {channel}", **values)


def events_page(look: "Look", number: int) -> "tuple[Sequence[MarkedEvent], int, int]":
    """Return the events of a page, its number within what there is, and how many pages there are."""
    events = look.review.events
    n_pages = max(1, -(-len(events) // EVENTS_A_PAGE))
    page = min(max(number, 1), n_pages)
    return events[(page - 1) * EVENTS_A_PAGE : page * EVENTS_A_PAGE], page, n_pages
