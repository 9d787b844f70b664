"""What a film of an ultrasound screen shows, as events and measurements with intervals, methods and doubts."""

from collections.abc import Iterator

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.filmed import FilmedMovement
from twitchwise.measure.rate_interval import count_interval, median_interval
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.measure.video.settings import UltrasoundSettings, ultrasound_settings
from twitchwise.measure.video.traces import doubts_of_times, traces_of
from twitchwise.measure.video.ultrasound.twitches import UltrasoundTwitches, find_ultrasound_twitches
from twitchwise.signals import EventTrain, Video
from twitchwise.vocabulary import EventKind, Measurement, Unit, UnreadableRecordingError, View

_CHANNEL = "muscle"
_PICTURES_LEAST = 3
_PER_MIN = 60.0
_METHOD = (
    "Brief movement of at least {least:.2g} pixels in {apart_ms:.3g} ms of part of the tissue by itself, lasting up "
    "to {longest:.2g} s; found by changes of brightness far above what each part mostly shows, "
    "confirmed by displacement "
    "(least squares on gradients, Lucas and Kanade 1981)"
)


def measure_ultrasound(video: Video, asked: Asked, said: tuple[str, ...], progress: Progress) -> FilmedMovement:
    """Count and time twitches in a film of an ultrasound screen.

    Parameters
    ----------
    video
        At least three pictures.
    asked
        What a person says of it.
    said
        What is to be said of the film beforehand.
    progress
        Is told how much is done, from 0 to 1.

    Raises
    ------
    UnreadableRecordingError
        If there are fewer pictures, or one cannot be read.
    """
    if video.n_frames < _PICTURES_LEAST:
        raise UnreadableRecordingError(
            f"film must have {_PICTURES_LEAST} pictures or more to show a twitch, "
            f"got {video.n_frames} in {video.name!r}."
        )
    settings = ultrasound_settings()
    found = find_ultrasound_twitches(video, settings, progress)
    return FilmedMovement(
        video=video,
        view=View.ULTRASOUND,
        traces=traces_of(video, {_CHANNEL: found.trace_px}, asked),
        result=RecordingMeasurements(
            measurements=tuple(_measurements(video, found, settings)),
            events=(_events(found),),
            quality=(_quality(video, found),),
            rest={},
            warnings=(*video.warnings, *said, *_warnings(found)),
            summary=_summary(found),
        ),
        heat_map=found.heat_px,
    )


def _events(found: UltrasoundTwitches) -> EventTrain:
    twitches = found.twitches
    return EventTrain(
        kind=EventKind.VISIBLE_TWITCH,
        channel=_CHANNEL,
        start_s=np.array([one.start_s for one in twitches]),
        peak_s=np.array([one.peak_s for one in twitches]),
        end_s=np.array([one.end_s for one in twitches]),
        peak=np.array([one.moved_px for one in twitches]),
        place=np.array([one.place_px for one in twitches]).reshape(-1, 2),
    )


def _measurements(video: Video, found: UltrasoundTwitches, settings: UltrasoundSettings) -> Iterator[Measurement]:
    method = _METHOD.format(least=found.least_px, apart_ms=1000 * found.apart_s, longest=settings.duration_longest_s)
    count = len(found.twitches)
    short = found.looked_s < settings.looked_least_s
    doubts = _short(found, settings) if short else ()
    doubts = (*doubts, *doubts_of_times(video))
    low, high = count_interval(count)
    yield Measurement(
        id="visible_twitch_count",
        value=count,
        low=low,
        high=high,
        unit=Unit.COUNT,
        channel=_CHANNEL,
        method=f"{method}; those seen in this film, with the interval of a Poisson count.",
    )
    if found.looked_s > 0:
        per_min = _PER_MIN / found.looked_s
        yield Measurement(
            id="visible_twitch_rate",
            value=count * per_min,
            low=low * per_min,
            high=high * per_min,
            unit=Unit.PER_MINUTE,
            channel=_CHANNEL,
            doubts=doubts,
            method=f"{method}; counted in {found.looked_s:.3g} s, with the interval of a Poisson count.",
        )
    if count:
        yield from _sizes(found, method)


def _sizes(found: UltrasoundTwitches, method: str) -> Iterator[Measurement]:
    twitches = found.twitches
    step = found.apart_s / 2
    durations = np.array([one.end_s - one.start_s for one in twitches])
    for name, values, unit, error in (
        ("visible_twitch_duration", durations, Unit.SECOND, step),
        ("ultrasound_twitch_extent", np.array([one.extent_px for one in twitches]), Unit.PIXEL, 0.0),
        ("ultrasound_twitch_displacement", np.array([one.moved_px for one in twitches]), Unit.PIXEL, 0.0),
    ):
        value, low, high = median_interval(values)
        yield Measurement(
            id=name,
            value=value,
            low=max(low - error, 0.0),
            high=high + error,
            unit=unit,
            channel=_CHANNEL,
            method=f"{method}; the median of {len(twitches)}.",
            doubts=() if len(twitches) >= _FOR_INTERVAL else (_FEW.format(count=len(twitches)),),
        )


_FOR_INTERVAL = 6
_NAMED = 5
_FEW = "From {count} only: the interval is their range."


def _short(found: UltrasoundTwitches, settings: UltrasoundSettings) -> tuple[str, ...]:
    return (f"Looked for {found.looked_s:.3g} s only, of {settings.looked_least_s:g} s or more that a rate needs.",)


def _quality(video: Video, found: UltrasoundTwitches) -> ChannelQuality:
    return ChannelQuality(
        channel=_CHANNEL,
        sampling_rate_hz=video.frame_rate_hz,
        duration_s=video.duration_s,
        usable=True,
        unit=Unit.PIXEL,
        statements=(
            f"Movement of {found.least_px:.2g} pixels and more in {1000 * found.apart_s:.3g} ms can be seen.",
            "Ultrasound shows twitches of the muscle under the probe alone, also those too deep for the eye.",
        ),
    )


def _warnings(found: UltrasoundTwitches) -> Iterator[str]:
    if found.pulse:
        yield (
            f"{found.pulse} movements recur in one place as evenly as a pulse and are not counted; a twitch evoked at "
            "even intervals would look alike."
        )
    if found.probe_s > 0:
        yield f"The whole picture moved for {found.probe_s:.2g} s, as when the probe moves; not looked at there."
    if found.long_s > 0:
        yield f"Tissue moved for longer than a twitch lasts, for {found.long_s:.2g} s in all; not looked at there."


def _summary(found: UltrasoundTwitches) -> str:
    count = len(found.twitches)
    times = ", ".join(f"{one.peak_s:.4g}" for one in found.twitches[:_NAMED])
    seen = f"{count} twitch{'' if count == 1 else 'es'}" + (f" (at {times} s)" if 0 < count <= _NAMED else "")
    return f"Ultrasound: {seen if count else 'no twitch'} seen in {found.looked_s:.3g} s."
