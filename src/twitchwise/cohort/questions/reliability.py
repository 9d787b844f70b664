"""How well a measurement repeats itself: intraclass correlation, standard error of measurement, detectable change.

The standard error of measurement is the standard deviation within participants, and 1.96 times the square root of two
times it is the smallest change of one participant that chance makes in only one of twenty (Weir 2005,
https://doi.org/10.1519/15184.1, abstract read; de Vet et al. 2006, https://doi.org/10.1186/1477-7525-4-54, excerpt
read, who tell it from a change that matters). Both have the exact interval of a standard deviation of normal errors.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.few import counted, few_participants, few_repeats
from twitchwise.cohort.questions.intraclass import (
    Intraclass,
    forms_of,
    of_complete,
    of_incomplete,
    visits_differ,
    within_of,
)
from twitchwise.cohort.questions.values import values_of
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_TAIL = 0.025
_DETECTABLE = float(stats.norm.ppf(0.975) * np.sqrt(2))  # of a difference of two values
_LEAST = 2  # participants, and visits
_SURE = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Reliability:
    """How well a quantity repeats itself within a participant who has not changed.

    Parameters
    ----------
    quantity, unit
        What was measured.
    n_participants, n_visits, n_values
        Participants with at least two values, visits, and values used.
    complete
        Whether each participant has a value of each visit.
    on_log
        Whether values were compared as logarithms; SEM and detectable change are then ratios.
    mean
        Mean of all values used (geometric where ``on_log``).
    intraclass
        The forms of the intraclass correlation.
    sem
        Standard error of measurement: the standard deviation within a participant, systematic differences between
        visits included. Where ``on_log``, its exponential, a ratio.
    mdc95
        Smallest change of one participant that is beyond 95 % of the changes of nobody's making. Where ``on_log``, a
        ratio: a change to more than that many times, or to less than one over it.
    mdc95_percent
        The same as percent of the mean (where ``on_log``, the increase in percent).
    method
        What was done, with its source.
    warnings
        Sentences on where the data are too few or an assumption fails.
    """

    quantity: str
    unit: str
    n_participants: int
    n_visits: int
    n_values: int
    complete: bool
    on_log: bool
    mean: float
    intraclass: tuple[Intraclass, ...]
    sem: Estimate
    mdc95: Estimate
    mdc95_percent: Estimate
    method: str
    warnings: tuple[str, ...] = ()

    def form(self, name: str) -> Estimate:
        """Return the correlation of a form, for example ``ICC(A,1)``."""
        return next(one.correlation for one in self.intraclass if one.form == name)


def reliability(
    table: "pd.DataFrame", *, on_log: bool = False, quantity: str = "value", unit: str = "1"
) -> Reliability:
    """Return how well values repeat themselves.

    Parameters
    ----------
    table
        One row a participant, one column a visit; a missing value is ``nan``.
    on_log
        Compare logarithms, for errors that grow with the value; all values must be above 0.
    quantity, unit
        What was measured.
    """
    values = table.to_numpy(float)
    values = values[np.isfinite(values).sum(axis=1) >= _LEAST]
    values = values[:, np.isfinite(values).any(axis=0)]
    if on_log and not np.all(values[np.isfinite(values)] > 0):
        raise OutOfRangeError(f"Values must be above 0 on the log scale, got {float(np.nanmin(values))!r}.")
    values = np.log(values) if on_log else values
    complete = bool(np.isfinite(values).all())
    known = values[np.isfinite(values)]
    mean = float(known.mean()) if known.size else float("nan")
    sem, freedom = _sem(values)
    intraclass = _intraclass(values, complete=complete)
    return Reliability(
        quantity=quantity,
        unit=unit,
        n_participants=values.shape[0],
        n_visits=values.shape[1],
        n_values=int(known.size),
        complete=complete,
        on_log=on_log,
        mean=float(np.exp(mean)) if on_log else mean,
        intraclass=intraclass,
        sem=_scaled(sem, 1.0, on_log=on_log),
        mdc95=_scaled(sem, _DETECTABLE, on_log=on_log),
        mdc95_percent=_percent(sem, mean, on_log=on_log),
        method=_method(complete=complete),
        warnings=_warnings(table, values, intraclass, freedom),
    )


def _sem(values: FloatArray) -> tuple[Estimate, int]:
    """Return the standard deviation within participants with its interval, and its degrees of freedom."""
    if values.shape[0] < 1 or values.shape[1] < _LEAST:
        return UNKNOWN, 0
    within, freedom = within_of(values)
    low, high = (float(np.sqrt(freedom / stats.chi2.ppf(p, freedom))) for p in (1 - _TAIL, _TAIL))
    sem = float(np.sqrt(within))
    return Estimate(value=sem, low=sem * low, high=sem * high), freedom


def _intraclass(values: FloatArray, *, complete: bool) -> tuple[Intraclass, ...]:
    if values.shape[0] < _LEAST or values.shape[1] < _LEAST or float(np.nanmax(values) - np.nanmin(values)) <= 0:
        return forms_of(UNKNOWN, UNKNOWN, UNKNOWN, max(values.shape[1], 1))
    return of_complete(values) if complete else of_incomplete(values)


def _scaled(sem: Estimate, factor: float, *, on_log: bool) -> Estimate:
    ends = [factor * end for end in (sem.value, sem.low, sem.high)]
    value, low, high = (float(np.exp(end)) for end in ends) if on_log else ends
    return Estimate(value=value, low=low, high=high)


def _percent(sem: Estimate, mean: float, *, on_log: bool) -> Estimate:
    """Return the detectable change in percent of the mean, which is taken as known; unknown where it is not above 0."""
    if on_log:
        value, low, high = (100 * float(np.expm1(_DETECTABLE * end)) for end in (sem.value, sem.low, sem.high))
        return Estimate(value=value, low=low, high=high)
    return _scaled(sem, 100 * _DETECTABLE / mean, on_log=False) if mean > 0 else UNKNOWN


def _method(*, complete: bool) -> str:
    intervals = (
        "intervals from F distributions (McGraw and Wong 1996)"
        if complete
        else "restricted maximum likelihood for missing visits, intervals from F distributions with the mean of visits"
    )
    return f"Intraclass correlations (Shrout and Fleiss 1979), {intervals}; detectable change of 95 % (Weir 2005)."


def _warnings(
    table: "pd.DataFrame", values: FloatArray, intraclass: tuple[Intraclass, ...], freedom: int
) -> tuple[str, ...]:
    if values.shape[0] < _LEAST or values.shape[1] < _LEAST:
        return (f"Reliability needs at least 2 participants with 2 visits each, got {values.shape[0]}.",)
    single = table.shape[0] - values.shape[0]
    found = (
        [f"{single} of {table.shape[0]} participants have fewer than two values and are left out."] if single else []
    )
    if np.nanmax(values) <= np.nanmin(values):
        return (*found, "All values are the same, so there is no intraclass correlation.")
    negative = [one.form for one in intraclass if one.correlation.value < 0]
    if negative:
        found.append(
            f"{', '.join(negative)} is below 0: participants differ less than repeats of one participant do, so the "
            "quantity tells nobody apart."
        )
    if visits_differ(values) < _SURE:
        found.append("Values differ systematically between visits; the standard error of measurement includes that.")
    return (*found, *few_participants(values.shape[0]), *few_repeats(freedom))


def reliability_of(  # noqa: PLR0913 - each is a choice of the study, all by name
    measurements: "pd.DataFrame",
    quantity: str,
    *,
    visits: "Sequence[str] | None" = None,
    visit: str = "session",
    group: str | None = None,
    side: str | None = None,
    on_log: bool = False,
    reduce: str = "median",
    with_doubts: bool = True,
) -> Reliability:
    """Return how well a quantity of a study repeats itself between visits.

    Parameters
    ----------
    measurements
        The table of measurements of a study.
    quantity
        Name of the quantity.
    visits
        The visits that are repeats of each other; by default all.
    visit
        The column that tells visits apart (``session`` or ``run``).
    group, side
        Only this group, for example one that is known to be stable; only this side. Without a side, both sides of a
        participant are taken for one (their mean).
    on_log
        As for `reliability`.
    reduce, with_doubts
        As for `twitchwise.cohort.questions.values.values_of`.
    """
    _require_one_session(measurements, quantity, visit)
    table = values_of(
        measurements, quantity, per=("participant_id", visit), side=side, reduce=reduce, with_doubts=with_doubts
    )
    if group is not None:
        table = table[table["group"] == group]
    if visits is not None:
        table = table[table[visit].isin(list(visits))]
    repeats = table.pivot_table(index="participant_id", columns=visit, values="value", aggfunc="mean")
    units = table["unit"].dropna().unique()
    found = reliability(repeats, on_log=on_log, quantity=quantity, unit=str(units[0]) if len(units) else "1")
    return replace(found, warnings=(*found.warnings, *_uneven_sides(table, visit)))


def _require_one_session(measurements: "pd.DataFrame", quantity: str, visit: str) -> None:
    """Refuse to average the runs of several sessions, which are no repeats of each other."""
    if visit == "session" or "session" not in measurements:
        return
    rows = measurements[measurements["quantity"] == quantity]
    sessions = sorted(str(one) for one in rows["session"].dropna().unique())
    if len(rows) and int(rows.groupby("participant_id")["session"].nunique().max()) > 1:
        raise OutOfRangeError(f"session must be one where {visit} tells visits apart, got {', '.join(sessions)}.")


def _uneven_sides(table: "pd.DataFrame", visit: str) -> tuple[str, ...]:
    """Return the warning that some had both sides at one visit and one at another, where they had."""
    sides = table.groupby(["participant_id", visit])["side"].nunique(dropna=False)
    of_people = sides.groupby("participant_id")
    uneven = int((of_people.max() > of_people.min()).sum())
    if not uneven:
        return ()
    return (f"{counted(uneven, 'participant')} with both sides at one visit and one side at another; name a side.",)
