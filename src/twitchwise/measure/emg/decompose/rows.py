"""Where the samples of a grid come from: a table in memory or mapped from a file, or anything that gives pieces."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import IntArray


class GridRows(Protocol):
    """Samples of the channels of a grid, given piece by piece, so that a long recording need not fit into memory."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of channels and of samples a channel."""
        ...

    def read(self, channels: IntArray, first: int, stop: int) -> Samples:
        """Return samples ``[first, stop)`` of channels by their numbers, shape ``(n, stop - first)``, float32."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TableRows:
    """Samples that are a table of shape ``(n_channels, n_samples)``."""

    table: npt.NDArray[np.floating]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of channels and of samples a channel."""
        return (int(self.table.shape[0]), int(self.table.shape[1]))

    def read(self, channels: IntArray, first: int, stop: int) -> Samples:
        """Return samples ``[first, stop)`` of channels, shape ``(n, stop - first)``."""
        return np.asarray(self.table[channels, first:stop], dtype=np.float32)


def as_rows(samples: npt.NDArray[np.floating] | GridRows) -> GridRows:
    """Return what gives samples piece by piece; a table must have two dimensions."""
    if not isinstance(samples, np.ndarray):
        return samples
    if samples.ndim != 2:  # noqa: PLR2004 - channels and time
        raise OutOfRangeError(f"samples must have the shape (n_channels, n_samples), got shape {samples.shape!r}.")
    return TableRows(samples)
