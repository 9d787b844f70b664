"""Published ranges beside what was measured: in whom, in which muscle, and always with what they cannot tell."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema.published_range import MEASURED_QUANTITIES, RATE_ALONE, PublishedRange
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import clean, quantity, scale_of
from twitchwise.report.display import number as as_number
from twitchwise.report.measured import label_of
from twitchwise.report.places import Place, muscle_of, places_of
from twitchwise.report.recording.movement_words import MOVEMENT_WORDS
from twitchwise.report.recording.words import ELECTRODE_WORDS, MIDDLE_WORDS, POPULATION_WORDS, QUANTITY_WORDS
from twitchwise.vocabulary import Measurement, Unit

HOW_TO_GET = (
    "Published ranges differ by muscle, so none is shown: name it with --muscle ('twitchwise knowledge list muscles')."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RangeBeside:
    """A published range of a quantity that was measured at a place.

    ``quantity`` is the name of what was measured, ``label`` that of the range, ``figures`` what was found, ``who`` in
    whom, ``how`` the way it was recorded, and ``caveat`` what it cannot tell.
    """

    place: str
    measurement: Measurement
    quantity: str
    label: str
    figures: str
    who: str
    how: str
    caveat: str
    citations: tuple[Citation, ...]
    published: PublishedRange


def ranges_beside(examined: ExaminedRecording, place: Place, library: Library) -> tuple[RangeBeside, ...]:
    """Return the ranges of what was measured at a place, for its muscle and its electrodes; none without a muscle."""
    muscle = muscle_of(examined, place, library)
    if muscle is None:
        return ()
    return tuple(_beside(place, examined, muscle, library))


def all_ranges(examined: ExaminedRecording, library: Library) -> tuple[RangeBeside, ...]:
    """Return the ranges of what was measured at every place of a recording."""
    return tuple(one for place in places_of(examined) for one in ranges_beside(examined, place, library))


def _beside(place: Place, examined: ExaminedRecording, muscle: str, library: Library) -> Iterator[RangeBeside]:
    measured = {one.id: one for one in place.measured(examined)}
    for name in (name for name in QUANTITY_WORDS if name in measured and name in MEASURED_QUANTITIES):
        for published in library.ranges_for(name, muscle=muscle, electrode=place.electrode):
            yield range_beside(place.name, measured[name], published, library)


def range_beside(place: str, measurement: Measurement, published: PublishedRange, library: Library) -> RangeBeside:
    """Return a published range as it stands beside what was measured."""
    return RangeBeside(
        place=place,
        measurement=measurement,
        quantity=QUANTITY_WORDS.get(measurement.id)
        or MOVEMENT_WORDS.get(measurement.id)
        or label_of(measurement, library),
        label=published.label,
        figures=figures_of(published),
        who=_who(published),
        how=published.recorded,
        caveat=published.cannot_tell,
        citations=cite_all((evidence.source for evidence in published.evidence), library),
        published=published,
    )


def figures_of(published: PublishedRange) -> str:
    """Return the figures of a range in the unit that reads best, with what they are.

    Examples
    --------
    >>> from twitchwise.knowledge import library
    >>> figures_of(library().ranges["rate_biceps_strong_als"])
    '10 times that of benign fasciculations'
    >>> figures_of(library().ranges["rate_tibialis_anterior_healthy"])
    'never more than 3 per minute'
    """
    middle, span, figures = published.middle, published.span, published.figures
    if published.relative_to is not None and middle is not None:
        return f"{as_number(middle)} times that of {POPULATION_WORDS[published.relative_to]}"
    if figures.at_most is not None and span is not None:
        return f"{span.words} {quantity(span.high, published.unit)}"
    said = [] if middle is None else [f"{MIDDLE_WORDS[figures.kind]} {quantity(middle, published.unit)}".strip()]
    if span is not None:
        said.append(f"{_pair(span.low, span.high, published.unit, middle or span.high)} ({span.words})")
    return ", ".join(said)


def _pair(low: float, high: float, unit: Unit, size: float) -> str:
    scale, name = scale_of(unit, size)
    ends = f"{as_number(low / scale)} to {as_number(high / scale)}"
    return f"{ends}%" if unit is Unit.PERCENT else f"{ends} {name}".rstrip()


def _who(published: PublishedRange) -> str:
    people = "" if published.people is None else f"; {published.people} people"
    with_what = "" if published.electrode is None else f"; {ELECTRODE_WORDS[published.electrode]}"
    return f"{POPULATION_WORDS[published.population]}{people}{with_what}"


def ranges_note(examined: ExaminedRecording, place: Place, library: Library) -> str:
    """Return how to read the ranges of a place, how to get them, or that none is known."""
    muscle = muscle_of(examined, place, library)
    if muscle is None:
        return HOW_TO_GET
    named = library.muscles[muscle].label
    site = clean(place.channels[0].site or "")
    said = "" if examined.muscle else f", from {site!r} in the file"
    shown = ranges_beside(examined, place, library)
    if shown:
        return f"Muscle: {named}{said}. {RATE_ALONE} People with and without an illness overlap."
    with_what = "" if place.electrode is None else f" with {ELECTRODE_WORDS[place.electrode]}"
    other = sum(len(library.ranges_for(name, muscle=muscle)) for name in MEASURED_QUANTITIES)
    left = f" {other} recorded in another way, or of other quantities, must not be held against it." if other else ""
    return f"Muscle: {named}{said}. No published range is known of what was measured{with_what}.{left}"
