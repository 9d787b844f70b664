"""The figures of a measured recording, as far as there is something to draw: events, shapes, maps, intervals, rate."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from twitchwise.examine import ExaminedRecording
from twitchwise.measure.emg.describe.over_time import RateWindow, fasciculation_intervals, rate_over_time
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.report.display import clean, duration, number, quantity
from twitchwise.report.other_activity import KIND_WORDS
from twitchwise.report.places import Place
from twitchwise.report.recording.drawings_of_units import by_events, maps_figure, shapes_figure
from twitchwise.report.recording.figure import Figure, Numbers, figure_of, left_out_said
from twitchwise.report.recording.figures import EventRow, Ground, events_svg, interval_edges, intervals_svg, rate_svg
from twitchwise.report.recording.words import EVENT_NAMES
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.text import digits, say, say_many, together

EVENTS_LISTED = 400
_ROWS_DRAWN = 12
_LEAST_INTERVALS = 5
_LEAST_WINDOWS = 2  # one window is the rate itself
# What is told one by one; all other activity lasts from a start to an end.
_ONE_BY_ONE = {EventKind.FIBRILLATION_POTENTIAL, EventKind.POSITIVE_SHARP_WAVE, EventKind.M_WAVE}


def figures_at(examined: ExaminedRecording, place: Place, key: str) -> Iterator[Figure]:
    """Give the figures of a place.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    place
        The channel or array.
    key
        Begins the names of its figures; different for each place of a page.
    """
    found = next((one for one in examined.result.potentials if one.channel == place.name), None)
    potentials = None if found is None else found.at_rest()
    yield from _events(examined, place, potentials, key)
    if potentials is not None and len(potentials):
        yield from shapes_figure(potentials, key)
        yield from maps_figure(examined, place, potentials, key)
        yield from _intervals(fasciculation_intervals(potentials), key)
        yield from _rate(rate_over_time(potentials, place.channels[0].duration_s), key)


def file_key(name: str) -> str:
    """Return what of a name may stand in the name of a file.

    Examples
    --------
    >>> file_key("EMG left/calf 1")
    'EMG_left_calf_1'
    """
    return re.sub(r"[^A-Za-z0-9-]+", "_", name).strip("_") or "channel"


def _events(
    examined: ExaminedRecording, place: Place, potentials: SortedPotentials | None, key: str
) -> Iterator[Figure]:
    mine = [train for train in examined.result.events if place.holds(train.channel) and len(train)]
    others = [train for train in mine if train.kind in KIND_WORDS]
    rows = [*_unit_rows(potentials), *map(_other_row, others)]
    rest = examined.result.rest.get(place.name)
    if rest is None or not rows:
        return
    ground = Ground(rest_s=rest.spans, unusable_s=examined.result.unusable.get(place.name, Intervals()).spans)
    duration_s, name = place.channels[0].duration_s, f"{key}-events"
    yield figure_of(
        name,
        say("events over time"),
        events_svg(rows, ground, duration_s, name),
        alt=say(
            "Events by unit over {time} on {name}. {counts}.",
            time=duration(duration_s),
            name=clean(place.name),
            counts=together(map(_count_said, rows), "; "),
        ),
        caption=say(
            "Each line is one potential. White is rest, where potentials are counted; striped is time in which the "
            "muscle was active, or too short a pause; dotted is what could not be judged: missing, flat or clipped."
        ),
        numbers=_event_numbers(potentials, others),
    )


def _count_said(row: EventRow) -> str:
    return say("{events}: {count}", events=row.label, count=max(row.times_s.size, len(row.spans_s)))


def _unit_rows(potentials: SortedPotentials | None) -> list[EventRow]:
    if potentials is None:
        return []
    likely = potentials.likely()
    numbers = by_events(likely)
    masks: list[tuple[str, BoolArray]] = [
        (say("unit {number}", number=one), likely.unit == one) for one in numbers[:_ROWS_DRAWN]
    ]
    left = numbers[_ROWS_DRAWN:]
    masks.append((say_many("{count} more unit", "{count} more units", count=len(left)), np.isin(likely.unit, left)))
    masks.append((say("not sorted"), likely.unit == 0))
    rows = [EventRow(label=label, times_s=likely.peak_s[mask]) for label, mask in masks if mask.any()]
    return rows or [EventRow(label=say("none seen"), times_s=np.empty(0))]


def _other_row(train: EventTrain) -> EventRow:
    label = KIND_WORDS[train.kind]
    if train.kind in _ONE_BY_ONE:
        return EventRow(label=label, times_s=train.peak_s)
    spans = tuple(zip(train.start_s.tolist(), train.end_s.tolist(), strict=True))
    return EventRow(label=label, times_s=np.empty(0), spans_s=spans)


def _event_numbers(potentials: SortedPotentials | None, others: Sequence[EventTrain]) -> Numbers:
    rows = [] if potentials is None else list(_potential_rows(potentials))
    rows = sorted([*rows, *(row for train in others for row in _rows_of(train))], key=lambda row: float(row[0]))
    return Numbers(
        columns=(say("Peak, s"), say("Kind"), say("Unit"), say("Peak to peak"), say("Probability")),
        rows=tuple(rows[:EVENTS_LISTED]),
        left_out=left_out_said(len(rows) - EVENTS_LISTED),
    )


def _potential_rows(potentials: SortedPotentials) -> Iterator[tuple[str, ...]]:
    sizes = [quantity(size, potentials.amplitude_unit) for size in potentials.peak_to_peak.tolist()]
    units = [str(unit) if unit else "-" for unit in potentials.unit.tolist()]
    name = EVENT_NAMES[EventKind.FASCICULATION_POTENTIAL]
    for time_s, unit, size, probability in zip(potentials.peak_s, units, sizes, potentials.probability, strict=True):
        yield digits(f"{time_s:.3f}"), name, unit, size, digits(f"{probability:.2f}")


def _rows_of(train: EventTrain) -> Iterator[tuple[str, ...]]:
    for event in train:
        unit = "-" if event.unit is None else str(event.unit)
        times_s, probability = digits(f"{event.peak_s:.3f}"), digits(f"{event.probability:.2f}")
        yield times_s, EVENT_NAMES[train.kind], unit, "-", probability


def _intervals(intervals: FloatArray, key: str) -> Iterator[Figure]:
    if intervals.size < _LEAST_INTERVALS:
        return
    name, edges = f"{key}-intervals", interval_edges(intervals)
    counts, _ = np.histogram(intervals, edges)
    least, low, median, high, most = (duration(float(one)) for one in np.percentile(intervals, [0, 25, 50, 75, 100]))
    bins = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    yield figure_of(
        name,
        say("intervals between fasciculations"),
        intervals_svg(intervals, name),
        alt=say(
            "Histogram of {count} intervals: median {median}, middle half {low} to {high}, from {least} to {most}.",
            count=intervals.size,
            median=median,
            low=low,
            high=high,
            least=least,
            most=most,
        ),
        caption=say(
            "Intervals between fasciculations in one stretch of rest, on a scale of ratios. Doublets, echoes and "
            "units that go along are one fasciculation."
        ),
        numbers=Numbers(
            columns=(say("From"), say("To"), say("Intervals")),
            rows=tuple((duration(start), duration(stop), str(count)) for start, stop, count in bins if count),
        ),
    )


def _rate(windows: Sequence[RateWindow], key: str) -> Iterator[Figure]:
    if len(windows) < _LEAST_WINDOWS:
        return
    name = f"{key}-rate"
    said = (say("from {start}: {rate}", start=duration(one.start_s), rate=_window_said(one)) for one in windows)
    yield figure_of(
        name,
        say("rate over time"),
        rate_svg(windows, name),
        alt=say(
            "Fasciculations a minute in windows of {time}: {rates}.",
            time=duration(windows[0].stop_s - windows[0].start_s),
            rates=together(said, "; "),
        ),
        caption=say(
            "Dot: rate per minute of rest in the window; bar: its 95% interval. A striped bar without a dot means "
            "that none was seen, and how many could have been missed. Windows with too little rest are left out."
        ),
        numbers=Numbers(
            columns=(say("From"), say("To"), say("At rest"), say("Fasciculations"), say("Per minute (95%)")),
            rows=tuple(map(_window_row, windows)),
        ),
    )


def _window_row(window: RateWindow) -> tuple[str, ...]:
    times = (duration(one) for one in (window.start_s, window.stop_s, window.rest_s))
    return (*times, number(window.count), _window_said(window))


def _window_said(window: RateWindow) -> str:
    if window.count == 0:
        return say("none, up to {most}", most=number(window.high))
    ends = {"low": number(window.low), "high": number(window.high)}
    return say("{value} ({low} to {high})", value=number(window.per_min), **ends)
