"""How long the vector of an accelerometer is while it lies still: 1 g with gravity in it, near 0 without.

The law behind it: at rest an accelerometer measures the reaction to gravity alone, wherever its axes point.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.formats.motion.raw_motion import Singles

_WINDOW_S = 1.0
_STILL_SHARE = 0.1  # of the windows: the stillest
_FEWEST_STILL = 3
_N_AXES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Stillness:
    """Length of the mean vector in the stillest windows and the spread within them, in the file's unit."""

    length: float
    spread: float


def stillness_of(values: Singles, rate_hz: float) -> Stillness | None:
    """Look for the stillest seconds of an accelerometer.

    Parameters
    ----------
    values
        Its rows, shape ``(n_rows, n_axes)``.
    rate_hz
        Rows per second.

    Returns
    -------
    Stillness | None
        ``None`` for less than three axes or without samples, whose length tells nothing.
    """
    if values.shape[1] != _N_AXES or not len(values):
        return None
    size = min(max(round(_WINDOW_S * rate_hz), 1), len(values))
    windows = values[: len(values) // size * size].reshape(-1, size, _N_AXES)
    spreads = np.sqrt((windows.std(axis=1, dtype=np.float64) ** 2).sum(axis=1))
    whole = np.flatnonzero(np.isfinite(spreads))
    if not whole.size:
        return None
    n_still = max(_FEWEST_STILL, round(_STILL_SHARE * whole.size))
    still = whole[np.argsort(spreads[whole], kind="stable")[:n_still]]
    lengths = np.linalg.norm(windows[still].mean(axis=1, dtype=np.float64), axis=1)
    return Stillness(length=float(np.median(lengths)), spread=float(np.median(spreads[still])))
