"""The clock of the rest: seconds looked at so far, which stands still while the muscle is not at rest."""

import numpy as np

from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray, IntArray


def edges_of(rest: Intervals) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return starts and stops of the stretches in seconds, and the rest that was looked at before each."""
    spans = np.array(rest.spans, dtype=np.float64).reshape(-1, 2)
    before = np.concatenate([[0.0], np.cumsum(spans[:, 1] - spans[:, 0])])
    return spans[:, 0], spans[:, 1], before


def stretch_of(times_s: FloatArray, rest: Intervals) -> IntArray:
    """Return in which stretch of rest each time lies, shape ``(n,)``; times are taken to lie in one."""
    starts, _, _ = edges_of(rest)
    return np.maximum(np.searchsorted(starts, times_s, side="right") - 1, 0).astype(np.int64)


def to_rest_time(times_s: FloatArray, rest: Intervals) -> FloatArray:
    """Return the seconds of rest before each time of shape ``(n,)``, which lies at rest.

    Examples
    --------
    >>> import numpy as np
    >>> to_rest_time(np.array([1.0, 11.0]), Intervals(((0.0, 2.0), (10.0, 12.0)))).tolist()
    [1.0, 3.0]
    """
    starts, _, before = edges_of(rest)
    stretch = stretch_of(times_s, rest)
    passed: FloatArray = before[stretch] + times_s - starts[stretch]
    return passed


def from_rest_time(passed_s: FloatArray, rest: Intervals) -> FloatArray:
    """Return the times at which so many seconds of rest had passed; the inverse of `to_rest_time`."""
    starts, _, before = edges_of(rest)
    stretch = np.clip(np.searchsorted(before, passed_s, side="right") - 1, 0, starts.size - 1)
    times: FloatArray = starts[stretch] + passed_s - before[stretch]
    return times


def intervals_within(times_s: FloatArray, rest: Intervals) -> FloatArray:
    """Return the intervals in seconds between neighbors of the same stretch of rest, of ascending times."""
    together = np.diff(stretch_of(times_s, rest)) == 0
    intervals: FloatArray = np.diff(times_s)[together]
    return intervals
