"""Storage of other machines, by the packages of fsspec: what lies there, and its bytes; a failure is tried again.

What a person sets for fsspec counts: its files of configuration, ``FSSPEC_...`` and the variables of each package, such
as ``AWS_ACCESS_KEY_ID`` and ``FSSPEC_S3_ENDPOINT_URL``.
"""

import random
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from twitchwise.vocabulary import MissingExtraError, OutOfRangeError, TwitchwiseError, UnreadableRecordingError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Found = TypeVar("Found")

WAITS_S = (0.5, 2.0, 8.0)
"""How long to wait before each further try, in seconds; a random part is added so that many do not ask at once."""

_LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
# Failures of networks that are no OSError, by the names of their classes in botocore and aiohttp.
_OF_NETWORK = frozenset(
    {"HTTPClientError", "ClientConnectionError", "ClientPayloadError", "ServerTimeoutError", "IncompleteRead"}
)
_MOST_LETTERS = 200
_STAMPS = ("ETag", "etag", "md5Hash", "md5", "sha256", "content_md5", "generation")
_TIMES = ("LastModified", "last_modified", "mtime", "updated", "created")


def is_address(text: str) -> bool:
    """Tell an address of storage from a path of this machine."""
    return "://" in text or "::" in text


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """A file as its storage lists it."""

    path: str
    n_bytes: int
    stamp: str


class Storage:
    """A place that fsspec reaches.

    Parameters
    ----------
    address
        Of anything in it.
    options
        For its package.

    Raises
    ------
    MissingExtraError
        If its package is not installed.
    OutOfRangeError
        If there is no such kind of storage.
    """

    def __init__(self, address: str, options: Mapping[str, object]) -> None:
        self.address = address
        self.system, self.path = _opened(address, options)

    @property
    def local_path(self) -> Path | None:
        """The path on this machine, if the storage is its disk."""
        protocol = self.system.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        return Path(self.path) if "file" in names else None

    def address_of(self, path: str) -> str:
        """Return the whole address of a path in the storage."""
        return str(self.system.unstrip_protocol(path))

    def holds(self, path: str) -> bool:
        """Tell whether there is a file of this path that may be read.

        Raises
        ------
        UnreadableRecordingError
            If the storage cannot be reached, which is not to be taken for a file that is not there.
        """
        try:
            return bool(self._asked(lambda: self.system.info(path))["type"] == "file")
        except UnreadableRecordingError as error:
            if isinstance(error.__cause__, _LASTING):
                return False
            raise

    def file(self, path: str) -> RemoteFile:
        """Return what the storage says of one file now.

        Raises
        ------
        UnreadableRecordingError
            If it is not there or cannot be reached.
        """
        self.system.invalidate_cache()
        return _remote(path, self._asked(lambda: self.system.info(path)))

    def files(self, folder: str, *, deep: bool) -> list[RemoteFile]:
        """Return the files of a folder, with those of its folders if ``deep``, in order of their paths.

        Raises
        ------
        UnreadableRecordingError
            If it cannot be listed.
        """
        self.system.invalidate_cache()
        depth = None if deep else 1
        found = self._asked(lambda: self.system.find(folder, maxdepth=depth, detail=True))
        return [_remote(path, info) for path, info in sorted(found.items()) if info.get("type") == "file"]

    def heads(self, files: Sequence[tuple[str, int]]) -> list[bytes]:
        """Return the first bytes of files, asked for at once: for each its path and how many.

        Raises
        ------
        UnreadableRecordingError
            If one cannot be read.
        """
        return self._asked(lambda: self._heads(files)) if files else []

    def _heads(self, files: Sequence[tuple[str, int]]) -> list[bytes]:
        """Ask for first bytes; some storages return what failed in place of bytes, and some fewer of them."""
        paths, ends = [path for path, _ in files], [n_bytes for _, n_bytes in files]
        heads = self.system.cat_ranges(paths, [0] * len(paths), ends, on_error="return")
        for head, (path, n_bytes) in zip(heads, files, strict=True):
            if isinstance(head, BaseException):
                raise head
            if len(head) != n_bytes:
                raise OSError(f"got {len(head)} of {n_bytes} bytes of {path}")
        return list(heads)

    def stamp(self, path: str) -> str:
        """Return the stamp that a file has now, empty if it is gone.

        Raises
        ------
        UnreadableRecordingError
            If the storage cannot be reached.
        """
        try:
            return self.file(path).stamp
        except UnreadableRecordingError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return ""
            raise

    def fetch(self, paths: Sequence[str], to: Sequence[Path]) -> None:
        """Bring files to this machine, many at once where the storage can.

        Raises
        ------
        UnreadableRecordingError
            If one cannot be read.
        """
        self._asked(lambda: self.system.get(list(paths), [str(path) for path in to]))

    def _asked(self, ask: Callable[[], Found]) -> Found:
        """Ask, and ask again where the network failed; what the packages warn of is for their developers."""
        for wait_s in (*WAITS_S, None):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ask()
            except TwitchwiseError:
                raise
            except Exception as error:
                if wait_s is None or not _may_pass(error):
                    raise UnreadableRecordingError(_unreached(self.address, error)) from error
                time.sleep(wait_s * (1 + random.random()))  # noqa: S311 - not a secret
        raise AssertionError  # pragma: no cover - the last try returns or raises


def _opened(address: str, options: Mapping[str, object]) -> tuple["AbstractFileSystem", str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - loads when a data set lies elsewhere
    except ImportError as error:
        raise MissingExtraError("A study", "cohort") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            system, path = url_to_fs(address, **options)
        except ImportError as error:
            if address.startswith(("s3:", "s3a:")):
                raise MissingExtraError("A data set in S3 storage", "s3") from error
            raise OutOfRangeError(
                f"dataset must be in a storage whose package is installed, got {address!r} ({error})."
            ) from error
        except ValueError as error:
            raise OutOfRangeError(f"dataset must be in a storage that fsspec knows, got {address!r}.") from error
    return system, str(path)


def _remote(path: str, info: Mapping[str, Any]) -> RemoteFile:
    n_bytes = int(info.get("size") or 0)
    told = next((_told(info[key]) for key in (*_STAMPS, *_TIMES) if info.get(key)), "")
    return RemoteFile(path=path, n_bytes=n_bytes, stamp=f"{n_bytes} {told}".strip())


def _told(value: object) -> str:
    """Return a mark of a file as text; times in whole seconds, as lists and single files give them in other ways."""
    moment = value.timestamp() if isinstance(value, datetime) else value
    return str(int(moment)) if isinstance(moment, int | float) else str(moment)


def _may_pass(error: BaseException) -> bool:
    """Tell whether a failure may be gone when it is asked again."""
    if isinstance(error, OSError):
        return not isinstance(error, _LASTING)
    return any(base.__name__ in _OF_NETWORK for base in type(error).__mro__)


def _unreached(address: str, error: Exception) -> str:
    reason = (" ".join(str(error).split()) or type(error).__name__)[:_MOST_LETTERS].rstrip(".")
    if isinstance(error, FileNotFoundError):
        return f"dataset must be in a place that exists, got {address!r}."
    if isinstance(error, PermissionError):
        return f"dataset must be in a place that you may read, got {address!r} ({reason})."
    return f"dataset must be in a place that can be reached, got {address!r} ({reason})."
