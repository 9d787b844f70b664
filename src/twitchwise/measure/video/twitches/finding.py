"""Finds the visible twitches of a film in its field of motion, and measures them."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.twitches.candidates import found_by_law
from twitchwise.measure.video.twitches.chance import FalseAlarmLaw
from twitchwise.measure.video.twitches.course import LocalMovement, described, separate
from twitchwise.measure.video.twitches.doubts import doubts_of
from twitchwise.measure.video.twitches.evenly import made_even
from twitchwise.measure.video.twitches.findings import Looked, measurements_of
from twitchwise.measure.video.twitches.restless import sentence
from twitchwise.measure.video.twitches.scene import TwitchScene, twitch_scene
from twitchwise.measure.video.twitches.settings import TwitchSettings, twitch_settings
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Measurement
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_many, together

LEAST_SAMPLES = 16  # fewer give no spectrum
FEW_TOLD = 12  # blocks with texture, below which the picture's own movement cannot be told from a twitch
OF_ALL = 2.0  # times what one of middle course and width needs: at it 95 in 100 of 192 rendered twitches were found
SURELY = 1.645  # standard deviations by which a twitch must lie over the threshold for 95 in 100 to be found


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundTwitches:
    """The visible twitches of a film.

    Parameters
    ----------
    events
        Twitches in order: start, peak and end in seconds, size in pixels, place in pixels.
    measurements
        Count, rate, duration and so on; empty where nothing can be said.
    looked_s
        Seconds in which at least half of the picture could be judged.
    heat_map
        How far each part of the picture moved by itself in the times of twitches, or all the time where there was none:
        root mean square in pixels, shape ``(rows, columns)``.
    warnings
        What a reader must know, one sentence each.
    summary
        One sentence.
    """

    events: EventTrain
    measurements: tuple[Measurement, ...]
    looked_s: float
    heat_map: FloatArray
    warnings: tuple[str, ...]
    summary: str


def find_twitches(field: MotionField, *, channel: str = "movement", progress: Progress | None = None) -> FoundTwitches:
    """Find the visible twitches in a field of motion.

    Camera motion, breathing, and the tremor of a limb as a whole are taken out. What is left is searched for local
    movements with the course of a twitch; the threshold follows from a rate of false alarms.

    Parameters
    ----------
    field
        Displacement of each block of the picture over time, of one region of skin.
    channel
        What the events and measurements are said to be on.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    FoundTwitches
        Where the film is too short or shows too little texture there is no measurement, and a warning says why.
    """
    settings = twitch_settings()
    if field.times_s.size < LEAST_SAMPLES or field.times_s[-1] < settings.looked_least_s:
        return _nothing(field, channel, _too_short(float(field.times_s[-1]), settings))
    even = made_even(field)
    told = int(even.told.sum())
    if told < FEW_TOLD:
        return _nothing(field, channel, _too_few(told))
    tell = progress or (lambda _: None)
    tell(0.0)
    scene = twitch_scene(even, tell)
    found, law = found_by_law(scene, settings.false_alarms_per_hour)
    if law is None or scene.looked_s < settings.looked_least_s:
        return _nothing(field, channel, _too_short(scene.looked_s, settings))
    movements = separate([described(scene, one) for one in found])
    twitches = [one for one in movements if one.end_s - one.start_s <= settings.longest_s]
    width_px = field.columns * field.block_px
    unrest = sentence(scene.restless, scene.field)
    said = (unrest,) if unrest else ()
    looked = Looked(
        seconds=scene.looked_s,
        least_px=_least_sizes(scene, law, settings),
        channel=channel,
        doubts=(*doubts_of(twitches, width_px, settings), *said),
    )
    return FoundTwitches(
        events=_train(twitches, law, channel, field),
        measurements=tuple(measurements_of(twitches, looked)),
        looked_s=scene.looked_s,
        heat_map=_heat_map(scene, twitches),
        warnings=(*_slow(len(movements) - len(twitches), settings), *said),
        summary=together([_summary(twitches, looked), *said]),
    )


def _too_few(told: int) -> str:
    return say_many(
        "Not enough to answer whether skin twitches: {count} part of the picture has texture and could be followed "
        "most of the time, not {needed}.",
        "Not enough to answer whether skin twitches: {count} parts of the picture have texture and could be followed "
        "most of the time, not {needed}.",
        count=told,
        needed=FEW_TOLD,
    )


def _too_short(length_s: float, settings: TwitchSettings) -> str:
    return say(
        "Not enough to answer whether skin twitches: {length_s:.3g} s could be judged, {least_s:.3g} s are needed.",
        length_s=length_s,
        least_s=settings.looked_least_s,
    )


def _nothing(field: MotionField, channel: str, why: str) -> FoundTwitches:
    return FoundTwitches(
        events=EventTrain(kind=EventKind.VISIBLE_TWITCH, channel=channel),
        measurements=(),
        looked_s=0.0,
        heat_map=np.zeros((field.rows, field.columns)),
        warnings=(why,),
        summary=why,
    )


def _train(twitches: list[LocalMovement], law: FalseAlarmLaw, channel: str, field: MotionField) -> EventTrain:
    last_s = float(field.times_s[-1])
    start_s, peak_s, end_s = (
        np.clip([getattr(one, name) for one in twitches], 0, last_s) for name in ("start_s", "peak_s", "end_s")
    )
    return EventTrain(
        kind=EventKind.VISIBLE_TWITCH,
        channel=channel,
        start_s=start_s,
        peak_s=np.maximum(peak_s, start_s),
        end_s=np.maximum(end_s, peak_s),
        peak=np.array([one.size_px for one in twitches]),
        probability=_probabilities(twitches, law),
        place=np.array([one.place_px for one in twitches]).reshape(-1, 2),
    )


def _probabilities(twitches: list[LocalMovement], law: FalseAlarmLaw) -> FloatArray:
    """Return how probable each is no false alarm: chance alone would give so many as surprising in a minute."""
    per_min = law.rate_per_hour(np.array([one.surprise for one in twitches])) / 60
    return np.asarray(np.clip(1 / (1 + per_min), 1e-6, 1.0))


def _least_sizes(scene: TwitchScene, law: FalseAlarmLaw, settings: TwitchSettings) -> FloatArray:
    """Return the least size at which 95 in 100 twitches would have been found, at each place."""
    threshold = law.threshold(settings.false_alarms_per_hour)
    least = [
        np.where(
            one.spreads > 0, (np.sqrt(2 * one.law.unleveled(threshold)) + SURELY) / np.maximum(one.spreads, 1e-9), 0
        )
        for one in scene.responses
    ]
    middle = np.median(least, axis=0) if least else np.zeros(0)
    return np.asarray(OF_ALL * middle[middle > 0], dtype=np.float64)


def _heat_map(scene: TwitchScene, twitches: list[LocalMovement]) -> FloatArray:
    field, rate_hz = scene.field, scene.field.rate_hz
    moving = np.zeros(field.n_samples, np.bool_)
    for one in twitches:
        moving[max(0, int(one.start_s * rate_hz)) : int(one.end_s * rate_hz) + 1] = True
    chosen = scene.left_px[moving] if moving.any() else scene.left_px
    level = np.median(scene.left_px, axis=0)
    power = np.square(np.where(field.trust > 0, chosen - level, 0)).mean(axis=0).sum(axis=1)
    return np.asarray(np.sqrt(power), dtype=np.float64).reshape(field.rows, field.columns)


def _slow(number: int, settings: TwitchSettings) -> tuple[str, ...]:
    if not number:
        return ()
    return (
        say_many(
            "{count} local movement took longer than {longest_s:.3g} s and is not counted as a twitch.",
            "{count} local movements took longer than {longest_s:.3g} s and are not counted as twitches.",
            count=number,
            longest_s=settings.longest_s,
        ),
    )


def _summary(twitches: list[LocalMovement], looked: Looked) -> str:
    if not twitches:
        return say("Film: no twitch seen in {time_s:.3g} s.", time_s=looked.seconds)
    return say_many(
        "Film: {count} visible twitch in {time_s:.3g} s.",
        "Film: {count} visible twitches in {time_s:.3g} s.",
        count=len(twitches),
        time_s=looked.seconds,
    )
