"""What was measured, as a reader sees it: each quantity by its plain name, where, and for how long was looked."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, measured_in_words
from twitchwise.report.wording import MEASUREMENT_WORDS
from twitchwise.vocabulary import Measurement


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
    """Return everything that was measured on every recording of an examination."""
    several = len(examination.recordings) > 1
    return tuple(
        fact
        for examined in examination.recordings
        for fact in recording_facts(examined, examination.library, name_recording=several)
    )


def recording_facts(examined: ExaminedRecording, library: Library, *, name_recording: bool = False) -> Iterator[Fact]:
    """Give everything that was measured on one recording.

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
    for measurement in examined.result.measurements:
        channel = "" if measurement.channel is None else clean(measurement.channel)
        parts = [part for part in (channel, recording if name_recording or not channel else "") if part]
        yield Fact(
            label=label_of(measurement, library),
            said=measured_in_words(measurement, watched_s(examined, measurement.channel)),
            where=" of ".join(parts),
            method=clean(measurement.method),
            doubts=tuple(map(clean, measurement.doubts)),
            measurement=measurement,
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
