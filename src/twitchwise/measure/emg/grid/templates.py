"""Potentials of units as templates in the patterns of a grid, matched to windows at any place between samples."""

from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import uniform_filter1d

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# A template is tried at so many places between two samples: what misses by half of that leaves up to 1 % of the energy.
FRACTIONS = 4
# Potentials of a unit differ in size by less than this factor to either side of the template.
SIZES = (0.7, 1.4)
# A potential takes out of a window so many times the variance of noise, and such a share of what is explained already,
# or it is none: templates leave a few percent of the potentials that they explain.
LEAST_GAIN, _LEAST_SHARE = 25.0, 0.04
# More discharges than this are not looked for in so many samples.
_MOST, _MOST_IN = 8, 100
# Two discharges of a unit are farther apart than so many samples; nearer, the second would mend the first one's shape.
_REFRACTORY = 2
# Of a potential less than this share is left by the template of its unit, and what noise may leave besides.
LEFT_SHARE, DEVIATIONS = 0.08, 4.0
# So many units are tried as the first of several in one window.
_FIRSTS = 6
# Samples over which the power of a template is compared with that of the noise in it.
_SMOOTHED = 7


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """Templates with their shifts.

    Parameters
    ----------
    shapes
        Shape ``(n_units, n_patterns, 2 half + 1)``.
    shifted
        Each template moved later by a fourth of a sample, none to three times, flat, shape
        ``(n_units * FRACTIONS, n_patterns * (2 half + 1))``.
    energy
        Of each of these.
    """

    shapes: Samples
    shifted: Samples = field(init=False)
    energy: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Make the shifts."""
        moved = np.stack([moved_later(self.shapes, step / FRACTIONS) for step in range(FRACTIONS)], axis=1)
        object.__setattr__(self, "shifted", np.ascontiguousarray(moved.reshape(-1, self.width)))
        object.__setattr__(self, "energy", np.maximum(np.sum(self.shifted.astype(np.float64) ** 2, axis=1), 1e-12))

    @property
    def width(self) -> int:
        """Values of a template."""
        return int(self.shapes.shape[1] * self.shapes.shape[2])

    @property
    def half(self) -> int:
        """Samples of a template to either side of its middle."""
        return int(self.shapes.shape[2] // 2)


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """Discharges that explain a window.

    ``place`` in samples of the window with a fraction, ``unit`` from 0, ``size`` as a multiple of the template,
    ``gain`` the energy each takes out, all of shape ``(n,)``; ``left`` what remains of the window.
    """

    place: FloatArray
    unit: IntArray
    size: FloatArray
    gain: FloatArray
    left: Samples

    @classmethod
    def none(cls, window: Samples) -> "Match":
        """Return that nothing explains a window."""
        none = np.empty(0)
        return cls(place=none, unit=none.astype(np.int64), size=none, gain=none, left=window)


def moved_later(shapes: Samples, by: float) -> Samples:
    """Return shapes moved later by a fraction of a sample along the last axis."""
    if by == 0:
        return shapes
    n_samples = shapes.shape[-1]
    pad = 8  # what leaves at one end must not come in at the other
    turn = np.exp(-2j * np.pi * by * np.fft.rfftfreq(n_samples + 2 * pad))
    wide = widened(shapes, pad)
    back = np.fft.irfft(np.fft.rfft(wide, axis=-1) * turn, n_samples + 2 * pad, axis=-1)
    return np.asarray(back[..., pad:-pad], dtype=np.float32)


def widened(shapes: Samples, by: int) -> Samples:
    """Return shapes with so many zeros on both sides of the last axis."""
    wide = np.zeros((*shapes.shape[:-1], shapes.shape[-1] + 2 * by), dtype=shapes.dtype)
    wide[..., by : by + shapes.shape[-1]] = shapes
    return wide


def without_noise(mean: Samples, count: float) -> Samples:
    """Return the mean of ``count`` potentials with its noise shrunk: what stands out of it less is kept less.

    The gain is that of Wiener's filter, with the power of each pattern near each sample less that of the noise.
    """
    power = uniform_filter1d(mean.astype(np.float64) ** 2, _SMOOTHED, axis=-1, mode="nearest")
    gain = np.maximum(1 - 1 / (count * np.maximum(power, 1e-12)), 0.0)
    return np.asarray(mean * gain, dtype=np.float32)


def surroundings(window: Samples, half: int) -> Samples:
    """Return what lies around each sample of a window, flat, shape ``(n, n_patterns * (2 half + 1))``."""
    wide = widened(window, half)
    views = np.lib.stride_tricks.sliding_window_view(wide, 2 * half + 1, axis=1)
    return np.ascontiguousarray(views.transpose(1, 0, 2)).reshape(window.shape[1], -1)


def explain(window: Samples, bank: Bank) -> Match:
    """Explain a window of shape ``(n_patterns, n)`` by discharges: the greatest first, then all sizes together.

    Where that leaves too much, others than the greatest are tried as the first: two that overlap may look most like a
    third.
    """
    if len(bank.shapes) == 0:
        return Match.none(window)
    match = _matched(window, bank, _greedily(window, bank, []))
    if match.place.size == 0 or is_explained(match):
        return match
    views = surroundings(window, bank.half)
    gain = _gain(views, bank, np.arange(len(bank.shifted)))
    best = gain.max(axis=0).reshape(-1, FRACTIONS)
    for unit in np.argsort(-best.max(axis=1))[:_FIRSTS].tolist():
        if best[unit].max() < LEAST_GAIN:
            break
        row = unit * FRACTIONS + int(best[unit].argmax())
        other = _matched(window, bank, _greedily(window, bank, [(row, int(gain[:, row].argmax()))]))
        if cost(other) < cost(match):
            match = other
    return match


def is_close(left: Samples, gain: float) -> bool:
    """Tell whether what is left is no more than what potentials of one unit differ by, and noise."""
    over = float(np.sum(left.astype(np.float64) ** 2)) - left.size
    return bool(over <= LEFT_SHARE * gain + DEVIATIONS * np.sqrt(2.0 * left.size))


def is_explained(match: Match) -> bool:
    """Tell whether a window is explained as closely as the potentials of one unit are alike."""
    return is_close(match.left, float(np.sum(match.gain)))


def cost(match: Match) -> float:
    """Return the energy that is left, and the least that each discharge must take out to be one."""
    return float(np.sum(match.left.astype(np.float64) ** 2) + np.sum(np.maximum(LEAST_GAIN, _LEAST_SHARE * match.gain)))


def _greedily(window: Samples, bank: Bank, first: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return rows of the bank and their places, the one that takes out most first."""
    found = first
    for _ in range(_MOST * -(-window.shape[1] // _MOST_IN)):
        left = window - _sum_of(window.shape[1], bank, found, _sizes(window, bank, found))
        best = _best(left, bank, _least(window - left, bank), found)
        if best is None:
            break
        found = _settled(window, bank, [*found, best])
    return found


def _matched(window: Samples, bank: Bank, found: list[tuple[int, int]]) -> Match:
    sizes = _sizes(window, bank, found)
    rows = np.array([row for row, _ in found], dtype=np.int64)
    return Match(
        place=np.array([at for _, at in found], dtype=np.float64) + rows % FRACTIONS / FRACTIONS,
        unit=rows // FRACTIONS,
        size=sizes,
        gain=sizes**2 * bank.energy[rows],
        left=window - _sum_of(window.shape[1], bank, found, sizes),
    )


def _settled(window: Samples, bank: Bank, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Look for each discharge anew beside all others: the first was found where the others were still there."""
    if len(found) == 1:
        return found
    for number in range(len(found)):
        others = found[:number] + found[number + 1 :]
        taken = _sum_of(window.shape[1], bank, others, _sizes(window, bank, others))
        again = _best(window - taken, bank, _least(taken, bank), others)
        found[number] = found[number] if again is None else again
    return found


def _least(taken: Samples, bank: Bank) -> FloatArray:
    """Return the least gain at each place: a share of what is explained within a template's length of it."""
    near = np.convolve(np.sum(taken.astype(np.float64) ** 2, axis=0), np.ones(2 * bank.half + 1))
    return np.asarray(np.maximum(LEAST_GAIN, _LEAST_SHARE * near[bank.half : bank.half + taken.shape[1]]))


def _best(left: Samples, bank: Bank, least: FloatArray, found: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the row of the bank and the place that take most energy out of what is left, where it is enough."""
    views = surroundings(left, bank.half)
    gain = _gain(views, bank, np.arange(0, len(bank.shifted), FRACTIONS))
    for row, taken in found:
        gain[max(taken - _REFRACTORY, 0) : taken + _REFRACTORY + 1, row // FRACTIONS] = 0.0
    gain[gain < least[:, None]] = 0.0
    at, unit = np.unravel_index(int(np.argmax(gain)), gain.shape)
    if gain[at, unit] == 0:
        return None
    first = max(int(at) - 1, 0)
    rows = int(unit) * FRACTIONS + np.arange(FRACTIONS)
    near = _gain(views[first : int(at) + 2], bank, rows)
    late, fraction = np.unravel_index(int(np.argmax(near)), near.shape)
    return int(rows[fraction]), first + int(late)


def _gain(views: Samples, bank: Bank, rows: IntArray) -> FloatArray:
    """Return the energy that some rows of the bank take out at each place, shape ``(n_places, n_rows)``."""
    correlation = views @ bank.shifted[rows].T
    size = np.clip(correlation / bank.energy[rows], 0.0, SIZES[1])
    gain = 2 * size * correlation - size**2 * bank.energy[rows]
    gain[size < SIZES[0]] = 0.0
    return np.asarray(gain, dtype=np.float64)


def _columns(n_samples: int, bank: Bank, found: list[tuple[int, int]]) -> Samples:
    """Return each discharge of size 1 in a window, flat, shape ``(n_found, n_patterns * n_samples)``."""
    n_patterns, length = bank.shapes.shape[1], bank.shapes.shape[2]
    columns = np.zeros((len(found), n_patterns, n_samples + 2 * bank.half), dtype=np.float32)
    for column, (row, at) in zip(columns, found, strict=True):
        column[:, at : at + length] = bank.shifted[row].reshape(n_patterns, length)
    return columns[:, :, bank.half : bank.half + n_samples].reshape(len(found), -1)


def _sizes(window: Samples, bank: Bank, found: list[tuple[int, int]]) -> FloatArray:
    """Return the sizes that together leave least of a window, kept within what a unit's potentials vary by."""
    if not found:
        return np.empty(0)
    columns = _columns(window.shape[1], bank, found).astype(np.float64)
    gram = columns @ columns.T
    ridge = 1e-3 * np.trace(gram) / len(found)  # two discharges of one shape at one place have no sizes of their own
    sizes = np.linalg.solve(gram + ridge * np.eye(len(found)), columns @ window.ravel().astype(np.float64))
    return np.asarray(np.clip(sizes, *SIZES), dtype=np.float64)


def _sum_of(n_samples: int, bank: Bank, found: list[tuple[int, int]], sizes: FloatArray) -> Samples:
    n_patterns = bank.shapes.shape[1]
    if not found:
        return np.zeros((n_patterns, n_samples), dtype=np.float32)
    total = sizes.astype(np.float32) @ _columns(n_samples, bank, found)
    return np.asarray(total.reshape(n_patterns, n_samples), dtype=np.float32)
