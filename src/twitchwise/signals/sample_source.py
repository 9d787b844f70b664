"""Where samples come from: a file read piece by piece, or an array in memory."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray


class SampleSource(Protocol):
    """Anything that gives samples ``[start, stop)`` of a channel in the channel's SI unit.

    A reader holds no more than it was asked for; ``UnreadableRecordingError`` says when a piece cannot be read.
    """

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` (exclusive) of channel number ``channel``, shape ``(stop - start,)``."""
        ...


Rows = npt.NDArray[np.float32]
"""Samples of several channels, shape ``(n_channels, n)``, in single precision."""


@runtime_checkable
class RowSource(Protocol):
    """A source that gives many channels faster together than one by one, as of a file that holds them side by side."""

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples ``start`` to ``stop`` (exclusive) of channels of one rate, by their numbers."""
        ...


def rows_of(source: SampleSource, channels: Sequence[int], start: int, stop: int) -> Rows:
    """Return samples of several channels of one rate, the quickest way that the source has."""
    if isinstance(source, RowSource):
        return source.read_rows(channels, start, stop)
    rows = np.empty((len(channels), stop - start), dtype=np.float32)
    for row, channel in zip(rows, channels, strict=True):
        row[:] = source.read(channel, start, stop)
    return rows


class ArraySource:
    """Samples that are already in memory.

    Parameters
    ----------
    arrays
        One array a channel, each of shape ``(n_samples,)``, in the channel's unit. They are copied and made read-only.

    Raises
    ------
    OutOfRangeError
        If an array has another number of dimensions than one.
    """

    def __init__(self, arrays: Sequence[FloatArray]) -> None:
        self._arrays = tuple(np.array(array, dtype=np.float64) for array in arrays)
        for array in self._arrays:
            if array.ndim != 1:
                raise OutOfRangeError(f"samples of a channel must be one row of numbers, got shape {array.shape!r}.")
            array.flags.writeable = False

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return a read-only view of samples ``start`` to ``stop`` of a channel."""
        return self._arrays[channel][start:stop]
