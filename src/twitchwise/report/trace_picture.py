"""A picture of the traces of a recording and of the events on them, as SVG that needs no script and no style.

Each trace is drawn from its least to its greatest value in each of many parts of the time; each kind of event has a
mark of its own shape, so that nothing is told by color alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

import numpy as np

from twitchwise.report.display import clean, duration, quantity
from twitchwise.report.languages import tell
from twitchwise.signals.sample_source import Rows
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_many, together

INK, BLUE, GRAY, PALE = "#212b32", "#005eb8", "#4c6272", "#d8dde0"  # those of the other figures, without matplotlib
WIDTH, LEFT, TOP, BOTTOM = 960, 120, 26, 30
HEIGHTS = (14, 70)  # least and greatest height of a row
ROOM = 420  # height that rows share where they are neither too low nor too high
LETTERS = 18  # of a channel's name
MOST_MARKS = 400
N_TICKS = 6
MARK = 5.0
REACH = 1.0  # a trace may be so many rows away from its middle; what goes beyond is cut
N_SHAPES = 6
_PATHS = (
    "M{x},{t}l{s},{d}h-{d}z",
    "M{x},{t}m-{s},0h{d}v{d}h-{d}z",
    "M{x},{t}l{s},{s}l-{s},{s}l-{s},-{s}z",
    "M{x},{t}m-{s},0h{d}l-{s},{d}z",
    "M{x},{t}v{d}m-{s},-{s}h{d}",
    "M{x},{t}m-{s},0l{d},{d}m0,-{d}l-{d},{d}",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A channel's least and greatest values, each of shape ``(n_pixels,)`` in ``unit``; NaN where there is none."""

    name: str
    unit: Unit
    low: Rows
    high: Rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """An event: its row (from 0; -1 where on none), its time, the number of its kind's shape, and whether it counts."""

    row: int
    time_s: float
    shape: int
    is_kept: bool
    is_by_hand: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """What is shown: from when to when, traces, marks, and the names of the kinds in the order of their shapes."""

    start_s: float
    stop_s: float
    traces: Sequence[Trace]
    marks: Sequence[Mark]
    kinds: Sequence[str]
    note: str = ""

    def x_of(self, time_s: float) -> float:
        """Return where a time lies."""
        return LEFT + (WIDTH - LEFT) * (time_s - self.start_s) / (self.stop_s - self.start_s)

    @property
    def row_height(self) -> float:
        """Height of a row."""
        return float(np.clip(ROOM / len(self.traces), *HEIGHTS))

    @property
    def foot(self) -> float:
        """Where the rows end."""
        return TOP + self.row_height * len(self.traces)

    @property
    def height(self) -> float:
        """Height of the whole picture."""
        return self.foot + BOTTOM + 18 * (len(self.kinds) + 1)


def trace_picture(picture: Picture, alt: str) -> str:
    """Return a picture as SVG text with a text that says what is in it."""
    body = "".join((*_rows(picture), *_marks(picture), *_axis(picture), *_legend(picture)))
    size = f'viewBox="0 0 {WIDTH} {picture.height:.0f}" width="{WIDTH}" height="{picture.height:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="traces" role="img" {size} font-family="sans-serif" '
        f'font-size="13"><title>{escape(tell(clean(alt)))}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{body}</svg>\n'
    )


def halves_of(traces: Sequence[Trace]) -> list[tuple[float, float]]:
    """Return the middle and the half height of every row, in its unit; rows of one unit have one height."""
    middles = [_finite_median((trace.low + trace.high) / 2) for trace in traces]
    reach = [
        float(np.nanmax(np.maximum(trace.high - middle, middle - trace.low), initial=0.0))
        for trace, middle in zip(traces, middles, strict=True)
    ]
    by_unit: dict[Unit, list[float]] = {}
    for trace, size in zip(traces, reach, strict=True):
        by_unit.setdefault(trace.unit, []).append(size)
    shared = {unit: float(np.median([size for size in sizes if size] or [1.0])) for unit, sizes in by_unit.items()}
    return [(middle, shared[trace.unit]) for trace, middle in zip(traces, middles, strict=True)]


def _finite_median(values: FloatArray | Rows) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else 0.0


def _rows(picture: Picture) -> Iterator[str]:
    half_row = picture.row_height / 2
    for number, (trace, (middle, half)) in enumerate(zip(picture.traces, halves_of(picture.traces), strict=True)):
        y = TOP + (number + 0.5) * picture.row_height
        yield f'<path d="M{LEFT},{y:.1f}H{WIDTH}" stroke="{PALE}" fill="none"/>'
        yield _text(LEFT - 6, y + 4, clean(trace.name)[:LETTERS], "end")
        upper, lower = (
            y - half_row * np.clip((side - middle) / half, -2 * REACH, 2 * REACH) for side in (trace.high, trace.low)
        )
        yield from _outlines(upper, lower, (WIDTH - LEFT) / trace.low.size)
    if picture.traces:
        low_high = dict(zip((trace.unit for trace in picture.traces), halves_of(picture.traces), strict=True))
        heights = together((quantity(2 * half, unit) for unit, (_, half) in low_high.items()), ", ")
        said = [say("One row is {heights} high.", heights=heights), picture.note]
        yield _text(LEFT, 16, together(filter(None, said)), "start")


def _outlines(upper: Rows, lower: Rows, step: float) -> Iterator[str]:
    """Draw each run without a gap as one closed line, at least a hair wide."""
    for is_there, run in groupby(range(upper.size), key=lambda at: bool(np.isfinite(upper[at]))):
        at = list(run)
        if is_there:
            there = [f"{LEFT + (place + 0.5) * step:.1f},{upper[place] - 0.3:.1f}" for place in at]
            back = [f"{LEFT + (place + 0.5) * step:.1f},{lower[place] + 0.3:.1f}" for place in reversed(at)]
            yield f'<path d="M{"L".join(there)}L{"L".join(back)}z" fill="{INK}" stroke="{INK}" stroke-width="0.5"/>'


def _marks(picture: Picture) -> Iterator[str]:
    seen = [mark for mark in picture.marks if picture.start_s <= mark.time_s <= picture.stop_s]
    for mark in seen[:: max(1, -(-len(seen) // MOST_MARKS))]:
        x = picture.x_of(mark.time_s)
        top = TOP + max(mark.row, 0) * picture.row_height
        ink = BLUE if mark.is_kept else GRAY
        yield f'<path d="M{x:.1f},{top:.1f}v{picture.row_height:.1f}" stroke="{ink}" stroke-dasharray="2 2"/>'
        yield _shape(mark.shape, x, top, ink, is_full=mark.is_kept)
        if not mark.is_kept:
            yield f'<path d="M{x - 6:.1f},{top + 12:.1f}l12,-14" stroke="{ink}" stroke-width="2"/>'
        if mark.is_by_hand:
            yield _text(x + 7, top + 10, "+", "start")


def _shape(number: int, x: float, top: float, ink: str, *, is_full: bool) -> str:
    path = _PATHS[number % N_SHAPES].format(x=f"{x:.1f}", t=f"{top:.1f}", s=MARK, d=2 * MARK)
    return f'<path d="{path}" fill="{ink if is_full else "none"}" stroke="{ink}" stroke-width="1.5"/>'


def _axis(picture: Picture) -> Iterator[str]:
    yield f'<path d="M{LEFT},{picture.foot:.1f}H{WIDTH}" stroke="{GRAY}" fill="none"/>'
    for number in range(N_TICKS + 1):
        time_s = picture.start_s + (picture.stop_s - picture.start_s) * number / N_TICKS
        anchor = "end" if number == N_TICKS else "middle"
        yield _text(picture.x_of(time_s), picture.foot + 18, clock(time_s, picture.stop_s - picture.start_s), anchor)


def _legend(picture: Picture) -> Iterator[str]:
    y = picture.foot + BOTTOM + 14
    for number, kind in enumerate(picture.kinds):
        yield _shape(number, LEFT, y - 9, BLUE, is_full=True)
        yield _text(LEFT + 14, y, clean(kind), "start")
        y += 18
    if picture.marks:
        yield _text(LEFT, y, say("Empty and crossed out: rejected by hand. With +: added by hand."), "start")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(tell(text))}</text>'


def clock(time_s: float, span_s: float) -> str:
    """Return a time from the start of a recording, as finely as a span that is shown needs it.

    Examples
    --------
    >>> clock(3723.5, 7200.0), clock(3.25, 1.0), clock(63.0, 60.0)
    ('1:02:03', '3.250 s', '1:03')
    """
    if span_s < N_TICKS:
        return say("{time_s:.3f} s", time_s=time_s)
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def seen_in_words(picture: Picture) -> str:
    """Return in a sentence what a picture shows, for those who cannot see it."""
    kept = sum(mark.is_kept and picture.start_s <= mark.time_s <= picture.stop_s for mark in picture.marks)
    span_s = picture.stop_s - picture.start_s
    return say(
        "{traces} over {time} from {start}, with {events}.",
        traces=say_many("Traces of {count} channel", "Traces of {count} channels", count=len(picture.traces)),
        time=duration(span_s),
        start=clock(picture.start_s, span_s),
        events=say_many("{count} event that counts", "{count} events that count", count=kept),
    )
