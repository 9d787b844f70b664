"""Activity other than fasciculations: which measurements are about it, and in one paragraph what was not seen of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from twitchwise.report.display import duration, number
from twitchwise.vocabulary import EventKind, Measurement, Unit

KIND_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FIBRILLATION_POTENTIAL: "fibrillation potentials",
        EventKind.POSITIVE_SHARP_WAVE: "positive sharp waves",
        EventKind.MYOTONIC_DISCHARGE: "myotonic discharges",
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: "complex repetitive discharges",
        EventKind.MYOKYMIC_DISCHARGE: "myokymic discharges",
        EventKind.NEUROMYOTONIC_DISCHARGE: "neuromyotonic discharges",
        EventKind.CONTINUOUS_UNIT_DISCHARGE: "continuous single-unit discharges",
        EventKind.CRAMP_DISCHARGE: "cramp discharges",
        EventKind.TREMOR_BURST: "tremor bursts",
        EventKind.CLONUS_BEAT: "beats of clonus",
        EventKind.REFLEX: "reflexes",
        EventKind.M_WAVE: "M waves",
    }
)
"""Activity other than fasciculations, in the order in which it is told."""

METHOD = "Events that fit the definition of each kind; of none seen in that time, 3.0 is the upper end of their number."
_SECONDS_PER_MINUTE = 60.0


def kind_of(measurement: Measurement) -> EventKind | None:
    """Return the kind of other activity that a measurement is about, or ``None``."""
    return next((kind for kind in KIND_WORDS if measurement.id.startswith(f"{kind.value}_")), None)


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
    groups: dict[str, list[str]] = {}
    for one in measurements:
        kind = kind_of(one)
        if kind is not None:
            looked = duration(float(f"{looked_s(one):.3g}"))
            key = f"None seen in {looked} (up to {number(one.high)} a minute cannot be excluded)"
            groups.setdefault(key, []).append(KIND_WORDS[kind])
    return " ".join(f"{said}: {_listed(names)}." for said, names in groups.items())


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
