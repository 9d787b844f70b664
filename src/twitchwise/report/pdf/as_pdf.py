"""An examination or a measured recording as a PDF: one page that is enough, and all of it behind."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Finding
from twitchwise.report.as_html import twitch_of_leading_cause
from twitchwise.report.citations import Citation
from twitchwise.report.drawings import causes_drawing, measured_drawings
from twitchwise.report.pdf.answers import answer_in_full
from twitchwise.report.pdf.blocks import (
    Block,
    bullets,
    figure,
    heading,
    in_short,
    page_break,
    paragraph,
    references,
    table,
)
from twitchwise.report.pdf.measured_pages import measured_pages, sources_of
from twitchwise.report.pdf.page_one import TITLE, cited, page_one
from twitchwise.report.pdf.typeset import typeset
from twitchwise.report.story import CauseStory, ReasonStory, Story, story_of
from twitchwise.report.wording import CONTRIBUTORS_LEAD, DIFFER_LEAD, HEADINGS, NOTICE, TOGETHER_LEAD
from twitchwise.vocabulary.text import say, say_many, together

_RECORDED = say("What was recorded")
_INTERVAL = say(
    "Numbers in brackets are 95% intervals. Rates count only time at rest. A number of a recording is not a diagnosis: "
    "people with and without an illness overlap."
)


def examination_as_pdf(examination: Examination, *, made_on: dt.date | None = None) -> bytes:
    """Return an examination as a PDF for a doctor, PDF/A-2a and PDF/UA-1.

    Parameters
    ----------
    examination
        The visit as a whole.
    made_on
        The day to print and to put into the file; the same examination and day always give the same bytes.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    story = story_of(examination)
    return typeset(TITLE, [*page_one(examination, story), page_break(), *_behind(examination, story)], made_on=made_on)


def recording_as_pdf(examined: ExaminedRecording, *, made_on: dt.date | None = None) -> bytes:
    """Return a measured recording as a PDF, PDF/A-2a and PDF/UA-1.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    made_on
        The day to print and to put into the file; the same recording and day always give the same bytes.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    known = library()
    blocks = [heading(_RECORDED, 1), paragraph(_INTERVAL), heading(HEADINGS.measured)]
    blocks += [*measured_pages(examined, known), *_sources(sources_of(examined, known))]
    blocks += [heading(HEADINGS.about), paragraph(_about(known.digest))]
    return typeset(_RECORDED, blocks, made_on=made_on)


def _behind(examination: Examination, story: Story) -> Iterator[Block]:
    """Give all that the first page had no room for."""
    yield heading(say("All that was said"))
    yield from _answers(examination, story)
    yield from _rules(story)
    yield from _measurements(examination, story)
    yield from _causes(examination, story)
    yield from _lists(story)
    told = [citation for examined in examination.recordings for citation in sources_of(examined, examination.library)]
    yield from _sources(dict.fromkeys((*story.cited, *told, *story.read_more)))
    yield heading(HEADINGS.about)
    yield paragraph(_about(story.knowledge_digest))


def _about(digest: str) -> str:
    return together([NOTICE, say("Knowledge: {digest}.", digest=digest)])


def _answers(examination: Examination, story: Story) -> Iterator[Block]:
    findings = examination.library.findings
    rows = [
        (_question(findings[name]), findings[name].label, answer_in_full(findings[name], seen))
        for name, seen in examination.case.observations.items()
    ]
    if rows:
        heads = (say("Question"), say("Finding"), say("Answer"))
        yield table(say("Answers and what recordings told"), heads, rows, (6, 4, 4))
    for lead, names in ((HEADINGS.signs, story.signs_not_asked), (HEADINGS.not_asked, story.not_asked)):
        if names:
            told = say("{names}.", names=together(names, "; "))
            yield paragraph(told, lead=say("{heading}:", heading=lead))


def _question(finding: Finding) -> str:
    return finding.plain if finding.asked is None else finding.asked.question


def _rules(story: Story) -> Iterator[Block]:
    yield heading(say("{why}: the rules that apply", why=HEADINGS.why))
    yield bullets(story.card.steps)
    if story.rules:
        yield bullets([(rule.label, cited(rule)) for rule in story.rules])
    for group in story.differences:
        yield paragraph(DIFFER_LEAD)
        yield bullets([(rule.label, cited(rule)) for rule in group])
    if story.harmless:
        yield heading(HEADINGS.harmless, 3)
        yield bullets(story.harmless)


def _measurements(examination: Examination, story: Story) -> Iterator[Block]:
    if not examination.recordings:
        return
    yield heading(say("{what_was_measured}, in full", what_was_measured=HEADINGS.measured))
    yield paragraph(_INTERVAL)
    yield from map(figure, measured_drawings(examination, story))
    for examined in examination.recordings:
        yield from measured_pages(examined, examination.library)


def _causes(examination: Examination, story: Story) -> Iterator[Block]:
    yield heading(say("{what_may_cause_it}, with reasons", what_may_cause_it=HEADINGS.causes))
    yield figure(causes_drawing(story))
    for cause in story.causes:
        yield from _cause(cause, cause.reasons)
    if story.more_causes:
        yield paragraph(
            say_many(
                "{count} further cause is less likely; the data (JSON) list it too.",
                "{count} further causes are less likely; the data (JSON) list them all.",
                count=story.more_causes,
            )
        )
    yield paragraph(story.not_covered)
    if story.together:
        yield paragraph(say("{lead} {causes}.", lead=TOGETHER_LEAD, causes=together(story.together, "; ")))
    if story.contributors:
        yield heading(HEADINGS.contributors)
        yield paragraph(CONTRIBUTORS_LEAD)
        for cause in story.contributors:
            yield from _cause(cause, cause.main_reasons)
    twitch = twitch_of_leading_cause(examination)
    if twitch is not None:
        yield heading(HEADINGS.muscle)
        yield figure(twitch)


def _cause(cause: CauseStory, reasons: Sequence[ReasonStory]) -> Iterator[Block]:
    said = {"cause": cause.label, "word": cause.word, "chance": cause.chance, "range": cause.range}
    yield heading(say("{cause}: {word}, {chance} ({range})", **said), 3)
    yield paragraph(cause.summary)
    if reasons:
        yield bullets([(reason.mark, _reason(reason)) for reason in reasons])


def _reason(reason: ReasonStory) -> str:
    stood_for = "" if reason.counted else say("A stronger answer about the same thing was used instead.")
    return together(part for part in (reason.sentence, stood_for, in_short(reason.citations)) if part)


def _lists(story: Story) -> Iterator[Block]:
    for title, lines in (
        (HEADINGS.would_change, story.would_change),
        (HEADINGS.advice, story.advice),
        (HEADINGS.doubts, story.doubts),
    ):
        if lines:
            yield heading(title)
            yield bullets(lines)


def _sources(citations: Iterable[Citation]) -> Iterator[Block]:
    told = list(citations)
    if told:
        yield heading(HEADINGS.sources)
        yield references(told)
