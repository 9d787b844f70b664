"""Puts files and folders in their place so that an interrupted write leaves a data set that is still valid."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twitchwise.vocabulary import UnwritableFileError
from twitchwise.vocabulary.text import say


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Guard calls to the file system: whatever it refuses becomes one `UnwritableFileError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableFileError(
            say(
                "data set must be in a place that can be written, got {folder!r}: {reason}.",
                folder=str(folder),
                reason=reason,
            )
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears under its name only when it is whole."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        write(beside, text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write(path: Path, text: str) -> None:
    """Write a file in UTF-8 with line feeds, on every system."""
    path.write_bytes(text.encode())


@contextmanager
def workshop(folder: Path, name: str) -> Iterator[Path]:
    """Give a hidden folder, which BIDS tools ignore, to build files in; what is left in it is removed.

    A folder of the same name that an interrupted write has left is removed first.
    """
    place = folder / f".{name}.part"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def files_below(folder: Path) -> list[Path]:
    """Return the files of a folder and its folders, sorted, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def require_agreeing(source: Path, target: Path) -> None:
    """Refuse a folder that has a file which the target has with another content."""
    for path in files_below(source):
        there = target / path
        if there.exists() and there.read_bytes() != (source / path).read_bytes():
            raise UnwritableFileError(f"data set must not change a file that it holds, got another {there.name!r}.")


def settle(source: Path, target: Path) -> None:
    """Move a folder to its place: as a whole where nothing is there yet, else what is new, beside the rest."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    elif source.is_dir():
        for path in sorted(source.iterdir()):
            settle(path, target / path.name)
