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
    yield (
        f"Movement below an amplitude of {least:.3g} {unit} at {_AT_HZ:g} Hz is not called a tremor: the eye does not "
        "see less on a hand."
    )
    highest = highest_hz(shown.trace.rate_hz, settings)
    if highest < settings.band_high_hz:
        yield f"Tremor above {highest:.3g} Hz could not be seen at {shown.trace.rate_hz:g} samples a second."
    yield from _limits_of(kind, settings)
    if shown.tremor is not None:
        axis, share = shown.tremor.narrow.main_axis()
        told = ", ".join(f"{part:.2f}" for part in axis)
        yield f"{share:.0%} of the tremor's power lies along ({told}) in the sensor's own axes."
        yield "A willed rhythm, such as tapping, stirring or brushing, looks the same to a sensor."


def _limits_of(kind: ChannelKind, settings: TremorSettings) -> Iterator[str]:
    if kind is ChannelKind.ACCELERATION:
        yield (
            "In healthy hands held out, amplitudes of up to "
            f"{settings.healthy_acceleration_mps2:.2g} m/s2 were seen (Wade, Gresty and Findley 1982, n = 97)."
        )
    if kind is ChannelKind.ANGULAR_VELOCITY:
        yield f"Turns are compared with what the eye sees at {settings.lever_m:g} m from the axis, at a hand's middle."
