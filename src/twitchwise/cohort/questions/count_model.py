"""Counts of participants as a negative binomial model whose visits are alike, by generalized estimating equations.

The logarithm of the mean is linear, with the logarithm of the minutes added. The variance of a count is ``mean +
alpha * mean ** 2`` (Lawless 1987, https://doi.org/10.2307/3314912; not opened), and of that ``alpha`` a part is the
participant's own, the same at each visit. The working covariance is that of two gamma factors, one of the participant
and one of the visit (Liang and Zeger 1986, https://doi.org/10.1093/biomet/73.1.13; not opened). Both parts come from
likelihoods of participants' totals and of single counts, each less half the logarithm of the information on the
coefficients, without which few participants look too much alike. Intervals come from `robust`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import chi2, t

from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.cohort.questions.robust import Clustered
from twitchwise.vocabulary.arrays import FloatArray, IntArray

_ROUNDS = 100
_CLOSE = 1e-9
_LEAST_ALPHA, _LARGEST_ALPHA = 1e-4, 50.0
_TRIED = np.linspace(np.log(_LEAST_ALPHA), np.log(_LARGEST_ALPHA), 10)  # logarithms of the over-dispersion
_FINE = 1e-3  # in that logarithm
_LOWEST = -1e12  # log likelihood where the coefficients have no information
_LONGEST_STEP = 2.0  # in the logarithm of a mean, so that no round overshoots
_TAIL = 0.975


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts with what they are explained by.

    Parameters
    ----------
    design
        Shape ``(n, p)``, of full rank.
    counts, minutes
        Shape ``(n,)``; minutes above 0.
    participants
        Number of the participant of each count, from 0 without a gap, shape ``(n,)``.
    """

    design: FloatArray
    counts: FloatArray
    minutes: FloatArray
    participants: IntArray

    def means(self, coefficients: FloatArray) -> FloatArray:
        """Return the mean of each count."""
        means: FloatArray = self.minutes * np.exp(np.clip(self.design @ coefficients, -50, 50))
        return means

    def rows(self) -> list[IntArray]:
        """Return the rows of each participant."""
        return [np.flatnonzero(self.participants == one) for one in range(int(self.participants.max()) + 1)]


@dataclass(frozen=True, kw_only=True)
class FittedCounts:
    """A fitted model of counts.

    Parameters
    ----------
    coefficients
        Of the columns of the design, shape ``(p,)``.
    alpha
        Over-dispersion of single counts by maximum likelihood, with its 95 % interval.
    p_value
        Of the test against no over-dispersion.
    working
        Over-dispersion of the working covariance.
    shared
        The part of the working over-dispersion that is the participant's own.
    converged
        Whether the equations were solved.
    form
        What `robust.contrast` needs.
    """

    coefficients: FloatArray
    alpha: Estimate
    p_value: float
    working: float
    shared: float
    converged: bool
    form: Clustered


def fit_counts(data: Counts) -> FittedCounts:
    """Return the model of counts."""
    alpha, p_value = _over_dispersion(data)
    working, shared, start = _working(data, alpha.value)
    coefficients, converged = _solve(data, working, shared, start)
    return FittedCounts(
        coefficients=coefficients,
        alpha=alpha,
        p_value=p_value,
        working=working,
        shared=shared,
        converged=converged,
        form=_form(data, coefficients, working, shared),
    )


def _working(data: Counts, alpha: float) -> tuple[float, float, FloatArray]:
    """Return the over-dispersion for the working covariance, the participant's part of it, and where to start from."""
    start, _ = _solve(data, alpha, 0.0)
    totals, evenness = _totals(data, start)
    near, _ = _solve(totals, alpha, 0.0)
    of_totals, _ = _best_alpha(lambda one: _profile(totals, one, near, adjusted=True))
    if evenness > 1 - _CLOSE:
        return of_totals, of_totals, start
    of_rows, _ = _best_alpha(lambda one: _profile(data, one, start, adjusted=True))
    visit = max((of_rows - of_totals) / (1 - evenness), 0.0)
    shared = max(of_totals - visit * evenness, 0.0)
    return (shared + visit if shared > 0 else of_totals / evenness), shared, start


def _totals(data: Counts, coefficients: FloatArray) -> tuple[Counts, float]:
    """Return the counts of each participant together, and the mean share of a total that is one visit's by chance."""
    means = data.means(coefficients)
    totals = np.bincount(data.participants, means)
    design = _sums(data.participants, means[:, np.newaxis] * data.design) / totals[:, np.newaxis]
    left, strengths, _ = np.linalg.svd(design, full_matrices=False)
    together = Counts(
        design=left[:, strengths > _CLOSE * strengths[0]] * np.sqrt(totals.size),
        counts=np.bincount(data.participants, data.counts).astype(np.float64),
        minutes=totals / np.exp(design @ coefficients),
        participants=np.arange(totals.size),
    )
    return together, float(np.mean(np.bincount(data.participants, means**2) / totals**2))


def _form(data: Counts, coefficients: FloatArray, alpha: float, shared: float) -> Clustered:
    means = data.means(coefficients)
    rows = data.rows()
    return Clustered(
        slopes=[means[some, np.newaxis] * data.design[some] for some in rows],
        covariances=[_covariance(means[some], alpha, shared) for some in rows],
        residuals=[data.counts[some] - means[some] for some in rows],
    )


def _covariance(means: FloatArray, alpha: float, shared: float) -> FloatArray:
    covariance: FloatArray = shared * np.outer(means, means)
    np.fill_diagonal(covariance, means + alpha * means**2)
    return covariance


def _solve(data: Counts, alpha: float, shared: float, start: FloatArray | None = None) -> tuple[FloatArray, bool]:
    """Return the coefficients that solve the estimating equations, and whether they do."""
    coefficients = _start(data) if start is None else start
    for _ in range(_ROUNDS):
        step = _step(data, coefficients, alpha, shared)
        step = step * min(1.0, _LONGEST_STEP / max(float(np.max(np.abs(data.design @ step))), _CLOSE))
        coefficients = coefficients + step
        if float(np.max(np.abs(step))) < _CLOSE * (1 + float(np.max(np.abs(coefficients)))):
            return coefficients, True
    return coefficients, False


def _start(data: Counts) -> FloatArray:
    """Return coefficients near the solution: those of the logarithms of the rates, each with half an event more."""
    logs = np.log((data.counts + 0.5) / data.minutes)
    return np.asarray(np.linalg.lstsq(data.design, logs, rcond=None)[0], dtype=float)


def _step(data: Counts, coefficients: FloatArray, alpha: float, shared: float) -> FloatArray:
    """Return one step of Fisher scoring; the covariance of two factors is inverted in closed form."""
    means = data.means(coefficients)
    weights = 1 / (means + (alpha - shared) * means**2)
    slopes = means[:, np.newaxis] * data.design
    residuals = data.counts - means
    information = slopes.T @ (weights[:, np.newaxis] * slopes)
    score = slopes.T @ (weights * residuals)
    if shared > 0:
        pull = shared / (1 + shared * np.bincount(data.participants, weights * means**2))
        sums = _sums(data.participants, (weights * means)[:, np.newaxis] * slopes)
        information -= (pull[:, np.newaxis] * sums).T @ sums
        score -= sums.T @ (pull * np.bincount(data.participants, weights * means * residuals))
    return np.asarray(np.linalg.lstsq(information, score, rcond=None)[0], dtype=float)


def _sums(participants: IntArray, rows: FloatArray) -> FloatArray:
    sums = np.zeros((int(participants.max()) + 1, rows.shape[1]))
    np.add.at(sums, participants, rows)
    return sums


def log_likelihood(counts: FloatArray, means: FloatArray, alpha: float) -> FloatArray:
    """Return the logarithm of the chance of each count, negative binomial, or Poisson where ``alpha`` is 0."""
    if alpha < _LEAST_ALPHA / 10:
        return np.asarray(counts * np.log(means) - means - gammaln(counts + 1), dtype=float)
    shape = 1 / alpha
    combinations = gammaln(counts + shape) - gammaln(shape) - gammaln(counts + 1)
    logs: FloatArray = (
        combinations - (counts + shape) * np.log1p(alpha * means) + counts * (np.log(alpha) + np.log(means))
    )
    return logs


def _profile(data: Counts, alpha: float, start: FloatArray, *, adjusted: bool = False) -> float:
    """Return the highest log likelihood of an over-dispersion; adjusted for the coefficients fitted with it."""
    means = data.means(_solve(data, alpha, 0.0, start)[0])
    height = float(np.sum(log_likelihood(data.counts, means, alpha)))
    if not adjusted:
        return height
    weighted = (means / (1 + alpha * means))[:, np.newaxis] * data.design
    adjusting = float(np.linalg.slogdet(data.design.T @ weighted)[1]) / 2
    return height - adjusting if np.isfinite(adjusting) else _LOWEST


def _best_alpha(profile: Callable[[float], float]) -> tuple[float, float]:
    """Return the over-dispersion of the highest likelihood, 0 where none is higher, and the largest that is near it."""
    heights = np.array([profile(float(np.exp(one))) for one in _TRIED])
    none = profile(0.0)
    near = _TRIED[heights > none - chi2.ppf(0.9, 1) / 2]
    best = int(np.argmax(heights))
    if heights[best] <= none:
        return 0.0, float(np.exp(near.max())) if near.size else 0.0
    ends = (_TRIED[max(best - 1, 0)], _TRIED[min(best + 1, _TRIED.size - 1)])
    found = minimize_scalar(
        lambda one: -profile(float(np.exp(one))), bounds=ends, method="bounded", options={"xatol": _FINE}
    )
    return float(np.exp(found.x)), float(np.exp(near.max()))


def _over_dispersion(data: Counts) -> tuple[Estimate, float]:
    """Return alpha by maximum likelihood with its interval, and the p-value against 0.

    The chance of a likelihood ratio is halved, for alpha cannot be negative.
    """
    start, _ = _solve(data, 1.0, 0.0)
    alpha, most = _best_alpha(lambda one: _profile(data, one, start))
    gain = _profile(data, alpha, start) - _profile(data, 0.0, start)
    if gain <= 0:
        return Estimate(value=0.0, low=0.0, high=most), 1.0
    return _alpha_interval(data, alpha), float(chi2.sf(2 * gain, 1)) / 2


def _alpha_interval(data: Counts, alpha: float) -> Estimate:
    """Return alpha with an interval of its logarithm from what each participant says of it (a sandwich of scores)."""
    means = data.means(_solve(data, alpha, 0.0)[0])
    step = 1e-3
    logs = [log_likelihood(data.counts, means, alpha * float(np.exp(shift))) for shift in (-step, 0.0, step)]
    scores = np.bincount(data.participants, (logs[2] - logs[0]) / (2 * step))
    curvature = -float(np.sum(logs[2] - 2 * logs[1] + logs[0])) / step**2
    freedom = scores.size - data.design.shape[1]
    if curvature <= 0 or freedom < 1:
        return Estimate(value=alpha, low=0.0, high=float("inf"))
    error = float(np.sqrt(np.sum(scores**2) * scores.size / freedom)) / curvature
    factor = float(np.exp(min(t.ppf(_TAIL, freedom) * error, 50)))
    return Estimate(value=alpha, low=alpha / factor, high=alpha * factor)
