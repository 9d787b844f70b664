"""Explains a whitened stretch by discharges of known units: greedy, then each discharge looked at again.

Matching pursuit after Mallat and Zhang (1993, https://doi.org/10.1109/78.258082), on the output of the matched filters;
what is gained by a discharge is the log odds of `evidence.log_odds`.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import uniform_filter1d

from twitchwise.measure.emg.around import greatest_within
from twitchwise.measure.emg.units.collisions import Collision
from twitchwise.measure.emg.units.evidence import log_odds
from twitchwise.measure.emg.units.templates import SHIFTS, Templates
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Rounds of the greedy search; each takes the best discharge of every neighborhood, and few hold more than eight.
_ROUNDS = 16
# Sweeps in which every discharge is taken out and put back where it fits best.
_SWEEPS = 2
# A stretch is taken apart anew where a matched filter still gives so many standard deviations, up or down; what comes
# of it is taken if it gains so much in log odds.
_SUSPECT, _WORTH = 5.0, 2.0
# Where one sample in so many was changed, looking at all is faster than picking these out.
_MANY = 8
# Sizes farther from the unit's mean than so many standard deviations are not the unit's.
_SIZE_DEVIATIONS = 4.0


Entry = tuple[int, float, float, float]
"""Unit, place, size and log odds of a discharge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a discharge must keep.

    Least log odds, samples between two of one unit, samples in which two collide, and whether collisions that are not
    well explained are taken apart anew, which takes time.
    """

    least_odds: float
    refractory: int
    near: int
    thorough: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Discharges that explain a stretch, in order of time.

    ``place`` in samples with a fraction, ``unit`` from 0, ``height`` in standard deviations of noise, ``size`` as a
    multiple of the template, ``odds`` the log odds with all others taken out; each of shape ``(n,)``.
    """

    place: FloatArray
    unit: IntArray
    height: FloatArray
    size: FloatArray
    odds: FloatArray

    @classmethod
    def empty(cls) -> "Fit":
        """Return a fit without discharges."""
        none = np.empty(0)
        return cls(place=none, unit=none.astype(np.int64), height=none, size=none, odds=none)


@dataclass(kw_only=True, eq=False)
class Pursuit:
    """The search in one stretch.

    ``matched`` is the output of the matched filters of what is not explained yet, ``doubt`` the variance that the
    misfit of explained potentials adds to each sample.
    """

    templates: Templates
    limits: Limits
    matched: Samples
    usable: BoolArray
    doubt: FloatArray = field(init=False)
    found: list[Entry] = field(default_factory=list)
    tried: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is explained yet."""
        self.doubt = np.zeros(self.matched.shape[1])
        self.tried = np.zeros(self.matched.shape[1], dtype=np.bool_)
        self.usable = self.usable & (
            np.arange(self.usable.size) % max(self.usable.size - 1, 1) > 0
        )  # no peak at an end
        self._fresh = self.usable.copy()
        self._busy = np.zeros(self.matched.shape, dtype=np.int8)
        self._weights = np.sum(self.templates.unit_shapes.astype(np.float64) ** 2, axis=1)
        width = max(3, self.limits.near // 4)
        smooth = uniform_filter1d(self._weights, width, axis=1) * self.templates.size[:, None] ** 2
        self._misfit = smooth * self.templates.misfit[:, None]
        t = self.templates
        self._known = list(zip(t.detectability.tolist(), t.spread.tolist(), t.log_rate_ratio.tolist(), strict=True))
        self._floor = _least_heights(self.templates, self.limits.least_odds)
        reach = _SIZE_DEVIATIONS * np.sqrt(self.templates.spread**2 + 1 / self.templates.detectability**2)
        self._least_size, self._greatest_size = np.maximum(1 - reach, 0.2), 1 + reach

    def run(self) -> Fit:
        """Search until nothing is left that is more likely a discharge than not."""
        self._greedy()
        for _ in range(_SWEEPS):
            if self.limits.thorough:
                self._resolve()
            self._sweep()
            self._greedy()
        return self._result()

    def _resolve(self) -> None:
        """Take apart anew the stretches of which much more is left than noise and misfit leave."""
        near = self.limits.near
        for middle in self._suspects():
            inside = [entry for entry in self.found if abs(entry[1] - middle) <= near]
            for entry in inside:
                self._explain(entry, -1.0)
            first, last = max(1, middle - near), min(self.matched.shape[1] - 1, middle + near + 1)
            margin = 2 * self.templates.half + 2
            start, stop = max(0, first - margin), min(self.matched.shape[1], last + margin)
            collision = Collision(
                templates=self.templates,
                matched=self.matched[:, start:stop],
                inside=slice(first - start, last - start),
                refractory=self.limits.refractory,
                sizes=(self._least_size, self._greatest_size),
            )
            before = collision.gain_of(tuple((unit, place - start, size) for unit, place, size, _ in inside))
            gain, parts = collision.best()
            if gain > before + _WORTH:
                self.found = [entry for entry in self.found if abs(entry[1] - middle) > near]
                inside = [(unit, place + start, size, np.nan) for unit, place, size in parts]
                self.found += inside
            for entry in inside:
                self._explain(entry, 1.0)

    def _suspects(self) -> list[int]:
        """Return the middles of stretches that are not well explained."""
        near = self.limits.near
        size = np.abs(self.matched)
        size /= self.templates.noise[:, None].astype(np.float32)
        left = np.where(self.usable, np.max(size, axis=0), np.float32(0))
        left[[0, -1]] = 0
        if not (left > _SUSPECT).any():  # doubt makes it less
            return []
        doubt = greatest_within(self.doubt, self.limits.refractory) if self.found else self.doubt
        left = left / np.sqrt(1 + np.maximum(doubt, 0))
        top = greatest_within(left, near)
        suspects = np.flatnonzero((left == top) & (left > _SUSPECT))
        suspects = suspects[~self.tried[suspects]]
        for one in suspects:
            self.tried[max(0, one - near // 2) : one + near // 2 + 1] = True
        return suspects.tolist()

    def _greedy(self) -> None:
        for _ in range(_ROUNDS):
            picks = self._picks()
            if not picks:
                return
            for entry in picks:
                self._explain(entry, 1.0)
                self.found.append(entry)

    def _picks(self) -> list[Entry]:
        """Return the best discharge of every neighborhood."""
        unit, at = self._peaks()
        if unit.size == 0:
            return []
        place, height = self._refined(unit, at)
        odds = self._odds(unit, at, height)
        good = np.flatnonzero(odds > self.limits.least_odds)
        good = good[np.argsort(-odds[good], kind="stable")]
        taken = np.zeros(self.matched.shape[1], dtype=np.bool_)
        picks = list[Entry]()
        near = self.limits.near
        for index in good:
            if not taken[at[index]]:
                taken[max(0, at[index] - near) : at[index] + near + 1] = True
                size = height[index] / self.templates.size[unit[index]]
                picks.append((int(unit[index]), float(place[index]), float(size), float(odds[index])))
        return picks

    def _peaks(self) -> tuple[IntArray, IntArray]:
        """Return unit and place of the peaks above the floor, of those places of which something was changed."""
        fresh, self._fresh = self._fresh, np.zeros_like(self._fresh)
        at = np.flatnonzero(fresh)
        floor, n_samples = self._floor[:, None].astype(np.float32), self.matched.shape[1]
        if _MANY * at.size > n_samples:
            unit, at = np.divmod(np.flatnonzero((self.matched > floor) & fresh), n_samples)
        else:
            unit, index = np.nonzero(self.matched[:, at] > floor)
            at = at[index]
        here = self.matched[unit, at]
        peak = (here >= self.matched[unit, at - 1]) & (here > self.matched[unit, at + 1])
        return unit[peak], at[peak]

    def _refined(self, unit: IntArray, at: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return places with a fraction of a sample, and heights there, by a parabola through three samples."""
        before, here, after = (self.matched[unit, at + shift].astype(np.float64) for shift in (-1, 0, 1))
        bend = np.minimum(before - 2 * here + after, -1e-9)
        fraction = np.clip((before - after) / (2 * bend), -0.5, 0.5)
        return at + fraction, here - 0.25 * (before - after) * fraction

    def _odds(self, unit: IntArray, at: IntArray, height: FloatArray) -> FloatArray:
        t = self.templates
        scale = t.noise[unit] * np.sqrt(1 + self._doubt_of(unit, at))
        size = height / t.size[unit]
        odds = log_odds(np.maximum(height / scale, 1e-3), t.size[unit] / scale, t.spread[unit], t.log_rate_ratio[unit])
        odds[(size < self._least_size[unit]) | (size > self._greatest_size[unit])] = -np.inf
        odds[self._busy[unit, at] > 0] = -np.inf
        return odds

    def _doubt_of(self, unit: IntArray, at: IntArray) -> FloatArray:
        half = self.templates.half
        out = np.zeros(unit.size)
        for index, (one, middle) in enumerate(zip(unit, at, strict=True)):
            first, last = max(0, middle - half), min(self.doubt.size, middle + half + 1)
            out[index] = self._weights[one, first - middle + half : last - middle + half] @ self.doubt[first:last]
        return out

    def _explain(self, entry: Entry, sign: float) -> None:
        """Take a discharge out of the matched filters' output, or with ``sign`` -1 put it back."""
        unit, place, size, _ = entry
        t, middle = self.templates, round(place)
        number = round((place - middle + 0.5) * SHIFTS)
        left = t.gram[unit, number]
        reach = left.shape[1] // 2
        first, last = max(0, middle - reach), min(self.matched.shape[1], middle + reach + 1)
        amount = np.float32(sign * size * t.size[unit])
        self._fresh[first:last] = self.usable[first:last]
        self.matched[:, first:last] -= amount * left[:, first - middle + reach : last - middle + reach]
        first, last = max(0, middle - t.half), min(self.doubt.size, middle + t.half + 1)
        busy = slice(max(0, middle - self.limits.refractory), middle + self.limits.refractory + 1)
        self._busy[unit, busy] += np.int8(sign)
        self.doubt[first:last] += sign * size**2 * self._misfit[unit, first - middle + t.half : last - middle + t.half]

    def _sweep(self) -> None:
        """Take every overlapped discharge out and put it back where, and as what, it fits best; or leave it out."""
        self.found.sort(key=lambda entry: entry[1])
        alone = self._alone()
        entries, self.found = self.found, [entry for entry, apart in zip(self.found, alone, strict=True) if apart]
        for entry, apart in zip(entries, alone, strict=True):
            if apart:
                continue
            self._explain(entry, -1.0)
            best, own = self._best_near(entry), self._judged(entry)
            if best is None or own[3] > best[3]:
                best = own
            if best[3] > self.limits.least_odds:
                self._explain(best, 1.0)
                self.found.append(best)

    def _alone(self) -> BoolArray:
        """Tell which discharges, in order of time, no other comes near, of those whose odds are known."""
        if not self.found:
            return np.empty(0, dtype=np.bool_)
        place, odds = np.array([(entry[1], entry[3]) for entry in self.found]).T
        gap = np.concatenate([[np.inf], np.diff(place), [np.inf]]) > 2 * self.limits.near
        return np.asarray(gap[:-1] & gap[1:] & np.isfinite(odds), dtype=np.bool_)

    def _best_near(self, entry: Entry) -> Entry | None:
        reach, middle = max(2, self.limits.near // 2), round(entry[1])
        first, last = max(1, middle - reach), min(self.matched.shape[1] - 1, middle + reach + 1)
        part = self.matched[:, first - 1 : last + 1]
        peak = (part[:, 1:-1] >= part[:, :-2]) & (part[:, 1:-1] > part[:, 2:]) & (part[:, 1:-1] > self._floor[:, None])
        unit, at = np.nonzero(peak)
        if unit.size == 0:
            return None
        judged = [self._at(one, middle) for one, middle in zip(unit.tolist(), (at + first).tolist(), strict=True)]
        best = max(judged, key=lambda one: one[3])
        return best if best[3] > self.limits.least_odds else None

    def _result(self) -> Fit:
        """Return what was found, each with its log odds while all others are explained."""
        self.found.sort(key=lambda entry: entry[1])
        for index, apart in enumerate(self._alone()):
            if not apart:
                self._explain(self.found[index], -1.0)
                self.found[index] = self._judged(self.found[index])
                self._explain(self.found[index], 1.0)
        self.found = [entry for entry in self.found if entry[3] > self.limits.least_odds]
        table = np.array(self.found, dtype=np.float64).reshape(-1, 4)
        place, size, odds = table[:, 1], table[:, 2], table[:, 3]
        unit = table[:, 0].astype(np.int64)
        return Fit(place=place, unit=unit, height=size * self.templates.detectability[unit], size=size, odds=odds)

    def _judged(self, entry: Entry) -> Entry:
        """Return a discharge, which must be out of the matched filters' output, with its log odds."""
        unit, place, size, _ = entry
        middle = min(max(1, round(place)), self.matched.shape[1] - 2)
        return unit, place, size, self._at(unit, middle)[3]

    def _at(self, unit: int, middle: int) -> Entry:
        """Return the discharge of a unit near one place: what `_refined` and `_odds` give for many, but faster."""
        before, here, after = self.matched[unit, middle - 1 : middle + 2].tolist()
        fraction = min(max((before - after) / (2 * min(before - 2 * here + after, -1e-9)), -0.5), 0.5)
        height = here - 0.25 * (before - after) * fraction
        t, half = self.templates, self.templates.half
        detectability, spread, log_rate_ratio = self._known[unit]
        size = height / float(t.size[unit])
        place = middle + fraction
        if self._busy[unit, middle] > 0 or not self._least_size[unit] <= size <= self._greatest_size[unit]:
            return unit, place, size, -np.inf
        first, last = max(0, middle - half), min(self.doubt.size, middle + half + 1)
        doubt = float(self._weights[unit, first - middle + half : last - middle + half] @ self.doubt[first:last])
        expected = detectability / math.sqrt(1 + doubt)
        h, variance = max(size * expected, 1e-3), 1 + (spread * expected) ** 2
        signal = -((h - expected) ** 2) / (2 * variance) - 0.5 * math.log(2 * math.pi * variance)
        return unit, place, size, log_rate_ratio + signal - math.log(h) + h**2 / 2


def _least_heights(templates: Templates, least_odds: float) -> FloatArray:
    """Return for each unit the height from which its log odds can exceed the least, in the filter's own units."""
    heights = np.linspace(0.5, 1.0, 51)[None, :] * np.maximum(templates.detectability, 8.0)[:, None]
    heights = np.concatenate([np.tile(np.arange(0.5, 8.0, 0.1), (len(templates), 1)), heights], axis=1)
    odds = log_odds(
        heights, templates.detectability[:, None], templates.spread[:, None], templates.log_rate_ratio[:, None]
    )
    lowest = np.where(odds > least_odds, heights, np.inf).min(axis=1)
    return np.asarray(np.maximum(lowest, 1.0) * templates.noise, dtype=np.float64)
