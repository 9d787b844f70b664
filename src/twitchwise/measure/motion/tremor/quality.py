"""What each motion channel can support about tremor, and what not."""

from collections.abc import Iterator

import numpy as np

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.windows import highest_hz
from twitchwise.measure.results import ChannelQuality
from twitchwise.signals import Intervals
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.text import digits, say, together

_AT_HZ = 5.0  # where the size that can be seen is told: in the middle of most tremors


def unusable(sensor: MotionSensor, reason: str) -> Iterator[ChannelQuality]:
    """Give the quality of each axis of a sensor that could not be judged."""
    for channel in sensor.channels:
        yield ChannelQuality(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            duration_s=channel.duration_s,
            usable=False,
            reason=reason,
            unit=channel.unit,
        )


def quality_of(shown: SensorTremor) -> Iterator[ChannelQuality]:
    """Give the quality of each axis of a sensor that was judged."""
    lost = 1 - float(shown.windows.judged.mean())
    for number, channel in enumerate(shown.sensor.channels):
        yield ChannelQuality(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            duration_s=channel.duration_s,
            usable=True,
            unit=channel.unit,
            missing_share=lost,
            statements=tuple(_statements(shown)) if number == 0 else (),
        )


def lost_times(shown: SensorTremor) -> Intervals:
    """Return the times of the windows that could not be judged."""
    window_s = shown.windows.window_s
    return Intervals.union(
        (float(number) * window_s, float(number + 1) * window_s) for number in np.flatnonzero(~shown.windows.judged)
    )


def _statements(shown: SensorTremor) -> Iterator[str]:
    settings, kind = shown.trace.settings, shown.sensor.kind
    unit = shown.sensor.channels[0].unit.value
    least = float(shown.trace.least(np.array([_AT_HZ]))[0])
    yield say(
        "Movement below an amplitude of {least:.3g} {unit} at {at_hz:g} Hz is not called a tremor: the eye "
        "does not see less on a hand.",
        least=least,
        unit=unit,
        at_hz=_AT_HZ,
    )
    highest = highest_hz(shown.trace.rate_hz, settings)
    if highest < settings.band_high_hz:
        yield say(
            "Tremor above {highest:.3g} Hz could not be seen at {rate_hz:g} samples a second.",
            highest=highest,
            rate_hz=shown.trace.rate_hz,
        )
    yield from _limits_of(kind, settings)
    if shown.tremor is not None:
        axis, share = shown.tremor.narrow.main_axis()
        direction = together([digits(f"{part:.2f}") for part in axis], ", ")
        yield say(
            "{share:.0%} of the tremor's power lies along ({direction}) in the sensor's own axes.",
            share=share,
            direction=direction,
        )
        yield say("A willed rhythm, such as tapping, stirring or brushing, looks the same to a sensor.")


def _limits_of(kind: ChannelKind, settings: TremorSettings) -> Iterator[str]:
    if kind is ChannelKind.ACCELERATION:
        yield say(
            "In healthy hands held out, amplitudes of up to {amplitude:.2g} m/s2 were seen "
            "(Wade, Gresty and Findley 1982, n = 97).",
            amplitude=settings.healthy_acceleration_mps2,
        )
    if kind is ChannelKind.ANGULAR_VELOCITY:
        yield say(
            "Turns are compared with what the eye sees at {lever_m:g} m from the axis, at a hand's middle.",
            lever_m=settings.lever_m,
        )
