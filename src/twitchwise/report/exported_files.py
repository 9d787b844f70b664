"""Writes an examination or a recording to a file, to a folder of all forms, or to a zip archive of them."""

import datetime as dt
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.report.exports import FORMS, exported, form_of
from twitchwise.report.recording.drawings import file_key
from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError

ZIP = ".zip"
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # the format knows no earlier one; a fixed one keeps the bytes the same

_Content = tuple[str, bytes]


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
    contents = list(_contents(thing, made_on, left.append, with_recordings=with_recordings))
    if is_folder(target):
        _write_folder(target, contents)
    else:
        _write(target, _zipped(contents))
    return (f"The report is in {target}, in {len(contents)} files", *left)


def _contents(
    thing: Examination | ExaminedRecording,
    made_on: dt.date | None,
    say: Callable[[str], None],
    *,
    with_recordings: bool,
) -> Iterator[_Content]:
    for form in FORMS:
        try:
            yield form.file, exported(thing, form, made_on=made_on)
        except TwitchwiseError as error:
            say(f"Left out: {form.label}. {error}")
    recordings = thing.recordings if isinstance(thing, Examination) else (thing,)
    if with_recordings:
        yield from _recordings(recordings, say)


def _recordings(recordings: Sequence[ExaminedRecording], say: Callable[[str], None]) -> Iterator[_Content]:
    """Give each recording as EDF+ with what was found in it as annotations."""
    from twitchwise.formats import write_edf  # noqa: PLC0415 - array libraries load where there is a recording

    for number, examined in enumerate(recordings, start=1):
        name = f"recordings/{number}_{file_key(Path(examined.recording.name).stem)}.edf"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "recording.edf"
            try:
                write_edf(examined.recording, file, event_trains=examined.result.events)
                yield name, file.read_bytes()
            except (TwitchwiseError, OSError) as error:
                say(f"Left out: the recording {examined.recording.name}. {error}")


def _zipped(contents: Sequence[_Content]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in contents:
            entry = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _write_folder(folder: Path, contents: Sequence[_Content]) -> None:
    for name, content in contents:
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutOfRangeError(
                f"report must go to a folder that can be made, got {str(folder)!r} ({error.strerror})."
            ) from None
        _write(file, content)


def _write(file: Path, content: bytes) -> None:
    """Write a file that is whole or not there."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutOfRangeError(
            f"report must be a file that can be written, got {str(file)!r} ({error.strerror})."
        ) from None
