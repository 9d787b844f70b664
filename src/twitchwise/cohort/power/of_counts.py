"""The plan of a study of a rate: what is known of people before it, and the answer for each length of a recording."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from twitchwise.cohort.power.effect import Effect
from twitchwise.cohort.power.plan import Row, row_of, warnings_of_rows
from twitchwise.cohort.power.population import Population
from twitchwise.cohort.power.search import power_at
from twitchwise.cohort.power.studies import CountStudy, Detector, log_ratios
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.knowledge import library
from twitchwise.vocabulary.arrays import FloatArray, IntArray

Progress = Callable[[int, int], None]

_REPEATS = 48  # counts of each person that tell how far the answer hangs on who was simulated
_REDRAWS = 200  # sets of people with which the answer is weighed again
_EXCESS = 1.25  # of false finds over alpha that is no chance of the studies drawn
_OF_PEOPLE = 22  # stream of chance


@dataclass(frozen=True, kw_only=True, eq=False)
class CountQuestion:
    """What is known of a rate before a study of it.

    Parameters
    ----------
    people, healthy
        Who takes part, and who they are compared with where they are compared with healthy people.
    effect
        The change; ``None`` where people are compared with healthy ones, who differ as they do.
    minutes
        Lengths of a recording to be looked at.
    visit_spread, detector
        As for `twitchwise.cohort.power.studies.CountStudy`.
    """

    people: Population
    healthy: Population | None = None
    effect: Effect | None = None
    minutes: Sequence[float] = (1.0, 2.0, 5.0, 10.0, 30.0)
    visit_spread: float = 0.0
    detector: Detector = field(default_factory=Detector)

    @property
    def ratio(self) -> float:
        """Rate of the second group, or at the second time, over what is simulated of its people."""
        mean = float(self.people.rates_per_min.mean())
        return 1.0 if self.effect is None else self.effect.ratio_of(mean, is_rate=True)

    @property
    def true_ratio(self) -> float:
        """Mean rate after over mean rate before, or of people over healthy ones."""
        if self.healthy is None:
            return self.ratio
        return float(self.people.rates_per_min.mean() / self.healthy.rates_per_min.mean())

    def study(self, wanted: Wanted, minutes: float) -> CountStudy:
        """Return the study with recordings of so many minutes."""
        return CountStudy(
            first=self.people if self.healthy is None else self.healthy,
            second=self.people,
            is_paired=wanted.design is Design.BEFORE_AFTER,
            ratio=self.ratio,
            minutes=minutes,
            visits=wanted.visits,
            visit_spread=self.visit_spread,
            detector=self.detector,
            alpha=wanted.alpha,
            by_logarithms=wanted.by_logarithms,
        )


def rows_of_counts(question: CountQuestion, wanted: Wanted, progress: Progress | None = None) -> tuple[Row, ...]:
    """Return the answer for each length of a recording."""
    rows = []
    for number, minutes in enumerate(question.minutes):
        study = question.study(wanted, minutes)
        chance = np.random.default_rng([wanted.seed, _OF_PEOPLE, number])
        row = row_of(study, wanted, minutes, number)
        seen = study.counts(study.first, 1.0, _everyone(study.first), chance)
        rows.append(
            replace(
                row,
                without_events=float(np.mean(seen == 0)),
                of_people=error_of_people(study, chance),
                false_positives=None if question.healthy is not None else _false_positives(study, row.needed.n, chance),
            )
        )
        if progress is not None:
            progress(number + 1, len(question.minutes))
    return tuple(rows)


def _false_positives(study: CountStudy, n: int | None, chance: np.random.Generator) -> Estimate | None:
    """Return the share of studies that find a change where there is none."""
    return None if n is None else power_at(replace(study, ratio=1.0), n, chance)[0]


def _everyone(population: Population) -> IntArray:
    who: IntArray = np.repeat(np.arange(population.n_people)[:, np.newaxis], _REPEATS, axis=1)
    return who


def error_of_people(study: CountStudy, chance: np.random.Generator) -> float:
    """Return by which share the number of participants would differ with other simulated people, as a standard error.

    The number needed goes with the variance over the square of the change. People are drawn again from those there are
    (a bootstrap), and it is weighed anew.
    """
    sides = [(study.first, 1.0), (study.second, study.ratio)]
    sets = [_sets(study.first, chance)] * 2
    if study.is_paired:
        before, after = study.visits_of(_everyone(study.first), chance)
        if study.by_logarithms:
            mean, variance = _redrawn(log_ratios(before, after), sets[0])
            return _relative_spread(variance / mean**2)
        return _of_linear(before, after, sets[0])
    if study.second is not study.first:
        sets[1] = _sets(study.second, chance)
    (mean, variance), (other, other_variance) = (
        _redrawn(study.counts(people, ratio, _everyone(people), chance), who)
        for (people, ratio), who in zip(sides, sets, strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = (variance / mean**2 + other_variance / other**2) / np.log(other / mean) ** 2
    return _relative_spread(weight)


def _of_linear(before: IntArray, after: IntArray, who: IntArray) -> float:
    """Return the relative spread of the variance of a ratio of two means over the square of its logarithm."""
    means = [one.mean(axis=1)[who].mean(axis=1)[:, np.newaxis] for one in (before, after)]
    squares = [
        (one * other).mean(axis=1)[who].mean(axis=1)[:, np.newaxis]
        for one, other in ((before, before), (after, after), (before, after))
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = squares[0] / means[0] ** 2 + squares[1] / means[1] ** 2 - 2 * squares[2] / (means[0] * means[1])
        weight = variance / np.log(means[1] / means[0]) ** 2
    return _relative_spread(weight.ravel())


def _sets(population: Population, chance: np.random.Generator) -> IntArray:
    """Return sets of people drawn from those there are, shape ``(sets, people)``."""
    sets: IntArray = chance.integers(population.n_people, size=(_REDRAWS, population.n_people))
    return sets


def _redrawn(values: FloatArray | IntArray, who: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return means and variances over sets of people, whose values have shape ``(people, repeats)``."""
    mean = values.mean(axis=1)[who].mean(axis=1)
    variance: FloatArray = (values * 1.0 * values).mean(axis=1)[who].mean(axis=1) - mean**2
    return mean, variance


def _relative_spread(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    if known.size < 2:  # noqa: PLR2004 - a spread is of two
        return math.nan
    return float((np.percentile(known, 84) - np.percentile(known, 16)) / 2 / np.median(known))


def warnings_of_counts(question: CountQuestion, rows: Sequence[Row], alpha: float) -> Iterator[str]:
    """Give a sentence on what is doubtful about a plan for a rate."""
    detector, limit = question.detector, library().value("study_false_share_limit")
    people = question.people if question.healthy is None else question.healthy
    middle, mean = float(np.median(people.rates_per_min)), float(people.rates_per_min.mean())
    false = detector.false_alarms_per_min / max(detector.rate_seen(middle), 1e-12)
    if false > limit:
        yield (
            f"In half of the {people.condition.replace('_', ' ')} people at least {100 * false:.0f} % of the counted "
            "events are false alarms: their rate is hardly above what the detector can tell."
        )
    seen = detector.rate_seen(mean * question.true_ratio) / detector.rate_seen(mean)
    if abs(math.log(seen / question.true_ratio)) > limit * abs(math.log(question.true_ratio)):
        yield f"False alarms weaken the change: a ratio of {question.true_ratio:.3g} is counted as {seen:.3g}."
    found = [row.false_positives.value for row in rows if row.false_positives is not None]
    if found and max(found) > _EXCESS * alpha:
        yield (
            f"Up to {max(found):.0%} of such studies would find a change where there is none, not {alpha:.0%}: a few "
            "people with high rates decide the ratio of all rates. For people seen twice, --analysis log-ratios does "
            "not lean on them."
        )
    yield from warnings_of_rows(rows)
