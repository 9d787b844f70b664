import re
from collections.abc import Iterator

import pytest

from twitchwise.knowledge import library
from twitchwise.report import wording
from twitchwise.report.wording import CARE_CARDS, TOO_LITTLE, WHY_HARMLESS, CareCard, care_card
from twitchwise.vocabulary import Urgency

GRADE_AT_MOST = 8  # the sixth to eighth year of school: about age 11 to 14
FORBIDDEN = re.compile(
    r"you (do not|don't) have|nothing to worry|nothing is wrong|you are fine|ruled out|you have (a|an|the) |certainly|"
    r"fatal|deadly|terminal|incurable|panic",
    re.IGNORECASE,
)


def readability(text: str) -> float:
    """Return the Automated Readability Index (Smith and Senter 1967), about the school year needed to read a text."""
    sentences, words = len(re.findall(r"[.!?:](?:\s|$)", text)), text.split()
    letters = sum(letter.isalnum() for letter in text)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def words_of(card: CareCard) -> str:
    return " ".join((f"{card.heading}.", card.lead, *card.steps))


def passages() -> Iterator[str]:
    yield from map(words_of, (*CARE_CARDS.values(), TOO_LITTLE))
    yield from (" ".join(WHY_HARMLESS), " ".join(wording.TELL_ALWAYS))
    names = ("NOTICE", "SIGNS_LEAD", "CAUSES_LEAD", "HELP_FIRST", "MUSCLE_LEAD", "NO_RULE", "DIFFER_LEAD")
    yield from (getattr(wording, name) for name in names)


@pytest.mark.parametrize("text", list(passages()))
def test_texts_are_easy_to_read(text: str) -> None:
    assert readability(text) < GRADE_AT_MOST


@pytest.mark.parametrize("text", list(passages()))
def test_texts_promise_nothing_and_frighten_nobody(text: str) -> None:
    assert FORBIDDEN.search(text) is None


def test_the_notice_says_what_the_software_is_not() -> None:
    for part in ("research and education", "not a medical device", "cannot examine you", "can be wrong"):
        assert part in wording.NOTICE


@pytest.mark.parametrize("level", [level for level in Urgency if level is not Urgency.EMERGENCY])
def test_every_level_below_emergency_says_when_to_call_an_ambulance(level: Urgency) -> None:
    steps = " ".join(care_card(level, enough=True, signs_to_check=False).steps)
    assert all(number in steps for number in ("999", "112", "911"))


def test_the_emergency_card_starts_with_the_call() -> None:
    assert CARE_CARDS[Urgency.EMERGENCY].steps[0].startswith("Call ")


def test_nobody_is_told_to_look_after_themselves_on_too_few_answers() -> None:
    assert care_card(Urgency.SELF_CARE, enough=False, signs_to_check=False) is TOO_LITTLE


@pytest.mark.parametrize("level", [level for level in Urgency if level is not Urgency.SELF_CARE])
def test_too_few_answers_never_lower_a_level(level: Urgency) -> None:
    assert care_card(level, enough=False, signs_to_check=False) is CARE_CARDS[level]


def test_signs_that_were_not_asked_come_first() -> None:
    card = care_card(Urgency.SELF_CARE, enough=True, signs_to_check=True)
    assert card.steps[0] == wording.CHECK_SIGNS
    assert card.steps[1:] == CARE_CARDS[Urgency.SELF_CARE].steps


def test_what_is_said_of_harmless_twitches_has_its_source_on_the_shelf() -> None:
    assert set(wording.WHY_HARMLESS_SOURCES) <= set(library().sources)


def test_no_unit_word_repeats_the_unit() -> None:
    assert all(word != unit.value for unit, word in wording.UNIT_WORDS.items())
