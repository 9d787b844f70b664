"""The recordings of one person as a BIDS data set: each as the kind of data it is, and apart from it what was found."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from twitchwise.formats.bids.data_set import BidsDataset
from twitchwise.formats.bids.fitted import Fitted, fitted, label_of, one_line
from twitchwise.formats.bids.found import FOUND_FOLDER, write_found
from twitchwise.formats.bids.kinds import PERSON, build, has_emg
from twitchwise.formats.bids.place import writable, write, write_whole
from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.formats.bids.text import PROGRAM, as_json, cell, program_version, table
from twitchwise.signals import Recording
from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError
from twitchwise.vocabulary.text import filled_anew, say

Table = tuple[str, Mapping[str, object]]
"""``events.tsv``, and what ``events.json`` says of its columns."""

_SAMPLES = ("_emg.edf", "_motion.tsv", "_physio.tsv.gz")
_NAME = "Recordings of muscle activity"
_README = """\
# {name}

The recordings of one person, `sub-01`, as they were handed to {program}.

## What is where

* `participants.tsv`: one row for the person; what is not known is `n/a`.
* `sub-01/sub-01_scans.tsv`: the files of each recording, what it was called, and when it began, if it says.
* `sub-01/emg/*_emg.edf`: recordings with EMG, EDF+, with `*_channels.tsv`, `*_electrodes.tsv` and `*_emg.json`.
* `sub-01/motion/*_motion.tsv`: recordings of movement, a table without a header line for each set of sensors.
* `sub-01/beh/*_physio.tsv.gz`: other recordings, such as force, likewise.
* `sub-01/*/*_events.tsv`: what was noted in a recording itself.
* `{found}/`: the events that {program} found in the recordings, under the same names.

A channel whose name EDF cannot hold has another one; its old name stands in `channels.tsv` under `description`. `n/a`
stands wherever the recording does not say something, such as the reference of the electrodes.

Written by {program} {version}. `mne_bids.read_raw_bids` reads a recording with EMG. Research and education software,
not a medical device.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundIn:
    """A recording and how to write what was found in it.

    Parameters
    ----------
    recording
        As it was read.
    found
        Makes the table of events; it is given the names that the channels have in the data set.
    """

    recording: Recording
    found: Callable[[Fitted], Table]


def write_data_set(folder: Path, recordings: Sequence[FoundIn], note: Callable[[str], None]) -> int:
    """Write the recordings of one person, and return how many could be written.

    Recordings are read and written a block at a time. One that cannot be written is left out as a whole; where none is
    left, the folder is too.

    Parameters
    ----------
    folder
        New or empty.
    recordings
        What to write.
    note
        Is told a sentence on each that is left out.

    Raises
    ------
    UnwritableFileError
        If the folder holds something else, or cannot be written.
    """
    added: list[_Added] = []
    with BidsDataset.create(folder, name=_NAME) as data_set, data_set.workshop() as shop:
        for number, one in enumerate(recordings):
            label = label_of(Path(one.recording.name).stem, [other.label for other in added])
            try:
                added.append(_added(data_set, one, label, shop / str(number)))
            except (TwitchwiseError, OSError) as error:
                note(
                    say(
                        "Left out of the BIDS data set: the recording {recording}. {reason}",
                        recording=one.recording.name,
                        reason=_reason(error, shop),
                    )
                )
            shutil.rmtree(shop / str(number), ignore_errors=True)
    if not added:
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    with writable(folder):
        _write_scans(folder, added)
        readme = _README.format(name=_NAME, program=PROGRAM, version=program_version(), found=FOUND_FOLDER)
        write_whole(folder / "README.md", readme)
    return len(added)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Added:
    """A recording that the data set has taken: its label, and the files that hold its samples, below its person."""

    recording: Recording
    label: str
    files: tuple[str, ...]


def _reason(error: Exception, shop: Path) -> str:
    """Return why a recording could not be written, without where the program built it."""
    said = error.sentence if isinstance(error, TwitchwiseError) else str(error)
    return filled_anew(said, lambda text: text.replace(f"{shop.parent}", "the data set"))


def _added(data_set: BidsDataset, one: FoundIn, label: str, shop: Path) -> _Added:
    """Write a recording and what was found in it."""
    _require_there(one.recording)
    names = fitted(one.recording, as_edf=has_emg(one.recording))
    events, explained = one.found(names)
    parts = build(names, label, shop)
    taken = [file for part in parts for file in data_set.take(part)]
    files = [file.relative_to(data_set.folder / parts[0].participant_id).as_posix() for file in taken]
    samples = tuple(file for file in files if file.endswith(_SAMPLES))
    with writable(data_set.folder):
        write_found(data_set.folder, parts[0], events, explained, samples)
    return _Added(recording=one.recording, label=label, files=samples)


def _require_there(recording: Recording) -> None:
    """Refuse a recording whose file is gone, before that looks like a place that cannot be written."""
    try:
        for number, channel in enumerate(recording.channels):
            recording.source.read(number, 0, min(1, channel.n_samples))
    except OSError as error:
        raise UnreadableRecordingError(
            say("the recording must stay where it is, got {reason!r}.", reason=error.strerror)
        ) from None


def _write_scans(folder: Path, added: Sequence[_Added]) -> None:
    """Write what each file is of, and when it began if its recording says."""
    person = f"sub-{PERSON}"
    rows = [
        [file, _moment(one.recording.start), cell(one_line(one.recording.name))] for one in added for file in one.files
    ]
    write(folder / person / f"{person}_scans.tsv", table(("filename", "acq_time", "recording"), rows))
    said = {"recording": {"Description": "What the recording was called when it was handed to the program."}}
    write(folder / person / f"{person}_scans.json", as_json(said))


def _moment(start: datetime | None) -> str:
    """Return when a recording began as it stands, without its time zone, as EDF holds it."""
    return NOT_KNOWN if start is None else start.replace(tzinfo=None).isoformat(timespec="microseconds")
