"""The rate of a tremor over all windows that hold it, with an interval, and how wide its peak is."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from twitchwise.measure.motion.tremor.spectra import Spectra
from twitchwise.measure.rate_interval import median_interval
from twitchwise.vocabulary.arrays import FloatArray

_CAP = 4.0  # a window counts for no more than so many ordinary ones
_GRID_HZ = 0.01
_SMOOTH_HZ = 0.6
_FLOOR = 1e-6
_REACH_HZ = 2.0
_TAIL = 0.975
_SAME_RATE, _MOST = 0.15, 0.6  # so many windows must have about one rate for it to be the tremor's
_HANN_WIDTH = (
    1.44  # width at half the height of the peak of a steady oscillation, in parts of one over the piece's length
)
_PIECE_S = 3.0


class Rate(NamedTuple):
    """Frequency in Hz with its 95 % interval, how wide its peak is, and whether most windows have this one rate.

    The width is that at half the height, the window's own taken off.
    """

    value: float
    low: float
    high: float
    width_hz: float
    one: bool = True


def pooled_rate(spectra: Spectra, near_hz: FloatArray, piece_hz: FloatArray) -> Rate:
    """Return where the pooled spectrum, smoothed over half a hertz, is highest.

    Where the windows do not have one rate, it is the median of theirs.

    Parameters
    ----------
    spectra
        Of the windows that hold the tremor.
    near_hz
        The rate found in each window, shape ``(n_windows,)``.
    piece_hz
        The rate in each half of each window, shape ``(n_windows, 2)``; gives the interval where windows are few.
    """
    middle = float(np.median(near_hz))
    inside = np.abs(spectra.frequency_hz - middle) <= _REACH_HZ + 1
    power = spectra.power[:, inside].astype(np.float64)
    total = power.sum(axis=1)
    weight = np.minimum(total, _CAP * np.median(total)) / total
    grid, fine = _finer(spectra.frequency_hz[inside], weight @ power, middle)
    value, upper = _peak(grid, fine)
    low, high = float(upper[0]) - _GRID_HZ, float(upper[-1]) + _GRID_HZ
    error = _error(spectra.frequency_hz[inside], power * weight[:, np.newaxis], (value, low, high), piece_hz)
    width = float(np.sqrt(max((high - low) ** 2 - (_HANN_WIDTH / _PIECE_S) ** 2, 0.0)))
    if np.mean(np.abs(near_hz / value - 1) <= _SAME_RATE) < _MOST:
        return Rate(*median_interval(near_hz), width, one=False)
    return Rate(value, max(value - error, 0.0), value + error, width)


def _finer(frequency_hz: FloatArray, power: FloatArray, middle: float) -> tuple[FloatArray, FloatArray]:
    grid = np.arange(max(middle - _REACH_HZ, frequency_hz[0]), min(middle + _REACH_HZ, frequency_hz[-1]), _GRID_HZ)
    from scipy.interpolate import make_interp_spline  # noqa: PLC0415 - loads only where there is a tremor

    # a floor, or the curve would swing beside a bin that holds next to nothing
    return grid, np.exp(make_interp_spline(frequency_hz, np.log(np.maximum(power, _FLOOR * power.max())))(grid))


def _peak(grid: FloatArray, power: FloatArray) -> tuple[float, FloatArray]:
    """Return where the smoothed peak is highest, and the part of the peak above half its height."""
    half = round(_SMOOTH_HZ / _GRID_HZ)
    weight = np.hanning(2 * half + 3)[1:-1]
    padded = np.pad(power, half, mode="edge")
    smooth = np.convolve(padded, weight / weight.sum(), mode="valid")
    top = int(smooth.argmax())
    value = float(grid[top])
    if 0 < top < grid.size - 1:
        left, middle, right = smooth[top - 1 : top + 2]
        bend = left - 2 * middle + right
        value += _GRID_HZ * float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0
    highest = int(power.argmax())
    over = power >= power[highest] / 2
    first = highest - int(np.argmin(over[highest::-1])) + 1 if not over[: highest + 1].all() else 0
    stop = highest + int(np.argmin(over[highest:])) if not over[highest:].all() else grid.size
    return value, grid[first:stop]


def _error(
    frequency_hz: FloatArray, power: FloatArray, found: tuple[float, float, float], piece_hz: FloatArray
) -> float:
    """Return half the 95 % interval, from how windows differ in the power on either side of the middle.

    The mean frequency is a ratio of two sums over windows, so its variance follows from what each window adds to them
    (linearization); windows that follow each other are not taken for independent.
    """
    value, low, high = found
    reach = max(high - low, 2 * float(frequency_hz[1] - frequency_hz[0]))
    near = np.abs(frequency_hz - value) <= reach
    slope = (power[:, near] * (frequency_hz[near] - value)).sum(axis=1)
    residual = slope / power[:, near].sum()
    n_windows = residual.size
    shared = 2 * max(float((residual[1:] * residual[:-1]).sum()), 0.0) if n_windows > 1 else 0.0
    variance = float((residual**2).sum()) + shared
    by_windows = variance * n_windows / (n_windows - 1) if n_windows > 1 else 0.0
    pieces = piece_hz.reshape(-1)
    spread = (
        float(np.median(np.abs(pieces - np.median(pieces)))) * 1.4826 if pieces.size > _FEW else float(pieces.std())
    )
    by_pieces = spread**2 / pieces.size if n_windows < _FEW else 0.0
    freedom = max(min(n_windows, _MOST_FREEDOM) - 1, 1) if n_windows >= _FEW else max(pieces.size - 1, 1)
    return float(stdtrit(freedom, _TAIL)) * float(np.sqrt(max(by_windows, by_pieces) + _GRID_HZ**2 / 12))


_FEW, _MOST_FREEDOM = 4, 60
