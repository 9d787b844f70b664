"""Intervals for a count of events, a share, a median and an interquartile range.

Exact intervals are too wide for small counts, because counts jump. The ones given here hold their 95 % on average over
rates (Cai 2005, One-sided confidence intervals in discrete distributions, J Stat Plan Inference 131:63-88; Brown, Cai
and DasGupta 2001, https://doi.org/10.1214/ss/1009213286).
"""

import numpy as np
from scipy.special import bdtr, bdtrik, betaincinv, gammaincinv
from scipy.stats import chi2

from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

_TAIL = 0.025
# Above this mean, none is seen in less than 5 % of recordings: the "rule of three".
_NONE_SEEN_BOUND = float(-np.log(2 * _TAIL))
# Redraws give percentiles of 2.5 % to within a fifth of that.
_REDRAWS = 1000
# So many redrawn values are held at a time, 8 MB of them.
_HELD = 1_000_000


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


def count_interval(count: float, dispersion: float = 1.0) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a count whose variance is ``dispersion`` times its mean.

    Jeffreys' interval for a Poisson mean, and at 0 the "rule of three": no event leaves 3.0 as the upper end. It covers
    95 % on average; at one single mean below 10, no interval from whole counts can come near 95 %, because each count
    that is let in adds several percent.

    Parameters
    ----------
    count
        Events seen, at least 0; not whole where each counts with its probability.
    dispersion
        Variance of the count over its mean, above 0; 1 for events at random.

    Raises
    ------
    OutOfRangeError
        If either is not finite or outside.

    Examples
    --------
    >>> [round(end, 2) for end in count_interval(10)]
    [5.14, 17.74]
    >>> [round(end, 2) for end in count_interval(0)]
    [0.0, 3.0]
    """
    require_not_negative("count", count)
    require_positive("dispersion", dispersion)
    effective = count / dispersion
    # with less than one independent event the half that Jeffreys adds shrinks, or more dispersion would raise the end
    low = float(gammaincinv(effective + min(1.0, effective) / 2, _TAIL)) if count else 0.0
    high = max(float(gammaincinv(effective + 0.5, 1 - _TAIL)), _NONE_SEEN_BOUND)
    return min(dispersion * low, count), dispersion * high


def share_interval(hits: float, of: float) -> tuple[float, float]:
    """Return the 95 % interval of a share, 0 to 1, of which ``hits`` were seen ``of`` so many times.

    Jeffreys' interval, with the ends at 0 and 1 where none or all were hits (Brown, Cai and DasGupta 2001,
    https://doi.org/10.1214/ss/1009213286). With no trial at all it is the whole range.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(3, 10)]
    [0.093, 0.606]
    """
    low = float(betaincinv(hits + 0.5, of - hits + 0.5, _TAIL)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 0.5, of - hits + 0.5, 1 - _TAIL)) if hits < of else 1.0
    share = hits / of if of else 0.0
    return min(low, share), max(high, share)


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
    rank = max(_rank_at_tail(ordered.size) - 1, 0)
    return float(np.median(ordered)), float(ordered[rank]), float(ordered[-1 - rank])


def _rank_at_tail(n_values: int) -> int:
    """Return the quantile of the number of heads of so many coins; as `scipy.stats.binom.ppf` gives it, but quicker."""
    rank = max(int(np.ceil(bdtrik(_TAIL, n_values, 0.5))), 0)
    return rank - 1 if rank and bdtr(rank - 1, n_values, 0.5) >= _TAIL else rank


def spread_interval(values: FloatArray) -> tuple[float, float, float]:
    """Return the interquartile range of values of shape ``(n,)`` and its 95 % interval.

    The interval runs over redraws with replacement (bootstrap, percentiles), always the same ones.
    """
    rng = np.random.default_rng(0)
    at_once = max(1, _HELD // values.size)
    parts = [min(at_once, _REDRAWS - first) for first in range(0, _REDRAWS, at_once)]
    redrawn = np.concatenate([_interquartile(rng.choice(values, size=(rows, values.size))) for rows in parts])
    low, high = np.quantile(redrawn, [_TAIL, 1 - _TAIL])
    value = float(_interquartile(values[np.newaxis])[0])
    return value, min(float(low), value), max(float(high), value)


def _interquartile(rows: FloatArray) -> FloatArray:
    first, third = np.quantile(rows, [0.25, 0.75], axis=1)
    difference: FloatArray = third - first
    return difference
