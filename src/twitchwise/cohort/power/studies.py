"""Whole studies drawn at random: who takes part, what each visit shows, and whether the analysis finds the change."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from twitchwise.cohort.power.decide import have_changed, moments, values_differ
from twitchwise.cohort.power.decide_counts import groups_differ, visits_differ
from twitchwise.cohort.power.population import Population
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

_MINUTE_S = 60.0
HALF_AN_EVENT = 0.5  # added to the counts of both visits, so that none has no logarithm


class Study(Protocol):
    """A study that can be drawn as often as wanted."""

    def found(self, n_studies: int, n: IntArray, chance: np.random.Generator) -> BoolArray:
        """Tell of each drawn study whether it finds the change with its first ``n`` participants (in each group).

        Parameters
        ----------
        n_studies
            How many studies are drawn.
        n
            Numbers of participants, each at least 2, shape ``(sizes,)``.
        chance
            Source of chance.

        Returns
        -------
        BoolArray
            Shape ``(n_studies, sizes)``.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Detector:
    """What becomes of true events before they are counted.

    Parameters
    ----------
    sensitivity
        Share of true events that are found, 0 to 1.
    false_alarms_per_min
        Events found that are none, per minute, at least 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    sensitivity: float = 1.0
    false_alarms_per_min: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no detector can be."""
        require_positive("sensitivity", self.sensitivity)
        require_within("sensitivity", self.sensitivity, 0.0, 1.0)
        require_not_negative("false_alarms_per_min", self.false_alarms_per_min)

    def seen(self, counts: IntArray, minutes: float, chance: np.random.Generator) -> IntArray:
        """Return how many events are counted where there are so many."""
        found = counts if self.sensitivity == 1 else chance.binomial(counts, self.sensitivity)
        if self.false_alarms_per_min == 0:
            return found
        seen: IntArray = found + chance.poisson(self.false_alarms_per_min * minutes, counts.shape)
        return seen

    def rate_seen(self, rate_per_min: float) -> float:
        """Return the rate that is counted where there is such a rate."""
        return self.sensitivity * rate_per_min + self.false_alarms_per_min


@dataclass(frozen=True, kw_only=True, eq=False)
class CountStudy:
    """A study of a rate: each visit of a participant gives a count.

    Parameters
    ----------
    first, second
        Who is in the first and in the second group; the same for one that gets better.
    is_paired
        Whether the second group is the first at a later time.
    ratio
        By which the rate of the second differs from what is simulated of its people.
    minutes
        Of each visit.
    visits
        Of each participant, at each time where there are two.
    visit_spread
        Standard deviation of the logarithm of a person's rate between visits.
    detector
        What finds the events.
    alpha
        Share of studies that may find a change where there is none.
    by_logarithms
        Whether people seen twice are analyzed by the t-test of the logarithms of their own ratios, in which all weigh
        alike, and not by the ratio of the rates of all.
    """

    first: Population
    second: Population
    is_paired: bool
    ratio: float
    minutes: float
    visits: int
    visit_spread: float
    detector: Detector
    alpha: float
    by_logarithms: bool = False

    def found(self, n_studies: int, n: IntArray, chance: np.random.Generator) -> BoolArray:
        """Tell of each drawn study whether it finds the change with its first ``n`` participants; see `Study`."""
        shape = (n_studies, int(n.max()))
        if not self.is_paired:
            first = self.counts(self.first, 1.0, _drawn(self.first, shape, chance), chance)
            second = self.counts(self.second, self.ratio, _drawn(self.second, shape, chance), chance)
            return groups_differ(first, second, n, self.alpha)
        before, after = self.visits_of(_drawn(self.first, shape, chance), chance)
        if self.by_logarithms:
            return have_changed(moments(log_ratios(before, after), n), self.alpha)
        return visits_differ(before, after, n, self.alpha)

    def visits_of(self, who: IntArray, chance: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return what is counted of participants before and after, at all visits of each time."""
        spread = self.first.spread_of(who, chance)
        start = chance.integers(self.first.n_seconds, size=who.shape)
        before = self._at_a_time(self.first, who, start, spread, 0, chance)
        after = self._at_a_time(self.first, who, start, spread * self.ratio, self.visits, chance)
        return before, after

    def counts(self, population: Population, ratio: float, who: IntArray, chance: np.random.Generator) -> IntArray:
        """Return what is counted of participants of a group at all their visits."""
        start = chance.integers(population.n_seconds, size=who.shape)
        return self._at_a_time(population, who, start, population.spread_of(who, chance) * ratio, 0, chance)

    def _at_a_time(
        self,
        population: Population,
        who: IntArray,
        start: IntArray,
        factor: FloatArray | float,
        first_visit: int,
        chance: np.random.Generator,
    ) -> IntArray:
        """Return the sum of a participant's counts of the visits at one time, each from another part of their hours."""
        total = np.zeros(who.shape, dtype=np.int64)
        step = population.n_seconds // (self.visits * (2 if self.is_paired else 1))
        for visit in range(first_visit, first_visit + self.visits):
            seconds = self.minutes * _MINUTE_S * factor * self._visit_factors(who.shape, chance)
            begins = (start + visit * step) % population.n_seconds
            counts = population.counts(who, begins, np.broadcast_to(seconds, who.shape), chance)
            total += self.detector.seen(counts, self.minutes, chance)
        return total

    def _visit_factors(self, shape: tuple[int, ...], chance: np.random.Generator) -> FloatArray | float:
        """Return by which factor the rates of visits differ from a person's own; 1 in the mean."""
        if self.visit_spread == 0:
            return 1.0
        logs = self.visit_spread * chance.standard_normal(shape) - self.visit_spread**2 / 2
        factors: FloatArray = np.exp(logs)
        return factors


def log_ratios(before: IntArray, after: IntArray) -> FloatArray:
    """Return the logarithms of the ratios of two counts, each with half an event more."""
    ratios: FloatArray = np.log((after + HALF_AN_EVENT) / (before + HALF_AN_EVENT))
    return ratios


def _drawn(population: Population, shape: tuple[int, ...], chance: np.random.Generator) -> IntArray:
    """Return which people take part."""
    who: IntArray = chance.integers(population.n_people, size=shape)
    return who


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueStudy:
    """A study of a quantity that is a number of each visit, normally distributed.

    Parameters
    ----------
    is_paired
        Whether each participant is seen before and after; two groups otherwise.
    difference
        The change.
    between, within
        Standard deviation between participants, and of one participant between visits.
    visits, alpha
        As for `CountStudy`.
    """

    is_paired: bool
    difference: float
    between: float
    within: float
    visits: int
    alpha: float

    def found(self, n_studies: int, n: IntArray, chance: np.random.Generator) -> BoolArray:
        """Tell of each drawn study whether it finds the change with its first ``n`` participants; see `Study`."""
        shape = (n_studies, int(n.max()))
        if self.is_paired:
            spread = self.within * math.sqrt(2 / self.visits)
            return have_changed(moments(self.difference + spread * chance.standard_normal(shape), n), self.alpha)
        spread = math.hypot(self.between, self.within / math.sqrt(self.visits))
        first = moments(spread * chance.standard_normal(shape), n)
        second = moments(self.difference + spread * chance.standard_normal(shape), n)
        return values_differ(first, second, self.alpha)
