"""A collision taken apart: several discharges are tried together, where one after the other goes astray.

A beam search: of the best ways to explain a stretch by some discharges, each is continued by the best next ones, until
none gains more than it costs.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from twitchwise.measure.emg.units.templates import SHIFTS, Templates
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Explanations that are kept side by side, ways in which each is continued, and discharges of one explanation.
_BEAM, _WAYS, _DEPTH = 3, 4, 6
# Pairs are tried where the matched filter gives this share of what the unit would, so many places at most.
_LEAST_SHARE, _PAIRED, _PAIR, _PAIRS = 0.35, 200, 2, 2
# In place of one discharge two are looked for within such a share of the stretch, so many times; pairs closer to each
# other than the lesser share are one.
_NEAR, _ALIKE, _SPLITS = 0.16, 0.04, 4
# The best explanations of each depth are polished: in rounds, within so many samples.
_POLISHED, _ROUNDS, _STEP = 1, 2, 2
# The search ends where one more discharge loses so much in log odds.
_IN_VAIN = 3.0

Part = tuple[int, float, float]
"""Unit, place and size of a discharge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Way:
    """An explanation: what it gains, of which discharges, and what it leaves in the matched filters."""

    gain: float
    parts: tuple[Part, ...]
    left: Samples


@dataclass(frozen=True, kw_only=True, eq=False)
class _Next:
    """One more discharge for a way, and what both gain together."""

    gain: float
    way: _Way
    part: Part


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
    drawn: FloatArray = field(init=False)
    per_share: FloatArray = field(init=False)
    cost: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Prepare, for each unit, the most likely size, ``(matched + drawn) / per_share``, and what it costs."""
        t = self.templates
        drawn = t.noise**2 / (t.spread**2 * t.size)
        object.__setattr__(self, "drawn", drawn.astype(np.float32))
        object.__setattr__(self, "per_share", (t.size + drawn).astype(np.float32))
        spread = np.log(2 * np.pi * (1 + (t.spread * t.detectability) ** 2)) / 2
        object.__setattr__(self, "cost", spread - t.log_rate_ratio + np.log(t.detectability))

    def best(self) -> tuple[float, tuple[Part, ...]]:
        """Return the explanation that gains most, and its gain in log odds."""
        best = _Way(gain=0.0, parts=(), left=self.matched)
        beam = [best, *self._pairs(best, self.inside)]
        best = max(best, *(self._polished(way) for way in beam), key=lambda way: way.gain)
        for _ in range(_DEPTH):
            grown = sorted((one for way in beam for one in self._continued(way)), key=lambda one: -one.gain)
            beam = [self._with(one.way, one.part) for one in _different(grown)[:_BEAM]]
            if not beam:
                break
            longer = max((self._polished(way) for way in beam[:_POLISHED]), key=lambda way: way.gain)
            if longer.gain < best.gain - _IN_VAIN:
                break
            best = max(best, longer, key=lambda way: way.gain)
        best = self._split(best)
        return float(best.gain), best.parts

    def gain_of(self, parts: tuple[Part, ...]) -> float:
        """Return the gain of an explanation that is given."""
        return self._explained(parts).gain

    def _split(self, way: _Way) -> _Way:
        """Return an explanation in which two discharges stand for one wherever that gains."""
        reach = max(2, round(_NEAR * (self.inside.stop - self.inside.start)))
        for _ in range(_SPLITS):
            better = way
            for index, (_, place, _) in enumerate(way.parts):
                middle = round(place)
                around = slice(max(self.inside.start, middle - reach), min(self.inside.stop, middle + reach + 1))
                ways = self._pairs(self._less(way, index), around)
                better = max(better, *ways, key=lambda one: one.gain) if ways else better
            if better is way:
                break
            way = better
        return way

    def _pairs(self, way: _Way, around: slice) -> list[_Way]:
        """Return an explanation with the best two more discharges of sizes 1 in a stretch."""
        t = self.templates
        unit, at, alone = self._places(way, around)
        if unit.size < _PAIR:
            return []
        reach = t.gram.shape[-1] // 2
        lag = np.clip(at[None, :] - at[:, None] + reach, 0, 2 * reach)
        shared = t.gram[unit[:, None], SHIFTS // 2, unit[None, :], lag] * t.size[unit][:, None] * t.size[unit][None, :]
        gain = alone[:, None] + alone[None, :] - shared / t.noise[unit][:, None] ** 2
        gain[(unit[:, None] == unit[None, :]) & (np.abs(at[:, None] - at[None, :]) <= self.refractory)] = -np.inf
        gain[np.tril_indices(unit.size)] = -np.inf
        found, apart = list[_Way](), max(2, round(_ALIKE * (self.inside.stop - self.inside.start)))
        for _ in range(_PAIRS):
            pair = divmod(int(np.argmax(gain)), unit.size)
            if not np.isfinite(gain[pair]):
                break
            one = way
            for part in pair:
                one = self._with(one, (int(unit[part]), float(at[part]), 1.0))
            found.append(self._polished(one))
            alike = [(unit == unit[part]) & (np.abs(at - at[part]) <= apart) for part in pair]
            gain[np.ix_(*alike)] = -np.inf
        return found

    def _places(self, way: _Way, around: slice) -> tuple[IntArray, IntArray, FloatArray]:
        """Return units and places at which a discharge of size 1 may be, thinned out to a number, and its gain."""
        t = self.templates
        size = t.size[:, None]
        rows = way.left[:, around].astype(np.float64)
        possible = rows > _LEAST_SHARE * size
        for one, place, _ in way.parts:
            middle = round(place) - around.start
            possible[one, max(0, middle - self.refractory) : max(0, middle + self.refractory + 1)] = False
        every = max(1, -(-int(possible.sum()) // _PAIRED))
        possible[:, np.arange(rows.shape[1]) % every > 0] = False
        unit, at = np.nonzero(possible)
        gain = (size * rows - size**2 / 2) / t.noise[:, None] ** 2
        return unit, at + around.start, np.asarray(gain[unit, at], dtype=np.float64)

    def _explained(self, parts: tuple[Part, ...]) -> _Way:
        way = _Way(gain=0.0, parts=(), left=self.matched)
        for part in parts:
            way = self._with(way, part)
        return way

    def _polished(self, way: _Way) -> _Way:
        """Return an explanation with every discharge moved, a little, to where it fits best beside the others."""
        for index in [*range(len(way.parts))] * (_ROUNDS if len(way.parts) > 1 else 0):
            unit, place, _ = way.parts[index]
            rest = self._less(way, index)
            first = max(self.inside.start, round(place) - _STEP)
            row = rest.left[unit, first - 1 : min(self.inside.stop, round(place) + _STEP + 1) + 1]
            at = int(np.argmax(row[1:-1]))
            share = float((row[at + 1] + self.drawn[unit]) / self.per_share[unit])
            share = min(max(share, float(self.sizes[0][unit])), float(self.sizes[1][unit]))
            moved = first + at + _fraction(row[at : at + 3])
            other = self._with(rest, (unit, moved, share))
            if other.gain > way.gain:
                way = replace(other, parts=(*way.parts[:index], other.parts[-1], *way.parts[index + 1 :]))
        return way

    def _continued(self, way: _Way) -> list[_Next]:
        """Return an explanation with one more discharge, in the best few ways."""
        rows = way.left[:, self.inside.start - 1 : self.inside.stop + 1]
        share = (rows[:, 1:-1] + self.drawn[:, None]) / self.per_share[:, None]
        possible = (share >= self.sizes[0][:, None]) & (share <= self.sizes[1][:, None])
        possible[:, 1:-1] &= (rows[:, 2:-2] >= rows[:, 1:-3]) & (rows[:, 2:-2] > rows[:, 3:-1])
        for unit, place, _ in way.parts:
            at = round(place) - self.inside.start
            possible[unit, max(0, at - self.refractory) : max(0, at + self.refractory + 1)] = False
        units, places = np.nonzero(possible)
        shares = share[units, places]
        noise, spread = self.templates.noise[units], self.templates.spread[units]
        gains = shares**2 * self.per_share[units] * self.templates.size[units] / (2 * noise**2)
        gains -= 1 / (2 * spread**2) + self.cost[units]
        order = np.argsort(-gains, kind="stable")[:_WAYS]
        return [
            _Next(
                gain=way.gain + float(gains[one]),
                way=way,
                part=(
                    int(units[one]),
                    self.inside.start + int(places[one]) + _fraction(rows[units[one], places[one] : places[one] + 3]),
                    float(shares[one]),
                ),
            )
            for one in order.tolist()
        ]

    def _with(self, way: _Way, part: Part) -> _Way:
        left = way.left.copy()
        self._take(left, part, 1.0)
        return _Way(gain=way.gain + self._gain(way.left, part), parts=(*way.parts, part), left=left)

    def _less(self, way: _Way, index: int) -> _Way:
        """Return an explanation without one of its discharges."""
        left, part = way.left.copy(), way.parts[index]
        self._take(left, part, -1.0)
        parts = way.parts[:index] + way.parts[index + 1 :]
        return _Way(gain=way.gain - self._gain(left, part), parts=parts, left=left)

    def _take(self, left: Samples, part: Part, sign: float) -> None:
        """Take a discharge out of the output of the matched filters, or put it back."""
        unit, place, share = part
        middle = round(place)
        table = self.templates.gram[unit, round((place - middle + 0.5) * SHIFTS)]
        reach = table.shape[1] // 2
        first, last = max(0, middle - reach), min(left.shape[1], middle + reach + 1)
        amount = np.float32(sign * share * self.templates.size[unit])
        left[:, first:last] -= amount * table[:, first - middle + reach : last - middle + reach]

    def _gain(self, left: Samples, part: Part) -> float:
        """Return what a discharge gains where nothing of it is taken out yet."""
        unit, place, share = part
        amount, noise = share * float(self.templates.size[unit]), float(self.templates.noise[unit])
        energy = (amount * _height(left[unit], place) - amount**2 / 2) / noise**2
        return energy - float(self.cost[unit]) - (share - 1) ** 2 / (2 * float(self.templates.spread[unit]) ** 2)


def _fraction(three: Samples) -> float:
    """Return where the top of a parabola through three samples lies from the middle one."""
    before, here, after = three.tolist()
    return float(min(max((before - after) / (2 * min(before - 2 * here + after, -1e-9)), -0.5), 0.5))


def _height(row: Samples, place: float) -> float:
    """Return the height at a place with a fraction, by a parabola."""
    middle = min(max(1, round(place)), row.size - 2)
    before, here, after = row[middle - 1 : middle + 2].tolist()
    x = place - middle
    return float(here + x * (after - before) / 2 + x**2 * (before - 2 * here + after) / 2)


def _different(ways: list[_Next]) -> list[_Next]:
    """Return the first of those that consist of the same discharges in another order."""
    seen, out = set[tuple[tuple[int, int], ...]](), list[_Next]()
    for one in ways:
        key = tuple(sorted((unit, round(place)) for unit, place, _ in (*one.way.parts, one.part)))
        if key not in seen:
            seen.add(key)
            out.append(one)
    return out
