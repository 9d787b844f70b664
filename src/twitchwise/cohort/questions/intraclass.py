"""Intraclass correlations of repeated values, with their 95 % intervals.

The forms are those of Shrout and Fleiss 1979, https://doi.org/10.1037/0033-2909.86.2.420, named and with the
intervals from F distributions of McGraw and Wong 1996, https://doi.org/10.1037/1082-989X.1.1.30 (abstracts read,
formulas as programs that cite them have them). Where visits are missing, the same ratios come from restricted maximum
likelihood, which gives the same values for complete data, and the same intervals stand with the harmonic mean of the
visits of a participant, as Thomas and Hultquist (1978, https://doi.org/10.1214/aos/1176344202, abstract read) do for
one way. In our simulations of 12 to 25 participants with a fifth of the visits missing they held the truth in 93 to
96 of 100 studies, and redrawing participants (bootstrap) in 87 to 92.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.reml import Fitted, fit
from twitchwise.vocabulary.arrays import FloatArray

_HIGH = 0.975
_NOTHING = 1e-12
MEANINGS = {
    "ICC(1,1)": "agreement of single values, visits without order",
    "ICC(A,1)": "agreement of single values, shifts between visits count",
    "ICC(C,1)": "consistency of single values, shifts between visits do not count",
    "ICC(1,k)": "agreement of means of all visits, visits without order",
    "ICC(A,k)": "agreement of means of all visits, shifts between visits count",
    "ICC(C,k)": "consistency of means of all visits, shifts between visits do not count",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Intraclass:
    """One form of the intraclass correlation.

    Parameters
    ----------
    form
        ``ICC(1,1)``, ``ICC(A,1)``, ``ICC(C,1)``, or the mean of the visits: ``ICC(1,k)``, ``ICC(A,k)``, ``ICC(C,k)``.
    meaning
        What it says, in one sentence.
    correlation
        Its value with interval.
    """

    form: str
    meaning: str
    correlation: Estimate


class Squares(NamedTuple):
    """Mean squares of complete data: between participants, between visits, of error, and within participants."""

    n: int
    k: float
    participants: float
    visits: float
    error: float
    within: float


def squares_of(table: FloatArray) -> Squares:
    """Return the mean squares of a complete table, participants by visits, at least two of each."""
    n, k = table.shape
    centered = table - table.mean()
    rows, columns = centered.mean(axis=1), centered.mean(axis=0)
    error = centered - rows[:, np.newaxis] - columns
    return Squares(
        n=n,
        k=k,
        participants=k * float(rows @ rows) / (n - 1),
        visits=n * float(columns @ columns) / (k - 1),
        error=float(np.sum(error**2)) / ((n - 1) * (k - 1)),
        within=float(np.sum((centered - rows[:, np.newaxis]) ** 2)) / (n * (k - 1)),
    )


def of_complete(table: FloatArray) -> tuple[Intraclass, ...]:
    """Return the six forms of a complete table of shape ``(participants, visits)``."""
    squares = squares_of(table)
    one_way = _from_ratio(squares.participants, squares.within, squares.n - 1, table.size - squares.n, squares.k)
    freedom = (squares.n - 1) * (table.shape[1] - 1)
    consistent = _from_ratio(squares.participants, squares.error, squares.n - 1, freedom, squares.k)
    return forms_of(one_way, _agreement(squares), consistent, table.shape[1])


def forms_of(one_way: Estimate, agreeing: Estimate, consistent: Estimate, k: int) -> tuple[Intraclass, ...]:
    """Return the forms for single values and, stepped up by Spearman and Brown, for means of ``k`` visits."""
    singles = {"ICC(1,1)": one_way, "ICC(A,1)": agreeing, "ICC(C,1)": consistent}
    means = {name.replace("1)", "k)"): _of_mean(one, k) for name, one in singles.items()}
    return tuple(
        Intraclass(form=name, meaning=MEANINGS[name], correlation=one) for name, one in {**singles, **means}.items()
    )


def _of_mean(single: Estimate, k: int) -> Estimate:
    value, low, high = (_stepped_up(end, k) for end in (single.value, single.low, single.high))
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def _stepped_up(single: float, k: int) -> float:
    """Return the correlation of means of ``k``; minus infinity where the means of participants are all the same."""
    below = 1 + (k - 1) * single
    return k * single / below if abs(below) > _NOTHING else -np.inf


def _from_ratio(between: float, within: float, freedom: int, freedom_within: int, k: float) -> Estimate:
    """Return ``(between - within) / (between + (k - 1) within)`` with the interval of the ratio of mean squares."""
    if between <= 0 and within <= 0:
        return UNKNOWN
    if within <= 0:
        return Estimate(value=1.0, low=1.0, high=1.0)
    ratio = between / within
    low = ratio / float(stats.f.ppf(_HIGH, freedom, freedom_within))
    high = ratio * float(stats.f.ppf(_HIGH, freedom_within, freedom))
    value, least, most = ((one - 1) / (one + k - 1) for one in (ratio, low, high))
    return Estimate(value=value, low=least, high=most)


def _agreement(squares: Squares) -> Estimate:
    """Return ICC(A,1) with McGraw and Wong's interval, whose degrees of freedom are Satterthwaite's."""
    n, k, between, visits, error, _ = squares
    rest = k * (visits - error) / n + (k - 1) * error
    if between + rest <= 0 or max(between, visits, error) <= 0:
        return UNKNOWN
    value = (between - error) / (between + rest)
    if error <= 0 and visits <= 0:
        return Estimate(value=value, low=value, high=value)
    a = k * value / (n * (1 - value)) if value < 1 else 0.0
    b = 1 + k * value * (n - 1) / (n * (1 - value)) if value < 1 else 1.0
    parts = (a * visits) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * visits + b * error) ** 2 / parts if parts > 0 else float((n - 1) * (k - 1))
    lower, upper = float(stats.f.ppf(_HIGH, n - 1, freedom)), float(stats.f.ppf(_HIGH, freedom, n - 1))
    spread = k * visits + (k * n - k - n) * error
    low = n * (between - lower * error) / (lower * spread + n * between)
    high = n * (upper * between - error) / (spread + n * upper * between)
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def of_incomplete(table: FloatArray) -> tuple[Intraclass, ...]:
    """Return the six forms of a table of shape ``(participants, visits)`` in which values are missing (``nan``)."""
    n, k = table.shape
    people, visits = np.nonzero(np.isfinite(table))
    values = table[people, visits]
    typical = 1 / float(np.mean(1 / np.bincount(people)))
    one_way = fit(np.ones((values.size, 1)), values, people)
    by_visit = fit(np.eye(k)[visits], values, people)
    free, free_by_visit = values.size - n, values.size - n - k + 1
    return forms_of(
        _from_ratio(1 + (typical - 1) * one_way.correlation, 1 - one_way.correlation, n - 1, free, typical),
        _agreement(_as_squares(by_visit, n, typical)),
        _from_ratio(1 + (typical - 1) * by_visit.correlation, 1 - by_visit.correlation, n - 1, free_by_visit, typical),
        k,
    )


def _as_squares(by_visit: Fitted, n: int, typical: float) -> Squares:
    """Return the mean squares that complete data of the same variances would have.

    The variance between visits is that of their means less what chance adds to it, as in the analysis of variance.
    """
    k = by_visit.coefficients.size
    center = np.eye(k) - 1 / k
    chance = float(np.trace(center @ by_visit.covariance))
    between_visits = (float(by_visit.coefficients @ center @ by_visit.coefficients) - chance) / (k - 1)
    return Squares(
        n=n,
        k=typical,
        participants=by_visit.variance * (1 + (typical - 1) * by_visit.correlation),
        visits=by_visit.within + n * between_visits,
        error=by_visit.within,
        within=by_visit.within,
    )


def within_of(table: FloatArray) -> tuple[float, int]:
    """Return the variance within participants and its degrees of freedom; values may be missing."""
    known = np.isfinite(table)
    sizes = known.sum(axis=1)
    means = np.nansum(table, axis=1) / sizes
    freedom = int(sizes.sum() - sizes.size)
    return float(np.nansum((table - means[:, np.newaxis]) ** 2)) / freedom, freedom


def visits_differ(table: FloatArray) -> float:
    """Return the p-value of no systematic difference between visits; 1 where it cannot be told."""
    people, visits = np.nonzero(np.isfinite(table))
    values = table[people, visits]
    k = table.shape[1]
    freedom = values.size - table.shape[0] - k + 1
    if freedom < 1:
        return 1.0
    # each participant's own level is taken off both, which is the same as a column for each, and small
    sizes = np.bincount(people, minlength=table.shape[0])
    both = np.column_stack([np.eye(k)[visits][:, 1:], values])
    sums = np.zeros((table.shape[0], k))
    np.add.at(sums, people, both)
    both -= (sums / np.maximum(sizes, 1)[:, None])[people]
    left = both[:, -1] - both[:, :-1] @ np.linalg.lstsq(both[:, :-1], both[:, -1], rcond=None)[0]
    within, all_freedom = within_of(table)
    error = float(left @ left) / freedom
    explained = (within * all_freedom - error * freedom) / (k - 1)
    return float(stats.f.sf(explained / error, k - 1, freedom)) if error > 0 else 1.0
