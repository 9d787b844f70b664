"""Measures tremor on every motion sensor of a recording, and on the recording as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.motion.sensors import MotionSensor, motion_sensors
from twitchwise.measure.motion.tremor.findings import (
    events_of,
    hand_acceleration,
    measurements_of,
    not_enough,
    probability_of,
)
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor, look_at
from twitchwise.measure.motion.tremor.presence import Presence, Verdict, presence
from twitchwise.measure.motion.tremor.quality import lost_times, quality_of, unusable
from twitchwise.measure.motion.tremor.reemergence import reemergence
from twitchwise.measure.motion.tremor.settings import TremorSettings, tremor_settings
from twitchwise.measure.motion.tremor.titubation import titubation
from twitchwise.measure.motion.tremor.two_sides import two_sides
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.signals import Recording
from twitchwise.vocabulary import Measurement, Task, UnreadableRecordingError
from twitchwise.vocabulary.text import say, together

_TASK_IDS = {
    Task.REST: "rest_tremor_probability",
    Task.POSTURE: "postural_tremor_probability",
    Task.ACTION: "action_tremor_probability",
    Task.STANDING: "standing_tremor_probability",
}


def measure_tremor(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements | None:
    """Measure whether there is a tremor, how fast and how large it is, or say that it cannot be answered.

    Parameters
    ----------
    recording
        With channels of acceleration, angular velocity, angle or displacement.
    asked
        The task that the person did, where the sensors were, as far as the file does not say.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    RecordingMeasurements or None
        ``None`` where there is no motion sensor. A frequency and a size are given only where there is a tremor.

    Raises
    ------
    UnreadableRecordingError
        If there are motion sensors and none of them can be judged.
    """
    sensors = motion_sensors(recording, asked)
    if not sensors:
        return None
    settings = tremor_settings()
    looked = list(_looked_at(recording, sensors, asked, settings, progress))
    shown = [found for _, found in looked if isinstance(found, SensorTremor)]
    if not shown:
        raise UnreadableRecordingError(_refusal(recording, looked))
    return RecordingMeasurements(
        measurements=tuple(_measurements(shown, asked, settings)),
        events=tuple(events_of(one) for one in shown),
        quality=tuple(_quality(looked)),
        rest={},
        warnings=tuple(_warnings(shown)),
        summary=_summary(shown),
        unusable={one.sensor.name: lost for one in shown if (lost := lost_times(one)).spans},
    )


def _refusal(recording: Recording, looked: Sequence[tuple[MotionSensor, SensorTremor | str]]) -> str:
    return say(
        "motion in {recording!r} must be judged for tremor, got {reasons}",
        recording=recording.name,
        reasons=together([say("{sensor}: {reason}", sensor=one.name, reason=found) for one, found in looked], "; "),
    )


def sensors_looked_at(recording: Recording, asked: Asked) -> tuple[SensorTremor, ...]:
    """Return what every usable motion sensor shows, for those who compare several recordings."""
    looked = _looked_at(recording, motion_sensors(recording, asked), asked, tremor_settings(), lambda _: None)
    return tuple(found for _, found in looked if isinstance(found, SensorTremor))


def strongest(shown: Sequence[SensorTremor]) -> SensorTremor:
    """Return the sensor that speaks for the whole: the one with the most certain tremor, of equals the largest."""
    return max(shown, key=lambda one: (one.tremor is not None, one.presence.log_odds, hand_acceleration(one)))


def _looked_at(
    recording: Recording,
    sensors: Sequence[MotionSensor],
    asked: Asked,
    settings: TremorSettings,
    progress: Progress,
) -> Iterator[tuple[MotionSensor, SensorTremor | str]]:
    for number, sensor in enumerate(sensors):
        told = partial(_told_of_sensor, progress, number, len(sensors))
        yield sensor, look_at(recording, sensor, asked, settings, told)


def _told_of_sensor(progress: Progress, number: int, n_sensors: int, share: float) -> None:
    progress((number + share) / n_sensors)


def _measurements(shown: Sequence[SensorTremor], asked: Asked, settings: TremorSettings) -> Iterator[Measurement]:
    for one in shown:
        yield from measurements_of(one)
    whole = strongest(shown)
    yield probability_of(whole.presence, "tremor_probability", None)
    if whole.tremor is not None and len(shown) > 1:
        frequency = next(each for each in measurements_of(whole) if each.id == "tremor_frequency")
        yield replace(
            frequency,
            channel=None,
            method=together([frequency.method, say("Of {sensor}.", sensor=whole.sensor.name)]),
        )
    if asked.task is not None:
        yield probability_of(_by_task(shown, asked.task, settings), _TASK_IDS[asked.task], None)
    for one in shown:
        delay = reemergence(one) if asked.task in {None, Task.POSTURE} else None
        if delay is not None and (asked.task is Task.POSTURE or not delay.doubts):
            yield delay
    yield from two_sides(shown)
    yield from titubation(shown, settings)


def _by_task(shown: Sequence[SensorTremor], task: Task, settings: TremorSettings) -> Presence:
    """Return the most certain verdict; of a standing person only the band of orthostatic tremor counts."""
    within = (settings.orthostatic_low_hz, settings.band_high_hz) if task is Task.STANDING else None
    verdicts = [presence(one.windows, one.trace, within) for one in shown]
    return max(verdicts, key=lambda verdict: verdict.log_odds)


def _quality(looked: Sequence[tuple[MotionSensor, SensorTremor | str]]) -> Iterator[ChannelQuality]:
    for sensor, found in looked:
        yield from quality_of(found) if isinstance(found, SensorTremor) else unusable(sensor, found)


def _warnings(shown: Sequence[SensorTremor]) -> Iterator[str]:
    if all(one.presence.verdict is Verdict.TOO_SMALL for one in shown):
        yield not_enough(strongest(shown).presence)
    for one in shown:
        if one.presence.verdict is Verdict.MACHINE:
            yield say(
                "{sensor}: a movement at {largest_hz:.2f} Hz keeps its rate as only a machine does, so it is "
                "not called a tremor.",
                sensor=one.sensor.name,
                largest_hz=one.presence.largest_hz,
            )
        explained = float(one.windows.unlike.sum()) * one.windows.window_s
        if explained and one.tremor is None:
            yield say(
                "{sensor}: {time_s:.3g} s have a peak like a tremor's that single jerks, steps, taps or "
                "strokes explain.",
                sensor=one.sensor.name,
                time_s=explained,
            )


def _summary(shown: Sequence[SensorTremor]) -> str:
    whole = strongest(shown)
    judged_s = whole.windows.judged_s
    if whole.tremor is not None:
        rate, share = whole.tremor.rate, float(whole.windows.tremor[whole.windows.judged].mean())
        return say(
            "Tremor of {rate:.1f} Hz ({low:.1f} to {high:.1f}) in {share:.0%} of {judged_s:.3g} s on {sensor}.",
            rate=rate.value,
            low=rate.low,
            high=rate.high,
            share=share,
            judged_s=judged_s,
            sensor=whole.sensor.name,
        )
    if all(one.presence.verdict is Verdict.TOO_SMALL for one in shown):
        return not_enough(whole.presence)
    return say("No tremor was seen in {judged_s:.3g} s of movement.", judged_s=judged_s)
