"""Where it is can be pointed at: the place reaches the case, the checked answers and what follows from it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import PageReader, Person

from twitchwise.assess.implied import completed
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, Side
from twitchwise.web.body_map import SPOTS, place_of
from twitchwise.web.visit import Visit


def text_of(page: PageReader) -> str:
    return " ".join(page.texts)


@pytest.fixture
def twitching(person: Person) -> Person:
    """Return a person who said yes to twitches."""
    person.at_the_questions().post("question/fasciculation", answer="present")
    return person


@given(st.sets(st.sampled_from(sorted(SPOTS))))
def test_a_choice_names_each_site_once_and_a_side_only_where_all_have_one(chosen: set[str]) -> None:
    place = place_of(chosen)
    assert set(place.spots) == chosen
    assert len(set(place.sites)) == len(place.sites)
    sides = {SPOTS[one].side for one in chosen} - {None}
    assert place.side == (Side.BOTH if len(sides) > 1 else next(iter(sides), None))
    assert place == place_of(sorted(chosen, reverse=True))


def test_the_place_is_asked_after_a_yes_and_once(twitching: Person) -> None:
    assert (
        twitching.post("question/fasciculation", answer="present").headers["location"].endswith("where/fasciculation")
    )
    answered = twitching.post("where/fasciculation", spot="left_calf")
    assert "/where/" not in answered.headers["location"]
    again = twitching.post("question/fasciculation", answer="present")
    assert "/where/" not in again.headers["location"]


def test_the_place_is_shown_with_the_answers_and_can_be_changed(
    twitching: Person, read: Callable[..., PageReader]
) -> None:
    twitching.post("where/fasciculation", spot=["left_calf", "right_calf"])
    assert "Right calf; Left calf" in text_of(read(twitching.get("check")))
    changed = twitching.post("where/fasciculation?from=check", spot="left_eyelid")
    assert changed.headers["location"].endswith("/check")
    assert "Left eyelid" in text_of(read(twitching.get("check")))
    assert "checked" in twitching.get("where/fasciculation").text


def test_what_follows_from_a_place_is_known(knowledge: Library) -> None:
    visit = Visit(signs_asked=True).with_answers("fasciculation", {"fasciculation": "present"}, knowledge.findings)
    for spot, follows in (("right_eyelid", "eyelid_twitch"), ("left_calf", "calf_twitch")):
        case = visit.with_place("fasciculation", place_of([spot])).case(knowledge.findings)
        assert completed(case, knowledge.findings).state(follows) is FindingState.PRESENT


def test_a_place_counts_only_while_the_finding_is_there(knowledge: Library) -> None:
    visit = Visit(signs_asked=True).with_answers("fasciculation", {"fasciculation": "present"}, knowledge.findings)
    visit = visit.with_place("fasciculation", place_of(["left_calf"]))
    no = visit.with_answers("fasciculation", {"fasciculation": "absent"}, knowledge.findings)
    assert no.case(knowledge.findings).observations["fasciculation"].sites == ()


def test_i_cant_say_is_an_answer_and_nothing_is_not(twitching: Person, read: Callable[..., PageReader]) -> None:
    assert "I can't say" in text_of(read(twitching.post("where/fasciculation")))
    assert twitching.post("where/fasciculation", spot=["not_assessed", "left_calf"]).status_code == 422
    assert twitching.post("where/fasciculation", spot="third_arm").status_code == 422
    assert twitching.post("where/fasciculation", spot="not_assessed").status_code == 303
    assert "I can't say" in text_of(read(twitching.get("check")))


@pytest.mark.parametrize("name", ["fasciculation", "caffeine_intake", "nothing", "%2e%2e"])
def test_a_place_is_asked_of_nothing_that_is_not_there(person: Person, name: str) -> None:
    assert person.get(f"where/{name}").status_code == 404
