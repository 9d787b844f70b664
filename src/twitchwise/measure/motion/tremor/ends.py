"""Where a sensor reaches the ends of its range, told part by part."""

import numpy as np
import numpy.typing as npt


class Ends:
    """The windows that reach the greatest or the least value of all that were added, on any axis.

    The range of a sensor is not known for most files, but its end is where the greatest value of all lies: only there a
    sensor can be clipped. A constant moves nowhere and is not.
    """

    def __init__(self, n_axes: int) -> None:
        self._greatest = [_Reached() for _ in range(n_axes)]
        self._least = [_Reached() for _ in range(n_axes)]

    def add(self, folded: npt.NDArray[np.float32], first: int) -> None:
        """Look at windows ``first`` and following."""
        for reached, sign, tops in (
            (self._greatest, 1, folded.max(axis=(1, 2)).tolist()),
            (self._least, -1, folded.min(axis=(1, 2)).tolist()),
        ):
            for one, top, axis in zip(reached, tops, folded, strict=True):
                if sign * top >= one.height:
                    at = np.flatnonzero((axis == top).any(axis=1)) + first
                    one.take(sign * top, at.tolist())

    def windows(self) -> list[int]:
        """Return their numbers."""
        both = zip(self._greatest, self._least, strict=True)
        moving = [one.windows + other.windows for one, other in both if one.height > -other.height]
        return sorted({window for windows in moving for window in windows})


class _Reached:
    """How high what was added reaches, and where."""

    def __init__(self) -> None:
        self.height, self.windows = float("-inf"), list[int]()

    def take(self, height: float, windows: list[int]) -> None:
        """Take over windows that reach as high or higher."""
        self.windows = windows if height > self.height else self.windows + windows
        self.height = height
