"""The tables and sidecars that say what the channels of an EMG recording are and where their electrodes lay."""

from collections.abc import Sequence

from twitchwise.formats.bids.subject import NOT_KNOWN, BidsSubject
from twitchwise.formats.bids.text import PROGRAM, as_json, cell, program_version, table
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Electrode, Side

_TYPES = {
    ChannelKind.EMG: "EMG",
    ChannelKind.FORCE: "MISC",  # BIDS has no type for force
    ChannelKind.DISPLACEMENT: "MISC",
    ChannelKind.ANGLE: "MISC",
    ChannelKind.ACCELERATION: "ACCEL",
    ChannelKind.ANGULAR_VELOCITY: "GYRO",
    ChannelKind.ECG: "ECG",
    ChannelKind.EEG: "EEG",
    ChannelKind.OTHER: "MISC",
}
_CHANNEL_COLUMNS = (
    "name",
    "type",
    "units",
    "description",
    "sampling_frequency",
    "signal_electrode",
    "reference",
    "group",
    "target_muscle",
    "placement_scheme",
    "placement_description",
    "interelectrode_distance",
    "side",
)
_ELECTRODE_COLUMNS = ("name", "x", "y", "z", "coordinate_system", "type", "material", "impedance", "group")
_MM_PER_M = 1e3
# More digits than a position of an electrode has, fewer than a product of floats adds to it.
_POSITION_DIGITS = 9


def channels_table(subject: BidsSubject, dimensions: Sequence[str]) -> str:
    """Return ``channels.tsv``; ``dimensions`` are the units as they stand in the header of the EDF file."""
    rows = zip(subject.recording.channels, dimensions, strict=True)
    return table(_CHANNEL_COLUMNS, (_channel_row(subject, channel, dimension) for channel, dimension in rows))


def channels_sidecar() -> str:
    """Return ``channels.json``, which explains the one column that BIDS does not."""
    levels = {side.value: side.value for side in Side}
    return as_json({"side": {"Description": "Side of the body that the channel was taken from.", "Levels": levels}})


def _channel_row(subject: BidsSubject, channel: Channel, dimension: str) -> list[str]:
    is_emg = channel.kind is ChannelKind.EMG
    setup = subject.setup.of(channel.name)
    distance = _mm(setup.interelectrode_distance_m) if is_emg else NOT_KNOWN
    return [
        cell(channel.name),
        _TYPES[channel.kind],
        cell(dimension),
        cell(_description(channel, subject.names_before.get(channel.name))),
        cell(channel.sampling_rate_hz),
        cell(channel.name if is_emg else None),
        cell(setup.reference if is_emg else None),
        cell(setup.group if is_emg and channel.position_m else None),
        cell(channel.site if is_emg else None),
        "other" if is_emg else NOT_KNOWN,
        cell(setup.placement if is_emg else None),
        distance,
        cell(channel.side),
    ]


def _description(channel: Channel, name_before: str | None) -> str:
    named = "" if name_before is None else f", named {name_before!r} in the recording"
    what = channel.kind.value.replace("_", " ")
    if channel.kind is ChannelKind.EMG:
        electrode = "" if channel.electrode is Electrode.UNKNOWN else f"{channel.electrode.value} "
        return f"{electrode}EMG{named}"
    return f"{what}{named}" if channel.site is None else f"{what}, {channel.site}{named}"


def electrodes_table(subject: BidsSubject) -> str | None:
    """Return ``electrodes.tsv``, or nothing where no EMG channel has a position."""
    emg = subject.recording.of_kind(ChannelKind.EMG)
    if all(channel.position_m is None for channel in emg):
        return None
    return table(_ELECTRODE_COLUMNS, (_electrode_row(subject, channel) for channel in emg))


def _electrode_row(subject: BidsSubject, channel: Channel) -> list[str]:
    place = [NOT_KNOWN] * 3 if channel.position_m is None else [_mm(value) for value in channel.position_m]
    kind = None if channel.electrode is Electrode.UNKNOWN else channel.electrode.value
    setup = subject.setup.of(channel.name)
    group = None if channel.position_m is None else setup.group
    return [cell(channel.name), *place, setup.space, cell(kind), NOT_KNOWN, NOT_KNOWN, cell(group)]


def coordinate_systems(subject: BidsSubject) -> dict[str, str]:
    """Return the ``coordsystem.json`` of each coordinate system in ``electrodes.tsv``, by its label."""
    setups = [subject.setup.of(channel.name) for channel in subject.recording.of_kind(ChannelKind.EMG)]
    return {
        setup.space: as_json(
            {
                "EMGCoordinateSystem": "Other",
                "EMGCoordinateUnits": "mm",
                "EMGCoordinateSystemDescription": setup.axes,
            }
        )
        for setup in setups
    }


def emg_sidecar(subject: BidsSubject) -> str:
    """Return ``emg.json``: how the EMG was taken."""
    setup = subject.setup
    emg = subject.recording.of_kind(ChannelKind.EMG)
    setups = [setup.of(channel.name) for channel in emg]
    distances = {each.interelectrode_distance_m for each in setups}
    fields: dict[str, object] = {
        "TaskName": subject.task,
        "TaskDescription": setup.task_description,
        "Instructions": setup.instructions,
        "SamplingFrequency": max(channel.sampling_rate_hz for channel in emg),
        "PowerLineFrequency": setup.power_line_frequency_hz or NOT_KNOWN,
        "EMGChannelCount": len(emg),
        "EMGPlacementScheme": "Other",
        "EMGPlacementSchemeDescription": setup.placement,
        "EMGReference": _references([each.reference for each in setups]),
        "EMGGround": setup.ground,
        "RecordingType": "continuous",
        "RecordingDuration": subject.recording.duration_s,
        "HardwareFilters": setup.hardware_filters or NOT_KNOWN,
        "SoftwareFilters": setup.software_filters or NOT_KNOWN,
        "Manufacturer": setup.manufacturer,
        "ManufacturersModelName": setup.model,
        "SoftwareVersions": f"written by {PROGRAM} {program_version()}",
    }
    if len(distances) == 1 and None not in distances:
        fields["InterelectrodeDistance"] = float(_mm(*distances))
    return as_json(fields | dict.fromkeys(_NOT_SAID, NOT_KNOWN))


def _references(of_channels: Sequence[str]) -> str:
    """Return the reference of all channels; where they differ the table of channels says which has which."""
    first, *others = dict.fromkeys(of_channels)
    if others:
        return f"differs between channels: {', '.join((first, *others))}"
    return "Bipolar" if first.lower() == "bipolar" else first


# Fields that BIDS recommends and this program knows nothing of.
_NOT_SAID = (
    "DeviceSerialNumber",
    "ElectrodeManufacturer",
    "ElectrodeManufacturersModelName",
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
)


def _mm(length_m: float | None) -> str:
    return NOT_KNOWN if length_m is None else f"{length_m * _MM_PER_M:.{_POSITION_DIGITS}g}"
