"""Plans of a study of a rate: with people whom the forward model draws, or with people who have a pilot's rates."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from twitchwise.cohort.power.asked import Of
from twitchwise.cohort.power.of_counts import CountQuestion, rows_of_counts, warnings_of_counts
from twitchwise.cohort.power.pilot import Chosen, PilotCounts, counts_of_pilot
from twitchwise.cohort.power.plan import Row, StudyPlan, Support, cheapest_of, row_of
from twitchwise.cohort.power.population import Population, people_at_hand, simulate_people
from twitchwise.cohort.power.studies import Detector
from twitchwise.cohort.power.support import (
    MISSED_LIMIT,
    MODEL_LIMIT,
    PILOT_LIMIT,
    RANDOM_LIMIT,
    STEADY_LIMIT,
    of_detector,
    of_parameter,
    of_population,
)
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.knowledge import library
from twitchwise.simulate.condition import HEALTHY, SCENES_IN_HEALTH, Setting
from twitchwise.vocabulary import OutOfRangeError

CALF = frozenset({"gastrocnemius", "soleus", "triceps_surae"})
"""Muscles in which rates repeat badly."""
_MOST_ALPHA = 20.0  # over-dispersion beyond which no rate is left to speak of
_VISITS = "spread of a person's rate between visits (standard deviation of the logarithm)"

Progress = Callable[[str, int, int], None]
"""Is told what is done, and how many of how many."""


def plan_of_people(setting: Setting, of: Of, progress: Progress | None = None) -> StudyPlan:
    """Return the plan of a study of people with a condition, as the forward model draws them.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, or its people do not have the events.
    """
    against_healthy = of.wanted.design is Design.AGAINST_HEALTHY
    if against_healthy and setting.condition in SCENES_IN_HEALTH:
        raise OutOfRangeError(f"condition must be none of health against healthy people, got {setting.condition!r}.")
    people = _simulated(setting, of, progress)
    healthy = None
    if against_healthy:
        healthy = _simulated(Setting(condition=HEALTHY, muscle=people.muscle), of, progress)
    given = of.assumptions
    spread_by = "study_visit_spread_calf" if people.muscle in CALF else "study_visit_spread"
    spread = library().value(spread_by) if given.visit_spread is None else given.visit_spread
    question = CountQuestion(
        people=people,
        healthy=healthy,
        effect=of.effect,
        minutes=given.minutes,
        visit_spread=spread,
        detector=given.detector,
    )
    support = (
        *(part for one in (people, healthy) if one is not None for part in of_population(one, max(given.minutes))),
        of_parameter(spread_by, given.visit_spread, _VISITS, "{:.2g}"),
        *of_detector(given.sensitivity, given.false_alarms_per_min),
    )
    muscle = "" if people.muscle is None else f", {people.muscle.replace('_', ' ')}"
    plan = _plan(of, question, f"{setting.condition}, severity {setting.severity:g}{muscle}", support, progress)
    return replace(plan, limits=(MODEL_LIMIT, RANDOM_LIMIT, STEADY_LIMIT, MISSED_LIMIT))


def plan_of_pilot(folder: Path, of: Of, chosen: Chosen, progress: Progress | None = None) -> StudyPlan:
    """Return the plan of a study of people who have the rates of a pilot study.

    Raises
    ------
    OutOfRangeError
        If the pilot has too few values, or cannot tell what differs between visits where that matters.
    """
    if of.wanted.design is Design.AGAINST_HEALTHY:
        raise OutOfRangeError(
            "design must be before-after or two-groups with a pilot, got 'against-healthy'; "
            "give the difference from healthy people as --ratio, with --design two-groups."
        )
    pilot = counts_of_pilot(folder, of.quantity, chosen)
    question = _by(pilot, of)
    plan = _plan(of, question, f"the pilot {folder.name}", _support_of_pilot(pilot, question), progress)
    rows = tuple(
        replace(row, if_spread=_at_ends(pilot, of, row)) if number == plan.cheapest else row
        for number, row in enumerate(plan.rows)
    )
    return replace(plan, rows=rows, limits=(PILOT_LIMIT, STEADY_LIMIT))


def _by(pilot: PilotCounts, of: Of) -> CountQuestion:
    return CountQuestion(
        people=pilot.people(of.assumptions.drawn_min(of.wanted), of.wanted.seed),
        effect=of.effect,
        minutes=of.assumptions.minutes,
        visit_spread=_visit_spread(pilot, of),
        detector=Detector(),  # the pilot's counts are what its detector found
    )


def _at_ends(pilot: PilotCounts, of: Of, row: Row) -> tuple[int | None, int | None] | None:
    """Return how many participants there would be with the ends of the interval of the pilot's over-dispersion."""
    alpha = pilot.over_dispersion
    if not alpha.value > 0 or row.minutes is None:
        return None
    studies = [
        _by(pilot.at_end(end), of).study(of.wanted, row.minutes) for end in (alpha.low, min(alpha.high, _MOST_ALPHA))
    ]
    low, high = (row_of(study, of.wanted, row.minutes, 100 + number).needed.n for number, study in enumerate(studies))
    return low, high


def _simulated(setting: Setting, of: Of, progress: Progress | None) -> Population:
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(f"people ({setting.condition})", done, total)

    return simulate_people(
        setting,
        of.quantity,
        n_people=of.assumptions.n_people or people_at_hand(setting),
        minutes=of.assumptions.drawn_min(of.wanted),
        seed=of.wanted.seed,
        progress=told,
    )


def _visit_spread(pilot: PilotCounts, of: Of) -> float:
    given = of.assumptions.visit_spread
    if given is not None:
        return given
    if not math.isnan(pilot.visit_spread):
        return pilot.visit_spread
    if of.wanted.design is Design.BEFORE_AFTER:
        raise OutOfRangeError(
            "visit_spread must be known for a study before and after, got a pilot of one visit only; "
            "give --visit-spread."
        )
    return 0.0  # it is part of what differs between participants


def _support_of_pilot(pilot: PilotCounts, question: CountQuestion) -> tuple[Support, ...]:
    source = f"the pilot: {pilot.n_counts} counts of {pilot.n_participants} participants"
    alpha = pilot.over_dispersion
    return (
        Support(what="mean rate as counted", value=f"{pilot.rate_per_min:.3g} per minute", source=source),
        Support(
            what="over-dispersion of the counts (negative binomial alpha)",
            value=f"{alpha.value:.3g} (95 % interval {alpha.low:.3g} to {alpha.high:.3g})",
            source=source,
        ),
        Support(
            what=_VISITS,
            value=f"{question.visit_spread:.2g}",
            source="as given" if math.isnan(pilot.visit_spread) else source,
        ),
    )


def _plan(
    of: Of, question: CountQuestion, subject: str, support: tuple[Support, ...], progress: Progress | None
) -> StudyPlan:
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress("lengths of a recording", done, total)

    rows = rows_of_counts(question, of.wanted, told)
    cheapest = cheapest_of(rows)
    change = f"{question.true_ratio:.3g} times the rate of healthy people" if of.effect is None else of.effect.written
    if of.effect is not None and of.effect.ratio is None:
        mean = question.people.rates_per_min.mean()
        change = f"{change}, from a mean of {mean:.3g} per minute (ratio {question.ratio:.3g})"
    return StudyPlan(
        quantity=of.quantity,
        unit="1/min",
        subject=subject,
        wanted=of.wanted,
        change=change,
        rows=rows,
        cheapest=cheapest,
        fits=_fits(rows, cheapest, of.wanted),
        support=support,
        limits=(),
        warnings=tuple(warnings_of_counts(question, rows, of.wanted.alpha)),
    )


def _fits(rows: Sequence[Row], cheapest: int | None, wanted: Wanted) -> bool | None:
    if wanted.budget_h is None:
        return None
    hours = math.inf if cheapest is None else rows[cheapest].visits_h
    return (math.inf if hours is None else hours) <= wanted.budget_h
