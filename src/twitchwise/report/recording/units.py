"""The motor units that fasciculated, a row a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.report.display import number, scale_of, with_interval
from twitchwise.report.places import Place
from twitchwise.vocabulary import Measurement, Unit

if TYPE_CHECKING:
    from twitchwise.measure import UnitMeasurements

_NOT_TOLD = "-"
_MM_PER_M = 1e3
_MM2_PER_M2 = 1e6

COLUMNS = {
    "unit": "Unit",
    "events": "Events (discharges)",
    "rate": "Per minute",
    "amplitude": "Amplitude",
    "duration": "Duration",
    "phases": "Phases",
    "turns": "Turns",
    "instability": "Change of shape",
    "variation": "Interval SD/mean",
    "place": "Place x, y",
    "territory": "Area",
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
    return UnitRow(
        unit=str(unit.unit),
        events=f"{unit.fasciculations}{more}",
        rate=_said(values, "fasciculation_rate", bare=True),
        place=_place(unit),
        territory=_NOT_TOLD if unit.territory_m2 is None else f"{number(_MM2_PER_M2 * unit.territory_m2)} mm²",
        **{field: _said(values, name) for field, name in _FIELDS.items()},
    )


def _said(values: Mapping[str, Measurement], name: str, *, bare: bool = False) -> str:
    found = values.get(name)
    if found is None:
        return _NOT_TOLD
    unit = Unit.ONE if bare else found.unit
    return with_interval(found.value, found.low, found.high, unit).replace(" to ", "-")


def _place(unit: "UnitMeasurements") -> str:
    if unit.place_m is None:
        return _NOT_TOLD
    errors = unit.place_error_m or (0.0, 0.0)
    _, name = scale_of(Unit.METER, 1 / _MM_PER_M)
    pairs = zip(unit.place_m, errors, strict=True)
    return ", ".join(f"{_MM_PER_M * value:.1f} ± {_MM_PER_M * error:.1f}" for value, error in pairs) + f" {name}"
