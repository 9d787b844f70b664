"""Which figures a report has, each with words for those who do not see it and a caption for those who do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.report.display import clean, duration, number, quantity, without_brackets
from twitchwise.report.figures import RasterRow, Row, causes_svg, raster_svg, rates_svg, twitch_svg
from twitchwise.report.measured import Fact, channels_shown
from twitchwise.report.story import Story
from twitchwise.report.wording import EVENT_WORDS, HEADINGS
from twitchwise.vocabulary import EventKind, Unit
from twitchwise.vocabulary.text import say, together

if TYPE_CHECKING:
    from twitchwise.simulate import Twitch


# What is drawn with its interval; other activity is in the text.
_RATE = "fasciculation_rate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A figure: its SVG, which is safe to stand in a page as it is, its text for a screen reader, and its caption."""

    svg: Markup
    alt: str
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawings:
    """The figures of one report, by where they stand."""

    causes: Drawing
    measured: tuple[Drawing, ...]
    twitch: Drawing | None


def causes_drawing(story: Story) -> Drawing:
    """Draw the causes shown and what is not covered, with their intervals."""
    shown = [(without_brackets(cause.label), cause.probability, cause.chance) for cause in story.causes]
    rest = story.not_covered_probability
    rows = [
        Row(label=label, said=said, value=chance.value, low=chance.low, high=chance.high)
        for label, chance, said in [*shown, (HEADINGS.not_covered, rest, story.not_covered_chance)]
    ]
    said = (
        say("{cause}: {chance}, {range}", cause=cause.label, chance=cause.chance, range=cause.range)
        for cause in story.causes
    )
    return Drawing(
        svg=Markup(causes_svg(rows)),  # noqa: S704 - made by the figures module, which escapes its labels
        alt=say("Chance of each cause with its range. {causes}.", causes=together(said, "; ")),
        caption=say(
            "The dot is the best estimate. The bar shows how unsure it is. "
            "Each large step to the left is many times less likely."
        ),
    )


def measured_drawings(examination: Examination, story: Story) -> Iterator[Drawing]:
    """Draw the rates with their intervals, and the events of each recording over time."""
    rates = [fact for fact in story.facts if fact.measurement.id == _RATE and not fact.doubts]
    if rates:
        yield _rates(rates)
    for examined in examination.recordings:
        rows = list(_raster_rows(examined))
        if rows:
            yield _raster(rows, clean(examined.recording.name))


def _rates(facts: Sequence[Fact]) -> Drawing:
    rows = [_rate_row(fact) for fact in facts]
    said = (say("{quantity}, {where}: {value}", quantity=one.label, where=one.where, value=one.said) for one in facts)
    return Drawing(
        svg=Markup(rates_svg(rows)),  # noqa: S704 - as above
        alt=say("Rate with its range. {rates}.", rates=together(said, "; ")),
        caption=say(
            "The dot is the rate found, the bar the range it may truly have. "
            "A striped bar without a dot means that none was seen, and how many could have been missed."
        ),
    )


def _rate_row(fact: Fact) -> Row:
    found = fact.measurement
    none = say("none seen, up to {most}", most=number(found.high))
    said = quantity(found.value, found.unit) if found.value else none
    return Row(
        label=fact.where or fact.label,
        said=said,
        value=found.value,
        low=found.low,
        high=found.high,
        bound_only=found.value == 0,
    )


def _raster_rows(examined: ExaminedRecording) -> Iterator[RasterRow]:
    shown = channels_shown(examined)
    for train in (train for train in examined.result.events if train.channel in shown):
        rest = examined.result.rest.get(train.channel)
        is_rest_event = train.kind is EventKind.FASCICULATION_POTENTIAL
        yield RasterRow(
            label=together([*([] if is_rest_event else [EVENT_WORDS[train.kind]]), clean(train.channel)], ", "),
            times_s=train.peak_s,
            rest_s=() if rest is None else rest.spans,
            duration_s=examined.recording.duration_s,
        )


def _raster(rows: Sequence[RasterRow], name: str) -> Drawing:
    said = (
        say("{events}: {count} in {time}", events=row.label, count=row.times_s.size, time=duration(row.duration_s))
        for row in rows
    )
    return Drawing(
        svg=Markup(raster_svg(rows)),  # noqa: S704 - as above
        alt=say("Events over time in {name}. {events}.", name=name, events=together(said, "; ")),
        caption=say(
            "When something was seen in {name}. Each line is one event. "
            "Only time at rest is counted; striped time is when the muscle was in use or could not be judged.",
            name=name,
        ),
    )


def twitch_drawing(twitch: "Twitch", healthy: "Twitch", label: str) -> Drawing:
    """Draw the phases of a twitch, beside a healthy one where they differ."""
    differs = twitch != healthy
    beside = _numbers_of(say("A healthy muscle"), healthy)
    same = say("In this model the shape of one twitch is the same with: {cause}.", cause=label)
    said = [_numbers_of(label, twitch), beside] if differs else [beside]
    computed = say("Computed with a model; it was not measured on you.")
    svg = twitch_svg(twitch, without_brackets(label) if differs else say("healthy"), healthy if differs else None)
    return Drawing(
        svg=Markup(svg),  # noqa: S704 - as above
        alt=together([say("Force of one twitch over time."), *said]),
        caption=together([*said, computed] if differs else [*said, same, computed]),
    )


def _numbers_of(muscle: str, twitch: "Twitch") -> str:
    return say(
        "{muscle}: latent period {latent_period}, contraction {contraction}, half-relaxation {half_relaxation}, "
        "peak force {peak_force}.",
        muscle=muscle,
        latent_period=quantity(twitch.latent_period_s, Unit.SECOND),
        contraction=quantity(twitch.contraction_time_s, Unit.SECOND),
        half_relaxation=quantity(twitch.half_relaxation_time_s, Unit.SECOND),
        peak_force=quantity(twitch.peak_force_n, Unit.NEWTON),
    )
