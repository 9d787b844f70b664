"""What was measured on one recording, in full: every value, unit, figure and published range, and what it can bear."""

from collections.abc import Iterator, Sequence

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.citations import Citation
from twitchwise.report.pdf.blocks import Block, bullets, figure, heading, paragraph, table
from twitchwise.report.recording.bearing import together
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

_VALUE_HEADS = ("Quantity", "Value (95% interval)", "How it was measured")
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
    yield paragraph(f"{story.outline}. {story.answer} {story.left_out}".strip(), lead=f"{story.name}:")
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
        yield paragraph("; ".join(place.doubts) + ".", lead="Doubtful, all of the potentials:")
    if place.values:
        rows = [_row(value, place.own_doubts(value)) for value in place.values]
        yield table("Fasciculations, rest and noise", _VALUE_HEADS, rows, _WIDTHS)
    if place.units:
        names = columns_of(place.units)
        units = [tuple(str(getattr(row, name)) for name in names) for row in place.units]
        yield table("Motor units that fasciculated (95% intervals)", [COLUMNS[name] for name in names], units)
    if place.others:
        others = [(other.name.capitalize(), _doubted(other.said, other.doubts), other.method) for other in place.others]
        yield table("Other activity", ("Kind", "Seen", "How it was measured"), others, _WIDTHS)
    yield from map(figure, (one.drawing for one in figures))
    yield paragraph(place.ranges_note, lead="Published ranges:")
    yield from _ranges(place.ranges)


def _movement(one: MovementStory, figures: Sequence[Figure]) -> Iterator[Block]:
    yield heading(one.heading, 3)
    yield table("Movement", _VALUE_HEADS, [_row(value, value.doubts) for value in one.values], _WIDTHS)
    yield from map(figure, (drawn.drawing for drawn in figures))
    yield from _ranges(one.ranges)


def _twitches(story: RecordingStory) -> Iterator[Block]:
    if not story.twitches:
        return
    yield heading("Twitches of force and motion", 3)
    rows = [tuple(str(getattr(row, name)) for name in TWITCH_COLUMNS) for row in story.twitches]
    yield table("Single twitches, averaged (95% intervals)", list(TWITCH_COLUMNS.values()), rows)
    values = [(row.channel, value) for row in story.twitches for value in row.others]
    if values:
        told = [(f"{value.label}, {channel}", *_row(value, value.doubts)[1:]) for channel, value in values]
        yield table("More of the twitches", _VALUE_HEADS, told, _WIDTHS)
    doubts = list(together([(row.channel, row.doubts) for row in story.twitches]))
    if doubts:
        yield bullets([("Doubtful:", str(doubt)) for doubt in doubts])


def _bearing(story: RecordingStory) -> Iterator[Block]:
    support = [*together([(place.heading, place.support) for place in story.places]), *story.not_used]
    if support:
        yield heading("What this recording can support", 3)
        yield bullets(map(str, support))
    if story.warnings or story.notes:
        yield heading(HEADINGS.doubts, 3)
        yield bullets((*story.warnings, *story.notes))


def _ranges(ranges: Sequence[RangeBeside]) -> Iterator[Block]:
    if ranges:
        rows = [
            (one.quantity, f"{one.label}: {one.figures} ({one.who}). {one.how} {_short(one.citations)}", one.caveat)
            for one in ranges
        ]
        yield table("What was published", ("Quantity", "Published", "What it cannot tell"), rows, (3, 6, 5))


def _short(citations: Sequence[Citation]) -> str:
    return f"[{'; '.join(one.short for one in citations)}]" if citations else ""


def _row(value: Value, doubts: Sequence[str]) -> tuple[str, str, str]:
    return value.label, _doubted(value.said, doubts), value.method


def _doubted(said: str, doubts: Sequence[str]) -> str:
    return said + (
        f". Not to be leaned on: {'; '.join(doubt.removesuffix('.') for doubt in doubts)}." if doubts else ""
    )
