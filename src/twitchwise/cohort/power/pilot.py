"""What a pilot study tells before the next one: the spread of its values, or people with the rates of its counts."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from twitchwise.cohort.power.of_values import Spread
from twitchwise.cohort.power.population import Population
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.vocabulary import MissingExtraError, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

COUNTS = {"fasciculation_rate": "fasciculation_count"}
"""Rates whose counts and minutes of rest a study has."""

PEOPLE = 400  # who are drawn with the rates of a pilot
_MINUTE_S = 60.0
_TAIL = 0.025
_LEAST = 3  # participants of a pilot
_OF_PILOT = 23  # stream of chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """Which values of a pilot are used; ``None`` for all.

    Parameters
    ----------
    group, task, site, side
        Only values of this group, task, site or side.
    """

    group: str | None = None
    task: str | None = None
    site: str | None = None
    side: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PilotCounts:
    """A rate in a pilot study, as its detector counted it.

    Parameters
    ----------
    quantity, rate_per_min
        The rate, and its mean.
    of_people
        Over-dispersion that is the participants' own; all of it where nobody was seen twice.
    of_all
        Over-dispersion of counts, of participants and visits together.
    n_participants, n_counts
        Participants and counts of the pilot.
    over_dispersion
        That of all by maximum likelihood, with its interval; the variance of counts is ``mean + alpha * mean ** 2``.
    """

    quantity: str
    rate_per_min: float
    of_people: float
    of_all: float
    n_participants: int
    n_counts: int
    over_dispersion: Estimate

    @property
    def is_repeated(self) -> bool:
        """Whether participants were seen more than once."""
        return self.n_counts > self.n_participants

    @property
    def visit_spread(self) -> float:
        """Standard deviation of the logarithm of a person's rate between visits; ``nan`` where nobody came twice."""
        return math.sqrt(math.log((1 + self.of_all) / (1 + self.of_people))) if self.is_repeated else math.nan

    def people(self, minutes: float, seed: int) -> Population:
        """Return people with such rates, the events of each for so many minutes."""
        chance = np.random.default_rng([seed, _OF_PILOT])
        return people_with(self.of_people, self.rate_per_min, self.quantity, minutes, chance)

    def at_end(self, end: float) -> "PilotCounts":
        """Return the pilot as it would be with another over-dispersion, of participants and visits alike."""
        factor = end / self.over_dispersion.value
        return replace(self, of_people=factor * self.of_people, of_all=factor * self.of_all)


def has_counts(folder: Path, quantity: str) -> bool:
    """Tell whether a quantity is a rate of which a study has counts and minutes."""
    if quantity not in COUNTS:
        return False
    return bool((_table(folder, "measurements")["quantity"] == COUNTS[quantity]).any())


def spread_of_pilot(folder: Path, quantity: str, chosen: Chosen) -> Spread:
    """Return how a quantity differs in a pilot study.

    Parameters
    ----------
    folder
        Of a study that ``twitchwise cohort`` measured.
    quantity
        The quantity; sides of a participant are taken together, sessions are repeats.
    chosen
        Which values are used.

    Raises
    ------
    OutOfRangeError
        If there are fewer than three participants with a value.
    UnwritableFileError
        If the folder is none of a study.
    """
    from twitchwise.cohort.questions.reliability import reliability  # noqa: PLC0415 - loads when a pilot is read
    from twitchwise.cohort.questions.values import values_of  # noqa: PLC0415

    measurements = _table(folder, "measurements")
    table = values_of(measurements, quantity, side=chosen.side, site=chosen.site, task=chosen.task)
    table = _of_group(table, chosen.group).assign(session=lambda rows: rows["session"].fillna(""))
    _require_participants(table, quantity, measurements["quantity"])
    repeats = table.pivot_table(index="participant_id", columns="session", values="value", aggfunc="mean")
    repeated = reliability(repeats, quantity=quantity)
    sources = f"the pilot: {len(repeats)} participants, {repeats.shape[1]} sessions"
    return Spread(
        mean=float(np.nanmean(repeats.to_numpy(float))),
        between=_between(repeats.to_numpy(float), repeated.sem),
        within=repeated.sem,
        of_visit=_of_visit(repeats.to_numpy(float)),
        unit=str(table["unit"].iloc[0]),
        sources=(sources, sources),
    )


def counts_of_pilot(folder: Path, quantity: str, chosen: Chosen) -> PilotCounts:
    """Return the rate of a pilot study as a negative binomial model has it; arguments as for `spread_of_pilot`."""
    from twitchwise.cohort.questions.count_model import Counts, fit_counts  # noqa: PLC0415 - loads with a pilot
    from twitchwise.cohort.questions.values import counts_of  # noqa: PLC0415

    measurements = _table(folder, "measurements")
    table = counts_of(
        measurements,
        _table(folder, "quality"),
        COUNTS[quantity],
        side=chosen.side,
        site=chosen.site,
        task=chosen.task,
    )
    table = _of_group(table, chosen.group)
    _require_participants(table, quantity, measurements["quantity"])
    summed = table.groupby(["participant_id", "session"], dropna=False, as_index=False)[["count", "minutes"]].sum()
    codes = np.unique(summed["participant_id"].to_numpy(str), return_inverse=True)[1].astype(np.int64)
    fitted = fit_counts(
        Counts(
            design=np.ones((len(summed), 1)),
            counts=summed["count"].to_numpy(float),
            minutes=summed["minutes"].to_numpy(float),
            participants=codes,
        )
    )
    return PilotCounts(
        quantity=quantity,
        rate_per_min=float(np.exp(fitted.coefficients[0])),
        of_people=fitted.shared if len(summed) > codes.max() + 1 else fitted.working,
        of_all=fitted.working,
        n_participants=int(codes.max()) + 1,
        n_counts=len(summed),
        over_dispersion=fitted.alpha,
    )


def people_with(
    variance: float, rate_per_min: float, quantity: str, minutes: float, chance: np.random.Generator
) -> Population:
    """Return people whose rates are gamma distributed, with events at random."""
    factors = np.ones(PEOPLE) if variance <= 0 else _gamma(variance)
    each_second = chance.poisson(
        (factors * rate_per_min / _MINUTE_S)[:, np.newaxis], (PEOPLE, round(minutes * _MINUTE_S))
    )
    until = np.cumsum(each_second, axis=1)
    counted = np.concatenate([np.zeros((PEOPLE, 1), dtype=np.int64), until[:, :-1]], axis=1)
    return Population(condition="pilot", quantity=quantity, muscle=None, counted=counted, totals=until[:, -1])


def _gamma(variance: float) -> FloatArray:
    """Return equally likely factors with mean 1, so that no chance is in who is drawn."""
    factors = stats.gamma.ppf((np.arange(PEOPLE) + 0.5) / PEOPLE, 1 / variance, scale=variance)
    return np.asarray(factors / factors.mean(), dtype=np.float64)


def _between(repeats: FloatArray, within: Estimate) -> Estimate:
    """Return the standard deviation between participants: of their means, less what differs within."""
    own = np.nanmean(repeats, axis=1)
    visits = 1 / float(np.mean(1 / np.isfinite(repeats).sum(axis=1)))
    noise = within.value**2 / visits if within.known else 0.0
    return Estimate(value=math.sqrt(max(float(own.var(ddof=1)) - noise, 0.0)))


def _of_visit(repeats: FloatArray) -> Estimate:
    """Return the standard deviation of values of different participants, with its interval."""
    sd = float(np.sqrt(np.nanmean(np.nanvar(repeats, axis=0, ddof=1))))
    freedom = repeats.shape[0] - 1
    low, high = (math.sqrt(freedom / float(stats.chi2.ppf(part, freedom))) for part in (1 - _TAIL, _TAIL))
    return Estimate(value=sd, low=sd * low, high=sd * high)


def _table(folder: Path, name: str) -> "pd.DataFrame":
    from twitchwise.cohort.folder import tables_in  # noqa: PLC0415 - loads when a pilot is read

    try:
        import pandas as pd  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("A study", "cohort") from error
    return pd.read_parquet(tables_in(folder)[name])


def _of_group(table: "pd.DataFrame", group: str | None) -> "pd.DataFrame":
    if group is None:
        return table
    chosen = table[table["group"] == group]
    if not len(chosen):
        named = ", ".join(sorted(str(one) for one in table["group"].dropna().unique())) or "none named"
        raise OutOfRangeError(f"group must be one of the pilot's ({named}), got {group!r}.")
    return chosen


def _require_participants(table: "pd.DataFrame", quantity: str, quantities: "pd.Series[str]") -> None:
    if not (quantities == quantity).any():
        named = ", ".join(sorted(quantities.unique()))
        raise OutOfRangeError(f"quantity must be one that the pilot has ({named}), got {quantity!r}.")
    n = int(table["participant_id"].nunique())
    if n < _LEAST:
        raise OutOfRangeError(f"pilot must have {_LEAST} participants with a value of {quantity}, got {n!r}.")
