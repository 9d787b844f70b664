"""A measured recording as terminal text: what was measured, and what the recording can and cannot support."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.report.display import clean, duration, number
from twitchwise.report.measured import channels_shown, left_out, recording_facts
from twitchwise.report.text_parts import bullets, facts_as_text, page, paragraph, section, title
from twitchwise.report.wording import CHANNEL_WORDS, EVENT_WORDS, HEADINGS, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twitchwise.measure import ChannelQuality
    from twitchwise.signals import EventTrain, Recording

EVENTS_SHOWN = 8


def recording_as_text(examined: ExaminedRecording) -> RenderableType:
    """Return a measured recording for a terminal.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    """
    recording, result = examined.recording, examined.result
    facts = tuple(recording_facts(examined, library()))
    shown = channels_shown(examined)
    warnings = dict.fromkeys((*recording.warnings, *result.warnings))
    return page(
        title(f"{clean(recording.name)} ({_outline(recording)})"),
        paragraph(clean(f"{result.summary} {left_out(examined)}")),
        section(HEADINGS.measured, facts_as_text(facts)),
        section("Events", bullets(events_in_words([train for train in result.events if train.channel in shown]))),
        section("How good the recording is", bullets(_qualities([q for q in result.quality if q.channel in shown]))),
        section("How it was measured", bullets(dict.fromkeys(f"{fact.label}: {fact.method}" for fact in facts))),
        section(HEADINGS.doubts, bullets(map(clean, warnings))),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def events_in_words(trains: "Iterable[EventTrain]") -> Iterator[str]:
    """Give a line for every train of events: how many there are and when the first of them were."""
    for train in trains:
        times = ", ".join(number(time) for time in train.peak_s[:EVENTS_SHOWN].tolist())
        more = ", ..." if len(train) > EVENTS_SHOWN else ""
        when = f", at {times}{more} s" if len(train) else ""
        yield f"{clean(train.channel)}: {len(train)} {EVENT_WORDS[train.kind]}{when}"


def _outline(recording: "Recording") -> str:
    kinds = Counter(CHANNEL_WORDS[channel.kind] for channel in recording.channels)
    counts = ", ".join(f"{count} channel{'' if count == 1 else 's'} of {kind}" for kind, count in kinds.items())
    start = "" if recording.start is None else f", started {recording.start:%Y-%m-%d %H:%M}"
    return f"{clean(recording.format)}, {duration(recording.duration_s)}, {counts}{start}"


def _qualities(qualities: "Iterable[ChannelQuality]") -> Iterator[str]:
    """Give what channels can support, those of which the same is said in one line."""
    names: dict[str, list[str]] = {}
    for quality in qualities:
        said = " ".join(quality.statements) if quality.usable else f"Not used. {quality.reason}"
        names.setdefault(f"({quality.sampling_rate_hz:,.6g} Hz): {clean(said)}", []).append(clean(quality.channel))
    for said, channels in names.items():
        yield f"{', '.join(channels)} {said}"
