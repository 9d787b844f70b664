"""Figures of a measured recording as SVG: raster by unit, shapes, maps, intervals, rate over time.

They are as wide as a phone, readable without color, and the same on every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from twitchwise.report.display import duration
from twitchwise.report.figures import BLUE, GRAY, INK, PALE, SMALL, as_svg, drawable, drawing, time_scale
from twitchwise.report.languages import tell
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twitchwise.measure.emg.describe.over_time import RateWindow

_ROW = 0.36  # inches of one row of a raster, for a label of two lines
_LABEL = 16  # letters of such a line
_BINS = 1800  # times nearer than this part of the width would lie on one another
_COLUMNS = 2
_SHAPE_HEIGHT, _MAP_HEIGHT = 1.9, 2.1
_TRACES = 24  # single potentials drawn of a unit: more are a blot
_POINTS = 160  # of a drawn potential
_TIMES_S = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0)
_INTERVAL_BINS = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class EventRow:
    """Events of one unit or kind: times in s of shape ``(n,)``, or stretches where they last."""

    label: str
    times_s: FloatArray
    spans_s: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What lies behind events, as stretches in seconds: rest, and what could not be judged; all else is activity."""

    rest_s: Sequence[tuple[float, float]]
    unusable_s: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitShapes:
    """Potentials of one motor unit as numbers in the unit of the axis, shape ``(n, n_samples)``."""

    label: str
    shapes: FloatArray
    sampling_rate_hz: float


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitMap:
    """Size of one unit at each electrode: places in mm of shape ``(n, 2)``, sizes, and where it is greatest."""

    label: str
    place_mm: FloatArray
    size: FloatArray
    top_mm: tuple[float, float] | None


def events_svg(rows: Sequence[EventRow], ground: Ground, duration_s: float, name: str) -> str:
    """Draw events by unit over time; time that is not at rest is hatched or dotted behind all of them."""
    scale, time = time_scale(duration_s)
    with drawing(_ROW * len(rows) + 1.15) as figure:
        axes = figure.add_subplot()
        keys = _ground(axes, ground, duration_s, scale, len(rows))
        for place, row in enumerate(rows):
            _events(axes, place, row, scale, duration_s)
        labels = [fill(drawable(row.label), _LABEL) for row in rows]
        axes.set_yticks(range(len(rows)), labels, fontsize=SMALL, linespacing=1.0)
        axes.set(ylim=(len(rows) - 0.5, -0.5), xlim=(0, duration_s / scale), xlabel=tell(time))
        axes.tick_params(axis="y", length=0)
        figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), frameon=False, fontsize=SMALL)
        return as_svg(figure, name)


def _ground(axes: "Axes", ground: Ground, duration_s: float, scale: float, n_rows: int) -> list[Patch]:
    """Draw rest, activity and what could not be judged; return what explains them."""
    kinds = (
        (say("active: not counted"), [(0.0, duration_s)], PALE, "////"),
        (say("at rest: counted"), ground.rest_s, "white", ""),
        (say("not judged"), ground.unusable_s, "white", "...."),
    )
    for _, spans_s, color, hatch in kinds:
        spans = [(start / scale, (stop - start) / scale) for start, stop in _merged(spans_s, duration_s / _BINS)]
        axes.broken_barh(spans, (-0.5, n_rows), facecolor=color, edgecolor=GRAY, hatch=hatch, lw=0)
    return [
        Patch(facecolor=color, edgecolor=GRAY, hatch=hatch, label=tell(label))
        for label, spans_s, color, hatch in kinds
        if spans_s
    ]


def _events(axes: "Axes", place: int, row: EventRow, scale: float, duration_s: float) -> None:
    step = duration_s / _BINS
    times = np.unique(np.round(row.times_s / step)) * step / scale
    axes.vlines(times, place - 0.4, place + 0.4, color=BLUE, lw=1.4)
    spans = [(start / scale, max(stop - start, step) / scale) for start, stop in row.spans_s]
    if spans:
        axes.broken_barh(spans, (place - 0.3, 0.6), facecolor=BLUE, lw=0)
    if place:
        axes.axhline(place - 0.5, color=PALE, lw=0.8)


def _merged(spans: Sequence[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Return stretches with those joined that lie closer than can be drawn."""
    joined: list[tuple[float, float]] = []
    for start, stop in spans:
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def shapes_svg(units: Sequence[UnitShapes], unit_name: str, name: str) -> str:
    """Draw the potentials of each unit over each other in gray, and their mean in blue, each with its own scale."""
    rows = -(-len(units) // _COLUMNS)
    with drawing(_SHAPE_HEIGHT * rows + 0.4) as figure:
        for place, unit in enumerate(units):
            _shapes(figure.add_subplot(rows, _COLUMNS, place + 1), unit)
        figure.supylabel(tell(unit_name or say("counts")), fontsize=SMALL)
        figure.supxlabel(tell(say("milliseconds from the peak")), fontsize=SMALL)
        return as_svg(figure, name)


def _shapes(axes: "Axes", unit: UnitShapes) -> None:
    step = max(1, unit.shapes.shape[1] // _POINTS)
    mean = unit.shapes.mean(axis=0)
    time_ms = 1e3 * (np.arange(mean.size) - np.argmax(np.abs(mean))) / unit.sampling_rate_hz
    chosen = unit.shapes[np.linspace(0, len(unit.shapes) - 1, min(_TRACES, len(unit.shapes))).astype(int)]
    lines = [np.column_stack([time_ms[::step], shape[::step]]) for shape in chosen]
    axes.add_collection(LineCollection(lines, colors=GRAY, linewidths=0.6, alpha=0.55))
    axes.plot(time_ms[::step], mean[::step], color=BLUE, lw=2.2)
    axes.axhline(0, color=PALE, lw=0.8, zorder=0)
    axes.set_xlim(time_ms[0], time_ms[-1])
    axes.set_title(drawable(unit.label), fontsize=SMALL)
    axes.spines[["right", "top"]].set_visible(False)
    axes.locator_params(nbins=4)


def maps_svg(units: Sequence[UnitMap], name: str) -> str:
    """Draw how large each unit is at every electrode of the grid; the darker, the larger; a cross marks its origin."""
    rows = -(-len(units) // _COLUMNS)
    with drawing(_MAP_HEIGHT * rows + 0.4) as figure:
        for place, unit in enumerate(units):
            _map(figure.add_subplot(rows, _COLUMNS, place + 1), unit)
        figure.supxlabel(tell(say("x in mm")), fontsize=SMALL)
        figure.supylabel(tell(say("y in mm")), fontsize=SMALL)
        return as_svg(figure, name)


def _map(axes: "Axes", unit: UnitMap) -> None:
    pitch = _pitch(unit.place_mm)
    squares = [Rectangle((x - pitch / 2, y - pitch / 2), pitch, pitch) for x, y in unit.place_mm]
    share = np.nan_to_num(unit.size / max(float(np.nanmax(unit.size, initial=0.0)), 1e-30))
    drawn = PatchCollection(squares, cmap="Blues", edgecolor=GRAY, linewidth=0.3)
    drawn.set_array(share)
    drawn.set_clim(0, 1)
    axes.add_collection(drawn)
    if unit.top_mm is not None:
        axes.plot(*unit.top_mm, marker="+", color="white", ms=13, mew=4)
        axes.plot(*unit.top_mm, marker="+", color=INK, ms=12, mew=1.8)
    low, high = unit.place_mm.min(axis=0) - pitch, unit.place_mm.max(axis=0) + pitch
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    axes.set_title(drawable(unit.label), fontsize=SMALL)
    axes.locator_params(nbins=4)


def _pitch(places: FloatArray) -> float:
    """Return the least distance between electrodes."""
    apart = np.linalg.norm(places[:, np.newaxis] - places, axis=-1)
    apart[apart == 0] = np.inf
    least = float(apart.min(initial=np.inf))
    return least if np.isfinite(least) else 1.0


def intervals_svg(intervals_s: FloatArray, name: str) -> str:
    """Draw how many intervals there are of each length, on a scale of ratios, with the median."""
    edges = interval_edges(intervals_s)
    median = float(np.median(intervals_s))
    with drawing(2.6) as figure:
        axes = figure.add_subplot()
        axes.hist(intervals_s, bins=list(edges), color=BLUE, edgecolor="white", lw=0.6)
        axes.axvline(median, color=INK, ls="--", lw=1.2)
        axes.set_title(tell(say("median {interval} (dashed)", interval=duration(median))), fontsize=SMALL)
        ticks = [one for one in _TIMES_S if edges[0] <= one <= edges[-1]]
        axes.set_xscale("log")
        axes.set_xticks(ticks, [tell(duration(one)) for one in ticks])
        axes.minorticks_off()
        axes.set(xlim=(edges[0], edges[-1]), xlabel=tell(say("interval")), ylabel=tell(say("intervals")))
        axes.spines[["right", "top"]].set_visible(False)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        return as_svg(figure, name)


def interval_edges(intervals_s: FloatArray) -> FloatArray:
    """Return the ends of bins that are equally wide on a scale of ratios and hold all intervals, which are above 0."""
    edges: FloatArray = np.geomspace(0.8 * intervals_s.min(), 1.25 * intervals_s.max(), _INTERVAL_BINS + 1)
    return edges


def rate_svg(windows: Sequence["RateWindow"], name: str) -> str:
    """Draw the rate in each window with its interval; a window with none is an open bar up to its bound."""
    end_s = max(window.stop_s for window in windows)
    scale, time = time_scale(end_s)
    with drawing(2.8) as figure:
        axes = figure.add_subplot()
        for window in windows:
            middle, width = (window.start_s + window.stop_s) / 2, window.stop_s - window.start_s
            if window.count == 0:
                axes.bar(
                    middle / scale, window.high, 0.8 * width / scale, facecolor="white", edgecolor=GRAY, hatch="////"
                )
                continue
            axes.plot([middle / scale] * 2, [window.low, window.high], color=GRAY, lw=4, alpha=0.5)
            axes.plot(middle / scale, window.per_min, color=BLUE, marker="o", ms=6)
        axes.set(xlim=(0, end_s / scale), xlabel=tell(time), ylabel=tell(say("per minute of rest")))
        axes.set_ylim(bottom=0)
        axes.spines[["right", "top"]].set_visible(False)
        return as_svg(figure, name)
