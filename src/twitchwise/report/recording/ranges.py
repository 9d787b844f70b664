"""Published ranges beside what was measured: in whom, in which muscle, and always with what they cannot tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema.published_range import MEASURED_QUANTITIES, RATE_ALONE, PublishedRange
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import clean, quantity, scale_of, with_unit
from twitchwise.report.display import number as as_number
from twitchwise.report.measured import label_of
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.places import Place, muscle_of, places_of
from twitchwise.report.quantity_words import QUANTITY_WORDS
from twitchwise.report.recording.words import ELECTRODE_WORDS, MIDDLE_WORDS, POPULATION_WORDS
from twitchwise.vocabulary import Electrode, Measurement, Unit
from twitchwise.vocabulary.text import say, say_many, together

HOW_TO_GET = say(
    "Published ranges differ by muscle, so none is shown: name it with --muscle ('twitchwise knowledge list muscles')."
)

_NO_RANGE: Mapping[str | None, str] = {
    None: say("No published range is known of what was measured."),
    "high_density_surface": say("No published range is known of what was measured with a high-density surface grid."),
    Electrode.SURFACE.value: say("No published range is known of what was measured with surface electrodes."),
    Electrode.NEEDLE.value: say("No published range is known of what was measured with a needle."),
}
"""What is said where no range fits, by the electrode of a place."""


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
        people = POPULATION_WORDS[published.relative_to]
        return say("{factor} times that of {people}", factor=as_number(middle), people=people)
    if figures.at_most is not None and span is not None:
        return together((span.words, quantity(span.high, published.unit)))
    said: list[str] = []
    if middle is not None:
        said.append(together(filter(None, (MIDDLE_WORDS[figures.kind], quantity(middle, published.unit)))))
    if span is not None:
        ends = _pair(span.low, span.high, published.unit, middle or span.high)
        said.append(say("{ends} ({what})", ends=ends, what=span.words))
    return together(said, ", ")


def _pair(low: float, high: float, unit: Unit, size: float) -> str:
    scale, name = scale_of(unit, size)
    ends = say("{low} to {high}", low=as_number(low / scale), high=as_number(high / scale))
    return with_unit(ends, name)


def _who(published: PublishedRange) -> str:
    said = [POPULATION_WORDS[published.population]]
    if published.people is not None:
        said.append(say_many("{count} person", "{count} people", count=published.people))
    if published.electrode is not None:
        said.append(ELECTRODE_WORDS[published.electrode])
    return together(said, "; ")


def ranges_note(examined: ExaminedRecording, place: Place, library: Library) -> str:
    """Return how to read the ranges of a place, how to get them, or that none is known."""
    muscle = muscle_of(examined, place, library)
    if muscle is None:
        return HOW_TO_GET
    said = [_muscle_said(library.muscles[muscle].label, None if examined.muscle else place.channels[0].site)]
    if ranges_beside(examined, place, library):
        return together([*said, RATE_ALONE, say("People with and without an illness overlap.")])
    said.append(_NO_RANGE[place.electrode])
    other = sum(len(library.ranges_for(name, muscle=muscle)) for name in MEASURED_QUANTITIES)
    return together([*said, _recorded_otherwise(other)] if other else said)


def _muscle_said(muscle: str, site: str | None) -> str:
    if site is None:
        return say("Muscle: {muscle}.", muscle=muscle)
    return say("Muscle: {muscle}, from {site!r} in the file.", muscle=muscle, site=clean(site))


def _recorded_otherwise(count: int) -> str:
    return say_many(
        "{count} recorded in another way, or of other quantities, must not be held against it.",
        "{count} recorded in another way, or of other quantities, must not be held against it.",
        count=count,
    )
