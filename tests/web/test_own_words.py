"""Own words: what is understood is shown back, corrected, and only then counts."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Observation
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Course, FindingState, Sex, Side
from twitchwise.web.forms import LONGEST_TEXT, FormRefusedError
from twitchwise.web.own_words import (
    MOST_QUOTED,
    agreed_in,
    details_of,
    heard_in,
    not_understood,
    person_in,
    time_in_words,
)
from twitchwise.web.visit import Visit

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]
PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT
STORY = "I am a 44-year-old woman. For three weeks my left calf has been twitching. My arm is not weak."


def visit_saying(text: str, known: Library) -> Visit:
    return Visit().with_signs(frozenset(), known.findings).with_text(text, known.findings)


def visit_of(person: Person) -> Visit:
    visit = person.client.app.state.visits.get(person.token)
    assert isinstance(visit, Visit)
    return visit


class TestUnderstanding:
    def test_findings_are_heard_with_what_is_told_of_them(self, talking: Library) -> None:
        heard = {one.finding.id: one for one in heard_in(visit_saying(STORY, talking), talking)}
        assert set(heard) == {"twitch", "weak"}
        assert heard["twitch"].is_there
        assert heard["twitch"].details == "calf, on the left, for 3 weeks"
        assert heard["twitch"].said == "For three weeks my left calf has been twitching"
        assert not heard["weak"].is_there
        assert all(one.is_kept for one in heard.values())

    def test_age_and_sex_are_left_to_their_page(self, talking: Library) -> None:
        (talking.folder / "findings" / "female_sex.yaml").write_text(
            "id: female_sex\nlabel: female sex\nplain: female\nkind: history\nsaid_as: [woman]\n"
            "asked: {question: 'Are you female?'}\n",
            encoding="utf-8",
        )
        known = Library(talking.folder)
        visit = visit_saying(STORY, known)
        assert "female_sex" not in {one.finding.id for one in heard_in(visit, known)}
        assert person_in(visit, known) == (44, Sex.FEMALE)

    def test_an_age_that_nobody_has_is_none(self, talking: Library) -> None:
        assert person_in(visit_saying("I am 999 years old.", talking), talking) == (None, None)

    def test_sentences_in_which_nothing_was_recognized_are_named(self, talking: Library) -> None:
        visit = visit_saying("My calf twitches. The moon is full!\nStill a full moon", talking)
        assert not_understood(visit, talking) == ("The moon is full", "Still a full moon")

    def test_a_time_longer_than_a_life_is_not_taken(self, talking: Library) -> None:
        visit = visit_saying(f"My calf has twitched for {'9' * 400} years.", talking)
        (heard,) = heard_in(visit, talking)
        assert heard.details == "calf"

    def test_a_long_sentence_is_cut_where_it_is_shown_back(self, talking: Library) -> None:
        (heard,) = heard_in(visit_saying(f"My calf twitches {'and so on ' * 100}", talking), talking)
        assert heard.said.startswith("My calf twitches and so on")
        assert heard.said.endswith(" …")
        assert len(heard.said) <= MOST_QUOTED

    @pytest.mark.parametrize(
        ("seen", "said"),
        [
            ({}, ""),
            ({"sites": ("whole_body",), "course": Course.COMES_AND_GOES}, "whole body, comes and goes"),
            ({"side": Side.BOTH, "duration_days": 0.25}, "on both sides, for 6 hours"),
        ],
    )
    def test_details_are_said_in_plain_words(self, seen: dict[str, Any], said: str) -> None:
        assert details_of(replace(Observation(finding="twitch", state=PRESENT), **seen)) == said

    @given(st.floats(0, 50000))
    def test_any_time_is_said_with_its_unit(self, days: float) -> None:
        assert time_in_words(days).split()[-1].removesuffix("s") in {"minute", "hour", "day", "week", "month", "year"}


class TestConflicts:
    def test_what_cannot_be_true_beside_the_rest_is_not_ticked(self, talking: Library) -> None:
        heard = heard_in(visit_saying("I am strong. My leg twitches and is stiff.", talking), talking)
        assert {one.finding.id: one.is_kept for one in heard} == {"strong": True, "twitch": True, "stiff": False}

    def test_what_an_earlier_answer_speaks_against_is_not_ticked(self, talking: Library) -> None:
        visit = visit_saying("My leg is stiff.", talking).with_answers("twitch", {"twitch": "absent"}, talking.findings)
        assert [one.is_kept for one in heard_in(visit, talking)] == [False]

    def test_keeping_both_is_refused_with_their_names(self, talking: Library) -> None:
        visit = visit_saying("I am strong. My leg twitches and is stiff.", talking)
        with pytest.raises(FormRefusedError, match=r"“full strength” does not go with .* “stiff muscles”"):
            agreed_in(visit, talking, frozenset({"strong", "stiff"}))

    def test_what_was_not_shown_cannot_be_agreed_to(self, talking: Library) -> None:
        with pytest.raises(FormRefusedError, match="from this page"):
            agreed_in(visit_saying("My leg twitches.", talking), talking, frozenset({"weak"}))


class TestPages:
    def test_the_words_come_after_the_signs_and_can_be_skipped(self, talker: Person, read: Read) -> None:
        assert talker.place_after(talker.post("emergency", signs="none")) == "words"
        page = read(talker.get("words"))
        assert page.title.startswith("In your own words")
        assert talker.url("about") in page.links
        assert talker.url("emergency") in page.links
        assert talker.place_after(talker.post("words", text="  ")) == "about"

    def test_without_words_there_is_nothing_to_understand(self, talker: Person) -> None:
        assert talker.place_after(talker.get("understood")) == "words"

    def test_what_was_understood_is_shown_back_ticked(self, talker: Person, read: Read) -> None:
        assert talker.place_after(talker.post("words", text=STORY)) == "understood"
        response = talker.get("understood")
        page = read(response)
        assert page.title.startswith("What we understood")
        for said in (
            "Twitches in a muscle",
            "Calf, on the left, for 3 weeks.",
            "A weak muscle",
            "You said: “My arm is not weak”",
            "We also read: 44 years, female.",
        ):
            assert said in page.text
        assert "What we did not understand" not in page.text
        assert page.text.index("You said yes to") < page.text.index("Twitches") < page.text.index("You said no to")
        assert response.text.count(" checked") == 2
        assert talker.url("words") in page.links

    def test_nothing_counts_before_it_is_agreed_to(self, talker: Person, read: Read) -> None:
        talker.post("words", text=STORY)
        assert "twitch" not in visit_of(talker).answers
        assert "None of your words count yet" in read(talker.get("check")).text

    def test_what_is_agreed_to_counts_and_what_is_unticked_does_not(self, talker: Person, read: Read) -> None:
        talker.post("words", text=STORY)
        assert talker.place_after(talker.post("understood", told="twitch")) == "about"
        visit = visit_of(talker)
        assert visit.answers["twitch"] == "present"
        assert "weak" not in visit.answers
        assert talker.get("understood").text.count(" checked") == 1
        page = read(talker.get("check"))
        assert "Yes: calf, on the left, for 3 weeks" in page.text
        assert f"{talker.url('understood')}?from=check" in page.links
        assert "None of your words count yet" not in page.text

    def test_age_and_sex_are_filled_in_and_kept_only_when_sent(self, talker: Person) -> None:
        talker.post("words", text=STORY)
        talker.post("understood", told="twitch")
        about = talker.get("about").text
        assert 'value="44"' in about
        assert about.count(" checked") == 1
        assert talker.url("understood") in about
        assert visit_of(talker).age_years is None
        assert "We also read" in talker.get("understood").text
        talker.post("about", age="", sex="skip")
        assert "We also read" not in talker.get("understood").text
        assert 'value="44"' not in talker.get("about").text

    def test_words_that_hold_nothing_known_are_said_to(self, talker: Person, read: Read) -> None:
        talker.post("words", text="The moon is full.")
        page = read(talker.get("understood"))
        assert "We found nothing that we know in your words" in page.text
        assert "“The moon is full”" in page.text
        assert talker.place_after(talker.post("understood")) == "about"

    def test_an_emergency_sign_in_words_is_asked_about_and_leads_to_help(self, talker: Person, read: Read) -> None:
        talker.post("words", text="I am choking.")
        page = read(talker.get("understood"))
        assert "Do you have this right now?" in page.text
        assert talker.get("understood").text.count(" checked") == 1
        assert talker.place_after(talker.post("understood", told="choking")) == "act"
        assert "Get emergency help now" in talker.get("act").text
        assert talker.url("about") in read(talker.get("act")).links

    def test_a_sign_that_is_not_there_now_changes_nothing(self, talker: Person) -> None:
        talker.post("words", text="I am choking.")
        assert talker.place_after(talker.post("understood")) == "about"
        assert visit_of(talker).answers["choking"] == "absent"

    def test_a_sign_that_was_ticked_is_not_shown_again(self, talker: Person, read: Read) -> None:
        talker.post("emergency", signs="choking")
        talker.post("words", text="I am choking and not strong.")
        text = read(talker.get("understood")).text
        assert "right now" not in text
        talker.post("understood")
        assert visit_of(talker).answers["choking"] == "present"

    @pytest.mark.parametrize("told", [["x"], ["twitch", "weak", "rate"], ["strong", "stiff"]])
    def test_a_page_that_cannot_be_meant_says_so(self, talker: Person, read: Read, told: list[str]) -> None:
        talker.post("words", text="I am strong. My leg twitches and is stiff.")
        response = talker.post("understood", told=told)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= page.ids
        assert "twitch" not in visit_of(talker).answers

    def test_a_text_may_be_long_but_not_endless(self, talker: Person, read: Read) -> None:
        assert talker.post("words", text="ä" * LONGEST_TEXT).status_code == 303
        response = talker.post("words", text="ä" * LONGEST_TEXT + "\r\nx")
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert "Use up to 5,000 letters. You have used 5,002." in page.text
        assert "ä\nx</textarea>" in response.text.replace("\r\n", "\n")
        assert len(visit_of(talker).text) == LONGEST_TEXT

    def test_lines_are_kept_and_signs_that_cannot_be_seen_are_not(self, talker: Person) -> None:
        talker.post("words", text="one\r\ntwo\x00\u202e<b>")
        assert visit_of(talker).text == "one\ntwo<b>"
        assert "two&lt;b&gt;</textarea>" in talker.get("words").text

    def test_other_words_take_the_place_of_the_first(self, talker: Person) -> None:
        talker.post("words", text="My calf twitches.")
        talker.post("understood", told="twitch")
        talker.post("words", text="My arm is weak.")
        assert "twitch" not in visit_of(talker).answers
        talker.post("understood", told="weak")
        assert visit_of(talker).answers["weak"] == "present"
        assert talker.place_after(talker.post("words", text="")) == "about"
        assert "weak" not in visit_of(talker).answers

    def test_from_the_check_page_it_leads_back(self, talker: Person, read: Read) -> None:
        talker.at_the_questions()
        assert f"{talker.url('words')}?from=check" in read(talker.get("check")).links
        assert talker.place_after(talker.post("words?from=check", text=STORY)) == "understood?from=check"
        assert talker.place_after(talker.post("understood?from=check", told="twitch")) == "check"
        assert talker.place_after(talker.post("words?from=check", text="")) == "check"

    def test_nothing_of_it_comes_before_the_signs(self, newcomer: Person) -> None:
        for place in ("words", "understood"):
            assert newcomer.place_after(newcomer.get(place)) == "emergency"
            assert newcomer.place_after(newcomer.post(place, text="x", told="x")) == "emergency"

    def test_erasing_takes_the_words_too(self, talker: Person) -> None:
        talker.post("words", text=STORY)
        talker.post("erase")
        assert talker.get("words").status_code == 404
