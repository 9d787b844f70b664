"""How discharges of units follow each other: intervals, isolated ones, doublets and multiplets.

"Isolated" is a discharge with more than 250 ms before and after it (Sleutjes et al. 2016,
https://doi.org/10.1002/mus.24712); a doublet is two discharges of a unit up to 20 ms apart (Garland and Griffin 1999,
https://doi.org/10.1139/h99-010).
"""

import numpy as np

from twitchwise.measure.emg.describe.rest_clock import edges_of, stretch_of
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


def isolated(potentials: SortedPotentials, interval_s: float) -> tuple[BoolArray, BoolArray]:
    """Tell which discharges of units are isolated, and of which that can be told.

    Parameters
    ----------
    potentials
        At rest, sorted; of unsorted ones nothing can be told.
    interval_s
        A discharge with more than this before and after it is isolated.

    Returns
    -------
    tuple
        Masks of shape ``(n,)``: isolated, and told. Near an edge of the rest, one may have had a neighbor outside.
    """
    time = potentials.peak_s
    alone, told = np.zeros(time.size, dtype=np.bool_), np.zeros(time.size, dtype=np.bool_)
    to_edge = _to_edge(time, potentials.rest)
    for number in potentials.units:
        mine = np.flatnonzero(potentials.unit == number)
        gaps = np.diff(time[mine])
        before, after = np.append(np.inf, gaps), np.append(gaps, np.inf)
        alone[mine] = (before > interval_s) & (after > interval_s)
        # a near neighbor is enough to tell that it is not isolated
        told[mine] = (to_edge[mine] > interval_s) | ~alone[mine]
    return alone & told, told


def _to_edge(times_s: FloatArray, rest: Intervals) -> FloatArray:
    starts, stops, _ = edges_of(rest)
    stretch = stretch_of(times_s, rest)
    distance: FloatArray = np.minimum(times_s - starts[stretch], stops[stretch] - times_s)
    return distance


def units_in_windows(times_s: FloatArray, unit: IntArray, rest: Intervals, window_s: float) -> IntArray:
    """Return the number of different units in each whole window of rest.

    Parameters
    ----------
    times_s, unit
        Discharges and their units, shape ``(n,)``.
    rest
        Windows begin with each stretch of it.
    window_s
        Their length.
    """
    counts = list[int]()
    for start, stop in rest.spans:
        edges = start + window_s * np.arange(int((stop - start) / window_s + 1e-9) + 1)  # 1e-9: 20 s hold two of 10 s
        places = np.searchsorted(edges, times_s, side="right")
        counts += [int(np.unique(unit[places == place]).size) for place in range(1, edges.size)]
    return np.array(counts, dtype=np.int64)


def runs(potentials: SortedPotentials, longest_s: float) -> IntArray:
    """Return the number of discharges in each run of a unit whose neighbors are at most so far apart, shape ``(k,)``.

    A run of one is a single discharge, of two a doublet, of more a multiplet.
    """
    lengths = [np.empty(0, dtype=np.int64)]
    for number in potentials.units:
        time = potentials.peak_s[potentials.unit == number]
        begins = np.flatnonzero(np.diff(time, prepend=-np.inf) > longest_s)
        lengths.append(np.diff(np.append(begins, time.size)))
    return np.concatenate(lengths)
