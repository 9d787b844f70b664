"""Clonus, spasms, pendulum tests, answers to stretches, and falls, each looked for where a recording calls for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.emg.causes import causes_in
from twitchwise.measure.emg.rhythms import ChannelTrace, find_other_activity
from twitchwise.measure.emg.rhythms.impulses import noise_of
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity import spasms as spasm
from twitchwise.measure.motion.spasticity.bouts import Bout, bouts_on, each_once, lasting_rhythm, without_tremor
from twitchwise.measure.motion.spasticity.clonus_findings import Looked, beat_train, bout_train, clonus_measurements
from twitchwise.measure.motion.spasticity.fall_findings import fall_measurements, fall_train, near_spasm_measurement
from twitchwise.measure.motion.spasticity.falls import falls_in, has_gravity
from twitchwise.measure.motion.spasticity.levels import MOVING, emg_level, missing_in, motion_level
from twitchwise.measure.motion.spasticity.pendulum import SWINGING, drops_in
from twitchwise.measure.motion.spasticity.pendulum_findings import pendulum_measurements
from twitchwise.measure.motion.spasticity.places import side_of
from twitchwise.measure.motion.spasticity.plan import Plan, plan_for
from twitchwise.measure.motion.spasticity.reflexes import stretch_measurements, stretches_of
from twitchwise.measure.motion.spasticity.settings import (
    clonus_settings,
    fall_settings,
    pendulum_settings,
    spasm_settings,
)
from twitchwise.measure.motion.spasticity.spasm_findings import spasm_measurements, spasm_train
from twitchwise.measure.motion.spasticity.stretches import Turns
from twitchwise.measure.motion.spasticity.waves import WaveSource, emg_source, motion_source
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.signals import Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# Which kind of sensor stands for a bout that several show: the muscle, then what turns with the joint.
_FIRST = (ChannelKind.EMG, ChannelKind.ANGULAR_VELOCITY, ChannelKind.ANGLE, ChannelKind.ACCELERATION, ChannelKind.FORCE)


@dataclass(eq=False)
class _Told:
    """What was found so far."""

    measurements: list[Measurement] = field(default_factory=list)
    events: list[EventTrain] = field(default_factory=list)
    judged: dict[str, Channel] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    spasms: list[spasm.Spasm] = field(default_factory=list)

    def judge(self, channels: Sequence[Channel]) -> None:
        """Remember channels that were looked at."""
        self.judged |= {channel.name: channel for channel in channels}


def measure_spasticity(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements | None:
    """Measure clonus, spasms, pendulum tests, answers to stretches and falls.

    Parameters
    ----------
    recording
        Any recording; EMG, acceleration, angular velocity, angle and force are looked at.
    asked
        Where the sensors were, and what the person did; see `plan` for what follows from it.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    RecordingMeasurements or None
        ``None`` where nothing of a recording calls for it and nothing was found. Rates per minute and hour of what was
        looked for and not seen are 0 with an upper bound.
    """
    plan = plan_for(recording, asked, clonus_settings())
    told = _Told()
    bench = _Bench(plan)
    for number, step in enumerate((bench.clonus, bench.stretches, bench.pendulum, bench.spasms, bench.falls), start=1):
        step(told)
        progress(number / 5)
    if not told.judged:
        return None
    return RecordingMeasurements(
        measurements=tuple(told.measurements),
        events=tuple(train for train in told.events if len(train)),
        quality=tuple(_quality(channel) for channel in told.judged.values()),
        rest={},
        warnings=tuple(dict.fromkeys((*told.notices, *_too_slow(plan)))),
    )


def _quality(channel: Channel) -> ChannelQuality:
    return ChannelQuality(
        channel=channel.name,
        sampling_rate_hz=channel.sampling_rate_hz,
        duration_s=channel.duration_s,
        usable=True,
        unit=channel.unit,
    )


def _too_slow(plan: Plan) -> Iterator[str]:
    for sensor in plan.slow:
        yield say(
            "{sensor!r} has {sampling_rate_hz:g} samples a second; clonus and falls need {least_hz:g}.",
            sensor=sensor.name,
            sampling_rate_hz=sensor.sampling_rate_hz,
            least_hz=clonus_settings().sampling_least_hz,
        )


class _Bench:
    """One recording and what is looked for in it."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.recording = plan, plan.recording
        self._muscle_sources: dict[str, tuple[WaveSource, float]] = {}
        self._motion_sources: dict[str, WaveSource] = {}
        self._peaks_s: dict[str, FloatArray] = {}

    def clonus(self, told: _Told) -> None:
        """Look for clonus, on EMG first."""
        plan, settings = self.plan, clonus_settings()
        sources = sorted(self._clonus_sources(), key=lambda one: _FIRST.index(one.kind))
        if not sources:
            return
        turns = Turns.of(self.recording, plan.sensors, settings)
        sighted = [bouts_on(self.recording, one, plan.stretches_s, turns, settings) for one in sources]
        bouts = each_once(without_tremor(sighted, settings))
        if not bouts and not plan.stretches_s.size and all(one.is_emg for one in sources):
            return
        rhythm = lasting_rhythm(sighted, settings)
        told.judge([self.recording.channel(name) for one in sources for name in self._names(one)])
        if not bouts and rhythm is not None:
            told.notices.append(
                say(
                    "A rhythm of {rate_hz:.1f} beats a second was there without a stretch; clonus cannot be told "
                    "from a tremor beside it, so nothing is said of clonus.",
                    rate_hz=1 / rhythm.interval_s,
                )
            )
            return
        asked = [one for one in sources if plan.stretches_s.size or not one.is_emg]
        leads = [one for one in sources if any(bout.source is one for bout in bouts)] or asked[:1]
        for lead in leads:
            own = [bout for bout in bouts if bout.source is lead]
            looked = Looked(source=lead, duration_s=lead.duration_s, stretches_s=plan.stretches_s)
            told.measurements += clonus_measurements(looked, own, settings)
            told.events += [bout_train(lead, own)] if own else []
            untold = [bout for bout in own if not self._is_told_by_emg(bout)]
            told.events += [beat_train(lead, untold)] if untold else []

    def _clonus_sources(self) -> Iterator[WaveSource]:
        for channel, place in self.plan.muscles:
            if self.plan.clonus_is_looked_for(place, channel.kind):
                yield self._muscle(channel)[0]
        for sensor, place in self.plan.sensors:
            if self.plan.clonus_is_looked_for(place, sensor.kind):
                yield self._motion(sensor)

    def _is_told_by_emg(self, bout: Bout) -> bool:
        """Tell whether other activity of EMG has told of the beats of a bout."""
        if not bout.source.is_emg:
            return False
        peaks = self._beats_told_s(bout.source)
        inside = (peaks >= bout.chain.start_s) & (peaks <= bout.chain.stop_s)
        return int(np.count_nonzero(inside)) * 2 >= len(bout.chain)

    def _beats_told_s(self, source: WaveSource) -> FloatArray:
        """Return the peaks of the beats of clonus that other activity of EMG has told of."""
        if source.name not in self._peaks_s:
            trace = ChannelTrace.of_recording(self.recording, self.recording.channel(source.name))
            found = find_other_activity(trace, causes_in(self.recording))
            trains = [train for train in found.events if train.kind is EventKind.CLONUS_BEAT]
            self._peaks_s[source.name] = np.concatenate([np.empty(0), *(train.peak_s for train in trains)])
        return self._peaks_s[source.name]

    def stretches(self, told: _Told) -> None:
        """Measure noted stretches and what the muscles answer."""
        turning = [one for one, _ in self.plan.sensors if one.kind in SWINGING]
        if not (turning and self.plan.muscles and self.plan.stretches_s.size):
            return
        sensor = min(turning, key=lambda one: SWINGING.index(one.kind))
        for number, (channel, _) in enumerate(self.plan.muscles):
            muscle, noise = self._muscle(channel)
            found = stretches_of(self.recording, sensor, muscle, self.plan.stretches_s, noise)
            about = list(stretch_measurements(found, sensor, muscle))
            told.measurements += [one for one in about if number == 0 or one.channel != sensor.name]
        told.judge(sensor.channels)

    def pendulum(self, told: _Told) -> None:
        """Look for pendulum tests; of the sensors that show one, an angle stands before a gyroscope."""
        settings = pendulum_settings()
        swinging = [(one, place) for one, place in self.plan.sensors if one.kind in SWINGING]
        for sensor, place in sorted(swinging, key=lambda pair: SWINGING.index(pair[0].kind)):
            if not self.plan.drops_are_looked_for(sensor, place, settings):
                continue
            drops = drops_in(self.recording, sensor, place, self.plan.drops_s, settings)
            if drops:
                told.measurements += pendulum_measurements(sensor, drops, settings)
                told.judge(sensor.channels)
                return
        if self.plan.drops_s.size and swinging:
            told.judge(swinging[0][0].channels)
            told.notices.append(
                say("A pendulum test is noted, but no sensor shows a leg that is held, let go and rests.")
            )

    def spasms(self, told: _Told) -> None:
        """Look for spasms, on EMG first."""
        settings = spasm_settings()
        for one in spasm.each_once(self._spasms()):
            told.judge([self.recording.channel(name) for name in self._names(one.source)])
            if one.looked_s < settings.rest_least_s:
                told.notices.append(spasm.not_at_rest(one))
                continue
            told.measurements += spasm_measurements(one, settings)
            told.events.append(spasm_train(one, settings))
            told.spasms += one.spasms

    def _spasms(self) -> Iterator[spasm.SpasmsOn]:
        plan, settings = self.plan, spasm_settings()
        for channel, place in plan.muscles:
            if plan.spasms_are_looked_for(place, channel.duration_s, settings):
                source, noise = self._muscle(channel)
                level = emg_level(source, noise, settings)
                found = spasm.spasms_in(level, plan.stretches_s, Intervals(), settings)
                types = spasm.typed(self.recording, found, noise, settings, clonus_settings())
                yield replace(found, spasms=tuple(types))
        moving = [pair for pair in plan.sensors if pair[0].kind in MOVING]
        for sensor, place in sorted(moving, key=lambda pair: MOVING.index(pair[0].kind)):
            if plan.spasms_are_looked_for(place, sensor.duration_s, settings):
                level = motion_level(self.recording, self._motion(sensor), sensor, settings)
                yield spasm.spasms_in(level, plan.stretches_s, missing_in(self.recording, sensor), settings)

    def falls(self, told: _Told) -> None:
        """Look for falls; of several sensors the first that shows one stands for all."""
        settings = fall_settings()
        fit = [one for one, _ in self.plan.sensors if has_gravity(self.recording, one)]
        for sensor in fit:
            falls = falls_in(self.recording, sensor, settings)
            if falls:
                told.measurements += fall_measurements(sensor, falls, settings)
                told.events.append(fall_train(sensor, falls))
                if told.spasms:
                    told.measurements.append(near_spasm_measurement(sensor, falls, told.spasms, settings))
                told.judge(sensor.channels)
                return
        if fit and fit[0].duration_s >= settings.looked_least_s:
            told.measurements += fall_measurements(fit[0], (), settings)
            told.judge(fit[0].channels)

    def _muscle(self, channel: Channel) -> tuple[WaveSource, float]:
        if channel.name not in self._muscle_sources:
            trace = ChannelTrace.of_recording(self.recording, channel)
            place = next(place for one, place in self.plan.muscles if one is channel)
            source = emg_source(self.recording, trace, place, side_of([channel], self.plan.asked))
            self._muscle_sources[channel.name] = source, noise_of(trace, rhythm_settings())
        return self._muscle_sources[channel.name]

    def _motion(self, sensor: MotionSensor) -> WaveSource:
        if sensor.name not in self._motion_sources:
            place = next(place for one, place in self.plan.sensors if one is sensor)
            side = side_of(sensor.channels, self.plan.asked)
            self._motion_sources[sensor.name] = motion_source(self.recording, sensor, place, side, clonus_settings())
        return self._motion_sources[sensor.name]

    def _names(self, source: WaveSource) -> list[str]:
        return [source.name] if source.sensor is None else [one.name for one in source.sensor.channels]
