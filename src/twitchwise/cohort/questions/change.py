"""Who has changed between two visits by more than the measurement differs by itself.

A value of a participant has changed when the change is beyond the minimum detectable one (Weir 2005,
https://doi.org/10.1519/15184.1, abstract read). A rate that was counted for two minutes is known less well than one
counted for ten, so counts are compared by an exact test of each participant instead (see `rates`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.few import counted, few_participants
from twitchwise.cohort.questions.rates import compare_rates, over_dispersion_of_pairs
from twitchwise.cohort.questions.reliability import reliability
from twitchwise.cohort.questions.values import values_of
from twitchwise.vocabulary.checks import require_not_negative, require_positive
from twitchwise.vocabulary.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from twitchwise.cohort.questions.reliability import Reliability

_SURE = 0.05
_TAIL = 0.975
_TWO = 2
_HALF_AN_EVENT = 0.5  # added to both counts, so that none has no logarithm


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipantChange:
    """The change of one participant and side.

    Parameters
    ----------
    participant, side, group
        Who; side and group are ``None`` where not named.
    start, end
        Values at both visits; rates a minute where counts were compared.
    change
        End less start with the interval of one participant's change; the ratio of rates, end over start, where counts
        were compared.
    beyond
        Whether the change is beyond what the measurement differs by itself.
    p_value
        Of the exact test of two counts; ``None`` for a change against the minimum detectable one.
    """

    participant: str
    side: str | None
    group: str | None
    start: float
    end: float
    change: Estimate
    beyond: bool
    p_value: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """The changes of all participants between two visits.

    Parameters
    ----------
    quantity, unit
        What was measured.
    start, end
        The two visits.
    as_ratio
        Whether changes are ratios, end over start.
    n_participants, n_changes
        Participants, and changes (one for each side).
    changes
        One for each participant and side.
    mean
        Mean change of the group with its interval (geometric mean of ratios where ``as_ratio``).
    mdc
        Minimum detectable change that was used; ``None`` where counts were compared.
    mdc_from
        Where it comes from, as a sentence.
    method
        What was done, with its source.
    warnings
        Sentences on where the data are too few or an assumption fails.
    """

    quantity: str
    unit: str
    start: str
    end: str
    as_ratio: bool
    n_participants: int
    n_changes: int
    changes: tuple[ParticipantChange, ...]
    mean: Estimate
    mdc: float | None
    mdc_from: str
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def n_beyond(self) -> int:
        """How many changes are beyond what the measurement differs by itself."""
        return sum(one.beyond for one in self.changes)


def changes_of(  # noqa: PLR0913 - each is a choice of the study, all by name
    measurements: "pd.DataFrame",
    quantity: str,
    *,
    start: str,
    end: str,
    visit: str = "session",
    repeats: "Sequence[str] | None" = None,
    stable_group: str | None = None,
    mdc: float | None = None,
    side: str | None = None,
    reduce: str = "median",
    with_doubts: bool = True,
) -> Changes:
    """Return each participant's change of a quantity against the minimum detectable change.

    Parameters
    ----------
    measurements
        The table of measurements of a study.
    quantity
        Name of the quantity.
    start, end
        The two visits compared.
    visit
        The column that tells visits apart.
    repeats, stable_group
        Visits that are repeats of each other, and the group that is known to be stable: the minimum detectable change
        comes from these.
    mdc
        The minimum detectable change, in the unit of the quantity, where it is known; then no repeats are needed.
    side, reduce, with_doubts
        As for `twitchwise.cohort.questions.values.values_of`.

    Raises
    ------
    OutOfRangeError
        If neither or both of ``repeats`` and ``mdc`` are given.
    """
    if (repeats is None) == (mdc is None):
        raise OutOfRangeError(f"Either repeats or mdc must be given, got {repeats!r} and {mdc!r}.")
    table = values_of(
        measurements, quantity, per=("participant_id", visit), side=side, reduce=reduce, with_doubts=with_doubts
    )
    pairs = _paired(table, start, end, visit)
    repeated = None if repeats is None else _repeated(table, visit, repeats, stable_group)
    if mdc is not None:
        require_positive("mdc", mdc)
    limit = repeated.mdc95.value if repeated is not None else float(mdc or 0.0)
    changes = tuple(
        _change(row, limit)
        for row in pairs[["participant_id", "side", "group", "value", "value_end"]].itertuples(index=False)
    )
    units = sorted(set(table["unit"].dropna()))
    return Changes(
        quantity=quantity,
        unit=units[0] if units else "1",
        start=start,
        end=end,
        as_ratio=False,
        n_participants=len({one.participant for one in changes}),
        n_changes=len(changes),
        changes=changes,
        mean=_mean_change(changes),
        mdc=limit if np.isfinite(limit) else None,
        mdc_from=_source_of_limit(repeated, repeats, stable_group),
        method="Change against the minimum detectable change of 95 % (Weir 2005); the mean by Student's t.",
        warnings=_warnings(table, changes, visit, (start, end), repeats)
        + (() if repeated is None else tuple(f"Repeats: {one}" for one in repeated.warnings)),
    )


def changes_of_counts(  # noqa: PLR0913 - each is a choice of the study, all by name
    counts: "pd.DataFrame",
    *,
    start: str,
    end: str,
    visit: str = "session",
    quantity: str = "fasciculation_rate",
    repeats: "Sequence[str] | None" = None,
    stable_group: str | None = None,
    over_dispersion: float | None = None,
) -> Changes:
    """Return each participant's change of a rate, judged by the counts and minutes that it comes from.

    Parameters
    ----------
    counts
        A table as `twitchwise.cohort.questions.values.counts_of` gives it.
    start, end, visit
        The two visits compared, and the column that tells visits apart.
    quantity
        What the rate is called.
    repeats, stable_group
        Visits that are repeats of each other and the group that is known to be stable: how much more counts differ
        between them than chance alone (alpha of a negative binomial) comes from these.
    over_dispersion
        That alpha, where it is known. With neither, counts are taken for events at random, and a sentence says so.
    """
    if repeats is not None and over_dispersion is not None:
        raise OutOfRangeError(
            f"Either repeats or over_dispersion must be given, got {repeats!r} and {over_dispersion!r}."
        )
    if over_dispersion is not None:
        require_not_negative("over_dispersion", over_dispersion)
    usable = counts[counts["minutes"] > 0]
    pairs = _paired(usable, start, end, visit)
    alpha = over_dispersion or 0.0
    n_pairs = 0
    if repeats is not None:
        repeated = _pairs_of_repeats(usable, visit, repeats, stable_group)
        alpha, n_pairs = over_dispersion_of_pairs(repeated), len(repeated)
    columns = ["participant_id", "side", "group", "count", "minutes", "count_end", "minutes_end"]
    changes = tuple(_change_of_rate(row, alpha) for row in pairs[columns].itertuples(index=False))
    return Changes(
        quantity=quantity,
        unit="1/min",
        start=start,
        end=end,
        as_ratio=True,
        n_participants=len({one.participant for one in changes}),
        n_changes=len(changes),
        changes=changes,
        mean=_mean_ratio(pairs),
        mdc=None,
        mdc_from=_source_of_dispersion(alpha, repeats, n_pairs, known=over_dispersion is not None),
        method=(
            "Exact conditional test of two counts (Przyborowski and Wilenski 1940) for each participant, with gamma "
            "factors for over-dispersion; the mean from the logarithm of each participant's ratio, half an event added."
        ),
        warnings=_warnings(usable, changes, visit, (start, end), repeats)
        + _warnings_of_dispersion(repeats, n_pairs, known=over_dispersion is not None),
    )


def _paired(table: "pd.DataFrame", start: str, end: str, visit: str) -> "pd.DataFrame":
    """Return both visits of each participant and side in one row; those of the second end in ``_end``."""
    if visit not in table.columns:
        raise OutOfRangeError(f"The table must have the column {visit}, got {', '.join(map(str, table.columns))}.")
    known = {str(one) for one in table[visit].dropna()}
    for name in (start, end):
        if len(table) and name not in known:
            raise OutOfRangeError(f"{visit} must be one of {', '.join(sorted(known))}, got {name!r}.")
    first, second = (table[table[visit] == name] for name in (start, end))
    return first.merge(second, on=["participant_id", "side"], suffixes=("", "_end")).sort_values(
        ["participant_id", "side"]
    )


def _repeated(table: "pd.DataFrame", visit: str, repeats: "Sequence[str]", stable_group: str | None) -> "Reliability":
    """Return how well each side repeats itself, as changes are of one side."""
    stable = _stable(table, visit, repeats, stable_group)
    wide = stable.assign(side=stable["side"].fillna("")).pivot_table(
        index=["participant_id", "side"], columns=visit, values="value", aggfunc="mean"
    )
    return reliability(wide)


def _stable(table: "pd.DataFrame", visit: str, repeats: "Sequence[str]", group: str | None) -> "pd.DataFrame":
    stable = table[table[visit].isin(list(repeats))]
    return stable if group is None else stable[stable["group"] == group]


def _pairs_of_repeats(
    counts: "pd.DataFrame", visit: str, repeats: "Sequence[str]", stable_group: str | None
) -> list[tuple[float, float, float, float]]:
    """Return count and minutes of each pair of repeats of a participant and side."""
    stable = _stable(counts, visit, repeats, stable_group)
    pairs = []
    for _, some in stable.groupby(["participant_id", "side"], dropna=False):
        rows = list(zip(some["count"], some["minutes"], strict=True))
        pairs += [(*one, *other) for number, one in enumerate(rows) for other in rows[number + 1 :]]
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in pairs]


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _change(row: "tuple[object, ...]", limit: float) -> ParticipantChange:
    participant, side, group, first, second = row
    change = float(second) - float(first)  # type: ignore[arg-type]
    known = bool(np.isfinite(limit))
    return ParticipantChange(
        participant=str(participant),
        side=_name(side),
        group=_name(group),
        start=float(first),  # type: ignore[arg-type]
        end=float(second),  # type: ignore[arg-type]
        change=Estimate(value=change, low=change - limit, high=change + limit) if known else Estimate(value=change),
        beyond=known and abs(change) > limit,
    )


def _change_of_rate(row: "tuple[object, ...]", alpha: float) -> ParticipantChange:
    participant, side, group = row[:3]
    first, minutes, second, other_minutes = (float(one) for one in row[3:])  # type: ignore[arg-type]
    ratio, p_value = compare_rates((first, minutes), (second, other_minutes), alphas=(alpha, alpha))
    return ParticipantChange(
        participant=str(participant),
        side=_name(side),
        group=_name(group),
        start=first / minutes,
        end=second / other_minutes,
        change=ratio,
        beyond=p_value < _SURE,
        p_value=p_value,
    )


def _mean_change(changes: tuple[ParticipantChange, ...]) -> Estimate:
    """Return the mean of participants' changes, sides of one participant averaged first."""
    of_people: dict[str, list[float]] = {}
    for one in changes:
        of_people.setdefault(one.participant, []).append(one.change.value)
    means = np.array([np.mean(some) for some in of_people.values()])
    if means.size < _TWO:
        return Estimate(value=float(means[0])) if means.size else UNKNOWN
    mean = float(means.mean())
    half = float(stats.t.ppf(_TAIL, means.size - 1) * means.std(ddof=1) / np.sqrt(means.size))
    return Estimate(value=mean, low=mean - half, high=mean + half)


def _mean_ratio(pairs: "pd.DataFrame") -> Estimate:
    """Return the mean ratio of participants, from logarithms of their own ratios: each weighs the same.

    The ratio of all rates would be that of the few with the highest: in simulated studies of motor neuron disease it
    found a change where there was none in 7 to 8 of 100 (`twitchwise cohort power` shows it).
    """
    sums = pairs.groupby("participant_id")[["count", "minutes", "count_end", "minutes_end"]].sum()
    if len(sums) <= _TWO:
        return UNKNOWN
    rates = [(sums[f"count{end}"] + _HALF_AN_EVENT) / sums[f"minutes{end}"] for end in ("", "_end")]
    logs = np.log(rates[1].to_numpy(float) / rates[0].to_numpy(float))
    mean = float(logs.mean())
    half = float(stats.t.ppf(_TAIL, logs.size - 1) * logs.std(ddof=1) / np.sqrt(logs.size))
    return Estimate(value=float(np.exp(mean)), low=float(np.exp(mean - half)), high=float(np.exp(mean + half)))


def _source_of_limit(repeated: "Reliability | None", repeats: "Sequence[str] | None", group: str | None) -> str:
    if repeated is None:
        return "Given."
    who = "all participants" if group is None else f"the group {group}"
    return (
        f"From {repeated.n_values} values of {counted(repeated.n_participants, 'participant and side')} of {who} at "
        f"{', '.join(repeats or ())}."
    ).replace("participant and sides", "participants and sides")


def _source_of_dispersion(alpha: float, repeats: "Sequence[str] | None", n_pairs: int, *, known: bool) -> str:
    if repeats is not None:
        return f"Over-dispersion {alpha:.3g}, from {counted(n_pairs, 'pair')} of repeats at {', '.join(repeats)}."
    return f"Over-dispersion {alpha:.3g}, given." if known else "Counts taken for events at random."


def _warnings_of_dispersion(repeats: "Sequence[str] | None", n_pairs: int, *, known: bool) -> tuple[str, ...]:
    if repeats is None:
        words = (
            "Without repeats, counts are taken for events at random; rates differ more than that from visit to visit."
        )
        return () if known else (words,)
    return tuple(f"Repeats: {one}" for one in few_participants(n_pairs, of="the repeats", noun="pair"))


def _warnings(
    table: "pd.DataFrame",
    changes: tuple[ParticipantChange, ...],
    visit: str,
    visits: tuple[str, str],
    repeats: "Sequence[str] | None",
) -> tuple[str, ...]:
    found = []
    someone = set(table.loc[table[visit].isin(visits), "participant_id"].astype(str))
    lost = len(someone - {one.participant for one in changes})
    if lost:
        found.append(f"{counted(lost, 'participant')} with only one of the two visits left out.")
    if repeats is not None and set(visits) <= set(repeats):
        found.append("The visits compared are themselves the repeats, so a real change is taken for error.")
    if changes:
        found.append(
            f"Of {counted(len(changes), 'change')}, {_SURE * len(changes):.1f} are expected to be beyond by chance "
            "alone."
        )
    return (*found, *few_participants(len({one.participant for one in changes})))
