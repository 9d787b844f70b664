"""Whether whole studies find a change of values, many studies and many sizes at a time.

The analyses are those of `twitchwise.cohort.questions`, for one number a participant and groups of one size without
covariates, where they have closed forms; sums along the participants give the answer for every number of them at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Moments:
    """Mean and variance of one number a participant in the first participants of studies.

    Parameters
    ----------
    n
        How many of the first participants, shape ``(sizes,)``, at least 2 each.
    mean, variance
        Shape ``(studies, sizes)``; the variance has ``n - 1`` below it.
    """

    n: IntArray
    mean: FloatArray
    variance: FloatArray


def moments(values: FloatArray | IntArray, n: IntArray) -> Moments:
    """Return the moments of the first ``n`` values of each study.

    Parameters
    ----------
    values
        Shape ``(studies, participants)``.
    n
        Numbers of participants, each from 2 to all.
    """
    middle = values.mean(axis=1, keepdims=True)  # near the values, so that squares do not cancel
    away = values - middle
    sums, squares = first_sums(away, n), first_sums(away**2, n)
    variance = np.maximum(squares - sums**2 / n, 0.0) / (n - 1)
    return Moments(n=n, mean=middle + sums / n, variance=variance)


def first_sums(values: FloatArray | IntArray, n: IntArray) -> FloatArray:
    """Return the sums of the first ``n`` values of each study, shape ``(studies, sizes)``."""
    return np.asarray(np.cumsum(values, axis=1, dtype=np.float64)[:, n - 1])


def values_differ(first: Moments, second: Moments, alpha: float) -> BoolArray:
    """Tell which studies find that the values of two groups of one size differ: the t-test of two samples."""
    error = np.sqrt((first.variance + second.variance) / first.n)
    return np.abs(second.mean - first.mean) > reach(error, 2 * (first.n - 1), alpha)


def have_changed(change: Moments, alpha: float) -> BoolArray:
    """Tell which studies find that the changes of participants are other than 0: the t-test of one sample."""
    return np.abs(change.mean) > reach(np.sqrt(change.variance / change.n), change.n - 1, alpha)


def reach(error: FloatArray, freedom: FloatArray | IntArray, alpha: float) -> FloatArray:
    """Return half the width of an interval with a t distribution."""
    half: FloatArray = stdtrit(freedom, 1 - alpha / 2) * error
    return half
