"""Which discharges stand for which peaks of a channel, where a template is timed by another part of its potential."""

import numpy as np

from twitchwise.measure.emg.acceptance import SAME_S, within
from twitchwise.measure.emg.single_units import Shapes
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# A peak with so much greater a sample in its potential is not its peak.
_MUCH_GREATER = 2.0
# Nothing stands out where there is less than three times the noise; a template is timed no farther off than this.
_EDGE_MULTIPLE, _FAR_S = 3.0, 0.05
# Times of samples differ by so much at most where they are one.
_ROUNDING_S = 1e-6


def onto_greatest(shapes: Shapes, sampling_rate_hz: float) -> FloatArray:
    """Return the peaks, those that are none moved onto what is much greater between the edges of their potential.

    A template that is a part of several units' potentials is timed by that part, and the potentials were looked for
    nowhere else. What is within 8 ms of a discharge stays with that one.

    Parameters
    ----------
    shapes
        The signal around the peaks, which are in order.
    sampling_rate_hz
        Its samples per second.

    Returns
    -------
    array of shape (n,)
        Times in seconds.
    """
    half = shapes.shape.shape[1] // 2
    at_s = shapes.peak_s[:, None] + np.arange(-half, half + 1) / sampling_rate_hz
    within_it = (at_s > shapes.start_s[:, None] - _ROUNDING_S) & (at_s < shapes.end_s[:, None] + _ROUNDING_S)
    size = np.where(within_it, np.abs(shapes.shape), 0.0)
    best_s = at_s[np.arange(len(size)), size.argmax(axis=1)] if len(size) else shapes.peak_s
    moved = size.max(axis=1, initial=0.0) > _MUCH_GREATER * np.abs(shapes.peak)
    moved &= ~within(best_s, shapes.peak_s, SAME_S)
    return np.where(moved, best_s, shapes.peak_s)


def onto_plain(time_s: FloatArray, height: FloatArray, plain_s: FloatArray) -> FloatArray:
    """Return times, those at which nothing stands out moved onto the nearest plain potential that has none.

    Parameters
    ----------
    time_s, height
        Times in seconds, and sizes there in multiples of the noise, shape ``(n,)``.
    plain_s
        Times of the potentials that exceed the threshold.

    Examples
    --------
    >>> onto_plain(np.array([1.0, 5.037]), np.array([8.0, 1.2]), np.array([1.002, 5.0])).tolist()
    [1.0, 5.0]
    """
    free_s = plain_s[~within(plain_s, np.sort(time_s), SAME_S)]
    moved = time_s.copy()
    for at in np.flatnonzero(height < _EDGE_MULTIPLE) if free_s.size else ():
        nearest_s = free_s[np.abs(free_s - time_s[at]).argmin()]
        if abs(nearest_s - time_s[at]) <= _FAR_S:
            moved[at] = nearest_s
    return moved


def nearest(time_s: FloatArray, to_s: FloatArray) -> IntArray:
    """Return the places of times, in order, that are the nearest to one of some others and close to it.

    Parameters
    ----------
    time_s, to_s
        Times in seconds and the others, shapes ``(n,)`` and ``(m,)``.

    Examples
    --------
    >>> nearest(np.array([0.998, 1.001, 4.0]), np.array([1.0, 6.0])).tolist()
    [1]
    """
    if time_s.size == 0 or to_s.size == 0:
        return np.empty(0, dtype=np.int64)
    after = np.clip(np.searchsorted(time_s, to_s), 1, max(time_s.size - 1, 1))
    both = np.stack([after - 1, np.minimum(after, time_s.size - 1)])
    place = both[np.abs(time_s[both] - to_s).argmin(axis=0), np.arange(to_s.size)]
    return np.unique(place[np.abs(time_s[place] - to_s) <= SAME_S])
