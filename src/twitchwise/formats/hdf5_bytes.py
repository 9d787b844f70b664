"""Takes bytes and whole numbers out of an HDF5 file, checking every place before it is used.

The reader is ours because the HDF5 library does not always come back from a damaged file: of 10,000 small files damaged
at random, one kept HDF5 2.0.0 (h5py 3.16.0) busy without end. Only what recordings use is read. Format: "HDF5 File
Format Specification Version 3.0", The HDF Group.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from twitchwise.vocabulary.text import say

SIGNATURE = b"\x89HDF\r\n\x1a\n"
# The superblock stands at the beginning or, behind words of another program, at 512 bytes or a doubling of it.
_PLACES = (0, 512, 1024, 2048)
_PAGE_BYTES = 1 << 14
_KEPT_PAGES = 64
_WIDTHS = (2, 4, 8)
_LAST_BYTE = 1 << 43  # no recording is larger, and not every file system lets a program look further


def place_of_superblock(head: bytes) -> int | None:
    """Return where the superblock begins in the first bytes of a file, or nothing if there is none."""
    return next((place for place in _PLACES if head[place : place + len(SIGNATURE)] == SIGNATURE), None)


@dataclass(slots=True)
class FileBytes:
    """A file, read page by page; places are counted from its superblock's base.

    Parameters
    ----------
    path
        The file.
    offset_bytes, length_bytes
        Widths of places and lengths in this file.
    base
        Where place 0 lies.
    """

    path: Path
    base: int = 0
    offset_bytes: int = 8
    length_bytes: int = 8
    _pages: OrderedDict[int, bytes] = field(default_factory=OrderedDict)

    @property
    def nowhere(self) -> int:
        """The place that stands for none."""
        return (1 << 8 * self.offset_bytes) - 1

    def require_widths(self) -> None:
        """Refuse widths that the format does not know."""
        if self.offset_bytes not in _WIDTHS or self.length_bytes not in _WIDTHS:
            raise ValueError(say("its superblock gives widths that cannot be"))

    def take(self, at: int, size: int) -> bytes:
        """Return bytes at a place, for what describes the data."""
        start = self.base + at
        if at < 0 or size < 0 or start + size > _LAST_BYTE:
            raise ValueError(say("a place lies outside the file"))
        first, last = start // _PAGE_BYTES, (start + max(size, 1) - 1) // _PAGE_BYTES
        if last - first > _KEPT_PAGES:
            raise ValueError(say("a description is longer than it can be"))
        data = b"".join(self._page(number) for number in range(first, last + 1))
        found = data[start - first * _PAGE_BYTES :][:size]
        if len(found) != size:
            raise ValueError(say("a place lies outside the file"))
        return found

    def bulk(self, at: int, size: int) -> bytes:
        """Return bytes at a place, for the data themselves."""
        if self.base + at + size > _LAST_BYTE:
            raise ValueError(say("data lie outside the file"))
        with self.path.open("rb") as file:
            file.seek(self.base + at)
            found = file.read(size)
        if len(found) != size:
            raise ValueError(say("data lie outside the file"))
        return found

    def _page(self, number: int) -> bytes:
        if number not in self._pages:
            with self.path.open("rb") as file:
                file.seek(number * _PAGE_BYTES)
                self._pages[number] = file.read(_PAGE_BYTES)
            if len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
        return self._pages[number]


@dataclass(slots=True)
class Cursor:
    """Goes through a description from its beginning."""

    file: FileBytes
    data: bytes
    at: int = 0

    def next(self, size: int) -> bytes:
        """Return the next bytes."""
        found = self.data[self.at : self.at + size]
        if size < 0 or len(found) != size:
            raise ValueError(say("a description ends early"))
        self.at += size
        return found

    def skip(self, size: int) -> None:
        """Go on without looking."""
        self.next(size)

    def number(self, size: int) -> int:
        """Return the next whole number of so many bytes."""
        return int.from_bytes(self.next(size), "little")

    def offset(self) -> int:
        """Return the next place."""
        return self.number(self.file.offset_bytes)

    def length(self) -> int:
        """Return the next length."""
        return self.number(self.file.length_bytes)

    def expect(self, mark: bytes) -> None:
        """Refuse anything but the mark that must stand here."""
        if self.next(len(mark)) != mark:
            raise ValueError(say("a {mark!r} does not stand where it should", mark=mark.decode("latin-1")))

    @property
    def left(self) -> int:
        """Bytes that are left."""
        return len(self.data) - self.at
