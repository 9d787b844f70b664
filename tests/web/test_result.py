from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from twitchwise.assess import Case, Observation, RuleReason
from twitchwise.assess.urgency import urgency_of
from twitchwise.examine import examine_case
from twitchwise.knowledge import Library
from twitchwise.report.wording import CARE_CARDS
from twitchwise.vocabulary import FindingState, Urgency
from twitchwise.web.order import questions
from twitchwise.web.reasons import is_disputed
from twitchwise.web.result_view import result_of, unfinished
from twitchwise.web.visit import Visit

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]
TWITCH_ALONE = {"fasciculation": "present", "twitch_in_one_place": "present", "eyelid_twitch": "absent"}


def answer(person: Person, **answers: str) -> Person:
    for name, said in answers.items():
        assert person.post(f"question/{name}", answer=said).status_code == 303
    return person


def reason(rule: str, level: Urgency, *differs_from: str) -> RuleReason:
    return RuleReason(
        rule=rule, label=rule, level=level, because=rule, sources=(), findings=(), differs_from=differs_from
    )


def test_how_soon_to_get_help_comes_before_everything_else(person: Person, read: Read) -> None:
    text = read(answer(person, **TWITCH_ALONE, muscle_wasting="present", muscle_weakness="present").get("result")).text
    card = text.index("See a doctor soon")
    assert card < text.index("Why") < text.index("What was measured") < text.index("What may cause it")


def test_every_reason_has_its_source(person: Person, read: Read, knowledge: Library) -> None:
    page = read(answer(person, fasciculation="present", muscle_wasting="present").get("result"))
    rule = knowledge.rules["wasted_muscle"]
    assert rule.because in page.text
    source = knowledge.sources[rule.evidence[0].source]
    assert source.title in page.text


def test_every_cause_has_a_word_a_number_and_a_range(person: Person, read: Read) -> None:
    text = read(answer(person, **TWITCH_ALONE).get("result")).text
    assert "between" in text
    assert "%" in text
    assert "Something we do not know of" in text


def test_nobody_is_sent_home_on_answers_that_are_not_there(person: Person, read: Read) -> None:
    for page in (read(person.get("result")), read(answer(person, **TWITCH_ALONE).get("result"))):
        assert "No sign of an emergency so far" in page.text
        assert "You can look after this yourself" not in page.text
        assert any("/question/" in link for link in page.links)


def test_one_open_question_is_spoken_of_as_one() -> None:
    assert "1 question is still open" in unfinished(CARE_CARDS[Urgency.SELF_CARE], 1).lead


def test_a_result_is_finished_when_every_question_that_fits_is_answered(knowledge: Library) -> None:
    findings, visit = knowledge.findings, Visit().with_signs(frozenset(), knowledge.findings)
    while left := [one for one in questions(visit.case(findings), findings) if one.id not in visit.answers]:
        visit = visit.with_answer(left[0].id, "not_assessed", findings)
    result = result_of(examine_case(visit.case(findings), [], knowledge), visit)
    assert not result.open
    assert not result.is_unfinished
    assert result.card is result.story.card


def test_what_would_change_the_advice_is_only_what_is_more_urgent(knowledge: Library) -> None:
    findings = knowledge.findings
    visit = Visit().with_signs(frozenset(), findings).with_answer("muscle_wasting", "present", findings)
    result = result_of(examine_case(visit.case(findings), [], knowledge), visit)
    assert result.story.level is Urgency.SOON
    assert [change.heading for change in result.changes] == ["Get emergency help now", "Get medical help today"]
    assert all(change.signs for change in result.changes)


def test_in_an_emergency_nothing_is_more_urgent(newcomer: Person, read: Read) -> None:
    newcomer.post("emergency", signs="face_droop")
    text = read(newcomer.get("result")).text
    assert "Get emergency help now" in text
    assert "Nothing. Get help now." in text


def test_no_sign_is_named_twice(knowledge: Library) -> None:
    result = result_of(examine_case(Case(), [], knowledge), Visit())
    for change in result.changes:
        assert len(set(change.signs)) == len(change.signs)


def test_a_text_that_nobody_has_reviewed_says_so(person: Person, read: Read) -> None:
    assert "No doctor has checked the medical text" in read(person.get("result")).text


def test_what_was_said_is_there_for_the_doctor(person: Person, read: Read) -> None:
    text = read(answer(person, fasciculation="present", twitch_duration="40", stress="absent").get("result")).text
    told = text[text.index("What to tell a doctor") :]
    assert "40 days" in told
    assert "What you said no to" in told
    assert "What was not asked or not known" in told


def test_rules_that_disagree_are_said_to(person: Person, read: Read, knowledge: Library) -> None:
    for rule in knowledge.rules.values():
        for other in rule.differs_from:
            assert other in knowledge.rules
    text = read(answer(person, **TWITCH_ALONE, twitch_duration="40").get("result")).text
    assert "Good sources do not say quite the same here" in text


def test_only_rules_that_apply_at_different_levels_are_in_dispute() -> None:
    first = reason("a", Urgency.ROUTINE, "b")
    assert is_disputed([first, reason("b", Urgency.SELF_CARE)])
    assert not is_disputed([first, reason("b", Urgency.ROUTINE)])
    assert not is_disputed([first, reason("c", Urgency.SELF_CARE)])


def test_the_report_is_sent_as_a_file_of_its_own(person: Person) -> None:
    response = answer(person, **TWITCH_ALONE).get("report.html")
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="twitchwise-report.html"'
    assert response.text.lower().startswith("<!doctype html>")


def test_the_data_are_sent_as_json_with_the_same_urgency(person: Person) -> None:
    response = answer(person, **TWITCH_ALONE, muscle_wasting="present").get("report.json")
    assert response.headers["content-disposition"] == 'attachment; filename="twitchwise-result.json"'
    assert response.json()["urgency"]["level"] == "soon"
    assert response.json()["case"]["setting"] == "community"


@pytest.mark.parametrize("place", ["result", "report.html", "report.json", "check"])
def test_each_page_can_be_had_right_after_the_signs(person: Person, place: str) -> None:
    assert person.get(place).status_code == 200


def test_every_emergency_sign_alone_calls_for_help_today(knowledge: Library) -> None:
    for finding in knowledge.findings.values():
        if finding.emergency_sign:
            seen = Observation(finding=finding.id, state=FindingState.PRESENT)
            assert urgency_of(Case(observations={finding.id: seen}), knowledge.rules).level >= Urgency.SAME_DAY
