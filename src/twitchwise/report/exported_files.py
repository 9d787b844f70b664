"""Writes an examination or a recording to a file, to a folder of all forms, or to a zip archive of them."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.examine.archive import Content, contents_of, write_archive
from twitchwise.examine.as_bids import BIDS_FOLDER, write_examined_as_bids
from twitchwise.report.exports import FORMS, exported, form_of
from twitchwise.report.recording.drawings import file_key
from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError

ZIP = ".zip"


def is_folder(target: Path) -> bool:
    """Tell whether a place for results is a folder: one that exists, or a name without an ending."""
    return target.is_dir() or not target.suffix


def holds_recordings(target: Path) -> bool:
    """Tell whether a place for results has room for recordings too: a folder or an archive."""
    return is_folder(target) or target.suffix.lower() == ZIP


def require_form(target: Path) -> None:
    """Raise OutOfRangeError where results cannot be put, before any work is done for it."""
    if is_folder(target):
        if target.is_file():
            raise OutOfRangeError(f"report must be a folder or a file with an ending, got the file {str(target)!r}.")
    elif not holds_recordings(target):
        form_of(target)
    if not target.resolve().parent.is_dir():
        raise OutOfRangeError(f"report must lie in a folder that exists, got {str(target)!r}.")


def write_exports(
    thing: Examination | ExaminedRecording,
    target: Path,
    *,
    made_on: dt.date | None = None,
    with_recordings: bool = False,
    with_bids: bool = False,
) -> tuple[str, ...]:
    """Write results, and say in a sentence each where they are and what was left out.

    Parameters
    ----------
    thing
        What to take along.
    target
        A file whose ending says the form, or a folder or a ``.zip`` file for all forms.
    made_on
        The day to put on it.
    with_recordings
        Whether the samples of the recordings go into a folder or an archive too, as EDF+.
    with_bids
        Whether they go into it as a BIDS data set, with the events that were found.

    Raises
    ------
    OutOfRangeError
        If the ending is not known, or the place cannot be written.
    MissingExtraError
        If a single form needs a part of the program that is not installed.
    """
    require_form(target)
    if not holds_recordings(target):
        _write(target, exported(thing, form_of(target), made_on=made_on))
        return (f"The report is in {target}",)
    left: list[str] = []
    recordings = thing.recordings if isinstance(thing, Examination) else (thing,)
    with tempfile.TemporaryDirectory() as scratch:
        contents = list(_forms(thing, made_on, left.append))
        if with_recordings:
            contents += _recordings(recordings, Path(scratch), left.append)
        if with_bids:
            contents += _data_set(recordings, Path(scratch) / BIDS_FOLDER, target, left.append)
        if is_folder(target):
            _write_folder(target, contents)
        else:
            _whole(target, lambda part: write_archive(part, contents))
    return (f"The report is in {target}, in {len(contents)} files", *left)


def _forms(
    thing: Examination | ExaminedRecording, made_on: dt.date | None, note: Callable[[str], None]
) -> Iterator[Content]:
    for form in FORMS:
        try:
            yield form.file, exported(thing, form, made_on=made_on)
        except TwitchwiseError as error:
            note(f"Left out: {form.label}. {error}")


def _recordings(
    recordings: Sequence[ExaminedRecording], scratch: Path, note: Callable[[str], None]
) -> Iterator[Content]:
    """Give each recording as EDF+ with what was found in it as annotations."""
    from twitchwise.formats import write_edf  # noqa: PLC0415 - array libraries load where there is a recording

    for number, examined in enumerate(recordings, start=1):
        file = scratch / f"{number}.edf"
        try:
            write_edf(examined.recording, file, event_trains=examined.result.events)
            yield f"recordings/{number}_{file_key(Path(examined.recording.name).stem)}.edf", file
        except (TwitchwiseError, OSError) as error:
            note(f"Left out: the recording {examined.recording.name}. {error}")


def _data_set(
    recordings: Sequence[ExaminedRecording], folder: Path, target: Path, note: Callable[[str], None]
) -> list[Content]:
    """Give the recordings as a BIDS data set; one that lies there may be written again, not mixed with another."""
    try:
        write_examined_as_bids(folder, recordings, note)
    except (TwitchwiseError, OSError) as error:
        note(f"Left out: the BIDS data set. {error}")
        return []
    contents = list(contents_of(folder, BIDS_FOLDER))
    new = {name for name, _ in contents}
    there = [name for name, _ in contents_of(target / BIDS_FOLDER, BIDS_FOLDER)]
    foreign = [name for name in there if name not in new and not Path(name).name.startswith(".")]
    if contents and foreign:
        note(f"Left out: the BIDS data set. {BIDS_FOLDER} must be a new folder, got one that holds {foreign[0]!r}.")
        return []
    return contents


def _write_folder(folder: Path, contents: Sequence[Content]) -> None:
    for name, content in contents:
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutOfRangeError(
                f"report must go to a folder that can be made, got {str(folder)!r} ({error.strerror})."
            ) from None
        _write(file, content)


def _write(file: Path, content: bytes | Path) -> None:
    """Write a file, or copy it, so that it is whole or not there."""
    if isinstance(content, bytes):
        _whole(file, lambda part: part.write_bytes(content))
    else:
        _whole(file, lambda part: shutil.copyfile(content, part))


def _whole(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name beside its place, and give it its name when all went well."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutOfRangeError(
            f"report must be a file that can be written, got {str(file)!r} ({error.strerror})."
        ) from None
