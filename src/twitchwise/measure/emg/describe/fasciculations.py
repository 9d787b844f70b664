"""Which potentials are one fasciculation: doublets, multiplets, echoes, and units that go along.

A fasciculation may be several discharges: of one unit within 60 ms (a doublet, a multiplet, an echo from the spinal
cord; Kleine et al. 2012, https://doi.org/10.1016/j.clinph.2011.06.032), or of several units at once. Potentials closer
than the joining gap are one whatever their unit, so that the rate does not depend on whether overlaps were resolved.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Shapes are compared at shifts up to so many samples each way, as far as peaks are off their true place.
_SHIFT = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Fasciculations:
    """Fasciculations in order of time.

    Parameters
    ----------
    start_s
        First peak of each in seconds, shape ``(n,)``.
    probability
        That at least one of its potentials is one, shape ``(n,)``.
    discharges
        Potentials of each, shape ``(n,)``.
    owner
        To which fasciculation each potential belongs, shape ``(n_potentials,)``.
    """

    start_s: FloatArray
    probability: FloatArray
    discharges: IntArray
    owner: IntArray

    def __len__(self) -> int:
        return int(self.start_s.size)


def fasciculations_of(potentials: SortedPotentials, settings: DescribeSettings) -> Fasciculations:
    """Join potentials to fasciculations.

    Parameters
    ----------
    potentials
        In order of time.
    settings
        Repeat interval, joining gap and likeness of unsorted look-alikes.
    """
    links = _links(potentials, settings)
    n_events = len(potentials)
    graph = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n_events, n_events))
    if n_events == 0:
        nothing = np.empty(0, dtype=np.int64)
        return Fasciculations(start_s=np.empty(0), probability=np.empty(0), discharges=nothing, owner=nothing)
    _, label = connected_components(graph, directed=False)
    # numbered anew in order of their first potential
    _, first, owner = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    owner = rank[owner.reshape(-1)]
    missing = np.ones(first.size)
    np.multiply.at(missing, owner, 1.0 - potentials.probability)
    return Fasciculations(
        start_s=potentials.peak_s[np.sort(first)],
        probability=1.0 - missing,
        discharges=np.bincount(owner).astype(np.int64),
        owner=owner.astype(np.int64),
    )


def _links(potentials: SortedPotentials, settings: DescribeSettings) -> IntArray:
    """Return pairs of potentials that belong together, by their places, shape ``(n_links, 2)``."""
    time, unit, pairs = potentials.peak_s, potentials.unit, list[npt.NDArray[np.int64]]()
    close = np.flatnonzero(np.diff(time) <= settings.joining_gap_s)
    pairs.append(np.column_stack([close, close + 1]))
    for number in np.unique(unit):
        mine = np.flatnonzero(unit == number)
        soon = np.diff(time[mine]) <= settings.repeat_interval_s
        if number == 0:
            soon &= alike(potentials.shape[mine], settings.look_alike_likeness)
        pairs.append(np.column_stack([mine[:-1][soon], mine[1:][soon]]))
    return np.concatenate(pairs)


def alike(shapes: npt.NDArray[np.float32], least: float) -> BoolArray:
    """Tell whether each shape but the last has the next one's form and about its size.

    Parameters
    ----------
    shapes
        Shape ``(n, n_samples)``.
    least
        Smallest cosine that counts, 0 to 1; the sizes must agree as closely.

    Returns
    -------
    BoolArray
        Shape ``(n - 1,)``; empty for fewer than two.
    """
    if len(shapes) < 2 or shapes.shape[1] <= 2 * _SHIFT:  # noqa: PLR2004 - a pair
        return np.zeros(max(len(shapes) - 1, 0), dtype=np.bool_)
    inner = shapes[:-1, _SHIFT : shapes.shape[1] - _SHIFT]
    cosines = []
    for shift in range(2 * _SHIFT + 1):
        other = shapes[1:, shift : shift + inner.shape[1]]
        power = np.maximum(np.sum(inner**2, axis=1), np.sum(other**2, axis=1))
        cosines.append(np.sum(inner * other, axis=1) / np.where(power > 0, power, 1.0))
    close: BoolArray = np.max(cosines, axis=0) >= least
    return close
