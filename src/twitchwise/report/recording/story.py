"""A measured recording in the order in which it is told, the same for the terminal and for the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, duration, number
from twitchwise.report.measured import said_of
from twitchwise.report.places import Place, left_out, muscle_of, places_of, shown_places
from twitchwise.report.recording.bearing import not_used, signal_at, support_at
from twitchwise.report.recording.movements import MovementStory, movements_of
from twitchwise.report.recording.ranges import RangeBeside, ranges_beside, ranges_note
from twitchwise.report.recording.twitches import TwitchRow, twitches_of
from twitchwise.report.recording.units import UnitRow, units_at
from twitchwise.report.recording.values import Other, Value, others_at, values_at
from twitchwise.report.wording import CHANNEL_WORDS

if TYPE_CHECKING:
    from twitchwise.signals import Recording


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
    counts = ", ".join(f"{count} channel{'' if count == 1 else 's'} of {kind}" for kind, count in kinds.items())
    start = "" if recording.start is None else f", started {recording.start:%Y-%m-%d %H:%M}"
    return f"{clean(recording.format)}, {duration(recording.duration_s)}, {counts}{start}"


def answer_of(examined: ExaminedRecording) -> str:
    """Return what was found in a sentence: of one rate its interval, of none what cannot be excluded, and what else."""
    rates = [one for one in examined.result.measurements if one.id == "fasciculation_rate"]
    movements = examined.result.movement_summary
    said = examined.result.summary.removesuffix(movements).strip()
    if len(rates) == 1 and rates[0].value == 0:
        said = f"Fasciculations: {said_of(examined, rates[0]).lower()}{_in_brackets(rates[0].doubts)}."
    elif len(rates) == 1:
        ends = f"95% interval {number(rates[0].low)} to {number(rates[0].high)}"
        said = f"{said.removesuffix('.')}{_in_brackets((ends, *rates[0].doubts))}."
    seen = dict.fromkeys(
        other.name for place in places_of(examined) for other in others_at(examined, place) if other.is_seen
    )
    also = f"Also seen: {', '.join(seen)}." if seen else ""
    return " ".join(sentence for sentence in (said, also, movements) if sentence)


def _in_brackets(remarks: Sequence[str]) -> str:
    return f" ({'; '.join(remarks)})" if remarks else ""


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
    more = [f"{len(place.channels)} electrodes"] if place.is_array else []
    more += [] if muscle is None else [library.muscles[muscle].label]
    return clean(place.name) + (f" ({', '.join(more)})" if more else "")
