"""From counted, reported and assumed shares to log likelihood ratios with their variance.

Counts ``k`` of ``n`` under a uniform prior give a Beta(k + 1, n - k + 1) posterior (Bayes-Laplace), for which the mean
and variance of the logarithm are exact finite sums:

``E[log p] = -sum(1/j)`` and ``Var[log p] = sum(1/j**2)`` for ``j`` from ``k + 1`` to ``n + 1``.
"""

import math
from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge.schema import Share


@dataclass(frozen=True, slots=True)
class LogNumber:
    """Mean and variance of the natural logarithm of an uncertain positive number."""

    mean: float
    variance: float

    def ratio_to(self, other: "LogNumber") -> "LogNumber":
        """Return this number divided by an independent one."""
        return LogNumber(self.mean - other.mean, self.variance + other.variance)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How wide to take numbers that come without counts.

    ``interval_z`` is the half width of a 95 % interval in standard deviations; ``reported_logit_sd`` and
    ``assumed_logit_sd`` are the standard deviations, on the logit scale, of a reported share without an interval and of
    an assumed one. A width on the logit scale means the same for a share of one half and of one in a million.
    """

    interval_z: float
    reported_logit_sd: float
    assumed_logit_sd: float


@cache
def _log_of_counts(present: int, examined: int) -> LogNumber:
    terms = [1 / j for j in range(present + 1, examined + 2)]
    return LogNumber(-math.fsum(terms), math.fsum(term * term for term in terms))


def _logit(share: float) -> float:
    return math.log(share) - math.log1p(-share)


def _log_of_value(value: float, variance_of_logit: float) -> LogNumber:
    return LogNumber(math.log(value), variance_of_logit * (1 - value) ** 2)


def _log_of_complement(value: float, variance_of_logit: float) -> LogNumber:
    return LogNumber(math.log1p(-value), variance_of_logit * value**2)


def _variance_from_interval(value: float, interval: tuple[float, float], z: float) -> float:
    low, high = interval
    ends = [end for end in (low, high) if 0 < end < 1 and end != value]
    return max(((_logit(end) - _logit(value)) / z) ** 2 for end in ends) if ends else 1.0


def log_share(share: Share, *, absent: bool, uncertainty: Uncertainty) -> LogNumber:
    """Return the logarithm of a share, or of its complement when ``absent``.

    Parameters
    ----------
    share
        Counts, a reported share or an assumed one.
    absent
        Take the share of people without it instead.
    uncertainty
        Widths for numbers that come without counts.
    """
    if share.counts is not None:
        present, examined = share.counts.present, share.counts.examined
        return _log_of_counts(examined - present if absent else present, examined)
    value = share.number.value
    if share.reported is None:
        variance = uncertainty.assumed_logit_sd**2
    elif share.reported.interval is None:
        variance = uncertainty.reported_logit_sd**2
    else:
        variance = _variance_from_interval(value, share.reported.interval, uncertainty.interval_z)
    return _log_of_complement(value, variance) if absent else _log_of_value(value, variance)


def log_likelihood_ratio(in_condition: Share, in_others: Share, *, absent: bool, uncertainty: Uncertainty) -> LogNumber:
    """Return the log of the share in the condition over the share in the comparison population."""
    return log_share(in_condition, absent=absent, uncertainty=uncertainty).ratio_to(
        log_share(in_others, absent=absent, uncertainty=uncertainty)
    )


def central_value(share: Share) -> float:
    """Return the mean of a share: of its Beta posterior for counts, else the value as given."""
    if share.counts is not None:
        return (share.counts.present + 1) / (share.counts.examined + 2)
    return share.number.value
