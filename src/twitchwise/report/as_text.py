"""An examination as terminal text: how soon to seek help first, then why, what was measured, and what may cause it."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from twitchwise.examine import Examination
from twitchwise.report.story import CauseStory, RuleStory, Story, story_of
from twitchwise.report.text_parts import (
    bullets,
    card,
    facts_as_text,
    marked,
    page,
    pages_to_read,
    paragraph,
    references,
    section,
    title,
    with_sources,
)
from twitchwise.report.wording import (
    CONTRIBUTORS_LEAD,
    DIFFER_LEAD,
    DRAFT,
    HEADINGS,
    NO_RULE,
    NOTICE,
    SIGNS_LEAD,
    TITLE,
    TOGETHER_LEAD,
)

NOT_ASKED_SHOWN = 8


def examination_as_text(examination: Examination) -> RenderableType:
    """Return an examination for a terminal.

    Parameters
    ----------
    examination
        The visit as a whole.

    Returns
    -------
    RenderableType
        For ``rich.console.Console().print``; reads well at 80 columns and without color.
    """
    story = story_of(examination)
    return page(
        title(TITLE),
        card(story.card, story.level if story.enough else None),
        _signs(story),
        _why(story),
        section(HEADINGS.harmless, bullets(story.harmless), _harmless_sources(story)),
        section(HEADINGS.measured, *map(paragraph, story.summaries), facts_as_text(story.facts)),
        _causes(story),
        _contributors(story),
        section(HEADINGS.would_change, bullets(story.would_change)),
        section(HEADINGS.not_covered, paragraph(story.not_covered)),
        section(HEADINGS.not_asked, _not_asked(story)),
        section(HEADINGS.tell, *_tell(story)),
        section(HEADINGS.advice, bullets(story.advice)),
        section(HEADINGS.read_more, pages_to_read(story.read_more)),
        section(HEADINGS.doubts, bullets(story.doubts)),
        section(HEADINGS.sources, references(story.cited_in_short)),
        section(HEADINGS.about, paragraph(NOTICE), paragraph(DRAFT) if story.is_draft else None),
    )


def _signs(story: Story) -> RenderableType | None:
    if not story.signs_not_asked:
        return None
    return section(HEADINGS.signs, paragraph(SIGNS_LEAD), bullets(story.signs_not_asked, indent=2))


def _rule(rule: RuleStory) -> str:
    return with_sources(f"{rule.label} ({rule.level.lower()}): {rule.because}", rule.citations)


def _why(story: Story) -> RenderableType | None:
    parts = [bullets(map(_rule, story.rules))]
    if not story.rules and not story.differences:
        parts.append(paragraph(NO_RULE))
    for group in story.differences:
        parts += [paragraph(DIFFER_LEAD), bullets(map(_rule, group), indent=2)]
    return section(HEADINGS.why, *parts)


def _harmless_sources(story: Story) -> RenderableType | None:
    return paragraph(with_sources("", story.harmless_sources).strip()) if story.harmless_sources else None


def _causes(story: Story) -> RenderableType | None:
    parts: list[RenderableType | None] = [paragraph(story.causes_lead), paragraph(story.separation)]
    for place, cause in enumerate(story.causes, start=1):
        parts += _cause(place, cause)
    if story.together:
        parts += [Text(), paragraph(f"{TOGETHER_LEAD} {'; '.join(story.together)}.")]
    if story.more_causes:
        parts += [Text(), paragraph(f"{story.more_causes} further causes are less likely; --json lists them all.")]
    return section(HEADINGS.causes, *parts)


def _cause(place: int, cause: CauseStory) -> Iterator[RenderableType | None]:
    yield Text()
    yield Text.assemble(f"{place}. ", (cause.label, "bold"), f" - {cause.word}: {cause.chance} ({cause.range})")
    yield paragraph(cause.summary, indent=3)
    reasons = [(reason.mark, with_sources(reason.sentence, reason.citations)) for reason in cause.main_reasons]
    yield marked(reasons, indent=3)


def _contributors(story: Story) -> RenderableType | None:
    if not story.contributors:
        return None
    parts = [paragraph(CONTRIBUTORS_LEAD)]
    for place, cause in enumerate(story.contributors, start=1):
        parts += [part for part in _cause(place, cause) if part is not None]
    return section(HEADINGS.contributors, *parts)


def _not_asked(story: Story) -> RenderableType | None:
    if not story.not_asked:
        return None
    shown, left = story.not_asked[:NOT_ASKED_SHOWN], len(story.not_asked[NOT_ASKED_SHOWN:])
    signs = f"{len(story.signs_not_asked)} emergency signs (listed above); " if story.signs_not_asked else ""
    more = f"; and {left} more" if left else ""
    return paragraph(f"{signs}{'; '.join(shown)}{more}.")


def _tell(story: Story) -> Iterator[RenderableType | None]:
    yield bullets(story.tell)
    if story.said_yes:
        yield paragraph(f"You answered yes to: {'; '.join(story.said_yes)}.")
    if story.said_no:
        yield paragraph(f"You answered no to: {'; '.join(story.said_no)}.")
    yield paragraph(story.who)
