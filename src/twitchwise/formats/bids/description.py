"""What a data set says about itself, and its truth about itself: ``dataset_description.json`` and ``README.md``."""

import json
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.bids.place import write_whole
from twitchwise.formats.bids.text import PROGRAM, as_json, program_version
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

# The first version of BIDS with electromyography that a released validator knows.
BIDS_VERSION = "1.11.1"
_DESCRIPTION_FILE = "dataset_description.json"
TRUTH_FOLDER = "derivatives/truth"
"""Where the truth lies in a data set; it is a data set of its own, derived from the recordings."""

_README = """\
# {name}

{about}

## What is where

* `participants.tsv`: one row a subject; `participants.json` says what its columns mean.
* `sub-*/emg/*_emg.edf`: the samples, EDF+; `*_channels.tsv`, `*_electrodes.tsv` and `*_emg.json` describe them.
* `sub-*/emg/*_events.tsv`: what happened, on which channel, with begin, length and peak.
* `{truth}/`: where it is known, every discharge of every motor unit and how the recording came about.

Written by {program} {version}. `mne_bids.read_raw_bids` reads a recording with its events.
"""
_TRUTH_README = """\
# Truth of: {name}

For each recording of the data set two folders up, of the same name: `*_events.tsv` holds every discharge, with its
motor unit, its motor neuron pool and where it came from; `*_events.json` explains the columns and holds, under `Truth`,
what else is known of how the recording came about. A detector is scored against these files and must not read them.

Written by {program} {version}.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What a new data set says about itself.

    Parameters
    ----------
    name
        Title, one line.
    about
        What it holds and how it came about, as Markdown.
    license_name
        For example ``CC0`` or ``CC-BY-4.0``.
    authors
        Who made it.

    Raises
    ------
    OutOfRangeError
        If the name is not one line of text.
    """

    name: str
    about: str
    license_name: str
    authors: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a data set without a name."""
        if not (self.name.strip() and self.name.isprintable()):
            raise OutOfRangeError(f"name of a data set must be one line of text, got {self.name!r}.")

    def write(self, folder: Path) -> None:
        """Write the files that are not there yet."""
        self._write(folder, _README, {"Name": self.name, "DatasetType": "raw", "SourceDatasets": []})

    def write_truth(self, folder: Path) -> None:
        """Write those of the truth, below the data set, where they are not there yet."""
        place = folder / TRUTH_FOLDER
        place.mkdir(parents=True, exist_ok=True)
        name, sources = f"Truth of: {self.name}", [{"URL": "../.."}]
        self._write(place, _TRUTH_README, {"Name": name, "DatasetType": "derivative", "SourceDatasets": sources})

    def _write(self, folder: Path, readme: str, fields: dict[str, object]) -> None:
        program = {"Name": PROGRAM, "Version": program_version()}
        fields |= {
            "BIDSVersion": BIDS_VERSION,
            "License": self.license_name,
            "Authors": list(self.authors),
            "GeneratedBy": [program],
        }
        words = {"name": self.name, "about": self.about, "truth": TRUTH_FOLDER, "program": PROGRAM}
        texts = {
            _DESCRIPTION_FILE: as_json(fields),
            "README.md": readme.format(version=program_version(), **words),
        }
        for file, text in texts.items():
            if not (folder / file).exists():
                write_whole(folder / file, text)


def require_free_or_ours(folder: Path) -> None:
    """Refuse a folder that holds something else than a data set that this program wrote."""
    if folder.is_dir() and all(path.name.startswith(".") for path in folder.iterdir()):
        return
    if folder.exists() and not _is_ours(folder / _DESCRIPTION_FILE):
        raise UnwritableFileError(
            f"data set must be a new or empty folder or one that {PROGRAM} wrote, got {str(folder)!r}."
        )


def _is_ours(path: Path) -> bool:
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        programs = [program["Name"] for program in description["GeneratedBy"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return PROGRAM in programs and description.get("DatasetType") == "raw"
