"""A visit: what an answer drops, what own words add and take back, and when there is something new to say."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Observation, assess_case
from twitchwise.assess.case import contradictions
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import FindingState, Side
from twitchwise.web.order import fits, is_question
from twitchwise.web.visit import Visit

FINDINGS = library().findings
ASKED = [finding for finding in FINDINGS.values() if is_question(finding)]
PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT

LEFT_TWITCH = Observation(finding="twitch", state=PRESENT, side=Side.LEFT)


def visit_with(known: Library, *answers: tuple[str, str]) -> Visit:
    visit = Visit().with_signs(frozenset(), known.findings)
    for name, answer in answers:
        visit = visit.with_answers(name, {name: answer}, known.findings)
    return visit


def test_an_answer_drops_what_it_makes_senseless(small_library: Library) -> None:
    visit = visit_with(
        small_library, ("twitch", "present"), ("stiff", "present"), ("weak", "absent"), ("twitch", "absent")
    )
    assert dict(visit.answers) == {"choking": "absent", "twitch": "absent", "weak": "absent"}
    assert list(visit.pages) == ["twitch", "weak"]


def test_a_page_keeps_its_place_when_it_is_answered_again(small_library: Library) -> None:
    visit = visit_with(small_library, ("twitch", "present"), ("weak", "absent"), ("twitch", "not_assessed"))
    assert list(visit.pages) == ["twitch", "weak"]


def test_signs_that_are_not_ticked_are_not_there(small_library: Library) -> None:
    findings = small_library.findings
    visit = Visit().with_signs(frozenset(), findings)
    assert visit.signs_asked
    assert visit.case(findings).state("choking") is ABSENT
    assert visit.with_signs(frozenset({"choking"}), findings).case(findings).state("choking") is PRESENT


def test_a_recording_that_is_not_there_is_not_missed() -> None:
    assert Visit().without_recording(3) == Visit()


def test_what_is_told_counts_with_its_details_until_it_is_answered_otherwise(small_library: Library) -> None:
    findings = small_library.findings
    visit = visit_with(small_library).with_text("left twitch", findings).with_told({"twitch": LEFT_TWITCH}, findings)
    assert visit.case(findings).observations["twitch"].side is Side.LEFT
    assert visit.told_only == {"twitch"}
    visit = visit.with_answers("twitch", {"twitch": "absent"}, findings)
    assert visit.case(findings).state("twitch") is ABSENT
    assert visit.told_only == frozenset()


def test_other_words_take_back_what_the_first_ones_told(small_library: Library) -> None:
    findings = small_library.findings
    visit = visit_with(small_library, ("weak", "present")).with_text("a", findings)
    visit = visit.with_told({"twitch": LEFT_TWITCH}, findings)
    assert visit.with_text("a", findings) == visit
    other = visit.with_text("b", findings)
    assert (other.told_asked, dict(other.told)) == (False, {})
    assert dict(other.answers) == {"choking": "absent", "weak": "present"}
    assert visit.with_text("", findings).told_asked


def test_a_sign_that_was_told_falls_back_to_its_page_and_one_that_was_ticked_stays(small_library: Library) -> None:
    findings = small_library.findings
    choking = {"choking": Observation(finding="choking", state=PRESENT)}
    visit = visit_with(small_library).with_text("choking", findings).with_told(choking, findings)
    assert visit.case(findings).state("choking") is PRESENT
    assert visit.with_told({}, findings).case(findings).state("choking") is ABSENT
    ticked = visit.with_signs(frozenset({"choking"}), findings).with_text("other", findings)
    assert ticked.case(findings).state("choking") is PRESENT


CHANGES: dict[str, Callable[[Visit, Library], Visit]] = {
    "signs": lambda visit, known: visit.with_signs(frozenset(), known.findings),
    "text": lambda visit, known: visit.with_text("other", known.findings),
    "told": lambda visit, known: visit.with_told({}, known.findings),
    "answers": lambda visit, known: visit.with_answers("weak", {"weak": "present"}, known.findings),
    "person": lambda visit, _: visit.with_person(44, None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_result_each_change_is_noticed(small_library: Library, change: str) -> None:
    visit = visit_with(small_library)
    case = visit.case(small_library.findings)
    shown = visit.with_shown(case, assess_case(case, small_library))
    assert not shown.revised
    assert CHANGES[change](shown, small_library).revised
    assert CHANGES[change](shown, small_library).shown == shown.shown


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(
    answers=st.lists(
        st.tuples(st.sampled_from(ASKED), st.sampled_from(["present", "absent", "not_assessed"])), max_size=40
    )
)
def test_whatever_is_answered_the_case_never_contradicts_itself(answers: list[tuple[Finding, str]]) -> None:
    visit = Visit().with_signs(frozenset(), FINDINGS)
    for finding, answer in answers:
        if fits(finding, visit.case(FINDINGS), FINDINGS):
            said = "1" if finding.answer is Answer.NUMBER else answer
            visit = visit.with_answers(finding.id, {finding.id: said}, FINDINGS)
        case = visit.case(FINDINGS)
        assert not list(contradictions(case, FINDINGS))
        assert all(fits(FINDINGS[name], case, FINDINGS) for name in visit.answers)
