"""A few patterns over the channels of a grid that the potentials found so far are made of, learned as they come."""

import numpy as np

from twitchwise.measure.emg.grid.band import Samples

# More patterns than this are not kept: twelve held all but 2 % of the energy of the potentials of five real units.
MOST_PATTERNS = 12
# A pattern is added when what is left of a potential exceeds the largest singular value of white noise by this much.
_ABOVE_NOISE = 2.0


class SpatialBasis:
    """Orthonormal patterns over channels; grows when a potential is not made of those that are known.

    The largest singular value of ``n`` samples of white noise on ``m`` channels is close to ``sqrt(n) + sqrt(m)``
    (Marchenko and Pastur 1967, https://doi.org/10.1070/SM1967v001n04ABEH001994); what exceeds it is a signal.

    Parameters
    ----------
    n_channels
        Channels of the grid.
    """

    def __init__(self, n_channels: int) -> None:
        self._rows = np.zeros((0, n_channels), dtype=np.float32)

    @property
    def patterns(self) -> Samples:
        """The patterns, shape ``(n_patterns, n_channels)``."""
        return self._rows

    def explain(self, window: Samples) -> Samples:
        """Return a window of whitened samples, shape ``(n_channels, n)``, in patterns, shape ``(n_patterns, n)``."""
        edge = np.sqrt(window.shape[0]) + np.sqrt(window.shape[1]) + _ABOVE_NOISE
        while len(self._rows) < min(MOST_PATTERNS, window.shape[0]):
            left = window - self._rows.T @ (self._rows @ window)
            values, vectors = np.linalg.eigh(left @ left.T)
            if values[-1] <= edge**2:
                break
            self._add(vectors[:, -1])
        return np.asarray(self._rows @ window, dtype=np.float32)

    def _add(self, pattern: Samples) -> None:
        apart = pattern - self._rows.T @ (self._rows @ pattern)
        row = (apart / np.linalg.norm(apart)).astype(np.float32)
        self._rows = np.concatenate([self._rows, row[None]])
