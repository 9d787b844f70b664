"""Curves of one motor unit as SVG that a page without scripts shows: health dashed, change in a line, both named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from twitchwise.report.display import number, with_unit
from twitchwise.report.languages import tell
from twitchwise.report.one_unit.numbers import unit_for
from twitchwise.report.one_unit.wording import CURVES
from twitchwise.simulate.one_unit import Curve
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

WIDTH, HEIGHT = 360, 220  # of the drawing, in its own units: those of a phone's screen
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 12, 40  # margins
DIGITS = 5  # of a number that is sent: more than a screen shows
NOTHING = 1e-12  # of the unit that is shown; less is none
ROOM = 0.05  # of the height, above and below the curves
HEALTHY, CHANGED = say("Healthy"), say("Changed")
APART = ("emg",)  # curves that are full of noise, of which one would lie over the other
Line = tuple[str, tuple[float, ...]]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Chart:
    """A curve in the units in which it is shown; ``alt`` says in words what it holds."""

    name: str
    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    healthy: tuple[float, ...]
    changed: tuple[float, ...]
    alt: str
    apart: bool

    @property
    def svg(self) -> Markup:
        """The drawing, which stands alone; two of them, one above the other, where the curves would hide each other."""
        both = (("changed", self.changed), ("healthy", self.healthy))
        if not self.apart:
            return Markup("").join(_lines_of(self, both[::-1], self.alt))
        alone = (
            _lines_of(self, [one], say("{name}. {alt}", name=name, alt=self.alt))
            for name, one in zip((CHANGED, HEALTHY), both, strict=True)
        )
        return Markup("").join(Markup("").join(lines) for lines in alone)


def chart_of(curve: Curve) -> Chart:
    """Return a curve as it is shown."""
    both = np.concatenate([curve.healthy, curve.changed])
    scale, unit = unit_for(curve.unit, float(np.abs(both).max()))
    x_scale, x_unit = (1.0, say("pulse")) if curve.x_unit is Unit.COUNT else unit_for(curve.x_unit, float(curve.x[-1]))
    title = CURVES[curve.name]
    return Chart(
        name=curve.name,
        title=title,
        x_label=x_unit,
        y_label=unit,
        x=_rounded(curve.x / x_scale),
        healthy=_rounded(curve.healthy / scale),
        changed=_rounded(curve.changed / scale),
        alt=say("{title}. {peaks}", title=title, peaks=_peaks(curve, scale, unit)),
        apart=curve.name in APART,
    )


def _peaks(curve: Curve, scale: float, unit: str) -> str:
    tops = [number(float(values.max()) / scale) for values in (curve.healthy, curve.changed)]
    changed, healthy = with_unit(tops[1], unit), with_unit(tops[0], unit)
    return say(
        "Highest value: {changed}, healthy {healthy}. The table has the numbers.", changed=changed, healthy=healthy
    )


def _rounded(values: FloatArray) -> tuple[float, ...]:
    most = float(np.abs(values).max())
    if most < NOTHING:
        return (0.0,) * values.size
    places = DIGITS - 1 - int(np.floor(np.log10(most)))
    return tuple(np.round(values, places).tolist())


def _lines_of(chart: Chart, lines: Sequence[Line], alt: str) -> Iterator[Markup]:
    low, high = _range((*chart.healthy, *chart.changed))
    yield Markup('<svg class="chart-svg" viewBox="0 0 {} {}" role="img" aria-label="{}" focusable="false">').format(
        WIDTH, HEIGHT, tell(alt)
    )
    yield from _axes(chart, low, high)
    for name, values in lines:
        points = " ".join(_points(chart.x, values, low, high))
        yield Markup('<polyline class="line-{}" points="{}"/>').format(name, points)
    yield Markup("</svg>")


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def _points(x: Sequence[float], y: Sequence[float], low: float, high: float) -> Iterator[str]:
    span = (x[-1] - x[0]) or 1.0
    for across, up in zip(x, y, strict=True):
        left = LEFT + (WIDTH - LEFT - RIGHT) * (across - x[0]) / span
        top = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (up - low) / (high - low)
        yield f"{left:.1f},{top:.1f}"


def _axes(chart: Chart, low: float, high: float) -> Iterator[Markup]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    yield Markup('<path class="frame" d="M{},{}V{}H{}"/>').format(LEFT, TOP, bottom, right)
    for value in _ticks(low, high):
        y = bottom - (bottom - TOP) * (value - low) / (high - low)
        yield Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(LEFT - 5, y + 4, tell(number(value)))
    for value in _ticks(chart.x[0], chart.x[-1]):
        x = LEFT + (right - LEFT) * (value - chart.x[0]) / (chart.x[-1] - chart.x[0])
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            x, bottom + 16, tell(number(value))
        )
    middle = (LEFT + right) / 2
    yield Markup('<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>').format(
        middle, HEIGHT - 6, tell(chart.x_label)
    )
    yield Markup('<text x="4" y="{}">{}</text>').format(TOP - 2, escape(tell(chart.y_label)))


def _ticks(low: float, high: float) -> Iterator[float]:
    """Give some round values between two."""
    step = 10.0 ** np.floor(np.log10(high - low))
    step = next(one for one in (step / 5, step / 2, step, 2 * step, 5 * step) if (high - low) / one <= 5)  # noqa: PLR2004 - so many numbers fit
    first = int(np.ceil(low / step - 1e-9))
    while first * step <= high + 1e-9 * step:
        yield float(first * step) or 0.0
        first += 1
