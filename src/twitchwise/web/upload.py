"""Takes in the files of one recording, has it measured, and always deletes the files."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile

from twitchwise.examine import ExaminedRecording, examine_recording
from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError

LONGEST_NAME = 120  # letters of a file's name that are kept, below what any file system allows
COMPANIONS = frozenset({".dat", ".json", ".tsv", ".txt", ".xws", ".atr"})
"""Endings of files that lie beside a recording where a recording comes in several files."""


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

    Raises
    ------
    TwitchwiseError
        If two files have one name, or there is no recording in them that can be measured.
    """
    with TemporaryDirectory(prefix="twitchwise-") as folder:
        saved = [_save(file, Path(folder)) for file in files]
        main = main_file(saved)
        try:
            return examine_recording(main, sampling_rate_hz=sampling_rate_hz, unit=unit)
        except TwitchwiseError as error:
            # the folder is of no use to the reader and gone by now
            raise UnreadableRecordingError(str(error).replace(f"{folder}/", "")) from None


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


def _save(file: UploadFile, folder: Path) -> Path:
    target = folder / safe_name(file.filename or "")
    if target.exists():
        raise UnreadableRecordingError(
            f"the files of a recording must have different names, got {target.name!r} twice."
        )
    with target.open("wb") as out:
        shutil.copyfileobj(file.file, out)
    return target
