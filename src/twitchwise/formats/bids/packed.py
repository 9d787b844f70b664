"""The files of a built recording as bytes, for machines that share no disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from twitchwise.formats.bids.data_set import BuiltRecording
from twitchwise.formats.bids.place import files_below, writable
from twitchwise.vocabulary import OutOfRangeError


@dataclass(frozen=True, kw_only=True, slots=True)
class PackedRecording:
    """A built recording and what its files hold.

    Parameters
    ----------
    built
        The recording; its folder need not be there any more.
    files
        What each file holds, by its path below the folder, with slashes.
    """

    built: BuiltRecording
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, built: BuiltRecording) -> Self:
        """Read all files of a recording.

        Raises
        ------
        UnwritableFileError
            If the folder is not there.
        """
        with writable(built.folder):
            files = {file.as_posix(): (built.folder / file).read_bytes() for file in files_below(built.folder)}
        return cls(built=built, files=files)

    def unpacked(self, folder: Path) -> BuiltRecording:
        """Write the files below a folder that is new or empty, and return the recording there.

        Raises
        ------
        OutOfRangeError
            If a file would lie outside of the folder.
        UnwritableFileError
            If the folder cannot be written.
        """
        for name in self.files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
                raise OutOfRangeError(f"file of a packed recording must lie below its folder, got {name!r}.")
        with writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name, held in self.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(held)
        known = self.built
        return BuiltRecording(
            participant_id=known.participant_id,
            stem=known.stem,
            place=known.place,
            participant=known.participant,
            folder=folder,
        )
