"""Recordings of movement as the BIDS data type ``motion``: a table of samples for each clock, without a header line.

The data type is in https://bids-specification.readthedocs.io under "Motion"; Gorgolewski et al. 2016,
doi:10.1038/sdata.2016.44.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from twitchwise.formats.bids.data_set import BuiltRecording
from twitchwise.formats.bids.other_recording import OtherRecording, by_clock, placement_of, said_of
from twitchwise.formats.bids.place import write
from twitchwise.formats.bids.samples import sample_lines, unit_in_bids
from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.formats.bids.text import PROGRAM, as_json, cell, program_version, table
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind

_TYPES = {
    ChannelKind.ACCELERATION: "ACCEL",
    ChannelKind.ANGULAR_VELOCITY: "GYRO",
    ChannelKind.DISPLACEMENT: "POS",
    ChannelKind.ANGLE: "JNTANG",
}
MOVEMENT = frozenset(_TYPES)
"""What BIDS counts as movement; other channels of such a recording go along as ``MISC``."""

_COLUMNS = ("name", "component", "type", "tracked_point", "units", "placement", "description", "sampling_frequency")
_AXES = "xyz"
_AXIS_IN_NAME = re.compile(r"(?:^|[^a-z]|acc|accel|gyr|gyro)([xyz])$", re.IGNORECASE)
# Fields that BIDS recommends and this program knows nothing of.
_NOT_SAID = (
    *("DeviceSerialNumber", "Manufacturer", "ManufacturersModelName", "InstitutionName", "InstitutionAddress"),
    *("InstitutionalDepartmentName", "TaskDescription", "Instructions", "SubjectArtefactDescription"),
)
_COUNTED = ("ACCEL", "ANGACCEL", "GYRO", "JNTANG", "LATENCY", "MAGN", "ORNT", "POS", "VEL")


def build_movement(subject: OtherRecording, folder: Path) -> BuiltRecording:
    """Build the files of a recording of movement in an empty or new folder, for `BidsDataset.take`.

    Raises
    ------
    UnwritableFileError
        If the folder cannot be written.
    OutOfRangeError
        If a name cannot stand in a table.
    """

    def write_files(place: Path) -> None:
        for label, numbers in by_clock(subject.recording).items():
            _write_system(subject, label, numbers, place)

    return subject.build(folder, "motion", write_files)


def _write_system(subject: OtherRecording, label: str, numbers: Sequence[int], place: Path) -> None:
    """Write the sensors of one clock, which BIDS calls a tracking system."""
    stem = subject.stem(f"tracksys-{label}")
    channels = [subject.recording.channels[number] for number in numbers]
    with (place / f"{stem}_motion.tsv").open("wb") as file:
        file.writelines(sample_lines(subject.recording, numbers))
    write(place / f"{stem}_motion.json", _sidecar(subject, label, channels))
    rows = [_row(subject, channel) for channel in channels]
    write(place / f"{stem}_channels.tsv", table(_COLUMNS, rows))


def _row(subject: OtherRecording, channel: Channel) -> list[str]:
    return [
        cell(channel.name),
        _component(subject.recording, channel),
        _TYPES.get(channel.kind, "MISC"),
        cell(_point(channel)),
        unit_in_bids(channel.unit),
        cell(placement_of(channel)),
        cell(said_of(channel, subject.names_before.get(channel.name))),
        cell(channel.sampling_rate_hz),
    ]


def _component(recording: Recording, channel: Channel) -> str:
    """Return the axis: by the place among those of the sensor, which stand in the order x, y, z, or by the name."""
    if channel.kind not in MOVEMENT:
        return NOT_KNOWN
    if channel.array is not None:
        alike = [one.name for one in recording.members(channel.array) if one.kind is channel.kind]
        if channel.name in alike and len(alike) == len(_AXES):
            return _AXES[alike.index(channel.name)]
    found = _AXIS_IN_NAME.search(channel.name)
    return found[1].lower() if found else NOT_KNOWN


def _point(channel: Channel) -> str:
    """Return what was tracked: a part of the body, else the sensor."""
    return placement_of(channel) or channel.array or channel.name


def _sidecar(subject: OtherRecording, label: str, channels: Sequence[Channel]) -> str:
    types = [_TYPES.get(channel.kind, "MISC") for channel in channels]
    fields: dict[str, object] = {
        "TaskName": subject.task,
        "SamplingFrequency": channels[0].sampling_rate_hz,
        "SamplingFrequencyEffective": channels[0].sampling_rate_hz,
        "TrackingSystemName": label,
        "TrackedPointsCount": len({_point(channel) for channel in channels}),
        "MotionChannelCount": len(channels),
        "MiscChannelCount": types.count("MISC"),
        "MISCChannelCount": types.count("MISC"),  # its name up to BIDS 1.11.1
        "MissingValues": NOT_KNOWN,
        "RecordingType": "continuous",
        "RecordingDuration": channels[0].duration_s,
        "SoftwareVersions": f"written by {PROGRAM} {program_version()}",
    }
    fields |= {f"{kind}ChannelCount": types.count(kind) for kind in _COUNTED}
    return as_json(fields | dict.fromkeys(_NOT_SAID, NOT_KNOWN))
