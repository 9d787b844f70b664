"""The numbers of a data set in an HDF5 file, read piece by piece."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from twitchwise.formats.hdf5_bytes import Cursor, FileBytes
from twitchwise.formats.hdf5_types import Type
from twitchwise.formats.interleaved import KeptPieces, Numbers
from twitchwise.vocabulary.text import say

_DEFLATE, _SHUFFLE, _CHECKSUM = 1, 2, 3
_CHECKSUM_BYTES = 4
_COMPACT, _CONTIGUOUS, _CHUNKED = 0, 1, 2
_OWN_NAME_FROM = 256
# What lies in one piece is read in pieces of this size.
_PIECE_BYTES = 1 << 22
_MOST_CHUNK_BYTES = 1 << 28
_MOST_CHUNKS = 1 << 24
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a chunk lies: its place, its bytes in the file, and which filters were left out, one bit each."""

    at: int
    n_bytes: int
    mask: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """How the numbers of a data set lie.

    Parameters
    ----------
    chunk_shape
        Shape of a piece.
    chunks
        Where each piece lies, by its number along each dimension.
    data
        The numbers themselves, where they stand in the description.
    """

    chunk_shape: tuple[int, ...]
    chunks: dict[tuple[int, ...], Stored]
    data: bytes | None = None


@dataclass(kw_only=True)
class DataSet:
    """An array in the file; nothing of it is read before it is asked for."""

    file: FileBytes
    shape: tuple[int, ...]
    type: Type
    layout: Layout
    filters: tuple[tuple[int, tuple[int, ...]], ...] = ()
    _pieces: KeptPieces = field(default_factory=KeptPieces)

    def box(self, starts: Sequence[int], stops: Sequence[int]) -> npt.NDArray[np.float64]:
        """Return the numbers from ``starts`` to ``stops`` along each dimension as float64."""
        found = np.empty([stop - start for start, stop in zip(starts, stops, strict=True)])
        if not found.size:
            return found
        sides = zip(starts, stops, self.layout.chunk_shape, strict=True)
        for number in product(*[range(start // step, -(-stop // step)) for start, stop, step in sides]):
            piece = self._piece(number)
            corner = [n * step for n, step in zip(number, self.layout.chunk_shape, strict=True)]
            here = list(zip(starts, stops, corner, self.layout.chunk_shape, strict=True))
            into = tuple(slice(max(a, c) - a, min(b, c + s) - a) for a, b, c, s in here)
            out_of = tuple(slice(max(a, c) - c, min(b, c + s) - c) for a, b, c, s in here)
            found[into] = piece[out_of]
        return found

    def whole(self) -> npt.NDArray[np.float64]:
        """Return all numbers."""
        return self.box([0] * len(self.shape), self.shape)

    def raw(self) -> bytes:
        """Return the bytes of a small data set of one piece, for texts and places of objects."""
        if len(self.layout.chunks) > 1 or self.type.size * prod(self.shape) > _PIECE_BYTES:
            raise ValueError(say("a list is longer than it can be"))
        return self._bytes((0,) * len(self.shape))[: self.type.size * prod(self.shape)]

    def _piece(self, number: tuple[int, ...]) -> Numbers:
        return self._pieces.get(number, lambda: self._decoded(number))

    def _decoded(self, number: tuple[int, ...]) -> Numbers:
        shape = self.layout.chunk_shape
        data = self._bytes(number)
        count = len(data) // self.type.size
        if count != prod(shape):
            # What lies in one piece ends with the array, not with a whole piece.
            shape = tuple(min(step, size - n * step) for n, step, size in zip(number, shape, self.shape, strict=True))
        return np.frombuffer(data, dtype=self.type.dtype).reshape(shape)

    def _bytes(self, number: tuple[int, ...]) -> bytes:
        if self.layout.data is not None:
            return self.layout.data
        if number not in self.layout.chunks:
            raise ValueError(say("a part of the data is missing"))
        stored = self.layout.chunks[number]
        data = self.file.bulk(stored.at, stored.n_bytes)
        n_bytes = prod(self.layout.chunk_shape) * self.type.size
        for index in reversed(range(len(self.filters))):
            if not stored.mask >> index & 1:
                data = _undone(data, self.filters[index], n_bytes)
        if self.filters and len(data) != n_bytes:
            raise ValueError(say("a part of the data has another size than it says"))
        return data


def _undone(data: bytes, filter_: tuple[int, tuple[int, ...]], n_bytes: int) -> bytes:
    """Undo one filter on a chunk."""
    kind, values = filter_
    if kind == _DEFLATE:
        return zlib.decompressobj().decompress(data, n_bytes + _CHECKSUM_BYTES)
    if kind == _SHUFFLE:
        size = values[0] if values else 0
        if size < 1 or len(data) % size:
            raise ValueError(say("a part of the data has another size than it says"))
        return np.frombuffer(data, dtype=np.uint8).reshape(size, -1).T.tobytes()
    return data[:-_CHECKSUM_BYTES]


def read_filters(cursor: Cursor) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Read which filters were applied, in order, each with its values."""
    version, count = cursor.number(1), cursor.number(1)
    cursor.skip(6 if version == 1 else 0)
    found = []
    for _ in range(count):
        kind = cursor.number(2)
        name_bytes = cursor.number(2) if version == 1 or kind >= _OWN_NAME_FROM else 0
        cursor.skip(2)
        n_values = cursor.number(2)
        cursor.skip(-(-name_bytes // 8) * 8 if version == 1 else name_bytes)
        values = tuple(cursor.number(4) for _ in range(n_values))
        cursor.skip(4 if version == 1 and n_values % 2 else 0)
        if kind not in {_DEFLATE, _SHUFFLE, _CHECKSUM}:
            raise ValueError(say("its data are packed by filter {filter}, which is not read", filter=kind))
        found.append((kind, values))
    return tuple(found)


def read_layout(cursor: Cursor, shape: tuple[int, ...], type_: Type) -> Layout:
    """Read where the numbers lie."""
    version, kind = cursor.number(1), cursor.number(1)
    if version != 3 or kind not in {_COMPACT, _CONTIGUOUS, _CHUNKED}:  # noqa: PLR2004 - the one that is written unless told
        raise ValueError(say("its data are laid out in a newer way, which is not read; save with libver='earliest'"))
    if kind == _COMPACT:
        return Layout(chunk_shape=_at_least_one(shape), chunks={}, data=cursor.next(cursor.number(2)))
    if kind == _CONTIGUOUS:
        return _in_one_piece(cursor.offset(), shape, type_, cursor.file.nowhere)
    rank = cursor.number(1) - 1
    tree = cursor.offset()
    chunk_shape = tuple(cursor.number(4) for _ in range(rank))
    if rank != len(shape) or not all(chunk_shape) or prod(chunk_shape) * type_.size > _MOST_CHUNK_BYTES:
        raise ValueError(say("its data are laid out in pieces that cannot be"))
    found = {} if tree == cursor.file.nowhere else dict(_chunks(cursor.file, tree, chunk_shape))
    return Layout(chunk_shape=chunk_shape, chunks=found)


def _at_least_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(max(size, 1) for size in shape)


def _in_one_piece(at: int, shape: tuple[int, ...], type_: Type, nowhere: int) -> Layout:
    """Part what lies in one piece into rows, or parts of a row where it is long."""
    row_bytes = prod(shape[1:]) * type_.size
    step: tuple[int, ...]
    if len(shape) == 2 and row_bytes > _PIECE_BYTES:  # noqa: PLR2004 - rows and columns
        step = (1, max(1, _PIECE_BYTES // type_.size))
    else:
        step = (max(1, _PIECE_BYTES // max(row_bytes, 1)), *_at_least_one(shape[1:])) if shape else ()
    if at == nowhere or not all(shape):
        return Layout(chunk_shape=step, chunks={})
    counts = [-(-size // s) for size, s in zip(shape, step, strict=True)]
    if prod(counts) > _MOST_CHUNKS:
        raise ValueError(say("an array is larger than it can be"))
    chunks = {}
    for number in product(*map(range, counts)):
        corner = [n * s for n, s in zip(number, step, strict=True)]
        size = prod(min(s, size - c) for c, s, size in zip(corner, step, shape, strict=True))
        first = corner[0] * prod(shape[1:]) + sum(corner[1:]) if shape else 0
        chunks[number] = Stored(at + first * type_.size, size * type_.size)
    return Layout(chunk_shape=step, chunks=chunks)


def _chunks(file: FileBytes, tree: int, chunk_shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Stored]]:
    """Give the number and the place of every chunk, from the leaves of the tree."""
    seen: set[int] = set()
    waiting = [(tree, _DEEPEST)]
    while waiting:
        at, depth = waiting.pop()
        if at in seen or not depth or len(seen) > _MOST_CHUNKS:
            raise ValueError(say("the list of parts of the data turns back on itself"))
        seen.add(at)
        level, entries = _node(file, at, len(chunk_shape) + 1)
        for size, mask, corner, child in entries:
            if level:
                waiting.append((child, depth - 1))
            else:
                yield tuple(c // s for c, s in zip(corner, chunk_shape, strict=False)), Stored(child, size, mask)


def _node(file: FileBytes, at: int, rank: int) -> tuple[int, list[tuple[int, int, list[int], int]]]:
    head = Cursor(file, file.take(at, 8 + 2 * file.offset_bytes))
    head.expect(b"TREE\x01")
    level, count = head.number(1), head.number(2)
    entry_bytes = 8 + 8 * rank + file.offset_bytes
    body = Cursor(file, file.take(at + 8 + 2 * file.offset_bytes, count * entry_bytes))
    entries = [
        (body.number(4), body.number(4), [body.number(8) for _ in range(rank)], body.offset()) for _ in range(count)
    ]
    return level, entries
