"""Every EMG channel and array of a recording, what moves beside it, and one sentence on the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.emg.causes import causes_in
from twitchwise.measure.emg.decompose.progress import part_of
from twitchwise.measure.emg.describe import Description, UnitDescription
from twitchwise.measure.emg.events import discharges_train, fasciculations_of
from twitchwise.measure.emg.findings import description_of, gives_rate, measurements_of
from twitchwise.measure.emg.grid.assemble import read_grid
from twitchwise.measure.emg.grid.discharges import with_discharges
from twitchwise.measure.emg.groups import ElectrodeGroup, electrode_groups
from twitchwise.measure.emg.notices import notices
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.rhythms import ChannelTrace, OtherActivity, find_other_activity
from twitchwise.measure.emg.settings import EmgSettings, emg_settings
from twitchwise.measure.emg.single import read_single
from twitchwise.measure.emg.usability import emg_channels, why_unusable
from twitchwise.measure.mechanics import TwitchMechanics, measure_twitches
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements, UnitMeasurements
from twitchwise.measure.spreading import Spread
from twitchwise.signals import Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

# Share of the time for all discharges of a grid that those at rest take.
_SORTING = 0.2

_MOVING = {ChannelKind.FORCE, ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY, ChannelKind.DISPLACEMENT}


def measure_emg(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements | None:
    """Measure every EMG channel of a recording, or return ``None`` if there is none; see `measure_recording`."""
    settings = emg_settings()
    channels = emg_channels(recording)
    if not channels:
        return None
    reasons = {channel.name: why_unusable(recording, channel, settings) for channel in channels}
    if all(reasons.values()):
        raise UnreadableRecordingError(_refusal(recording, tuple(reasons.values())))
    groups = electrode_groups(channel for channel in channels if not reasons[channel.name])
    readings = _read(recording, groups, settings, asked, progress)
    events = tuple(fasciculations_of(reading, settings) for reading in readings if gives_rate(reading, settings))
    rest = {channel.name: one.activity.rest for one in readings for channel in one.group.channels}
    rest |= {reading.group.name: reading.activity.rest for reading in readings}
    found = _Found(
        readings=readings,
        events=events,
        rest=rest,
        others=_other_activity(recording, readings, asked.spread),
        twitches=_twitches(recording, events, rest, asked.spread),
    )
    return _result(channels, reasons, found, settings)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """What was found on all channels: their readings, fasciculation potentials, rest by name, and what goes with it."""

    readings: list[Reading]
    events: tuple[EventTrain, ...]
    rest: Mapping[str, Intervals]
    others: list[OtherActivity]
    twitches: TwitchMechanics


def _read(
    recording: Recording, groups: Sequence[ElectrodeGroup], settings: EmgSettings, asked: Asked, progress: Progress
) -> list[Reading]:
    """Read each array block by block, and beside them each single channel as a piece."""
    arrays = [group for group in groups if group.is_array]
    single = [group for group in groups if not group.is_array]
    read = partial(_read_single, recording, settings, discharges=asked.discharges)
    beside = asked.spread(read, single)  # elsewhere they begin before the arrays do
    found = dict[ElectrodeGroup, Reading]()
    for number, group in enumerate((*arrays, *single)):
        mine = part_of(progress, number / len(groups), (number + 1) / len(groups))
        found[group] = _read_array(recording, group, settings, asked, mine) if group.is_array else next(beside)
        mine(1.0)
    return [found[group] for group in groups]


def _read_array(
    recording: Recording, group: ElectrodeGroup, settings: EmgSettings, asked: Asked, progress: Progress
) -> Reading:
    scanning = part_of(progress, 0.0, _SORTING) if asked.discharges else progress
    found = read_grid(recording, group, settings, asked.spread, scanning)
    if not asked.discharges:
        return found
    return with_discharges(recording, found, part_of(progress, _SORTING, 1.0), asked.spread)


def _read_single(recording: Recording, settings: EmgSettings, group: ElectrodeGroup, *, discharges: bool) -> Reading:
    return read_single(recording, group, settings, discharges=discharges)


def _other_activity(recording: Recording, readings: Sequence[Reading], spread: Spread) -> list[OtherActivity]:
    """Look for other activity on each channel; on an array only where something lasted, on its middle channel."""
    channels = [_looked_at(reading) for reading in readings]
    found = spread(partial(_other_on, recording), [channel for channel in channels if channel is not None])
    nothing = OtherActivity(events=(), measurements=(), statements=())
    return [nothing if channel is None else next(found) for channel in channels]


def _looked_at(reading: Reading) -> Channel | None:
    if reading.group.is_array and not reading.activity.active.spans:
        return None
    return reading.group.channels[len(reading.group.channels) // 2]


def _other_on(recording: Recording, channel: Channel) -> OtherActivity:
    return find_other_activity(ChannelTrace.of_recording(recording, channel), causes_in(recording))


def _twitches(
    recording: Recording, trains: tuple[EventTrain, ...], rest: Mapping[str, Intervals], spread: Spread
) -> TwitchMechanics:
    """Return the twitches that force and motion sensors saw after the events of the train with most of them."""
    moving = [channel for channel in recording.channels if channel.kind in _MOVING]
    seen = max(trains, key=len, default=None)
    if not moving or seen is None or not len(seen):
        return TwitchMechanics(channels=(), warnings=())
    return measure_twitches(recording, seen, rest[seen.channel], spread=spread)


def _result(
    channels: tuple[Channel, ...], reasons: Mapping[str, str], found: _Found, settings: EmgSettings
) -> RecordingMeasurements:
    readings, others, twitches = found.readings, found.others, found.twitches
    by_name = {one.channel: one for reading in readings for one in reading.quality}
    rated = [reading for reading in readings if gives_rate(reading, settings)]
    described = {reading.group.name: description_of(reading, settings) for reading in readings}
    return RecordingMeasurements(
        measurements=(
            *chain.from_iterable(
                (*measurements_of(reading, settings), *described[reading.group.name].measurements, *other.measurements)
                for reading, other in zip(readings, others, strict=True)
            ),
            *twitches.measurements,
        ),
        events=(*found.events, *(train for other in others for train in other.events), *twitches.events),
        quality=tuple(by_name.get(one.name) or _unusable(one, reasons[one.name]) for one in channels),
        rest=found.rest,
        warnings=(
            *_warnings(channels, reasons, readings, settings),
            *dict.fromkeys(sentence for other in others for sentence in other.statements),
            *twitches.warnings,
        ),
        summary=_summary(rated, described),
        discharges=tuple(
            discharges_train(reading.discharges, reading.group) for reading in readings if reading.discharges
        ),
        units=tuple(unit for reading in rated for unit in _units(reading, described[reading.group.name])),
        potentials=tuple(reading.potentials for reading in rated),
        unusable={reading.group.name: reading.activity.unusable for reading in readings},
    )


def _units(reading: Reading, description: Description) -> list[UnitMeasurements]:
    return [_unit(reading.group.name, unit) for unit in description.units]


def _unit(channel: str, unit: UnitDescription) -> UnitMeasurements:
    place = unit.origin
    return UnitMeasurements(
        channel=channel,
        unit=unit.unit,
        discharges=unit.discharges,
        fasciculations=unit.fasciculations,
        measurements=unit.measurements,
        place_m=None if place is None else (float(place.position_m[0]), float(place.position_m[1])),
        place_error_m=None if place is None else (float(place.error_m[0]), float(place.error_m[1])),
        territory_m2=unit.territory_m2,
    )


def _refusal(recording: Recording, reasons: tuple[str, ...]) -> str:
    if len(reasons) == 1:
        return reasons[0]
    return say(
        "EMG of {recording!r} must be fit for analysis, but none of its {count} channels is: {reason}",
        recording=recording.name,
        count=len(reasons),
        reason=reasons[0],
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
    channels: tuple[Channel, ...],
    reasons: Mapping[str, str],
    readings: list[Reading],
    settings: EmgSettings,
) -> tuple[str, ...]:
    found = list[str]()
    if channels[0].kind is not ChannelKind.EMG:
        found.append(
            say("Nothing says what channel {channel!r} measures; it is taken as EMG.", channel=channels[0].name)
        )
    found += [say("Not analyzed: {reason}", reason=reason) for reason in reasons.values() if reason]
    found += [_assumed(reading.group) for reading in readings if reading.group.assumed]
    return (*found, *(remark for reading in readings for remark in reading.remarks), *notices(readings, settings))


def _assumed(group: ElectrodeGroup) -> str:
    return say(
        "{count} channels from {channel!r} on are taken for one array of electrodes, because their names differ by "
        "their number alone.",
        count=len(group.channels),
        channel=group.channels[0].name,
    )


def _summary(rated: list[Reading], described: Mapping[str, Description]) -> str:
    """Say in one sentence what the channels show together; rates of neighbors must not be added."""
    if not rated:
        return say("No channel rested long enough for a rate of fasciculation potentials.")
    values = {name: {one.id: one.value for one in found.measurements} for name, found in described.items()}
    rates = [values[reading.group.name]["fasciculation_rate"] for reading in rated]
    rest_s = float(np.median([reading.rest_s for reading in rated]))
    if len(rated) == 1:
        count = values[rated[0].group.name]["fasciculation_count"]
        return say(
            "{count:.0f} fasciculations in {rest_s:.0f} s at rest, {rate:.1f} a minute.",
            count=count,
            rest_s=rest_s,
            rate=rates[0],
        )
    return say(
        "On {count} channels or arrays with {rest_s:.0f} s at rest (median) the rate of fasciculations is {low:.1f} to "
        "{high:.1f} a minute, median {median:.1f}; neighboring channels see the same potentials, so rates must not be "
        "added.",
        count=len(rated),
        rest_s=rest_s,
        low=min(rates),
        high=max(rates),
        median=float(np.median(rates)),
    )
