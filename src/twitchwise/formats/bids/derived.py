"""A data set that was made from another: the files that describe it, and whether a folder may be written to."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.bids.description import BIDS_VERSION
from twitchwise.formats.bids.place import writable, write_whole
from twitchwise.formats.bids.text import PROGRAM, as_json, program_version
from twitchwise.formats.bids_tree import DESCRIPTION_FILE
from twitchwise.vocabulary import UnwritableFileError


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a derived data set says of itself.

    Parameters
    ----------
    maker
        The command that makes it; a folder of another maker is not written to.
    title
        Its name, with ``{source}`` for that of what it was made from.
    readme
        Text with ``{program}``, ``{version}`` and ``{source}``.
    ignored
        Files for which BIDS has no name.
    source_link
        Name of the link to what it was made from.
    """

    maker: str
    title: str
    readme: str
    ignored: Sequence[str]
    source_link: str


def begin_derived(folder: Path, about: About, *, source: Path | str) -> None:
    """Begin a derived data set, or go on with one of the same maker; what it says of itself already stays.

    Parameters
    ----------
    folder
        New, empty, or such a data set.
    about
        What it says of itself.
    source
        What it is made from: a folder, or an address.

    Raises
    ------
    UnwritableFileError
        If the folder holds something else, or cannot be written.
    """
    with writable(folder):
        _require_free_or_own(folder, about.maker)
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in _texts(folder, about, source).items():
            if not (folder / file).exists():
                write_whole(folder / file, text)
        _say_version(folder / DESCRIPTION_FILE, about.maker)


def _texts(folder: Path, about: About, source: Path | str) -> dict[str, str]:
    """Return the files that describe the folder, by name."""
    name, link = _name_and_link(folder, source)
    fields = {
        "Name": about.title.format(source=name),
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{"Name": PROGRAM, "Version": program_version(), "Description": about.maker}],
        "SourceDatasets": [{"URL": link}],
        "DatasetLinks": {about.source_link: link},
    }
    readme = about.readme.format(program=PROGRAM, version=program_version(), source=f"`{name}`")
    return {
        DESCRIPTION_FILE: as_json(fields),
        "README.md": readme,
        ".bidsignore": "".join(f"{pattern}\n" for pattern in about.ignored),
    }


def _name_and_link(folder: Path, source: Path | str) -> tuple[str, str]:
    if isinstance(source, str):
        return source.rstrip("/").rpartition("/")[2] or "recordings", source
    whole = source.resolve()
    return whole.name or "recordings", Path(os.path.relpath(whole, folder.resolve())).as_posix()


def _say_version(path: Path, maker: str) -> None:
    """Let a description name the version that goes on; all else in it stays, as people add authors and licenses."""
    description = json.loads(path.read_text(encoding="utf-8"))
    own = next(program for program in description["GeneratedBy"] if program.get("Description") == maker)
    if own.get("Version") != program_version():
        own["Version"] = program_version()
        write_whole(path, as_json(description))


def _require_free_or_own(folder: Path, maker: str) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UnwritableFileError(f"output must be a folder for a folder of recordings, got {str(folder)!r}.")
    if all(path.name.startswith(".") for path in folder.iterdir()) or _is_own(folder / DESCRIPTION_FILE, maker):
        return
    raise UnwritableFileError(f"output must be a new or empty folder or one that '{maker}' wrote, got {str(folder)!r}.")


def _is_own(path: Path, maker: str) -> bool:
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        makers = [program.get("Description") for program in description["GeneratedBy"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return maker in makers
