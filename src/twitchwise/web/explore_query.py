"""Reads what an address asks the explore page for; what it must not hold becomes one sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from twitchwise.simulate import one_unit as model  # its parts load when they are used: they need array libraries
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

FIRST_CAUSE = "exertion"  # what all people know, and it changes most stages
NAMES = ("cause", "story", "activity")
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,12})?", re.ASCII)
_STORIES = ("evidence", "popular")


class QueryRefusedError(OutOfRangeError):
    """An address that cannot be followed; ``field`` is what it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What an address asks for; ``shown`` holds values of dials in the units of the page."""

    cause: str
    story: bool
    activity: "model.Activity | None"
    shown: dict[str, float]


def read_query(pairs: Iterable[tuple[str, str]], *, also: tuple[str, ...] = ()) -> Query:
    """Return what the names and values of an address ask for.

    Parameters
    ----------
    pairs
        Names and values; each name once.
    also
        Names that are read elsewhere.

    Raises
    ------
    QueryRefusedError
        If a name is not known or comes twice, or a value is not one.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise QueryRefusedError(name, say("“{name}” must be given once.", name=_short(name)))
        given[name] = value.strip()
    cause = _one_of("cause", given.get("cause", FIRST_CAUSE), model.causes())
    story = _one_of("story", given.get("story", _STORIES[0]), _STORIES) == _STORIES[1]
    activity = given.get("activity")
    return Query(
        cause=cause,
        story=story,
        activity=None if activity is None else model.Activity(_one_of("activity", activity, tuple(model.Activity))),
        shown=_values(
            cause, {name: value for name, value in given.items() if name not in (*NAMES, *also)}, story=story
        ),
    )


def read_who(given: str) -> Literal["healthy", "changed"]:
    """Return which of the two units is to be heard."""
    return "healthy" if _one_of("who", given, ("healthy", "changed")) == "healthy" else "changed"


def _values(cause: str, given: dict[str, str], *, story: bool) -> dict[str, float]:
    known = {dial.parameter for dial in model.dials_of(cause, story=story)}
    for name, value in given.items():
        if name not in known:
            raise QueryRefusedError(name, say("“{name}” cannot be changed here.", name=_short(name)))
        if value and not _NUMBER.fullmatch(value):
            raise QueryRefusedError(name, say("“{name}” must be a number.", name=_short(name)))
    return {name: float(value.replace(",", ".")) for name, value in given.items() if value}


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise QueryRefusedError(name, say("“{value}” is not known here as “{name}”.", value=_short(value), name=name))
    return value


def _short(text: str) -> str:
    plain = "".join(letter for letter in text[:60] if letter.isprintable())
    return plain or say("(nothing)")
