"""Where the electrodes of a BIDS recording lay, from ``*_electrodes.tsv`` and ``*_coordsystem.json`` (BIDS 1.11).

A channel lies at its signal electrode or, where its reference is one of the table that no other channel has, halfway
between the two. Places that are shares of the distance between landmarks are no lengths and are left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.bids_text import Row, cell, read_object, read_rows
from twitchwise.formats.bids_tree import describing, nearest
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.text import say, together

Vector = tuple[float, float, float]
_AXES = ("x", "y", "z")
# The second is the key in the examples of the specification.
_UNIT_KEYS = ("EMGCoordinateUnits", "EMGCoordinateSystemUnits")
_NO_UNIT = say("no unit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Electrodes:
    """The electrodes of a recording.

    Parameters
    ----------
    rows
        Rows of the table.
    units
        For each coordinate system, by its label, the unit as it is spelled.
    warnings
        What had to be said while they were read.
    """

    rows: tuple[Row, ...] = ()
    units: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def find(self, name: str, group: str) -> Row | None:
        """Return the row of an electrode; names that several have are told apart by their group."""
        named = [row for row in self.rows if name and row.get("name") == name]
        alike = [row for row in named if group and cell(row, "group").lower() == group.lower()]
        return alike[0] if len(alike) == 1 else named[0] if len(named) == 1 else None

    def of_channel(self, channel: Row) -> Row | None:
        """Return the row of a channel's signal electrode, or of the channel itself where the table lists channels."""
        group = cell(channel, "group")
        return self.find(cell(channel, "signal_electrode"), group) or self.find(cell(channel, "name"), group)

    def unit_of(self, row: Row) -> str:
        """Return the unit that the place of an electrode is given in, as it is spelled; empty where nothing says."""
        system = cell(row, "coordinate_system")
        if not system and len(self.units) == 1:
            return next(iter(self.units.values()))
        return self.units.get(system, "")

    def position_m(self, row: Row) -> Vector | None:
        """Return the place of an electrode in meters, or nothing where it is not given as lengths."""
        unit = parse_unit(self.unit_of(row))
        try:
            x, y, z = (float(cell(row, axis) or "nan") if axis in row else 0.0 for axis in _AXES)
        except ValueError:
            return None
        if unit.unit is not Unit.METER or not all(abs(value) < float("inf") for value in (x, y, z)):
            return None
        return x * unit.scale, y * unit.scale, z * unit.scale

    def positions_m(self, channels: Sequence[Row]) -> list[Vector | None]:
        """Return the place of each channel."""
        shared = Counter((cell(row, "reference"), cell(row, "group")) for row in channels)
        return [self._position_m(row, shared[cell(row, "reference"), cell(row, "group")] == 1) for row in channels]

    def _position_m(self, channel: Row, is_pair: bool) -> Vector | None:  # noqa: FBT001 - private, one caller
        signal = self.of_channel(channel)
        if signal is None:
            return None
        here = self.position_m(signal)
        other = self.find(cell(channel, "reference"), cell(channel, "group")) if is_pair else None
        if here is None or other is None or cell(other, "coordinate_system") != cell(signal, "coordinate_system"):
            return here
        there = self.position_m(other)
        return here if there is None else _halfway(here, there)

    def said_of_units(self, channels: Sequence[Row]) -> tuple[str, ...]:
        """Say which places were left out because they are no lengths."""
        rows = [row for row in map(self.of_channel, channels) if row is not None]
        foreign = {self.unit_of(row) for row in rows if parse_unit(self.unit_of(row)).unit != Unit.METER}
        if not foreign:
            return ()
        return (
            say(
                "The places of electrodes are given in {units}, no length, so they were left out.",
                units=_listed(foreign),
            ),
        )


def read_electrodes(recording: Path) -> Electrodes | None:
    """Read the places of a recording's electrodes, or nothing where the data set does not give them."""
    table = nearest(recording, "electrodes.tsv")
    if table is None:
        return None
    rows = read_rows(table)
    if isinstance(rows, str):
        return Electrodes(units={}, warnings=(rows,))
    units, warnings = _units(describing(recording, "coordsystem.json", free="space"))
    return Electrodes(rows=tuple(rows), units=units, warnings=warnings)


def _units(paths: Iterable[Path]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the units by coordinate system: one in each file, or several in one, each under its label."""
    units: dict[str, str] = {}
    warnings: list[str] = []
    for path in paths:
        content = read_object(path)
        if isinstance(content, str):
            warnings.append(content)
            continue
        own = _unit(content)
        units |= {_space(path): own} if own else {}
        inner = {label: _unit(value) for label, value in content.items() if isinstance(value, dict)}
        units |= {label: unit for label, unit in inner.items() if unit}
    return units, tuple(warnings)


def _unit(content: Mapping[str, object]) -> str:
    return next((str(content[key]) for key in _UNIT_KEYS if key in content), "")


def _space(path: Path) -> str:
    parts = [part for part in path.name.split("_") if part.startswith("space-")]
    return parts[0].removeprefix("space-") if parts else ""


def _halfway(one: Vector, other: Vector) -> Vector:
    x, y, z = ((a + b) / 2 for a, b in zip(one, other, strict=True))
    return x, y, z


def _listed(units: Iterable[str]) -> str:
    return together(
        [repr(unit) if unit else _NO_UNIT for unit in sorted(units, key=lambda unit: unit or _NO_UNIT)], ", "
    )
