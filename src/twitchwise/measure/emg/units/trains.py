"""Looks at each regular unit's train as a whole: what is not of its size and splits its intervals is not its discharge.

A mixture, by expectation and maximization (Dempster, Laird and Rubin 1977,
https://doi.org/10.1111/j.2517-6161.1977.tb01600.x): discharges have the unit's size, and intervals like its others;
what other potentials leave has any size, and comes at any time.
"""

from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.units.evidence import probability_of
from twitchwise.measure.emg.units.results import Discharges
from twitchwise.measure.emg.units.settings import unit_settings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Fewer intervals do not tell how regular a unit is.
_INTERVALS = 20
# Intervals may be of any length in this share: discharges are missed, units pause.
_ANY = 0.15
# Log intervals spread by at least so much, and sizes by at least such a share.
_LEAST_SPREAD, _LEAST_SIZES = 0.08, 0.03
# Sizes spread wider by this factor in this share of the discharges: where they overlap others they are hard to tell.
_WIDE, _TAIL = 3.0, 0.1
# What is not the unit's is taken for at least and at most this share.
_SHARE = (0.01, 0.6)
# Rounds of the mixture, and of leaving out the least likely ones; each round leaves out one of any neighbors.
_MIXED, _ROUNDS = 25, 40
_MEDIAN_SIZE = 0.6745


@dataclass(frozen=True, kw_only=True, slots=True)
class Intervals:
    """Intervals of a unit: their median in s, and the standard deviation of their logarithm."""

    median_s: float
    spread: float

    def log_density(self, interval_s: FloatArray) -> FloatArray:
        """Return the logarithm of the density of intervals, per second."""
        scaled = np.log(np.maximum(interval_s, 1e-6) / self.median_s) / self.spread
        like = np.exp(-(scaled**2) / 2) / (self.spread * np.sqrt(2 * np.pi) * np.maximum(interval_s, 1e-6))
        ever = np.exp(-interval_s / self.median_s) / self.median_s
        return np.asarray(np.log((1 - _ANY) * like + _ANY * ever + 1e-300), dtype=np.float64)

    def gain(self, before_s: FloatArray, after_s: FloatArray) -> FloatArray:
        """Return the log odds that two intervals lend to the discharge between them, over one at any time."""
        both = self.log_density(before_s) + self.log_density(after_s)
        return np.asarray(both - self.log_density(before_s + after_s) + np.log(self.median_s), dtype=np.float64)


def reviewed(found: Discharges) -> Discharges:
    """Return discharges without those that do not belong to the train that they were given to.

    Parameters
    ----------
    found
        All discharges of a recording.
    """
    probability = found.probability.copy()
    for one in range(1, int(found.unit.max(initial=0)) + 1):
        mine = np.flatnonzero(found.unit == one)
        odds = odds_of(found.time_s[mine], found.amplitude[mine], found.overlapped[mine])
        probability[mine] = np.minimum(probability[mine], probability_of(odds))
    kept = (found.unit == 0) | (probability >= unit_settings().least_probability)
    return replace(found, probability=probability).where(kept)


def odds_of(time_s: FloatArray, size: FloatArray, overlapped: BoolArray) -> FloatArray:
    """Return the log odds that discharges are of their train; infinite where it is too short or not regular.

    Parameters
    ----------
    time_s, size, overlapped
        Of the discharges of one unit in order of time, each of shape ``(n,)``.
    """
    certain = np.full(time_s.size, np.inf)
    if time_s.size <= _INTERVALS:
        return certain
    odds = _by_size(size, overlapped, np.zeros(size.size))
    intervals = _intervals(time_s[odds > 0])
    if intervals is None:
        return certain
    kept = np.ones(time_s.size, dtype=np.bool_)
    for _ in range(_ROUNDS):
        gain = _gain(time_s, kept, intervals)
        odds = _by_size(size, overlapped, gain) + np.log(unit_settings().own_odds)
        out = kept & (odds < 0)
        if not out.any():
            break
        kept &= ~_least_of_neighbors(np.where(kept, odds, np.inf), kept, out)
    return odds


def _by_size(size: FloatArray, overlapped: BoolArray, gain: FloatArray) -> FloatArray:
    """Return log odds from sizes and from what is known beside them, by a mixture with any size."""
    middle, spread = float(np.median(size)), max(_spread_of(size), _LEAST_SIZES)
    any_size = 1 / max(float(np.ptp(size)), 4 * _LEAST_SIZES)
    shares = np.full(size.size, 0.1)
    odds = gain
    for _ in range(_MIXED):
        like = (1 - _TAIL) * _normal((size - middle) / spread) + _TAIL * _normal(
            (size - middle) / (_WIDE * spread)
        ) / _WIDE
        odds = np.log((1 - shares) / shares) + np.log(like / (spread * any_size)) + gain
        weight = probability_of(odds)
        middle = float(np.sum(weight * size) / max(np.sum(weight), 1e-9))
        spread = max(float(np.sqrt(np.sum(weight * (size - middle) ** 2) / max(np.sum(weight), 1e-9))), _LEAST_SIZES)
        for which in (overlapped, ~overlapped):
            shares[which] = np.clip(np.mean(1 - weight[which]), *_SHARE) if which.any() else shares[which]
    return odds


def _normal(deviate: FloatArray) -> FloatArray:
    """Return the density of a normal deviate, never quite zero."""
    return np.asarray(np.exp(-(deviate**2) / 2) / np.sqrt(2 * np.pi) + 1e-300, dtype=np.float64)


def _spread_of(size: FloatArray) -> float:
    return float(np.median(np.abs(size - np.median(size)))) / _MEDIAN_SIZE


def _intervals(time_s: FloatArray) -> Intervals | None:
    """Return the intervals of a train, or nothing if they are few or not regular."""
    gaps = np.log(np.maximum(np.diff(time_s), 1e-6))
    if gaps.size < _INTERVALS:
        return None
    spread = max(_spread_of(gaps), _LEAST_SPREAD)
    if spread > unit_settings().regular_spread:
        return None
    return Intervals(median_s=float(np.exp(np.median(gaps))), spread=spread)


def _gain(time_s: FloatArray, kept: BoolArray, intervals: Intervals) -> FloatArray:
    """Return what the intervals to the nearest kept ones on both sides lend each discharge; nothing at the ends."""
    at = np.flatnonzero(kept)
    before = np.searchsorted(at, np.arange(time_s.size)) - 1
    after = np.searchsorted(at, np.arange(time_s.size), side="right")
    inner = (before >= 0) & (after < at.size)
    gain = np.zeros(time_s.size)
    here = time_s[inner]
    gain[inner] = intervals.gain(here - time_s[at[before[inner]]], time_s[at[after[inner]]] - here)
    return gain


def _least_of_neighbors(odds: FloatArray, kept: BoolArray, out: BoolArray) -> BoolArray:
    """Return those to be left out that are less likely than the kept ones before and after them."""
    at = np.flatnonzero(kept)
    row = np.concatenate([[np.inf], odds[at], [np.inf]])
    least = (row[1:-1] <= row[:-2]) & (row[1:-1] < row[2:])
    left = np.zeros(kept.size, dtype=np.bool_)
    left[at] = least & out[at]
    return left
