"""Laws of published ranges: what they name exists, and their numbers stand in quotes of sources that were opened."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from twitchwise.knowledge.schema import PublishedRange, Read
from twitchwise.vocabulary import KnowledgeError

if TYPE_CHECKING:
    from twitchwise.knowledge.library import Library

VAGUE = ("a", "an", "couple", "few", "several")
"""Words that the reader of a description takes for a number, and that no source means as one."""


def ranges_resolve(library: "Library") -> Iterator[KnowledgeError]:
    """The muscle of every range exists."""
    for name, one in library.ranges.items():
        if one.muscle is not None and one.muscle not in library.muscles:
            yield library.ranges.error(name, "muscle", f"muscle must exist, got {one.muscle!r}.")


def range_numbers_stand_in_quotes(library: "Library") -> Iterator[KnowledgeError]:
    """Every number of a range stands in a quote, in digits or as a word."""
    named = [pair for language in library.languages.values() for pair in language.number_words.items()]
    words = {word: number for word, number in named if word not in VAGUE}
    for name, one in library.ranges.items():
        missing = set(one.figures.numbers) - _numbers_in(one, words)
        if missing:
            rule = f"the quotes must hold the numbers of the figures, {sorted(missing)!r} are not there."
            yield library.ranges.error(name, "figures", rule)


def _numbers_in(one: PublishedRange, words: dict[str, float]) -> set[float]:
    text = " ".join(evidence.quote or "" for evidence in one.evidence)
    said = {float(number) for word, number in words.items() if word in text.lower().split()}
    return said | {float(digits) for digits in re.findall(r"\d+(?:\.\d+)?", text)}


def ranges_have_opened_sources(library: "Library") -> Iterator[KnowledgeError]:
    """A range rests on sources that somebody opened."""
    for name, one in library.ranges.items():
        for index, evidence in enumerate(one.evidence):
            source = library.sources.get(evidence.source)
            if source is not None and source.read is Read.NOT_OPENED:
                rule = f"a range must rest on sources that were opened, {evidence.source!r} was not."
                yield library.ranges.error(name, f"evidence[{index}]", rule)


LAWS_OF_THE_RANGES = (ranges_resolve, range_numbers_stand_in_quotes, ranges_have_opened_sources)
