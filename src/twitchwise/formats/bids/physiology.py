"""Recordings of force, of the heart and of others as BIDS ``physio``: a packed table of samples for each clock."""

import gzip
from collections.abc import Sequence
from pathlib import Path

from twitchwise.formats.bids.data_set import BuiltRecording
from twitchwise.formats.bids.other_recording import OtherRecording, by_clock, placement_of, said_of
from twitchwise.formats.bids.place import write
from twitchwise.formats.bids.samples import sample_lines, unit_in_bids
from twitchwise.formats.bids.text import as_json

_QUICK = 1  # of a packed file; better ones take several times as long for a few percent


def build_physiology(subject: OtherRecording, folder: Path) -> BuiltRecording:
    """Build the files of a recording without EMG and without movement, for `BidsDataset.take`.

    Raises
    ------
    UnwritableFileError
        If the folder cannot be written.
    """

    def write_files(place: Path) -> None:
        for label, numbers in by_clock(subject.recording).items():
            stem = f"{subject.stem()}_recording-{label}"
            with (
                (place / f"{stem}_physio.tsv.gz").open("wb") as raw,
                # without a name and a time, so that the same samples give the same bytes
                gzip.GzipFile(filename="", mode="wb", compresslevel=_QUICK, fileobj=raw, mtime=0) as file,
            ):
                file.writelines(sample_lines(subject.recording, numbers))
            write(place / f"{stem}_physio.json", _sidecar(subject, numbers))

    return subject.build(folder, "beh", write_files)


def _sidecar(subject: OtherRecording, numbers: Sequence[int]) -> str:
    channels = [subject.recording.channels[number] for number in numbers]
    described = {
        channel.name: {
            "Description": said_of(channel, subject.names_before.get(channel.name)),
            "Units": unit_in_bids(channel.unit),
            **({} if placement_of(channel) is None else {"Placement": placement_of(channel)}),
        }
        for channel in channels
    }
    fields: dict[str, object] = {
        "TaskName": subject.task,
        "PhysioType": "generic",
        "SamplingFrequency": channels[0].sampling_rate_hz,
        "StartTime": 0,
        "Columns": [channel.name for channel in channels],
    }
    return as_json({**described, **fields})
