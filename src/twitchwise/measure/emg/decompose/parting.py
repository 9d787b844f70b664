"""Two motor units taken for one: found by how their potentials differ, not by how unevenly they fire.

If the discharges of one source come from two units, what the grid shows at them falls into two groups. Their difference
stands out as one direction in which discharges vary more than noise alone would make them.
"""

import numpy as np

from twitchwise.measure.emg.decompose.extension import Extension
from twitchwise.measure.emg.decompose.trains import split
from twitchwise.vocabulary.arrays import IntArray

# The strongest direction must exceed what white noise would show by this factor. On a real grid of 64 channels it was
# 0.7 to 1.1 for single units and 3.0 for two that had been taken for one.
_BEYOND_NOISE = 1.5
# More discharges than this tell the two groups apart no better.
_MOST = 400


def halves(extension: Extension, train: IntArray, *, least: int) -> list[IntArray]:
    """Return the two groups that discharges fall into, or nothing where they are of one kind.

    Parameters
    ----------
    extension
        What the train was found in.
    train
        Places of the discharges.
    least
        Fewest discharges that make a group.
    """
    if train.size < 2 * least:
        return []
    some = train[:: max(1, -(-train.size // _MOST))]
    columns = extension.columns(some)
    columns -= columns.mean(axis=1, keepdims=True)
    products = columns.T @ extension.decorrelated(columns)
    power, directions = np.linalg.eigh(products.astype(np.float64))
    if power[-1] < _BEYOND_NOISE * (np.sqrt(len(columns)) + np.sqrt(some.size)) ** 2:
        return []
    difference = extension.decorrelated(columns @ directions[:, -1:].astype(np.float32))
    along = (difference.T @ extension.columns(train))[0].astype(np.float64)
    parted = split(np.arange(train.size), along - along.min())
    groups = [train[~parted.is_discharge], train[parted.is_discharge]]
    return groups if min(group.size for group in groups) >= least else []
