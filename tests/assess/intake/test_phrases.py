"""Phrases: forms of words meet, a few other words may stand between, alternatives and prefixes, and vetoes."""

import pytest

from twitchwise.assess.intake.phrases import PhraseBook, places_of, without_vetoed
from twitchwise.assess.intake.words import stem_of, words_of
from twitchwise.knowledge import library

KNOWN = library()


def found(phrases: list[str], text: str, gap: int = 2) -> list[str]:
    book = PhraseBook((("it", phrase) for phrase in phrases), gap=gap, barriers=frozenset({"no"}))
    words = words_of(text)
    return [
        " ".join(word.text for word in words[match.first : match.last + 1])
        for match in without_vetoed(book.find(words))
    ]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["shaking hand"], "His hands shake; shaking of both hands.", ["shaking of both hands"]),
        (["trouble climbing stair"], "I have trouble climbing the stairs.", ["trouble climbing the stairs"]),
        (["weak leg"], "weak. Legs are fine", []),
        (["weak leg"], "weak but no numb legs", []),
        (["difficulty/trouble walking"], "trouble walking", ["trouble walking"]),
        (["fasciculat*"], "Fasciculations", ["fasciculations"]),
        (["shaking", "!shaking chill"], "shaking chills", []),
        (["n2o"], "uses N2O daily", ["n 2 o"]),
        (["can not climb"], "cannot climb", []),
        (["weak * leg"], "weak left leg", ["weak left leg"]),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrases: list[str], text: str, expected: list[str]) -> None:
    assert found(phrases, text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cramps", "cramping"),
        ("twitches", "twitching"),
        ("walked", "walking"),
        ("biopsies", "biopsy"),
        ("dropped", "drop"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem_of(one) == stem_of(other)


@pytest.mark.parametrize("word", ["is", "his", "loss", "numbness", "reflex", "nystagmus", "noted"])
def test_a_word_that_only_looks_like_a_form_is_kept(word: str) -> None:
    assert stem_of(word) in {word, word.removesuffix("e")}


def test_a_phrase_that_begins_with_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="begin with a word"):
        PhraseBook([("it", "* leg")], gap=2)


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    stops = [word for word in words_of("Seen by Dr. Who, approx. 3 weeks. Better now.") if word.is_stop]
    assert len(stops) == 2


def test_an_alternative_of_several_words_is_refused() -> None:
    with pytest.raises(ValueError, match="one word"):
        places_of("a/b.c")


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("name", sorted(KNOWN.findings))
def test_every_phrase_of_a_finding_finds_itself_in_a_text(name: str) -> None:
    for phrase in KNOWN.findings[name].said_as:
        if not phrase.startswith("!"):
            said = " ".join(part.split("/")[0].rstrip("*") or "very" for part in phrase.replace("-", " ").split())
            assert found([phrase], said), phrase


def test_every_name_of_a_medicine_can_be_looked_for() -> None:
    for medicine in KNOWN.medicines.values():
        assert all(places_of(name) for name in medicine.names), medicine.id
