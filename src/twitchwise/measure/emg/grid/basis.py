"""A few patterns over the channels of a grid that its potentials are made of.

The first windows are kept whole until there are enough of them to show the patterns that they share: the greatest
eigenvectors of their covariance over channels. A pattern is added later when a potential is not made of those known.
"""

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.grid.band import Samples

Window = npt.NDArray[np.float16]
"""A potential, shape ``(n_rows, n)``, in half precision: a night holds many."""

# More patterns are not kept: twelve held all but 2 % of the energy of five real units; contractions have more units.
MOST_PATTERNS = 16
# So many windows are kept whole before patterns are learned from them: enough for units that come rarely.
_FIRST_WINDOWS = 256
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
        self._first: list[Window] = []
        self._is_learned = False

    @property
    def patterns(self) -> Samples:
        """The patterns, shape ``(n_patterns, n_channels)``."""
        return self._rows

    def keep(self, window: Samples) -> Window:
        """Return what is kept of a window of whitened samples, shape ``(n_channels, n)``; `explained` reads it."""
        if self._is_learned:
            return self.explain(window).astype(np.float16)
        whole = window.astype(np.float16)
        self._first.append(whole)
        if len(self._first) >= _FIRST_WINDOWS:
            self._learn()
        return whole

    def explained(self, kept: tuple[Window, ...]) -> tuple[Window, ...]:
        """Return kept windows in patterns, in the order in which they were kept; no more are kept after that."""
        n_first = min(_FIRST_WINDOWS, len(kept))
        if not self._is_learned:
            self._learn()
        first = [(self._rows @ window.astype(np.float32)).astype(np.float16) for window in kept[:n_first]]
        return (*first, *kept[n_first:])

    def explain(self, window: Samples) -> Samples:
        """Return a window of whitened samples, shape ``(n_channels, n)``, in patterns, shape ``(n_patterns, n)``."""
        edge = _edge(window.shape[0], window.shape[1])
        while len(self._rows) < min(MOST_PATTERNS, window.shape[0]):
            left = window - self._rows.T @ (self._rows @ window)
            values, vectors = np.linalg.eigh(left @ left.T)
            if values[-1] <= edge**2:
                break
            self._add(vectors[:, -1])
        return np.asarray(self._rows @ window, dtype=np.float32)

    def _learn(self) -> None:
        """Take the patterns that the first windows share, then those that single ones add."""
        self._is_learned = True
        windows = [window.astype(np.float32) for window in self._first]
        if not windows:
            return
        # each counts alike, or a contraction would leave no pattern for the small potentials beside it
        weights = [1 / float(np.sum(window**2)) for window in windows]
        values, vectors = np.linalg.eigh(
            sum(weight * (window @ window.T) for weight, window in zip(weights, windows, strict=True))
        )
        n_samples = sum(window.shape[1] for window in windows)
        noise = sum(weight * window.shape[1] for weight, window in zip(weights, windows, strict=True))
        edge = _edge(len(values), n_samples) ** 2 / n_samples * noise
        shared = np.flatnonzero(values > edge)[::-1][:MOST_PATTERNS]
        self._rows = np.ascontiguousarray(vectors[:, shared].T, dtype=np.float32)
        for window in windows:
            self.explain(window)

    def _add(self, pattern: Samples) -> None:
        apart = pattern - self._rows.T @ (self._rows @ pattern)
        row = (apart / np.linalg.norm(apart)).astype(np.float32)
        self._rows = np.concatenate([self._rows, row[None]])


def _edge(n_channels: int, n_samples: int) -> float:
    """Return what singular values of white noise hardly exceed."""
    return float(np.sqrt(n_channels) + np.sqrt(n_samples) + _ABOVE_NOISE)
