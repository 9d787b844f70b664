"""Recordings that were measured or reviewed as a BIDS data set, as a folder or as one archive."""

import dataclasses
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.examine.archive import contents_of, write_archive
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.review import MarkedEvent
from twitchwise.examine.review_tables import review_as_bids
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, UnwritableFileError
from twitchwise.vocabulary.text import together

if TYPE_CHECKING:
    from twitchwise.formats.bids import Fitted, FoundIn
    from twitchwise.signals import Recording

BIDS_FOLDER = "bids"
"""Name of the folder of a data set, in an archive and beside a report."""


def write_examined_as_bids(folder: Path, recordings: Sequence[ExaminedRecording], note: Callable[[str], None]) -> int:
    """Write measured recordings with the events that were found as a BIDS data set; return how many could be.

    Parameters
    ----------
    folder
        New or empty.
    recordings
        All of one person.
    note
        Is told a sentence on each recording that is left out.

    Raises
    ------
    UnwritableFileError
        If the folder cannot be written.
    """
    from twitchwise.formats.bids import write_data_set  # noqa: PLC0415 - array libraries load here

    return write_data_set(folder, [_examined(one) for one in recordings], note)


def write_reviewed_as_bids(place: Path, recording: "Recording", events: Sequence[MarkedEvent]) -> Path:
    """Write a recording with its reviewed events as a BIDS data set in one archive, and return that.

    Parameters
    ----------
    place
        A folder for the archive and, meanwhile, for the data set.
    recording
        What was looked at.
    events
        All its events, also rejected ones.

    Raises
    ------
    OutOfRangeError
        If BIDS cannot hold the recording.
    UnwritableFileError
        If the place cannot be written.
    """
    from twitchwise.formats.bids import FoundIn, write_data_set  # noqa: PLC0415 - array libraries load here

    def reviewed(names: "Fitted") -> tuple[str, Mapping[str, object]]:
        renamed = [dataclasses.replace(event, channel=names.name(event.channel)) for event in events]
        return review_as_bids(renamed, names.recording)

    left: list[str] = []
    folder = place / f"bids-{secrets.token_hex(8)}"
    archive = folder.with_suffix(".zip")
    try:
        if not write_data_set(folder, [FoundIn(recording=recording, found=reviewed)], left.append):
            raise OutOfRangeError(together(left))
        write_archive(archive, contents_of(folder, BIDS_FOLDER))
    except OSError as error:
        archive.unlink(missing_ok=True)
        raise UnwritableFileError(f"the data set must find room on the disk, got {error.strerror!r}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return archive


def _examined(examined: ExaminedRecording) -> "FoundIn":
    """Return a recording with what a person said of where it was taken, and the table of what was found."""
    from twitchwise.formats.bids import FoundIn  # noqa: PLC0415 - array libraries load here
    from twitchwise.formats.bids.measured_events import (  # noqa: PLC0415
        measured_events_sidecar,
        measured_events_table,
    )

    def found(names: "Fitted") -> tuple[str, Mapping[str, object]]:
        trains = (*examined.result.events, *examined.result.discharges)
        return measured_events_table(map(names.train, trains), names.recording), measured_events_sidecar(())

    muscle = None if examined.muscle is None else examined.muscle.replace("_", " ")
    channels = tuple(
        dataclasses.replace(
            channel,
            site=channel.site or (muscle if channel.kind is ChannelKind.EMG else examined.site),
            side=channel.side or examined.side,
        )
        for channel in examined.recording.channels
    )
    return FoundIn(recording=dataclasses.replace(examined.recording, channels=channels), found=found)
