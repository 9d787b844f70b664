"""Search for sources: many starts at once, each climbing to where the samples are most like sparse upward spikes.

A fixed-point search as in Negro et al. 2016 (https://doi.org/10.1088/1741-2560/13/2/026027), with two changes. All
starts take each step in one matrix product. And the contrast grows steeply but saturates: a start is one sample's own
column, and with an unbounded contrast that sample would outweigh all others and the search would never leave it.
"""

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary.arrays import BoolArray, IntArray

# Fourth power up to five standard deviations; of powers 1 to 4 and limits 4 to 6 this pair left the fewest starts
# stuck.
_SATURATION, _STEPS = 5.0, 16
# Starts that have come this close to one another go on as one; looked at after these steps.
_ALIKE, _THINNED_AT = 0.95, (5, 9, 13)


def activity_index(whitened: Samples) -> Samples:
    """Return how far each sample lies from rest, whatever the direction, shape ``(n_samples,)``.

    Holobar and Zazula 2007, https://doi.org/10.1109/TSP.2007.896108.
    """
    index: Samples = np.einsum("ij,ij->j", whitened, whitened)
    return index


def starts(index: Samples, free: BoolArray, *, n: int, apart: int) -> IntArray:
    """Return up to ``n`` of the loudest samples that are free, at least ``apart`` samples from one another."""
    middle = index[1:-1]
    place = np.flatnonzero((middle > index[:-2]) & (middle >= index[2:]) & free[1:-1]) + 1
    order = place[np.argsort(-index[place], kind="stable")]
    taken = np.zeros(index.size, dtype=np.bool_)
    chosen: list[int] = []
    for at in order.tolist():
        if not taken[at]:
            chosen.append(at)
            taken[max(0, at - apart) : at + apart + 1] = True
            if len(chosen) == n:
                break
    return np.array(chosen, dtype=np.int64)


def climb(whitened: Samples, places: IntArray) -> Samples:
    """Return the sources that starts at some places lead to, shape ``(n_sources, n_samples)``, of unit variance.

    Starts that meet on the way go on as one, so there may be fewer sources than places.
    """
    directions = _of_length_one(whitened[:, places].T)
    for step in range(_STEPS):
        if step in _THINNED_AT:
            directions = _no_two_alike(directions)
        steep = np.clip(directions @ whitened, 0, _SATURATION)
        np.square(steep, out=steep)
        np.square(steep, out=steep)
        directions = _of_length_one(steep @ whitened.T)
    return directions @ whitened


def _of_length_one(directions: Samples) -> Samples:
    length = np.linalg.norm(directions, axis=1, keepdims=True)
    scaled: Samples = directions / np.maximum(length, np.finfo(np.float32).tiny)
    return scaled


def _no_two_alike(directions: Samples) -> Samples:
    """Keep the first of any directions that point nearly the same way."""
    alike = directions @ directions.T > _ALIKE
    kept: list[int] = []
    for number in range(len(directions)):
        if not alike[number, kept].any():
            kept.append(number)
    return directions[kept]
