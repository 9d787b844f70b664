"""Intervals that hold when the values of a participant are alike in an unknown way, and when participants are few.

Bias-reduced linearization: each participant's residuals are scaled so that the variance would be right if the working
model were, and a t distribution stands for the normal one, with Satterthwaite's degrees of freedom (McCaffrey and
Bell 2006 for generalized estimating equations, https://doi.org/10.1002/sim.2502, abstract read; Pustejovsky and
Tipton 2018, https://doi.org/10.1080/07350015.2016.1247004, abstract read; known as CR2).

That is too narrow for a few skewed counts: a group that missed its largest values looks both low and even. There
residuals are scaled by the whole of what the fit takes from them (Mancl and DeRouen 2001,
https://doi.org/10.1111/j.0006-341X.2001.00126.x, abstract read), and the error is at least that of the working model.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.vocabulary.arrays import FloatArray

_ALONE = (
    1e-8  # least share of a participant's variance that the model leaves to it, unless it is all of what it estimates
)
_TAIL = 0.975


def solved(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Return what a matrix takes to ``right``, as float64."""
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Clustered:
    """A model's linear form at its fit, participant by participant.

    Parameters
    ----------
    slopes
        Derivative of the mean of each value by each coefficient, one array ``(m, p)`` for each participant.
    covariances
        Covariance of the values as the working model has it, one ``(m, m)`` for each participant.
    residuals
        Values less their means, one ``(m,)`` for each participant.
    """

    slopes: list[FloatArray]
    covariances: list[FloatArray]
    residuals: list[FloatArray]

    def weighted(self) -> list[FloatArray]:
        """Return the slopes weighted by the inverse covariance, one ``(m, p)`` for each participant."""
        return [solved(v, d) for v, d in zip(self.covariances, self.slopes, strict=True)]

    def model_covariance(self) -> FloatArray:
        """Return the covariance of the coefficients if the working model is right, shape ``(p, p)``."""
        pairs = zip(self.slopes, self.weighted(), strict=True)
        return np.linalg.inv(np.sum([slope.T @ weight for slope, weight in pairs], axis=0))


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """A combination of coefficients.

    Parameters
    ----------
    value, error, freedom
        Its value, standard error, and degrees of freedom of its t distribution.
    robust
        Whether the error holds without the working model.
    """

    value: float
    error: float
    freedom: float
    robust: bool

    @property
    def half(self) -> float:
        """Half the width of the 95 % interval."""
        return float(stats.t.ppf(_TAIL, self.freedom)) * self.error

    @property
    def estimate(self) -> Estimate:
        """The value with its 95 % interval."""
        return Estimate(value=self.value, low=self.value - self.half, high=self.value + self.half)

    @property
    def p_value(self) -> float:
        """Probability of a value so far from 0 if the true one is 0."""
        return float(2 * stats.t.sf(abs(self.value) / self.error, self.freedom)) if self.error > 0 else float("nan")


def contrast(fit: Clustered, coefficients: FloatArray, weights: FloatArray, *, skewed: bool = False) -> Contrast:
    """Return a combination of coefficients with its robust error.

    Where one participant alone decides it (a group of one), nothing but the working model can tell its error.

    Parameters
    ----------
    fit
        The model.
    coefficients, weights
        Shape ``(p,)``; the combination is their product.
    skewed
        Whether values are skewed, so that the wider of the errors is right.
    """
    value = float(coefficients @ weights)
    inner = fit.model_covariance()
    model = Contrast(
        value=value,
        error=float(np.sqrt(weights @ inner @ weights)),
        freedom=max(len(fit.slopes) - coefficients.size, 1),
        robust=False,
    )
    pulls = _pulls(fit, inner, inner @ weights, skewed=skewed)
    if pulls is None:
        return model
    parts = np.array([pull @ residual for pull, residual in zip(pulls, fit.residuals, strict=True)])
    robust = Contrast(value=value, error=float(np.linalg.norm(parts)), freedom=_freedom(fit, inner, pulls), robust=True)
    return max(robust, model, key=lambda one: one.half) if skewed else robust


def _pulls(fit: Clustered, inner: FloatArray, direction: FloatArray, *, skewed: bool) -> list[FloatArray] | None:
    """Return what each residual adds to the error, scaled for the fit; nothing where a participant stands alone."""
    pulls = []
    for slope, covariance, weighted in zip(fit.slopes, fit.covariances, fit.weighted(), strict=True):
        pull = weighted @ direction
        if np.max(np.abs(pull)) > 0:
            left = covariance - slope @ inner @ slope.T
            scaling = _scaling(covariance, left)
            if scaling is None:
                return None
            pull = solved(left, covariance @ pull) if skewed else scaling @ pull
        pulls.append(pull)
    return pulls


def _scaling(covariance: FloatArray, left: FloatArray) -> FloatArray | None:
    """Return the symmetric matrix that turns what is left of a covariance into all of it; nothing if too little is."""
    roots, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(roots, 0))) @ vectors.T
    inner_roots, inner_vectors = np.linalg.eigh(root @ left @ root)
    if inner_roots[0] < _ALONE * roots[-1] ** 2:
        return None
    inverse = (inner_vectors / np.sqrt(inner_roots)) @ inner_vectors.T
    scaling: FloatArray = root @ inverse @ root
    return scaling


def _freedom(fit: Clustered, inner: FloatArray, pulls: list[FloatArray]) -> float:
    """Return Satterthwaite's degrees of freedom of the squared error, under the working model."""
    leans = np.array([pull @ slope for pull, slope in zip(pulls, fit.slopes, strict=True)])
    own = np.array([pull @ v @ pull for pull, v in zip(pulls, fit.covariances, strict=True)])
    spread = np.diag(own) - leans @ inner @ leans.T
    return float(np.trace(spread) ** 2 / np.sum(spread**2))
