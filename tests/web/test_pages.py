"""Every page by its address: what it asks, what it keeps, and what it says when it cannot go on."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from twitchwise.assess import Question
from twitchwise.assess.questions import STOP_SENTENCE
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import Sex, UnreadableCaseError, Urgency
from twitchwise.web import application
from twitchwise.web.order import emergency_signs
from twitchwise.web.path import RARELY_MORE, next_page
from twitchwise.web.visit import Visit
from twitchwise.web.visit_store import VisitStore

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]


def visit_of(app: FastAPI, person: Person) -> Visit:
    store = app.state.visits
    assert isinstance(store, VisitStore)
    return store.get(person.token)


class TestStart:
    def test_it_says_what_it_cannot_do_and_what_becomes_of_the_answers(self, client: TestClient, read: Read) -> None:
        page = read(client.get("/"))
        assert page.title == "Check a muscle twitch \u2013 twitchwise"
        for said in ("What it cannot do", "stay on this computer", "It is not a medical device", "999, 112 or 911"):
            assert said in page.text

    def test_the_button_opens_a_visit_at_the_emergency_signs(self, client: TestClient, app: FastAPI) -> None:
        response = client.post("/visit")
        assert response.status_code == 303
        assert response.headers["location"].endswith("/emergency")
        assert len(app.state.visits) == 1

    def test_looking_at_the_start_opens_no_visit(self, client: TestClient, app: FastAPI) -> None:
        client.get("/")
        assert len(app.state.visits) == 0


class TestEmergencySigns:
    @pytest.mark.parametrize(
        "place",
        [
            *("words", "understood", "about", "question/fasciculation", "recording", "check", "result", "act"),
            *("report.html", "report.json"),
        ],
    )
    def test_nothing_comes_before_them(self, newcomer: Person, place: str) -> None:
        assert newcomer.place_after(newcomer.get(place)) == "emergency"

    @pytest.mark.parametrize("place", ["about", "question/fasciculation", "recording", "recording/remove"])
    def test_no_answer_is_taken_before_them(self, newcomer: Person, place: str) -> None:
        assert newcomer.place_after(newcomer.post(place, answer="present")) == "emergency"

    def test_all_of_them_stand_on_one_page(self, newcomer: Person, knowledge: Library, read: Read) -> None:
        page = read(newcomer.get("emergency"))
        signs = emergency_signs(knowledge.findings)
        assert len(signs) >= 10
        assert all(sign.asked.question in page.text for sign in signs if sign.asked)
        assert page.text.index("None of these") > page.text.index(signs[-1].asked.question if signs[-1].asked else "")

    @pytest.mark.parametrize("ticked", [[], ["face_droop", "none"], ["stress"], ["x" * 1000]])
    def test_a_page_that_cannot_be_meant_says_so(self, newcomer: Person, read: Read, ticked: list[str]) -> None:
        response = newcomer.post("emergency", signs=ticked)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert "There is a problem" in page.text
        assert newcomer.place_after(newcomer.get("result")) == "emergency"

    def test_none_of_them_leads_on(self, newcomer: Person) -> None:
        assert newcomer.place_after(newcomer.post("emergency", signs="none")) == "words"
        assert newcomer.place_after(newcomer.get("act")) == "words"

    def test_every_one_of_them_leads_at_once_to_what_to_do(
        self, newcomer: Person, knowledge: Library, read: Read
    ) -> None:
        for sign in emergency_signs(knowledge.findings):
            assert newcomer.place_after(newcomer.post("emergency", signs=sign.id)) == "act"
            page = read(newcomer.get("act"))
            assert any(heading in page.text for heading in ("Get emergency help now", "Get medical help today"))
            assert sign.plain[1:] in page.text

    def test_the_rule_gives_its_reason_and_source(self, newcomer: Person, knowledge: Library, read: Read) -> None:
        newcomer.post("emergency", signs="face_droop")
        page = read(newcomer.get("act"))
        assert knowledge.rules["stroke_signs"].because in page.text
        assert any(link.startswith("https://") for link in page.links)

    def test_one_can_go_on_or_correct(self, newcomer: Person, read: Read) -> None:
        newcomer.post("emergency", signs="face_droop")
        links = read(newcomer.get("act")).links
        assert newcomer.url("emergency") in links
        assert newcomer.url("words") in links

    def test_the_way_on_leads_to_what_is_still_open(self, newcomer: Person, knowledge: Library, read: Read) -> None:
        newcomer.post("emergency", signs="face_droop")
        newcomer.at_the_questions()
        newcomer.post("question/fasciculation", answer="absent")
        links = read(newcomer.get("act")).links
        assert newcomer.url("question/fasciculation") not in links
        page = next_page(newcomer.client.app.state.visits.get(newcomer.token), knowledge)
        assert page is None or newcomer.url(f"question/{page.id}") in links
        answer_all(newcomer, knowledge)
        assert newcomer.url("recording") in read(newcomer.get("act")).links

    def test_an_emergency_stays_in_sight_on_every_page(self, newcomer: Person, read: Read) -> None:
        newcomer.post("emergency", signs="face_droop")
        for place in ("about", "question/fasciculation", "recording", "check", "result", "erase"):
            assert newcomer.url("act") in read(newcomer.get(place)).links

    def test_what_was_ticked_is_ticked_when_one_comes_back(self, newcomer: Person) -> None:
        newcomer.post("emergency", signs=["face_droop", "severe_breathing_difficulty"])
        assert newcomer.get("emergency").text.count(" checked") == 2
        newcomer.post("emergency", signs="none")
        assert newcomer.get("emergency").text.count(" checked") == 1

    def test_correcting_from_the_check_page_leads_back_to_it(self, newcomer: Person) -> None:
        assert newcomer.place_after(newcomer.post("emergency?from=check", signs="none")) == "check"

    def test_a_sign_that_no_rule_speaks_of_is_taken_as_an_emergency(self, small_folder: Path) -> None:
        sign = (small_folder / "findings" / "choking.yaml").read_text().replace("choking", "collapse")
        (small_folder / "findings" / "collapse.yaml").write_text(sign)
        app = application(Library(small_folder))
        with TestClient(app, base_url="http://localhost") as client:
            start = client.post("/visit").url
            assert "Get emergency help now" in client.post(start, data={"signs": "collapse"}).text


class TestAbout:
    def test_age_and_sex_are_kept(self, app: FastAPI, person: Person, knowledge: Library) -> None:
        response = person.post("about", age="44", sex="female")
        visit = visit_of(app, person)
        first = next_page(visit, knowledge)
        assert first is not None
        assert person.place_after(response) == f"question/{first.id}"
        assert (visit.age_years, visit.sex) == (44, Sex.FEMALE)
        page = person.get("about").text
        assert 'value="44"' in page
        assert page.count(" checked") == 1

    def test_both_may_stay_open(self, app: FastAPI, person: Person) -> None:
        assert person.post("about").status_code == 303
        assert visit_of(app, person).age_years is None

    @pytest.mark.parametrize(
        ("form", "field"), [({"age": "old"}, "age"), ({"sex": "x"}, "sex"), ({"age": "999"}, "age")]
    )
    def test_a_slip_is_named_and_what_was_typed_stays(
        self, person: Person, read: Read, form: dict[str, str], field: str
    ) -> None:
        response = person.post("about", **form)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert f"{field}-error" in page.ids
        assert ('value="old"' in response.text) == (form == {"age": "old"})

    def test_what_was_typed_is_shown_as_text_alone(self, person: Person) -> None:
        response = person.post("about", age='"><b onfocus="x">')
        assert response.status_code == 422
        assert "<b onfocus" not in response.text
        assert "&lt;b onfocus" in response.text

    def test_from_the_check_page_it_leads_back(self, person: Person) -> None:
        assert person.place_after(person.post("about?from=check", age="50")) == "check"


def answer_next(person: Person, page: Question, answer: str = "absent") -> "httpx.Response":
    """Answer a page of questions: one answer for a single question, "none of these" for a checklist."""
    if page.is_checklist:
        answer = "none"
    elif page.findings[0].answer is Answer.NUMBER:
        answer = "1"
    response: httpx.Response = person.post(f"question/{page.id}", answer=answer)
    assert response.status_code == 303
    return response


def answer_all(person: Person, knowledge: Library) -> "httpx.Response":
    """Answer every page that comes with "no", and return the answer to the last one."""
    response = person.post("about")
    for _ in range(len(knowledge.findings)):
        page = next_page(person.client.app.state.visits.get(person.token), knowledge)
        if page is None:
            return response  # type: ignore[no-any-return]  # a person's client is of any type
        response = answer_next(person, page)
    pytest.fail("the questions have no end")


class TestQuestion:
    def test_one_question_stands_on_a_page_with_its_help_and_how_far_one_is(
        self, person: Person, knowledge: Library, read: Read
    ) -> None:
        finding = knowledge.findings["fasciculation"]
        page = read(person.get("question/fasciculation"))
        assert finding.asked is not None
        assert page.title == f"{finding.asked.question} \u2013 twitchwise"
        assert finding.asked.help in page.text
        assert "Question 1." in page.text
        assert person.url("result") in page.links

    def test_no_total_is_promised(self, person: Person, read: Read) -> None:
        text = read(person.get("question/fasciculation")).text
        assert "Question 1." in text
        assert f"rarely more than {RARELY_MORE}." in text
        assert " of about " not in text

    def test_the_next_page_is_what_is_worth_most_and_back_is_what_was_answered_before(
        self, person: Person, knowledge: Library, read: Read
    ) -> None:
        place = person.place_after(person.at_the_questions().post("about"))
        assert person.url("about") in read(person.get(place)).links
        for number in (2, 3):
            before = place
            page = next_page(person.client.app.state.visits.get(person.token), knowledge)
            assert page is not None
            assert place == f"question/{page.id}"
            place = person.place_after(answer_next(person, page))
            shown = read(person.get(place))
            assert f"Question {number}." in shown.text
            assert person.url(before) in shown.links

    def test_an_answered_page_can_be_opened_and_changed_and_leads_on_to_what_is_open(
        self, app: FastAPI, person: Person, knowledge: Library
    ) -> None:
        first = next_page(visit_of(app, person.at_the_questions()), knowledge)
        assert first is not None
        second = person.place_after(answer_next(person, first))
        assert " checked" in person.get(f"question/{first.id}").text
        assert person.place_after(answer_next(person, first)) == second != f"question/{first.id}"
        assert [*visit_of(app, person).pages] == [first.id]

    def test_when_nothing_is_worth_asking_it_says_so_and_goes_on(
        self, person: Person, knowledge: Library, read: Read
    ) -> None:
        assert STOP_SENTENCE not in read(person.get("recording")).text
        response = answer_all(person, knowledge)
        assert person.place_after(response) == "recording"
        for place in ("recording", "check"):
            assert STOP_SENTENCE in read(person.get(place)).text
        last = [*person.client.app.state.visits.get(person.token).pages][-1]
        assert person.url(f"question/{last}") in read(person.get("recording")).links

    @pytest.mark.parametrize("answer", ["", "maybe", "44"])
    def test_no_answer_is_no_way_on(self, person: Person, read: Read, answer: str) -> None:
        response = person.post("question/fasciculation", answer=answer)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert "#answer-1" in page.links
        assert "answer-1" in page.ids

    def test_a_number_is_asked_with_its_unit_and_kept(self, app: FastAPI, person: Person, read: Read) -> None:
        page = person.get("question/twitch_duration")
        assert "days" in read(page).text
        assert person.post("question/twitch_duration", answer="12,5").status_code == 303
        assert visit_of(app, person).answers["twitch_duration"] == "12.5"
        assert 'value="12.5"' in person.get("question/twitch_duration").text

    def test_a_number_may_be_unknown(self, app: FastAPI, person: Person) -> None:
        assert person.post("question/twitch_duration", unknown="not_assessed").status_code == 303
        assert visit_of(app, person).answers["twitch_duration"] == "not_assessed"
        assert person.get("question/twitch_duration").text.count(" checked") == 1

    @pytest.mark.parametrize("answer", ["", "many", "-3", "1e4", "nan", "inf", "999999999"])
    def test_a_number_that_cannot_be_is_refused(self, person: Person, read: Read, answer: str) -> None:
        response = person.post("question/twitch_duration", answer=answer)
        assert response.status_code == 422
        assert "#answer" in read(response).links

    @pytest.mark.parametrize("name", ["nothing", "fasciculation_rate", "FASCICULATION", "..", "%00"])
    def test_a_question_that_is_none_is_not_found(self, person: Person, name: str) -> None:
        assert person.get(f"question/{name}").status_code in {404, 405}
        assert person.post(f"question/{name}", answer="present").status_code in {404, 405}

    def test_a_sign_leads_to_the_page_of_the_signs(self, person: Person) -> None:
        assert person.place_after(person.get("question/face_droop")) == "emergency"

    def test_a_question_that_makes_no_sense_is_not_asked(self, person: Person) -> None:
        person.post("question/fasciculation", answer="absent")
        assert person.place_after(person.get("question/twitch_in_one_place")) == "check"

    def test_an_answer_from_an_old_page_that_makes_no_sense_is_not_lost_silently(
        self, person: Person, read: Read
    ) -> None:
        person.post("question/fasciculation", answer="absent")
        response = person.post("question/twitch_in_one_place", answer="present")
        assert response.status_code == 422
        assert "rules this one out" in read(response).text

    def test_two_answers_that_contradict_each_other_are_named(
        self, person: Person, knowledge: Library, read: Read
    ) -> None:
        person.post("question/twitch_in_one_place", answer="present")
        response = person.post("question/twitch_in_many_places", answer="present")
        assert response.status_code == 422
        assert knowledge.findings["twitch_in_one_place"].plain in read(response).text
        assert person.post("question/twitch_in_many_places", answer="not_assessed").status_code == 303

    def test_changing_an_answer_leads_back_to_the_check_page(self, person: Person, read: Read) -> None:
        page = person.get("question/fasciculation?from=check")
        assert person.url("check") in read(page).links
        assert person.place_after(person.post("question/fasciculation?from=check", answer="present")) == "check"

    def test_an_answer_that_turns_it_into_an_emergency_leads_at_once_to_what_to_do(
        self, newcomer: Person, knowledge: Library
    ) -> None:
        newcomer.post("emergency", signs="pesticide_exposure")
        assert newcomer.place_after(newcomer.post("question/fasciculation", answer="present")) == "act"
        assert knowledge.rules["pesticide_with_muscle_signs"].because in newcomer.get("act").text


class TestChecklist:
    def test_it_shows_boxes_with_none_of_these_and_i_do_not_know(self, talker: Person, read: Read) -> None:
        response = talker.get("question/habits")
        page = read(response)
        assert page.title.startswith("Which of these fit you?")
        for said in ("Much coffee", "Much tea", "None of these", "I don't know", "Tick all that fit."):
            assert said in page.text
        assert response.text.count('type="checkbox"') == 4
        assert response.text.count(" checked") == 0

    @pytest.mark.parametrize(
        ("ticked", "kept", "shown"),
        [
            ("coffee", {"coffee": "present", "tea": "absent"}, "Much coffee"),
            (["coffee", "tea"], {"coffee": "present", "tea": "present"}, "Much coffee; Much tea"),
            ("none", {"coffee": "absent", "tea": "absent"}, "None of these"),
            ("not_assessed", {"coffee": "not_assessed", "tea": "not_assessed"}, "I don't know"),
        ],
    )
    def test_each_answer_is_kept_shown_and_can_be_changed(
        self, talker: Person, read: Read, ticked: str | list[str], kept: dict[str, str], shown: str
    ) -> None:
        assert talker.post("question/habits", answer=ticked).status_code == 303
        answers = talker.client.app.state.visits.get(talker.token).answers
        assert {name: answers[name] for name in kept} == kept
        assert talker.get("question/habits").text.count(" checked") == (2 if isinstance(ticked, list) else 1)
        page = read(talker.get("check"))
        assert shown in page.text
        assert f"{talker.url('question/habits')}?from=check" in page.links
        assert talker.place_after(talker.post("question/habits?from=check", answer="tea")) == "check"

    @pytest.mark.parametrize("ticked", [[], ["coffee", "none"], ["none", "not_assessed"], ["twitch"], ["x" * 1000]])
    def test_a_page_that_cannot_be_meant_says_so_and_keeps_the_ticks(
        self, talker: Person, read: Read, ticked: list[str]
    ) -> None:
        response = talker.post("question/habits", answer=ticked)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert {"answer-1", "answer-error"} <= page.ids
        assert response.text.count(" checked") == ("coffee" in ticked)

    def test_ticks_that_contradict_each_other_are_named(self, small_folder: Path, talking: Library) -> None:
        tea = small_folder / "findings" / "tea.yaml"
        tea.write_text(tea.read_text(encoding="utf-8") + "excludes: [coffee]\n", encoding="utf-8")
        app = application(Library(talking.folder))
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
            visit = client.post("/visit").headers["location"].removesuffix("/emergency")
            client.post(f"{visit}/emergency", data={"signs": "none"})
            response = client.post(f"{visit}/question/habits", data={"answer": ["coffee", "tea"]})
        assert response.status_code == 422
        assert "does not go with your answer about" in response.text

    def test_a_checklist_with_nothing_left_leads_to_the_check_page(self, talker: Person) -> None:
        for name in ("coffee", "tea"):
            talker.post(f"question/{name}", answer="absent")
        assert talker.place_after(talker.get("question/habits")) == "check"


class TestCheck:
    def test_every_answer_stands_there_with_a_way_to_change_it(self, person: Person, read: Read) -> None:
        person.post("about", age="44", sex="male")
        person.post("question/fasciculation", answer="present")
        person.post("question/twitch_duration", answer="40")
        person.post("question/stress", answer="not_assessed")
        page = read(person.get("check"))
        for said in (
            "None of these",
            "44 years",
            "Male",
            "Yes",
            "40 days",
            "I don't know",
            "Some questions are still open",
        ):
            assert said in page.text
        for place in ("emergency", "about", "question/fasciculation", "question/twitch_duration", "question/stress"):
            assert f"{person.url(place)}?from=check" in page.links

    def test_without_answers_it_says_so(self, person: Person, read: Read) -> None:
        page = read(person.get("check"))
        assert "You have not answered a question yet" in page.text
        assert "Not given" in page.text
        assert person.url("result") in page.links

    def test_with_all_answers_nothing_is_open(self, person: Person, knowledge: Library, read: Read) -> None:
        answer_all(person, knowledge)
        assert "still open" not in read(person.get("check")).text

    def test_signs_are_shown_in_plain_words(self, newcomer: Person, knowledge: Library, read: Read) -> None:
        newcomer.post("emergency", signs="face_droop")
        assert knowledge.findings["face_droop"].plain[1:] in read(newcomer.get("check")).text


class TestErase:
    def test_it_asks_first(self, newcomer: Person, read: Read) -> None:
        page = read(newcomer.get("erase"))
        assert "cannot be undone" in page.text
        assert newcomer.url("emergency") in page.links

    def test_then_everything_is_gone(self, client: TestClient, app: FastAPI, person: Person) -> None:
        response = person.post("erase")
        assert (response.status_code, response.headers["location"]) == (303, "/erased")
        assert response.headers["clear-site-data"] == '"cache"'
        assert len(app.state.visits) == 0
        assert "Everything is erased" in client.get("/erased").text
        for place in ("emergency", "about", "question/fasciculation", "recording", "check", "result", "report.json"):
            assert person.get(place).status_code == 404

    def test_erasing_twice_is_no_mistake(self, person: Person) -> None:
        assert person.post("erase").status_code == person.post("erase").status_code == 303


class TestRefusals:
    @pytest.mark.parametrize(
        "place", ["/nowhere", "/visit", "/visit/x", "/visit/x/check", "/visit/x/erase", "/visit//check"]
    )
    def test_a_page_that_is_not_there_says_so_in_plain_words(self, client: TestClient, place: str) -> None:
        response = client.get(place)
        assert response.status_code in {404, 405}
        assert "text/html" in response.headers["content-type"]
        assert "Go to the start" in response.text

    def test_a_form_that_cannot_be_read_is_refused(self, newcomer: Person) -> None:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        response = newcomer.client.post(newcomer.url("emergency"), content=b"--y\r\nnonsense", headers=headers)
        assert response.status_code == 400
        assert "was not understood" in response.text

    def test_a_fault_of_the_program_shows_no_trace(self, knowledge: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        app = application(knowledge)

        def fail() -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(app.state.visits, "open", fail)
        with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
            response = client.post("/visit")
        assert response.status_code == 500
        assert "secret detail" not in response.text
        assert "Traceback" not in response.text
        assert response.headers["content-security-policy"].startswith("default-src 'none'")

    def test_what_cannot_be_judged_is_one_sentence_and_no_fault(
        self, person: Person, monkeypatch: pytest.MonkeyPatch, read: Read
    ) -> None:
        def refuse(*_: object) -> None:
            raise UnreadableCaseError("two answers contradict each other.")

        monkeypatch.setattr("twitchwise.web.routes.result.examine_case", refuse)
        for place in ("result", "report.html", "report.json"):
            response = person.get(place)
            assert response.status_code == 422
            assert "Two answers contradict each other." in read(response).text

    def test_no_page_has_a_script_but_the_one_that_sends_files(self, person: Person) -> None:
        person.post("words", text="My calf twitches.")
        for place in (
            *("emergency", "words", "understood", "about", "question/fasciculation", "recording", "check"),
            *("result", "erase"),
        ):
            page = person.get(place).text
            scripts = re.findall(r"<script[^>]*>", page)
            # sending a film takes minutes, of which only a script can tell how many are left
            assert all('src="/static/' in script for script in scripts) if place == "recording" else not scripts
            assert " style=" not in page
            assert "onclick" not in page

    def test_urgency_is_never_below_what_the_rules_say(self, newcomer: Person) -> None:
        newcomer.post("emergency", signs="face_droop")
        assert newcomer.get("report.json").json()["urgency"]["level"] == Urgency.EMERGENCY.word
