"""Figures of recorded movement as SVG: a sensor's trace with the events on it, and where in a picture it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps

from twitchwise.report.figures import BLUE, GRAY, INK, PALE, SMALL, as_svg, drawable, drawing, time_scale
from twitchwise.report.languages import tell
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twitchwise.report.recording.figures import EventRow

_ROW = 0.36  # inches of one row of events, for a label of two lines
_LABEL = 16  # letters of such a line
_BINS = 1800  # times nearer than this part of the width would lie on one another
_HOURS_FROM_S = 10_800.0
_TRACE_HEIGHT = 1.7
_LARGEST_MAP = 4.0
_SHADES = 9  # as many as can be told apart; more would make the scale an image inside the drawing


@dataclass(frozen=True, kw_only=True, eq=False)
class Envelope:
    """A trace as far as it can be drawn: least and greatest value of each bin, shape ``(n_bins,)``; NaN where none is.

    ``edges_s`` are the ends of the bins, shape ``(n_bins + 1,)``.
    """

    edges_s: FloatArray
    least: FloatArray
    greatest: FloatArray
    unit_name: str


def trace_svg(envelope: Envelope, rows: Sequence["EventRow"], name: str) -> str:
    """Draw a trace, and the events below it, a row a kind, all over the same time."""
    scale, time = _time_scale(float(envelope.edges_s[-1]))
    with drawing(_TRACE_HEIGHT + _ROW * len(rows) + 0.9) as figure:
        heights = [_TRACE_HEIGHT, max(_ROW * len(rows), 0.1)]
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=heights)
        middle = (envelope.edges_s[:-1] + envelope.edges_s[1:]) / 2 / scale
        upper.fill_between(middle, envelope.least, envelope.greatest, color=GRAY, lw=0.6)
        upper.set_ylabel(tell(envelope.unit_name))
        upper.spines[["right", "top"]].set_visible(False)
        _events(lower, rows, scale, float(envelope.edges_s[-1]))
        lower.set(xlim=(0, float(envelope.edges_s[-1]) / scale), xlabel=tell(time))
        return as_svg(figure, name)


def _time_scale(duration_s: float) -> tuple[float, str]:
    if duration_s > _HOURS_FROM_S:
        return 3600.0, say("hours from the start")
    return time_scale(duration_s)


def _events(axes: "Axes", rows: Sequence["EventRow"], scale: float, duration_s: float) -> None:
    least = duration_s / _BINS
    for place, row in enumerate(rows):
        times = np.unique(np.round(row.times_s / least)) * least / scale
        axes.vlines(times, place - 0.4, place + 0.4, color=BLUE, lw=1.4)
        spans = [(start / scale, max(stop - start, 2 * least) / scale) for start, stop in row.spans_s]
        if spans:
            axes.broken_barh(spans, (place - 0.3, 0.6), facecolor=BLUE, lw=0)
        if place:
            axes.axhline(place - 0.5, color=PALE, lw=0.8)
    labels = [fill(drawable(row.label), _LABEL) for row in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=SMALL, linespacing=1.0)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def heat_map_svg(heat_px: FloatArray, size_px: tuple[int, int], places_px: FloatArray, name: str) -> str:
    """Draw how much each part of a picture moved by itself, the darker the more, and a cross where each event was."""
    width, height = size_px
    with drawing(min(_LARGEST_MAP, _LARGEST_MAP * height / width) + 0.7) as figure:
        axes = figure.add_subplot()
        x_px, y_px = np.linspace(0, width, heat_px.shape[1] + 1), np.linspace(0, height, heat_px.shape[0] + 1)
        shown = np.ma.masked_invalid(heat_px)  # type: ignore[no-untyped-call,unused-ignore]
        mesh = axes.pcolormesh(x_px, y_px, shown, cmap=colormaps["Blues"].resampled(_SHADES), edgecolors="none", vmin=0)
        if len(places_px):
            axes.plot(*places_px.T, ls="", marker="+", color="white", ms=13, mew=4)
            axes.plot(*places_px.T, ls="", marker="+", color=INK, ms=12, mew=1.8)
        axes.set(
            xlim=(0, width),
            ylim=(height, 0),
            aspect="equal",
            xlabel=tell(say("x in pixels")),
            ylabel=tell(say("y in pixels")),
        )
        figure.colorbar(mesh, ax=axes, label=tell(say("pixels")), shrink=0.8)
        return as_svg(figure, name)
