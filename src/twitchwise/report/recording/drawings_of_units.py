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
    said = "; ".join(f"unit {one}: mean of {count}, {size} peak to peak" for one, count, size, _ in rows)
    band = "" if potentials.band_hz is None else " Filtered {:g} to {:g} Hz.".format(*potentials.band_hz)
    yield figure_of(
        name,
        "Shapes by unit",
        _shapes_svg(shapes, potentials, name),
        alt=f"Potentials of each unit laid over each other. {said}.",
        caption=f"Gray: single potentials, shifted to agree best; blue: their mean. Each unit has its own scale.{band}",
        numbers=Numbers(columns=("Unit", "Potentials", "Mean, peak to peak", "Spread around the mean (SD)"), rows=rows),
    )


def _shapes_svg(shapes: dict[int, FloatArray], potentials: SortedPotentials, name: str) -> str:
    largest = max(float(np.abs(shape).max()) for shape in shapes.values())
    scale, unit_name = scale_of(potentials.amplitude_unit, largest)
    drawn = [
        UnitShapes(
            label=f"unit {one}, n = {len(shape)}",
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
    said = "; ".join(f"{one.label}{'' if one.top_mm is None else f', at {_at(one)} mm'}" for one in drawn)
    yield figure_of(
        name,
        "Where the units are",
        maps_svg(drawn, name),
        alt=f"Size of each unit at every electrode of {clean(place.name)}. {said}.",
        caption="Each square is an electrode; the darker, the larger (median, peak to peak), from nothing to the size "
        "that is given. The cross is the place on the skin above the unit, not its depth.",
        numbers=Numbers(
            columns=("Unit", "Electrode where it is largest", "Origin x, y in mm"),
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
                label=f"unit {one}, up to {quantity(float(np.nanmax(typical)), potentials.amplitude_unit)}",
                place_mm=_MM_PER_M * np.array(places_m),
                size=typical,
                top_mm=_in_mm(tops.get(one)),
            )


def _in_mm(place_m: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if place_m is None else (_MM_PER_M * place_m[0], _MM_PER_M * place_m[1])


def _at(unit: UnitMap) -> str:
    return "-" if unit.top_mm is None else f"{unit.top_mm[0]:.1f}, {unit.top_mm[1]:.1f}"
