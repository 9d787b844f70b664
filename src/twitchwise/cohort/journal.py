"""What became of each recording of a study, a line each, so that the next run goes on where one stopped.

Lines are only ever added: a line that a run could not end is passed over, and the last one on a recording counts.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from twitchwise.cohort.stored import StudyRecording


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a recording.

    ``stamp`` tells the state of its files, ``settings`` what else the result depends on, ``digest`` its content and
    ``key`` the result; ``sentence`` says why there is none.
    """

    name: str
    stamp: str
    settings: str
    state: str
    digest: str = ""
    key: str = ""
    sentence: str = ""


class Journal:
    """The lines of a study, in a file.

    Parameters
    ----------
    file
        Where they are; begun with the first line.

    Raises
    ------
    OSError
        If it cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries = {entry.name: entry for entry in _entries(file)}
        self._is_whole = _ends_whole(file)

    def of(self, recording: StudyRecording, settings: str) -> Entry | None:
        """Return what became of a recording, if its files and the settings are the same as then."""
        entry = self._entries.get(recording.name)
        is_same = entry is not None and (entry.stamp, entry.settings) == (stamp_of(recording), settings)
        return entry if is_same else None

    @property
    def names(self) -> frozenset[str]:
        """The recordings that there are lines on."""
        return frozenset(self._entries)

    def add(self, entry: Entry) -> None:
        """Add a line, which is on the disk when this returns.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        line = msgspec.json.encode(entry) + b"\n"
        with self._file.open("ab") as file:
            file.write(line if self._is_whole else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())
        self._is_whole = True
        self._entries[entry.name] = entry


def stamp_of(recording: StudyRecording) -> str:
    """Return a text that changes when a file of a recording does, or another file becomes part of it."""
    return msgspec.json.encode([(file.relative, file.n_bytes, file.stamp) for file in recording.files]).decode()


def _entries(file: Path) -> Iterable[Entry]:
    if not file.exists():
        return
    decoder = msgspec.json.Decoder(Entry)
    for line in file.read_bytes().splitlines():
        try:
            yield decoder.decode(line)
        except msgspec.DecodeError:
            continue  # an interrupted run left a part of a line; its recording is measured again


def _ends_whole(file: Path) -> bool:
    """Tell whether the last line was ended; a disk that was full may have left a part of it."""
    if not file.exists() or not file.stat().st_size:
        return True
    with file.open("rb") as lines:
        lines.seek(-1, os.SEEK_END)
        return lines.read(1) == b"\n"
