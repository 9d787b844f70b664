"""Takes in the files of one recording, has it measured, and always deletes the files and lets go of the samples."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from twitchwise.examine import ExaminedRecording, examine_recording
from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError

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


def examine_upload(
    files: Sequence[UploadFile], *, sampling_rate_hz: float | None = None, unit: str | None = None
) -> ExaminedRecording:
    """Measure a recording that was sent.

    Parameters
    ----------
    files
        The files of one recording, at least one.
    sampling_rate_hz, unit
        What the files do not say.

    Returns
    -------
    ExaminedRecording
        Without samples: the files are deleted, and memory is for what was measured alone.

    Raises
    ------
    TwitchwiseError
        If two files have one name, or there is no recording in them that can be measured.
    """
    with TemporaryDirectory(prefix="twitchwise-") as folder:
        main = main_file([save_file(file, Path(folder)) for file in files])
        try:
            examined = examine_recording(main, sampling_rate_hz=sampling_rate_hz, unit=unit)
        except TwitchwiseError as error:
            # the folder tells a reader nothing and is gone by now
            raise UnreadableRecordingError(str(error).replace(f"{folder}{os.sep}", "")) from None
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
        raise UnreadableRecordingError(f"files of a recording must have different names, got {target.name!r} twice.")
    with target.open("wb") as out:
        shutil.copyfileobj(file.file, out)
    return target
