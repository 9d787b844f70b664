"""The figures of a report as SVG text: drawn for a phone's width, readable without color, the same on every run.

Nothing but this module and those that draw with it touches matplotlib, and only through its `Figure` class, so no
display and no global state of drawing is needed.
"""

import io
import math
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import ScalarFormatter

from twitchwise.report.languages import tell
from twitchwise.simulate import Twitch, phases
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import digits, say, say_many

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

INK, BLUE, GRAY, PALE = "#212b32", "#005eb8", "#4c6272", "#d8dde0"
WIDTH = 5.0  # inches of 72 units: a view box 360 wide, so that a font of size 12 is 12 px on a phone
TEXT, SMALL = 12.5, 11.0
ROW = 0.62  # inches a row of dots and whiskers
LETTERS = 38  # longest row label that fits the width
DRAWABLE = 0x250  # up to here the fonts of every system have the letter
POINTS = 300  # of a drawn curve: finer than a screen shows
_MINUTES_FROM_S = 180.0  # a shorter time is told in seconds
BINS = 1800  # events nearer than this part of the width would lie on one another

_DRAWING = threading.Lock()  # the settings that make SVG repeatable are global in matplotlib
_STYLE: "dict[RcKeyType, Any]" = {
    "svg.hashsalt": "twitchwise",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": TEXT,
    "text.parse_math": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GRAY,
    "xtick.color": GRAY,
    "xtick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "hatch.color": GRAY,
    "hatch.linewidth": 0.6,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One value with its interval: ``label`` stands above it at the left, ``said`` at the right."""

    label: str
    said: str
    value: float
    low: float
    high: float
    bound_only: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class RasterRow:
    """One channel's events: times of shape ``(n,)`` and the stretches at rest, all in seconds."""

    label: str
    times_s: FloatArray
    rest_s: tuple[tuple[float, float], ...]
    duration_s: float


def causes_svg(rows: Sequence[Row]) -> str:
    """Draw probabilities with their intervals on a scale of odds, where 1 in 100,000 and 6 in 10 both read well."""
    ends = [_log_odds(row.low) for row in rows] + [_log_odds(row.high) for row in rows]
    ticks = [tick for tick in _ODDS_TICKS if min(ends) - 1 <= _log_odds(tick[0]) <= max(ends) + 1]
    with _figure(len(rows) * ROW + 0.75) as (figure, axes):
        _dots(axes, [_on_odds_scale(row) for row in rows])
        axes.set_xlim(min(*ends, _log_odds(0.01)) - 0.3, max(*ends, _log_odds(0.5)) + 0.3)
        axes.set_xticks([_log_odds(value) for value, _, _ in ticks], [tell(upper) for _, upper, _ in ticks])
        for value, _, lower in ticks:
            _under_tick(axes, _log_odds(value), tell(lower))
        axes.set_xlabel(tell(say("chance")), labelpad=SMALL + 9)
        return as_svg(figure, "causes")


def rates_svg(rows: Sequence[Row]) -> str:
    """Draw rates per minute with their intervals from zero; a rate of none is an open bar up to its upper bound."""
    with _figure(len(rows) * ROW + 0.75) as (figure, axes):
        _dots(axes, rows)
        axes.set_xlim(0, 1.08 * max(row.high for row in rows) or 1.0)
        axes.set_xlabel(tell(say("events per minute")))
        return as_svg(figure, "rates")


def raster_svg(rows: Sequence[RasterRow]) -> str:
    """Draw events over the time of the recording, one row a channel; time when the muscle was active is hatched."""
    longest = max(row.duration_s for row in rows)
    scale, time = time_scale(longest)
    with _figure(len(rows) * ROW + 1.25) as (figure, axes):
        for place, row in enumerate(rows):
            _raster_row(axes, place, row, scale)
        axes.set_ylim(len(rows) - 0.45, -0.62)
        axes.set_xlim(0, longest / scale)
        axes.set_xlabel(tell(time))
        _raster_legend(figure)
        return as_svg(figure, "raster")


def time_scale(duration_s: float) -> tuple[float, str]:
    """Return in how many seconds to count the time of a recording, and what stands at its axis."""
    if duration_s > _MINUTES_FROM_S:
        return 60.0, say("minutes from the start")
    return 1.0, say("seconds from the start")


def twitch_svg(twitch: Twitch, label: str, healthy: Twitch | None) -> str:
    """Draw the force of one twitch in its phases, with a healthy one beside it where that differs."""
    curves = [twitch] if healthy is None else [healthy, twitch]
    end_s = max(phases(curve)[-1].stop_s for curve in curves)
    time_s = np.linspace(0.0, end_s, POINTS)
    peak_n = max(curve.peak_force_n for curve in curves)
    with _figure(3.2) as (figure, axes):
        if healthy is not None:
            axes.plot(
                1e3 * time_s, healthy.force_n(time_s) / peak_n, color=GRAY, ls=(0, (4, 2)), label=tell(say("healthy"))
            )
        axes.plot(1e3 * time_s, twitch.force_n(time_s) / peak_n, color=BLUE, lw=2.4, label=drawable(label))
        _phases(axes, twitch)
        axes.set_xlabel(tell(say("milliseconds after the nerve fires")))
        axes.set_ylabel(tell(say("force")))
        axes.set(yticks=[], ylim=(0, 1.32), xlim=(0, 1e3 * end_s))
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
        return as_svg(figure, "twitch")


_ODDS_TICKS = (
    (1e-6, say("1 in"), digits("1,000,000")),
    (1e-4, say("1 in"), digits("10,000")),
    (1e-2, say("1 in"), digits("100")),
    (0.1, say("1 in"), digits("10")),
    (0.5, say("1 in"), digits("2")),
    (0.9, say("9 in"), digits("10")),
    (0.99, say("99 in"), digits("100")),
)
"""Probabilities at which a mark stands, and the two lines below it: "1 in" above "10,000"."""


def _log_odds(probability: float) -> float:
    inside = min(max(probability, 1e-7), 1 - 1e-3)  # beyond these ends the figure is cut; the text has the number
    return math.log10(inside / (1 - inside))


def _on_odds_scale(row: Row) -> Row:
    value, low, high = (_log_odds(one) for one in (row.value, row.low, row.high))
    return Row(label=row.label, said=row.said, value=value, low=low, high=high)


def _under_tick(axes: "Axes", place: float, text: str) -> None:
    # a line of its own, because the page's font may be narrower than the one that text is laid out with here
    axes.annotate(
        text,
        (place, 0),
        xycoords=("data", "axes fraction"),
        xytext=(0, -3 * SMALL + 2),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL,
    )


def drawable(text: str) -> str:
    """Return a label told with the letters that every system has, cut where it would not fit the width."""
    plain = "".join(letter if ord(letter) < DRAWABLE else "?" for letter in tell(text))
    return plain if len(plain) <= LETTERS else f"{plain[: LETTERS - 1]}…"


def _row_text(axes: "Axes", place: int, left: str, right: str) -> None:
    frame = axes.get_yaxis_transform()
    axes.text(0, place - 0.2, drawable(left), transform=frame, ha="left", va="bottom")
    axes.text(1, place - 0.2, drawable(right), transform=frame, ha="right", va="bottom", fontweight="bold")


def _dots(axes: "Axes", rows: Sequence[Row]) -> None:
    for place, row in enumerate(rows):
        _row_text(axes, place, row.label, row.said)
        if row.bound_only:
            axes.barh(place, row.high, height=0.2, facecolor="white", edgecolor=GRAY, hatch="////")
            continue
        axes.plot([row.low, row.high], [place, place], color=GRAY, lw=5, alpha=0.45, solid_capstyle="butt")
        axes.plot([row.low, row.high], [place, place], color=GRAY, marker="|", ls="none", ms=9, mew=1.5)
        axes.plot([row.value], [place], color=BLUE, marker="o", ms=9)
    axes.set_ylim(len(rows) - 0.55, -0.7)


def _raster_row(axes: "Axes", place: int, row: RasterRow, scale: float) -> None:
    _row_text(axes, place, row.label, say_many("{count:,} event", "{count:,} events", count=row.times_s.size))
    low, height = place - 0.12, 0.44
    axes.broken_barh([(0, row.duration_s / scale)], (low, height), facecolor=PALE, edgecolor=GRAY, lw=0.8, hatch="////")
    rest = [(start / scale, (stop - start) / scale) for start, stop in row.rest_s]
    axes.broken_barh(rest, (low, height), facecolor="white", edgecolor=GRAY, lw=0.8)
    if row.times_s.size:
        axes.add_patch(PathPatch(_ticks(row, scale, low, height), edgecolor=BLUE, facecolor="none", lw=1.4))


def _ticks(row: RasterRow, scale: float, low: float, height: float) -> Path:
    """Return all events of a row as one path, without those that would be drawn over each other."""
    step = row.duration_s / BINS
    times = np.unique(np.round(row.times_s / step)) * step / scale
    ends = np.column_stack([times, np.full_like(times, low), times, np.full_like(times, low + height)]).reshape(-1, 2)
    return Path(ends, [Path.MOVETO, Path.LINETO] * times.size)


def _raster_legend(figure: Figure) -> None:
    keys = [
        Patch(facecolor="white", edgecolor=GRAY, label=tell(say("at rest: counted"))),
        Patch(facecolor=PALE, edgecolor=GRAY, hatch="////", label=tell(say("in use or unclear"))),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), frameon=False)


def _phases(axes: "Axes", twitch: Twitch) -> None:
    for digit, phase in zip("123", phases(twitch), strict=True):
        axes.axvline(1e3 * phase.stop_s, color=GRAY, lw=1, ls=":", ymax=0.86)
        middle_ms = 1e3 * (phase.start_s + phase.stop_s) / 2
        axes.text(middle_ms, 1.16, digit, ha="center", va="bottom", fontweight="bold")
    axes.set_title(tell(say("1 latent period · 2 contraction · 3 relaxation")), fontsize=SMALL)


@contextmanager
def drawing(height: float) -> Iterator[Figure]:
    """Give an empty figure of a phone's width and a height in inches, to be drawn and turned into SVG inside."""
    with _DRAWING, mpl.rc_context(_STYLE):
        yield Figure(figsize=(WIDTH, height), layout="constrained")


@contextmanager
def _figure(height: float) -> Iterator[tuple[Figure, "Axes"]]:
    with drawing(height) as figure:
        axes = figure.add_subplot()
        axes.set_yticks([])
        axes.spines[["left", "right", "top"]].set_visible(False)
        yield figure, axes


def as_svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG element for a page: no declarations, ids of its own, hidden from screen readers."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    _tell_numbers(figure)
    figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r" font-family: [^;\"]*;?", "", text)  # the page's own font
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(xlink:)?href="#', f'href="#{name}-', text)
    text = text.replace("url(#", f"url(#{name}-")
    return re.sub(
        r'<svg [^>]*viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true" focusable="false">', text
    )


class _Told(ScalarFormatter):
    """Writes the numbers of an axis as the reader's language does."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return tell(digits(super().__call__(x, pos)))


def _tell_numbers(figure: Figure) -> None:
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(_Told())


def standing_alone(svg: str, alt: str) -> str:
    """Return SVG with its name space and its words, and with attributes where a page may refuse styles."""
    inside = re.sub(r' style="([^"]*)"', lambda found: _attributes(found[1]), svg[svg.index(">") :])
    box = re.search(r'viewBox="[^"]*"', svg)
    words = f'role="img" aria-label="{escape(tell(alt))}" font-family="sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box[0] if box else ""} {words}{inside}'


def _attributes(style: str) -> str:
    pairs = (one.partition(":") for one in style.split(";") if one.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)
