"""The laws that no knowledge file and no answer may break, on all that is shipped."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Case, Observation, assess_case
from twitchwise.assess.case import contradictions
from twitchwise.assess.causes import main_shares, rank_causes
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import urgency_of
from twitchwise.examine.case_file import case_from_plain
from twitchwise.knowledge import library
from twitchwise.knowledge.laws import broken_laws
from twitchwise.knowledge.schema import Answer, Band, Finding, Rule
from twitchwise.vocabulary import FindingState, Setting, Urgency

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

KNOWN = library()
FINDINGS = dict(KNOWN.findings)
YES_NO = sorted(name for name, finding in FINDINGS.items() if finding.answer is Answer.YES_NO)


def observation(finding: Finding, state: FindingState, number: float) -> Observation:
    value = number if finding.answer is Answer.NUMBER and state is FindingState.PRESENT else None
    return Observation(finding=finding.id, state=state, value=value, low=value, high=value)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Give cases of any findings in any state, in any setting, that do not contradict themselves."""
    names = draw(st.lists(st.sampled_from(sorted(FINDINGS)), unique=True, max_size=15))
    states = {name: draw(st.sampled_from(list(FindingState))) for name in names}
    number = draw(st.floats(0, 300))
    seen = {name: observation(FINDINGS[name], state, number) for name, state in states.items()}
    case = Case(observations=seen, setting=draw(st.sampled_from(list(Setting))))
    wrong = {name for name, _ in contradictions(case, FINDINGS)}
    return Case(observations={n: o for n, o in seen.items() if n not in wrong}, setting=case.setting)


def test_every_shipped_file_is_sound() -> None:
    assert [str(breach) for breach in broken_laws(KNOWN)] == []


@given(cases())
def test_probabilities_lie_inside_zero_and_one_and_sum_to_one(case: Case) -> None:
    ranking = rank_causes(case, KNOWN)
    probabilities = [cause.probability for cause in ranking.causes] + [ranking.not_covered.probability]
    assert sum(one.value for one in probabilities) == pytest.approx(1)
    for one in (*probabilities, *(trigger.probability for trigger in ranking.contributors)):
        assert 0 < one.low <= one.value <= one.high < 1


@given(cases())
def test_shares_that_weigh_questions_are_the_probabilities_of_the_ranking(case: Case) -> None:
    ranked = {cause.id: cause.probability.value for cause in rank_causes(case, KNOWN).causes}
    assert main_shares(case, KNOWN) == pytest.approx(ranked, rel=1e-9, abs=1e-300)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_findings_is_irrelevant(case: Case, shuffler: random.Random) -> None:
    items = list(case.observations.items())
    shuffler.shuffle(items)
    assert assess_case(Case(observations=dict(items), setting=case.setting), KNOWN) == assess_case(case, KNOWN)


@given(cases(), st.sampled_from(sorted(FINDINGS)))
def test_what_was_not_assessed_changes_nothing(case: Case, name: str) -> None:
    if name in case.observations:
        return
    more = case.with_observations({name: observation(FINDINGS[name], FindingState.NOT_ASSESSED, 0)})
    assert assess_case(more, KNOWN) == assess_case(case, KNOWN)


@given(cases(), st.sampled_from(sorted(KNOWN.conditions)), st.data())
def test_a_supporting_finding_never_lowers_its_condition(case: Case, condition: str, data: st.DataObject) -> None:
    """Measured by the condition's own odds against something not covered here."""
    link = data.draw(st.sampled_from(KNOWN.conditions[condition].findings))
    if link.finding in case.observations or isinstance(link.state, Band):
        return
    more = case.with_observations({link.finding: observation(FINDINGS[link.finding], FindingState.PRESENT, 0)})
    rankings = [rank_causes(one, KNOWN) for one in (case, more)]
    before, after = (
        next(cause for cause in (*ranking.causes, *ranking.contributors) if cause.id == condition)
        for ranking in rankings
    )
    weight = next(weight for weight in after.reasons if weight.finding == link.finding)
    change = after.score.mean - before.score.mean
    assert change >= -1e-9 if weight.log_ratio.mean >= 0 else change <= 1e-9


@given(cases(), st.sampled_from(YES_NO))
def test_one_more_present_finding_never_lowers_the_urgency(case: Case, name: str) -> None:
    if name in case.observations:
        return
    more = case.with_observations({name: observation(FINDINGS[name], FindingState.PRESENT, 0)})
    assert urgency_of(more, KNOWN.rules).level >= urgency_of(case, KNOWN.rules).level


def test_no_pair_of_findings_is_less_urgent_than_one_of_them() -> None:
    """Judged by the rules that look at one of the two; the others could only raise it further."""

    def level(*names: str) -> Urgency:
        seen = {name: observation(FINDINGS[name], FindingState.PRESENT, 1000.0) for name in names}
        rules = {rule.id: rule for name in names for rule in looking_at[name]}
        return urgency_of(Case(observations=seen), rules).level

    looking_at: dict[str, list[Rule]] = {name: [] for name in FINDINGS}
    for rule in KNOWN.rules.values():
        for name in {when.finding for when in (*rule.all_of, *rule.any_of, *rule.unless)}:
            looking_at[name].append(rule)
    alone = {name: level(name) for name in FINDINGS}
    for first, second in itertools.combinations(sorted(FINDINGS), 2):
        assert level(first, second) >= max(alone[first], alone[second]), (first, second)


@pytest.mark.parametrize("name", sorted(name for name, finding in FINDINGS.items() if finding.emergency_sign))
def test_each_emergency_sign_alone_calls_for_help_the_same_day_or_now(name: str) -> None:
    case = Case(observations={name: observation(FINDINGS[name], FindingState.PRESENT, 0)})
    assert urgency_of(case, KNOWN.rules).level >= Urgency.SAME_DAY


def test_every_reason_for_an_urgency_has_a_source() -> None:
    for rule in KNOWN.rules.values():
        assert all(evidence.source in KNOWN.sources for evidence in rule.evidence)


RED_FLAGS = [(name, flag) for name, condition in KNOWN.conditions.items() for flag in condition.red_flags]


@pytest.mark.parametrize(("name", "flag"), RED_FLAGS, ids=[f"{name}-{flag}" for name, flag in RED_FLAGS])
def test_each_listed_red_flag_is_raised_in_a_typical_case(name: str, flag: str) -> None:
    case = case_from_plain(KNOWN.vignettes[f"{name}_typical"].case, FINDINGS)
    more = case.with_observations({flag: observation(FINDINGS[flag], FindingState.PRESENT, 1000.0)})
    found = urgency_of(completed(more, FINDINGS), KNOWN.rules)
    assert found.level >= Urgency.SOON
