"""Whether groups differ: mixed models for values, negative binomial models for counts.

The repeated visits and sides of a participant are alike, in the models (see `reml` and `count_model`) and in the
intervals (see `robust`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.cohort.questions.group_counts import OverDispersion, answer_counts
from twitchwise.cohort.questions.group_design import Design, design_of
from twitchwise.cohort.questions.mixed import form_of_values
from twitchwise.cohort.questions.robust import contrast

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupSummary:
    """What was seen of one group.

    Parameters
    ----------
    group
        Its name.
    n_participants, n_values
        Participants and values used.
    level
        Its mean, or rate a minute, as the model has it with covariates at their means; with interval.
    """

    group: str
    n_participants: int
    n_values: int
    level: Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupEffect:
    """A group against the reference.

    Parameters
    ----------
    group, reference
        The two groups.
    effect
        Difference of means, or ratio of rates: ``group`` less (or over) ``reference``.
    p_value
        Of no difference; ``nan`` where it could not be tested.
    """

    group: str
    reference: str
    effect: Estimate
    p_value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupComparison:
    """How groups of participants differ.

    Parameters
    ----------
    quantity, unit
        What was compared.
    as_ratio
        Whether effects are ratios of rates; differences of means otherwise.
    n_participants, n_values
        Participants and values used.
    reference
        The group that the others are compared with.
    groups
        Each group.
    effects
        Each group but the reference against it.
    covariates
        What the comparison was adjusted for.
    over_dispersion
        Of counts; ``None`` for values.
    method
        What was done, with its source.
    warnings
        Sentences on where the data are too few, a model failed or an assumption fails.
    """

    quantity: str
    unit: str
    as_ratio: bool
    n_participants: int
    n_values: int
    reference: str
    groups: tuple[GroupSummary, ...]
    effects: tuple[GroupEffect, ...]
    covariates: tuple[str, ...]
    over_dispersion: OverDispersion | None
    method: str
    warnings: tuple[str, ...] = ()


def compare_values(  # noqa: PLR0913 - each is a choice of the study, all by name
    table: "pd.DataFrame",
    *,
    reference: str | None = None,
    covariates: "Sequence[str]" = (),
    value: str = "value",
    group: str = "group",
    participant: str = "participant_id",
    quantity: str = "value",
    unit: str = "1",
) -> GroupComparison:
    """Return how a continuous quantity differs between groups, as differences of means.

    Parameters
    ----------
    table
        One row a value, as `twitchwise.cohort.questions.values.values_of` gives it, with the covariates joined.
    reference
        The group that the others are compared with; by default the first by name.
    covariates
        Columns to adjust for: numbers as they are, strings as categories.
    value, group, participant
        Names of the columns.
    quantity, unit
        What was measured.
    """
    design = design_of(table, value, reference=reference, covariates=covariates, group=group, participant=participant)
    form, coefficients = form_of_values(design.matrix, design.values, design.participants)
    numbers = range(len(design.groups))
    contrasts = [contrast(form, coefficients, design.against_reference(one)) for one in numbers[1:]]
    levels = [contrast(form, coefficients, design.level(one)).estimate for one in numbers]
    warnings = [*design.warnings, *design.sizes_in_words]
    if not all(one.robust for one in contrasts) and min(map(design.people_of, numbers)) > 1:
        warnings.append("One participant alone decides a part of the model; the intervals assume that all vary alike.")
    return GroupComparison(
        quantity=quantity,
        unit=unit,
        as_ratio=False,
        n_participants=design.n_participants,
        n_values=design.n_values,
        reference=design.groups[0],
        groups=_summaries(design, levels),
        effects=_effects(design, [one.estimate for one in contrasts], [one.p_value for one in contrasts]),
        covariates=tuple(covariates),
        over_dispersion=None,
        method=(
            "Mixed model with a random intercept of the participant by restricted maximum likelihood (statsmodels); "
            "robust errors and Satterthwaite's degrees of freedom (CR2, Pustejovsky and Tipton 2018)."
        ),
        warnings=tuple(warnings),
    )


def compare_counts(  # noqa: PLR0913 - each is a choice of the study, all by name
    table: "pd.DataFrame",
    *,
    reference: str | None = None,
    covariates: "Sequence[str]" = (),
    count: str = "count",
    minutes: str = "minutes",
    group: str = "group",
    participant: str = "participant_id",
    quantity: str = "fasciculation_rate",
) -> GroupComparison:
    """Return how a rate of events differs between groups, as ratios of rates.

    Parameters
    ----------
    table
        One row a count, as `twitchwise.cohort.questions.values.counts_of` gives it, with the covariates joined.
    reference, covariates
        As for `compare_values`.
    count, minutes, group, participant
        Names of the columns; rows with no minutes are left out.
    quantity
        What the rate is called.
    """
    design = design_of(
        table,
        count,
        reference=reference,
        covariates=covariates,
        group=group,
        participant=participant,
        usable=(minutes,),
    )
    found = answer_counts(design, table[minutes].to_numpy(float)[design.kept])
    return GroupComparison(
        quantity=quantity,
        unit="1/min",
        as_ratio=True,
        n_participants=design.n_participants,
        n_values=design.n_values,
        reference=design.groups[0],
        groups=_summaries(design, found.levels),
        effects=_effects(design, found.ratios, found.p_values),
        covariates=tuple(covariates),
        over_dispersion=found.over_dispersion,
        method=(
            "Negative binomial model of counts with the minutes as exposure, visits of a participant alike; the "
            "wider of the model's errors and robust ones for few participants (Mancl and DeRouen 2001)."
        ),
        warnings=(*design.warnings, *found.warnings, *design.sizes_in_words),
    )


def _summaries(design: Design, levels: "Sequence[Estimate]") -> tuple[GroupSummary, ...]:
    return tuple(
        GroupSummary(
            group=name,
            n_participants=design.people_of(number),
            n_values=int((design.group_of == number).sum()),
            level=levels[number],
        )
        for number, name in enumerate(design.groups)
    )


def _effects(design: Design, effects: "Sequence[Estimate]", p_values: "Sequence[float]") -> tuple[GroupEffect, ...]:
    return tuple(
        GroupEffect(group=name, reference=design.groups[0], effect=effect, p_value=p_value)
        for name, effect, p_value in zip(design.groups[1:], effects, p_values, strict=True)
    )
