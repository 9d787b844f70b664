"""Potentials of a grid sorted into units by their shape over channels and time, overlapping ones taken apart.

On a grid with whitened noise a potential stands so far out that its unit is rarely in doubt: windows that look alike
become a template, and windows that look like none are explained by several.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.candidates import AROUND_S, SUM_S, Candidates
from twitchwise.measure.emg.grid.learning import bank_of, learned
from twitchwise.measure.emg.grid.overlaps import taken_apart
from twitchwise.measure.emg.grid.segments import put_together
from twitchwise.measure.emg.grid.settings import grid_settings
from twitchwise.measure.emg.grid.templates import DEVIATIONS, LEAST_GAIN, Bank, Match, explain
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Half the length of a template: whitened potentials are over by then.
HALF_S = 0.03
# What stands out of an explained window by such a share of what was explained is a potential of no unit.
_UNEXPLAINED_SHARE = 0.1
# Within a template's length of a discharge this share is asked: a template misses parts of its own potentials.
_BESIDE_SHARE = 0.4
# Segments that templates are learned from, spread evenly.
_LEARN = 600


Row = tuple[float, float, float, float]
"""Time, unit, gain and number of the candidate of a discharge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GridDischarges:
    """Discharges found among the candidates of a grid, in order of time.

    Parameters
    ----------
    window
        Place of the candidate that each lies nearest to, shape ``(n,)``.
    time_s
        Where the template's middle lies, shape ``(n,)``.
    unit
        Number of the unit from 1, or 0 where the shape came only once, shape ``(n,)``.
    gain
        Energy that it takes out, in variances of noise, shape ``(n,)``.
    overlapped
        Whether there is another one so close that the window holds part of both, shape ``(n,)``.
    """

    window: IntArray
    time_s: FloatArray
    unit: IntArray
    gain: FloatArray
    overlapped: BoolArray


def sort_candidates(found: Candidates, is_sure: BoolArray, n_patterns: int, rate_hz: float) -> GridDischarges:
    """Sort the candidates of a grid into units.

    Parameters
    ----------
    found
        Potentials with their windows.
    is_sure
        Which are no noise even if they look like no unit, shape ``(n,)``.
    n_patterns
        Patterns of the grid; windows that were kept before some of them were known have zeros there.
    rate_hz
        Rate of the windows.
    """
    segments = put_together(found.windows, found.window_s, n_patterns, rate_hz)
    windows = list(segments.samples)
    matches = (
        _explained(windows, rate_hz) if n_patterns and is_sure.any() else [Match.none(window) for window in windows]
    )
    bounds = np.searchsorted(segments.owner, np.arange(len(segments.samples) + 1))
    rows = list[Row]()
    for match, start_s, (first, stop) in zip(
        matches, segments.start_s.tolist(), pairwise(bounds.tolist()), strict=True
    ):
        mine = np.arange(first, stop)
        segment = _Segment(
            match=match,
            start_s=start_s,
            rate_hz=rate_hz,
            number=mine,
            peak_s=found.peak_s[mine],
            window_s=found.window_s[mine],
            is_sure=is_sure[mine],
        )
        rows += [*segment.of_units(), *segment.of_no_unit()]
    table = np.array(sorted(rows), dtype=np.float64).reshape(-1, 4)
    gap = np.diff(table[:, 0], prepend=-np.inf, append=np.inf)
    near = AROUND_S + HALF_S
    return GridDischarges(
        window=table[:, 3].astype(np.int64),
        time_s=table[:, 0],
        unit=table[:, 1].astype(np.int64),
        gain=table[:, 2],
        overlapped=(gap[:-1] < near) | (gap[1:] < near),
    )


def _explained(windows: list[Samples], rate_hz: float) -> list[Match]:
    """Explain windows by templates learned from them, and by others where those leave several of two potentials."""
    half = round(HALF_S * rate_hz)
    templates = learned(windows[:: max(1, -(-len(windows) // _LEARN))], half)
    bank = bank_of(templates) if templates else Bank(shapes=np.zeros((0, len(windows[0]), 2 * half + 1), np.float32))
    return taken_apart(windows, [explain(window, bank) for window in windows], bank, rate_hz)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Segment:
    """A segment that was explained, with number, peak and window of the candidates that it was put together from."""

    match: Match
    start_s: float
    rate_hz: float
    number: IntArray
    peak_s: FloatArray
    window_s: FloatArray
    is_sure: BoolArray

    @property
    def time_s(self) -> FloatArray:
        """Times of the discharges, shape ``(n,)``."""
        return np.asarray(self.start_s + self.match.place / self.rate_hz, dtype=np.float64)

    def nearest(self) -> IntArray:
        """Return for each discharge the place of the candidate whose peak is nearest, shape ``(n,)``."""
        return np.asarray(np.abs(self.time_s[:, None] - self.peak_s).argmin(axis=1), dtype=np.int64)

    def of_units(self) -> Iterator[Row]:
        """Give the discharges of known units; where no candidate is sure, those that their shape shows."""
        match = self.match
        for which, near in enumerate(self.nearest().tolist()):
            if self.is_sure[near] or self._is_shown(which):
                unit, gain = float(match.unit[which]) + 1.0, float(match.gain[which])
                yield float(self.time_s[which]), unit, gain, float(self.number[near])

    def _is_shown(self, which: int) -> bool:
        """Tell whether a discharge is sure by its shape alone: it takes out much, and more than it leaves around it."""
        half, at = round(HALF_S * self.rate_hz), int(self.match.place[which])
        least = grid_settings().shape_deviations ** 2  # of a matched filter, whose squared deviations are its gain
        around = self.match.left[:, max(at - half, 0) : at + half]
        return bool(self.match.gain[which] >= max(least, _over(around)))

    def of_no_unit(self) -> Iterator[Row]:
        """Give what stands out of the rest near sure candidates, unless it is what a template misses of its own."""
        nearest, gain = self.nearest(), self.match.gain
        for place in np.flatnonzero(self.is_sure).tolist():
            left, at_s = self._left_near(place)
            near = np.abs(self.time_s - at_s) < HALF_S
            shares = _UNEXPLAINED_SHARE * gain[nearest == place].sum(), _BESIDE_SHARE * gain[near].sum()
            limit = max(LEAST_GAIN + DEVIATIONS * np.sqrt(2.0 * left.size), *shares)
            if _over(left) > limit or not (near.any() or (nearest == place).any()):
                yield at_s, 0.0, max(_over(left), 0.0), float(self.number[place])

    def _left_near(self, place: int) -> tuple[Samples, float]:
        """Return what is left of the window of a candidate, and when that is greatest."""
        first = max(0, round((self.window_s[place] - self.start_s) * self.rate_hz))
        after = round((self.peak_s[place] - self.start_s + AROUND_S) * self.rate_hz)
        left = self.match.left[:, first : max(after, first + 1)]
        width = min(round(SUM_S * self.rate_hz) | 1, left.shape[1])
        power = np.convolve(np.sum(left**2, axis=0), np.ones(width), mode="same")
        return left, self.start_s + (first + int(power.argmax())) / self.rate_hz


def _over(left: Samples) -> float:
    """Return the energy beyond that of noise."""
    return float(np.sum(left.astype(np.float64) ** 2)) - left.size
