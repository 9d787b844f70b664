"""A measured recording in the order in which it is told, the same for the terminal and for the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, duration, number, quantity, without_end
from twitchwise.report.measured import watched_s
from twitchwise.report.places import Place, left_out, muscle_of, places_of, shown_places
from twitchwise.report.recording.bearing import not_used, signal_at, support_at
from twitchwise.report.recording.movements import MovementStory, movements_of
from twitchwise.report.recording.ranges import RangeBeside, ranges_beside, ranges_note
from twitchwise.report.recording.twitches import TwitchRow, twitches_of
from twitchwise.report.recording.units import UnitRow, units_at
from twitchwise.report.recording.values import Other, Value, others_at, values_at
from twitchwise.vocabulary.text import say, say_many, together
from twitchwise.vocabulary.words import CHANNEL_WORDS

if TYPE_CHECKING:
    from twitchwise.signals import Recording
    from twitchwise.vocabulary import Measurement


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceStory:
    """What is told of one place.

    Parameters
    ----------
    place
        Its channels.
    heading
        Its name, with what it is and the muscle.
    values, units, others
        What was measured of fasciculations, the units, and other activity.
    doubts
        Doubts that all values share; `own_doubts` are those of single values.
    support
        How good the signal is, and what can be said with it and what not.
    ranges, ranges_note
        Published ranges of what was measured, and how to read or to get them.
    """

    place: Place
    heading: str
    values: tuple[Value, ...]
    units: tuple[UnitRow, ...]
    others: tuple[Other, ...]
    doubts: tuple[str, ...]
    support: tuple[str, ...]
    ranges: tuple[RangeBeside, ...]
    ranges_note: str

    def own_doubts(self, value: Value) -> tuple[str, ...]:
        """Return the doubts of a value that not all share."""
        return tuple(doubt for doubt in value.doubts if doubt not in self.doubts)


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordingStory:
    """What is told of a recording: the answer first, then each place, and what must be kept in mind."""

    name: str
    outline: str
    answer: str
    left_out: str
    places: tuple[PlaceStory, ...]
    twitches: tuple[TwitchRow, ...]
    movements: tuple[MovementStory, ...]
    notes: tuple[str, ...]
    not_used: tuple[str, ...]
    warnings: tuple[str, ...]


def story_of_recording(examined: ExaminedRecording, library: Library) -> RecordingStory:
    """Return what is told of a measured recording.

    Parameters
    ----------
    examined
        The recording, what was measured on it, and the muscle if a person named it.
    library
        Gives plain names and published ranges.
    """
    recording, result = examined.recording, examined.result
    places = shown_places(examined)
    return RecordingStory(
        name=clean(recording.name),
        outline=outline_of(recording),
        answer=clean(answer_of(examined)),
        left_out=left_out(examined),
        places=tuple(_place_story(examined, place, library) for place in places),
        twitches=twitches_of(examined, library),
        movements=movements_of(examined, library),
        notes=tuple(map(clean, recording.notes)),
        not_used=not_used(examined),
        warnings=tuple(map(clean, dict.fromkeys((*recording.warnings, *result.warnings)))),
    )


def outline_of(recording: "Recording") -> str:
    """Return the format, the length, the channels and the start of a recording in a few words."""
    kinds = Counter(CHANNEL_WORDS[channel.kind] for channel in recording.channels)
    said = [clean(recording.format), duration(recording.duration_s)]
    for kind, count in kinds.items():
        said.append(say_many("{count} channel of {kind}", "{count} channels of {kind}", count=count, kind=kind))
    if recording.start is not None:
        said.append(say("started {time}", time=f"{recording.start:%Y-%m-%d %H:%M}"))
    return together(said, ", ")


def answer_of(examined: ExaminedRecording) -> str:
    """Return what was found in a sentence: of one rate its interval, of none what cannot be excluded, and what else."""
    rates = [one for one in examined.result.measurements if one.id == "fasciculation_rate"]
    movements = examined.result.movement_summary
    said = without_end(examined.result.summary, movements)
    if len(rates) == 1:
        said = _none_answered(examined, rates[0]) if rates[0].value == 0 else _with_ends(said, rates[0])
    seen = dict.fromkeys(
        other.name for place in places_of(examined) for other in others_at(examined, place) if other.is_seen
    )
    also = say("Also seen: {activities}.", activities=together(seen, ", ")) if seen else ""
    return together(sentence for sentence in (said, also, movements) if sentence)


def _none_answered(examined: ExaminedRecording, rate: "Measurement") -> str:
    most, watched = quantity(rate.high, rate.unit), watched_s(examined, rate.channel)
    said = say("Fasciculations: none seen; up to {most} cannot be excluded", most=most)
    if watched is not None:
        time = duration(watched)
        said = say("Fasciculations: none seen in {time}; up to {most} cannot be excluded", time=time, most=most)
    return _with_remarks(said, rate.doubts)


def _with_ends(said: str, rate: "Measurement") -> str:
    ends = say("95% interval {low} to {high}", low=number(rate.low), high=number(rate.high))
    return _with_remarks(without_end(said, "."), (ends, *rate.doubts))


def _with_remarks(said: str, remarks: Sequence[str]) -> str:
    if not remarks:
        return say("{finding}.", finding=said)
    return say("{finding} ({remarks}).", finding=said, remarks=together(remarks, "; "))


def _place_story(examined: ExaminedRecording, place: Place, library: Library) -> PlaceStory:
    values = values_at(examined, place, library)
    return PlaceStory(
        place=place,
        heading=_heading(examined, place, library),
        values=values,
        units=units_at(examined, place),
        others=others_at(examined, place),
        doubts=_shared_doubts(values),
        support=tuple(one for one in (signal_at(examined, place), *support_at(examined, place)) if one),
        ranges=ranges_beside(examined, place, library),
        ranges_note=ranges_note(examined, place, library),
    )


def _shared_doubts(values: Sequence[Value]) -> tuple[str, ...]:
    """Return the doubts of all values that are about potentials, not about rest and noise, where there are several."""
    told = [value.doubts for value in values if not value.id.startswith("rest_")]
    if len(told) <= 1:
        return ()
    return tuple(doubt for doubt in told[0] if all(doubt in doubts for doubts in told))


def _heading(examined: ExaminedRecording, place: Place, library: Library) -> str:
    muscle = muscle_of(examined, place, library)
    more: list[str] = []
    if place.is_array:
        more.append(say_many("{count} electrode", "{count} electrodes", count=len(place.channels)))
    more += [] if muscle is None else [library.muscles[muscle].label]
    name = clean(place.name)
    return say("{name} ({more})", name=name, more=together(more, ", ")) if more else name
