"""Finds phrases in words: alternatives in one place, a few other words between, prefixes, and vetoes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from twitchwise.assess.intake.words import ENGLISH, Spelling, Word

T = TypeVar("T")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """The words that may stand in one place of a phrase: stems, and beginnings of words."""

    stems: frozenset[str]
    prefixes: tuple[str, ...]
    anything: bool

    def fits(self, word: Word) -> bool:
        """Tell whether a word may stand here."""
        if word.is_stop:
            return False
        return (
            self.anything
            or word.stem in self.stems
            or word.text in self.stems
            or word.text.startswith(self.prefixes or ("\0",))
        )


def places_of(phrase: str, spelling: Spelling = ENGLISH) -> tuple[Place, ...]:
    """Return the places of a phrase such as ``"difficulty/trouble climbing stair*"``.

    Raises
    ------
    ValueError
        If one of several alternatives is more than one word.
    """
    return tuple(place for part in phrase.lower().replace("-", " ").split() for place in _places(part, spelling))


@cache
def _places(part: str, spelling: Spelling) -> tuple[Place, ...]:
    """Return the places of a part of a phrase; many phrases share theirs."""
    return tuple(_read_places(part, spelling))


def _read_places(part: str, spelling: Spelling) -> Iterator[Place]:
    if part == ANY:
        yield Place(frozenset(), (), anything=True)
    elif "/" in part or part.endswith(ANY):
        options = [option for option in part.split("/") if option]
        prefixes = tuple(spelling.beginning_of(option[:-1]) for option in options if option.endswith(ANY))
        stems = frozenset(_stem(option, spelling) for option in options if not option.endswith(ANY))
        yield Place(stems, prefixes, anything=False)
    else:  # "n2o" is three words in a text, and so are three places here
        yield from (Place(frozenset({word.stem}), (), anything=False) for word in spelling.words_of(part))


def _stem(option: str, spelling: Spelling) -> str:
    words = spelling.words_of(option)
    if len(words) != 1:
        raise ValueError(f"an alternative in a phrase must be one word, got {option!r}")
    return words[0].stem


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase that was found: what it stands for, and its first and last word's index."""

    meaning: T
    first: int
    last: int
    veto: bool

    def overlaps(self, other: "Match[T]") -> bool:
        """Tell whether two matches share words."""
        return self.first <= other.last and other.first <= self.last


class PhraseBook(Generic[T]):
    """Phrases by what they stand for.

    Parameters
    ----------
    phrases
        Meaning and phrase; a phrase that begins with ``!`` forbids its meaning where it stands.
    gap
        Most other words between two places of a phrase.
    barriers
        Stems that must not be skipped, such as negations.
    light
        Words that do not count among the other words, such as "the".
    spelling
        How the phrases' language writes.
    """

    def __init__(
        self,
        phrases: Iterable[tuple[T, str]],
        *,
        gap: int,
        barriers: frozenset[str] = frozenset(),
        light: frozenset[str] = frozenset(),
        spelling: Spelling = ENGLISH,
    ) -> None:
        self._spelling = spelling
        self._gap = gap
        self._barriers = barriers
        self._light = light
        self._by_stem: dict[str, list[tuple[T, tuple[Place, ...], bool]]] = {}
        self._by_letter: dict[str, list[tuple[T, tuple[Place, ...], bool]]] = {}
        for meaning, written in phrases:
            for phrase in spelling.phrases_of(written):
                self._add(meaning, phrase)

    def _add(self, meaning: T, phrase: str) -> None:
        veto = phrase.startswith("!")
        places = places_of(phrase.removeprefix("!"), self._spelling)
        if not places or places[0].anything:
            raise ValueError(f"a phrase must begin with a word, got {phrase!r}")
        entry = (meaning, places, veto)
        for stem in places[0].stems:
            self._by_stem.setdefault(stem, []).append(entry)
        for prefix in places[0].prefixes:
            self._by_letter.setdefault(prefix[0], []).append(entry)

    def find(self, words: Sequence[Word]) -> Iterator[Match[T]]:
        """Give every phrase found in words, in the order of their first word."""
        for index, word in enumerate(words):
            seen = self._by_stem.get(word.stem, ())
            also = self._by_stem.get(word.text, ()) if word.text != word.stem else ()
            for meaning, places, veto in (*seen, *also, *self._by_letter.get(word.text[0], ())):
                last = self._end(places, words, index)
                if last is not None:
                    yield Match(meaning, index, last, veto)

    def _end(self, places: tuple[Place, ...], words: Sequence[Word], index: int) -> int | None:
        if not places[0].fits(words[index]):
            return None
        at = index
        for place in places[1:]:
            found = self._next(place, words, at + 1)
            if found is None:
                return None
            at = found
        return at

    def _next(self, place: Place, words: Sequence[Word], start: int) -> int | None:
        skipped = 0
        for at in range(start, len(words)):
            if place.fits(words[at]):
                return at
            skipped += words[at].text not in self._light
            if words[at].is_stop or words[at].stem in self._barriers or skipped > self._gap:
                return None
        return None


def without_vetoed(matches: Iterable[Match[T]]) -> list[Match[T]]:
    """Return the matches that no veto of the same meaning overlaps."""
    found = list(matches)
    vetoes = [match for match in found if match.veto]
    return [
        match
        for match in found
        if not match.veto and not any(veto.meaning == match.meaning and veto.overlaps(match) for veto in vetoes)
    ]
