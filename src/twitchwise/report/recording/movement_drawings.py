"""The figures of recorded movement, as far as there is something to draw: traces with events, a map of a picture."""

from collections.abc import Iterator, Sequence

import numpy as np

from twitchwise.examine import ExaminedRecording
from twitchwise.report.display import clean, duration, quantity, scale_of
from twitchwise.report.recording.figure import Figure, Numbers, figure_of, left_out_said
from twitchwise.report.recording.figures import EventRow
from twitchwise.report.recording.movement_figures import Envelope, heat_map_svg, trace_svg
from twitchwise.report.recording.movements import MovementStory
from twitchwise.report.recording.words import EVENT_NAMES
from twitchwise.report.wording import EVENT_WORDS
from twitchwise.signals import Channel, EventTrain, Recording
from twitchwise.vocabulary import TwitchwiseError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import digits, say, say_many, together

EVENTS_LISTED = 400
_BINS = 900
_BLOCK_S = 300.0
_LEAST_LASTING_S = 1.0  # events that last less on the whole are drawn as lines


def movement_figures(examined: ExaminedRecording, story: MovementStory, key: str) -> Iterator[Figure]:
    """Give the figures of one sensor or part of a picture.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    story
        What is told of the sensor.
    key
        Begins the names of its figures; different for each sensor of a page.
    """
    if story.channel is None:
        return
    trains = [one for one in examined.result.events if one.channel == story.channel and len(one)]
    channels = examined.recording.members(story.channel)
    if channels:
        yield from _trace(examined.recording, channels, trains, key)
    yield from _heat(examined, trains, key)


def _trace(
    recording: Recording, channels: Sequence[Channel], trains: Sequence[EventTrain], key: str
) -> Iterator[Figure]:
    try:
        envelope = envelope_of(recording, channels)
    except TwitchwiseError:
        return  # its file is not there any more: the numbers stand without the figure
    name, duration_s = f"{key}-trace", channels[0].duration_s
    said = [say("{count} {events}", count=len(train), events=EVENT_WORDS[train.kind]) for train in trains]
    events = together(said, "; ") if said else say("no events")
    yield figure_of(
        name,
        say("the movement over time"),
        trace_svg(envelope, [_row(train) for train in trains], name),
        alt=say("Trace of {time} with {events}.", time=duration(duration_s), events=events),
        caption=_caption(channels, trains),
        numbers=_numbers(trains, channels[0].unit),
    )


def _caption(channels: Sequence[Channel], trains: Sequence[EventTrain]) -> str:
    said = [say("The signal, least and greatest of each moment.")]
    if len(channels) > 1:
        said = [say("The distance of the sensor's axes from their median, least and greatest of each moment.")]
    return together([*said, say("Below it, the events that were found.")] if trains else said)


def envelope_of(recording: Recording, channels: Sequence[Channel]) -> Envelope:
    """Return the trace of a channel, or the distance of a sensor's axes from their medians, ready to be drawn."""
    first = channels[0]
    edges = np.linspace(0.0, first.duration_s, min(_BINS, max(first.n_samples, 1)) + 1)
    least, greatest = np.full(edges.size - 1, np.nan), np.full(edges.size - 1, np.nan)
    for start in np.arange(0.0, first.duration_s, _BLOCK_S):
        values = _one_row(recording, channels, float(start))
        times = start + np.arange(values.size) / first.sampling_rate_hz
        bins = np.minimum(np.searchsorted(edges, times, side="right") - 1, edges.size - 2)
        known = np.isfinite(values)
        np.fmin.at(least, bins[known], values[known])
        np.fmax.at(greatest, bins[known], values[known])
    scale, name = scale_of(first.unit, float(np.nanmax(np.abs(greatest), initial=0.0)))
    return Envelope(edges_s=edges, least=least / scale, greatest=greatest / scale, unit_name=name)


def _one_row(recording: Recording, channels: Sequence[Channel], start_s: float) -> FloatArray:
    axes = np.stack([recording.read(one.name, start_s, start_s + _BLOCK_S) for one in channels])
    if len(channels) == 1:
        return np.asarray(axes[0])
    known = np.isfinite(axes).all(axis=0)
    middle = np.median(axes[:, known], axis=1, keepdims=True) if known.any() else np.zeros((len(axes), 1))
    return np.asarray(np.linalg.norm(axes - middle, axis=0))


def _row(train: EventTrain) -> EventRow:
    label = EVENT_WORDS[train.kind]
    if float(np.median(train.end_s - train.start_s)) < _LEAST_LASTING_S:
        return EventRow(label=label, times_s=train.peak_s)
    spans = tuple(zip(train.start_s.tolist(), train.end_s.tolist(), strict=True))
    return EventRow(label=label, times_s=np.empty(0), spans_s=spans)


def _numbers(trains: Sequence[EventTrain], unit: Unit) -> Numbers:
    rows = sorted((row for train in trains for row in _event_rows(train, unit)), key=lambda row: float(row[0]))
    return Numbers(
        columns=(
            say("Start, s"),
            say("Greatest, s"),
            say("End, s"),
            say("Kind"),
            say("Size"),
            say("Probability"),
        ),
        rows=tuple(rows[:EVENTS_LISTED]),
        left_out=left_out_said(len(rows) - EVENTS_LISTED),
    )


def _event_rows(train: EventTrain, unit: Unit) -> Iterator[tuple[str, ...]]:
    for event in train:
        times = (digits(f"{time_s:.3f}") for time_s in (event.start_s, event.peak_s, event.end_s))
        yield *times, EVENT_NAMES[train.kind], quantity(event.peak, unit), digits(f"{event.probability:.2f}")


def _heat(examined: ExaminedRecording, trains: Sequence[EventTrain], key: str) -> Iterator[Figure]:
    film = examined.film
    if film is None or film.heat_map is None:
        return
    places = np.concatenate([np.empty((0, 2)), *(train.place for train in trains)])
    size, name = (film.video.width, film.video.height), f"{key}-map"
    most = float(np.nanmax(film.heat_map, initial=0.0))
    yield figure_of(
        name,
        say("where it moved"),
        heat_map_svg(film.heat_map, size, places, name),
        alt=say(
            "Map of {name}: up to {size} of motion; {events}.",
            name=clean(film.video.name),
            size=quantity(most, Unit.PIXEL),
            events=say_many("{count} event", "{count} events", count=len(places)),
        ),
        caption=say(
            "How much each part of the picture moved by itself, without the motion of the camera. "
            "A cross marks where an event was greatest."
        ),
        numbers=Numbers(
            columns=(say("Event"), say("x, px"), say("y, px")),
            rows=tuple((str(i), f"{x:.0f}", f"{y:.0f}") for i, (x, y) in enumerate(places.tolist(), start=1)),
        ),
    )
