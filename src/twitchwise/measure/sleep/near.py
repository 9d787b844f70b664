"""Which movements lie near other events: arousals, breathing, stages."""

import numpy as np

from twitchwise.measure.sleep.movements import Movements, exact
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray


def overlapping(movements: Movements, spans: FloatArray) -> BoolArray:
    """Mark movements that share a moment with one of some spans, ends included.

    Parameters
    ----------
    movements
        ``n`` of them.
    spans
        Starts and stops in seconds, shape ``(n_spans, 2)``, in any order.

    Returns
    -------
    BoolArray
        Shape ``(n,)``.
    """
    # the spans that begin by the end of a movement, less those that ended before it began, are those it meets
    begun = np.searchsorted(exact(np.sort(spans[:, 0])), exact(movements.stop_s), side="right")
    ended = np.searchsorted(exact(np.sort(spans[:, 1])), exact(movements.start_s), side="left")
    return np.asarray(begun > ended, dtype=np.bool_)


def with_arousal(movements: Movements, arousals: FloatArray, rules: LegRules) -> BoolArray:
    """Mark movements that overlap an arousal, or have less than 0.5 s between them and one, shape ``(n,)``.

    ``arousals`` are starts and stops in seconds, shape ``(n_arousals, 2)``.
    """
    # just short of the gap, which itself is too far
    gap = rules.arousal_gap_s - 2e-6
    return overlapping(movements, arousals + np.array([-gap, gap]))


def begins_in(times_s: FloatArray, spans: Intervals) -> BoolArray:
    """Mark times, shape ``(n,)``, that lie in one of the stretches; their ends do not."""
    edges = np.array(spans.spans, dtype=np.float64).reshape(-1)
    return np.asarray(np.searchsorted(edges, times_s, side="right") % 2 == 1, dtype=np.bool_)
