"""Which channels of a recording can be analyzed, and why the others cannot."""

import numpy as np

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit

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
    name = f"channel {channel.name!r}"
    shortest_s = 2 * settings.continual_interval_s
    if channel.unit not in _UNITS:
        return f"Unit of EMG {name} must be V, or not given, got {channel.unit.value!r}."
    if channel.sampling_rate_hz < settings.sampling_rate_least_hz:
        least = settings.sampling_rate_least_hz
        return f"Sampling rate of EMG {name} must be at least {least:g} Hz, got {channel.sampling_rate_hz:g}."
    if channel.duration_s < shortest_s:
        return f"EMG {name} must last at least {shortest_s:g} s, got {channel.duration_s:g} s."
    return _why_empty(recording, channel)


def _why_empty(recording: Recording, channel: Channel) -> str:
    seen: float | None = None
    for _, samples in recording.blocks(channel.name, block_s=_LOOK_SAMPLES / channel.sampling_rate_hz):
        known = samples[np.isfinite(samples)]
        seen = float(known[0]) if seen is None and known.size else seen
        if (known != seen).any():
            return ""
    if seen is None:
        return f"EMG channel {channel.name!r} must hold samples, got only missing values."
    return f"EMG channel {channel.name!r} must hold a signal, got the constant {seen:g}."
