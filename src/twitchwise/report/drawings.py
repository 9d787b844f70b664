"""Which figures a report has, each with words for those who do not see it and a caption for those who do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.report.display import clean, duration, number, quantity
from twitchwise.report.figures import RasterRow, Row, causes_svg, raster_svg, rates_svg, twitch_svg
from twitchwise.report.measured import Fact, channels_shown
from twitchwise.report.story import Story
from twitchwise.report.wording import EVENT_WORDS, HEADINGS
from twitchwise.vocabulary import EventKind, Unit

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
    shown = [(cause.label.partition(" (")[0], cause.probability, cause.chance) for cause in story.causes]
    rest = story.not_covered_probability
    rows = [
        Row(label=label, said=said, value=chance.value, low=chance.low, high=chance.high)
        for label, chance, said in [*shown, (HEADINGS.not_covered, rest, story.not_covered_chance)]
    ]
    said = "; ".join(f"{cause.label}: {cause.chance}, {cause.range}" for cause in story.causes)
    return Drawing(
        svg=Markup(causes_svg(rows)),  # noqa: S704 - made by the figures module, which escapes its labels
        alt=f"Chance of each cause with its range. {said}.",
        caption="The dot is the best estimate. The bar shows how unsure it is. "
        "Each large step to the left is many times less likely.",
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
    return Drawing(
        svg=Markup(rates_svg(rows)),  # noqa: S704 - as above
        alt="Rate with its range. " + "; ".join(f"{fact.label}, {fact.where}: {fact.said}" for fact in facts) + ".",
        caption="The dot is the rate found, the bar the range it may truly have. "
        "A striped bar without a dot means that none was seen, and how many could have been missed.",
    )


def _rate_row(fact: Fact) -> Row:
    found = fact.measurement
    said = quantity(found.value, found.unit) if found.value else f"none seen, up to {number(found.high)}"
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
            label=clean(train.channel) if is_rest_event else f"{EVENT_WORDS[train.kind]}, {clean(train.channel)}",
            times_s=train.peak_s,
            rest_s=() if rest is None else rest.spans,
            duration_s=examined.recording.duration_s,
        )


def _raster(rows: Sequence[RasterRow], name: str) -> Drawing:
    said = "; ".join(f"{row.label}: {row.times_s.size} in {duration(row.duration_s)}" for row in rows)
    return Drawing(
        svg=Markup(raster_svg(rows)),  # noqa: S704 - as above
        alt=f"Events over time in {name}. {said}.",
        caption=f"When something was seen in {name}. Each line is one event. "
        "Only time at rest is counted; striped time is when the muscle was in use or could not be judged.",
    )


def twitch_drawing(twitch: "Twitch", healthy: "Twitch", label: str) -> Drawing:
    """Draw the phases of a twitch, beside a healthy one where they differ."""
    differs = twitch != healthy
    name = label if differs else "A healthy muscle"
    same = "" if differs else f" In this model the shape of one twitch is the same with: {label}."
    beside = f" A healthy muscle: {_numbers_of(healthy)}." if differs else ""
    said = f"{name}: {_numbers_of(twitch)}.{beside}"
    svg = twitch_svg(twitch, name.partition(" (")[0] if differs else "healthy", healthy if differs else None)
    return Drawing(
        svg=Markup(svg),  # noqa: S704 - as above
        alt=f"Force of one twitch over time. {said}",
        caption=f"{said}{same} Computed with a model; it was not measured on you.",
    )


def _numbers_of(twitch: "Twitch") -> str:
    return (
        f"latent period {quantity(twitch.latent_period_s, Unit.SECOND)}, "
        f"contraction {quantity(twitch.contraction_time_s, Unit.SECOND)}, "
        f"half-relaxation {quantity(twitch.half_relaxation_time_s, Unit.SECOND)}, "
        f"peak force {quantity(twitch.peak_force_n, Unit.NEWTON)}"
    )
