"""Two motor units with one source, parted where all other units are taken out.

What is left at the discharges of one unit is noise, and what shifts of a part of a sample leave of its mean potential.
At those of two units that were taken for one it is also the difference of each from their mean: one direction in which
discharges vary more than other moments do. That the two are two is shown by a filter that finds one of them where both
are, and by their times: two units now and then discharge within the time in which one cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.peeling import Potentials, again, made_of
from twitchwise.measure.emg.decompose.refine import Candidate, refined
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.emg.decompose.trains import alike, common, split
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# More discharges than this tell two kinds apart no better.
_MOST = 400
# A potential that comes so many samples earlier or later is the same; the filters see steps of one.
_JITTER = 3
# Discharges are held against as many other moments, so many windows before and after them.
_ELSEWHERE = (-1.0, 1.0, 1.5)
# Rounds in which the groups settle, and in which two trains do, each without the other.
_STEPS, _ROUNDS = 20, 2
# By less than this a silhouette rises in a round.
_RISE = 0.1
# Two trains that meet this much more seldom than two units would by chance are one unit that changes its shape.
_CHANCE = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Alone:
    """One unit where all others are taken out.

    Parameters
    ----------
    rest
        Extension of the samples without any unit.
    potentials, number
        What was taken out, and which of it is the unit's.
    train
        Discharges at which it was.
    """

    rest: Extension
    potentials: Potentials
    number: int
    train: IntArray

    def view(self) -> Extension:
        """Return the extension of the samples with this unit alone."""
        samples = self.rest.samples.copy()
        self.potentials.add(samples, self.number, self.train, sign=1.0)
        return self.rest.with_added(self.potentials.waves[self.number], self.train, samples)


def two_of(unit: Alone, lengths: Lengths, settings: DecomposeSettings) -> list[Candidate]:
    """Return the two units that were taken for one, as they stand beside each other, or nothing where it is one."""
    inside = unit.train[(unit.train >= 0) & (unit.train < unit.rest.last)]
    least = round(settings.discharges_least)
    groups = _kinds(unit, inside, lengths) if inside.size >= 2 * least else []
    if min((group.size for group in groups), default=0) < least:
        return []
    view = unit.view()
    two = _apart(unit.rest, view, _one_and_rest(view, inside, groups, lengths), lengths, settings)
    if not two or not _are_two(two, inside, lengths, settings):
        return []
    beside = [made_of(view, one.split.discharges, lengths.apart) for one in two]
    return beside if _are_two(beside, inside, lengths, settings) else []


def _apart(
    rest: Extension, view: Extension, trains: list[IntArray], lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Return two units as they settle, each where the other is taken out, or nothing where one does not stand apart."""
    two = list[Candidate]()
    for left in reversed(range(_ROUNDS)):
        if min(train.size for train in trains) < settings.discharges_least:
            return []
        two = _settled(rest, view, trains, lengths)
        if min(one.silhouette for one in two) < settings.silhouette_least - left * _RISE:
            return []
        trains = [one.split.discharges for one in two]
    return two


def _kinds(unit: Alone, train: IntArray, lengths: Lengths) -> list[IntArray]:
    """Return the two groups that discharges fall into, or nothing where they vary no more than other moments do."""
    some = train[:: max(1, -(-train.size // _MOST))]
    shifts = _shifts(unit, lengths)
    window = unit.rest.n_delays + lengths.before + lengths.after
    products = _products(unit.rest, some, shifts)
    power, directions = np.linalg.eigh(products)
    for share in _ELSEWHERE:
        other = (some + round(share * window)) % unit.rest.last
        if power[-1] <= np.linalg.eigvalsh(_products(unit.rest, other, shifts))[-1]:
            return []
    along = directions[:, -1]
    first = split(np.arange(some.size), along - along.min()).is_discharge
    chosen = _grouped(products, first)
    return [some[chosen], some[~chosen]]


def _shifts(unit: Alone, lengths: Lengths) -> Samples:
    """Return the unit's potential under small shifts as extended columns, shape ``(n_directions, n_shifts)``."""
    margin = unit.rest.n_delays + _JITTER
    wave = np.pad(unit.potentials.waves[unit.number], ((0, 0), (margin, margin)))
    at = lengths.before + margin + np.arange(-_JITTER, _JITTER + 1)
    return Extension(samples=wave, n_delays=unit.rest.n_delays, inverse=unit.rest.inverse).columns(at)


def _products(rest: Extension, places: IntArray, shifts: Samples) -> FloatArray:
    """Return products of what is left at some places, each of length one, without what shifts of the unit leave."""
    columns = rest.columns(places)
    columns -= columns.mean(axis=1, keepdims=True)
    solved = rest.decorrelated(columns)
    across = (shifts.T @ solved).astype(np.float64)
    among = (shifts.T @ rest.decorrelated(shifts)).astype(np.float64)
    products = (columns.T @ solved).astype(np.float64) - across.T @ np.linalg.pinv(among, hermitian=True) @ across
    length = np.sqrt(np.maximum(np.diag(products), np.finfo(np.float64).tiny))
    return np.asarray(products / length[:, None] / length, dtype=np.float64)


def _grouped(products: FloatArray, first: BoolArray) -> BoolArray:
    """Return two groups of which each discharge is in the one whose others it is more like."""
    chosen = first
    for _ in range(_STEPS):
        if min(chosen.sum(), (~chosen).sum()) < 2:  # noqa: PLR2004 - one has no others
            return first
        again_chosen = _likeness(products, chosen) > _likeness(products, ~chosen)
        if (again_chosen == chosen).all():
            break
        chosen = again_chosen
    return chosen


def _likeness(products: FloatArray, group: BoolArray) -> FloatArray:
    """Return how much each is like the mean of a group's others: its product with it less half the mean's own."""
    own = np.diag(products) * group
    count = group.sum() - group
    with_mean = (products[:, group].sum(axis=1) - own) / count
    squared = (products[np.ix_(group, group)].sum() - 2 * products[:, group].sum(axis=1) * group + own) / count**2
    return np.asarray(with_mean - squared / 2, dtype=np.float64)


def _one_and_rest(view: Extension, train: IntArray, groups: Sequence[IntArray], lengths: Lengths) -> list[IntArray]:
    """Return the train of the group that stands apart best where both are, and the discharges that are not of it."""
    best = max(refined(view, list(groups), lengths.apart), key=lambda one: one.silhouette, default=None)
    if best is None or best.split.discharges.size == 0:
        return [train[:0], train]
    own = best.split.discharges
    return [own, train[np.abs(train[:, None] - own).min(axis=1) >= lengths.apart]]


def _settled(rest: Extension, view: Extension, trains: list[IntArray], lengths: Lengths) -> list[Candidate]:
    """Return two units, each as it stands where the other is taken out."""
    potentials = Potentials.of(view.samples, trains, before=lengths.before, after=lengths.after)
    left = Extension(samples=potentials.rest(view.samples, trains), n_delays=rest.n_delays, inverse=rest.inverse)
    return again(left, trains, potentials, lengths.apart)


def _are_two(two: list[Candidate], of: IntArray, lengths: Lengths, settings: DecomposeSettings) -> bool:
    """Tell whether two trains are two units: parts of the train that was taken for one, that meet as two do.

    Two units come within the least interval of one as often as chance has it.
    """
    first, second = (one.split.discharges for one in two)
    if min(first.size, second.size) < settings.discharges_least:
        return False
    if not all(2 * common(train, of, lengths.within) >= train.size for train in (first, second)):
        return False
    if alike(first, second, most=lengths.most_lag, within=lengths.within, share=settings.common_share):
        return False
    span = max(int(max(first[-1], second[-1]) - min(first[0], second[0])), lengths.apart)
    meet = np.searchsorted(second, first + lengths.apart) - np.searchsorted(second, first - lengths.apart)
    expected = first.size * second.size * 2 * lengths.apart / span
    return bool(poisson.cdf(int(meet.sum()), expected) >= _CHANCE)
