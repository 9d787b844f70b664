"""German: how well it is read on labeled sentences, and what no way of writing may change."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import read_description
from twitchwise.assess.implied import completed
from twitchwise.assess.intake import is_in_no_language, language_of
from twitchwise.assess.intake.phrases import PhraseBook
from twitchwise.assess.intake.reader import reader_of
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import Course, FindingState, Sex, Side

KNOWN = library()
LABELS = json.loads((Path(__file__).parent / "labeled_german_sentences.json").read_text(encoding="utf-8"))["sentences"]
TEXTS = [label["text"] for label in LABELS]
LEAST = {"seen": (0.95, 0.95), "held_out": (0.88, 0.95)}
"""Precision and recall that each half must have."""

PRESENT, ABSENT, OPEN = FindingState.PRESENT, FindingState.ABSENT, FindingState.NOT_ASSESSED
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
GERMAN = reader_of(KNOWN, "german")
DENIAL = re.compile(r"\b(?:nicht|nichts|kein|keine|keinen|nie|nimmer|ohne|kaum)\b")


class Counts(NamedTuple):
    """Findings that were found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def states(text: str) -> dict[str, FindingState]:
    seen = read_description(text, KNOWN, "german").observations
    return {name: one.state for name, one in seen.items()}


def found_in(text: str) -> set[tuple[str, str]]:
    """Return the findings of a sentence with what they imply, without numbers and without sex."""
    case = completed(read_description(text, KNOWN, "german").case(), KNOWN.findings)
    return {
        (name, seen.state.value)
        for name, seen in case.observations.items()
        if KNOWN.findings[name].answer is Answer.YES_NO and name != "female_sex"
    }


def wanted_in(label: dict[str, list[str]]) -> set[tuple[str, str]]:
    implied = set(label["present"])
    waiting = list(implied)
    while waiting:
        more = set(KNOWN.findings[waiting.pop()].implies) - implied
        implied |= more
        waiting += more
    return {(name, "present") for name in implied} | {(name, "absent") for name in label["absent"]}


def score(half: str) -> Counts:
    right = wrong = missed = 0
    for label in LABELS:
        if label["half"] == half:
            found, wanted = found_in(label["text"]), wanted_in(label)
            right += len(found & wanted)
            wrong += len(found - wanted)
            missed += len(wanted - found)
    return Counts(right, wrong, missed)


@pytest.mark.parametrize("half", sorted(LEAST))
def test_findings_are_taken_from_german_sentences_as_a_reader_takes_them(half: str) -> None:
    counts = score(half)
    print(f"\nGerman, {half}: precision {counts.precision:.3f}, recall {counts.recall:.3f}, {counts}")  # noqa: T201
    precision, recall = LEAST[half]
    assert counts.precision >= precision, counts
    assert counts.recall >= recall, counts


def test_half_of_the_labels_was_held_out_and_all_name_findings_there_are() -> None:
    assert len(LABELS) >= 200
    assert sum(label["half"] == "held_out" for label in LABELS) * 2 >= len(LABELS)
    assert {label["kind"] for label in LABELS} == {"forum", "letter"}
    assert {name for label in LABELS for name in (*label["present"], *label["absent"])} <= set(KNOWN.findings)


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("Zucken tut es nicht.", "fasciculation", ABSENT),
        ("Die Wade zuckt nicht mehr.", "fasciculation", ABSENT),
        ("Die Zuckungen tun nicht weh.", "fasciculation", PRESENT),
        ("Das Zucken geht nicht weg.", "fasciculation", PRESENT),
        ("Schmerzen habe ich keine, aber es kribbelt.", "muscle_pain", ABSENT),
        ("Schmerzen habe ich keine, aber es kribbelt.", "tingling", PRESENT),
        ("Ich habe keine Schmerzen, meine Wade zuckt.", "fasciculation", PRESENT),
        ("Kribbeln, Taubheit oder Schmerzen habe ich nicht.", "tingling", ABSENT),
        ("Muskelzucken: ja, Schwäche: nein.", "fasciculation", PRESENT),
        ("Muskelzucken: ja, Schwäche: nein.", "muscle_weakness", ABSENT),
        ("Allergien keine, Nikotin 10 Zigaretten täglich.", "nicotine_use", PRESENT),
        ("Ich kann nicht gut schlafen, weil die Beine nachts zucken.", "leg_jerks_in_sleep", PRESENT),
        ("Seit gestern ist das Zittern weg.", "tremor", ABSENT),
        ("Die Kraft in den Beinen ist weg.", "leg_weakness", PRESENT),
        ("Krämpfe? Nein.", "muscle_cramps", ABSENT),
        ("Meine Arme sind nicht schwach.", "arm_weakness", ABSENT),
        ("Ich kann nicht schlafen.", "too_little_sleep", PRESENT),
        ("Schlafmangel habe ich nicht.", "too_little_sleep", ABSENT),
        ("Weder Fieber noch Schüttelfrost.", "fever", ABSENT),
        ("Meine Mutter hat einen Tremor und ist immer müde.", "tremor", OPEN),
        ("Meine Mutter hat Parkinson und hat immer gezittert.", "tremor", OPEN),
        ("Meine Mutter sagt, dass meine Hand zittert.", "tremor", PRESENT),
        ("Könnte es eine Lähmung sein?", "muscle_weakness", OPEN),
        ("Verdacht auf Polyneuropathie mit Taubheit der Füße.", "numbness", OPEN),
        ("Beim Einschlafen zucke ich zusammen.", "jerk_when_falling_asleep", PRESENT),
        ("Wadenmuskelzuckungen beidseits.", "calf_twitch", PRESENT),
        ("Ich nehme Traubenzucker.", "fasciculation", OPEN),
        ("Kein Ruhetremor.", "rest_tremor", ABSENT),
        ("Kalium 2,9 mmol/l.", "low_potassium_test", PRESENT),
        ("CK 1.250 U/l.", "raised_ck", PRESENT),
        ("TSH im Normbereich.", "high_thyroid_test", ABSENT),
    ],
)
def test_what_is_said_is_understood(text: str, finding: str, expected: FindingState) -> None:
    assert states(text).get(finding, OPEN) is expected


def test_side_site_duration_and_course_are_told() -> None:
    text = "Seit drei Wochen zuckt meine linke Wade, und es wird immer schlimmer."
    seen = read_description(text, KNOWN, "german").observations["fasciculation"]
    assert (seen.side, seen.duration_days, seen.course) == (Side.LEFT, 21, Course.WORSENING)
    assert "calf" in seen.sites
    assert text.startswith("Seit drei Wochen zuckt")
    assert seen.said
    assert seen.said in text


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Vor 2 Monaten fing das Zucken an.", 60),
        ("Seit gestern zuckt das Lid.", 1),
        ("Seit einem halben Jahr zuckt es.", 182.5),
        ("Seit einer Woche Muskelzucken.", 7),
        ("6-wöchige Anamnese mit Muskelzucken.", 42),
        ("Ich trinke sechs Kaffee am Tag und es zuckt.", None),
        ("Ein 34 Jahre alter Mann, dessen Wade zuckt.", None),
    ],
)
def test_how_long_is_told(text: str, days: float | None) -> None:
    assert read_description(text, KNOWN, "german").observations["fasciculation"].duration_days == days


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("52-jährige Frau mit Zuckungen", 52, Sex.FEMALE),
        ("Ich bin 34 und männlich.", 34, Sex.MALE),
        ("w, 28, seit Wochen müde", 28, None),
        ("Ich bin 180 cm groß.", None, None),
        ("Mein Mann meint, ich zucke.", None, None),
        ("Der Patient ist 67 Jahre alt.", 67, Sex.MALE),
        ("Ich bin seit 3 Wochen krank.", None, None),
    ],
)
def test_who_it_is_about_is_read(text: str, age: float | None, sex: Sex | None) -> None:
    intake = read_description(text, KNOWN, "german")
    assert (intake.age_years, intake.sex) == (age, sex)


@given(st.sampled_from(TEXTS))
def test_umlauts_and_capitals_may_be_typed_in_any_way(text: str) -> None:
    assert states(text.translate(UMLAUTS)) == states(text)
    assert states(text.upper()) == states(text)


@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=5, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_sentences_does_not_matter(texts: list[str], shuffled) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    others = list(texts)
    shuffled.shuffle(others)
    assert states(" ".join(f"{text}." for text in others)) == states(" ".join(f"{text}." for text in texts))


SAID = [
    (finding, phrase)
    for sayings in KNOWN.sayings.values()
    for finding, said in sayings.said.items()
    for phrase in said
    if not phrase.startswith("!")
]


def spoken(phrase: str) -> str:
    """Return one way of saying a phrase."""
    first = GERMAN.spelling.phrases_of(phrase)[0]
    return " ".join(part.split("/")[0].rstrip("*") for part in first.split())


@given(st.sampled_from(SAID), st.sampled_from(["Kein Hinweis auf {}.", "Weder {} noch Husten.", "{} habe ich nicht."]))
def test_what_is_denied_is_never_there(said: tuple[str, str], denial: str) -> None:
    finding, words = said[0], spoken(said[1])
    if denial.startswith("{}") and DENIAL.search(words):
        return  # denied twice
    assert states(denial.format(words)).get(finding) is not PRESENT


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    intake = read_description(text, KNOWN, "german")
    assert all(0 <= one.start <= one.end <= len(text) for one in intake.mentions)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("name", sorted(KNOWN.sayings))
def test_every_german_phrase_finds_itself_in_a_text(name: str) -> None:
    sayings = KNOWN.sayings[name]
    for phrase in (one for said in (*sayings.said.values(), *sayings.denied.values()) for one in said):
        for variant in GERMAN.spelling.phrases_of(phrase.removeprefix("!")):
            words = " ".join(part.split("/")[0].rstrip("*") for part in variant.split())
            book = PhraseBook([("it", variant)], gap=0, spelling=GERMAN.spelling)
            assert any(book.find(GERMAN.spelling.words_of(words))), phrase


@pytest.mark.parametrize(
    ("text", "page", "language"),
    [
        ("Meine Wade zuckt seit drei Wochen.", "en", "german"),
        ("My calf has twitched for three weeks.", "de", "english"),
        ("Ptosis", "de", "german"),
        ("Ptosis", "en", "english"),
        ("Tremor, Spastik", "fr", "english"),
        ("", "de", "german"),
    ],
)
def test_a_text_is_read_in_its_own_language_where_that_is_plain(text: str, page: str, language: str) -> None:
    assert language_of(text, KNOWN, page) == language


def test_a_text_in_no_language_that_is_read_is_told_apart() -> None:
    assert is_in_no_language("Mon mollet gauche saute depuis trois semaines sans arrêt", KNOWN)
    assert not is_in_no_language("Müdigkeit, Kopfschmerzen", KNOWN)
    assert not any(is_in_no_language(text, KNOWN) for text in TEXTS)
