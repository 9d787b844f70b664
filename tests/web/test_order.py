import msgspec
import pytest

from twitchwise.assess import Case, Observation
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import FindingState
from twitchwise.web.order import against, emergency_signs, fits, is_question, rival


def asked(name: str, who: str = "person", **more: object) -> Finding:
    question = {"question": f"Is there {name}?", "who": who}
    content = {"id": name, "label": name, "plain": name, "kind": "symptom", "asked": question}
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
        asked("reflex_lost", who="professional", emergency_sign=True),
        asked("age", answer="number", unit="year"),
    )
}


def case_of(**states: str) -> Case:
    return Case(
        observations={name: Observation(finding=name, state=FindingState(state)) for name, state in states.items()}
    )


def fitting(**states: str) -> list[str]:
    case = case_of(**states)
    return [name for name, one in SMALL.items() if is_question(one) and fits(one, case, SMALL)]


def test_signs_that_anyone_can_tell_stand_together() -> None:
    assert [sign.id for sign in emergency_signs(SMALL)] == ["stroke"]


def test_what_only_a_doctor_can_tell_and_what_has_a_page_is_no_question() -> None:
    assert [name for name, one in SMALL.items() if is_question(one)] == [
        *("twitch", "one_place", "many_places", "spreads", "days")
    ]


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ({"twitch": "absent"}, ["twitch", "days"]),
        ({"twitch": "not_assessed"}, ["twitch", "one_place", "many_places", "spreads", "days"]),
        ({"twitch": "present", "one_place": "present"}, ["twitch", "one_place", "days"]),
        ({"many_places": "present"}, ["twitch", "many_places", "spreads", "days"]),
        ({"many_places": "absent"}, ["twitch", "one_place", "many_places", "days"]),
    ],
)
def test_a_question_that_makes_no_sense_does_not_fit(answers: dict[str, str], left: list[str]) -> None:
    assert fitting(**answers) == left


def test_a_rival_is_found_from_either_side() -> None:
    for there, other in (("one_place", "many_places"), ("many_places", "one_place")):
        assert rival(SMALL[other], case_of(**{there: "present"}), SMALL) is SMALL[there]


def test_what_speaks_against_a_finding_is_named_however_far_away_it_is() -> None:
    assert against(SMALL["spreads"], case_of(twitch="absent"), SMALL) is SMALL["twitch"]
    assert against(SMALL["spreads"], case_of(one_place="present"), SMALL) is SMALL["one_place"]
    assert against(SMALL["spreads"], case_of(twitch="present"), SMALL) is None
