import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Case
from twitchwise.assess.case import contradictions
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import FindingState
from twitchwise.web.order import emergency_signs, fits, is_question, questions, rival
from twitchwise.web.visit import Visit

FINDINGS = library().findings
ASKED = [finding for finding in FINDINGS.values() if is_question(finding)]


def asked(name: str, **more: object) -> Finding:
    content = {"id": name, "label": name, "plain": name, "kind": "symptom", "asked": {"question": f"Is there {name}?"}}
    return msgspec.convert({**content, **more}, Finding)


SMALL = {
    finding.id: finding
    for finding in (
        asked("twitch", ask_order=1),
        asked("one_place", ask_order=2, requires="twitch", excludes=["many_places"]),
        asked("many_places", ask_order=3, requires="twitch"),
        asked("spreads", ask_order=4, requires="many_places"),
        asked("days", ask_order=5, answer="number", unit="day"),
        asked("stroke", emergency_sign=True),
        msgspec.convert(
            {
                "id": "rate",
                "label": "rate",
                "plain": "rate",
                "kind": "measurement",
                "answer": "number",
                "unit": "1/min",
                "measured": {"by": "rate"},
            },
            Finding,
        ),
    )
}


def ids(found: tuple[Finding, ...]) -> list[str]:
    return [finding.id for finding in found]


def visit_with(*answers: tuple[str, str]) -> Visit:
    visit = Visit()
    for name, answer in answers:
        visit = visit.with_answer(name, answer, SMALL)
    return visit


def test_signs_are_asked_together_and_other_questions_in_their_order() -> None:
    assert ids(emergency_signs(SMALL)) == ["stroke"]
    assert ids(questions(Case(), SMALL)) == ["twitch", "one_place", "many_places", "spreads", "days"]


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ([("twitch", "absent")], ["twitch", "days"]),
        ([("twitch", "not_assessed")], ["twitch", "one_place", "many_places", "spreads", "days"]),
        ([("twitch", "present"), ("one_place", "present")], ["twitch", "one_place", "days"]),
        ([("many_places", "present")], ["twitch", "many_places", "spreads", "days"]),
        ([("many_places", "absent")], ["twitch", "one_place", "many_places", "days"]),
    ],
)
def test_a_question_that_makes_no_sense_is_left_out(answers: list[tuple[str, str]], left: list[str]) -> None:
    assert ids(questions(visit_with(*answers).case(SMALL), SMALL)) == left


def test_a_rival_is_found_from_either_side() -> None:
    for there, other in (("one_place", "many_places"), ("many_places", "one_place")):
        found = rival(SMALL[other], visit_with((there, "present")).case(SMALL), SMALL)
        assert found is SMALL[there]


def test_an_answer_drops_what_it_makes_senseless() -> None:
    visit = visit_with(("twitch", "present"), ("one_place", "present"), ("days", "3"), ("twitch", "absent"))
    assert dict(visit.answers) == {"twitch": "absent", "days": "3"}


def test_signs_that_are_not_ticked_are_not_there() -> None:
    visit = Visit().with_signs(frozenset(), SMALL)
    assert visit.signs_asked
    assert visit.case(SMALL).state("stroke") is FindingState.ABSENT
    assert visit.with_signs(frozenset({"stroke"}), SMALL).case(SMALL).state("stroke") is FindingState.PRESENT


def test_a_recording_that_is_not_there_is_not_missed() -> None:
    assert Visit().without_recording(3) == Visit()


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
            visit = visit.with_answer(finding.id, said, FINDINGS)
        case = visit.case(FINDINGS)
        assert not list(contradictions(case, FINDINGS))
        assert all(fits(FINDINGS[name], case, FINDINGS) for name in visit.answers)
