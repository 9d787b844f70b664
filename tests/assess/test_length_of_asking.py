"""A check is short: simulated people who answer as a vignette says are asked a median of at most 15 questions."""

import functools
import statistics

import pytest

from twitchwise.assess import Case, Observation, assess_case, next_question
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import urgency_of
from twitchwise.examine.case_file import case_from_plain
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import FindingState, Urgency

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

KNOWN = library()
MOST_IN_THE_MIDDLE = 15
MOST = 30
EVERY = 6  # of the vignettes, in the order of their names; the benchmark asks them all


def interviewed(truth: Case) -> tuple[int, Case]:
    """Return how many questions a person is asked who answers as a case says, and no to all else, and their case."""
    full = completed(truth, KNOWN.findings)
    case = Case(setting=truth.setting, age_years=truth.age_years, sex=truth.sex)
    asked, count = frozenset[str](), 0
    while (question := next_question(completed(case, KNOWN.findings), KNOWN, asked=asked)) is not None:
        count += 1
        answers = {
            finding.id: full.observations.get(finding.id, Observation(finding=finding.id, state=FindingState.ABSENT))
            for finding in question.findings
            if finding.id in full.observations or finding.answer is Answer.YES_NO
        }
        case = case.with_observations(answers)
        asked |= {finding.id for finding in question.findings}
        if urgency_of(completed(case, KNOWN.findings), KNOWN.rules).level is Urgency.EMERGENCY:
            break
    return count, case


def only_a_person_could_tell(case: Case) -> bool:
    return all(KNOWN.findings[name].asked_of_anyone for name in case.observations)


@functools.cache  # called by the tests, so that coverage does not trace it
def interviews() -> list[tuple[str, int, Case, Case]]:
    found = []
    for name in sorted(KNOWN.vignettes)[::EVERY]:
        truth = case_from_plain(KNOWN.vignettes[name].case, KNOWN.findings)
        count, case = interviewed(truth)
        found.append((name, count, truth, case))
    return found


def test_the_median_check_needs_at_most_fifteen_questions() -> None:
    counts = [count for _, count, _, _ in interviews()]
    assert statistics.median(counts) <= MOST_IN_THE_MIDDLE
    assert max(counts) <= MOST


def test_what_a_person_could_tell_is_asked_before_help_is_put_off() -> None:
    """Stopping early must not lower the advice, where everything in the vignette is something a person can tell."""
    late = [
        name
        for name, _, truth, case in interviews()
        if only_a_person_could_tell(truth)
        and assess_case(case, KNOWN).urgency.level < assess_case(truth, KNOWN).urgency.level
    ]
    assert late == []
