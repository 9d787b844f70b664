"""A description in own words: negation, whose finding it is, side, site, duration, course, and test values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import read_description
from twitchwise.knowledge import library
from twitchwise.vocabulary import Course, FindingState, Sex, Side

KNOWN = library()
PRESENT, ABSENT, OPEN = FindingState.PRESENT, FindingState.ABSENT, FindingState.NOT_ASSESSED


def state(text: str, finding: str) -> FindingState:
    seen = read_description(text, KNOWN).observations.get(finding)
    return OPEN if seen is None else seen.state


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("My calf keeps twitching.", "fasciculation", PRESENT),
        ("I have no numbness.", "numbness", ABSENT),
        ("She denies fever, chills, or weight loss.", "weight_loss", ABSENT),
        ("No fever, but he has lost weight.", "fever", ABSENT),
        ("He has no fever. He has numbness in both feet.", "numbness", PRESENT),
        ("Babinski sign is absent bilaterally.", "babinski_sign", ABSENT),
        ("My mother has a tremor.", "tremor", OPEN),
        ("My mother says that I have a tremor.", "tremor", PRESENT),
        ("His wife noticed a tremor of his hand.", "tremor", PRESENT),
        ("I am worried that I might get a tremor.", "tremor", OPEN),
        ("Which of the following would explain a tremor?", "tremor", OPEN),
        ("I have trouble climbing the stairs.", "difficulty_climbing_stairs", PRESENT),
        ("For 1.2.3 weeks my calf twitches.", "fasciculation", PRESENT),
        ("Lots of coffee, little sleep.", "caffeine_intake_high", PRESENT),
        ("Lots of coffee, little sleep.", "too_little_sleep", PRESENT),
        ("Little sleep, lots of coffee.", "caffeine_intake_high", PRESENT),
        ("I drink little coffee.", "caffeine_intake_high", ABSENT),
    ],
)
def test_what_is_said_is_understood(text: str, finding: str, expected: FindingState) -> None:
    assert state(text, finding) is expected


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("Serum calcium is 6.8 mg/dL.", "low_calcium_test", PRESENT),
        ("Calcium was 9.4 mg/dL.", "low_calcium_test", ABSENT),
        ("Creatine kinase is 5,600 U/L.", "raised_ck", PRESENT),
        ("Creatine kinase levels are within normal limits.", "raised_ck", ABSENT),
        ("His temperature is 40°C (104°F).", "fever", PRESENT),
        ("The temperature is 37.0℃ (98.6℉).", "fever", ABSENT),
    ],
)
def test_a_measured_value_is_compared_with_its_limit(text: str, finding: str, expected: FindingState) -> None:
    assert state(text, finding) is expected


def test_side_site_duration_and_course_are_told() -> None:
    text = "For three weeks my left calf has been twitching, and it is getting worse."
    seen = read_description(text, KNOWN).observations["fasciculation"]
    assert seen.side is Side.LEFT
    assert "calf" in seen.sites
    assert seen.duration_days == 21
    assert seen.course is Course.WORSENING


def test_the_person_is_read_from_the_beginning() -> None:
    intake = read_description("A 68-year-old woman is brought by her husband because of a tremor.", KNOWN)
    assert (intake.age_years, intake.sex) == (68, Sex.FEMALE)
    assert read_description("A 2-month-old boy", KNOWN).age_years == pytest.approx(60 / 365)
    assert read_description("My eyelid twitches.", KNOWN).sex is None


def test_each_mention_points_at_the_words_it_was_taken_from() -> None:
    text = "Since Monday there is tingling in my fingers."
    mention = next(one for one in read_description(text, KNOWN).mentions if one.observation.finding == "tingling")
    assert "tingling" in text[mention.start : mention.end]


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    intake = read_description(text, KNOWN)
    assert all(0 <= one.start < one.end <= len(text) + 20 for one in intake.mentions)


@given(st.lists(st.sampled_from(["no", "tremor", "my mother", "weakness", ",", ".", "but", "has", "denies", "left"])))
def test_any_order_of_words_is_read_without_an_error(words: list[str]) -> None:
    intake = read_description(" ".join(words), KNOWN)
    assert set(intake.observations) <= set(KNOWN.findings)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("My calf has twitched for a week.", 7),
        ("A 3-month history of twitching of the calf.", 90),
        ("My calf has twitched for a couple of days.", 2),
        ("My calf twitches and I drink six coffees a day.", None),
        ("A 34-year-old man whose calf twitches.", None),
    ],
)
def test_how_long_is_told_apart_from_how_often_and_how_old(text: str, days: float | None) -> None:
    assert read_description(text, KNOWN).observations["fasciculation"].duration_days == days


def test_a_second_clause_is_not_denied_by_the_first() -> None:
    assert state("I can't sleep and I'm stressed.", "stress") is PRESENT
