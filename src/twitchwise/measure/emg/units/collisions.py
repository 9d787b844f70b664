"""A collision taken apart: several discharges are tried together, where one after the other goes astray.

A beam search: of the best ways to explain a stretch by some discharges, each is continued by the best next ones, until
none gains more than it costs.
"""

from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.units.templates import SHIFTS, Templates
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray

# Explanations that are kept side by side, ways in which each is continued, and discharges of one explanation.
_BEAM, _WAYS, _DEPTH = 3, 4, 6
# Pairs are tried where the matched filter gives this share of what the unit would, so many places at most.
_LEAST_SHARE, _PAIRED, _PAIR = 0.35, 150, 2
# The best explanations of each depth are polished: in rounds, within so many samples.
_POLISHED, _ROUNDS, _STEP = 1, 2, 2
_ALL = slice(None)

Part = tuple[int, float, float]
"""Unit, place and size of a discharge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Way:
    """An explanation: what it gains, of which discharges, and what it leaves in the matched filters."""

    gain: float
    parts: tuple[Part, ...]
    left: Samples


@dataclass(frozen=True, kw_only=True, eq=False)
class Collision:
    """A stretch in which discharges collide.

    Parameters
    ----------
    templates
        The units.
    matched
        Output of the matched filters around the stretch, nothing of it explained, shape ``(n_units, n)``.
    inside
        Places at which discharges are looked for.
    refractory
        Least samples between two of one unit.
    sizes
        Least and greatest size of each unit, shape ``(n_units,)``.
    """

    templates: Templates
    matched: Samples
    inside: slice
    refractory: int
    sizes: tuple[FloatArray, FloatArray]

    def best(self) -> tuple[float, tuple[Part, ...]]:
        """Return the explanation that gains most, and its gain in log odds."""
        best = _Way(gain=0.0, parts=(), left=self.matched)
        beam = [best, *self._pairs()]
        best = max(best, *(self._polished(way) for way in beam), key=lambda way: way.gain)
        for _ in range(_DEPTH):
            grown = [way for one in beam for way in self._continued(one)]
            if not grown:
                break
            beam = _different(sorted(grown, key=lambda way: -way.gain))[:_BEAM]
            best = max(best, *(self._polished(way) for way in beam[:_POLISHED]), key=lambda way: way.gain)
        return float(best.gain), best.parts

    def gain_of(self, parts: tuple[Part, ...]) -> float:
        """Return the gain of an explanation that is given."""
        return self._explained(parts).gain

    def _pairs(self) -> list[_Way]:
        """Return the best two discharges together, of sizes 1, wherever the peaks of the matched filters are."""
        t, first = self.templates, self.inside.start
        size = t.size[:, None]
        rows = self.matched[:, self.inside].astype(np.float64)
        alone = (size * rows - size**2 / 2) / t.noise[:, None] ** 2
        unit, at = np.nonzero(rows > _LEAST_SHARE * size)
        if unit.size < _PAIR:
            return []
        order = np.argsort(-alone[unit, at], kind="stable")[:_PAIRED]
        unit, at = unit[order], at[order]
        reach = t.gram.shape[-1] // 2
        lag = np.clip(at[None, :] - at[:, None] + reach, 0, 2 * reach)
        shared = t.gram[unit[:, None], SHIFTS // 2, unit[None, :], lag] * t.size[unit][:, None] * t.size[unit][None, :]
        gain = alone[unit, at][:, None] + alone[unit, at][None, :] - shared / t.noise[unit][:, None] ** 2
        gain[(unit[:, None] == unit[None, :]) & (np.abs(at[:, None] - at[None, :]) <= self.refractory)] = -np.inf
        gain[np.tril_indices(unit.size)] = -np.inf
        best = np.argsort(-gain, axis=None)[: _BEAM - 1]
        chosen = [divmod(int(one), unit.size) for one in best if np.isfinite(gain.flat[one])]
        return [
            self._explained(tuple((int(unit[part]), float(first + at[part]), 1.0) for part in pair)) for pair in chosen
        ]

    def _explained(self, parts: tuple[Part, ...]) -> _Way:
        way = _Way(gain=0.0, parts=(), left=self.matched)
        for part in parts:
            way = self._with(way, part)
        return way

    def _polished(self, way: _Way) -> _Way:
        """Return an explanation with every discharge moved, a little, to where it fits best beside the others."""
        for index in [*range(len(way.parts))] * _ROUNDS:
            unit, place, _ = way.parts[index]
            rest = self._explained(way.parts[:index] + way.parts[index + 1 :])
            first = max(self.inside.start, round(place) - _STEP)
            row = rest.left[unit : unit + 1, first - 1 : min(self.inside.stop, round(place) + _STEP + 1) + 1]
            at = int(np.argmax(row[0, 1:-1]))
            share = float(self._sizes_and_gains(row[:, 1:-1].astype(np.float64), slice(unit, unit + 1))[0][0, at])
            share = float(np.clip(share, self.sizes[0][unit], self.sizes[1][unit]))
            moved = first + at + _fraction(row[0, at : at + 3].astype(np.float64))
            other = self._with(rest, (unit, moved, share))
            if other.gain > way.gain:
                way = replace(other, parts=(*way.parts[:index], other.parts[-1], *way.parts[index + 1 :]))
        return way

    def _continued(self, way: _Way) -> list[_Way]:
        """Return an explanation with one more discharge, in the best few ways."""
        rows = way.left[:, self.inside.start - 1 : self.inside.stop + 1].astype(np.float64)
        sizes, gains = self._sizes_and_gains(rows[:, 1:-1])
        gains[:, 1:-1][(gains[:, 1:-1] < gains[:, :-2]) | (gains[:, 1:-1] <= gains[:, 2:])] = -np.inf
        for unit, place, _ in way.parts:
            at = round(place) - self.inside.start
            gains[unit, max(0, at - self.refractory) : max(0, at + self.refractory + 1)] = -np.inf
        order = np.argpartition(-gains, min(_WAYS, gains.size - 1), axis=None)[:_WAYS]
        chosen = [divmod(int(one), gains.shape[1]) for one in order]
        return [
            self._with(way, (unit, self.inside.start + at + _fraction(rows[unit, at : at + 3]), float(sizes[unit, at])))
            for unit, at in chosen
            if np.isfinite(gains[unit, at])
        ]

    def _sizes_and_gains(self, matched: FloatArray, units: slice = _ALL) -> tuple[FloatArray, FloatArray]:
        """Return the most likely size of a discharge at every place, and what it gains; one row a unit."""
        t = self.templates
        noise, spread = t.noise[units, None], t.spread[units, None] ** 2
        size, height = t.size[units, None] / noise, matched / noise
        share = (height * size + 1 / spread) / (size**2 + 1 / spread)
        cost = 0.5 * np.log(2 * np.pi * (1 + spread * size**2)) - t.log_rate_ratio[units, None] + np.log(size)
        gain = share * size * height - (share * size) ** 2 / 2 - (share - 1) ** 2 / (2 * spread) - cost
        outside = (share < self.sizes[0][units, None]) | (share > self.sizes[1][units, None])
        return share, np.where(outside, -np.inf, gain)

    def _with(self, way: _Way, part: Part) -> _Way:
        unit, place, share = part
        t, middle = self.templates, round(place)
        number = round((place - middle + 0.5) * SHIFTS)
        table = t.gram[unit, number]
        reach, left = table.shape[1] // 2, way.left.copy()
        first, last = max(0, middle - reach), min(left.shape[1], middle + reach + 1)
        amount = share * t.size[unit]
        here = _height(left[unit], place)
        left[:, first:last] -= np.float32(amount) * table[:, first - middle + reach : last - middle + reach]
        noise = float(t.noise[unit])
        energy = (amount * here - amount**2 / 2) / noise**2
        return _Way(gain=way.gain + energy - self._cost(unit, share), parts=(*way.parts, part), left=left)

    def _cost(self, unit: int, share: float) -> float:
        t = self.templates
        size, spread = float(t.size[unit] / t.noise[unit]), float(t.spread[unit]) ** 2
        fixed = 0.5 * np.log(2 * np.pi * (1 + spread * size**2)) - float(t.log_rate_ratio[unit]) + np.log(size)
        return float(fixed + (share - 1) ** 2 / (2 * spread))


def _fraction(three: FloatArray) -> float:
    """Return where the top of a parabola through three samples lies from the middle one."""
    bend = min(float(three[0] - 2 * three[1] + three[2]), -1e-9)
    return float(np.clip((three[0] - three[2]) / (2 * bend), -0.5, 0.5))


def _height(row: Samples, place: float) -> float:
    """Return the height at a place with a fraction, by a parabola."""
    middle = min(max(1, round(place)), row.size - 2)
    before, here, after = (float(row[middle + step]) for step in (-1, 0, 1))
    x = place - middle
    return here + x * (after - before) / 2 + x**2 * (before - 2 * here + after) / 2


def _different(ways: list[_Way]) -> list[_Way]:
    """Return the first of those ways that consist of the same discharges in another order."""
    seen, out = set[tuple[tuple[int, int], ...]](), list[_Way]()
    for way in ways:
        key = tuple(sorted((unit, round(place)) for unit, place, _ in way.parts))
        if key not in seen:
            seen.add(key)
            out.append(way)
    return out
