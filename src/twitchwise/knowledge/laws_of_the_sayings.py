"""Laws of sayings: what they name exists, and whoever is asked in a language can tell it in that language."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import KnowledgeError

if TYPE_CHECKING:
    from twitchwise.knowledge.library import Library

OF_THE_PERSON = frozenset({"female_sex"})  # read from who a text is about


def sayings_resolve(library: "Library") -> Iterator[KnowledgeError]:
    """The language and the findings of sayings exist."""
    for name, sayings in library.sayings.items():
        if sayings.language not in library.languages:
            rule = f"language must exist, got {sayings.language!r}."
            yield library.sayings.error(name, "language", rule)
        for field, said in (("said", sayings.said), ("denied", sayings.denied)):
            for finding in said:
                if finding not in library.findings:
                    yield library.sayings.error(name, f"{field}.{finding}", f"finding must exist, got {finding!r}.")


def sayings_are_complete(library: "Library") -> Iterator[KnowledgeError]:
    """A language with sayings has phrases for every finding that can be asked of a person, each in one file."""
    for language in sorted({sayings.language for sayings in library.sayings.values()}):
        found: set[str] = set()
        for name, sayings in library.sayings.items():
            if sayings.language == language:
                for finding in found & sayings.said.keys():
                    rule = f"a finding must have its phrases in one file, {finding!r} has them in two."
                    yield library.sayings.error(name, f"said.{finding}", rule)
                found |= sayings.said.keys()
        for asked in library.findings.values():
            if _can_be_told(asked) and asked.id not in found:
                rule = f"what a person can be asked must have phrases in {language}, {asked.id!r} has none."
                yield library.findings.error(asked.id, "id", rule)


def _can_be_told(finding: Finding) -> bool:
    asked = finding.asked is not None and finding.asked.who == "person"
    return asked and finding.answer is Answer.YES_NO and finding.id not in OF_THE_PERSON


LAWS_OF_THE_SAYINGS = (sayings_resolve, sayings_are_complete)
