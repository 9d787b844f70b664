"""A condition as terminal text: what it is, what it does to the twitch, what is seen, and how urgent it is."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Condition
from twitchwise.report.about_condition import (
    KINDS,
    USUAL_LEVEL,
    Said,
    advice_for,
    changes_of,
    claims_about,
    evidence_of,
    medicines_of,
    outlook_of,
    priors_of,
    seen_with,
    state_of_review,
    usual_urgency,
)
from twitchwise.report.citations import cite_all
from twitchwise.report.text_parts import (
    bullets,
    page,
    pages_to_read,
    paragraph,
    references,
    section,
    title,
    with_sources,
)
from twitchwise.report.wording import HEADINGS, NOTICE


def condition_as_text(condition: Condition, library: Library) -> RenderableType:
    """Return what is known of a condition, for a terminal.

    Parameters
    ----------
    condition
        The condition.
    library
        Names its findings, parameters, advice and sources.
    """
    cited = cite_all((evidence.source for evidence in evidence_of(condition)), library)
    return page(
        title(f"{condition.label} ({KINDS[condition.kind]})"),
        paragraph(condition.summary),
        section(
            "What happens to the twitch",
            paragraph(condition.what_happens),
            bullets(_sourced(changes_of(condition, library))),
        ),
        section("What is seen, and how often", bullets(_sourced(seen_with(condition, library)))),
        section("How often it is the cause", bullets(_sourced(priors_of(condition, library)))),
        section(
            "How soon to seek help",
            paragraph(_with_sources(usual_urgency(condition, library))),
            paragraph(USUAL_LEVEL, style="dim"),
            paragraph("Get help sooner with any of these:") if condition.red_flags else None,
            bullets((library.findings[flag].plain for flag in condition.red_flags), indent=2),
        ),
        section(HEADINGS.advice, bullets(_sourced(advice_for(condition, library)))),
        section(
            "What a professional may do (no prescription)",
            *_listed("Examine", condition.care.examine),
            *_listed("Test", condition.care.test),
            *_listed("Offer", condition.care.offer),
        ),
        section("What to expect", paragraph(_with_sources(outlook_of(condition, library)))),
        section("Medicines that can cause it", bullets(_sourced(medicines_of(condition, library)))),
        section("Popular claims", bullets(_sourced(answer for _, answer in claims_about(condition.id, library)))),
        section("What can look like it", bullets(library.conditions[other].label for other in condition.mimics)),
        section(HEADINGS.read_more, pages_to_read(cite_all(condition.read_more, library))),
        section(HEADINGS.sources, references(cited)),
        section("Review", paragraph(state_of_review(condition))),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def _listed(heading: str, sentences: Iterable[str]) -> Iterator[RenderableType]:
    listed = bullets(sentences, indent=2)
    if listed is not None:
        yield paragraph(f"{heading}:")
        yield listed


def _sourced(sentences: Iterable[Said]) -> Iterator[str]:
    return (_with_sources(one) for one in sentences)


def _with_sources(one: Said) -> str:
    return with_sources(one.sentence, one.citations)
