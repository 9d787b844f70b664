"""How found events are held against the truth: matched one to one, counted, timed, and their units compared.

Matching is the assignment with the most matches and, among those, the least distance (Kuhn 1955,
doi:10.1002/nav.3800020109), so that no method gains by the order in which it reports.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from benchmarks.accuracy.emg.scenes import MARGIN_S, Scene, Truth, is_within
from scipy.optimize import linear_sum_assignment

from twitchwise.measure.rate_interval import poisson_interval
from twitchwise.vocabulary.arrays import FloatArray, IntArray

NOT_COUNTED = 0.5  # worth of a match with an event that need not be found, over that of one that must
CLOSENESS = 0.1  # worth of lying exactly right; below the difference between one match and none
TAILS = 0.025  # on either side of a 95 % interval


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """What a method found: when, and of which unit (0 where it does not sort), both of shape ``(n,)``."""

    time_s: FloatArray = field(default_factory=lambda: np.empty(0))
    unit: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def at(cls, time_s: FloatArray, unit: IntArray | None = None) -> "Found":
        """Return moments in order."""
        times = np.asarray(time_s, dtype=np.float64).reshape(-1)
        order = np.argsort(times, kind="stable")
        units = np.zeros(times.size, dtype=np.int64) if unit is None else np.asarray(unit, dtype=np.int64)
        return cls(time_s=times[order], unit=units[order])


def matched(found_s: FloatArray, truth: Truth, tolerance_s: float) -> IntArray:
    """Return for each found moment, ascending, the number of the true event that it stands for, or -1.

    A found moment may stand for an event if it lies no farther than the tolerance from its span.
    """
    partner = np.full(found_s.size, -1, dtype=np.int64)
    for found, true in _clusters(found_s, truth, tolerance_s):
        early = truth.start_s[true][np.newaxis] - found_s[found][:, np.newaxis]
        late = found_s[found][:, np.newaxis] - truth.end_s[true][np.newaxis]
        off = np.maximum(np.maximum(early, late), 0.0)
        from_peak = np.abs(found_s[found][:, np.newaxis] - truth.peak_s[true][np.newaxis])
        worth = np.where(truth.counted[true], 1.0, NOT_COUNTED) + CLOSENESS / (1 + from_peak / tolerance_s)
        worth = np.where(off <= tolerance_s, worth, 0.0)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        taken = worth[rows, columns] > 0
        partner[found[rows[taken]]] = true[columns[taken]]
    return partner


def _clusters(found_s: FloatArray, truth: Truth, tolerance_s: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Give found moments with the true events near them, in groups that do not touch each other."""
    spans = np.concatenate(
        [
            np.stack([truth.start_s - tolerance_s, truth.end_s + tolerance_s, np.arange(len(truth))], axis=1),
            np.stack([found_s, found_s, -1.0 - np.arange(found_s.size)], axis=1),
        ]
    )
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    begins = np.flatnonzero(np.concatenate([[True], spans[1:, 0] > reach[:-1]])) if len(spans) else np.empty(0, int)
    for group in np.split(spans[:, 2].astype(np.int64), begins[1:]):
        found, true = -1 - group[group < 0], group[group >= 0]
        if found.size and true.size:
            yield np.sort(found), np.sort(true)


@dataclass(frozen=True, kw_only=True, eq=False)
class Score:
    """Counts over scenes.

    Parameters
    ----------
    true, found, hits
        Events that must be found, found ones without those that are forgiven, and those that stand for such events.
    hours
        True rest.
    errors_s
        Found less true time of hits that can be timed.
    n_sorted, n_pure
        Found events that were sorted into units, and those of them that belong to the true unit that their unit has
        most of.
    n_true_sorted, n_complete
        True events of methods that sort, and those of them that lie in the found unit that holds most of their unit.
    """

    true: int = 0
    found: int = 0
    hits: int = 0
    hours: float = 0.0
    errors_s: FloatArray = field(default_factory=lambda: np.empty(0))
    n_sorted: int = 0
    n_pure: int = 0
    n_true_sorted: int = 0
    n_complete: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            true=self.true + other.true,
            found=self.found + other.found,
            hits=self.hits + other.hits,
            hours=self.hours + other.hours,
            errors_s=np.concatenate([self.errors_s, other.errors_s]),
            n_sorted=self.n_sorted + other.n_sorted,
            n_pure=self.n_pure + other.n_pure,
            n_true_sorted=self.n_true_sorted + other.n_true_sorted,
            n_complete=self.n_complete + other.n_complete,
        )

    @property
    def sensitivity(self) -> float:
        """Share of true events that were found, NaN if there were none."""
        return self.hits / self.true if self.true else np.nan

    @property
    def precision(self) -> float:
        """Share of found events that are true, NaN if none was found."""
        return self.hits / self.found if self.found else np.nan

    @property
    def false_alarms(self) -> int:
        """Found events that are not true."""
        return self.found - self.hits

    @property
    def false_per_hour(self) -> float:
        """False alarms per hour of true rest."""
        return self.false_alarms / self.hours if self.hours else np.nan

    @property
    def false_per_hour_interval(self) -> tuple[float, float]:
        """Exact central 95 % Poisson interval of the false alarms per hour (Garwood 1936)."""
        low, high = poisson_interval(self.false_alarms)
        return low / self.hours, high / self.hours

    @property
    def count_bias(self) -> float:
        """Found over true events, less 1."""
        return self.found / self.true - 1 if self.true else np.nan

    @property
    def purity(self) -> float:
        """Share of sorted events that belong where most of their unit belong, NaN if none was sorted."""
        return self.n_pure / self.n_sorted if self.n_sorted else np.nan

    @property
    def completeness(self) -> float:
        """Share of true events that lie in the found unit with most of their unit, NaN if none was sorted."""
        return self.n_complete / self.n_true_sorted if self.n_sorted else np.nan

    def timing_s(self, share: float) -> float:
        """Return a quantile of the size of timing errors, NaN if none can be timed."""
        return float(np.quantile(np.abs(self.errors_s), share)) if self.errors_s.size else np.nan


def scored(found: Found, scene: Scene, *, forgiven_in_activity: bool = False, per_unit_offset: bool = False) -> Score:
    """Hold what was found against the truth of a scene.

    Parameters
    ----------
    found, scene
        What was found where.
    forgiven_in_activity
        Whether events in activity count neither way: for methods that look for contractions, which are right there.
    per_unit_offset
        Whether each found unit may lie off by one constant of its own: an author may mark another phase of a shape.
    """
    times = found.time_s
    partner = matched(times, scene.truth, scene.tolerance_s)
    if per_unit_offset:
        times = _aligned(found, scene)
        order = np.argsort(times, kind="stable")
        partner[order] = matched(times[order], scene.truth, scene.tolerance_s)
    is_matched = partner >= 0
    is_hit = is_matched & scene.truth.counted[partner] if len(scene.truth) else is_matched
    ignored = is_matched & ~is_hit
    if forgiven_in_activity:
        ignored |= ~is_hit & is_within(times, scene.truth.active, MARGIN_S)
    timed = is_hit & scene.truth.is_single[partner] if len(scene.truth) else is_hit
    score = Score(
        true=int(scene.truth.counted.sum()),
        found=int((~ignored).sum()),
        hits=int(is_hit.sum()),
        hours=scene.rest_s / 3600,
        errors_s=times[timed] - scene.truth.peak_s[partner[timed]],
    )
    return score + _sorting(found, partner, ~ignored, scene.truth)


def _aligned(found: Found, scene: Scene) -> FloatArray:
    """Return found times with the median error of each unit taken off, matched within three tolerances first."""
    times = found.time_s.copy()
    wide = matched(times, scene.truth, 3 * scene.tolerance_s)
    for unit in np.unique(found.unit):
        mine = (found.unit == unit) & (wide >= 0)
        if mine.any():
            times[found.unit == unit] -= np.median(found.time_s[mine] - scene.truth.peak_s[wide[mine]])
    return times


def _sorting(found: Found, partner: IntArray, kept: "np.typing.NDArray[np.bool_]", truth: Truth) -> Score:
    """Count purity and completeness; nothing where a method does not sort or there is one unit only."""
    in_unit = kept & (found.unit > 0)
    if not in_unit.any() or np.unique(truth.unit[truth.counted]).size < 2:
        return Score()
    hit = in_unit & (partner >= 0)
    pairs = np.zeros((found.unit.max() + 1, truth.unit.max() + 1), dtype=np.int64)
    np.add.at(pairs, (found.unit[hit], truth.unit[partner[hit]]), 1)
    return Score(
        n_sorted=int(in_unit.sum()),
        n_pure=int(pairs.max(axis=1).sum()),
        n_true_sorted=int(truth.counted.sum()),
        n_complete=int(pairs.max(axis=0).sum()),
    )


def total(scores: Iterable[Score]) -> Score:
    """Return the sum of scores."""
    return reduce(lambda one, other: one + other, scores, Score())
