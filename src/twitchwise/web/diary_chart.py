"""The chart of twitches a day, as places on a drawing: a dot a day with the line of its range."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from twitchwise.diary.trend import DayCount
from twitchwise.diary.trend_words import number
from twitchwise.vocabulary.days import short_date

WIDTH, HEIGHT = 360, 230
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 12, 30
MOST_TICKS = 5
MOST_DAY_LABELS = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """A day on the drawing: where it is, where its count is, and the ends of its range."""

    x: float
    y: float
    low_y: float
    high_y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside an axis, and where it stands along it."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """All that the template draws."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    dots: tuple[Dot, ...]
    levels: tuple[Label, ...]
    days: tuple[Label, ...]


def chart_of(counts: Sequence[DayCount], first: dt.date, last: dt.date) -> Chart:
    """Return the drawing of the counts from ``first`` to ``last``.

    Parameters
    ----------
    counts
        The days that have a count.
    first, last
        The days at the ends of the drawing.
    """
    n_days = (last - first).days + 1
    step = _step(max((one.count.high for one in counts), default=1.0))
    top = step * max(math.ceil(max((one.count.high for one in counts), default=1.0) / step), 1)
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        dots=tuple(_dot(one, first, n_days, top) for one in counts),
        levels=tuple(Label(_y(level * step, top), number(level * step)) for level in range(round(top / step) + 1)),
        days=tuple(_day_labels(first, n_days)),
    )


def _step(highest: float) -> float:
    """Return a round step that leaves at most a handful of levels."""
    rough = max(highest, 1.0) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return max(float(step), 1.0)


def _x(day: int, n_days: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (day + 0.5) / n_days, 2)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 2)


def _dot(one: DayCount, first: dt.date, n_days: int, top: float) -> Dot:
    x = _x((one.day - first).days, n_days)
    return Dot(x, _y(one.count.value, top), _y(one.count.low, top), _y(one.count.high, top))


def _day_labels(first: dt.date, n_days: int) -> list[Label]:
    each = max(math.ceil(n_days / MOST_DAY_LABELS), 1)
    days = [first + dt.timedelta(days=after) for after in range(0, n_days, each)]
    return [Label(_x(after * each, n_days), short_date(day)) for after, day in enumerate(days)]
