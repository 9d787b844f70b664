"""Every EMG channel of a recording on its own, and one sentence on the whole."""

import numpy as np

from twitchwise.measure.emg.channel import ChannelReading, read_channel
from twitchwise.measure.emg.findings import gives_rate, measurements_of, train_of
from twitchwise.measure.emg.notices import notices
from twitchwise.measure.emg.settings import EmgSettings, emg_settings
from twitchwise.measure.emg.usability import emg_channels, why_unusable
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, UnreadableRecordingError


def measure_emg(recording: Recording) -> RecordingMeasurements:
    """Measure every EMG channel of a recording; see `twitchwise.measure.measure_recording`."""
    settings = emg_settings()
    channels = emg_channels(recording)
    if not channels:
        kinds = ", ".join(sorted({channel.kind.value for channel in recording.channels}))
        raise OutOfRangeError(f"channels of {recording.name!r} must include EMG, got only {kinds}.")
    reasons = {channel.name: why_unusable(recording, channel, settings) for channel in channels}
    if all(reasons.values()):
        raise UnreadableRecordingError(_refusal(recording, tuple(reasons.values())))
    readings = [read_channel(recording, channel, settings) for channel in channels if not reasons[channel.name]]
    by_name = {reading.channel.name: reading for reading in readings}
    return RecordingMeasurements(
        measurements=tuple(found for reading in readings for found in measurements_of(reading, settings)),
        events=tuple(train_of(reading) for reading in readings if gives_rate(reading, settings)),
        quality=tuple(
            by_name[channel.name].quality if channel.name in by_name else _unusable(channel, reasons[channel.name])
            for channel in channels
        ),
        rest={reading.channel.name: reading.activity.rest for reading in readings},
        warnings=_warnings(recording, channels, reasons, readings, settings),
        summary=_summary(readings, settings),
    )


def _refusal(recording: Recording, reasons: tuple[str, ...]) -> str:
    if len(reasons) == 1:
        return reasons[0]
    return (
        f"EMG of {recording.name!r} must be fit for analysis, but none of its {len(reasons)} channels is: {reasons[0]}"
    )


def _unusable(channel: Channel, reason: str) -> ChannelQuality:
    return ChannelQuality(
        channel=channel.name,
        sampling_rate_hz=channel.sampling_rate_hz,
        duration_s=channel.duration_s,
        usable=False,
        reason=reason,
        unit=channel.unit,
    )


def _warnings(
    recording: Recording,
    channels: tuple[Channel, ...],
    reasons: dict[str, str],
    readings: list[ChannelReading],
    settings: EmgSettings,
) -> tuple[str, ...]:
    found = [*recording.warnings]
    if channels[0].kind is not ChannelKind.EMG:
        found.append(f"Nothing says what channel {channels[0].name!r} measures; it is taken as EMG.")
    others = ", ".join(f"{other.name!r} ({other.kind.value})" for other in recording.channels if other not in channels)
    found += [f"Not analyzed, because not EMG: {others}."] if others else []
    found += [f"Not analyzed: {reason}" for reason in reasons.values() if reason]
    return (*found, *notices(readings, settings))


def _summary(readings: list[ChannelReading], settings: EmgSettings) -> str:
    """Say in one sentence what the channels show together; rates of neighbors must not be added."""
    rated = [reading for reading in readings if gives_rate(reading, settings)]
    if not rated:
        return "No channel rested long enough for a rate of fasciculation potentials."
    rates = [60 * len(reading.potentials) / reading.rest_s for reading in rated]
    rest_s = float(np.median([reading.rest_s for reading in rated]))
    if len(rated) == 1:
        return (
            f"{len(rated[0].potentials)} fasciculation potentials in {rest_s:.0f} s at rest, {rates[0]:.1f} a minute."
        )
    return (
        f"On {len(rated)} channels with {rest_s:.0f} s at rest (median) the rate of fasciculation potentials is "
        f"{min(rates):.1f} to {max(rates):.1f} a minute, median {np.median(rates):.1f}; neighboring channels see the "
        "same potentials, so rates must not be added."
    )
