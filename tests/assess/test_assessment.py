"""The whole answer says what was not asked, and asks emergency signs first."""

import pytest

from twitchwise.assess import Case, Observation, assess_case, next_question, open_questions
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, UnreadableCaseError


def case_of(**states: FindingState) -> Case:
    return Case(observations={name: Observation(finding=name, state=state) for name, state in states.items()})


def test_a_question_that_makes_no_sense_is_not_asked(small_library: Library) -> None:
    names = [finding.id for finding in open_questions(case_of(twitch=FindingState.ABSENT), small_library.findings)]
    assert "days" not in names
    assert "stiff" not in names
    assert "weak" in names


def test_what_can_only_be_measured_is_not_asked(small_library: Library) -> None:
    assert "rate" not in {finding.id for finding in open_questions(Case(), small_library.findings)}


def test_nothing_is_left_to_ask_in_the_end(small_library: Library) -> None:
    answered = case_of(**dict.fromkeys(small_library.findings, FindingState.ABSENT))
    assert next_question(answered, small_library) is None


def test_an_unanswered_case_says_so(small_library: Library) -> None:
    found = assess_case(Case(), small_library)
    assert found.emergency_signs_not_asked == ("choking",)
    assert found.not_assessed[0] == "choking"
    assert len(found.warnings) == 2
    assert "Nothing was answered" in found.warnings[1]


def test_a_case_whose_signs_were_asked_has_no_warning(small_library: Library) -> None:
    found = assess_case(case_of(choking=FindingState.ABSENT), small_library)
    assert found.warnings == ()
    assert found.emergency_signs_not_asked == ()


def test_a_contradicting_case_is_refused(small_library: Library) -> None:
    with pytest.raises(UnreadableCaseError, match="contradict"):
        assess_case(case_of(strong=FindingState.PRESENT, stiff=FindingState.PRESENT), small_library)
