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
from twitchwise.vocabulary.text import digits, say, say_many, together

_CHANNEL = "muscle"
_PICTURES_LEAST = 3
_PER_MIN = 60.0


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
            say(
                "film must have {least} pictures or more to show a twitch, got {count} in {film!r}.",
                least=_PICTURES_LEAST,
                count=video.n_frames,
                film=video.name,
            )
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
    method = _method(found, settings)
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
        method=say("{method}; those seen in this film, with the interval of a Poisson count.", method=method),
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
            method=say(
                "{method}; counted in {looked_s:.3g} s, with the interval of a Poisson count.",
                method=method,
                looked_s=found.looked_s,
            ),
        )
    if count:
        yield from _sizes(found, method)


def _method(found: UltrasoundTwitches, settings: UltrasoundSettings) -> str:
    return say(
        "Brief movement of at least {least_px:.2g} pixels in {apart_ms:.3g} ms of part of the tissue by itself, "
        "lasting up to {longest_s:.2g} s; found by changes of brightness far above what each part mostly shows, "
        "confirmed by displacement (least squares on gradients, Lucas and Kanade 1981)",
        least_px=found.least_px,
        apart_ms=1000 * found.apart_s,
        longest_s=settings.duration_longest_s,
    )


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
            method=say("{method}; the median of {count}.", method=method, count=len(twitches)),
            doubts=_few(len(twitches)),
        )


_FOR_INTERVAL = 6
_NAMED = 5


def _few(count: int) -> tuple[str, ...]:
    return () if count >= _FOR_INTERVAL else (say("From {count} only: the interval is their range.", count=count),)


def _short(found: UltrasoundTwitches, settings: UltrasoundSettings) -> tuple[str, ...]:
    return (
        say(
            "Looked for {looked_s:.3g} s only, of {least_s:g} s or more that a rate needs.",
            looked_s=found.looked_s,
            least_s=settings.looked_least_s,
        ),
    )


def _quality(video: Video, found: UltrasoundTwitches) -> ChannelQuality:
    return ChannelQuality(
        channel=_CHANNEL,
        sampling_rate_hz=video.frame_rate_hz,
        duration_s=video.duration_s,
        usable=True,
        unit=Unit.PIXEL,
        statements=(
            say(
                "Movement of {least_px:.2g} pixels and more in {apart_ms:.3g} ms can be seen.",
                least_px=found.least_px,
                apart_ms=1000 * found.apart_s,
            ),
            say("Ultrasound shows twitches of the muscle under the probe alone, also those too deep for the eye."),
        ),
    )


def _warnings(found: UltrasoundTwitches) -> Iterator[str]:
    if found.pulse:
        yield say(
            "{count} movements recur in one place as evenly as a pulse and are not counted; a twitch evoked at "
            "even intervals would look alike.",
            count=found.pulse,
        )
    if found.probe_s > 0:
        yield say(
            "The whole picture moved for {probe_s:.2g} s, as when the probe moves; not looked at there.",
            probe_s=found.probe_s,
        )
    if found.long_s > 0:
        yield say(
            "Tissue moved for longer than a twitch lasts, for {long_s:.2g} s in all; not looked at there.",
            long_s=found.long_s,
        )


def _summary(found: UltrasoundTwitches) -> str:
    count = len(found.twitches)
    if not count:
        return say("Ultrasound: no twitch seen in {looked_s:.3g} s.", looked_s=found.looked_s)
    if count > _NAMED:
        return say_many(
            "Ultrasound: {count} twitch seen in {looked_s:.3g} s.",
            "Ultrasound: {count} twitches seen in {looked_s:.3g} s.",
            count=count,
            looked_s=found.looked_s,
        )
    return say_many(
        "Ultrasound: {count} twitch (at {times} s) seen in {looked_s:.3g} s.",
        "Ultrasound: {count} twitches (at {times} s) seen in {looked_s:.3g} s.",
        count=count,
        times=together([digits(f"{one.peak_s:.4g}") for one in found.twitches], ", "),
        looked_s=found.looked_s,
    )
