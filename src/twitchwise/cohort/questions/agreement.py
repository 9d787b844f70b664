"""Whether two ways of measuring agree: bias and limits of agreement.

One pair of each participant: Bland and Altman 1986, https://doi.org/10.1016/S0140-6736(86)90837-8, and 1999,
https://doi.org/10.1177/096228029900800204 (neither opened, excerpts of them were found by a search), with limits at
1.96 standard deviations. Their intervals for the limits are approximate and too narrow for few pairs (Shieh 2018,
https://doi.org/10.1186/s12874-018-0505-y; not opened, known from papers that cite it); the exact ones from the
noncentral t distribution stand here instead.

Several pairs of a participant, whose true value varies from pair to pair: the variances within and between
participants are told apart (Bland and Altman 2007, https://doi.org/10.1080/10543400701329422; not opened), in the
form of Zou 2013, https://doi.org/10.1177/0962280211402548 (not opened), whose intervals recover the variance from its
parts (MOVER).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import stats

from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.few import few_participants
from twitchwise.cohort.questions.reml import clustered, fit
from twitchwise.cohort.questions.robust import contrast
from twitchwise.cohort.questions.values import values_of
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

_Z = float(stats.norm.ppf(0.975))
_TAIL = 0.975
_LEAST_PAIRS = 3
WAYS_APART = ("quantity", "side", "site", "channel", "method", "task")
"""Columns that may tell the two apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far two ways of measuring differ.

    Parameters
    ----------
    first, second
        What was compared; the difference is first less second (or first over second).
    unit
        Unit of bias and limits; ``1`` for ratios.
    as_ratio
        Whether bias and limits are ratios of first to second.
    n_pairs, n_participants
        Pairs used, and the participants that they come from.
    bias
        Mean difference (or ratio).
    sd
        Standard deviation of a single difference (of the natural logarithm of the ratio where ``as_ratio``).
    lower, upper
        Limits of agreement: 95 % of differences are expected between them.
    slope
        Change of the difference for each unit of the mean of both (of logarithms where ``as_ratio``); 0 where the
        bias is the same for small and large values.
    method
        What was done, with its source.
    warnings
        Sentences on where the data are too few or an assumption fails.
    """

    first: str
    second: str
    unit: str
    as_ratio: bool
    n_pairs: int
    n_participants: int
    bias: Estimate
    sd: float
    lower: Estimate
    upper: Estimate
    slope: Estimate
    method: str
    warnings: tuple[str, ...] = ()


def bland_altman(
    first: "ArrayLike",
    second: "ArrayLike",
    *,
    participants: "Sequence[str] | None" = None,
    as_ratio: bool = False,
    names: tuple[str, str] = ("first", "second"),
    unit: str = "1",
) -> Agreement:
    """Return bias and limits of agreement of pairs of values.

    Parameters
    ----------
    first, second
        Values of the two ways, pair by pair; a pair with a missing value is left out.
    participants
        Whom each pair belongs to; several pairs of one participant are treated as such. By default each is of its own.
    as_ratio
        Compare logarithms, and give bias and limits as ratios; all values must be above 0.
    names, unit
        What the two ways are called, and their unit.
    """
    ones, others, who = _pairs(first, second, participants)
    if as_ratio:
        _require_above_zero(ones, others)
        ones, others = np.log(ones), np.log(others)
    numbers = np.unique(who, return_inverse=True)[1].astype(np.int64)
    n_participants = int(numbers.max()) + 1 if numbers.size else 0
    limits = _limits(ones - others, numbers)
    slope = _slope(ones - others, (ones + others) / 2, numbers)
    bias, lower, upper = (_back(one, as_ratio=as_ratio) for one in (limits.bias, limits.lower, limits.upper))
    return Agreement(
        first=names[0],
        second=names[1],
        unit="1" if as_ratio else unit,
        as_ratio=as_ratio,
        n_pairs=int(numbers.size),
        n_participants=n_participants,
        bias=bias,
        sd=limits.sd,
        lower=lower,
        upper=upper,
        slope=slope,
        method=_method(repeated=numbers.size > n_participants, as_ratio=as_ratio),
        warnings=_warnings(int(numbers.size), n_participants, slope),
    )


def agreement_of(  # noqa: PLR0913 - each is a choice of the study, all by name
    measurements: "pd.DataFrame",
    first: str,
    second: str,
    *,
    by: str = "quantity",
    quantity: str | None = None,
    per: "Sequence[str]" = ("participant_id", "session"),
    as_ratio: bool = False,
    reduce: str = "median",
    with_doubts: bool = True,
) -> Agreement:
    """Return how two quantities, sides, sites, channels or methods agree in the same participant and visit.

    Parameters
    ----------
    measurements
        The table of measurements of a study.
    first, second
        The two that are compared: two quantities, or two values of the column ``by``.
    by
        ``quantity``, ``side``, ``site``, ``channel``, ``method`` or ``task``: the column that tells the two apart.
    quantity
        The quantity compared; needed unless ``by`` is ``quantity``.
    per
        What makes a pair one; all the pairs of a ``participant_id`` are treated as one participant's.
    as_ratio, reduce, with_doubts
        As for `bland_altman` and `twitchwise.cohort.questions.values.values_of`.
    """
    if by != "quantity" and quantity is None:
        raise OutOfRangeError(f"quantity must be named where by is {by!r}, got None.")
    if "participant_id" not in per:
        raise OutOfRangeError(f"per must name participant_id, got {', '.join(per)}.")
    if by not in WAYS_APART:
        raise OutOfRangeError(f"by must be one of {', '.join(WAYS_APART)}, got {by!r}.")
    choices: list[dict[str, Any]] = [{} if by == "quantity" else {by: one} for one in (first, second)]
    names = [first, second] if quantity is None else [quantity, quantity]
    tables = [
        values_of(measurements, name, per=per, reduce=reduce, with_doubts=with_doubts, **chosen)
        for name, chosen in zip(names, choices, strict=True)
    ]
    keys = [*per] if by == "side" else [*per, "side"]
    both = tables[0].merge(tables[1], on=keys, suffixes=("", "_second"))
    units = sorted({*tables[0]["unit"].dropna(), *tables[1]["unit"].dropna()})
    if len(units) > 1:
        raise OutOfRangeError(f"unit must be the same for both, got {', '.join(units)}.")
    return bland_altman(
        both["value"].to_numpy(float),
        both["value_second"].to_numpy(float),
        participants=[str(one) for one in both["participant_id"]],
        as_ratio=as_ratio,
        names=(first, second),
        unit=units[0] if units else "1",
    )


class _Limits(NamedTuple):
    bias: Estimate
    lower: Estimate
    upper: Estimate
    sd: float


def _pairs(
    first: "ArrayLike", second: "ArrayLike", participants: "Sequence[str] | None"
) -> "tuple[FloatArray, FloatArray, np.ndarray[tuple[int], np.dtype[np.str_]]]":
    """Return the pairs of which both are known, with whom they belong to."""
    ones, others = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    who = np.asarray([str(one) for one in (participants if participants is not None else range(ones.size))])
    if not ones.shape == others.shape == who.shape:
        raise OutOfRangeError(f"second must have as many values as first, got {others.size} and {ones.size}.")
    known = np.isfinite(ones) & np.isfinite(others)
    return ones[known], others[known], who[known]


def _require_above_zero(ones: FloatArray, others: FloatArray) -> None:
    low = min(float(ones.min(initial=np.inf)), float(others.min(initial=np.inf)))
    if low <= 0:
        raise OutOfRangeError(f"Values must be above 0 for their ratio, got {low!r}.")


def _limits(differences: FloatArray, participants: IntArray) -> _Limits:
    """Return bias and limits; unknown with fewer than three participants."""
    n_participants = int(participants.max()) + 1 if participants.size else 0
    if n_participants < _LEAST_PAIRS:
        mean = float(differences.mean()) if differences.size else np.nan
        return _Limits(Estimate(value=mean), UNKNOWN, UNKNOWN, np.nan)
    if n_participants == differences.size:
        return _limits_of_single_pairs(differences)
    return _limits_of_repeated_pairs(differences, participants)


def _limits_of_single_pairs(differences: FloatArray) -> _Limits:
    """Return limits with exact intervals: each limit is a quantile of the differences, whose pivot is noncentral t."""
    n = differences.size
    mean, sd = float(differences.mean()), float(differences.std(ddof=1))
    half = float(stats.t.ppf(_TAIL, n - 1)) * sd / np.sqrt(n)
    near, far = (float(stats.nct.ppf(p, n - 1, _Z * np.sqrt(n))) * sd / np.sqrt(n) for p in (1 - _TAIL, _TAIL))
    return _Limits(
        bias=Estimate(value=mean, low=mean - half, high=mean + half),
        lower=Estimate(value=mean - _Z * sd, low=mean - far, high=mean - near),
        upper=Estimate(value=mean + _Z * sd, low=mean + near, high=mean + far),
        sd=sd,
    )


def _limits_of_repeated_pairs(differences: FloatArray, participants: IntArray) -> _Limits:
    """Return limits from the variance of participants' means and that within participants."""
    sizes = np.bincount(participants)
    means = np.bincount(participants, differences) / sizes
    mean, between = float(means.mean()), float(means.var(ddof=1))
    freedom = differences.size - sizes.size
    within = float(np.sum((differences - means[participants]) ** 2)) / freedom
    parts = ((between, sizes.size - 1), ((1 - float(np.mean(1 / sizes))) * within, freedom))
    sd = float(np.sqrt(sum(part for part, _ in parts)))
    least, most = _spread_interval(sd, parts)
    half = float(stats.t.ppf(_TAIL, sizes.size - 1)) * np.sqrt(between / sizes.size)
    inner, outer = np.hypot(half, _Z * (sd - least)), np.hypot(half, _Z * (most - sd))
    return _Limits(
        bias=Estimate(value=mean, low=mean - half, high=mean + half),
        lower=Estimate(value=mean - _Z * sd, low=mean - _Z * sd - outer, high=mean - _Z * sd + inner),
        upper=Estimate(value=mean + _Z * sd, low=mean + _Z * sd - inner, high=mean + _Z * sd + outer),
        sd=sd,
    )


def _spread_interval(sd: float, parts: tuple[tuple[float, int], ...]) -> tuple[float, float]:
    """Return the interval of a standard deviation whose square is a sum of independent variances (MOVER)."""
    down = np.hypot.reduce([part * (1 - freedom / stats.chi2.ppf(_TAIL, freedom)) for part, freedom in parts])
    up = np.hypot.reduce([part * (freedom / stats.chi2.ppf(1 - _TAIL, freedom) - 1) for part, freedom in parts])
    return float(np.sqrt(max(sd**2 - down, 0.0))), float(np.sqrt(sd**2 + up))


def _slope(differences: FloatArray, means: FloatArray, participants: IntArray) -> Estimate:
    """Return how the difference changes with the mean, participants as clusters; unknown where it cannot be told."""
    n_participants = int(participants.max()) + 1 if participants.size else 0
    if n_participants <= _LEAST_PAIRS or float(np.ptp(means)) <= 0:
        return UNKNOWN
    design = np.column_stack([np.ones(means.size), means - means.mean()])
    model = fit(design, differences, participants)
    form = clustered(model, design, differences, participants)
    return contrast(form, model.coefficients, np.array([0.0, 1.0])).estimate


def _back(estimate: Estimate, *, as_ratio: bool) -> Estimate:
    if not as_ratio:
        return estimate
    return Estimate(
        value=float(np.exp(estimate.value)), low=float(np.exp(estimate.low)), high=float(np.exp(estimate.high))
    )


def _method(*, repeated: bool, as_ratio: bool) -> str:
    scale = "Ratios, from differences of logarithms. " if as_ratio else ""
    if repeated:
        return (
            f"{scale}Limits of agreement for several pairs of a participant whose true value varies (Bland and "
            "Altman 2007); intervals by MOVER (Zou 2013)."
        )
    return (
        f"{scale}Limits of agreement (Bland and Altman 1986, 1999); exact intervals from the noncentral t distribution."
    )


def _warnings(n_pairs: int, n_participants: int, slope: Estimate) -> tuple[str, ...]:
    if n_participants < _LEAST_PAIRS:
        return (f"Limits of agreement need pairs of at least {_LEAST_PAIRS} participants, got {n_participants}.",)
    found = [*few_participants(n_participants)]
    if slope.known and not slope.holds(0.0) and slope.low != slope.high:
        found.append(
            "The difference changes with the size of the values, so one bias and one pair of limits do not hold for "
            "all of them; ratios may."
        )
    if n_pairs > n_participants:
        found.append("Several pairs of a participant: limits hold for one pair of a new participant.")
    return tuple(found)
