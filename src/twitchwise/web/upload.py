"""Takes in the files of one recording, has it measured, and lets go of the samples."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.examine.order import Progress
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.examine.stopping import Heed, examine_until_stopped
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.vocabulary.arrays import FloatArray

LONGEST_NAME = 120  # letters of a file's name that are kept, below what any file system allows
COMPANIONS = frozenset({".dat", ".json", ".tsv", ".txt", ".xws", ".atr"})
"""Endings of files that lie beside a recording where a recording comes in several files."""


class ErasedSamples:
    """Stands for the samples of a recording whose files are deleted; only what was measured is left."""

    def read(self, channel: int, start: int, stop: int) -> "FloatArray":
        """Refuse to read."""
        raise UnreadableRecordingError(
            f"samples must be read before they are erased, got {start!r} to {stop!r} of channel {channel!r}."
        )


def receive_upload(files: Sequence[UploadFile], folder: ScratchFolder) -> Path:
    """Save the files of one recording that were sent, and return the one to open.

    Raises
    ------
    UnreadableRecordingError
        If two files have one name, or there is no room for them.
    """
    try:
        return main_file([save_file(file, folder.path) for file in files])
    except OSError as error:
        raise UnreadableRecordingError(
            say("there must be room for the file, got {reason!r}.", reason=error.strerror)
        ) from None


def measure_upload(file: Path, order: MeasuringOrder, progress: Progress, heed: Heed) -> ExaminedRecording:
    """Measure a recording that was sent, unless it is stopped.

    Parameters
    ----------
    file
        The file to open.
    order
        What the files do not say.
    progress
        Is told how much is done, from 0 to 1.
    heed
        Raises StoppedError once measuring is to stop.

    Returns
    -------
    ExaminedRecording
        Without samples: the files are going to be deleted, and memory is for what was measured alone.

    Raises
    ------
    StoppedError
        If it was stopped.
    TwitchwiseError
        If there is no recording in them that can be measured.
    """
    examined = examine_until_stopped(file, order, progress, heed)
    return replace(examined, recording=replace(examined.recording, source=ErasedSamples()), film=None)


def main_file(files: Sequence[Path]) -> Path:
    """Return the file to open of a recording's files: a header, else the first that does not lie beside another."""
    return min(files, key=lambda file: (file.suffix.lower() != ".hea", file.suffix.lower() in COMPANIONS))


def safe_name(name: str) -> str:
    """Return a file's name without folders or signs that could lead elsewhere; its ending is kept.

    Examples
    --------
    >>> safe_name("../../left calf.EDF")
    'left_calf.EDF'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^A-Za-z0-9._+-]", "_", last).lstrip(".")
    return plain[-LONGEST_NAME:] or "recording"


def save_file(file: UploadFile, folder: Path) -> Path:
    """Save a file that was sent under a safe name in a folder, or raise UnreadableRecordingError."""
    target = folder / safe_name(file.filename or "")
    if target.exists():
        raise UnreadableRecordingError(
            say("files of a recording must have different names, got {file!r} twice.", file=target.name)
        )
    with target.open("wb") as out:
        shutil.copyfileobj(file.file, out)
    return target
