"""What was measured at a place, a row a quantity, and what other activity was seen or looked for there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean, duration, number, without_end
from twitchwise.report.measured import label_of, said_of
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.other_activity import KIND_WORDS, is_none_seen, kind_of, looked_s
from twitchwise.report.places import Place
from twitchwise.report.quantity_words import DETAIL_WORDS, QUANTITY_WORDS
from twitchwise.vocabulary import EventKind, Measurement
from twitchwise.vocabulary.text import capital, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One measured quantity: its name, its value with the interval, the method, and why it may not be leaned on."""

    id: str
    label: str
    said: str
    method: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """One kind of activity other than fasciculations: how often it was seen, or for how long it was looked for."""

    name: str
    said: str
    is_seen: bool
    measurement: Measurement
    details: tuple[Value, ...]
    method: str
    doubts: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Its name at the beginning of a line."""
        return capital(self.name)


def values_at(examined: ExaminedRecording, place: Place, library: Library) -> tuple[Value, ...]:
    """Return what was measured of fasciculations, rest and noise at a place, in the order in which it is told."""
    found = [one for one in place.measured(examined) if kind_of(one) is None]
    return tuple(value_of(examined, one, library) for one in ordered(found))


def value_of(examined: ExaminedRecording, measurement: Measurement, library: Library) -> Value:
    """Return a measurement as a reader who knows electromyography sees it."""
    return Value(
        id=measurement.id,
        label=named(measurement.id) or label_of(measurement, library),
        said=said_of(examined, measurement),
        method=clean(measurement.method),
        doubts=doubts_of(measurement),
    )


def named(measurement: str) -> str | None:
    """Return how those who know the field call a measured quantity, or ``None`` where it has no name of its own."""
    return QUANTITY_WORDS.get(measurement) or MOVEMENT_WORDS.get(measurement)


def doubts_of(measurement: Measurement) -> tuple[str, ...]:
    """Return why a value may not be leaned on, without the stop of a sentence, so that doubts can be listed."""
    return tuple(without_end(clean(doubt), ".") for doubt in measurement.doubts)


def ordered(measurements: Sequence[Measurement]) -> list[Measurement]:
    """Return measurements in the order in which they are told."""
    names = [*QUANTITY_WORDS, *MOVEMENT_WORDS]
    return sorted(measurements, key=lambda one: names.index(one.id) if one.id in names else len(names))


def others_at(examined: ExaminedRecording, place: Place) -> tuple[Other, ...]:
    """Return the kinds of other activity that were seen or looked for at a place, those seen first."""
    found = tuple(_others(examined, place.measured(examined)))
    return tuple(sorted(found, key=lambda one: not one.is_seen))


def _others(examined: ExaminedRecording, measurements: Sequence[Measurement]) -> Iterator[Other]:
    for kind, name in KIND_WORDS.items():
        mine = [one for one in measurements if kind_of(one) is kind]
        if not mine:
            continue
        main = next((one for one in mine if one.id == f"{kind.value}_rate"), mine[0])
        is_seen = not is_none_seen(main)
        yield Other(
            name=name,
            said=said_of(examined, main) if is_seen else _none_said(main),
            is_seen=is_seen,
            measurement=main,
            details=tuple(_detail(examined, one, kind) for one in mine if one is not main),
            method=clean(main.method),
            doubts=doubts_of(main),
        )


def _none_said(rate: Measurement) -> str:
    return say(
        "none seen in {time}; up to {most} a minute cannot be excluded",
        time=duration(looked_s(rate)),
        most=number(rate.high),
    )


def _detail(examined: ExaminedRecording, measurement: Measurement, kind: EventKind) -> Value:
    name = measurement.id.removeprefix(f"{kind.value}_")
    return Value(
        id=measurement.id,
        label=DETAIL_WORDS.get(name, name.replace("_", " ")),
        said=said_of(examined, measurement),
        method=clean(measurement.method),
        doubts=doubts_of(measurement),
    )
