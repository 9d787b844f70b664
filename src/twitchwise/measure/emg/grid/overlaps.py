"""Templates learned from windows that hold several potentials each, at delays that vary, so that none is ever alone.

A short stretch of one window that others hold too is part of one unit's potential, since at another delay it would be
different. Windows aligned on it agree where that unit is alone, and their median by sample is its template. With it
taken away the next unit is found in the same way, and all of them are then fitted together.
"""

from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.templates import (
    DEVIATIONS,
    FRACTIONS,
    LEAST_GAIN,
    LEFT_SHARE,
    SIZES,
    Bank,
    Match,
    cost,
    explain,
    is_explained,
    moved_later,
    widened,
)
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# The stretch that windows are compared over: shorter than most delays, and long enough to tell units apart.
_STRETCH_S = 0.009
# Stretches are compared at so many places between two samples: what misses by half of that leaves a few percent.
_STEPS = 2
# Stretches of less than this share of the greatest energy in their window are not tried.
_LEAST_STRETCH = 0.1
# Windows that templates are sought in, those of most energy, and the most templates that are sought.
_MOST_WINDOWS, _MOST_NEW = 30, 8
# Steps of the fit of all templates at given discharges, and how far each goes.
_FITS, _STEP = 10, 0.7
# A template without which no more than this share of what it explains is left over is a sum of others.
_OF_ITS_OWN = 0.25
# So many pairs of stretches are compared together, which keeps the memory small.
_COMPARED = 200_000
# Steps of a geometric median.
_MEDIAN_STEPS = 10


def taken_apart(windows: list[Samples], matches: list[Match], bank: Bank, rate_hz: float) -> list[Match]:
    """Return how windows are explained once templates are learned from those of them that hold several potentials.

    Parameters
    ----------
    windows, matches
        Stretches of a grid in its patterns, each of shape ``(n_patterns, n)``, and how the templates explain them; new
        matches take the place of these one by one, since two of every window would fill the memory of a long recording.
    bank
        Those templates, of which the ones that explain two windows alone and closely are kept as they are.
    rate_hz
        Rate of the windows.
    """
    unlike = [place for place, match in enumerate(matches) if not is_explained(match)]
    unlike = sorted(unlike, key=lambda place: -float(np.sum(windows[place] ** 2)) + windows[place].size)[:_MOST_WINDOWS]
    if len(unlike) <= 1:
        return matches
    kept = bank.shapes[_used_alone(matches, len(bank.shapes)) > 1]
    found = _grown(
        _Trial.of([windows[place] for place in unlike], kept, len(kept)), max(2, round(_STRETCH_S * rate_hz))
    )
    found = found.without_rare()
    price = max(len(found.shapes) - len(bank.shapes), 0) * bank.width
    if len(found.shapes) == len(kept) or found.cost + price >= sum(cost(matches[place]) for place in unlike):
        return matches
    anew = Bank(shapes=found.shapes)
    for place, window in enumerate(windows):
        matches[place] = explain(window, anew)
    return _without_sums(_Trial(windows=windows, shapes=found.shapes, fixed=len(kept), matches=matches)).matches


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trial:
    """Templates with how they explain some windows; the first ``fixed`` are not fitted anew."""

    windows: list[Samples]
    shapes: Samples
    fixed: int
    matches: list[Match]

    @classmethod
    def of(cls, windows: list[Samples], shapes: Samples, fixed: int) -> "_Trial":
        """Explain the windows."""
        bank = Bank(shapes=shapes)
        return cls(windows=windows, shapes=shapes, fixed=fixed, matches=[explain(one, bank) for one in windows])

    @property
    def cost(self) -> float:
        """What all matches cost."""
        return sum(cost(match) for match in self.matches)

    def with_template(self, shape: Samples) -> "_Trial":
        """Add a template, and fit the new ones to the discharges found."""
        trial = _Trial.of(self.windows, np.concatenate([self.shapes, shape[np.newaxis]]), self.fixed)
        shapes = _fitted(trial.windows, trial.matches, trial.shapes, trial.fixed)
        return _Trial.of(self.windows, shapes, self.fixed)

    def without_rare(self) -> "_Trial":
        """Leave out the new templates that explain no two potentials in windows that are explained closely."""
        rare = _used([match for match in self.matches if is_explained(match)], len(self.shapes)) <= 1
        rare[: self.fixed] = False
        return _Trial.of(self.windows, self.shapes[~rare], self.fixed).without_rare() if rare.any() else self


def _used(matches: list[Match], n_units: int) -> IntArray:
    """Return how many discharges each template has, shape ``(n_units,)``."""
    none = np.empty(0, dtype=np.int64)
    return np.bincount(np.concatenate([*(match.unit for match in matches), none]), minlength=n_units)


def _used_alone(matches: list[Match], n_units: int) -> IntArray:
    """Return how many windows each template explains alone and closely, shape ``(n_units,)``."""
    return _used([match for match in matches if match.unit.size == 1 and is_explained(match)], n_units)


def _without_sums(trial: _Trial) -> _Trial:
    """Leave out the templates that others explain together: two potentials that came twice at one delay look like one.

    Those of fewest discharges come first.
    """
    left = np.arange(len(trial.shapes))
    matches = list(trial.matches)
    for unit in np.argsort(_used(matches, len(trial.shapes)), kind="stable").tolist():
        others = left[left != unit]
        users = [place for place, match in enumerate(matches) if unit in match.unit]
        again = [_numbered(explain(trial.windows[place], Bank(shapes=trial.shapes[others])), others) for place in users]
        own = sum(float(np.sum(matches[place].gain[matches[place].unit == unit])) for place in users)
        if sum(cost(match) for match in again) - sum(cost(matches[place]) for place in users) <= _OF_ITS_OWN * own:
            left = others
            for place, match in zip(users, again, strict=True):
                matches[place] = match
    return replace(trial, matches=matches)


def _numbered(match: Match, numbers: IntArray) -> Match:
    """Give units other numbers."""
    return replace(match, unit=numbers[match.unit])


def _grown(trial: _Trial, stretch: int) -> _Trial:
    """Add templates as long as each explains more than its own values could explain of noise."""
    for _ in range(_MOST_NEW):
        left = [match.left for match in trial.matches if not is_explained(match)]
        shape = _shared(left, trial.shapes.shape[2] // 2, stretch) if len(left) > 1 else None
        if shape is None:
            break
        more = trial.with_template(shape)
        if more.cost + shape.size >= trial.cost:
            break
        trial = more
    return trial


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stretches:
    """All short stretches of windows, flat, with whose they are and where each begins, in samples."""

    values: Samples
    owner: IntArray
    start: FloatArray
    energy: FloatArray

    @classmethod
    def of(cls, windows: list[Samples], length: int) -> "_Stretches":
        """Cut windows into stretches that begin at each sample, and between samples."""
        values, start = list[Samples](), list[FloatArray]()
        for window in windows:
            for step in range(_STEPS):
                moved = moved_later(window, -step / _STEPS)
                views = np.lib.stride_tricks.sliding_window_view(moved, length, axis=1).transpose(1, 0, 2)
                values.append(views.reshape(len(views), -1))
                start.append(np.arange(len(views), dtype=np.float64) + step / _STEPS)
        owner = np.repeat(np.arange(len(windows)).repeat(_STEPS), [len(part) for part in values])
        every = np.concatenate(values)
        energy = np.sum(every.astype(np.float64) ** 2, axis=1)
        return cls(values=every, owner=owner, start=np.concatenate(start), energy=energy)


def _shared(windows: list[Samples], half: int, length: int) -> Samples | None:
    """Return what windows have in common around the stretch that explains most in other windows, or None."""
    every = _Stretches.of(windows, length)
    seeds = _seeds(every)
    if seeds.size == 0:
        return None
    begins = np.flatnonzero(np.diff(every.owner, prepend=-1))
    at_once = max(1, _COMPARED // every.owner.size)
    explained = [
        np.maximum.reduceat(_alike(every, some)[0], begins, axis=1).sum(axis=1)
        for some in np.array_split(seeds, -(-seeds.size // at_once))
    ]
    best = int(np.concatenate(explained).argmax())
    seed = int(seeds[best])
    gain, size = (rows[0] for rows in _alike(every, seeds[best : best + 1]))
    if not gain.any():
        return None
    parts = [_cut(windows[every.owner[seed]], every.start[seed] + length / 2, half)]
    for begin, stop in zip(begins, [*begins[1:], every.owner.size], strict=True):
        at = begin + int(gain[begin:stop].argmax())
        if gain[at] > 0:
            here = _cut(windows[every.owner[at]], every.start[at] + length / 2, half)
            parts.append(here / np.float32(size[at]))
    return _median(np.array(parts))


def _seeds(every: _Stretches) -> IntArray:
    """Return the stretches that stand out of the noise by enough to tell whether others are like them."""
    values = every.values.shape[1]
    over = every.energy - values
    greatest = np.zeros(int(every.owner[-1]) + 1)
    np.maximum.at(greatest, every.owner, over)
    clear = over > 2 * (LEAST_GAIN + 2 * DEVIATIONS * np.sqrt(2.0 * values))
    return np.flatnonzero(clear & (over > _LEAST_STRETCH * greatest[every.owner]) & (every.start % 1 == 0))


def _alike(every: _Stretches, seeds: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return what each seed explains of each stretch of another window, 0 where it is not like it, and its size there.

    Both of shape ``(n_seeds, n_stretches)``.
    """
    values = every.values.shape[1]
    over = every.energy[seeds, np.newaxis] - values
    dot = (every.values[seeds] @ every.values.T).astype(np.float64)
    size = np.clip(dot / over, *SIZES)
    noise = (1 + size**2) * values
    left = every.energy - 2 * size * dot + size**2 * every.energy[seeds, np.newaxis] - noise
    limit = LEFT_SHARE * size**2 * over + DEVIATIONS * noise * np.sqrt(2.0 / values)
    is_alike = (left < limit) & (every.owner[seeds, np.newaxis] != every.owner)
    return np.where(is_alike, size * dot, 0.0), size


def _cut(window: Samples, at: float, half: int) -> Samples:
    """Return a window around a place between samples, with zeros beyond its ends."""
    first = int(at)
    return moved_later(widened(window, half)[:, first : first + 2 * half + 1], first - at)


def _median(parts: Samples) -> Samples:
    """Return the geometric median of windows by sample, shape ``(n_patterns, n)``; of two, what both hold.

    Where two differ, one of them holds something else besides: that of less power is taken.
    """
    power = np.sum(parts**2, axis=1)
    least = np.take_along_axis(parts, power.argmin(axis=0)[np.newaxis, np.newaxis], axis=0)[0]
    n_patterns = parts.shape[1]
    if len(parts) <= 2:  # noqa: PLR2004 - a median of two is their mean
        apart = np.sum((parts[0] - parts[-1]) ** 2, axis=0)
        is_same = np.convolve(apart, np.ones(3) / 3, mode="same") < 2 * (n_patterns + DEVIATIONS * np.sqrt(n_patterns))
        return np.asarray(np.where(is_same, parts.mean(axis=0), least), dtype=np.float32)
    middle = least
    for _ in range(_MEDIAN_STEPS):
        weight = 1 / np.sqrt(np.maximum(np.sum((parts - middle) ** 2, axis=1), n_patterns))
        middle = np.einsum("mt,mpt->pt", weight / weight.sum(axis=0), parts)
    return np.asarray(middle, dtype=np.float32)


def _fitted(windows: list[Samples], matches: list[Match], shapes: Samples, fixed: int) -> Samples:
    """Fit the templates from the ``fixed``-th on together to all windows, at the discharges found."""
    found = shapes.copy()
    for _ in range(_FITS):
        bank = Bank(shapes=found)
        total, weight = np.zeros(found.shape), np.zeros(len(found))
        for window, match in zip(windows, matches, strict=True):
            _add_left(total, weight, _left(window, match, bank), match, bank.half)
        step = _STEP * total / np.maximum(weight, 1.0)[:, np.newaxis, np.newaxis]
        found[fixed:] += step[fixed:].astype(np.float32)
    return found


def _left(window: Samples, match: Match, bank: Bank) -> Samples:
    """Return what templates leave of a window, with half a template of margin on both sides."""
    left = widened(window, bank.half)
    for place, unit, size in zip(match.place, match.unit, match.size, strict=True):
        at, step = int(place), round(FRACTIONS * (place - int(place)))
        row = bank.shifted[unit * FRACTIONS + step].reshape(bank.shapes.shape[1:])
        left[:, at : at + row.shape[1]] -= np.float32(size) * row
    return left


def _add_left(total: FloatArray, weight: FloatArray, left: Samples, match: Match, half: int) -> None:
    """Add what is left around each discharge to the total of its unit."""
    for place, unit, size in zip(match.place, match.unit, match.size, strict=True):
        at = int(place)
        total[unit] += size * moved_later(left[:, at : at + 2 * half + 1], at - float(place))
        weight[unit] += size**2
