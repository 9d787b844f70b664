"""The variables of a MATLAB file of either kind, MATLAB 5 or 7.3; matrices of 7.3 stay in the file.

MATLAB 7.3 files are HDF5 with the dimensions turned around; the class of a variable stands in an attribute, and a cell
array is a list of places of other objects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twitchwise.formats.hdf5 import Node, open_hdf5
from twitchwise.formats.hdf5_data import DataSet
from twitchwise.formats.matlab5 import Cells, Value, read_variables
from twitchwise.formats.refusal import one_sentence
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

MAGICS = (b"MATLAB 5.0 MAT-file", b"MATLAB 7.3 MAT-file")
_NUMERIC = frozenset(
    {"double", "single", "logical", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))}
)
_DEEPEST = 4
_MOST_TEXT = 1 << 16
_RANK = 2


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of numbers with MATLAB's shape, in memory or in the file.

    Parameters
    ----------
    numbers
        An array of that shape, or a data set of the shape turned around.
    """

    numbers: npt.NDArray[Any] | DataSet

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns, and what more there is."""
        shape = self.numbers.shape
        return shape if isinstance(self.numbers, np.ndarray) else shape[::-1]

    @property
    def size(self) -> int:
        """Number of numbers."""
        return prod(self.shape)

    def column(self, index: int, start: int, stop: int) -> FloatArray:
        """Return rows ``start`` to ``stop`` of a column as float64."""
        if isinstance(self.numbers, np.ndarray):
            return self.numbers[start:stop, index].astype(np.float64)
        return self.numbers.box((index, start), (index + 1, stop)).reshape(-1)

    def row(self, index: int, start: int, stop: int) -> FloatArray:
        """Return columns ``start`` to ``stop`` of a row as float64."""
        if isinstance(self.numbers, np.ndarray):
            return self.numbers[index, start:stop].astype(np.float64)
        return self.numbers.box((start, index), (stop, index + 1)).reshape(-1)

    def flat(self) -> FloatArray:
        """Return all numbers in MATLAB's order, the first dimension fastest, as float64."""
        if isinstance(self.numbers, np.ndarray):
            return self.numbers.astype(np.float64).reshape(-1, order="F")
        return self.numbers.whole().reshape(-1)


Content = Matrix | str | list["Content"] | None
"""A matrix, a text, the cells of a `CellArray`, or nothing for what is not read."""


class CellArray(list[Content]):
    """The contents of a cell array, the first dimension fastest.

    Parameters
    ----------
    contents
        What is in the cells.
    shape
        Number of cells along each dimension.
    """

    def __init__(self, contents: Sequence[Content], shape: tuple[int, ...]) -> None:
        super().__init__(contents)
        self.shape = shape


@dataclass(frozen=True, slots=True)
class MatrixChannel:
    """One channel: a column, or a row, of a matrix."""

    matrix: Matrix
    index: int
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class MatrixSource:
    """Samples of channels that are columns or rows of matrices, in the file's units."""

    channels: tuple[MatrixChannel, ...]
    typed: str

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        one = self.channels[channel]
        with one_sentence(self.typed, say("{format} file", format="MATLAB")):
            return (one.matrix.row if one.is_row else one.matrix.column)(one.index, start, stop)


def read_mat(path: Path) -> dict[str, Content]:
    """Return all variables by name.

    Raises
    ------
    ValueError
        If the file breaks its format.
    """
    with path.open("rb") as file:
        is_new = file.read(len(MAGICS[1])) == MAGICS[1]
    if not is_new:
        values, names = read_variables(path.read_bytes())
        return {name: _content(values[name]) for name in names}
    members = open_hdf5(path).children
    return {name: _of_node(node, 0) for name, node in members.items() if not name.startswith("#")}


def _content(value: Value) -> Content:
    if isinstance(value, Cells):
        return CellArray([_content(one) for one in value], value.shape)
    return Matrix(value) if isinstance(value, np.ndarray) else value if isinstance(value, str) else None


def _of_node(node: Node, depth: int) -> Content:
    attributes = node.attributes
    kind = attributes.get("MATLAB_class")
    data = node.data
    if data is None or depth > _DEEPEST:
        return None
    if "MATLAB_empty" in attributes:
        return "" if kind == "char" else CellArray([], (0, 0)) if kind == "cell" else Matrix(np.empty((0, 0)))
    if kind == "cell" and data.type.is_reference:
        return CellArray([_of_node(place, depth + 1) for place in node.places], data.shape[::-1])
    if kind == "char" and data.type.dtype and prod(data.shape) <= _MOST_TEXT:
        return "".join(map(chr, data.whole().astype(int).clip(0, 0x10FFFF).reshape(-1).tolist()))
    return Matrix(data) if kind in _NUMERIC and data.type.dtype and len(data.shape) == _RANK else None


def scalar(content: Content) -> float | None:
    """Return the one number that a variable holds, or nothing if it holds another number of them."""
    plain = content[0] if isinstance(content, list) and len(content) == 1 else content
    return float(plain.flat()[0]) if isinstance(plain, Matrix) and plain.size == 1 else None


def texts(content: Content) -> list[str]:
    """Return the texts of a cell array, or a text alone; an empty one for what is no text."""
    cells = content if isinstance(content, list) else [content]
    return [cell if isinstance(cell, str) else "" for cell in cells]
