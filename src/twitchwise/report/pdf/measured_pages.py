"""What was measured on one recording, in full: every value, unit, figure and published range, and what it can bear."""

from collections.abc import Iterator, Sequence

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.citations import Citation
from twitchwise.report.pdf.blocks import Block, bullets, figure, heading, in_short, paragraph, table
from twitchwise.report.recording.bearing import together as each_once
from twitchwise.report.recording.drawings import figures_at
from twitchwise.report.recording.figure import Figure
from twitchwise.report.recording.movement_drawings import movement_figures
from twitchwise.report.recording.movements import MovementStory
from twitchwise.report.recording.ranges import RangeBeside
from twitchwise.report.recording.story import PlaceStory, RecordingStory, story_of_recording
from twitchwise.report.recording.twitches import COLUMNS as TWITCH_COLUMNS
from twitchwise.report.recording.units import COLUMNS, columns_of
from twitchwise.report.recording.values import Value
from twitchwise.report.wording import HEADINGS
from twitchwise.vocabulary.text import capital, say, together

_VALUE_HEADS = (say("Quantity"), say("Value (95% interval)"), say("How it was measured"))
_WIDTHS = (4, 4, 6)


def measured_pages(examined: ExaminedRecording, library: Library) -> Iterator[Block]:
    """Give the blocks of a measured recording.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    library
        Gives plain names and published ranges.
    """
    story = story_of_recording(examined, library)
    said = (say("{outline}.", outline=story.outline), story.answer, story.left_out)
    yield paragraph(together(one for one in said if one), lead=f"{story.name}:")
    for number, place in enumerate(story.places, start=1):
        yield from _place(place, list(figures_at(examined, place.place, f"place{number}")))
    for number, one in enumerate(story.movements, start=1):
        yield from _movement(one, list(movement_figures(examined, one, f"movement{number}")))
    yield from _twitches(story)
    yield from _bearing(story)


def sources_of(examined: ExaminedRecording, library: Library) -> tuple[Citation, ...]:
    """Return the sources of the published ranges of a recording, each once."""
    story = story_of_recording(examined, library)
    told = [*(place.ranges for place in story.places), *(one.ranges for one in story.movements)]
    return tuple(dict.fromkeys(citation for ranges in told for one in ranges for citation in one.citations))


def _place(place: PlaceStory, figures: Sequence[Figure]) -> Iterator[Block]:
    yield heading(place.heading, 3)
    if place.doubts:
        yield paragraph(_in_a_row(place.doubts), lead=say("Doubtful, all of the potentials:"))
    if place.values:
        rows = [_row(value, place.own_doubts(value)) for value in place.values]
        yield table(say("Fasciculations, rest and noise"), _VALUE_HEADS, rows, _WIDTHS)
    if place.units:
        names = columns_of(place.units)
        units = [tuple(getattr(row, name) for name in names) for row in place.units]
        yield table(say("Motor units that fasciculated (95% intervals)"), [COLUMNS[name] for name in names], units)
    if place.others:
        others = [(capital(other.name), _doubted(other.said, other.doubts), other.method) for other in place.others]
        heads = (say("Kind"), say("Seen"), say("How it was measured"))
        yield table(say("Other activity"), heads, others, _WIDTHS)
    yield from map(figure, (one.drawing for one in figures))
    yield paragraph(place.ranges_note, lead=say("Published ranges:"))
    yield from _ranges(place.ranges)


def _movement(one: MovementStory, figures: Sequence[Figure]) -> Iterator[Block]:
    yield heading(one.heading, 3)
    yield table(say("Movement"), _VALUE_HEADS, [_row(value, value.doubts) for value in one.values], _WIDTHS)
    yield from map(figure, (drawn.drawing for drawn in figures))
    yield from _ranges(one.ranges)


def _twitches(story: RecordingStory) -> Iterator[Block]:
    if not story.twitches:
        return
    yield heading(say("Twitches of force and motion"), 3)
    rows = [tuple(getattr(row, name) for name in TWITCH_COLUMNS) for row in story.twitches]
    yield table(say("Single twitches, averaged (95% intervals)"), list(TWITCH_COLUMNS.values()), rows)
    values = [(row.channel, value) for row in story.twitches for value in row.others]
    if values:
        told = [
            (say("{quantity}, {channel}", quantity=value.label, channel=channel), *_row(value, value.doubts)[1:])
            for channel, value in values
        ]
        yield table(say("More of the twitches"), _VALUE_HEADS, told, _WIDTHS)
    doubts = list(each_once([(row.channel, row.doubts) for row in story.twitches]))
    if doubts:
        yield bullets([(say("Doubtful:"), doubt) for doubt in doubts])


def _bearing(story: RecordingStory) -> Iterator[Block]:
    support = [*each_once([(place.heading, place.support) for place in story.places]), *story.not_used]
    if support:
        yield heading(say("What this recording can support"), 3)
        yield bullets(support)
    if story.warnings or story.notes:
        yield heading(HEADINGS.doubts, 3)
        yield bullets((*story.warnings, *story.notes))


def _ranges(ranges: Sequence[RangeBeside]) -> Iterator[Block]:
    if ranges:
        heads = (say("Quantity"), say("Published"), say("What it cannot tell"))
        rows = [(one.quantity, _published(one), one.caveat) for one in ranges]
        yield table(say("What was published"), heads, rows, (3, 6, 5))


def _published(one: RangeBeside) -> str:
    return say(
        "{name}: {figures} ({people}). {how_it_was_recorded} {sources}",
        name=one.label,
        figures=one.figures,
        people=one.who,
        how_it_was_recorded=one.how,
        sources=in_short(one.citations),
    )


def _row(value: Value, doubts: Sequence[str]) -> tuple[str, str, str]:
    return value.label, _doubted(value.said, doubts), value.method


def _doubted(said: str, doubts: Sequence[str]) -> str:
    if not doubts:
        return said
    return say("{value}. Not to be leaned on: {doubts}.", value=said, doubts=together(doubts, "; "))


def _in_a_row(sentences: Sequence[str]) -> str:
    return say("{sentences}.", sentences=together(sentences, "; "))
