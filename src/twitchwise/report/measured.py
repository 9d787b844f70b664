"""What was measured, as a reader sees it: each quantity by its plain name, where, and for how long was looked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, measured_in_words, without_end
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.other_activity import KIND_WORDS, METHOD, is_none_seen, kind_in, none_seen
from twitchwise.report.places import places_of, shown_places
from twitchwise.report.quantity_words import DETAIL_WORDS, QUANTITY_WORDS
from twitchwise.report.wording import MEASUREMENT_WORDS
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import capital, say

# Quantities in the unit of the signal; all others that count, count events, units, phases and the like.
_SIZES = ("fasciculation_amplitude", "fasciculation_amplitude_spread", "rest_noise_rms")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One measured quantity: its name, what was found, on which channel, how, and why it may not be leaned on."""

    label: str
    said: str
    where: str
    method: str
    doubts: tuple[str, ...]
    measurement: Measurement


def facts_of(examination: Examination) -> tuple[Fact, ...]:
    """Return what was measured on the channels shown of every recording of an examination."""
    several = len(examination.recordings) > 1
    return tuple(
        fact
        for examined in examination.recordings
        for fact in recording_facts(examined, examination.library, name_recording=several)
    )


def recording_facts(examined: ExaminedRecording, library: Library, *, name_recording: bool = False) -> Iterator[Fact]:
    """Give what was measured on the channels shown of one recording, the rates of each channel first.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    library
        Gives the plain names of measured findings.
    name_recording
        Whether to say of which recording a channel is.
    """
    recording = clean(examined.recording.name)
    measured = _in_order(examined)
    looked_for: dict[str | None, list[Measurement]] = {}
    for measurement in measured:
        if is_none_seen(measurement):
            looked_for.setdefault(measurement.channel, []).append(measurement)
    for measurement in measured:
        channel = "" if measurement.channel is None else clean(measurement.channel)
        where = _where(channel, recording if name_recording or not channel else "")
        if not is_none_seen(measurement):
            yield Fact(
                label=label_of(measurement, library),
                said=said_of(examined, measurement),
                where=where,
                method=clean(measurement.method),
                doubts=tuple(map(clean, measurement.doubts)),
                measurement=measurement,
            )
        elif measurement is looked_for[measurement.channel][0]:
            yield _none_seen_fact(looked_for[measurement.channel], where)


def _where(channel: str, recording: str) -> str:
    if channel and recording:
        return say("{channel} of {recording}", channel=channel, recording=recording)
    return channel or recording


def _none_seen_fact(measurements: Sequence[Measurement], where: str) -> Fact:
    """Return one fact on all other activity that was looked for on a channel and not seen."""
    return Fact(
        label=say("Other activity that was looked for"),
        said=without_end(none_seen(measurements), "."),
        where=where,
        method=METHOD,
        doubts=tuple(dict.fromkeys(clean(doubt) for one in measurements for doubt in one.doubts)),
        measurement=measurements[0],
    )


def said_of(examined: ExaminedRecording, measurement: Measurement) -> str:
    """Return a measurement in words, with its interval; sizes of unknown scale are said to be counts."""
    # rest is how long fasciculations were watched for; of other activity the method says for how long
    at_rest = measurement.id.startswith("fasciculation_")
    said = measured_in_words(measurement, watched_s(examined, measurement.channel) if at_rest else None)
    if measurement.unit is not Unit.COUNT or measurement.id not in _SIZES:
        return said
    # the file does not say what a count is in volts
    return say("{size}, in counts of the converter", size=said)


def channels_shown(examined: ExaminedRecording) -> tuple[str, ...]:
    """Return the names of the channels and arrays that a report shows; of many those with the greatest rates."""
    places, shown = places_of(examined), shown_places(examined)
    names = [name for place in shown for name in dict.fromkeys((place.name, *(one.name for one in place.channels)))]
    channels = [one.name for one in examined.recording.channels] + [one.channel for one in examined.result.measurements]
    named = [name for name in channels if name is not None]
    return (*names, *dict.fromkeys(name for name in named if not any(place.holds(name) for place in places)))


def _in_order(examined: ExaminedRecording) -> list[Measurement]:
    channels: list[str | None] = [None, *channels_shown(examined)]
    names = list(MEASUREMENT_WORDS)
    shown = [one for one in examined.result.measurements if one.channel in channels]
    return sorted(
        shown,
        key=lambda one: (channels.index(one.channel), names.index(one.id) if one.id in names else len(names)),
    )


def label_of(measurement: Measurement, library: Library) -> str:
    """Return the plain name of a measured quantity, with a capital; by its id where it has none."""
    return name_of(measurement.id, library)


def name_of(quantity: str, library: Library) -> str:
    """Return the same by the id of the quantity."""
    finding = library.findings.get(quantity)
    names = (
        MEASUREMENT_WORDS.get(quantity),
        None if finding is None else finding.plain,
        QUANTITY_WORDS.get(quantity),
        MOVEMENT_WORDS.get(quantity),
        _name_of_other(quantity),
    )
    return capital(next(filter(None, names), quantity.replace("_", " ")))


def _name_of_other(quantity: str) -> str | None:
    """Return the name of a quantity of other activity, or ``None``."""
    kind = kind_in(quantity)
    detail = None if kind is None else DETAIL_WORDS.get(quantity.removeprefix(f"{kind.value}_"))
    if kind is None or detail is None:
        return None
    return say("{activity}: {detail}", activity=KIND_WORDS[kind], detail=detail)


def watched_s(examined: ExaminedRecording, channel: str | None) -> float | None:
    """Return for how long a channel could be watched at rest, in seconds, or ``None`` where that is not known."""
    rest = None if channel is None else examined.result.rest.get(channel)
    return None if rest is None else rest.duration_s
