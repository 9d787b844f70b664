"""Which channels of a recording can be analyzed, and why the others cannot."""

import numpy as np

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.text import say

_UNITS = (Unit.VOLT, Unit.COUNT, Unit.UNKNOWN)
# Samples looked at, at a time, in search of two that differ.
_LOOK_SAMPLES = 1 << 18


def emg_channels(recording: Recording) -> tuple[Channel, ...]:
    """Return the channels to analyze: EMG, or the only channel there is if nothing says what it measures."""
    channels = recording.of_kind(ChannelKind.EMG)
    if not channels and len(recording.channels) == 1:
        return recording.of_kind(ChannelKind.OTHER)
    return channels


def why_unusable(recording: Recording, channel: Channel, settings: EmgSettings) -> str:
    """Return why a channel cannot be analyzed, as one sentence, or an empty text if it can."""
    shortest_s = 2 * settings.continual_interval_s
    if channel.unit not in _UNITS:
        return say(
            "Unit of EMG channel {channel!r} must be V, or not given, got {unit!r}.",
            channel=channel.name,
            unit=channel.unit.value,
        )
    if channel.sampling_rate_hz < settings.sampling_rate_least_hz:
        return say(
            "Sampling rate of EMG channel {channel!r} must be at least {least_hz:g} Hz, got {rate_hz:g}.",
            channel=channel.name,
            least_hz=settings.sampling_rate_least_hz,
            rate_hz=channel.sampling_rate_hz,
        )
    if channel.duration_s < shortest_s:
        return say(
            "EMG channel {channel!r} must last at least {least_s:g} s, got {duration_s:g} s.",
            channel=channel.name,
            least_s=shortest_s,
            duration_s=channel.duration_s,
        )
    return _why_empty(recording, channel)


def _why_empty(recording: Recording, channel: Channel) -> str:
    seen: float | None = None
    for _, samples in recording.blocks(channel.name, block_s=_LOOK_SAMPLES / channel.sampling_rate_hz):
        known = samples[np.isfinite(samples)]
        seen = float(known[0]) if seen is None and known.size else seen
        if (known != seen).any():
            return ""
    if seen is None:
        return say("EMG channel {channel!r} must hold samples, got only missing values.", channel=channel.name)
    return say(
        "EMG channel {channel!r} must hold a signal, got the constant {constant:g}.",
        channel=channel.name,
        constant=seen,
    )
