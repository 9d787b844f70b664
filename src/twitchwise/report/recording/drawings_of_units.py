"""Drawings of the units of a channel or array: potentials laid over each other, and where they are on the grid."""

from collections.abc import Iterator

import numpy as np

from twitchwise.examine import ExaminedRecording
from twitchwise.measure.emg.describe.over_time import shapes_of_unit
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.report.display import clean, quantity, scale_of
from twitchwise.report.places import Place
from twitchwise.report.recording.figure import Figure, Numbers, figure_of
from twitchwise.report.recording.figures import UnitMap, UnitShapes, maps_svg, shapes_svg
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import digits, say, together

UNITS_DRAWN = 6
_MM_PER_M = 1e3


def by_events(potentials: SortedPotentials) -> list[int]:
    """Return the numbers of the units, those with most potentials first."""
    numbers, counts = np.unique(potentials.unit[potentials.unit > 0], return_counts=True)
    return [int(number) for number in numbers[np.argsort(-counts, kind="stable")]]


def shapes_figure(potentials: SortedPotentials, key: str) -> Iterator[Figure]:
    """Draw the potentials of the units that have most of them; nothing where none was sorted."""
    shapes = {one: shapes_of_unit(potentials, one) for one in by_events(potentials)[:UNITS_DRAWN]}
    shapes = {one: shape for one, shape in shapes.items() if len(shape)}
    if not shapes:
        return
    unit, name = potentials.amplitude_unit, f"{key}-shapes"
    rows = tuple(_shape_row(one, shape, unit) for one, shape in shapes.items())
    said = (
        say("unit {number}: mean of {count}, {size} peak to peak", number=one, count=count, size=size)
        for one, count, size, _ in rows
    )
    yield figure_of(
        name,
        say("shapes by unit"),
        _shapes_svg(shapes, potentials, name),
        alt=say("Potentials of each unit laid over each other. {units}.", units=together(said, "; ")),
        caption=_shapes_caption(potentials),
        numbers=Numbers(
            columns=(say("Unit"), say("Potentials"), say("Mean, peak to peak"), say("Spread around the mean (SD)")),
            rows=rows,
        ),
    )


def _shapes_caption(potentials: SortedPotentials) -> str:
    gray = say("Gray: single potentials, shifted to agree best; blue: their mean. Each unit has its own scale.")
    if potentials.band_hz is None:
        return gray
    low, high = potentials.band_hz
    return together([gray, say("Filtered {low_hz:g} to {high_hz:g} Hz.", low_hz=low, high_hz=high)])


def _shapes_svg(shapes: dict[int, FloatArray], potentials: SortedPotentials, name: str) -> str:
    largest = max(float(np.abs(shape).max()) for shape in shapes.values())
    scale, unit_name = scale_of(potentials.amplitude_unit, largest)
    drawn = [
        UnitShapes(
            label=say("unit {number}, n = {count}", number=one, count=len(shape)),
            shapes=shape / scale,
            sampling_rate_hz=potentials.sampling_rate_hz,
        )
        for one, shape in shapes.items()
    ]
    return shapes_svg(drawn, unit_name, name)


def _shape_row(number: int, shapes: FloatArray, unit: Unit) -> tuple[str, str, str, str]:
    """Return the number of a unit, how many potentials it has, the size of their mean, and their spread around it."""
    mean = shapes.mean(axis=0)
    spread = float(np.sqrt(np.mean((shapes - mean) ** 2)))
    return str(number), str(len(shapes)), quantity(float(np.ptp(mean)), unit), quantity(spread, unit)


def maps_figure(examined: ExaminedRecording, place: Place, potentials: SortedPotentials, key: str) -> Iterator[Figure]:
    """Draw where the units are on a grid whose electrodes' places are known; nothing elsewhere."""
    drawn = list(_maps(examined, place, potentials))
    if not drawn:
        return
    name = f"{key}-maps"
    said = (
        one.label if one.top_mm is None else say("{unit}, at {place} mm", unit=one.label, place=_at(one))
        for one in drawn
    )
    yield figure_of(
        name,
        say("where the units are"),
        maps_svg(drawn, name),
        alt=say(
            "Size of each unit at every electrode of {name}. {units}.",
            name=clean(place.name),
            units=together(said, "; "),
        ),
        caption=say(
            "Each square is an electrode; the darker, the larger (median, peak to peak), from nothing to the size "
            "that is given. The cross is the place on the skin above the unit, not its depth."
        ),
        numbers=Numbers(
            columns=(say("Unit"), say("Electrode where it is largest"), say("Origin x, y in mm")),
            rows=tuple((one.label, clean(place.channels[int(np.nanargmax(one.size))].name), _at(one)) for one in drawn),
        ),
    )


def _maps(examined: ExaminedRecording, place: Place, potentials: SortedPotentials) -> Iterator[UnitMap]:
    places_m = [channel.position_m[:2] for channel in place.channels if channel.position_m is not None]
    if potentials.map is None or potentials.map.shape[1] != len(places_m):
        return
    tops = {unit.unit: unit.place_m for unit in examined.result.units if unit.channel == place.name}
    for one in by_events(potentials)[:UNITS_DRAWN]:
        typical = np.median(potentials.map[potentials.unit == one].astype(np.float64), axis=0)
        if np.isfinite(typical).any():
            yield UnitMap(
                label=say(
                    "unit {number}, up to {size}",
                    number=one,
                    size=quantity(float(np.nanmax(typical)), potentials.amplitude_unit),
                ),
                place_mm=_MM_PER_M * np.array(places_m),
                size=typical,
                top_mm=_in_mm(tops.get(one)),
            )


def _in_mm(place_m: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if place_m is None else (_MM_PER_M * place_m[0], _MM_PER_M * place_m[1])


def _at(unit: UnitMap) -> str:
    return "-" if unit.top_mm is None else together((digits(f"{one:.1f}") for one in unit.top_mm), ", ")
