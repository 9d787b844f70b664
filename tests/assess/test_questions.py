"""The next question: emergency signs first, then by worth, and an end that is said aloud."""

import math
from pathlib import Path

import pytest

from twitchwise.assess import Case, Observation, next_question, open_questions
from twitchwise.assess.questions import in_order
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState

PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT


def case_of(**states: FindingState) -> Case:
    return Case(observations={name: Observation(finding=name, state=state) for name, state in states.items()})


def test_emergency_signs_come_before_all_else(small_library: Library) -> None:
    question = next_question(Case(), small_library)
    assert question is not None
    assert [finding.id for finding in question.findings] == ["choking"]
    assert question.worth == math.inf


def test_after_the_signs_the_question_that_is_worth_most_comes(small_library: Library) -> None:
    question = next_question(case_of(choking=ABSENT), small_library)
    assert question is not None
    assert question.id == "twitch"


def test_what_was_asked_and_stayed_open_is_not_asked_again(small_library: Library) -> None:
    question = next_question(case_of(choking=ABSENT), small_library, asked=frozenset({"twitch"}))
    assert question is None or question.id != "twitch"


def test_a_finding_that_would_raise_the_urgency_is_worth_asking(small_library: Library) -> None:
    """A weak muscle with loss of dexterity calls for help soon, so the one is worth asking when the other is there."""
    asked = frozenset({"strong", "days", "coffee"})
    without = next_question(case_of(choking=ABSENT, twitch=PRESENT), small_library, asked=asked | {"weak"})
    question = next_question(case_of(choking=ABSENT, twitch=PRESENT, weak=PRESENT), small_library, asked=asked)
    assert question is not None
    assert question.id == "drops"
    assert without is None or without.worth < question.worth


def test_asking_ends_when_nothing_is_worth_it(small_library: Library) -> None:
    everything = frozenset(small_library.findings)
    assert next_question(Case(), small_library, asked=everything) is None


def test_findings_of_a_checklist_are_asked_together(small_folder: Path) -> None:
    """With nothing too small to ask, the one finding that is left comes on its checklist's page."""
    file = small_folder / "parameters" / "question_least_worth.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 0.02", "value: 0"), encoding="utf-8")
    library = Library(small_folder)
    question = next_question(Case(), library, asked=frozenset(set(library.findings) - {"coffee"}))
    assert question is not None
    assert (question.id, question.text) == ("habits", "Which of these fit you?")
    assert question.is_checklist


@pytest.mark.parametrize("state", [PRESENT, ABSENT])
def test_a_question_that_makes_no_sense_is_not_open(small_library: Library, state: FindingState) -> None:
    names = {finding.id for finding in open_questions(case_of(twitch=state), small_library.findings)}
    assert ("days" in names) is (state is PRESENT)
    assert "twitch" not in names


def test_what_excludes_a_finding_that_is_there_is_not_open(small_library: Library) -> None:
    names = {finding.id for finding in open_questions(case_of(strong=PRESENT, twitch=PRESENT), small_library.findings)}
    assert "stiff" not in names


def test_all_questions_have_an_order_with_signs_first(small_library: Library) -> None:
    assert in_order(small_library.findings)[0].emergency_sign
