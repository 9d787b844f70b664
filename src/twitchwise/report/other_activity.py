"""Activity other than fasciculations: which measurements are about it, and in one paragraph what was not seen of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from twitchwise.report.display import duration, number
from twitchwise.vocabulary import EventKind, Measurement, Unit
from twitchwise.vocabulary.text import listed, say, together

KIND_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FIBRILLATION_POTENTIAL: say("fibrillation potentials"),
        EventKind.POSITIVE_SHARP_WAVE: say("positive sharp waves"),
        EventKind.MYOTONIC_DISCHARGE: say("myotonic discharges"),
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: say("complex repetitive discharges"),
        EventKind.MYOKYMIC_DISCHARGE: say("myokymic discharges"),
        EventKind.NEUROMYOTONIC_DISCHARGE: say("neuromyotonic discharges"),
        EventKind.CONTINUOUS_UNIT_DISCHARGE: say("continuous single-unit discharges"),
        EventKind.CRAMP_DISCHARGE: say("cramp discharges"),
        EventKind.TREMOR_BURST: say("tremor bursts"),
        EventKind.CLONUS_BEAT: say("beats of clonus"),
        EventKind.REFLEX: say("reflexes"),
        EventKind.M_WAVE: say("M waves"),
    }
)
"""Activity other than fasciculations, in the order in which it is told."""

METHOD = say(
    "Events that fit the definition of each kind; of none seen in that time, 3.0 is the upper end of their number."
)
_SECONDS_PER_MINUTE = 60.0


def kind_of(measurement: Measurement) -> EventKind | None:
    """Return the kind of other activity that a measurement is about, or ``None``."""
    return kind_in(measurement.id)


def kind_in(quantity: str) -> EventKind | None:
    """Return the kind of other activity that a quantity is about by its id, or ``None``."""
    return next((kind for kind in KIND_WORDS if quantity.startswith(f"{kind.value}_")), None)


def is_none_seen(measurement: Measurement) -> bool:
    """Tell whether a measurement says that other activity was looked for and not seen."""
    return measurement.unit is Unit.PER_MINUTE and measurement.value == 0 and kind_of(measurement) is not None


def looked_s(measurement: Measurement) -> float:
    """Return for how long was looked for what was not seen: the upper end of a count of none over the bound."""
    # scipy loads where there is a recording, not before
    from twitchwise.measure.rate_interval import count_interval  # noqa: PLC0415

    _, bound = count_interval(0)
    return _SECONDS_PER_MINUTE * bound / measurement.high


def none_seen(measurements: Sequence[Measurement]) -> str:
    """Return one paragraph on rates of none, those with one bound together; empty without any.

    Every kind keeps a bound of its own in the JSON.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for one in measurements:
        kind = kind_of(one)
        if kind is not None:
            looked = duration(float(f"{looked_s(one):.3g}"))
            groups.setdefault((looked, number(one.high)), []).append(KIND_WORDS[kind])
    return together(_none_seen(time, most, names) for (time, most), names in groups.items())


def _none_seen(time: str, most: str, names: Sequence[str]) -> str:
    return say(
        "None seen in {time} (up to {most} a minute cannot be excluded): {activities}.",
        time=time,
        most=most,
        activities=listed(names),
    )
