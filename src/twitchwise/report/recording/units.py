"""The motor units that fasciculated, a row a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.report.display import number, with_interval
from twitchwise.report.places import Place
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.measure import UnitMeasurements

_NOT_TOLD = "-"
_MM_PER_M = 1e3
_MM2_PER_M2 = 1e6

COLUMNS = {
    "unit": say("Unit"),
    "events": say("Events (discharges)"),
    "rate": say("Per minute"),
    "amplitude": say("Amplitude"),
    "duration": say("Duration"),
    "phases": say("Phases"),
    "turns": say("Turns"),
    "instability": say("Change of shape"),
    "variation": say("Interval SD/mean"),
    "place": say("Place x, y"),
    "territory": say("Area"),
}
"""Fields of a unit's row and what stands above them."""

IN_TEXT = ("unit", "events", "rate", "amplitude", "duration", "phases", "instability")
"""The columns that fit a terminal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """A unit: how often, how large, of what shape, how steady and where; ``-`` where the recording cannot tell."""

    unit: str
    events: str
    rate: str = _NOT_TOLD
    amplitude: str = _NOT_TOLD
    duration: str = _NOT_TOLD
    phases: str = _NOT_TOLD
    turns: str = _NOT_TOLD
    instability: str = _NOT_TOLD
    variation: str = _NOT_TOLD
    place: str = _NOT_TOLD
    territory: str = _NOT_TOLD


_FIELDS = {
    "amplitude": "fasciculation_amplitude",
    "duration": "fasciculation_duration",
    "phases": "fasciculation_phases",
    "turns": "fasciculation_turns",
    "instability": "fasciculation_instability",
    "variation": "fasciculation_interval_variation",
}


def units_at(examined: ExaminedRecording, place: Place) -> tuple[UnitRow, ...]:
    """Return the units of a place, those with most events first."""
    mine = [unit for unit in examined.result.units if unit.channel == place.name]
    return tuple(_row(unit) for unit in sorted(mine, key=lambda one: (-one.fasciculations, one.unit)))


def columns_of(rows: Sequence[UnitRow], wanted: Sequence[str] = tuple(COLUMNS)) -> tuple[str, ...]:
    """Return the columns in which something stands."""
    return tuple(name for name in wanted if any(getattr(row, name) != _NOT_TOLD for row in rows))


def _row(unit: "UnitMeasurements") -> UnitRow:
    values = {one.id: one for one in unit.measurements}
    more = "" if unit.discharges == unit.fasciculations else f" ({unit.discharges})"
    area = None if unit.territory_m2 is None else number(_MM2_PER_M2 * unit.territory_m2)
    return UnitRow(
        unit=str(unit.unit),
        events=f"{unit.fasciculations}{more}",
        rate=_said(values, "fasciculation_rate", bare=True),
        place=_place(unit),
        territory=_NOT_TOLD if area is None else say("{area} mm²", area=area),
        **{field: _said(values, name) for field, name in _FIELDS.items()},
    )


def _said(values: Mapping[str, Measurement], name: str, *, bare: bool = False) -> str:
    found = values.get(name)
    if found is None:
        return _NOT_TOLD
    unit = Unit.ONE if bare else found.unit
    return with_interval(found.value, found.low, found.high, unit, short=True)


def _place(unit: "UnitMeasurements") -> str:
    if unit.place_m is None:
        return _NOT_TOLD
    (x_m, y_m), (x_error_m, y_error_m) = unit.place_m, unit.place_error_m or (0.0, 0.0)
    return say(
        "{x_mm:.1f} ± {x_error_mm:.1f}, {y_mm:.1f} ± {y_error_mm:.1f} mm",
        x_mm=_MM_PER_M * x_m,
        x_error_mm=_MM_PER_M * x_error_m,
        y_mm=_MM_PER_M * y_m,
        y_error_mm=_MM_PER_M * y_error_m,
    )
