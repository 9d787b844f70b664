"""Finds the formats of this room and the one that a file is of."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.refusal import readable
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say, together

# Enough for a whole fixed header of EDF and for the first lines of a table.
_HEAD_BYTES = 4096
_SPREADSHEETS = (".xls", ".xlsx", ".ods")


@cache
def all_formats() -> tuple[Format, ...]:
    """Return every format: each module beside this one that holds a `Format` under the name ``FORMAT``.

    Packages hold none; they write, and reading is to start without them.
    """
    package = importlib.import_module(__name__.rpartition(".")[0])
    names = [info.name for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if not info.ispkg]
    modules = [importlib.import_module(name) for name in names]
    return tuple(vars(module)["FORMAT"] for module in modules if "FORMAT" in vars(module))


def open_recording(path: Path, options: ReadOptions) -> Recording:
    """Open a file as what its ending and its first bytes say it is."""
    if "\x00" in options.typed:
        raise UnreadableRecordingError(say("recording must be a file that exists, got {file!r}.", file=options.typed))
    with readable(options.typed):
        found = _completed(path)
        whole = folder_format(found) if found.is_dir() else None
        if whole is not None:
            return whole.read(found, options)
        head = _head(found, options.typed)
        return _format_of(found, head, options.typed).read(found, options)


def folder_format(folder: Path) -> Format | None:
    """Return the format of a folder that is one recording as a whole, or nothing."""
    return next((one for one in all_formats() if one.takes_folders and one.recognizes(folder, b"")), None)


def _completed(path: Path) -> Path:
    """Add the ending to the name of a record that people name without it."""
    if path.name and not path.exists():
        for format_ in all_formats():
            whole = path.with_name(path.name + format_.suffixes[0])
            if format_.named_by_stem and whole.is_file():
                return whole
    return path


def _head(path: Path, typed: str) -> bytes:
    if path.is_dir():
        raise UnreadableRecordingError(say("recording must be a file, got the folder {file!r}.", file=typed))
    if path.exists() and not path.is_file():
        raise UnreadableRecordingError(say("recording must be a file, got a device or pipe {file!r}.", file=typed))
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise UnreadableRecordingError(say("recording must not be empty, got {file!r} with 0 bytes.", file=typed))
    return head


def _format_of(path: Path, head: bytes, typed: str) -> Format:
    suffix = path.suffix.lower()
    named = [format_ for format_ in all_formats() if suffix in format_.suffixes]
    for format_ in named or all_formats():
        if format_.recognizes(path, head):
            return format_
    if named:
        raise UnreadableRecordingError(
            say(
                "{file!r} must begin like {formats}, as its ending {ending!r} says, got something else.",
                file=typed,
                formats=_listed(named),
                ending=suffix,
            )
        )
    if suffix in _SPREADSHEETS:
        raise UnreadableRecordingError(
            say(
                "{file!r} must be exported as CSV, which the app offers beside spreadsheets, got a spreadsheet.",
                file=typed,
            )
        )
    raise UnreadableRecordingError(
        say("recording must be one of {formats}, got {file!r}.", formats=_listed(all_formats()), file=typed)
    )


def _listed(formats: Iterable[Format]) -> str:
    named = [say("{format} ({endings})", format=one.name, endings=", ".join(one.suffixes)) for one in formats]
    return together(named, "; ")
