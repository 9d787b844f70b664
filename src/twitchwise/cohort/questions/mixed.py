"""Values as a mixed model with a random intercept of the participant, fitted by statsmodels.

Its errors assume many participants; `robust` makes them right for few. Where it ends at a bound or does not converge,
the same likelihood is searched as a curve instead (`reml`), which cannot fail.
"""

import warnings

import numpy as np

from twitchwise.cohort.questions.reml import Fitted, clustered, fit
from twitchwise.cohort.questions.robust import Clustered
from twitchwise.vocabulary.arrays import FloatArray, IntArray

_NEARLY = 1e-6  # share of the variance that is as good as none
_PAIR = 2


def mixed_model(design: FloatArray, values: FloatArray, participants: IntArray) -> Fitted:
    """Return the mixed model of values.

    Parameters
    ----------
    design
        Shape ``(n, p)``, of full rank.
    values
        Shape ``(n,)``.
    participants
        Number of the participant of each value, from 0 without a gap, shape ``(n,)``.
    """
    scale = float(np.std(values))
    if np.bincount(participants).max() < _PAIR or scale <= 0:
        return fit(design, values, participants)  # nothing tells participants apart: least squares
    found = _by_statsmodels(design, values / scale, participants)
    if found is None:
        return fit(design, values, participants)
    coefficients, between, within = found
    variance = between + within
    correlation = between / variance
    sizes = np.bincount(participants)
    pull = (correlation / (1 + (sizes - 1) * correlation))[participants]
    sums = np.zeros((sizes.size, design.shape[1]))
    np.add.at(sums, participants, design)
    joint = (design.T @ design - design.T @ (pull[:, None] * sums[participants])) / (1 - correlation)
    return Fitted(
        coefficients=scale * coefficients,
        covariance=np.asarray(scale**2 * variance * np.linalg.inv(joint), dtype=np.float64),
        correlation=correlation,
        variance=scale**2 * variance,
    )


def form_of_values(design: FloatArray, values: FloatArray, participants: IntArray) -> tuple[Clustered, FloatArray]:
    """Return the fitted model as `twitchwise.cohort.questions.robust.contrast` needs it, and its coefficients."""
    model = mixed_model(design, values, participants)
    return clustered(model, design, values, participants), model.coefficients


def _by_statsmodels(
    design: FloatArray, values: FloatArray, participants: IntArray
) -> tuple[FloatArray, float, float] | None:
    """Return coefficients and variances between and within, or nothing where the fit is no inner optimum."""
    from statsmodels.regression.mixed_linear_model import MixedLM  # noqa: PLC0415 - takes a second to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of is looked at here
        try:
            found = MixedLM(values, design, groups=participants).fit(reml=True)
        except (np.linalg.LinAlgError, ValueError):
            return None
    between, within = float(np.asarray(found.cov_re)[0, 0]), float(found.scale)
    is_inner = np.isfinite([between, within]).all() and min(between, within) > _NEARLY * (between + within)
    if not (found.converged and is_inner):
        return None
    return np.asarray(found.fe_params, dtype=np.float64), between, within
