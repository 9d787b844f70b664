"""Which potentials have one shape, and joining those that one unit fires twice in a row into one fasciculation."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray

Shapes = npt.NDArray[np.floating]

# Look-alikes differ in size by less than this factor.
_ALIKE_FACTOR = 1.6
# Shapes are shifted by up to this part of their length to either side: 5 of 30 ms.
_SHIFT_PART = 6
# Two potentials of one unit correlate at least so much at the size where they are found at all.
ALIKE_CORRELATION = 0.8


def alike(shapes: Shapes, template: Shapes, least_correlation: float = ALIKE_CORRELATION) -> BoolArray:
    """Tell which shapes look like a template: correlated, if need be after a shift, and of similar size.

    A shift is allowed for because noise decides which of two equal phases is the peak that shapes are centered on.

    Parameters
    ----------
    shapes
        Shape ``(n, n_samples)``.
    template
        One shape for all, ``(n_samples,)``, or one for each, ``(n, n_samples)``.
    least_correlation
        Correlation from which on they are alike.
    """
    most = shapes.shape[-1] // _SHIFT_PART
    inner = template[..., most : template.shape[-1] - most]
    wanted = np.linalg.norm(inner, axis=-1)
    found = np.zeros(shapes.shape[0], dtype=np.bool_)
    for shift in range(2 * most + 1):
        shifted = shapes[:, shift : shift + inner.shape[-1]]
        energy = np.linalg.norm(shifted, axis=-1)
        similar = (energy < _ALIKE_FACTOR * wanted) & (energy * _ALIKE_FACTOR > wanted)
        found |= similar & (np.sum(shifted * inner, axis=-1) >= least_correlation * energy * wanted)
    return found


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
