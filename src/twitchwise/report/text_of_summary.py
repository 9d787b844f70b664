"""An examination in a dozen lines: how soon to seek help, what was measured, and the leading causes."""

from rich.console import RenderableType

from twitchwise.examine import Examination
from twitchwise.report.story import CauseStory, story_of
from twitchwise.report.text_parts import bullets, card, page, paragraph, section
from twitchwise.report.wording import DRAFT, HEADINGS, NOTICE

CAUSES_IN_SHORT = 3


def summary_as_text(examination: Examination) -> RenderableType:
    """Return the short form of an examination for a terminal; everything it leaves out is in the report.

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
        card(story.card, story.level if story.enough else None),
        section(HEADINGS.measured, *map(paragraph, story.summaries)),
        section(HEADINGS.causes, bullets(map(_cause, story.causes[:CAUSES_IN_SHORT])), paragraph(story.not_covered)),
        section(HEADINGS.about, paragraph(NOTICE), paragraph(DRAFT) if story.is_draft else None),
    )


def _cause(cause: CauseStory) -> str:
    return f"{cause.label} - {cause.word}: {cause.chance} ({cause.range})"
