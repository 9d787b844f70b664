"""One motion sensor looked at for tremor: its windows, the verdict, and the tremor itself where there is one."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.narrow import Narrow, narrow_band
from twitchwise.measure.motion.tremor.presence import Presence, Verdict, presence
from twitchwise.measure.motion.tremor.rate import Rate, pooled_rate
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.spectra import Spectra, sliding_spectra
from twitchwise.measure.motion.tremor.trace import Trace
from twitchwise.measure.motion.tremor.visible import ORDERS
from twitchwise.measure.motion.tremor.windows import Windows, judge_windows
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Task, Unit
from twitchwise.vocabulary.arrays import IntArray
from twitchwise.vocabulary.text import say

UNITS = {
    ChannelKind.ACCELERATION: Unit.METER_PER_SECOND_SQUARED,
    ChannelKind.ANGULAR_VELOCITY: Unit.RADIAN_PER_SECOND,
    ChannelKind.ANGLE: Unit.RADIAN,
    ChannelKind.DISPLACEMENT: Unit.METER,
}
_NOTHING = 1e-3  # of a visible tremor: no sensor of today is as quiet
_MOST_WINDOWS = 900  # an hour of tremor says all about its rate and shape; of more, windows are taken evenly


@dataclass(frozen=True, kw_only=True, eq=False)
class Tremor:
    """The tremor of a sensor: the windows it was measured in, what lies in its band there, its spectra and its rate."""

    numbers: IntArray
    narrow: Narrow
    spectra: Spectra
    rate: Rate


@dataclass(frozen=True, kw_only=True, eq=False)
class SensorTremor:
    """What one sensor shows; ``tremor`` is ``None`` unless there is one."""

    trace: Trace
    windows: Windows
    presence: Presence
    tremor: Tremor | None

    @property
    def sensor(self) -> MotionSensor:
        """The sensor."""
        return self.trace.sensor


def why_not(sensor: MotionSensor, settings: TremorSettings) -> str:
    """Return why a sensor cannot be judged, as a sentence, or nothing where it can."""
    wanted = UNITS.get(sensor.kind)
    if sensor.kind not in ORDERS or sensor.channels[0].unit is not wanted:
        return say("Its unit is {unit}, so the size of a tremor cannot be told.", unit=sensor.channels[0].unit.value)
    if sensor.sampling_rate_hz < settings.sampling_rate_least_hz:
        return say(
            "{sampling_rate_hz:g} samples a second are too few for a tremor; at least "
            "{sampling_rate_least_hz:g} are needed.",
            sampling_rate_hz=sensor.sampling_rate_hz,
            sampling_rate_least_hz=settings.sampling_rate_least_hz,
        )
    if sensor.duration_s < settings.time_least_s:
        return say(
            "{duration_s:.3g} s are too short for a tremor; at least {time_least_s:g} s are needed.",
            duration_s=sensor.duration_s,
            time_least_s=settings.time_least_s,
        )
    return ""


def look_at(
    recording: Recording, sensor: MotionSensor, asked: Asked, settings: TremorSettings, progress: Progress
) -> SensorTremor | str:
    """Look at one sensor for tremor, or return why it cannot be judged."""
    reason = why_not(sensor, settings)
    if reason:
        return reason
    standing = asked.task is Task.STANDING
    trace = Trace(recording=recording, sensor=sensor, settings=settings, standing=standing)
    windows = judge_windows(trace, asked, progress)
    if windows.judged_s < settings.time_least_s:
        return say(
            "Only {judged_s:.3g} s can be judged, the rest is missing or clipped; at least {time_least_s:g} s "
            "are needed.",
            judged_s=windows.judged_s,
            time_least_s=settings.time_least_s,
        )
    if (windows.amplitude <= _NOTHING * trace.least(np.maximum(windows.frequency_hz, settings.band_low_hz))).all():
        return say("It shows nothing at all, not even noise: a sensor that is off or a flat line.")
    verdict = presence(windows, trace)
    tremor = _tremor(trace, windows) if verdict.verdict is Verdict.PRESENT else None
    return SensorTremor(trace=trace, windows=windows, presence=verdict, tremor=tremor)


def _tremor(trace: Trace, windows: Windows) -> Tremor:
    marked = windows.tremor & windows.judged
    around = _some_of(np.flatnonzero(windows.with_edges(marked)))
    samples, own = trace.taken(around), marked[around]
    numbers = around[own]
    narrow = narrow_band(trace, samples[:, own], numbers, windows.frequency_hz[numbers])
    spectra = sliding_spectra(samples, trace.rate_hz, np.diff(around, prepend=-2) == 1)
    rate = pooled_rate(spectra, windows.frequency_hz[around], narrow.piece_hz)
    return Tremor(numbers=numbers, narrow=narrow, spectra=spectra._replace(power=spectra.power[own]), rate=rate)


def _some_of(numbers: IntArray) -> IntArray:
    if numbers.size <= _MOST_WINDOWS:
        return numbers
    return numbers[np.linspace(0, numbers.size - 1, _MOST_WINDOWS).round().astype(np.int64)]
