"""Samples of a sensor on an even clock: placed as they are where they lie on it, else a cubic spline through them.

A grid point in a gap stays missing; nothing is made up across it.
"""

import numpy as np

from twitchwise.formats.motion.clock import Ticks
from twitchwise.formats.motion.raw_motion import Singles
from twitchwise.formats.motion.row_order import GAP_STEPS
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# A spline is drawn over pieces of so many samples, with some more on either side, so that a day takes little memory.
_PIECE, _MARGIN = 1 << 16, 24
# Samples that lie off the grid by less than this share of a step are placed on it as they are.
_ON_GRID = 0.05
_FEWEST_FOR_SPLINE = 2


def on_even_clock(values: Singles, ticks: Ticks, zero_s: float) -> Singles:
    """Return samples at ``zero_s + k / rate_hz``, missing ones NaN.

    Parameters
    ----------
    values
        All rows of the sensor, shape ``(n_rows, n_axes)``.
    ticks
        Its clock.
    zero_s
        Time of the first grid point on the file's clock, not after the first sample.

    Returns
    -------
    Singles
        Shape ``(n_axes, n_samples)``.
    """
    first = (ticks.first_s - zero_s) * ticks.rate_hz
    n_samples = int(np.floor(first + ticks.times_s[-1] * ticks.rate_hz + _ON_GRID)) + 1
    grid = np.full((values.shape[1], max(n_samples, 1)), np.nan, dtype=np.float32)
    if ticks.is_even and abs(first - round(first)) <= _ON_GRID:
        _place(values, ticks, round(first), grid)
    else:
        _draw(values, ticks, first, grid)
    return grid


def _place(values: Singles, ticks: Ticks, first: int, grid: Singles) -> None:
    """Put each sample at the grid point that it is nearest to."""
    at = np.round(ticks.times_s * ticks.rate_hz).astype(np.int64) + first
    inside = at < grid.shape[1]
    for axis, row in enumerate(grid):
        row[at[inside]] = values[ticks.rows[inside], axis]


def _draw(values: Singles, ticks: Ticks, first: float, grid: Singles) -> None:
    """Draw a spline through each stretch without a gap."""
    cuts = np.flatnonzero(np.diff(ticks.times_s) > ticks.gap_from_s) + 1
    for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), ticks.rows.size], strict=True):
        for begin in range(start, stop, _PIECE):
            low, high = max(begin - _MARGIN, start), min(begin + _PIECE + _MARGIN, stop)
            if high - low < _FEWEST_FOR_SPLINE:
                continue
            last = min(begin + _PIECE, stop - 1)
            covered = ticks.times_s[[begin, last]] * ticks.rate_hz + first
            points = _grid_points(covered, grid.shape[1])
            times = ticks.times_s[low:high] * ticks.rate_hz + first
            _draw_piece(values, ticks.rows[low:high], times, points, grid)


def _grid_points(covered: FloatArray, n_samples: int) -> IntArray:
    """Return the grid points between two places, with those that a rounding puts just outside."""
    low, high = int(np.ceil(covered[0] - _ON_GRID)), int(np.floor(covered[1] + _ON_GRID))
    return np.arange(max(low, 0), min(high, n_samples - 1) + 1)


def _draw_piece(values: Singles, rows: IntArray, times: FloatArray, points: IntArray, grid: Singles) -> None:
    for axis in range(grid.shape[0]):
        samples = values[rows, axis].astype(np.float64)
        known = np.isfinite(samples)
        if known.sum() >= _FEWEST_FOR_SPLINE:
            grid[axis, points] = _spline(times[known], samples[known], points)


def _spline(times: FloatArray, samples: FloatArray, points: IntArray) -> FloatArray:
    """Draw a spline; a point between samples that are too far apart stays missing."""
    from scipy.interpolate import CubicSpline  # noqa: PLC0415 - heavy, and even recordings do without

    drawn = np.array(CubicSpline(times, samples)(points), dtype=np.float64)
    after = np.clip(np.searchsorted(times, points), 1, times.size - 1)
    drawn[(times[after] - times[after - 1] > GAP_STEPS) | (points < times[0] - _ON_GRID)] = np.nan
    drawn[points > times[-1] + _ON_GRID] = np.nan
    return drawn
