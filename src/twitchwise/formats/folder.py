"""Which recordings a folder holds: those of a BIDS data set, or every file of a format that can be read."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from twitchwise.formats.bids_physio import ENDING, is_usable_physio
from twitchwise.formats.bids_tree import (
    Listing,
    all_describing,
    bids_recordings,
    data_set_of,
    files_below,
    folder_of_subjects,
    is_bids_recording,
)
from twitchwise.formats.edf_hypnogram import hypnograms_of, is_text_alone
from twitchwise.formats.known import all_formats, folder_format
from twitchwise.formats.refusal import readable
from twitchwise.formats.tsdf import files_of_set, is_first_of_set, is_of_set
from twitchwise.formats.video import VIDEO_SUFFIXES
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_HEAD_BYTES = 4096
# GIF is left out: in a folder such files are mostly drawings.
_FILMS = frozenset(VIDEO_SUFFIXES) - {".gif"}
_NOT_RECORDINGS = {"readme", "license", "changes", "changelog", "participants"}  # text files of nearly every folder


def recordings_in(folder: Path, *, typed: str | None = None, leave_out: Path | None = None) -> list[Path]:
    """Return the recordings of a folder and its folders, in order of their names.

    Parameters
    ----------
    folder
        Of a BIDS data set its recordings count: EMG, movement, and physiology with a channel of EMG or movement. Beside
        data sets, and where there is none, every file counts that begins like one that can be read.
    typed
        The folder as the person typed it.
    leave_out
        A folder to pass over if it lies in this one.

    Raises
    ------
    UnreadableRecordingError
        If the folder cannot be listed or holds no recordings.
    """
    named = str(folder) if typed is None else typed
    with readable(named):
        files = [path for path in bids_recordings(folder) if not _is_unusable(path)]
        if data_set_of(folder) is None:
            files = sorted([*files, *_recordings_below(folder, without=_data_sets_of(files))])
    if leave_out is not None and folder.resolve() in leave_out.resolve().parents:
        files = [path for path in files if not path.parent.resolve().is_relative_to(leave_out.resolve())]
    if not files:
        raise UnreadableRecordingError(say("folder must hold recordings, got {folder!r} without any.", folder=named))
    return files


def recordings_among(paths: Iterable[Path]) -> list[Path]:
    """Return those of some files that are recordings, and the recordings that some folders hold, in order.

    Parameters
    ----------
    paths
        Files and folders that were named one by one or by a pattern; of a BIDS data set only files of samples count,
        and a folder without recordings gives none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found |= dict.fromkeys([path] if _is_one(path) else [])
        else:
            with suppress(UnreadableRecordingError):
                found |= dict.fromkeys(recordings_in(path))
    return sorted(found)


def _is_one(path: Path) -> bool:
    if path.name.startswith("sub-") and data_set_of(path.parent) is not None:
        return is_bids_recording(path) and not _is_unusable(path)
    return _is_recording(path) and is_first_of_set(path)


def base_of(folder: Path) -> Path:
    """Return the folder that names of recordings begin at: the data set that a folder belongs to, or itself."""
    return data_set_of(folder) or folder


def files_of(recording: Path, listing: Listing | None = None) -> Sequence[Path]:
    """Return every file that a recording consists of or is described by, itself first.

    Some formats keep header and samples in files of one name, so all files of its name count.
    """
    if recording.is_dir():
        return [recording, *files_below(recording)]
    if is_of_set(recording):
        return list(dict.fromkeys((recording, *files_of_set(recording))))
    known = listing or Listing()
    scored = hypnograms_of(recording) if recording.suffix.lower() == ".edf" else []
    beside = [path for path in known.named(recording.parent, recording.stem) if path.is_file()]
    return list(dict.fromkeys((recording, *beside, *scored, *all_describing(recording, known))))


def _data_sets_of(files: Sequence[Path]) -> set[Path]:
    """Return the folders of the data sets that recordings of BIDS belong to, said to be one or not."""
    places = {path.parent for path in files}
    return {(data_set_of(place) or folder_of_subjects(place)).absolute() for place in places}


def _recordings_below(folder: Path, *, without: set[Path]) -> list[Path]:
    """Return the files of formats that can be read, with a folder that is one recording in place of its files.

    Parameters
    ----------
    folder
        With all folders in it.
    without
        Folders to pass over with all in them.
    """
    files = [path for path in files_below(folder) if without.isdisjoint(path.absolute().parents)]
    folders = sorted({folder, *(path.parent for path in files)})
    whole = [place for place in folders if (form := folder_format(place)) is not None and form.is_whole_folder]
    free = [path for path in files if not any(path.is_relative_to(place) for place in whole)]
    found = [path for path in free if _is_recording(path) and is_first_of_set(path)]
    return sorted([*whole, *found])


def _is_unusable(path: Path) -> bool:
    """Tell whether a file holds physiology in which nothing can be measured, such as the heart or force alone."""
    return path.name.endswith(ENDING) and not is_usable_physio(path)


def _is_recording(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.stem.lower() in _NOT_RECORDINGS or _is_unusable(path):
        return False
    if suffix in _FILMS:
        return True
    # of a recording that is named by its stem the first file counts, its header
    named = [one for one in all_formats() if suffix in (one.suffixes[:1] if one.named_by_stem else one.suffixes)]
    if not named or not path.exists():
        return bool(named)  # a link that leads nowhere is refused when it is read
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return not head or (not is_text_alone(head) and any(one.recognizes(path, head) for one in named))
