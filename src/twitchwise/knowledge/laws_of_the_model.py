"""Laws between the files that the forward model reads: parameters, and what conditions, muscles and scenes change."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from twitchwise.knowledge.schema import Evidence, Mechanism, Quantity, Read
from twitchwise.vocabulary import KnowledgeError

if TYPE_CHECKING:
    from twitchwise.knowledge.library import Library
    from twitchwise.knowledge.schema.entry import Entry
    from twitchwise.knowledge.shelf import Shelf


def changes_resolve(library: "Library") -> Iterator[KnowledgeError]:
    """Every parameter that a condition, a muscle, a scene or a story changes exists."""
    for shelf, name, key, changes in _changes(library):
        for index, change in enumerate(changes):
            if change.parameter not in library.parameters:
                rule = f"parameter must exist, got {change.parameter!r}."
                yield shelf.error(name, f"{key}[{index}].parameter", rule)


def stories_resolve(library: "Library") -> Iterator[KnowledgeError]:
    """Every condition, finding and claim that a story is about exists."""
    for name, story in library.stories.items():
        for index, about in enumerate(story.about):
            if about not in library.conditions and about not in library.findings:
                rule = f"a story must be about a condition or finding, got {about!r}."
                yield library.stories.error(name, f"about[{index}]", rule)
        for index, claim in enumerate(story.claims):
            if claim not in library.claims:
                yield library.stories.error(name, f"claims[{index}]", f"claim must exist, got {claim!r}.")


def model_numbers_have_opened_sources(library: "Library") -> Iterator[KnowledgeError]:
    """A reported value or change of the forward model rests on a source that somebody opened."""
    for shelf, name, path, evidence in _reported(library):
        sources = [library.sources[item.source] for item in evidence if item.source in library.sources]
        if all(source.read is Read.NOT_OPENED for source in sources):
            rule = "a reported number must rest on a source that was opened, else it is assumed."
            yield shelf.error(name, path, rule)


def _reported(library: "Library") -> "Iterator[tuple[Shelf[Entry], str, str, tuple[Evidence, ...]]]":
    for name, parameter in library.parameters.items():
        if parameter.is_reported:
            yield cast("Shelf[Entry]", library.parameters), name, "value", parameter.evidence
    for shelf, name, key, changes in _changes(library):
        for index, item in enumerate(changes):
            if cast("Quantity", item.change.set or item.change.scale).reported is not None:
                yield shelf, name, f"{key}[{index}]", item.evidence


def _changes(library: "Library") -> "Iterator[tuple[Shelf[Entry], str, str, tuple[Mechanism, ...]]]":
    for name, condition in library.conditions.items():
        yield cast("Shelf[Entry]", library.conditions), name, "mechanism", condition.mechanism
    for name, muscle in library.muscles.items():
        yield cast("Shelf[Entry]", library.muscles), name, "changes", muscle.changes
    for name, scene in library.scenes.items():
        yield cast("Shelf[Entry]", library.scenes), name, "changes", scene.changes
    stories = cast("Shelf[Entry]", library.stories)
    for name, story in library.stories.items():
        yield stories, name, "setting", story.setting
        yield stories, name, "popular.changes", story.popular.changes
        yield stories, name, "evidence.changes", story.evidence.changes


LAWS_OF_THE_MODEL = (changes_resolve, stories_resolve, model_numbers_have_opened_sources)
