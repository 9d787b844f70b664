"""Brings the files of one recording to where it is measured, and checks that they are those that were planned."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from twitchwise.cohort.lying import stamp_of_file
from twitchwise.cohort.storage import Storage
from twitchwise.cohort.stored import StoredFile, StudyRecording
from twitchwise.vocabulary import UnreadableRecordingError


class ChangedError(UnreadableRecordingError):
    """A file of a recording is not what it was when the study was planned."""


@contextmanager
def fetched(recording: StudyRecording, into: Path) -> Iterator[Path]:
    """Give the main file (or folder) of a recording on this machine; files of this machine stay in their place.

    ``StudyRecording.paths`` tells where its other files are. What was brought here is removed in the end.

    Parameters
    ----------
    recording
        What to fetch.
    into
        A scratch folder; files of other machines go into a new folder in it, under their paths below the data set.

    Raises
    ------
    ChangedError
        If a file is not as it was when the data set was opened, before or after it was used.
    UnreadableRecordingError
        If a file cannot be fetched, also when it is tried again.
    """
    if recording.is_local:
        _require_here(recording)
        try:
            yield _main(recording)
        except Exception:
            _require_here(recording)  # what failed may have failed for this
            raise
        _require_here(recording)
        return
    with tempfile.TemporaryDirectory(dir=into, prefix="fetched-", ignore_cleanup_errors=True) as place:
        base = Path(place, "set")
        _fetch(recording, [base / file.relative for file in recording.files])
        yield base / recording.name


def _main(recording: StudyRecording) -> Path:
    """Return where the main file of a recording of this machine lies."""
    if not recording.files:
        raise UnreadableRecordingError(f"recording must be a file that exists, got {recording.name!r}.")
    first = recording.files[0]
    return Path(first.address).parents[first.relative.count("/")] / PurePosixPath(recording.name)


def _require_here(recording: StudyRecording) -> None:
    for file in recording.files:
        try:
            stamp = stamp_of_file(Path(file.address))
        except OSError:
            stamp = ""
        if stamp != file.stamp:
            raise _changed(file)


def _fetch(recording: StudyRecording, to: Sequence[Path]) -> None:
    """Bring the files here, and see that they were the planned ones before and after that."""
    if not recording.files:
        raise UnreadableRecordingError(f"recording must be a file that exists, got {recording.name!r}.")
    stored = [Storage(file.address, recording.storage_options) for file in recording.files]
    for path in to:
        path.parent.mkdir(parents=True, exist_ok=True)
    _require_there(recording, stored)
    stored[0].fetch([one.path for one in stored], to)
    _require_there(recording, stored)
    for file, path in zip(recording.files, to, strict=True):
        if not path.is_file() or path.stat().st_size != file.n_bytes:
            raise _changed(file)


def _require_there(recording: StudyRecording, stored: Sequence[Storage]) -> None:
    for file, one in zip(recording.files, stored, strict=True):
        if one.stamp(one.path) != file.stamp:
            raise _changed(file)


def _changed(file: StoredFile) -> ChangedError:
    return ChangedError(f"recording must stay as it is while it is measured, got {file.relative!r} changed.")
