"""Answers become observations; what is unknown, impossible or contradictory is refused in one sentence."""

import pytest

from twitchwise.assess import Case, Observation
from twitchwise.assess.case import contradictions, known_finding, observe, refuse_contradictions
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Band
from twitchwise.vocabulary import FindingState, Measurement, OutOfRangeError, Unit, UnreadableCaseError

PRESENT, ABSENT, UNKNOWN = FindingState.PRESENT, FindingState.ABSENT, FindingState.NOT_ASSESSED


def seen(finding: str, state: FindingState = PRESENT, value: float | None = None) -> Observation:
    return Observation(finding=finding, state=state, value=value, low=value, high=value)


def case_of(*observations: Observation) -> Case:
    return Case(observations={one.finding: one for one in observations})


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("present", PRESENT),
        ("Yes", PRESENT),
        (" true ", PRESENT),
        ("absent", ABSENT),
        ("NO", ABSENT),
        ("unknown", UNKNOWN),
        ("not_assessed", UNKNOWN),
        ("I don't know", UNKNOWN),
    ],
)
def test_plain_words_are_understood(small_library: Library, word: str, state: FindingState) -> None:
    assert observe(small_library.findings["twitch"], word).state is state


def test_a_number_is_its_own_interval(small_library: Library) -> None:
    found = observe(small_library.findings["days"], "30")
    assert (found.state, found.value, found.low, found.high) == (PRESENT, 30, 30, 30)


def test_a_number_may_be_left_open(small_library: Library) -> None:
    assert observe(small_library.findings["days"], "unknown").value is None


@pytest.mark.parametrize(
    ("finding", "answer", "said"),
    [
        ("twitch", "perhaps", "present, absent or not_assessed, got 'perhaps'"),
        ("days", "many", "must be a number in day, got 'many'"),
        ("days", "-1", "must lie in [0, 1000] day, got '-1'"),
        ("days", "nan", "must lie in [0, 1000] day, got 'nan'"),
        ("rate", "nan", "must lie in [-inf, inf]"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(small_library: Library, finding: str, answer: str, said: str) -> None:
    with pytest.raises(UnreadableCaseError) as caught:
        observe(small_library.findings[finding], answer)
    assert said in str(caught.value)


def test_an_unknown_finding_is_refused_with_the_nearest_names(small_library: Library) -> None:
    assert known_finding(small_library.findings, "weak").id == "weak"
    with pytest.raises(UnreadableCaseError, match="did you mean 'twitch'"):
        known_finding(small_library.findings, "twich")
    with pytest.raises(UnreadableCaseError, match="knowledge list findings"):
        known_finding(small_library.findings, "zzzzzz")


def test_what_was_not_assessed_is_not_in_the_case() -> None:
    case = case_of(seen("twitch", UNKNOWN), seen("weak", ABSENT))
    assert list(case.observations) == ["weak"]
    assert case.state("twitch") is UNKNOWN
    assert case.state("weak") is ABSENT


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="age_years"):
        Case(age_years=-1)


def test_an_age_is_kept() -> None:
    assert Case(age_years=30).with_observations({"weak": seen("weak")}).age_years == 30


def test_answers_that_exclude_each_other_contradict(small_library: Library) -> None:
    case = case_of(seen("twitch"), seen("strong"), seen("stiff"))
    assert {name for name, _ in contradictions(case, small_library.findings)} == {"strong", "stiff"}
    with pytest.raises(UnreadableCaseError, match="must not both be present"):
        refuse_contradictions(case, small_library.findings)


def test_an_answer_without_what_it_requires_contradicts(small_library: Library) -> None:
    case = case_of(seen("twitch", ABSENT), seen("days", value=3))
    with pytest.raises(UnreadableCaseError, match="days must not be present while twitch is absent"):
        refuse_contradictions(case, small_library.findings)


def test_answers_that_agree_are_accepted(small_library: Library) -> None:
    case = case_of(seen("twitch"), seen("strong"), seen("stiff", ABSENT))
    assert list(contradictions(case, small_library.findings)) == []
    refuse_contradictions(case, small_library.findings)


def test_a_measurement_becomes_an_observation_with_its_interval() -> None:
    value = Measurement(id="rate", value=12, low=8, high=17, unit=Unit.PER_MINUTE, method="counted")
    found = Observation.of_measurement(value)
    assert (found.value, found.low, found.high, found.measured) == (12, 8, 17, True)


@pytest.mark.parametrize(
    ("low", "value", "high", "state"),
    [
        (11, 12, 17, PRESENT),
        (1, 2, 3, ABSENT),
        (8, 12, 17, UNKNOWN),
        (3, 8, 12, UNKNOWN),
        (0, 0, 1.5, ABSENT),
    ],
)
def test_a_measurement_settles_a_band_only_with_its_whole_interval(
    low: float, value: float, high: float, state: FindingState
) -> None:
    found = Observation(finding="rate", state=PRESENT, value=value, low=low, high=high)
    assert found.state_in(Band(above=10)) is state


def test_an_interval_around_a_band_does_not_settle_it() -> None:
    found = Observation(finding="rate", state=PRESENT, value=1, low=0, high=20)
    assert found.state_in(Band(above=8, below=10)) is UNKNOWN


def test_a_state_without_a_number_does_not_settle_a_band() -> None:
    assert seen("rate").state_in(Band(above=10)) is UNKNOWN


@pytest.mark.parametrize(("state", "other"), [(PRESENT, ABSENT), (ABSENT, PRESENT), (UNKNOWN, UNKNOWN)])
def test_the_statement_that_a_finding_is_absent_is_the_opposite(state: FindingState, other: FindingState) -> None:
    assert seen("twitch", state).state_in("present") is state
    assert seen("twitch", state).state_in("absent") is other
