"""The figures of a study as SVG: every participant a point, of many how many there are; readable without color."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator

from twitchwise.report.display import number
from twitchwise.report.figures import BLUE, GRAY, INK, PALE, ROW, SMALL, as_svg, drawable, drawing
from twitchwise.report.languages import tell
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 150
"""Points of one row; more are drawn as a histogram."""
_MOST_ALIKE = 15  # points of one value, which would lie on one another
MOST_MARKS = 300
"""Points of a plot of differences; more are drawn together where they lie close."""
MOST_LINES = 120
_BINS, _CELLS = 64, 36  # of a row, of each side of a plot
_HALF = 0.3  # of the height of a row that points and bars may take, up and down
_STEP = 0.085  # of that height from point to point
_ROOM = 0.06  # of an axis beyond its outermost values
_WRITTEN = 0.35  # of an axis, for words at its right
_TICKS = 5
_SHORT = 1.0  # decades; a shorter scale of ratios has ticks as any other
Scale = tuple[tuple[float, float], bool]
"""The ends of an axis, and whether it is one of ratios."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class StripRow:
    """Values of shape ``(n,)`` with median and quartiles; ``bounds`` are upper bounds of what was not seen."""

    label: str
    said: str
    values: FloatArray
    bounds: FloatArray
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WhiskerRow:
    """One value with its interval, ``nan`` where it has none; ``is_bound`` where nothing was seen up to ``high``."""

    label: str
    said: str
    value: float
    low: float
    high: float
    is_bound: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A line across a plot of differences, with the interval of where it lies and what is written at it."""

    value: float
    low: float
    high: float
    label: str
    is_middle: bool


@contextmanager
def _axes(height: float) -> Iterator["Axes"]:
    with drawing(height) as figure:
        axes = figure.add_subplot()
        axes.spines[["right", "top"]].set_visible(False)
        yield axes


def _numbered(axes: "Axes", *, is_log: bool = False, which: str = "x") -> None:
    """Write the numbers of an axis as the page writes them, on a scale of ratios where that is asked for."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if is_log:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
        axis.set_minor_locator(NullLocator())
    axis.set_major_locator(MaxNLocator(_TICKS))
    axes.tick_params(axis="y", labelsize=SMALL, colors=GRAY, labelcolor=INK)
    axis.set_major_formatter(FuncFormatter(lambda value, _: tell(number(float(value)))))


def _place_ticks(axes: "Axes", limits: tuple[float, float], *, is_log: bool, which: str = "x") -> None:
    """Set the ends of an axis, and ticks that suit them: on a scale of ratios at powers of ten, or between them too."""
    (axes.set_xlim if which == "x" else axes.set_ylim)(*limits)
    decades = np.log10(limits[1] / limits[0]) if is_log else 0.0
    if not is_log or decades < _SHORT:
        return
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(LogLocator(subs=(1.0,) if decades > 2 * _SHORT else (1.0, 3.0), numticks=12))


def _limits(values: FloatArray, *, is_log: bool, from_zero: bool = False) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return (1.0, 10.0) if is_log else (0.0, 1.0)
    low, high = float(known.min()), float(known.max())
    if is_log:
        room = (high / low) ** _ROOM * 1.05
        return low / room, high * room
    low = min(low, 0.0) if from_zero else low
    room = _ROOM * (high - low) or abs(high) * _ROOM or 1.0
    return (0.0 if from_zero and low == 0 else low - room), high + room


def strips_svg(rows: Sequence[StripRow], name: str, axis: str, *, is_log: bool, from_zero: bool) -> str:
    """Draw a row of points for each group, with its median and quartiles."""
    every = np.concatenate([part for row in rows for part in (row.values, row.bounds)])
    limits = _limits(every[every > 0] if is_log else every, is_log=is_log, from_zero=from_zero)
    with _axes(len(rows) * (ROW + 0.2) + 0.75) as axes:
        _numbered(axes, is_log=is_log)
        _place_ticks(axes, limits, is_log=is_log)
        for place, row in enumerate(rows):
            _strip(axes, place, row, (limits, is_log))
        _rows_only(axes, len(rows), axis)
        return as_svg(axes.figure, name)  # type: ignore[arg-type]


def _rows_only(axes: "Axes", count: int, axis: str) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(count - 0.5, -0.78)
    axes.set_xlabel(drawable(axis))


def _row_text(axes: "Axes", place: int, left: str, right: str) -> None:
    frame = axes.get_yaxis_transform()
    axes.text(0, place - 0.36, drawable(left), transform=frame, ha="left", va="bottom")
    axes.text(1, place - 0.36, drawable(right), transform=frame, ha="right", va="bottom", fontsize=SMALL)


def points_said(rows: Sequence[StripRow], one: str) -> str:
    """Return what a point is in words, and what stands for points where they are too many.

    Parameters
    ----------
    rows
        Those of a figure.
    one
        What has a point, such as ``participant``.
    """
    drawn = [_is_many(row) for row in rows if _n_points(row)]
    shape = f"the shape is highest where most {one}s are"
    if not any(drawn):
        return f"Each point is a {one}."
    return (
        f"Too many to draw each: {shape}."
        if all(drawn)
        else f"Each point is a {one}; where they are too many, {shape}."
    )


def _n_points(row: StripRow) -> int:
    return row.values.size + row.bounds.size


def _is_many(row: StripRow) -> bool:
    """Tell whether a row has more points than can be told apart."""
    alike = [int(np.unique(one, return_counts=True)[1].max(initial=0)) for one in (row.values, row.bounds)]
    return _n_points(row) > MOST_POINTS or max(alike) > _MOST_ALIKE


def _strip(axes: "Axes", place: int, row: StripRow, scale: Scale) -> None:
    _row_text(axes, place, row.label, row.said)
    _quartiles(axes, place, row, scale[0][0])
    if _is_many(row):
        _histogram(axes, place, np.concatenate([row.values, row.bounds]), scale)
        return
    across = np.concatenate([row.values, row.bounds])
    up = place + _stacked(across, scale)
    seen = row.values.size
    axes.plot(across[:seen], up[:seen], color=BLUE, marker="o", ms=4, ls="none", alpha=0.75, mew=0)
    axes.plot(across[seen:], up[seen:], color=GRAY, marker="<", ms=5, ls="none", mfc="white", mew=1)


def _quartiles(axes: "Axes", place: int, row: StripRow, left: float) -> None:
    """Draw median and middle half; what lies beyond the left end, such as a rate of none, is cut there."""
    if row.quartiles is None or row.quartiles[2] <= left:
        return
    first, median, third = row.quartiles
    axes.fill_between([max(first, left), third], place - _HALF, place + _HALF, color=PALE, lw=0)
    if median >= left:
        axes.plot([median, median], [place - _HALF, place + _HALF], color=INK, lw=2)


def _bins_of(
    across: FloatArray, scale: tuple[tuple[float, float], bool]
) -> "np.ndarray[tuple[int], np.dtype[np.int_]]":
    (low, high), is_log = scale
    share = np.log(across / low) / np.log(high / low) if is_log else (across - low) / (high - low)
    bins: IntArray = np.clip((share * _BINS).astype(np.int64), 0, _BINS - 1)
    return bins


def _stacked(across: FloatArray, scale: Scale) -> FloatArray:
    """Return by how much to lift each point so that no two that are near each other lie on one another."""
    bins, up = _bins_of(across, scale), np.zeros(across.size)
    for one in np.unique(bins):
        members = np.flatnonzero(bins == one)
        step = min(_STEP, 2 * _HALF / max(members.size - 1, 1))
        up[members] = step * (np.arange(members.size) - (members.size - 1) / 2)
    return up


def _histogram(axes: "Axes", place: int, across: FloatArray, scale: Scale) -> None:
    (low, high), is_log = scale
    edges = np.geomspace(low, high, _BINS // 2 + 1) if is_log else np.linspace(low, high, _BINS // 2 + 1)
    counts, _ = np.histogram(np.clip(across, low, high), edges)
    half = _HALF * counts / max(int(counts.max()), 1)
    axes.stairs(place + half, edges, baseline=place - half, color=BLUE, fill=True, alpha=0.75)


def whiskers_svg(rows: Sequence[WhiskerRow], name: str, axis: str, *, is_log: bool, from_zero: bool) -> str:
    """Draw single values with their intervals; what was not seen is a striped bar up to its upper bound."""
    ends = np.array([end for row in rows for end in (row.value, row.low, row.high)])
    limits = _limits(ends[ends > 0] if is_log else ends, is_log=is_log, from_zero=from_zero)
    with _axes(len(rows) * ROW + 0.75) as axes:
        _numbered(axes, is_log=is_log)
        _place_ticks(axes, limits, is_log=is_log)
        for place, row in enumerate(rows):
            _whisker(axes, place, row, limits[0])
        _rows_only(axes, len(rows), axis)
        axes.set_ylim(len(rows) - 0.55, -0.8)
        return as_svg(axes.figure, name)  # type: ignore[arg-type]


def _whisker(axes: "Axes", place: int, row: WhiskerRow, left: float) -> None:
    _row_text(axes, place, row.label, row.said)
    if row.is_bound:
        axes.barh(place, row.high - left, left=left, height=0.2, facecolor="white", edgecolor=GRAY, hatch="////")
        return
    if np.isfinite(row.low) and np.isfinite(row.high):
        low = max(row.low, left)
        axes.plot([low, row.high], [place, place], color=GRAY, lw=5, alpha=0.45, solid_capstyle="butt")
        axes.plot([low, row.high], [place, place], color=GRAY, marker="|", ls="none", ms=9, mew=1.5)
    axes.plot([row.value], [place], color=BLUE, marker="o", ms=7)


def differences_svg(
    across: FloatArray, up: FloatArray, levels: Sequence[Level], name: str, labels: tuple[str, str], *, is_log: bool
) -> str:
    """Draw the differences (or ratios) of pairs over their means, with bias and limits of agreement."""
    ends = [end for level in levels for end in (level.value, level.low, level.high)]
    with _axes(3.5) as axes:
        _numbered(axes, is_log=is_log)
        _numbered(axes, is_log=is_log, which="y")
        _place_ticks(axes, _with_room(_limits(across, is_log=is_log), is_log=is_log), is_log=is_log)
        _place_ticks(axes, _limits(np.array([*up, *ends]), is_log=is_log), is_log=is_log, which="y")
        for level in levels:
            _level(axes, level)
        _marks(axes, across, up, is_log=is_log)
        axes.set_xlabel(drawable(labels[0]))
        axes.set_ylabel(drawable(labels[1]))
        return as_svg(axes.figure, name)  # type: ignore[arg-type]


def _with_room(limits: tuple[float, float], *, is_log: bool) -> tuple[float, float]:
    """Return the ends of an axis with room at its right for what is written at the lines."""
    low, high = limits
    return (low, high * (high / low) ** _WRITTEN) if is_log else (low, high + _WRITTEN * (high - low))


def _level(axes: "Axes", level: Level) -> None:
    if not np.isfinite(level.value):
        return
    if np.isfinite(level.low) and np.isfinite(level.high):
        axes.axhspan(level.low, level.high, color=PALE, alpha=0.6, lw=0)
    axes.axhline(
        level.value, color=INK if level.is_middle else GRAY, lw=1.6, ls="-" if level.is_middle else (0, (5, 3))
    )
    axes.annotate(
        drawable(level.label),
        (1, level.value),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        fontsize=SMALL,
    )


def _marks(axes: "Axes", across: FloatArray, up: FloatArray, *, is_log: bool) -> None:
    if across.size <= MOST_MARKS:
        axes.plot(across, up, color=BLUE, marker="o", ms=4.5, ls="none", alpha=0.75, mew=0)
        return
    x, y = (np.log(across), np.log(up)) if is_log else (across, up)
    counts, x_edges, y_edges = np.histogram2d(x, y, bins=_CELLS)
    column, row = np.nonzero(counts)
    middles = [(edges[:-1] + edges[1:]) / 2 for edges in (x_edges, y_edges)]
    x, y = (np.exp(one) if is_log else one for one in (middles[0][column], middles[1][row]))
    axes.scatter(x, y, s=90 * counts[column, row] / counts.max() + 3, color=BLUE, alpha=0.75, lw=0)


def visits_svg(values: FloatArray, visits: Sequence[str], name: str, axis: str, *, is_log: bool) -> str:
    """Draw a line a participant from visit to visit, with medians; values of shape ``(participants, visits)``."""
    places = np.arange(len(visits))
    lines = values[:: -(-len(values) // MOST_LINES)]
    with _axes(3.4) as axes:
        _numbered(axes, is_log=is_log, which="y")
        for line in lines:
            known = np.isfinite(line)
            axes.plot(places[known], line[known], color=GRAY, lw=0.8, alpha=0.6, marker="o", ms=2.5)
        axes.plot(places, np.nanmedian(values, axis=0), color=BLUE, lw=3, marker="o", ms=7)
        _place_ticks(axes, _limits(values, is_log=is_log), is_log=is_log, which="y")
        axes.set_xticks(places, [drawable(one) for one in visits])
        axes.set_xlim(-0.25, len(visits) - 0.75)
        axes.set_xlabel("visit")
        axes.set_ylabel(drawable(axis))
        return as_svg(axes.figure, name)  # type: ignore[arg-type]


_CELL_MARKERS = {"measured": ("s", BLUE), "in part": ("D", GRAY), "failed": ("x", INK), "missing": (".", GRAY)}
_PER_BAND = 40
MOST_CELLS = 1200


def matrix_svg(states: Sequence[Sequence[str]], visits: Sequence[str], name: str) -> str:
    """Draw a mark for each participant (from left to right, band below band) and visit (from top to bottom)."""
    bands = [states[start : start + _PER_BAND] for start in range(0, len(states), _PER_BAND)]
    height, pitch = len(visits) + 1, 0.17
    with _axes(len(bands) * height * pitch + 0.6) as axes:
        for state, (marker, color) in _CELL_MARKERS.items():
            cells = [
                (column, band * height + row)
                for band, people in enumerate(bands)
                for column, person in enumerate(people)
                for row, found in enumerate(person)
                if found == state
            ]
            if cells:
                axes.plot(*np.array(cells).T, color=color, marker=marker, ms=5, ls="none", label=state)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xticks([])
        ticks = [band * height + row for band in range(len(bands)) for row in range(len(visits))]
        axes.yaxis.set_major_locator(FixedLocator([float(one) for one in ticks]))
        axes.set_yticklabels([drawable(one) for one in visits] * len(bands), fontsize=SMALL - 1)
        axes.tick_params(length=0)
        axes.set_xlim(-0.8, min(len(states), _PER_BAND) - 0.2)
        axes.set_ylim(len(bands) * height - 1.2, -0.8)
        axes.figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=SMALL)
        return as_svg(axes.figure, name)  # type: ignore[arg-type]
