"""A copy of a data set of another machine, with small texts and first bytes alone: enough to find recordings.

A file that is longer is as long here too, with nothing written in it, so that checks of its size hold.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from twitchwise.cohort.storage import RemoteFile, Storage
from twitchwise.formats.bids_tree import DESCRIPTION_FILE, NOT_RAW

HEAD_BYTES = 4096
_WHOLE_BYTES = 1 << 20
_TEXTS = (".json", ".tsv", ".csv", ".txt", ".bvec", ".bval", ".hea", ".md", ".rst", "")
_LEVELS = 3
# Of files that are asked for at once: how many bytes and how many files.
_BATCH_BYTES, _BATCH_FILES = 1 << 26, 256


class Skeleton:
    """The skeleton of a data set, or of the part of it that was named.

    Parameters
    ----------
    storage
        Opened at the folder or file that was named.
    place
        An empty folder.

    Raises
    ------
    UnreadableRecordingError
        If the storage cannot be listed or read.
    """

    def __init__(self, storage: Storage, place: Path) -> None:
        named = storage.path.rstrip("/")
        is_file = storage.holds(named)
        start = named.rpartition("/")[0] if is_file else named
        self.root = _data_set_of(storage, start) or start
        # Readers look up to three folders above; these here hold nothing.
        self.folder = place.joinpath(*"abc", PurePosixPath(self.root).name or "set")
        self.folder.mkdir(parents=True)
        self.files: dict[str, RemoteFile] = {}
        listed = [storage.file(named)] if is_file else storage.files(named, deep=True)
        for folder in _between(self.root, start, with_start=is_file):
            listed += storage.files(folder, deep=False)
        self._take(storage, [file for file in listed if self._counts(file, start)])
        self.named = self.path_of(named)

    def path_of(self, path: str) -> Path:
        """Return where a path of the storage is in the skeleton."""
        return self.folder / self._below(path)

    def _below(self, path: str) -> str:
        return path[len(self.root) :].lstrip("/")

    def _counts(self, file: RemoteFile, start: str) -> bool:
        """Leave out hidden files, names that no disk has, and what is not raw unless it was asked for."""
        parts = self._below(file.path).split("/")
        if any(not part or part.startswith(".") for part in parts):
            return False
        asked = self._below(start).split("/")[0]
        return parts[0] == asked or len(parts) == 1 or parts[0] not in NOT_RAW

    def _take(self, storage: Storage, files: Sequence[RemoteFile]) -> None:
        wanted = {file.path: (file, _n_bytes(file)) for file in files}
        for batch in _batches(list(wanted.values())):
            heads = storage.heads([(file.path, n_bytes) for file, n_bytes in batch if n_bytes])
            given = iter(heads)
            for file, n_bytes in batch:
                self._put(file, next(given) if n_bytes else b"")

    def _put(self, file: RemoteFile, head: bytes) -> None:
        path = self.path_of(file.path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(head)
            os.truncate(path, file.n_bytes)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            return  # storage may hold a file and files below it under one name, a disk not
        self.files[self._below(file.path)] = file


def _data_set_of(storage: Storage, start: str) -> str | None:
    """Return the BIDS data set that a folder is or belongs to."""
    folder = start
    for _ in range(_LEVELS + 1):
        if not folder:
            return None
        if storage.holds(f"{folder}/{DESCRIPTION_FILE}"):
            return folder
        folder = folder.rpartition("/")[0]
    return None


def _between(root: str, start: str, *, with_start: bool) -> Iterator[str]:
    """Give the folders from the data set down to the one that was named."""
    folder = start
    while folder != root:
        if with_start or folder != start:
            yield folder
        folder = folder.rpartition("/")[0]
    if with_start or root != start:
        yield root


def _n_bytes(file: RemoteFile) -> int:
    """Return how many bytes of a file are needed."""
    is_text = PurePosixPath(file.path).suffix.lower() in _TEXTS and file.n_bytes <= _WHOLE_BYTES
    return file.n_bytes if is_text else min(file.n_bytes, HEAD_BYTES)


def _batches(files: Sequence[tuple[RemoteFile, int]]) -> Iterator[list[tuple[RemoteFile, int]]]:
    batch: list[tuple[RemoteFile, int]] = []
    size = 0
    for file, n_bytes in files:
        if batch and (size + n_bytes > _BATCH_BYTES or len(batch) >= _BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append((file, n_bytes))
        size += n_bytes
    if batch:
        yield batch
