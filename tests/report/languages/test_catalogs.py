"""Every text for people is in the catalogs, and the second language has all of them, with the same numbers."""

import importlib.util
import re
import statistics
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
import readability
from babel.messages.catalog import Catalog, Message

from twitchwise.knowledge import library
from twitchwise.report.languages import DEFAULT, LANGUAGES, tongue_of
from twitchwise.report.languages.tongues import DOMAINS
from twitchwise.vocabulary.text import ENGLISH, digits, say, told

DOCS = Path(__file__).parents[3] / "docs"
OTHERS = [language for language in LANGUAGES if language != DEFAULT]
EVERY = pytest.mark.parametrize(("domain", "language"), [(domain, one) for domain in DOMAINS for one in OTHERS])
VALUES = re.compile(r"\{[^{}]*\}|%\(\w+\)s|</?\w+[^>]*>")
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
HARDEST_LIX = 40.0
"""Below it lie books for children and young people: the scale at https://www.psychometrica.de/lix.html."""


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_catalogs", DOCS / "make_catalogs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def catalog(domain: str, language: str) -> Catalog:
    read: Catalog = maker().read(domain, language)
    return read


def messages(domain: str, language: str) -> list[Message]:
    return [one for one in catalog(domain, language) if one.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return the forms of a message beside those of its translation."""
    if isinstance(message.id, tuple | list):
        return list(zip(message.id, cast("tuple[str, ...]", message.string), strict=True))
    return [(message.id, str(message.string))]


@EVERY
def test_the_catalogs_hold_every_text_and_no_other(domain: str, language: str) -> None:
    template = dict(maker().catalogs(library()))[domain]
    fresh = maker().brought_up_to_date(domain, template, language)
    assert maker().file_of(domain, language).read_bytes() == fresh, "run: make catalogs"


@EVERY
def test_every_text_is_translated(domain: str, language: str) -> None:
    assert [one.id for one in messages(domain, language) if one.fuzzy or not all(said for _, said in pairs(one))] == []


@EVERY
def test_what_is_compiled_is_what_was_translated(domain: str, language: str) -> None:
    tongue = tongue_of(language)
    for one in messages(domain, language):
        (english, said), *_ = pairs(one)
        count, many = (1, one.id[1]) if isinstance(one.id, tuple | list) else (None, "")
        assert tongue.sentence(one.context or "", english, many, count) == said, "run: make catalogs"


@EVERY
def test_a_translation_has_the_same_values_and_tags(domain: str, language: str) -> None:
    differing = [
        (english, said)
        for one in messages(domain, language)
        for english, said in pairs(one)
        if sorted(VALUES.findall(english)) != sorted(VALUES.findall(said))
    ]
    # a form for one thing may say "one" where the other has the number
    assert [pair for pair in differing if "{count}" not in pair[0] + pair[1]] == []


@EVERY
def test_a_translation_has_the_same_numbers(domain: str, language: str) -> None:
    assert [
        (english, said)
        for one in messages(domain, language)
        for english, said in pairs(one)
        if numbers_in(english) != numbers_in(said)
    ] == []


def numbers_in(text: str) -> list[str]:
    found = NUMBERS.findall(VALUES.sub("", text))
    return sorted(re.sub("[.,]", "", number) for number in found)


@EVERY
def test_a_translation_ends_as_the_english_does(domain: str, language: str) -> None:
    assert (
        [
            (english, said)
            for one in messages(domain, language)
            for english, said in pairs(one)
            if "{day}" not in english  # months are shortened otherwise
            and ((english[-1:] in ".?!:") != (said[-1:] in ".?!:") or english.endswith("?") != said.endswith("?"))
        ]
        == []
    )


def test_german_can_be_read_by_young_people() -> None:
    plain = {"findings", "rules", "advice", "claims", "checklists", "conditions", "stories"}
    texts = [str(one.string) for one in messages("knowledge", "de") if {place for place, _ in one.locations} & plain]
    told_texts = [text for text in texts if text.endswith((".", "?")) and len(text.split()) > 4]
    assert len(told_texts) > 1000
    assert lix(told_texts) <= HARDEST_LIX
    assert statistics.median(map(len, (text.split() for text in sentences(told_texts)))) <= 12


def lix(texts: list[str]) -> float:
    lines = "\n".join(" ".join(re.findall(r"\w+", sentence)) + " ." for sentence in sentences(texts))
    return float(readability.getmeasures(lines, lang="de")["readability grades"]["LIX"])


def sentences(texts: list[str]) -> list[str]:
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?!:])\s+", text) if sentence]


def test_the_measure_itself_tells_easy_from_hard() -> None:
    assert lix(["Der Hund mag den Ball.", "Er holt ihn und legt sich hin."]) < 25
    assert (
        lix(["Elektrophysiologische Untersuchungsverfahren ermöglichen differentialdiagnostische Abgrenzungen."]) > 60
    )


def test_german_rules_nothing_out_and_names_no_disease_as_certain() -> None:
    never = re.compile(r"\bSie haben (kein|keine|keinen|nicht) (ALS|Krankheit|Erkrankung|Parkinson|Krebs|Motoneuron)")
    assert [
        said for domain in DOMAINS for one in messages(domain, "de") for _, said in pairs(one) if never.search(said)
    ] == []


def test_an_unknown_language_is_english() -> None:
    assert tongue_of("xx") is ENGLISH
    assert told(say("Why"), tongue_of("xx")) == "Why"


def test_german_writes_numbers_with_a_comma() -> None:
    assert told(digits("1,234.5"), tongue_of("de")) == "1.234,5"
    assert told(say("{count} of {all_of_them}", count=3, all_of_them=0.25), tongue_of("de")).endswith("0,25")
    assert tongue_of("de").sentence("", "", "", None) == ""
