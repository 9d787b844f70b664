"""The plan of a study of a quantity that is a number of each visit: a frequency, an amplitude, an index."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from twitchwise.cohort.power.asked import Of
from twitchwise.cohort.power.effect import Effect
from twitchwise.cohort.power.plan import Row, StudyPlan, Support, row_of, warnings_of_rows
from twitchwise.cohort.power.studies import ValueStudy
from twitchwise.cohort.power.support import GIVEN, NORMAL_LIMIT, PILOT_LIMIT, STEADY_LIMIT
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_not_negative


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How a quantity differs between participants and visits.

    Parameters
    ----------
    mean
        Its mean; ``nan`` where it is not known.
    between
        Standard deviation between participants.
    within
        Standard deviation of one participant between visits; unknown where nobody was seen twice.
    of_visit
        Standard deviation of single values of different participants, both together.
    unit
        Of all of them.
    sources
        Where the mean and both standard deviations come from.

    Raises
    ------
    OutOfRangeError
        If a standard deviation is negative, or there is none at all.
    """

    mean: float
    between: Estimate
    within: Estimate
    of_visit: Estimate
    unit: str = ""
    sources: tuple[str, str] = (GIVEN, GIVEN)

    def __post_init__(self) -> None:
        """Refuse spreads that cannot be."""
        for name in ("between", "within"):
            if getattr(self, name).known:
                require_not_negative(f"{name}_sd", getattr(self, name).value)
        if self.between.value == 0 and self.within.value == 0:
            raise OutOfRangeError("between_sd or within_sd must be above 0, got 0 for both.")


def spread_given(mean: float | None, between: float | None, within: float | None, unit: str = "") -> Spread:
    """Return a spread from numbers that were given.

    Examples
    --------
    >>> spread_given(5.0, 3.0, 4.0).of_visit.value
    5.0
    """
    exact = [Estimate(value=math.nan if one is None else one) for one in (between, within)]
    together = math.hypot(*(one.value if one.known else 0.0 for one in exact))
    return Spread(
        mean=math.nan if mean is None else mean,
        between=exact[0],
        within=exact[1],
        of_visit=Estimate(value=together),
        unit=unit,
    )


def plan_of_values(of: Of, subject: str, spread: Spread) -> StudyPlan:
    """Return the plan of a study of a quantity whose spread is known.

    Raises
    ------
    OutOfRangeError
        If the design needs a spread that is not known, or the change is a ratio and the mean is not known.
    """
    wanted, effect = of.wanted, of.effect
    if effect is None:
        raise OutOfRangeError(
            "design must be before-after or two-groups where spreads are given, got 'against-healthy'; "
            "give the difference from healthy people as --change, with --design two-groups."
        )
    difference = _difference(spread, effect)
    study = _study(spread, difference, wanted)
    row = row_of(study, wanted, None, 0)
    low, high = _ends(spread, wanted)
    return StudyPlan(
        quantity=of.quantity,
        unit=spread.unit,
        subject=subject,
        wanted=wanted,
        change=effect.written
        if effect.ratio is None
        else f"{effect.written}, {difference:+.3g} {spread.unit}".rstrip(),
        rows=(replace(row, if_spread=_with_ends(study, (low, high), wanted)),),
        cheapest=None if row.needed.n is None else 0,
        fits=None,
        support=tuple(_support(spread)),
        limits=(NORMAL_LIMIT, STEADY_LIMIT) if low is None else (NORMAL_LIMIT, STEADY_LIMIT, PILOT_LIMIT),
        warnings=tuple(_warnings(row, wanted)),
    )


def _difference(spread: Spread, effect: Effect) -> float:
    if effect.ratio is not None and math.isnan(spread.mean):
        raise OutOfRangeError("mean must be given for a change in percent; else give the change in the unit itself.")
    if effect.unit and spread.unit and effect.unit != spread.unit:
        raise OutOfRangeError(f"change must be in {spread.unit}, the unit of the quantity, got {effect.written!r}.")
    return effect.difference_of(spread.mean, is_rate=False)


def _study(spread: Spread, difference: float, wanted: Wanted) -> ValueStudy:
    is_paired = wanted.design is Design.BEFORE_AFTER
    if is_paired and not spread.within.known:
        raise OutOfRangeError(
            "within_sd must be known for a study before and after, got values of one visit only; give --within-sd."
        )
    if not is_paired and not spread.between.known:
        raise OutOfRangeError("between_sd must be known for a study of two groups; give --between-sd.")
    return ValueStudy(
        is_paired=is_paired,
        difference=difference,
        between=spread.between.value if spread.between.known else 0.0,
        within=spread.within.value if spread.within.known else 0.0,
        visits=wanted.visits,
        alpha=wanted.alpha,
    )


def _ends(spread: Spread, wanted: Wanted) -> tuple[float | None, float | None]:
    """Return by which factors the spread that matters may be smaller or larger; ``None`` where it was given."""
    matters = spread.within if wanted.design is Design.BEFORE_AFTER else spread.of_visit
    if math.isnan(matters.low) or not matters.value > 0:
        return None, None
    return matters.low / matters.value, matters.high / matters.value


def _with_ends(
    study: ValueStudy, factors: tuple[float | None, float | None], wanted: Wanted
) -> tuple[int | None, int | None] | None:
    if factors[0] is None or factors[1] is None:
        return None
    low, high = (
        row_of(
            replace(study, between=factor * study.between, within=factor * study.within), wanted, None, number
        ).needed.n
        for number, factor in enumerate(factors, start=1)
        if factor is not None
    )
    return low, high


def _support(spread: Spread) -> Iterator[Support]:
    unit = f" {spread.unit}".rstrip()
    if not math.isnan(spread.mean):
        yield Support(what="mean", value=f"{spread.mean:.4g}{unit}", source=spread.sources[0])
    for what, one in (
        ("standard deviation between participants", spread.between),
        ("standard deviation of one participant between visits", spread.within),
    ):
        if one.known:
            interval = "" if math.isnan(one.low) else f" (95 % interval {one.low:.3g} to {one.high:.3g})"
            yield Support(what=what, value=f"{one.value:.4g}{unit}{interval}", source=spread.sources[1])


def _warnings(row: Row, wanted: Wanted) -> Iterator[str]:
    if wanted.budget_h is not None:
        yield "A budget of hours is not looked at here, as the length of a recording is not part of this plan."
    yield from warnings_of_rows([row])
