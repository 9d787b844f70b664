"""What changes along the chain, and the popular stories about a condition, for a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Side, Story
from twitchwise.report.citations import cite_all
from twitchwise.report.text_parts import bullets, page, paragraph, section, title, with_sources
from twitchwise.report.wording import HEADINGS, NOTICE


def chain_as_text(sentences: Sequence[str], caption: str) -> RenderableType:
    """Return the sentences of a chain, and what was compared."""
    return page(section("What the model changes, link by link", bullets(sentences), paragraph(caption, style="dim")))


def health_as_text(scene: str, library: Library) -> RenderableType:
    """Return what stands for health: a scene in which nothing is changed."""
    return page(
        title("Health"),
        paragraph(f"Nothing is changed in the model. {library.scenes[scene].summary}"),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def stories_about(name: str, library: Library) -> tuple[Story, ...]:
    """Return the popular stories about a condition."""
    return tuple(story for story in library.stories.values() if name in story.about)


def stories_as_text(stories: Sequence[Story], library: Library) -> RenderableType:
    """Return what popular stories say, and beside it what the evidence says, with sources."""
    parts = (part for story in stories for part in _story(story, library))
    return page(section("What people say, and what was found", *parts))


def _story(story: Story, library: Library) -> Iterator[RenderableType | None]:
    yield paragraph(story.question, style="bold")
    yield bullets(
        f"{lead}: {_sourced(side, library)}"
        for lead, side in (("The popular story", story.popular), ("The evidence", story.evidence))
    )


def _sourced(side: Side, library: Library) -> str:
    return with_sources(side.says, cite_all((one.source for one in side.evidence), library))
