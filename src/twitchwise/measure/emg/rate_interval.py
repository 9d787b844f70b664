"""Exact intervals for a count of rare events and for a median."""

import numpy as np
from scipy.stats import binom, chi2

from twitchwise.vocabulary.arrays import FloatArray

_TAIL = 0.025


def poisson_interval(count: int) -> tuple[float, float]:
    """Return the exact central 95 % interval of the mean of a Poisson count.

    Garwood (1936), Fiducial limits for the Poisson distribution, https://doi.org/10.1093/biomet/28.3-4.437.
    With a count of 0 the upper end is 3.69, exceeded with 2.5 % probability; the one-sided "rule of three" gives 3.0.

    Examples
    --------
    >>> low, high = poisson_interval(0)
    >>> low, round(high, 2)
    (0.0, 3.69)
    """
    low = float(chi2.ppf(_TAIL, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.isf(_TAIL, 2 * count + 2)) / 2


def median_interval(values: FloatArray) -> tuple[float, float, float]:
    """Return the median and the 95 % interval of order statistics around it, of values of shape ``(n,)``.

    With fewer than six values no pair of them covers the median with 95 %; the interval is then their whole range.

    Examples
    --------
    >>> import numpy as np
    >>> median_interval(np.arange(1.0, 12.0))
    (6.0, 2.0, 10.0)
    """
    ordered = np.sort(values)
    rank = max(int(binom.ppf(_TAIL, ordered.size, 0.5)) - 1, 0)
    return float(np.median(ordered)), float(ordered[rank]), float(ordered[-1 - rank])
