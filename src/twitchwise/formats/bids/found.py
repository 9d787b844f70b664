"""What was found in the recordings of a data set: BIDS keeps it apart from what was recorded, as a derivative."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from twitchwise.formats.bids.data_set import BuiltRecording
from twitchwise.formats.bids.derivative import SOURCE, source_names
from twitchwise.formats.bids.description import BIDS_VERSION
from twitchwise.formats.bids.place import write
from twitchwise.formats.bids.text import PROGRAM, as_json, program_version
from twitchwise.formats.bids_tree import DESCRIPTION_FILE

FOUND_FOLDER = f"derivatives/{PROGRAM}"
"""Where the events lie in a data set; it is a data set of its own, derived from the recordings."""

_README = """\
# Events that {program} found

For each recording of the data set two folders up, of the same name: `*_events.tsv` holds every event, and
`*_events.json` explains its columns. They are a program's judgement, and a person's where the table says so.

Written by {program} {version}. Research and education software, not a medical device.
"""


def write_found(
    data_set: Path, built: BuiltRecording, table: str, explained: Mapping[str, object], samples: Sequence[str]
) -> None:
    """Write the events of a recording that the data set has taken.

    Parameters
    ----------
    data_set
        Its folder.
    built
        The recording.
    table, explained
        ``events.tsv``, and what ``events.json`` says of its columns.
    samples
        The files that hold the samples of the recording, below its subject.
    """
    root = data_set / FOUND_FOLDER
    if not (root / DESCRIPTION_FILE).exists():
        root.mkdir(parents=True, exist_ok=True)
        write(root / DESCRIPTION_FILE, _description())
        write(root / "README.md", _README.format(program=PROGRAM, version=program_version()))
    place = root / built.place
    place.mkdir(parents=True, exist_ok=True)
    write(place / f"{built.stem}_events.tsv", table)
    sources = source_names([f"{built.participant_id}/{file}" for file in samples])
    write(place / f"{built.stem}_events.json", as_json({**explained, "Sources": sources}))


def _description() -> str:
    fields = {
        "Name": f"Events that {PROGRAM} found",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{"Name": PROGRAM, "Version": program_version()}],
        "SourceDatasets": [{"URL": "../.."}],
        "DatasetLinks": {SOURCE: "../.."},
    }
    return as_json(fields)
