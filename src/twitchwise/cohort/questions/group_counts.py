"""Rates of groups and their ratios from counts, also where a group has no event at all."""

from dataclasses import dataclass

import numpy as np

from twitchwise.cohort.questions.count_model import Counts, FittedCounts, fit_counts
from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.group_design import Design
from twitchwise.cohort.questions.rates import compare_rates
from twitchwise.cohort.questions.robust import Contrast, contrast
from twitchwise.vocabulary.arrays import FloatArray

_FARTHEST = 20.0  # logarithm of a rate or ratio beyond which a covariate has separated the counts
_TAIL = 0.025
_TINY = 1e-9
_OPEN = Estimate(value=float("nan"), low=0.0, high=float("inf"))


@dataclass(frozen=True, kw_only=True, slots=True)
class OverDispersion:
    """How much more counts differ than events at random would.

    Parameters
    ----------
    alpha
        The variance of a count is ``mean + alpha * mean ** 2``; 0 for events at random.
    p_value
        Of the test against 0 (Poisson).
    """

    alpha: Estimate
    p_value: float


@dataclass(frozen=True, kw_only=True)
class CountAnswer:
    """What counts say of groups.

    Parameters
    ----------
    levels
        Rate of each group.
    ratios, p_values
        Each group but the reference against it.
    over_dispersion
        Of all groups with events; ``None`` where there is none.
    warnings
        Sentences on groups without events and on a model that failed.
    """

    levels: tuple[Estimate, ...]
    ratios: tuple[Estimate, ...]
    p_values: tuple[float, ...]
    over_dispersion: OverDispersion | None
    warnings: tuple[str, ...]


def answer_counts(design: Design, minutes: FloatArray) -> CountAnswer:
    """Return the rates of groups and their ratios.

    Parameters
    ----------
    design
        Counts with their groups.
    minutes
        Of each count, shape ``(n,)``.
    """
    numbers = range(len(design.groups))
    seen = [one for one in numbers if float(design.values[design.group_of == one].sum()) > 0]
    model = _Model.of(design, minutes, seen) if seen else None
    if model is not None and not model.sound:
        return _failed(design)
    silent = [design.groups[one] for one in numbers if one not in seen]
    answers = [_ratio(design, minutes, model, one) for one in numbers[1:]]
    return CountAnswer(
        levels=tuple(_level(design, minutes, model, one) for one in numbers),
        ratios=tuple(ratio for ratio, _ in answers),
        p_values=tuple(p_value for _, p_value in answers),
        over_dispersion=None if model is None else OverDispersion(alpha=model.fit.alpha, p_value=model.fit.p_value),
        warnings=_silent_in_words(silent, adjusted=design.covariates.shape[1] > 0),
    )


@dataclass(frozen=True)
class _Model:
    """The model of the groups that have events."""

    design: Design
    seen: list[int]
    fit: FittedCounts

    @classmethod
    def of(cls, design: Design, minutes: FloatArray, seen: list[int]) -> "_Model":
        used = design.of_groups(seen)
        some = np.isin(design.group_of, seen)
        counts = Counts(design=used.matrix, counts=used.values, minutes=minutes[some], participants=used.participants)
        return cls(used, seen, fit_counts(counts))

    @property
    def sound(self) -> bool:
        """Whether the equations were solved by coefficients that mean something."""
        columns = self.design.matrix.shape[1]
        if int(np.linalg.matrix_rank(self.design.matrix)) < columns:
            return False
        return self.fit.converged and float(np.max(np.abs(self.fit.coefficients))) < _FARTHEST

    def contrast(self, weights: FloatArray) -> Contrast:
        """Return a combination of coefficients."""
        return contrast(self.fit.form, self.fit.coefficients, weights, skewed=True)


def _exponential(estimate: Estimate) -> Estimate:
    value, low, high = (float(np.exp(min(end, 700.0))) for end in (estimate.value, estimate.low, estimate.high))
    return Estimate(value=value, low=low, high=high)


def _level(design: Design, minutes: FloatArray, model: _Model | None, group: int) -> Estimate:
    if model is not None and group in model.seen:
        return _exponential(model.contrast(model.design.level(model.seen.index(group))).estimate)
    total, alpha = _total(design, minutes, model, group)
    events = -np.log(_TAIL) if alpha < _TINY else (_TAIL**-alpha - 1) / alpha
    return Estimate(value=0.0, low=0.0, high=float(events / total))


def _ratio(design: Design, minutes: FloatArray, model: _Model | None, group: int) -> tuple[Estimate, float]:
    """Return a ratio with its p-value: by the model where both groups have events, else exactly from their totals."""
    if model is None:
        return _OPEN, 1.0
    if group in model.seen and 0 in model.seen:
        row = model.design.level(model.seen.index(group)) - model.design.level(model.seen.index(0))
        found = model.contrast(row)
        return _exponential(found.estimate), found.p_value
    totals = [_total(design, minutes, model, one) for one in (0, group)]
    counts = [float(design.values[design.group_of == one].sum()) for one in (0, group)]
    return compare_rates((counts[0], totals[0][0]), (counts[1], totals[1][0]), alphas=(totals[0][1], totals[1][1]))


def _total(design: Design, minutes: FloatArray, model: _Model | None, group: int) -> tuple[float, float]:
    """Return the minutes of a group, and the over-dispersion of the sum of its counts."""
    rows = design.group_of == group
    of_people = np.bincount(design.participants[rows], minutes[rows])
    total = float(of_people.sum())
    return total, (0.0 if model is None else model.fit.working) * float(np.sum(of_people**2)) / total**2


def _failed(design: Design) -> CountAnswer:
    return CountAnswer(
        levels=(UNKNOWN,) * len(design.groups),
        ratios=(UNKNOWN,) * (len(design.groups) - 1),
        p_values=(float("nan"),) * (len(design.groups) - 1),
        over_dispersion=None,
        warnings=(
            (
                "The model of counts has no solution: a covariate splits the counts from the zeros, or events are too "
                "few. Leave covariates out."
            ),
        ),
    )


def _silent_in_words(silent: list[str], *, adjusted: bool) -> tuple[str, ...]:
    if not silent:
        return ()
    words = f"No event in {', '.join(silent)}: compared exactly by the sums of counts and minutes"
    return (words + (", not adjusted for covariates." if adjusted else "."),)
