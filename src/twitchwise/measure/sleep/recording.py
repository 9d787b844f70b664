"""Sleep: which recordings are of one, and what their legs, jerks and small movements come to by the published rules.

A recording is one of sleep if somebody scored stages or leg movements on it, or if it shows for an hour or more leg
EMG, or an accelerometer at a leg, an arm or on the bed that lay still for most of the time. All others are left alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.measure.sleep.heart import beats_of
from twitchwise.measure.sleep.indices import About
from twitchwise.measure.sleep.jerks import Jerks, find_jerks, jerk_measurements, jerk_train
from twitchwise.measure.sleep.leads import ReadLead, read_lead, why_unusable
from twitchwise.measure.sleep.leg_results import leg_measurements
from twitchwise.measure.sleep.montage import Lead, Montage, montage_of
from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT, Movements
from twitchwise.measure.sleep.near import begins_in
from twitchwise.measure.sleep.night import Night, common, night_of
from twitchwise.measure.sleep.scoring import LegScore, score_legs
from twitchwise.measure.sleep.settings import emg_reading, jerk_rules, leg_rules, small_rules, worn_rules
from twitchwise.measure.sleep.small_movements import fragmentary_bursts, small_measurements
from twitchwise.measure.sleep.stages import ASLEEP
from twitchwise.measure.sleep.worn import ReadSensor, read_sensor, worn_jerks, worn_measurements, worn_quality
from twitchwise.signals import EventTrain, Intervals, Recording
from twitchwise.vocabulary import EventKind, Measurement, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_in, say_many, together

NOTED = "annotations"
LEGS, MUSCLES = "legs", "muscles"
_SIDES = {LEFT: say_in("side", "left"), RIGHT: say_in("side", "right")}
_JERKS_OF_SEVERAL, _JERKS_OF_ONE, _JERKS_OF_SENSOR = 0.8, 0.5, 0.5
"""How certain a jerk on falling asleep is, by what it was seen with; a judgment, no measured value."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Legs:
    """Leg movements, the channel they go by, when legs were seen, how they were found, and doubts."""

    movements: Movements
    channel: str
    looked: Intervals
    how: str
    doubts: tuple[str, ...]


def measure_sleep(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements | None:
    """Measure movements in sleep, or return ``None`` where a recording is none of sleep; see `measure_recording`.

    Raises
    ------
    UnreadableRecordingError
        If it is one of sleep but none of its channels can be used.
    """
    night, montage = night_of(recording), montage_of(recording, asked)
    leads = montage.leads if _has_emg_of_sleep(recording, night, montage) else ()
    sensors = list(_sensors(recording, night, montage))
    has_noted = _has_notes_of_sleep(recording, night)
    if not leads and not sensors and not has_noted:
        return None
    reasons = {lead.channel.name: why_unusable(recording, lead.channel) for lead in leads}
    if not sensors and not has_noted and all(reasons.values()):
        raise UnreadableRecordingError(next(iter(reasons.values())))
    beats_s = beats_of(recording) if leads else np.empty(0)
    read = list[ReadLead]()
    for count, lead in enumerate(leads, start=1):
        read += [] if reasons[lead.channel.name] else [read_lead(recording, lead, beats_s)]
        progress(count / (len(leads) + 1))
    return _result(recording, night, montage, (leads, reasons), (read, sensors))


def _has_notes_of_sleep(recording: Recording, night: Night) -> bool:
    """Tell whether leg movements were scored: in a night, or at least as many as make a series."""
    noted = night.noted.movements
    if noted is None:
        return False
    is_night = night.hypnogram is not None or recording.duration_s >= emg_reading().unstaged_least_s
    return is_night or len(noted) >= leg_rules().series_least


def _has_emg_of_sleep(recording: Recording, night: Night, montage: Montage) -> bool:
    """Tell whether EMG is that of sleep: stages were scored, or legs were recorded for an hour."""
    is_long = recording.duration_s >= emg_reading().unstaged_least_s
    return bool(montage.leads) and (night.hypnogram is not None or (is_long and bool(montage.legs)))


def _sensors(recording: Recording, night: Night, montage: Montage) -> Iterator[ReadSensor]:
    """Give the sensors that were worn in rest: for an hour or more, or where stages were scored."""
    for sensor in montage.worn:
        if night.hypnogram is None and sensor.duration_s < emg_reading().unstaged_least_s:
            continue
        read = read_sensor(recording, sensor)
        if night.hypnogram is not None or read.still_share_percent >= worn_rules().still_share_percent:
            yield read


def _result(
    recording: Recording,
    night: Night,
    montage: Montage,
    judged: tuple[Sequence[Lead], dict[str, str]],
    read: tuple[list[ReadLead], list[ReadSensor]],
) -> RecordingMeasurements:
    leads, sensors = read
    measured, events = list[Measurement](), list[EventTrain]()
    legs = _legs_of(recording, night, [one for one in leads if one.lead.leg])
    if legs is not None:
        score = score_legs(legs.movements, night.around(legs.looked), leg_rules())
        about = About(method=legs.how, channel=legs.channel, doubts=(*night.doubts, *legs.doubts))
        measured += leg_measurements(score, night, legs.looked, leg_rules(), about)
        events += _trains(legs, score, leads)
    measured += chain(_of_leads(leads, night), *(worn_measurements(one, night) for one in sensors))
    events += chain(_jerk_trains(leads, night), *(_sensor_trains(one, night) for one in sensors))
    return RecordingMeasurements(
        measurements=tuple(measured),
        events=tuple(train for train in events if len(train)),
        quality=(*_quality(leads, judged), *chain.from_iterable(worn_quality(one) for one in sensors)),
        rest={},
        warnings=tuple(_warnings(night, montage, judged[1], read)),
        summary=_summary(measured, night),
    )


def _legs_of(recording: Recording, night: Night, leads: list[ReadLead]) -> _Legs | None:
    """Return leg movements: those that somebody noted, else those found in the EMG of the legs."""
    noted = night.noted.movements
    if noted is not None:
        looked = common(Intervals.union([(0.0, recording.duration_s)]), night.lit_out)
        return _Legs(movements=noted, channel=NOTED, looked=looked, how=say("As somebody noted them."), doubts=())
    if not leads:
        return None
    looked = night.lit_out
    for one in leads:
        looked = common(looked, one.seen)
    doubts = tuple(dict.fromkeys(chain.from_iterable(one.doubts for one in leads)))
    if len({one.lead.leg for one in leads}) == 1:
        doubts = (*doubts, say("only one leg was recorded, so movements of the other are missing"))
    return _Legs(
        movements=Movements.together(one.movements for one in leads),
        channel=leads[0].name if len(leads) == 1 else LEGS,
        looked=looked,
        how=say("Found in the EMG of {channels}.", channels=", ".join(repr(one.name) for one in leads)),
        doubts=doubts,
    )


def _trains(legs: _Legs, score: LegScore, leads: Sequence[ReadLead]) -> Iterator[EventTrain]:
    """Give leg movements, a train a lead or one of what was noted, and the periodic ones of the AASM."""
    least_s = leg_rules().movement_shortest_s
    if legs.channel == NOTED:
        yield _train(EventKind.LEG_MOVEMENT, NOTED, legs.movements, legs.movements.start_s)
    for one in leads if legs.channel != NOTED else ():
        if one.lead.leg:
            lasts = (one.movements.duration_s >= least_s) & begins_in(one.movements.start_s, legs.looked)
            yield _train(EventKind.LEG_MOVEMENT, one.name, one.movements.where(lasts), one.peak_s[lasts])
    periodic = score.aasm.movements.where(score.aasm.is_periodic)
    yield _train(EventKind.PERIODIC_LEG_MOVEMENT, legs.channel, periodic, periodic.start_s, _at(legs, periodic, leads))


def _at(legs: _Legs, movements: Movements, leads: Sequence[ReadLead]) -> tuple[str, ...]:
    """Return the channel of the leg of each movement, of both legs the left one's; none where they were noted."""
    if legs.channel != LEGS:
        return ()
    names = {one.lead.leg: one.name for one in reversed(leads) if one.lead.leg}
    return tuple(names[LEFT if leg == BOTH else int(leg)] for leg in movements.leg)


def _train(
    kind: EventKind, channel: str, movements: Movements, peak_s: FloatArray, at: tuple[str, ...] = ()
) -> EventTrain:
    return EventTrain(
        kind=kind,
        channel=channel,
        start_s=movements.start_s,
        peak_s=np.clip(peak_s, movements.start_s, movements.stop_s),
        end_s=movements.stop_s,
        peak=movements.size,
        at=at,
    )


def _of_leads(leads: Sequence[ReadLead], night: Night) -> Iterator[Measurement]:
    """Give what is measured of single leads beside leg movements."""
    legs = [one for one in leads if one.lead.leg]
    if legs:
        yield from small_measurements(legs, night, _seen_by_any(legs, night), small_rules())
    if leads:
        how = (
            say("Bursts of 75 to 250 ms and 50 uV or more, of two muscles or more at once.")
            if leads[1:]
            else say("Bursts of 75 to 250 ms and 50 uV or more.")
        )
        yield from jerk_measurements(_jerks(leads, night), night, how)


def _jerks(leads: Sequence[ReadLead], night: Night) -> Jerks:
    return find_jerks(leads, night, _seen_by_any(leads, night), jerk_rules())


def _seen_by_any(leads: Sequence[ReadLead], night: Night) -> Intervals:
    return common(Intervals.union(chain.from_iterable(one.seen.spans for one in leads)), night.lit_out)


def _jerk_trains(leads: Sequence[ReadLead], night: Night) -> Iterator[EventTrain]:
    """Give jerks on falling asleep, and bursts of fragmentary myoclonus in sleep."""
    if leads:
        several = len(leads) > 1
        channel = MUSCLES if several else leads[0].name
        yield jerk_train(_jerks(leads, night), channel, _JERKS_OF_SEVERAL if several else _JERKS_OF_ONE)
    for one in leads:
        if one.lead.leg:
            bursts = fragmentary_bursts(one.bursts, small_rules())
            asleep = night.time_in(ASLEEP, common(one.seen, night.lit_out))
            kept = bursts.where(begins_in(bursts.start_s, asleep))
            yield _train(EventKind.FRAGMENTARY_MYOCLONUS, one.name, kept.as_movements(), kept.peak_s)


def _sensor_trains(read: ReadSensor, night: Night) -> Iterator[EventTrain]:
    jerks = worn_jerks(read, night, jerk_rules())
    yield jerk_train(jerks, read.sensor.name, _JERKS_OF_SENSOR)


def _quality(leads: Sequence[ReadLead], judged: tuple[Sequence[Lead], dict[str, str]]) -> Iterator[ChannelQuality]:
    found = {one.name: one.quality for one in leads}
    for lead in judged[0]:
        channel = lead.channel
        yield found.get(channel.name) or ChannelQuality(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            duration_s=channel.duration_s,
            usable=False,
            reason=judged[1][channel.name],
            unit=channel.unit,
        )


def _warnings(
    night: Night, montage: Montage, reasons: dict[str, str], read: tuple[list[ReadLead], list[ReadSensor]]
) -> Iterator[str]:
    leads, sensors = read
    yield from (say("Not analyzed for sleep: {reason}", reason=reason) for reason in reasons.values() if reason)
    if night.hypnogram is None:
        yield _why_taken(night, leads)
    if night.noted.without_length:
        yield say_many(
            "{count} annotation of movements, arousals or breathing has no length and does not count.",
            "{count} annotations of movements, arousals or breathing have no length and do not count.",
            count=night.noted.without_length,
        )
    if night.noted.without_side and night.noted.movements is not None:
        yield say_many(
            "{count} annotated leg movement does not say which leg; it was taken for one leg.",
            "{count} annotated leg movements do not say which leg; they were taken for one leg.",
            count=night.noted.without_side,
        )
    if montage.sides_assumed and leads:
        sides = together([together((repr(one.channel.name), _SIDES[one.leg])) for one in montage.legs], ", ")
        yield say("Not every leg channel says its side; they were taken for different legs: {sides}.", sides=sides)
    if night.noted.respiratory is None and leads:
        yield say("No respiratory events were noted, so leg movements that end an apnea are counted with the others.")
    if sensors:
        yield say("An accelerometer shows movement and stillness; stages of sleep were not guessed from it.")


def _why_taken(night: Night, leads: list[ReadLead]) -> str:
    if night.noted.movements is not None:
        return say(
            "No sleep stages were scored on this recording. It was taken for one of a night or a rest because of its "
            "annotated leg movements; every index is per hour of recording, and none of sleep."
        )
    if leads:
        return say(
            "No sleep stages were scored on this recording. It was taken for one of a night or a rest because of its "
            "hours of leg EMG; every index is per hour of recording, and none of sleep."
        )
    return say(
        "No sleep stages were scored on this recording. It was taken for one of a night or a rest because of its hours "
        "of a sensor that lay still for the most part; every index is per hour of recording, and none of sleep."
    )


def _summary(measured: Sequence[Measurement], night: Night) -> str:
    """Say the main index in one sentence."""
    index = next((one for one in measured if one.id == "plm_index"), None)
    if index is None:
        return ""
    return say(
        "{rate:.1f} periodic leg movements per hour of {hours} by the rules of the AASM (95 % interval "
        "{low:.1f} to {high:.1f}).",
        rate=index.value,
        hours=night.hours_of,
        low=index.low,
        high=index.high,
    )
