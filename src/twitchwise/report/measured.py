"""What was measured, as a reader sees it: each quantity by its plain name, where, and for how long was looked."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, measured_in_words
from twitchwise.report.wording import MEASUREMENT_WORDS
from twitchwise.vocabulary import Measurement, Unit

CHANNELS_SHOWN = 6  # of a grid with a hundred; the JSON has all


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
    for measurement in _in_order(examined):
        channel = "" if measurement.channel is None else clean(measurement.channel)
        parts = [part for part in (channel, recording if name_recording or not channel else "") if part]
        yield Fact(
            label=label_of(measurement, library),
            said=_said(examined, measurement),
            where=" of ".join(parts),
            method=clean(measurement.method),
            doubts=tuple(map(clean, measurement.doubts)),
            measurement=measurement,
        )


def _said(examined: ExaminedRecording, measurement: Measurement) -> str:
    # rest is how long fasciculations were watched for; of other activity the method says for how long
    at_rest = measurement.id.startswith("fasciculation_")
    said = measured_in_words(measurement, watched_s(examined, measurement.channel) if at_rest else None)
    if measurement.unit is not Unit.COUNT or measurement.id.endswith("_count"):
        return said
    return f"{said}, in counts of the converter"  # the file does not say what a count is in volts


def channels_shown(examined: ExaminedRecording) -> tuple[str, ...]:
    """Return the names of the channels that a report shows: all, or of many those with the greatest rates."""
    names = [channel.name for channel in examined.recording.channels]
    arrays = [one.channel for one in examined.result.measurements if one.channel and one.channel not in names]
    if arrays:
        return tuple(dict.fromkeys(arrays))
    if len(names) <= CHANNELS_SHOWN:
        return tuple(names)
    rates = {one.channel: one.value for one in examined.result.measurements if one.unit is Unit.PER_MINUTE}
    ranked = sorted(names, key=lambda name: -rates.get(name, -1.0))[:CHANNELS_SHOWN]
    return tuple(name for name in names if name in ranked)


def left_out(examined: ExaminedRecording) -> str:
    """Return a sentence on the channels that are not shown, or nothing when all are."""
    left = len(examined.recording.channels) - len(channels_shown(examined))
    if not left:
        return ""
    return (
        f"{CHANNELS_SHOWN} channels are shown here, by their rates where they have any; the JSON has the other {left}."
    )


def _in_order(examined: ExaminedRecording) -> list[Measurement]:
    channels: list[str | None] = [None, *channels_shown(examined)]
    names = list(MEASUREMENT_WORDS)
    shown = [one for one in examined.result.measurements if one.channel in channels]
    return sorted(
        shown,
        key=lambda one: (channels.index(one.channel), names.index(one.id) if one.id in names else len(names)),
    )


def label_of(measurement: Measurement, library: Library) -> str:
    """Return the plain name of a measured quantity, with a capital."""
    finding = library.findings.get(measurement.id)
    plain = measurement.id.replace("_", " ") if finding is None else finding.plain
    name = MEASUREMENT_WORDS.get(measurement.id, plain)
    return name[:1].upper() + name[1:]


def watched_s(examined: ExaminedRecording, channel: str | None) -> float | None:
    """Return for how long a channel could be watched at rest, in seconds, or ``None`` where that is not known."""
    rest = None if channel is None else examined.result.rest.get(channel)
    return None if rest is None else rest.duration_s
