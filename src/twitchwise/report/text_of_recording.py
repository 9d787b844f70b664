"""A measured recording as terminal text: the answer first, then what was found, and what the recording can support."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.report.display import clean, number
from twitchwise.report.measured import channels_shown
from twitchwise.report.other_activity import none_seen
from twitchwise.report.recording.bearing import together
from twitchwise.report.recording.movements import MovementStory
from twitchwise.report.recording.ranges import RangeBeside
from twitchwise.report.recording.story import PlaceStory, RecordingStory, story_of_recording
from twitchwise.report.recording.twitches import COLUMNS as TWITCH_COLUMNS
from twitchwise.report.recording.twitches import TwitchRow
from twitchwise.report.recording.units import COLUMNS, IN_TEXT, UnitRow, columns_of
from twitchwise.report.recording.values import Other, Value
from twitchwise.report.text_parts import bullets, marked, page, paragraph, section, title
from twitchwise.report.wording import EVENT_WORDS, HEADINGS, NOTICE

if TYPE_CHECKING:
    from twitchwise.signals import EventTrain

EVENTS_SHOWN = 8
UNITS_SHOWN = 12
MORE = "How each number was measured, figures and sources: --report FILE.html. Everything, for programs: --json."


def recording_as_text(examined: ExaminedRecording) -> RenderableType:
    """Return a measured recording for a terminal.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    """
    story = story_of_recording(examined, library())
    shown = channels_shown(examined)
    trains = [train for train in examined.result.events if train.channel in shown and len(train)]
    return page(
        title(f"{story.name} ({story.outline})"),
        paragraph(f"{story.answer} {story.left_out}".rstrip()),
        *(_measured(place, alone=len(story.places) == 1) for place in story.places),
        section("Twitches of force and motion", *_twitches(story.twitches)),
        *(_movement(one, alone=len(story.movements) == 1 and not story.places) for one in story.movements),
        section("Events", bullets(events_in_words(trains))),
        section("Published ranges", *_ranges(story)),
        section("What the file was found to hold", bullets(story.notes)),
        section("What this recording can support", bullets(_support(story))),
        section(HEADINGS.doubts, bullets(story.warnings)),
        section(HEADINGS.about, paragraph(MORE), paragraph(NOTICE)),
    )


def events_in_words(trains: "Iterable[EventTrain]") -> Iterator[str]:
    """Give a line for every train of events: how many there are and when the first of them were."""
    for train in trains:
        times = ", ".join(number(time) for time in train.peak_s[:EVENTS_SHOWN].tolist())
        more = ", ..." if len(train) > EVENTS_SHOWN else ""
        when = f", at {times}{more} s" if len(train) else ""
        yield f"{clean(train.channel)}: {len(train)} {EVENT_WORDS[train.kind]}{when}"


def _measured(story: PlaceStory, *, alone: bool) -> RenderableType | None:
    """Return what was measured at a place: values, units, other activity."""
    heading = HEADINGS.measured if alone else f"{HEADINGS.measured}: {story.heading}"
    return section(
        heading,
        *_values(story.values, story.doubts),
        paragraph(f"! Doubtful, all of the potentials: {'; '.join(story.doubts)}.") if story.doubts else None,
        *_units(story.units),
        *_others(story.others),
    )


def _movement(story: MovementStory, *, alone: bool) -> RenderableType | None:
    """Return what was measured of movement on a sensor or on the recording as a whole."""
    return section(HEADINGS.measured if alone else f"{HEADINGS.measured}: {story.heading}", *_values(story.values, ()))


def _values(values: Sequence[Value], shared: Sequence[str]) -> Iterator[RenderableType | None]:
    """Give a line for each value, and below them the doubts that not all share, each once under its mark."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    marks: dict[str, str] = {}
    for value in values:
        own = [marks.setdefault(one, f"[{len(marks) + 1}]") for one in value.doubts if one not in shared]
        grid.add_row(Text(value.label), Text(f"{value.said} {''.join(own)}"))
    yield grid if values else None
    yield marked([(mark, f"Doubtful: {doubt}.") for doubt, mark in marks.items()])


def _twitches(rows: Sequence[TwitchRow]) -> Iterator[RenderableType | None]:
    if rows:
        yield _table(TWITCH_COLUMNS, rows)
        said = together([(row.channel, row.doubts) for row in rows])
        yield marked([("!", f"Doubtful: {sentence}.") for sentence in said])
    yield from (part for row in rows for part in _values(row.others, ()))


def _table(columns: Mapping[str, str], rows: Sequence[object]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for words in columns.values():
        table.add_column(words, overflow="fold", min_width=max(map(len, words.split()), default=0))
    for row in rows:
        table.add_row(*(Text(getattr(row, name)) for name in columns))
    return table


def _units(rows: Sequence[UnitRow]) -> Iterator[RenderableType]:
    if rows:
        shown = rows[:UNITS_SHOWN]
        yield Text()
        yield _table({name: COLUMNS[name] for name in columns_of(shown, IN_TEXT)}, shown)
        left = len(rows) - len(shown)
        yield paragraph(f"and {left} more units with fewer events") if left else Text()


def _others(others: Sequence[Other]) -> Iterator[RenderableType]:
    seen = [one for one in others if one.is_seen]
    for one in seen:
        yield Text.assemble((f"{one.name[:1].upper()}{one.name[1:]}", "bold"), f": {one.said}.")
        details = "; ".join(f"{value.label} {value.said}" for value in one.details)
        if details:
            yield paragraph(f"{details}.", indent=2)
        if one.doubts:
            yield paragraph(f"! Doubtful: {'; '.join(one.doubts)}.", indent=2)
    none = [one for one in others if not one.is_seen]
    if none:
        doubts = dict.fromkeys(doubt for one in none for doubt in one.doubts)
        doubtful = f" ! Doubtful: {'; '.join(doubts)}." if doubts else ""
        said = f" {none_seen([one.measurement for one in none])}{doubtful}"
        yield Text.assemble(("Other activity looked for.", "bold"), said)


def _ranges(story: RecordingStory) -> Iterator[RenderableType | None]:
    """Give for each place the values and, below each, the ranges that were published for its muscle."""
    notes = dict.fromkeys(place.ranges_note for place in story.places)
    for note in notes:
        yield paragraph(note)
    for place in story.places:
        several = f"{clean(place.place.name)}: " if len(story.places) > 1 else ""
        said = {value.id: value.said for value in place.values}
        for name in dict.fromkeys(one.measurement.id for one in place.ranges):
            mine = [one for one in place.ranges if one.measurement.id == name]
            yield paragraph(f"{several}{mine[0].quantity}: here {said[name]}. Published:")
            yield bullets(map(_range, mine), indent=2)
            yield from (paragraph(caveat, indent=4) for caveat in dict.fromkeys(one.caveat for one in mine))
    yield from _movement_ranges(story.movements)


def _movement_ranges(stories: Sequence[MovementStory]) -> Iterator[RenderableType | None]:
    for story in stories:
        said = {value.id: value.said for value in story.values}
        for name in dict.fromkeys(one.measurement.id for one in story.ranges):
            mine = [one for one in story.ranges if one.measurement.id == name]
            yield paragraph(f"{story.heading}: {mine[0].quantity}: here {said[name]}. Published:")
            yield bullets(map(_range, mine), indent=2)
            yield from (paragraph(caveat, indent=4) for caveat in dict.fromkeys(one.caveat for one in mine))


def _range(one: RangeBeside) -> str:
    sources = "; ".join(citation.short for citation in one.citations)
    return f"{one.label}: {one.figures} ({one.who}) [{sources}]"


def _support(story: RecordingStory) -> Iterator[str]:
    yield from together([(place.heading, place.support) for place in story.places])
    yield from story.not_used
