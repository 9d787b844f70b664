"""A plan of a study as plain text for people, and as plain values for programs."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twitchwise.cohort.power.plan import Row, StudyPlan, Support
from twitchwise.cohort.power.search import MOST
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.cohort.questions.estimate import Estimate

if TYPE_CHECKING:
    from twitchwise.cohort.power.rendered import Rendered

WIDTH = 110
_DESIGNS = {
    Design.BEFORE_AFTER: "the same people before and after",
    Design.TWO_GROUPS: "two groups",
    Design.AGAINST_HEALTHY: "people with the condition and healthy people",
}
_ANALYSES = {
    False: "negative binomial model, ratio of rates, as 'twitchwise cohort compare' has it",
    True: "t-test of the logarithm of each person's ratio, as 'twitchwise cohort change' has it",
}
_NOTICE = "Research and education software, not a medical device."


def plan_as_text(plan: StudyPlan, rendered: "Rendered | None" = None) -> str:
    """Return a plan as plain text."""
    parts = [_heading(plan), _table(plan), *_recommended(plan), *_errors(plan)]
    if rendered is not None:
        parts.append("\n".join(_rendered(rendered)))
    parts.append("What this rests on:\n" + "\n".join(_supported(plan.support)))
    if plan.warnings:
        parts.append("Mind:\n" + "\n".join(_listed(plan.warnings)))
    parts.append("What it cannot know:\n" + "\n".join(_listed(plan.limits)))
    return "\n\n".join([*parts, _NOTICE])


def _heading(plan: StudyPlan) -> str:
    wanted = plan.wanted
    times = ", at each of the two times" if wanted.design is Design.BEFORE_AFTER else ""
    return "\n".join(
        [
            f"{plan.quantity.replace('_', ' ').capitalize()}, {plan.subject}: {plan.change}",
            f"Design: {_DESIGNS[wanted.design]}; visits of each person: {wanted.visits}{times}",
            *([f"Analysis: {_ANALYSES[wanted.by_logarithms]}"] if plan.rows[0].minutes is not None else []),
            f"Power {wanted.power:.0%}, alpha {wanted.alpha:g} (two-sided), drop-out {wanted.dropout:.0%}",
        ]
    )


def _table(plan: StudyPlan) -> str:
    rows = [_cells(row, plan.wanted) for row in plan.rows]
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    lines = ["  ".join(name.rjust(widths[name]) for name in names)]
    lines += ["  ".join(row[name].rjust(widths[name]) for name in names) for row in rows]
    return "\n".join(lines)


def _cells(row: Row, wanted: Wanted) -> dict[str, str]:
    who = "people" if wanted.design.n_groups == 1 else "people in each group"
    affordable = "" if row.affordable is None else f"{_share(row.at_affordable)} with {row.affordable}"
    return {
        "minutes": "" if row.minutes is None else f"{row.minutes:g}",
        who: _needed(row),
        "to enroll in all": "" if row.enrolled is None else f"{row.enrolled}",
        "recording": _hours(row.recording_h),
        "visits": _hours(row.visits_h),
        "power": _share(row.needed.power),
        "false finds": "" if row.false_positives is None else f"{row.false_positives.value:.0%}",
        "no event": "" if row.without_events is None else f"{row.without_events:.0%}",
        f"power with {wanted.subjects}": _share(row.at_subjects),
        "power in the budget": affordable,
    }


def _needed(row: Row) -> str:
    needed = row.needed
    if needed.n is None:
        return f"more than {MOST}"
    return f"{needed.n} ({needed.low}-{needed.high})"


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:.1f} h"


def _share(share: Estimate | None) -> str:
    return "" if share is None else f"{share.value:.2f} ({share.low:.2f}-{share.high:.2f})"


def _recommended(plan: StudyPlan) -> Iterator[str]:
    if plan.cheapest is None:
        yield "None of these reaches the power that is wanted."
    elif plan.rows[plan.cheapest].minutes is not None:
        yield _wrapped(_cheapest(plan.rows[plan.cheapest], plan.wanted))
    if plan.fits is False:
        yield _wrapped(_best_in_budget(plan))
    for ends in (row.if_spread for row in plan.rows if row.if_spread is not None):
        low, high = (f"more than {MOST}" if one is None else str(one) for one in ends)
        yield _wrapped(f"At the ends of the 95 % interval of the pilot's spread it would be {low} to {high} people.")


def _cheapest(row: Row, wanted: Wanted) -> str:
    groups = "" if wanted.design.n_groups == 1 else " in each group"
    visits = wanted.n_visits(row.needed.n or 0)
    return (
        f"Cheapest: {row.minutes:g} minutes a visit and {row.needed.n} people{groups} who stay to the end "
        f"({row.enrolled} enrolled): {visits} visits, {_hours(row.recording_h)} of recording and "
        f"{_hours(row.visits_h)} of visits with {wanted.setup:g} minutes beside each recording."
    )


def _best_in_budget(plan: StudyPlan) -> str:
    able = [row for row in plan.rows if row.at_affordable is not None]
    begin = f"That is more than the {plan.wanted.budget_h:g} hours that there are"
    if not able:
        return f"{begin}, which do not suffice for a study at all."
    best = max(able, key=lambda row: row.at_affordable.value if row.at_affordable is not None else 0.0)
    return (
        f"{begin}; the most that they give is a power of {_share(best.at_affordable)} with "
        f"{best.minutes:g} minutes and {best.affordable} people."
    )


def _errors(plan: StudyPlan) -> Iterator[str]:
    studies = min(row.needed.n_studies for row in plan.rows)
    said = (
        f"In brackets: 95 % intervals of a power counted of {studies} or more drawn studies, and the numbers of people "
        "between which the answer lies as far as these tell."
    )
    shares = [row.of_people for row in plan.rows if row.of_people is not None and not math.isnan(row.of_people)]
    if any(row.false_positives is not None for row in plan.rows):
        said += " False finds: share of studies that find a change where there is none."
    if shares:
        said += f" With other simulated people the numbers would differ by about {max(shares):.0%} (standard error)."
    yield _wrapped(said)


def _rendered(rendered: "Rendered") -> Iterator[str]:
    minutes = sum(one.minutes for one in rendered.people)
    yield _wrapped(
        f"The detector, on {len(rendered.people)} people rendered with one pair of electrodes ({minutes:g} minutes): "
        f"true events found {_share(rendered.sensitivity)}, "
        f"false alarms a minute {_share(rendered.false_alarms_per_min)}."
    )
    for one in rendered.people:
        became = one.refused or f"{one.n_matched} found, {one.n_found - one.n_matched} false"
        yield f"  seed {one.seed}: {one.n_true} true events, {became}"


def _supported(support: Sequence[Support]) -> Iterator[str]:
    for one in support:
        yield textwrap.fill(f"{one.what}: {one.value}", WIDTH, initial_indent="  - ", subsequent_indent="    ")
        yield textwrap.fill(f"from {one.source}", WIDTH, initial_indent="      ", subsequent_indent="      ")


def _listed(sentences: "Iterator[str] | Sequence[str]") -> Iterator[str]:
    for sentence in sentences:
        yield textwrap.fill(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def plan_as_plain(plan: StudyPlan, rendered: "Rendered | None" = None) -> dict[str, object]:
    """Return a plan as plain values for JSON; what is not known or infinite is ``None``."""
    wanted = plan.wanted
    plain: dict[str, object] = {
        "quantity": plan.quantity,
        "unit": plan.unit,
        "subject": plan.subject,
        "change": plan.change,
        "design": wanted.design.value,
        "power": wanted.power,
        "alpha": wanted.alpha,
        "analysis": "log-ratios" if wanted.by_logarithms else "rates",
        "visits": wanted.visits,
        "dropout": wanted.dropout,
        "setup_min": wanted.setup,
        "budget_h": wanted.budget_h,
        "seed": wanted.seed,
        "rows": [_plain_row(row) for row in plan.rows],
        "cheapest": plan.cheapest,
        "fits_budget": plan.fits,
        "support": [{"what": one.what, "value": one.value, "source": one.source} for one in plan.support],
        "limits": list(plan.limits),
        "warnings": list(plan.warnings),
    }
    return plain if rendered is None else {**plain, "rendered": _plain_rendered(rendered)}


def _plain_row(row: Row) -> dict[str, object]:
    return {
        "minutes": row.minutes,
        "n": row.needed.n,
        "n_low": row.needed.low,
        "n_high": row.needed.high,
        "power": _plain(row.needed.power),
        "n_studies": row.needed.n_studies,
        "enrolled": row.enrolled,
        "recording_h": row.recording_h,
        "visits_h": row.visits_h,
        "power_at_subjects": _plain(row.at_subjects),
        "affordable": row.affordable,
        "power_at_affordable": _plain(row.at_affordable),
        "false_positives": _plain(row.false_positives),
        "share_without_events": row.without_events,
        "standard_error_of_people": _finite(row.of_people),
        "n_at_ends_of_spread": None if row.if_spread is None else list(row.if_spread),
    }


def _plain_rendered(rendered: "Rendered") -> dict[str, object]:
    return {
        "sensitivity": _plain(rendered.sensitivity),
        "false_alarms_per_min": _plain(rendered.false_alarms_per_min),
        "people": [
            {
                "seed": one.seed,
                "minutes": one.minutes,
                "n_true": one.n_true,
                "n_found": one.n_found,
                "n_matched": one.n_matched,
                "refused": one.refused,
            }
            for one in rendered.people
        ],
    }


def _plain(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {"value": _finite(estimate.value), "low": _finite(estimate.low), "high": _finite(estimate.high)}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
