"""Values as a linear model in which those of one participant are alike, by restricted maximum likelihood.

All values have the same variance, and any two of one participant the same correlation, which may be negative; where
it is not, this is the mixed model with a random intercept of the participant (Patterson and Thompson 1971,
https://doi.org/10.1093/biomet/58.3.545; not opened). With one correlation the likelihood is a curve, so its highest
point is found on a grid and refined, and there is no convergence to fail.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import minimize_scalar

from twitchwise.cohort.questions.robust import Clustered
from twitchwise.vocabulary.arrays import FloatArray, IntArray

_GRID = 61  # correlations tried; the highest is refined between its neighbors
_NEARLY = 1e-9  # a correlation of 1 has no density


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fitted model.

    Parameters
    ----------
    coefficients
        Of the columns of the design, shape ``(p,)``.
    covariance
        Their covariance if the model is right, shape ``(p, p)``.
    correlation
        Of two values of one participant.
    variance
        Of a value around its mean.
    """

    coefficients: FloatArray
    covariance: FloatArray
    correlation: float
    variance: float

    @property
    def within(self) -> float:
        """Variance of values of one participant."""
        return self.variance * (1 - self.correlation)


class Likelihood:
    """The restricted likelihood of the correlation, from sums of each participant.

    Parameters
    ----------
    design
        Shape ``(n, p)``, of full rank.
    values
        Shape ``(n,)``.
    participants
        Number of the participant of each value, from 0 without a gap, shape ``(n,)``.
    """

    def __init__(self, design: FloatArray, values: FloatArray, participants: IntArray) -> None:
        both = np.column_stack([design, values])
        self.n_columns = design.shape[1]
        self.sizes = np.bincount(participants).astype(float)
        self.products = np.zeros((self.sizes.size, both.shape[1], both.shape[1]))
        self.sums = np.zeros((self.sizes.size, both.shape[1]))
        np.add.at(self.products, participants, both[:, :, None] * both[:, None, :])
        np.add.at(self.sums, participants, both)

    @cached_property
    def grid(self) -> FloatArray:
        """Correlations from the least that is possible to nearly 1, denser towards both ends."""
        least = -1 / max(self.sizes.max() - 1, 1)
        share = 0.5 - 0.5 * np.cos(np.pi * (np.arange(_GRID) + 0.5) / _GRID)
        grid: FloatArray = least + (1 - least) * share
        return grid

    def weighted(self, correlation: float) -> FloatArray:
        """Return each participant's design and values weighted by the inverse correlation, ``(n, p + 1, p + 1)``."""
        pull = correlation / (1 + (self.sizes - 1) * correlation)
        outer = self.sums[:, :, None] * self.sums[:, None, :]
        parts: FloatArray = (self.products - pull[:, None, None] * outer) / (1 - correlation)
        return parts

    def log_determinants(self, correlation: float) -> FloatArray:
        """Return the logarithm of the determinant of each participant's correlations, shape ``(n,)``."""
        logs: FloatArray = (self.sizes - 1) * np.log1p(-correlation) + np.log1p((self.sizes - 1) * correlation)
        return logs

    def of(self, correlation: float) -> float:
        """Return the logarithm of the likelihood of a correlation, less a constant."""
        joint = self.weighted(correlation).sum(axis=0)
        log_joint = float(np.linalg.slogdet(joint)[1])
        log_design = float(np.linalg.slogdet(joint[:-1, :-1])[1])
        freedom = float(self.sizes.sum()) - self.n_columns
        own = float(self.log_determinants(correlation).sum())
        return -0.5 * float(freedom * (log_joint - log_design) + own + log_design)

    def _told_by_design(self) -> bool:
        """Return whether nothing but rounding is left of the values beside the design."""
        joint = self.products.sum(axis=0)
        coefficients = np.linalg.lstsq(joint[:-1, :-1], joint[:-1, -1], rcond=None)[0]
        left_over = joint[-1, -1] - coefficients @ joint[:-1, -1]
        return bool(left_over <= _NEARLY * joint[-1, -1])

    def best(self) -> float:
        """Return the correlation of the highest likelihood; 0 where none has two values, or the design tells all."""
        if self.sizes.max() < 2:  # noqa: PLR2004 - a pair
            return 0.0
        if self._told_by_design():
            return 0.0
        curve = np.array([self.of(correlation) for correlation in self.grid])
        top = int(np.clip(np.argmax(curve), 1, _GRID - 2))
        found = minimize_scalar(
            lambda correlation: -self.of(correlation),
            bounds=(self.grid[top - 1], self.grid[top + 1]),
            method="bounded",
            options={"xatol": _NEARLY},
        )
        return float(found.x)


def fit(design: FloatArray, values: FloatArray, participants: IntArray) -> Fitted:
    """Return the model of values by restricted maximum likelihood; arguments as for `Likelihood`."""
    likelihood = Likelihood(design, values, participants)
    correlation = likelihood.best()
    joint = likelihood.weighted(correlation).sum(axis=0)
    p = likelihood.n_columns
    inverse = np.linalg.inv(joint[:p, :p])
    coefficients = inverse @ joint[:p, p]
    left_over = max(float(joint[p, p] - coefficients @ joint[:p, p]), 0.0)
    variance = left_over / (values.size - p)
    return Fitted(coefficients=coefficients, covariance=variance * inverse, correlation=correlation, variance=variance)


def clustered(model: Fitted, design: FloatArray, values: FloatArray, participants: IntArray) -> Clustered:
    """Return a fitted model as `twitchwise.cohort.questions.robust.contrast` needs it."""
    left = values - design @ model.coefficients
    rows = [np.flatnonzero(participants == one) for one in range(int(participants.max()) + 1)]
    exact = model.variance <= (_NEARLY * float(np.max(np.abs(values)))) ** 2
    variance, correlation = (1.0, 0.0) if exact else (model.variance, model.correlation)
    return Clustered(
        slopes=[design[some] for some in rows],
        covariances=[variance * ((1 - correlation) * np.eye(some.size) + correlation) for some in rows],
        residuals=[0 * left[some] if exact else left[some] for some in rows],
    )
