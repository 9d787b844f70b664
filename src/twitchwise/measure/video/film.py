"""A film as a whole: what it shows, what moves in it, and what is measured of that."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.filmed import FilmedMovement
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.measure.video.camera import PictureMotion
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.limb import Limb, limb_in, moves_by_itself, only
from twitchwise.measure.video.movement import Periodicity, look_for_periodicity, measurements_of
from twitchwise.measure.video.series import block_series
from twitchwise.measure.video.traces import doubts_of_times, traces_of
from twitchwise.measure.video.tracking import motion_field
from twitchwise.measure.video.twitches import FEW_TOLD, FoundTwitches, Part, find_twitches, skin_field
from twitchwise.measure.video.ultrasound import measure_ultrasound
from twitchwise.measure.video.view import judged_view
from twitchwise.signals import Video
from twitchwise.vocabulary import Measurement, Unit, UnreadableRecordingError, View
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import digits, listed, say, say_in, say_many, together

_CHANNEL = "movement"
_TRACKING = 0.8
_OF_A_LIMB = 0.4  # of the time, that its movement takes; its skin takes the rest
_SKIN_ALONE = say(
    "Twitches were looked for only in what has the color of skin, two blocks from its outline and farther in, "
    "because the limb may move before what lies behind it: film so that skin fills the picture to see all of it."
)
_VIEWS = {
    View.SKIN: say_in("what a film shows", "skin"),
    View.LIMB: say_in("what a film shows", "limb"),
    View.ULTRASOUND: say_in("what a film shows", "ultrasound"),
    View.OBJECT: say_in("what a film shows", "object"),
}
_NO_TEXTURE = say(
    "Not enough to answer: the picture is too even or too dark to tell motion. Film in more light, nearer, and sharp."
)


def measure_film(video: Video, asked: Asked, progress: Progress) -> FilmedMovement:
    """Measure what moves in a video; see `twitchwise.measure.measure_video`."""
    view = asked.view or judged_view(video)
    said = () if asked.view else (_judged(view),)
    if view is View.ULTRASOUND:
        return measure_ultrasound(video, asked, said, progress)
    tracked = skin_field if view is View.SKIN else motion_field
    part = _OF_A_LIMB if view is View.LIMB else 1.0
    field = tracked(video, lambda share: progress(_TRACKING * part * share))
    if not np.isfinite(field.least_noise_px).any():
        raise UnreadableRecordingError(together([_NO_TEXTURE, say("Got {film!r}.", film=video.name)]))
    limb = limb_in(video, field) if view is View.LIMB else None
    progress(_TRACKING * part)
    shown = look_for_periodicity(video, field, limb)
    progress(_TRACKING * part)
    twitches = _twitches(video, view, field, limb, progress)
    progress(1.0)
    return FilmedMovement(
        video=video,
        view=view,
        traces=traces_of(video, _traces(video, field, shown), asked),
        result=_result(video, view, field, shown, twitches, said),
        heat_map=twitches.heat_map if view is View.SKIN and twitches is not None else _heat_map(field, shown.camera),
    )


def _judged(view: View) -> str:
    return say(
        "What the film shows was judged from its pictures: {view}; give it if that is wrong (--view).",
        view=_VIEWS[view],
    )


def _twitches(
    video: Video, view: View, field: MotionField, limb: Limb | None, progress: Progress
) -> FoundTwitches | None:
    """Return the twitches of what can twitch: of a limb by its skin, followed alone if it moves before the room."""

    def finding(share: float) -> None:
        progress(_TRACKING + (1 - _TRACKING) * share)

    def following(share: float) -> None:
        progress(_TRACKING * (_OF_A_LIMB + (1 - _OF_A_LIMB) * share))

    if limb is None:
        return find_twitches(field, channel=_CHANNEL, progress=finding) if view is View.SKIN else None
    if limb.skin.sum() < FEW_TOLD:  # nothing to follow: that too little skin is seen is said of its few blocks
        found = find_twitches(only(field, limb.skin), channel=_CHANNEL, progress=finding)
        return replace(found, warnings=(*found.warnings, _SKIN_ALONE))
    is_alone = moves_by_itself(limb, field)
    skin = skin_field(video, following, Part.SKIN if is_alone else Part.ALL)
    found = find_twitches(skin, channel=_CHANNEL, progress=finding)
    return replace(found, warnings=(*found.warnings, _SKIN_ALONE)) if is_alone else found


def _result(
    video: Video,
    view: View,
    field: MotionField,
    shown: Periodicity,
    twitches: FoundTwitches | None,
    said: tuple[str, ...],
) -> RecordingMeasurements:
    of_twitches = () if twitches is None else (*twitches.measurements,)
    warned = (*said, *_warnings(video, field, shown), *(() if twitches is None else twitches.warnings))
    summary = _summary(shown) if twitches is None else together([twitches.summary, _summary(shown)])
    return RecordingMeasurements(
        measurements=(*measurements_of(shown, view, _CHANNEL), *(_with_doubts(one, video) for one in of_twitches)),
        events=() if twitches is None else (twitches.events,),
        quality=tuple(_quality(video, field, shown)),
        rest={},
        warnings=(*video.warnings, *warned),
        summary=summary,
    )


def _with_doubts(measured: Measurement, video: Video) -> Measurement:
    """Return a measurement with what speaks against the times of the film, where it depends on them."""
    if measured.unit in {Unit.PIXEL, Unit.COUNT}:
        return measured
    return replace(measured, doubts=(*measured.doubts, *doubts_of_times(video)))


def _traces(video: Video, field: MotionField, shown: Periodicity) -> dict[str, FloatArray]:
    traces = dict[str, FloatArray]()
    if shown.camera is not None:
        traces |= {"camera x": shown.camera.shift_px[:, 0], "camera y": shown.camera.shift_px[:, 1]}
    if shown.line is not None:
        even = np.arange(shown.line.trace_px.size) / video.frame_rate_hz
        return {_CHANNEL: np.interp(video.times_s, even, shown.line.trace_px), **traces}
    return {_CHANNEL: _most_moving(video, field, shown.camera), **traces}


def _most_moving(video: Video, field: MotionField, camera: PictureMotion | None) -> FloatArray:
    """Return the displacement of the block that moves most over its noise."""
    series = block_series(field, camera, video.frame_rate_hz)
    if not series.blocks.size:
        return np.zeros(video.n_frames)
    values = series.read(0, series.n_samples)
    over = values.std(axis=0) / np.minimum(
        field.noise_px[series.blocks, series.axes], field.least_noise_px[series.blocks]
    )
    best = values[:, int(np.argmax(over))]
    trace: FloatArray = np.interp(video.times_s, np.arange(best.size) / video.frame_rate_hz, best - best.mean())
    return trace


def _heat_map(field: MotionField, camera: PictureMotion | None) -> FloatArray:
    """Return how much each block moved by itself, root mean square over noise, shape ``(rows, columns)``."""
    told = np.isfinite(field.least_noise_px)
    heat = np.zeros(len(field.centers_px))
    shift = field.shift_px[:, told].astype(np.float64)
    if camera is not None:
        shift -= camera.at(field.centers_px[told])
    variance = np.nan_to_num(np.nanvar(shift, axis=0)).sum(axis=1)
    heat[told] = np.sqrt(np.maximum(variance - np.square(field.least_noise_px[told]), 0))
    return np.reshape(heat, (field.rows, field.columns))


def _quality(video: Video, field: MotionField, shown: Periodicity) -> Iterator[ChannelQuality]:
    told = np.isfinite(field.least_noise_px)
    noise = float(np.median(field.least_noise_px[told]))
    names = [_CHANNEL, *(["camera x", "camera y"] if shown.camera is not None else [])]
    for name in names:
        yield ChannelQuality(
            channel=name,
            sampling_rate_hz=video.frame_rate_hz,
            duration_s=video.duration_s,
            usable=True,
            unit=Unit.PIXEL,
            noise_rms=noise,
            statements=(
                say(
                    "{share:.0%} of the picture has texture enough to tell motion, to {noise:.2g} pixels a picture.",
                    share=float(told.mean()),
                    noise=noise,
                ),
                say(
                    "Movement of up to {highest_hz:.3g} Hz can be told; faster movement looks slower.",
                    highest_hz=video.frame_rate_hz / 2,
                ),
            ),
        )


def _warnings(video: Video, field: MotionField, shown: Periodicity) -> Iterator[str]:
    if shown.found is None:
        yield say(
            "Not enough to answer whether a movement is periodic: {duration_s:.3g} s of film hold too few "
            "cycles, or too little of the picture has texture.",
            duration_s=video.duration_s,
        )
    if shown.lamps_hz:
        yield say(
            "The light flickers, which {rate_hz:.4g} pictures per second show at {rates} Hz: a movement "
            "there is not looked for.",
            rate_hz=video.frame_rate_hz,
            rates=listed([digits(f"{rate:.3g}") for rate in shown.lamps_hz]),
        )
    if field.joins:
        yield say_many(
            "The picture changed so much {count} time that motion was followed anew from there; "
            "displacements may jump.",
            "The picture changed so much {count} times that motion was followed anew from there; "
            "displacements may jump.",
            count=len(field.joins),
        )


def _summary(shown: Periodicity) -> str:
    if shown.found is None:
        return say("Film: not enough to answer whether a movement is periodic.")
    if shown.line is None:
        return say("Film: no periodic movement seen.")
    return say(
        "Film: movement at {frequency_hz:.3g} Hz, {amplitude_px:.2g} pixels to each side.",
        frequency_hz=shown.line.frequency_hz,
        amplitude_px=shown.line.amplitude_px,
    )
