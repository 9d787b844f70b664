"""Text as words: lower case, stemmed, with their place in the text, and ends of sentences as words of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

STOP = "."  # the word that ends a sentence
CLAUSE = ","  # the word that parts two clauses, where a language's commas do
LINK = ",,"  # the word between a clause and one that hangs on it: denial ends there, a phrase may go on
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-zA-ZÀ-ÿ]+(?:['\u2019][a-zA-Z]+)?|[.;:!?\n|]")
_ENDS = frozenset(".;!?\n|")
_ABBREVIATION = re.compile(r"\b(?:dr|mr|mrs|ms|vs|e\.g|i\.e|approx|no|st)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written in lower case, its stem, and where it begins and ends in the text."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether it ends a sentence."""
        return self.stem == STOP


class Spelling(Protocol):
    """How a language writes: its texts as words, and the stem in which forms of a word meet."""

    def __hash__(self) -> int:
        """Tell one from another, so that what was read of phrases can be kept."""
        ...

    def words_of(self, text: str) -> list[Word]:
        """Return the words of a text; a sentence ends with the word `STOP`."""
        ...

    def stem_of(self, word: str) -> str:
        """Return what forms of a word share."""
        ...

    def beginning_of(self, word: str) -> str:
        """Return the beginning of a word as the words of a text are written."""
        ...

    def phrases_of(self, phrase: str) -> list[str]:
        """Return the phrases that a written one stands for."""
        ...

    def denials_of(self, phrase: str) -> list[str]:
        """Return the phrases that deny what a phrase says by a word in the middle of it."""
        ...

    def said(self, text: str, words: Sequence[Word]) -> str:
        """Return words as they are shown back."""
        ...


def words_of(text: str) -> list[Word]:
    """Return the words of a text; a sentence ends with the word `STOP`."""
    return list(_words(text))


def _words(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        word = found[0]
        if word in _ENDS:
            if not _ABBREVIATION.search(text, max(found.start() - len("approx"), 0), found.start()):
                yield Word(STOP, STOP, found.start(), found.end())
        elif word != ":":
            lower = word.lower().replace("\u2019", "'")
            yield Word(lower, stem_of(lower), found.start(), found.end())


def sentences_of(words: list[Word]) -> Iterator[list[Word]]:
    """Give the words of each sentence, without the stops between."""
    sentence: list[Word] = []
    for word in words:
        if not word.is_stop:
            sentence.append(word)
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


_SHORTEST_STEM = len("abc")
_ENDINGS = ("ing", "ed", "es", "s", "e")


def stem_of(word: str) -> str:
    """Return a word without plural, -ing, -ed and final e, so that forms of one word meet.

    Examples
    --------
    >>> [stem_of(word) for word in ("shaking", "shakes", "shake", "twitches", "calves", "cramping")]
    ['shak', 'shak', 'shak', 'twitch', 'calv', 'cramp']
    """
    stem = _stem_of(word.removesuffix("'s"))
    return word if stem in _OWN_WORDS else stem


_OWN_WORDS = frozenset({"not", "no", "to", "us"})  # what "noted", "toes" and "uses" must not become


def _stem_of(word: str) -> str:
    if word.endswith("n't"):
        return "n't"
    if word.endswith("ies") and len(word) > len("ties"):
        return word.removesuffix("ies") + "y"
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST_STEM and not word.endswith(("ss", "us", "is")):
            return _single(rest) if ending in {"ing", "ed"} else _without_e(rest)
    return word


def _single(stem: str) -> str:
    """Return a stem without the doubling that -ing and -ed bring, and without a final e."""
    if stem[-1] == stem[-2] and stem[-1] not in "aeiouls":
        return stem[:-1]
    return _without_e(stem)


def _without_e(stem: str) -> str:
    """Return a stem without a final e, unless little would be left of it, as of "toe"."""
    return stem.removesuffix("e") if len(stem) > _SHORTEST_STEM else stem


class English:
    """English, the language of the finding files."""

    def words_of(self, text: str) -> list[Word]:
        """Return the words of a text."""
        return words_of(text)

    def stem_of(self, word: str) -> str:
        """Return a word without its ending."""
        return stem_of(word)

    def beginning_of(self, word: str) -> str:
        """Return the beginning of a word as it is."""
        return word

    def phrases_of(self, phrase: str) -> list[str]:
        """Return the phrase, which stands for itself."""
        return [phrase]

    def denials_of(self, phrase: str) -> list[str]:  # noqa: ARG002  # none; "not" stands before what it denies
        """Return none."""
        return []

    def said(self, text: str, words: Sequence[Word]) -> str:  # noqa: ARG002  # the words are as good as the text
        """Return words without what stands between them."""
        return " ".join(word.text for word in words)


ENGLISH = English()
