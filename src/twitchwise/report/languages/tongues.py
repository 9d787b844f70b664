"""Tells texts in the language of the reader, from catalogs made with GNU gettext; what has no entry stays English."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

from twitchwise.vocabulary.text import ENGLISH, Tongue, told, told_in_all

T = TypeVar("T")

CATALOGS = Path(__file__).parent / "catalogs"
DOMAINS = ("pages", "knowledge")
"""The catalogs of a language: what the program says, and what the knowledge files say."""

DEFAULT = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({DEFAULT: "English", "de": "Deutsch"})
"""The languages by their tags (BCP 47), each by its own name."""

LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT)
"""Tag of the language of the reader."""

_MARKS: Mapping[str, Mapping[int, int]] = MappingProxyType({"de": str.maketrans(",.", ".,")})
"""How the marks of English numbers become those of a language."""

_PERCENT: Mapping[str, str] = MappingProxyType({"de": "\u00a0%"})
"""How a language writes the percent sign behind a number."""


@dataclass(frozen=True, slots=True)
class Cataloged:
    """A language with catalogs."""

    catalog: NullTranslations
    marks: Mapping[int, int]
    percent: str

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        """Return the template of a sentence."""
        if count is not None:
            return self.catalog.ngettext(one, many, count)
        if not one:  # gettext keeps its own header there
            return one
        return self.catalog.pgettext(context, one) if context else self.catalog.gettext(one)

    def digits(self, english: str) -> str:
        """Return a number as the language writes it."""
        return english.translate(self.marks).replace("%", self.percent)


@cache
def tongue_of(language: str) -> Tongue:
    """Return a language by its tag; English for a tag that is not one of `LANGUAGES`."""
    if language == DEFAULT or language not in LANGUAGES:
        return ENGLISH
    pages, knowledge = (translation(domain, CATALOGS, [language], fallback=True) for domain in DOMAINS)
    pages.add_fallback(knowledge)
    return Cataloged(pages, _MARKS[language], _PERCENT[language])


def current_tongue() -> Tongue:
    """Return the language of the reader."""
    return tongue_of(LANGUAGE.get())


def tell(text: str) -> str:
    """Return a text in the language of the reader; what a person typed stays as it is."""
    return told(text, current_tongue())


def tell_all(value: T) -> T:
    """Return nested mappings and sequences, as they go into JSON, with each text in the language of the reader."""
    return cast("T", told_in_all(value, tell))
