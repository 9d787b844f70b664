"""Potentials that look alike and come as regularly as a heart beats, and so are no fasciculations.

Fasciculations of one unit look alike too, but their intervals scatter; a heartbeat's stay within a few percent of each
other. Electrodes over the trunk or the upper arm see it most.
"""

import numpy as np

from twitchwise.measure.emg.look_alikes import alike
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Stray beats of a known heartbeat correlate with it at least so much.
_LOOSE_CORRELATION = 0.65
# Fewer than this say nothing about regularity; more groups than this are not looked for.
_FEWEST, _GROUPS = 8, 12
# An interval is regular if it lies this close to the median of its neighbors; of random intervals 10 % do.
_TOLERANCE, _NEIGHBORS = 0.15, 7
_REGULAR_SHARE = 0.6
_SECONDS_PER_MINUTE = 60.0


def heartbeats(potentials: Potentials, settings: EmgSettings) -> BoolArray:
    """Mark the potentials that come from a heartbeat or another regular source, shape ``(n,)``."""
    regular = np.zeros(len(potentials), dtype=np.bool_)
    left = np.ones(len(potentials), dtype=np.bool_)
    for _ in range(_GROUPS):
        if left.sum() < _FEWEST:
            break
        group = _group(potentials, left)
        left &= ~group
        if is_regular(potentials.peak_s[group], settings):
            # beats that noise bent too much for their group still look more like it than like anything else
            loosely = alike(potentials.shape, potentials.shape[group].mean(axis=0), _LOOSE_CORRELATION)
            regular |= group | loosely
            left &= ~loosely
    return regular


def _group(potentials: Potentials, left: BoolArray) -> BoolArray:
    """Return the look-alikes of the largest potential that is left; of the largest, noise hides the shape least."""
    largest = int(np.argmax(np.where(left, np.abs(potentials.peak), -1.0)))
    group = left & alike(potentials.shape, potentials.shape[largest])
    group[largest] = True
    return group | (left & alike(potentials.shape, potentials.shape[group].mean(axis=0)))


def regular_units(times_s: FloatArray, unit: IntArray, settings: EmgSettings) -> BoolArray:
    """Mark the discharges, in order of time, of units that come as regularly as a heart beats, shape ``(n,)``."""
    numbers = np.unique(unit[unit > 0])
    regular = [number for number in numbers if is_regular(times_s[unit == number], settings)]
    return np.asarray(np.isin(unit, regular), dtype=np.bool_)


def is_regular(times_s: FloatArray, settings: EmgSettings) -> bool:
    """Tell whether times in seconds, shape ``(n,)``, come as regularly as a heart beats, at a heart's rate."""
    if times_s.size < _FEWEST:
        return False
    intervals = np.diff(times_s)
    edge = _NEIGHBORS // 2
    neighbors = np.lib.stride_tricks.sliding_window_view(np.pad(intervals, edge, mode="edge"), _NEIGHBORS)
    usual = np.median(neighbors, axis=1)
    like_usual = np.abs(intervals - usual) <= _TOLERANCE * usual
    shortest = _SECONDS_PER_MINUTE / settings.heart_rate_highest_per_min
    longest = _SECONDS_PER_MINUTE / settings.heart_rate_lowest_per_min
    like_heart = (usual >= shortest) & (usual <= longest)
    return bool(np.mean(like_usual & like_heart) >= _REGULAR_SHARE)
