"""What each channel shows around the discharges of a unit: spike-triggered averages, and a recording without them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import IntArray
from twitchwise.vocabulary.checks import require_positive

# Windows that are averaged at a time, so that a night of discharges needs no more memory than some seconds.
_AT_A_TIME = 256


def spike_triggered_shapes(
    samples: npt.NDArray[np.floating], discharges: Sequence[IntArray], *, n_before: int, n_after: int
) -> Samples:
    """Return the mean of the samples around discharges, less each channel's mean over the window.

    Parameters
    ----------
    samples
        Shape ``(n_channels, n_samples)``.
    discharges
        Sample numbers, one array a unit. Windows that leave the recording are left out; a unit without any gives zeros.
    n_before, n_after
        Samples before the discharge, and from it on.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_units, n_channels, n_before + n_after)``, float32, in the unit of the samples.

    Raises
    ------
    OutOfRangeError
        If the samples are no table, or the window is empty.

    Examples
    --------
    >>> import numpy as np
    >>> samples = np.zeros((2, 100)); samples[1, [20, 60]] = [1.0, 3.0]
    >>> spike_triggered_shapes(samples, [np.array([20, 60])], n_before=2, n_after=2)[0, 1].tolist()
    [-0.5, -0.5, 1.5, -0.5]
    """
    if samples.ndim != 2:  # noqa: PLR2004 - channels and time
        raise OutOfRangeError(f"samples must have the shape (n_channels, n_samples), got shape {samples.shape!r}.")
    require_positive("length of the window in samples", n_before + n_after)
    shapes = np.stack([_mean_around(samples, train, n_before, n_after) for train in discharges] or [_none(samples)])
    shapes = shapes[: len(discharges)]
    return np.asarray(shapes - shapes.mean(axis=2, keepdims=True), dtype=np.float32)


def _none(samples: npt.NDArray[np.floating]) -> Samples:
    return np.zeros((samples.shape[0], 1), dtype=np.float32)


def _mean_around(samples: npt.NDArray[np.floating], train: IntArray, n_before: int, n_after: int) -> Samples:
    total, count = summed_around(samples, train, n_before, n_after)
    return np.asarray(total / max(count, 1), dtype=np.float32)


def summed_around(
    samples: npt.NDArray[np.floating], train: IntArray, n_before: int, n_after: int
) -> tuple[npt.NDArray[np.float64], int]:
    """Return the sum of the windows around discharges, shape ``(n_channels, n_before + n_after)``, and their number."""
    inside = train[(train >= n_before) & (train + n_after <= samples.shape[1])]
    total = np.zeros((samples.shape[0], n_before + n_after))
    for start in range(0, inside.size, _AT_A_TIME):
        places = inside[start : start + _AT_A_TIME, None] + np.arange(-n_before, n_after)
        total += samples[:, places].sum(axis=1, dtype=np.float64)
    return total, int(inside.size)


def without(samples: Samples, trains: Sequence[IntArray], *, n_before: int, n_after: int) -> Samples:
    """Return samples from which the averages at each train's discharges are taken out, one train after another."""
    rest = samples.copy()
    for train in trains:
        inside = train[(train >= n_before) & (train + n_after <= samples.shape[1])]
        total, count = summed_around(rest, inside, n_before, n_after)
        shape = (total / max(count, 1)).astype(np.float32)
        for at in inside.tolist():
            rest[:, at - n_before : at + n_after] -= shape
    return rest
