"""Rows of samples over and over: a day of a recording that needs no memory."""

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray


class Looped:
    """Gives the same rows again and again, as a source of samples that never ends.

    Parameters
    ----------
    rows
        Shape ``(n_channels, n_samples)``.
    """

    def __init__(self, rows: FloatArray) -> None:
        self._rows = rows

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop``."""
        looped: FloatArray = self._rows[channel][np.arange(start, stop) % self._rows.shape[1]]
        return looped
