"""The result of each recording on disk, under the key of its content and the settings; each is there whole or not."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from twitchwise.cohort.work import About, Done
from twitchwise.vocabulary import UnwritableFileError

if TYPE_CHECKING:
    import pyarrow as pa

_ABOUT, _SUFFIX, _SHELF = "recording.json", ".arrows", 2


class Parts:
    """Results in a folder.

    Parameters
    ----------
    folder
        Where they are; made with the first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keys(self) -> frozenset[str]:
        """Return the keys of the results that are there."""
        return frozenset(about.parent.name for about in self._folder.glob(f"*/*/{_ABOUT}"))

    def has(self, key: str) -> bool:
        """Tell whether there is a result."""
        return bool(key) and (self._place(key) / _ABOUT).is_file()

    def about(self, key: str) -> About:
        """Return a recording in a few words.

        Raises
        ------
        UnwritableFileError
            If the result was damaged.
        """
        with _undamaged(self._place(key)):
            return msgspec.json.decode((self._place(key) / _ABOUT).read_bytes(), type=About)

    def table(self, key: str, name: str) -> "pa.Table":
        """Return the rows of a table that a recording gave.

        Raises
        ------
        UnwritableFileError
            If the result was damaged.
        """
        import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

        file = self._place(key) / f"{name}{_SUFFIX}"
        with _undamaged(self._place(key)), pa.OSFile(str(file)) as source, pa.ipc.open_stream(source) as stream:
            return stream.read_all()

    def put(self, done: Done) -> None:
        """Keep a result; it appears under its key only when it is whole.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        place = self._place(done.key)
        if self.has(done.key) or done.about is None:
            return
        beside = self._folder / f".{done.key[:8]}-{token_hex(4)}.part"
        try:
            beside.mkdir(parents=True)
            for name, rows in done.tables.items():
                (beside / f"{name}{_SUFFIX}").write_bytes(rows)
            (beside / _ABOUT).write_bytes(msgspec.json.encode(done.about))
            place.parent.mkdir(exist_ok=True)
            shutil.rmtree(place, ignore_errors=True)  # what is there has no description, so it is not whole
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def drop(self, key: str) -> None:
        """Forget a result."""
        shutil.rmtree(self._place(key), ignore_errors=True)

    def clear_unfinished(self) -> None:
        """Remove what interrupted runs left."""
        for left in self._folder.glob(".*.part"):
            shutil.rmtree(left, ignore_errors=True)

    def _place(self, key: str) -> Path:
        return self._folder / key[:_SHELF] / key


@contextmanager
def _undamaged(place: Path) -> Iterator[None]:
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    try:
        yield
    except (OSError, msgspec.DecodeError, pa.ArrowInvalid) as error:
        raise UnwritableFileError(
            f"results must be as this program wrote them, got {str(place)!r} damaged; "
            "remove that folder, and the same command measures its recording again."
        ) from error
