"""Types, shapes and attribute values of an HDF5 file."""

from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from twitchwise.formats.hdf5_bytes import Cursor, FileBytes
from twitchwise.vocabulary.text import say

Value = npt.NDArray[np.float64] | str | tuple[str, ...] | tuple[int, ...] | None
"""Numbers, a text or several, places of other objects, or nothing for what is not read."""

_WHOLE, _FLOAT, _TEXT, _REFERENCE, _ENUM, _VARIABLE = 0, 1, 3, 7, 8, 9
_FLOAT_SIZES, _WHOLE_SIZES = (2, 4, 8), (1, 2, 4, 8)
_MOST_RANK = 8
_MOST_VALUES = 1 << 20
_SMALLEST_OBJECT_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """A type: what it is, its size in bytes, and the array type of numbers, empty for any other."""

    kind: int
    size: int
    dtype: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a text of a fixed size."""
        return self.kind == _TEXT

    @property
    def is_reference(self) -> bool:
        """Whether it is the place of another object."""
        return self.kind == _REFERENCE

    @property
    def is_variable_text(self) -> bool:
        """Whether it is a text of any size, kept elsewhere."""
        return self.kind == _VARIABLE


def read_type(cursor: Cursor) -> Type:
    """Read a type; one that recordings do not use has no array type."""
    kind = cursor.number(1) & 0x0F
    bits, size = cursor.number(3), cursor.number(4)
    order = ">" if bits & 1 else "<"
    if kind == _WHOLE and size in _WHOLE_SIZES:
        return Type(kind=kind, size=size, dtype=f"{order}{'i' if bits & 8 else 'u'}{size}")
    if kind == _FLOAT and size in _FLOAT_SIZES:
        return Type(kind=kind, size=size, dtype=f"{order}f{size}")
    if kind == _ENUM:
        base = read_type(cursor)
        return Type(kind=kind, size=size, dtype=base.dtype if base.size == size else "")
    if kind == _VARIABLE and bits & 0x0F != 1:
        return Type(kind=-1, size=size)
    return Type(kind=kind, size=size)


def read_shape(cursor: Cursor) -> tuple[int, ...]:
    """Read a shape; one value alone has an empty one."""
    version, rank = cursor.number(1), cursor.number(1)
    cursor.skip(6 if version == 1 else 2)
    if rank > _MOST_RANK:
        raise ValueError(say("an array has more dimensions than can be"))
    return tuple(cursor.length() for _ in range(rank))


def read_attribute(file: FileBytes, data: bytes) -> tuple[str, Value]:
    """Read an attribute: its name and its value."""
    cursor = Cursor(file, data)
    version = cursor.number(1)
    cursor.skip(1)
    sizes = [cursor.number(2) for _ in range(3)]
    cursor.skip(1 if version == 3 else 0)  # noqa: PLR2004 - the version that adds a character set
    padded = [-(-size // 8) * 8 if version == 1 else size for size in sizes]
    name, type_bytes, shape_bytes = (cursor.next(size) for size in padded)
    type_ = read_type(Cursor(file, type_bytes))
    shape = read_shape(Cursor(file, shape_bytes)) if shape_bytes else ()
    return _text(name), values_of(file, cursor.next(cursor.left), type_, prod(shape))


def values_of(file: FileBytes, data: bytes, type_: Type, count: int) -> Value:
    """Decode so many values."""
    if count > _MOST_VALUES or count * type_.size > len(data):
        raise ValueError(say("an attribute holds fewer values than it says"))
    cells = [data[i * type_.size : (i + 1) * type_.size] for i in range(count)] if not type_.dtype else []
    if type_.dtype:
        return np.frombuffer(data, dtype=type_.dtype, count=count).astype(np.float64)
    if type_.is_text:
        return _one_or_all([_text(cell) for cell in cells])
    if type_.is_variable_text:
        return _one_or_all([_text(_from_heap(file, cell)) for cell in cells])
    if type_.is_reference:
        return tuple(int.from_bytes(cell[: file.offset_bytes], "little") for cell in cells)
    return None


def _one_or_all(texts: list[str]) -> str | tuple[str, ...]:
    return texts[0] if len(texts) == 1 else tuple(texts)


def _text(data: bytes) -> str:
    return data.split(b"\x00", 1)[0].decode("utf-8", errors="replace")


def _from_heap(file: FileBytes, cell: bytes) -> bytes:
    """Fetch a text of any size from the heap that all share."""
    where = Cursor(file, cell)
    size, place, wanted = where.number(4), where.offset(), where.number(4)
    if size == 0 or place == 0:
        return b""
    head = Cursor(file, file.take(place, 8 + file.length_bytes))
    head.expect(b"GCOL")
    head.skip(4)
    heap = Cursor(file, file.take(place, head.length()), at=8 + file.length_bytes)
    while heap.left >= _SMALLEST_OBJECT_BYTES:
        index = heap.number(2)
        heap.skip(6)
        length = heap.length()
        if index == wanted:
            return heap.next(length)[:size]
        if index == 0:
            break
        heap.skip(-(-length // 8) * 8)
    raise ValueError(say("a text is not where it should be"))
