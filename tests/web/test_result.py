from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from twitchwise.assess import Case, Observation, Question, RuleReason
from twitchwise.assess.urgency import urgency_of
from twitchwise.examine import examine_case
from twitchwise.knowledge import Library
from twitchwise.report.wording import CARE_CARDS, CONTRIBUTORS_LEAD, HEADINGS, TOGETHER_LEAD
from twitchwise.vocabulary import FindingState, Urgency
from twitchwise.web import application
from twitchwise.web.path import next_page, page_named
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


def visit_with(knowledge: Library, **answers: str) -> Visit:
    visit = Visit().with_signs(frozenset(), knowledge.findings)
    for name, said in answers.items():
        visit = visit.with_answers(name, {name: said}, knowledge.findings)
    return visit


def some_page(knowledge: Library) -> Question:
    page = page_named("fasciculation", Visit(), knowledge)
    assert page is not None
    return page


def test_without_the_answers_that_matter_the_card_does_not_say_that_all_is_well() -> None:
    card = unfinished(CARE_CARDS[Urgency.SELF_CARE])
    assert "Some questions are still open" in card.lead
    assert card.heading != CARE_CARDS[Urgency.SELF_CARE].heading


def test_a_result_is_finished_when_nothing_is_worth_asking_any_more(knowledge: Library) -> None:
    findings, visit = knowledge.findings, visit_with(knowledge)
    while (page := next_page(visit, knowledge)) is not None:
        visit = visit.with_answers(page.id, {one.id: "not_assessed" for one in page.findings}, findings)
    result = result_of(examine_case(visit.case(findings), [], knowledge), next_page(visit, knowledge))
    assert not result.is_unfinished
    assert result.card is result.story.card


def test_a_result_above_self_care_is_never_called_unfinished(knowledge: Library) -> None:
    case = visit_with(knowledge, muscle_wasting="present").case(knowledge.findings)
    result = result_of(examine_case(case, [], knowledge), some_page(knowledge))
    assert result.story.level is Urgency.SOON
    assert not result.is_unfinished
    assert result.card is result.story.card


def test_what_would_call_for_help_sooner_is_on_the_page(person: Person, read: Read, knowledge: Library) -> None:
    page = read(answer(person, muscle_wasting="present").get("result"))
    case = visit_with(knowledge, muscle_wasting="present").case(knowledge.findings)
    story = result_of(examine_case(case, [], knowledge), None).story
    assert story.would_change
    assert HEADINGS.would_change in page.text
    for line in story.would_change:
        assert line[1:] in page.text


def test_whether_the_causes_can_be_told_apart_is_said(person: Person, read: Read, knowledge: Library) -> None:
    text = read(answer(person, **TWITCH_ALONE).get("result")).text
    case = visit_with(knowledge, **TWITCH_ALONE).case(knowledge.findings)
    assert examine_case(case, [], knowledge).assessment.separation.because in text


def test_what_may_add_to_it_stands_apart_from_the_causes(talker: Person, read: Read) -> None:
    before = read(talker.get("result")).text
    assert HEADINGS.contributors not in before
    talker.post("question/habits", answer="coffee")
    text = read(talker.get("result")).text
    begin = text.index(CONTRIBUTORS_LEAD)
    assert text.index("Something we do not know of") < begin
    assert "Much coffee" in text[begin:]


def test_causes_that_may_be_there_together_are_named(small_folder: Path) -> None:
    nearly_all = small_folder / "parameters" / "assessment_together_from.yaml"
    nearly_all.write_text(nearly_all.read_text().replace("value: 0.5", "value: 0"), encoding="utf-8")
    with TestClient(application(Library(small_folder)), base_url="http://localhost") as client:
        visit = str(client.post("/visit").url).removesuffix("/emergency")
        client.post(f"{visit}/emergency", data={"signs": "none"})
        client.post(f"{visit}/question/twitch", data={"answer": "present"})
        assert f"{TOGETHER_LEAD} Sick nerve." in client.get(f"{visit}/result").text


class TestComingBack:
    def test_the_first_result_and_one_that_is_loaded_anew_say_nothing_of_an_earlier_one(self, person: Person) -> None:
        answer(person, fasciculation="present")
        for _ in range(3):
            assert 'id="learned"' not in person.get("result").text

    def test_a_changed_answer_is_said_once(self, person: Person, read: Read) -> None:
        answer(person, fasciculation="present").get("result")
        answer(person, muscle_wasting="present")
        text = read(person.get("result")).text
        assert "the last check" in text
        assert "the advice is another one" in text
        assert 'id="learned"' not in person.get("result").text

    def test_the_same_answers_given_again_are_nothing_new(self, person: Person, read: Read) -> None:
        answer(person, fasciculation="present").get("result")
        answer(person, fasciculation="present")
        assert "Nothing new was learned since the last check" in read(person.get("result")).text

    def test_it_is_kept_in_the_visit_alone(self, person: Person, client: TestClient) -> None:
        answer(person, fasciculation="present").get("result")
        other = str(client.post("/visit").headers["location"]).removesuffix("/emergency")
        client.post(f"{other}/emergency", data={"signs": "none"})
        assert 'id="learned"' not in client.get(f"{other}/result").text


def test_in_an_emergency_nothing_is_more_urgent(newcomer: Person, read: Read) -> None:
    newcomer.post("emergency", signs="face_droop")
    text = read(newcomer.get("result")).text
    assert "Get emergency help now" in text
    assert "Nothing. Get help now." in text


def test_a_text_that_nobody_has_reviewed_says_so(person: Person, read: Read) -> None:
    assert "No doctor has checked the medical text" in read(person.get("result")).text


def test_what_was_said_is_there_for_the_doctor(person: Person, read: Read) -> None:
    text = read(answer(person, fasciculation="present", twitch_duration="40", stress="absent").get("result")).text
    told = text[text.index("What to tell a doctor") :]
    assert "40 days" in told
    assert "What you said no to" in told
    assert HEADINGS.not_asked in told


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
