"""Which potentials have one shape, and joining those that one unit fires twice in a row into one fasciculation."""

from dataclasses import replace

import numpy as np

from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Look-alikes differ in size by less than this factor.
_ALIKE_FACTOR = 1.6
# Two potentials of one unit correlate at least so much at the size where they are found at all.
ALIKE_CORRELATION = 0.8


def alike(shapes: FloatArray, template: FloatArray, least_correlation: float = ALIKE_CORRELATION) -> BoolArray:
    """Tell which shapes look like a template: correlated and of similar size.

    Parameters
    ----------
    shapes
        Shape ``(n, n_samples)``.
    template
        One shape for all, ``(n_samples,)``, or one for each, ``(n, n_samples)``.
    least_correlation
        Correlation from which on they are alike.
    """
    energy, wanted = np.linalg.norm(shapes, axis=-1), np.linalg.norm(template, axis=-1)
    product = np.sum(shapes * template, axis=-1)
    similar = (energy < _ALIKE_FACTOR * wanted) & (energy * _ALIKE_FACTOR > wanted)
    return np.asarray(similar & (product >= least_correlation * energy * wanted), dtype=np.bool_)


def without_repeats(potentials: Potentials, settings: EmgSettings) -> Potentials:
    """Join each potential that repeats the one before it within the repeat interval with that one.

    A doublet or multiplet is one fasciculation: it begins with its first potential and ends with its last; peak and
    size are those of its largest.
    """
    if len(potentials) == 0:
        return potentials
    soon = np.diff(potentials.start_s, prepend=-np.inf) <= settings.repeat_interval_s
    repeats = soon & np.append(False, alike(potentials.shape[1:], potentials.shape[:-1]))
    begins = np.flatnonzero(~repeats)
    ends = np.append(begins[1:], len(potentials)) - 1
    largest = np.array(
        [
            begin + int(np.argmax(np.abs(potentials.peak[begin : end + 1])))
            for begin, end in zip(begins, ends, strict=True)
        ]
    )
    return replace(potentials.where(largest), start_s=potentials.start_s[begins], end_s=potentials.end_s[ends])
