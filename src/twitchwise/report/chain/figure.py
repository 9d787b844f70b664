"""The chain from blood to limb as one figure: health at the left, a condition at the right, one row a link."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from twitchwise.report.chain.sentences import NOT_MEASURED, PLACES, differs, direction, in_words, word_of
from twitchwise.report.display import scale_of, without_brackets
from twitchwise.report.figures import BLUE, GRAY, INK, SMALL, as_svg, drawable, drawing, standing_alone
from twitchwise.report.languages import tell
from twitchwise.simulate.links import STIMULUS_RATE_HZ, Chain, Compared, Link, LinkName, Raster, Trace
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.text import say, say_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

LINE = 0.21  # inches a line of text
HEADING = 0.42  # inches a row's heading
LEGEND = 0.95  # inches the heading of all takes
PANELS = 1.75  # inches a pair of panels
OVERLAY = 2.8  # inches a panel with both curves
TITLE = 13.5
COLUMN = 0.5  # where the right column begins, as a share of the width
LETTERS = 21  # longest name above a column
FEW, LEAST_MARK = 5, 0.04  # so few units among many are drawn with lines of this part of the height, to be seen
BINS = 300  # steps of a trace, each drawn from its least to its largest value: finer than a phone shows
FULL = 105.0  # top of a scale of percent, so that 100 does not lie on the frame
MARGIN = 1.08  # of the largest value, for the same reason

HEALTH = say("health")
SECONDS = say("seconds")

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "node_threshold": say("Threshold current at a node"),
        "ectopic_rate": say("Discharges by chance, at one site"),
        "conduction_velocity": say("Conduction velocity"),
        "resting_potential": say("Resting potential"),
        "time_constant": say("Strength-duration time constant"),
        "blocked_share": say("Axons that are blocked"),
    }
)
"""What the model calls the numbers that are written out; the names of parameters are known by themselves."""


def chain_svg(chain: Chain, label: str, alt: str) -> str:
    """Draw a chain as SVG that stands alone in a file or in a page, without a style sheet; it speaks to the reader.

    Parameters
    ----------
    chain
        What changes.
    label
        Name of the condition.
    alt
        What a screen reader says of it.
    """
    heights = [LEGEND, *(_height(link) for link in chain.links)]
    with drawing(sum(heights)) as figure:
        grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
        rows = [figure.add_subfigure(grid[place, 0]) for place in range(len(heights))]
        _legend(rows[0], drawable(without_brackets(label)))
        for place, (row, link) in enumerate(zip(rows[1:], chain.links, strict=True), 1):
            title = say("{number} {place}: {word}", number=place, place=PLACES[link.name], word=word_of(link))
            row.suptitle(tell(title), x=0.01, ha="left", fontweight="bold", fontsize=TITLE)
            _row(row, link, _short(label))
        return standing_alone(as_svg(figure, "chain"), alt)


def _height(link: Link) -> float:
    if link.name is LinkName.TWITCH:
        return HEADING + OVERLAY
    if link.trace is not None or link.raster is not None:
        return HEADING + PANELS
    return HEADING + LINE * max(1, 2 * len(link.numbers) + bool(link.numbers))


def _short(label: str) -> str:
    plain = drawable(without_brackets(label))
    return plain if len(plain) <= LETTERS else f"{plain[: LETTERS - 1]}…"


def _row(row: "SubFigure", link: Link, label: str) -> None:
    if link.raster is not None:
        _rasters(row, link.raster, label)
    elif link.trace is None:
        _numbers(row, link, label)
    elif link.name is LinkName.TWITCH:
        _overlaid(row, link.trace, label)
    elif link.name is LinkName.JUNCTION:
        _shares(row, link.trace, label)
    else:
        _side_by_side(row, link.trace, label)


def _legend(row: "SubFigure", label: str) -> None:
    axes = _empty(row)
    axes.text(0, 0.95, label, ha="left", va="top", fontweight="bold", fontsize=15)
    axes.text(0, 0.5, tell(say("Left: health. Right: what is explained here.")), ha="left", va="top", fontsize=SMALL)
    axes.text(0, 0.2, tell(NOT_MEASURED), ha="left", va="top", fontsize=SMALL)


def _empty(row: "SubFigure") -> "Axes":
    axes = row.add_subplot()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    return axes


def _numbers(row: "SubFigure", link: Link, label: str) -> None:
    """Write numbers in pairs, each pair under what it is about."""
    axes = _empty(row)
    if not link.numbers:
        axes.text(0, 0.5, tell(say("Nothing changes here.")), ha="left", va="center", fontsize=SMALL)
        return
    n_lines = 2 * len(link.numbers) + 1
    axes.set_ylim(n_lines, 0)
    for x, column in ((0.0, tell(HEALTH)), (COLUMN, label)):
        axes.text(x, 0.5, column, ha="left", va="center", fontsize=SMALL, color=GRAY)
    for place, one in enumerate(link.numbers):
        changed = say("{value}, {direction}", value=in_words(one.changed, one.unit), direction=direction(one))
        axes.text(0, 2 * place + 1.5, drawable(_label(one)), ha="left", va="center", fontsize=SMALL)
        axes.text(0.03, 2 * place + 2.5, tell(in_words(one.healthy, one.unit)), ha="left", va="center", color=GRAY)
        axes.text(
            COLUMN + 0.03,
            2 * place + 2.5,
            tell(changed),
            ha="left",
            va="center",
            color=BLUE if differs(one) else GRAY,
            fontweight="bold" if differs(one) else "normal",
        )


def _label(one: Compared) -> str:
    return _LABELS.get(one.name, one.label)


def _pair(row: "SubFigure", label: str, *, are_whole: bool) -> Iterator["tuple[Axes, str]"]:
    """Give two panels with one scale, each with its color; ticks stand at whole numbers where these are counted."""
    panels = row.subplots(1, 2, sharex=True, sharey=True)
    for axes, name, color in zip(panels, (tell(HEALTH), label), (GRAY, BLUE), strict=True):
        axes.set_title(name, fontsize=SMALL, color=INK)
        axes.spines[["right", "top"]].set_visible(False)
        axes.tick_params(labelsize=SMALL)
        axes.locator_params(nbins=4, integer=are_whole)
        yield axes, color


def _rasters(row: "SubFigure", raster: Raster, label: str) -> None:
    panels = list(_pair(row, label, are_whole=True))
    units = [np.unique(unit) for _, unit in (raster.healthy, raster.changed)]
    most = max([int(unit[-1]) for unit in units if unit.size] or [0])
    height = LEAST_MARK * most if max(unit.size for unit in units) <= FEW else 0.0
    for (axes, color), (time_s, unit) in zip(panels, (raster.healthy, raster.changed), strict=True):
        if time_s.size:
            axes.add_patch(
                PathPatch(_marks(time_s, unit, raster.duration_s, height), edgecolor=color, facecolor="none", lw=1.2)
            )
        else:
            axes.text(0.5, 0.5, tell(say_in("an amount", "none")), transform=axes.transAxes, ha="center", va="center")
        axes.set(xlim=(0, raster.duration_s), ylim=(0, most + 2 + height), xlabel=tell(SECONDS))
    panels[0][0].set_ylabel(tell(say("motor unit")))


def _marks(time_s: FloatArray, unit: IntArray, duration_s: float, least_height: float) -> Path:
    """Return a short upright line for every discharge, without those that would be drawn over each other."""
    step = duration_s / BINS
    seen = np.unique(np.column_stack([np.round(time_s / step), unit]), axis=0)
    x, low, height = seen[:, 0] * step, seen[:, 1] + 0.55, max(0.9, least_height)
    ends = np.column_stack([x, low, x, low + height]).reshape(-1, 2)
    return Path(ends, [Path.MOVETO, Path.LINETO] * len(seen))


def _shares(row: "SubFigure", trace: Trace, label: str) -> None:
    panels = list(_pair(row, label, are_whole=True))
    for (axes, color), share in zip(panels, (trace.healthy, trace.changed), strict=True):
        axes.plot(trace.x, share, color=color, marker="o", ms=5, lw=1)
        axes.set(ylim=(0, FULL), xlabel=tell(say("pulse, {rate:g} a second", rate=STIMULUS_RATE_HZ)))
    panels[0][0].set_ylabel(tell(say("fibers set off, %")))


def _overlaid(row: "SubFigure", trace: Trace, label: str) -> None:
    axes = row.add_subplot()
    axes.spines[["right", "top"]].set_visible(False)
    scale, unit = scale_of(trace.unit, _largest((trace.healthy, trace.changed)))
    axes.plot(1e3 * trace.x, trace.changed / scale, color=BLUE, lw=2.4, label=label)
    axes.plot(1e3 * trace.x, trace.healthy / scale, color=GRAY, lw=1.6, ls=(0, (4, 2)), label=tell(HEALTH))
    axes.set(xlim=(0, 1e3 * trace.x[-1]), ylim=(0, None))
    axes.set_xlabel(tell(say("ms after the discharge")))
    axes.set_ylabel(tell(say("force, {unit}", unit=unit)))
    axes.tick_params(labelsize=SMALL)
    row.legend(loc="outside lower center", ncols=2, frameon=False)


def _side_by_side(row: "SubFigure", trace: Trace, label: str) -> None:
    panels = list(_pair(row, label, are_whole=False))
    most = _largest((trace.healthy, trace.changed))
    scale, unit = scale_of(trace.unit, most)
    for (axes, color), values in zip(panels, (trace.healthy, trace.changed), strict=True):
        axes.plot(*_thinned(trace.x, values / scale), color=color, lw=0.8)
        axes.set(xlim=(0, float(trace.x[-1])), xlabel=tell(SECONDS))
    if most > 0:
        panels[0][0].set_ylim(-MARGIN * most / scale, MARGIN * most / scale)
    panels[0][0].set_ylabel(tell(unit))


def _largest(curves: "Sequence[FloatArray]") -> float:
    return float(max(np.abs(curve).max() for curve in curves))


def _thinned(x: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return least and largest value of every step, so that no peak is lost."""
    size = -(-values.size // BINS)
    starts = np.arange(0, values.size, size)
    ends = np.column_stack([np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)])
    return np.repeat(x[starts], 2), ends.reshape(-1)
