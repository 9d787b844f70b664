"""A measured recording as one HTML file that needs nothing else, and its figures as files."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.report.figures import standing_alone
from twitchwise.report.pages import page_from, write_page
from twitchwise.report.recording.bearing import together
from twitchwise.report.recording.drawings import figures_at, file_key
from twitchwise.report.recording.figure import Figure
from twitchwise.report.recording.movement_drawings import movement_figures
from twitchwise.report.recording.movements import MovementStory
from twitchwise.report.recording.story import PlaceStory, RecordingStory, story_of_recording
from twitchwise.report.recording.twitches import COLUMNS as TWITCH_COLUMNS
from twitchwise.report.recording.units import COLUMNS, columns_of
from twitchwise.report.recording.values import Other, Value
from twitchwise.report.wording import HEADINGS, NOTICE
from twitchwise.vocabulary import UnwritableFileError
from twitchwise.vocabulary.text import say

TITLE = say("What was recorded")
_WORDS = {
    "notice": NOTICE,
    "interval": say(
        "Numbers in brackets are 95% intervals. Rates count only time at rest. A number of a recording is not a "
        "diagnosis: people with and without an illness overlap."
    ),
}


def recording_as_html(examined: ExaminedRecording, *, made_on: dt.date | None = None) -> str:
    """Return a measured recording as one HTML page with its figures, and the numbers behind each.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    made_on
        The day to print on the page, if any; without one the same recording always gives the same page.
    """
    known = library()
    story = story_of_recording(examined, known)
    told = (*(place.ranges for place in story.places), *(one.ranges for one in story.movements))
    ranges = [one for some in told for one in some]
    cited = {citation.id: citation for one in ranges for citation in one.citations}
    return page_from(
        "recording.html.jinja",
        {
            "title": TITLE,
            "story": story,
            "figures": [figures for _, figures in _figures(examined, story)],
            "unit_heads": [[COLUMNS[name] for name in columns_of(place.units)] for place in story.places],
            "unit_rows": [list(_unit_rows(place)) for place in story.places],
            "said": [{value.id: value.said for value in place.values} for place in story.places],
            "support": [
                *together([(place.heading, place.support) for place in story.places]),
                *story.not_used,
            ],
            "twitch_heads": list(TWITCH_COLUMNS.values()),
            "twitch_rows": [[getattr(row, name) for name in TWITCH_COLUMNS] for row in story.twitches],
            "twitch_doubts": list(together([(row.channel, row.doubts) for row in story.twitches])),
            "movement_figures": [figures for _, figures in _movement_figures(examined, story)],
            "movement_said": [{value.id: value.said for value in one.values} for one in story.movements],
            "methods": list(_methods(story)),
            "cited": list(cited.values()),
            "headings": HEADINGS,
            "words": _WORDS,
            "digest": known.digest,
        },
        made_on,
    )


def write_recording_html(examined: ExaminedRecording, file: Path, *, made_on: dt.date | None = None) -> None:
    """Write a measured recording to one HTML file; the file is whole or not there, and an older one is replaced.

    Raises
    ------
    OutOfRangeError
        If a file cannot be put there.
    """
    write_page(recording_as_html(examined, made_on=made_on), file)


def write_figures(examined: ExaminedRecording, folder: Path) -> tuple[Path, ...]:
    """Write each figure of a measured recording as an SVG file, named after the channel and what it shows.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    folder
        Where to; made if it is not there. Files of the same names are replaced.

    Returns
    -------
    tuple of Path
        The files, in the order of the page.

    Raises
    ------
    UnwritableFileError
        If they cannot be put there.
    """
    written: list[Path] = []
    for name, figure in _named_figures(examined):
        kind = figure.name.rpartition("-")[2]
        file = folder / f"{file_key(name)}-{kind}.svg"
        if file in written:
            file = folder / f"{file_key(name)}-{len(written)}-{kind}.svg"
        _write(standing_alone(str(figure.drawing.svg), figure.drawing.alt), file)
        written.append(file)
    return tuple(written)


def _named_figures(examined: ExaminedRecording) -> Iterator[tuple[str, Figure]]:
    """Give each figure of a recording with the name of what it is of."""
    story = story_of_recording(examined, library())
    for place, figures in _figures(examined, story):
        yield from ((place.place.name, figure) for figure in figures)
    for movement, figures in _movement_figures(examined, story):
        yield from ((movement.heading, figure) for figure in figures)


def _write(svg: str, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise UnwritableFileError(
            f"figures must go to a folder that can be written, got {str(file.parent)!r} ({error.strerror})."
        ) from None


def _figures(examined: ExaminedRecording, story: RecordingStory) -> Iterator[tuple[PlaceStory, Sequence[Figure]]]:
    for number, place in enumerate(story.places, start=1):
        yield place, tuple(figures_at(examined, place.place, f"place{number}"))


def _movement_figures(
    examined: ExaminedRecording, story: RecordingStory
) -> Iterator[tuple[MovementStory, Sequence[Figure]]]:
    for number, one in enumerate(story.movements, start=1):
        yield one, tuple(movement_figures(examined, one, f"movement{number}"))


def _unit_rows(place: PlaceStory) -> Iterator[tuple[str, ...]]:
    names = columns_of(place.units)
    for row in place.units:
        yield tuple(getattr(row, name) for name in names)


def _methods(story: RecordingStory) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Give the methods of the numbers under each heading, each method once."""
    for place in story.places:
        told = [(value.label, value.method) for value in place.values]
        for other in place.others:
            told += [(other.heading, other.method)]
            told += [(_of(other, detail), detail.method) for detail in other.details]
        yield place.heading, tuple(dict.fromkeys(told))
    for one in story.movements:
        yield one.heading, tuple(dict.fromkeys((value.label, value.method) for value in one.values))
    if story.twitches:
        values = [value for row in story.twitches for value in row.values]
        yield say("Twitches of force and motion"), tuple(dict.fromkeys((value.label, value.method) for value in values))


def _of(other: Other, detail: Value) -> str:
    return say("{activity}, {detail}", activity=other.heading, detail=detail.label)
