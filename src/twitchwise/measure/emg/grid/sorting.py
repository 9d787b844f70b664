"""Potentials of a grid sorted into units by their shape over channels and time, overlapping ones taken apart.

On a grid with whitened noise a potential stands so far out that its unit is rarely in doubt: windows that look alike
become a template, and windows that look like none are explained by several. Each template starts from the window of
most energy that is left, and is the mean of all that look like it.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.candidates import Window
from twitchwise.measure.emg.grid.templates import (
    FRACTIONS,
    LEAST_GAIN,
    SIZES,
    Bank,
    Match,
    explain,
    moved_later,
    surroundings,
)
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Half the length of a template: whitened potentials are over by then.
HALF_S = 0.02
# Of a window that looks like a template less than this share of the energy is left, and what noise may leave besides.
_LEFT_SHARE, _LEFT_DEVIATIONS = 0.08, 4.0
# Templates that leave less than this share of each other are one.
_TWIN_SHARE = 0.05
# What stands out of an explained window by such a share of what was explained is a potential of no unit.
_UNEXPLAINED_SHARE = 0.1
# Windows that templates are learned from, spread evenly, and the most templates.
_LEARN, _MOST_UNITS = 3000, 64
_ROUNDS = 2
# After so many windows in a row that look like no other, what is left is smaller and no more alike.
_LONELY = 20
# Windows are compared at so many places to either side of the middles of their energy.
_REACH = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class GridDischarges:
    """Discharges found in the windows of a grid, in order of window and place.

    Parameters
    ----------
    window
        Place of the window that each lies in, shape ``(n,)``.
    place
        Where in it, in samples with a fraction, shape ``(n,)``: where the template's middle lies.
    unit
        Number of the unit from 1, or 0 where the shape came only once, shape ``(n,)``.
    gain
        Energy that it takes out of the window, in variances of noise, shape ``(n,)``.
    overlapped
        Whether there is another one in its window, shape ``(n,)``.
    """

    window: IntArray
    place: FloatArray
    unit: IntArray
    gain: FloatArray
    overlapped: BoolArray


def sort_windows(windows: tuple[Window, ...], n_patterns: int, rate_hz: float) -> GridDischarges:
    """Sort the windows of a grid.

    Parameters
    ----------
    windows
        Each of shape ``(n_patterns or fewer, n)``, noise of variance 1.
    n_patterns
        Patterns of the grid in the end; windows that were kept before some of them were known have zeros there.
    rate_hz
        Rate of the windows.
    """
    half = round(HALF_S * rate_hz)
    full = [_filled(window, n_patterns) for window in windows]
    shapes = _learned(full[:: max(1, -(-len(full) // _LEARN))], half) if n_patterns else []
    matches = _explained(full, shapes, n_patterns, half)
    rows = [row for number, match in enumerate(matches) for row in _rows(number, match, full[number])]
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return GridDischarges(
        window=table[:, 0].astype(np.int64),
        place=table[:, 1],
        unit=table[:, 2].astype(np.int64),
        gain=table[:, 3],
        overlapped=table[:, 4] > 0,
    )


def _filled(window: Window, n_patterns: int) -> Samples:
    full = np.zeros((n_patterns, window.shape[1]), dtype=np.float32)
    full[: window.shape[0]] = window
    return full


def _learned(windows: list[Samples], half: int) -> list[Samples]:
    """Return the shapes that came more than once, in order of their energy."""
    shapes: list[Samples] = []
    left = windows
    for _ in range(_ROUNDS):
        new, members = _leaders(left, half, _MOST_UNITS - len(shapes))
        shapes += [shape for shape in new if not any(_twins(shape, other) for other in shapes)]
        if not shapes or members.all():
            break
        bank = Bank(shapes=np.array(shapes))
        left = [explain(window, bank).left for window, is_one in zip(left, members, strict=True) if not is_one]
    return shapes


def _leaders(windows: list[Samples], half: int, most: int) -> tuple[list[Samples], BoolArray]:
    """Take the window of most energy, average it with all that look like it, and go on with the others.

    Returns
    -------
    tuple of a list of shapes and an array of shape (n_windows,)
        And which windows were members of one of them.
    """
    if not windows:
        return [], np.ones(0, dtype=np.bool_)
    sizes = np.array([window.size for window in windows])
    energy = np.array([float(np.sum(window**2)) for window in windows]) - sizes
    middles = np.stack([_middle_of(window, half + _REACH) for window in windows])
    left = energy > LEAST_GAIN + _LEFT_DEVIATIONS * np.sqrt(2.0 * sizes)
    shapes: list[Samples] = []
    is_member = np.zeros(len(windows), dtype=np.bool_)
    lonely = 0
    while left.any() and len(shapes) < most and lonely < _LONELY:
        leader = int(np.argmax(np.where(left, energy, -np.inf)))
        left[leader] = False
        shape, _ = _gathered(middles[leader, :, _REACH:-_REACH], middles, np.flatnonzero(left))
        shape, members = _gathered(shape, middles, np.flatnonzero(left))
        left[members] = False
        lonely = 0 if members.size else lonely + 1
        if members.size:
            shapes.append(shape)
            is_member[[leader, *members]] = True
    return shapes, is_member


def _middle_of(window: Samples, half: int) -> Samples:
    """Return a window around the middle of its energy."""
    power = np.sum(window**2, axis=0)
    around = np.convolve(power, np.ones(2 * half + 1), mode="same")[: power.size]
    center = int(np.argmax(around))
    near = np.arange(max(0, center - half), min(power.size, center + half + 1))
    at = round(float(np.sum(near * power[near]) / max(float(np.sum(power[near])), 1e-9)))
    return np.pad(window, ((0, 0), (half, half)))[:, at : at + 2 * half + 1]


def _gathered(shape: Samples, middles: Samples, open_: IntArray) -> tuple[Samples, IntArray]:
    """Return the mean of the open windows that look like a shape, with it, and which they are."""
    if open_.size == 0:
        return shape, open_
    bank = Bank(shapes=shape[None])
    chosen = middles[open_]
    length = shape.shape[1]
    cuts = [chosen[:, :, step : step + length].reshape(open_.size, -1) for step in range(2 * _REACH + 1)]
    correlation = np.stack([cut @ bank.shifted.T for cut in cuts], axis=1) / np.sqrt(bank.energy)
    best = correlation.reshape(open_.size, -1).argmax(axis=1)
    at, fraction = np.divmod(best, FRACTIONS)
    peak = correlation.reshape(open_.size, -1)[np.arange(open_.size), best]
    here = np.stack([cuts[step][row] for row, step in enumerate(at)])
    size = peak / np.sqrt(bank.energy[fraction])
    over = np.sum(here.astype(np.float64) ** 2, axis=1) - peak**2 - shape.size
    noise = _LEFT_DEVIATIONS * np.sqrt(2.0 * shape.size)
    alike = (peak**2 > LEAST_GAIN) & (over < _LEFT_SHARE * peak**2 + noise) & (size > SIZES[0]) & (size < SIZES[1])
    total = shape.astype(np.float64)
    for step in range(FRACTIONS):
        rows = here[alike & (fraction == step)]
        total += moved_later(rows.sum(axis=0).reshape(shape.shape), -step / FRACTIONS)
    return (total / (1 + alike.sum())).astype(np.float32), open_[alike]


def _twins(one: Samples, other: Samples) -> bool:
    half = one.shape[1] // 2
    correlation = surroundings(one, half) @ Bank(shapes=other[None]).shifted.T
    energies = float(np.sum(one**2)), float(np.sum(other**2))
    alike = float(correlation.max()) ** 2 / (energies[0] * energies[1])
    return alike > 1 - _TWIN_SHARE and SIZES[0] ** 2 < energies[0] / energies[1] < SIZES[1] ** 2


def _explained(windows: list[Samples], shapes: list[Samples], n_patterns: int, half: int) -> list[Match]:
    if not shapes:
        none = np.empty(0)
        nothing = none.astype(np.int64)
        return [Match(place=none, unit=nothing, size=none, gain=none, left=window) for window in windows]
    bank = Bank(shapes=np.array(shapes).reshape(-1, n_patterns, 2 * half + 1))
    return [explain(window, bank) for window in windows]


def _rows(number: int, match: Match, window: Samples) -> list[tuple[float, ...]]:
    """Give a row for each discharge of a window; what stands out of the rest is one of no unit."""
    found = [(place, unit + 1.0, gain) for place, unit, gain in zip(match.place, match.unit, match.gain, strict=True)]
    explained = float(np.sum(match.gain))
    over = float(np.sum(match.left**2)) - match.left.size
    if not found or over > max(_UNEXPLAINED_SHARE * explained, LEAST_GAIN + 4 * np.sqrt(2.0 * max(match.left.size, 1))):
        power = np.sum(match.left**2, axis=0) if match.left.size else np.zeros(max(window.shape[1], 1))
        around = np.convolve(power, np.ones(9), mode="same")
        found.append((float(np.argmax(around)), 0.0, max(over, 0.0)))
    several = float(len(found) > 1)
    return [(float(number), place, unit, gain, several) for place, unit, gain in sorted(found)]
