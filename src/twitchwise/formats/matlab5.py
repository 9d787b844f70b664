"""Reads numbers, texts and cells from a MATLAB 5 file, checking every length before it is used.

scipy reads more kinds of content, but a damaged file makes it read beyond its memory and end the whole process (seen
with scipy 1.17.1). Format: "MAT-File Format", The MathWorks, chapter "Level 5 MAT-File Format".
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.text import say

Value = npt.NDArray[Any] | str | list["Value"] | None
"""An array of numbers as they are stored, a text, a `Cells`, or nothing for any other kind of content."""

_HEADER_BYTES = 128
_TAG_BYTES = 8
_SMALL_BYTES = 4
_COMPRESSED, _MATRIX = 15, 14
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CELL_CLASS, _CHAR_CLASS, _NUMERIC_CLASSES = 1, 4, range(6, 16)
_IS_COMPLEX = 0x0800
_PARTS_OF_HEAD = 3  # flags, dimensions, name
_DEEPEST = 4
# A variable that unpacks to more than this many times its packed size is no recording.
_MOST_UNPACKED = 200


class Cells(list[Value]):
    """The contents of a cell array, the first dimension fastest.

    Parameters
    ----------
    values
        What is in the cells.
    shape
        Number of cells along each dimension.
    """

    def __init__(self, values: Sequence[Value], shape: tuple[int, ...]) -> None:
        super().__init__(values)
        self.shape = shape


@dataclass(frozen=True, slots=True)
class _Element:
    kind: int
    data: memoryview


@dataclass(frozen=True, slots=True)
class _Matrix:
    """A variable or the content of a cell; the value is decoded only when it is asked for."""

    name: str
    dimensions: tuple[int, ...]
    flags: int
    parts: Sequence[_Element]


def read_variables(content: bytes, names: Sequence[str] | None = None) -> tuple[dict[str, Value], list[str]]:
    """Return the variables of these names, or all, and the names of all variables.

    Raises
    ------
    ValueError
        If the content breaks the format.
    """
    order = _byte_order(content)
    values: dict[str, Value] = {}
    found = []
    for element in _elements(memoryview(content)[_HEADER_BYTES:], order):
        data = element.data
        if element.kind == _COMPRESSED:
            inner = next(_elements(_unpacked(data), order), None)
            data = inner.data if inner is not None else memoryview(b"")
        matrix = _matrix(data, order)
        found.append(matrix.name)
        if names is None or matrix.name in names:
            values[matrix.name] = _value(matrix, order, depth=0)
    return values, found


def _byte_order(content: bytes) -> str:
    mark = content[_HEADER_BYTES - 2 : _HEADER_BYTES]
    if mark not in {b"IM", b"MI"}:
        raise ValueError(say("its header has no mark of byte order"))
    return "<" if mark == b"IM" else ">"


def _unpacked(data: memoryview) -> memoryview:
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(data, _MOST_UNPACKED * len(data) + 1)
    if not unpacker.eof:
        raise ValueError(say("a packed variable ends early or unpacks to too much"))
    return memoryview(unpacked)


def _elements(view: memoryview, order: str) -> Iterator[_Element]:
    """Give one element after the other; a small one keeps its data within its tag."""
    at = 0
    while at + _TAG_BYTES <= len(view):
        word, size = struct.unpack_from(f"{order}II", view, at)
        is_small = word >> 16 != 0
        kind, size = (word & 0xFFFF, word >> 16) if is_small else (word, size)
        start = at + (_SMALL_BYTES if is_small else _TAG_BYTES)
        if (is_small and size > _SMALL_BYTES) or start + size > len(view):
            raise ValueError(say("an element is longer than the space that holds it"))
        yield _Element(kind, view[start : start + size])
        padding = 0 if kind == _COMPRESSED else -size % _TAG_BYTES
        at = at + _TAG_BYTES if is_small else start + size + padding


def _matrix(view: memoryview, order: str) -> _Matrix:
    parts = list(_elements(view, order))
    if len(parts) < _PARTS_OF_HEAD or len(parts[0].data) != _TAG_BYTES or len(parts[1].data) % 4:
        raise ValueError(say("a variable has no proper head"))
    flags = struct.unpack(f"{order}I", parts[0].data[:4])[0]
    dimensions = tuple(int(n) for n in np.frombuffer(parts[1].data, dtype=f"{order}i4"))
    if any(n < 0 for n in dimensions):
        raise ValueError(say("a variable has a negative dimension"))
    return _Matrix(bytes(parts[2].data).decode("latin-1"), dimensions, flags, parts[_PARTS_OF_HEAD:])


def _value(matrix: _Matrix, order: str, depth: int) -> Value:
    kind = matrix.flags & 0xFF
    if kind == _CELL_CLASS and depth < _DEEPEST:
        if len(matrix.parts) != prod(matrix.dimensions):
            raise ValueError(say("a cell array holds another number of cells than it says"))
        return Cells([_cell(part, order, depth + 1) for part in matrix.parts], matrix.dimensions)
    if kind == _CHAR_CLASS:
        return _text(matrix, order)
    if kind in _NUMERIC_CLASSES and not matrix.flags & _IS_COMPLEX:
        return _numbers(matrix, order)
    return None


def _cell(part: _Element, order: str, depth: int) -> Value:
    """Return what is in a cell; an empty one may have no matrix at all."""
    return _value(_matrix(part.data, order), order, depth) if len(part.data) else None


def _text(matrix: _Matrix, order: str) -> str:
    if not matrix.parts:
        return ""
    encoding = _TEXTS.get(matrix.parts[0].kind, "latin-1")
    suffix = "" if "-" not in encoding or encoding in {"latin-1", "utf-8"} else ("-le" if order == "<" else "-be")
    return bytes(matrix.parts[0].data).decode(encoding + suffix, errors="replace")


def _numbers(matrix: _Matrix, order: str) -> npt.NDArray[Any]:
    """Return the numbers in MATLAB's order: the first dimension runs fastest."""
    element = matrix.parts[0] if matrix.parts else None
    if element is None or element.kind not in _NUMBERS:
        raise ValueError(say("an array holds no numbers"))
    numbers = np.frombuffer(element.data, dtype=order + _NUMBERS[element.kind])
    if numbers.size != prod(matrix.dimensions):
        raise ValueError(say("an array holds another number of values than it says"))
    return numbers.reshape(matrix.dimensions, order="F")
