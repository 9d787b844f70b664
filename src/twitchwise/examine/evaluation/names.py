"""Which of our conditions a diagnosis in somebody's words means."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.assess.intake.phrases import PhraseBook
from twitchwise.assess.intake.words import words_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Condition, Form

GAP_IN_NAME = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A condition that a name means, and the form of it where the name is a form's."""

    condition: str
    form: Form | None = None


def plain_name(name: str) -> str:
    """Return a name without case, accents, possessives and punctuation.

    Examples
    --------
    >>> plain_name("Guillain-Barré Syndrome (GBS)")
    'guillain barre syndrome gbs'
    >>> plain_name("Parkinson's disease.")
    'parkinson disease'
    """
    name = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    name = "".join(letter for letter in name if not unicodedata.combining(letter)).lower()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"'s\b", "", name)).strip()


class Names:
    """The names of all conditions and their forms."""

    def __init__(self, library: Library) -> None:
        self._exact: dict[str, set[Named]] = {}
        pairs = [(named, plain_name(name)) for named, name in _all(library) if plain_name(name)]
        for named, name in pairs:
            self._exact.setdefault(name, set()).add(named)
        self._book: PhraseBook[tuple[Named, int]] = PhraseBook(
            (((named, len(name)), name) for named, name in pairs), gap=GAP_IN_NAME
        )

    def meant(self, diagnosis: str) -> frozenset[Named]:
        """Return what a diagnosis means: by its exact name, else by the longest name that stands in it."""
        plain = plain_name(diagnosis)
        if plain in self._exact:
            return frozenset(self._exact[plain])
        found = [match.meaning for match in self._book.find(words_of(plain))]
        longest = max((length for _, length in found), default=0)
        return frozenset(named for named, length in found if length == longest)

    def conditions(self, diagnosis: str) -> frozenset[str]:
        """Return the ids of the conditions that a diagnosis means."""
        return frozenset(named.condition for named in self.meant(diagnosis))


def _all(library: Library) -> Iterator[tuple[Named, str]]:
    for condition in library.conditions.values():
        for name in _own_names(condition):
            yield Named(condition.id), name
        for form in condition.forms:
            for name in form.names:
                yield Named(condition.id, form), name


def _own_names(condition: Condition) -> Iterator[str]:
    yield condition.id.replace("_", " ")
    yield condition.label
    yield from re.findall(r"^[^(]+|(?<=\()[^)]+(?=\))", condition.label)
    yield from condition.names
