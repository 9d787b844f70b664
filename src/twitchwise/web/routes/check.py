"""Check your answers, each with a way to change it, before the result."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Response

from twitchwise.assess import Question
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.display import with_unit
from twitchwise.report.wording import UNIT_WORDS
from twitchwise.vocabulary import FindingState
from twitchwise.vocabulary.text import capital, digits, say, together
from twitchwise.vocabulary.words import SEX_WORDS
from twitchwise.web.body_map import SPOTS
from twitchwise.web.order import emergency_signs
from twitchwise.web.own_words import details_of
from twitchwise.web.path import page_named
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")

WORDS_OF_ANSWER = {"present": say("Yes"), "absent": say("No"), "not_assessed": say("I don't know")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A question with its answer and where to change it."""

    question: str
    answer: str
    url: str


@router.get("/check")
def show(here: Inside) -> Response:
    """Show every answer."""
    page = here.next_page
    return here.page(
        "check",
        signs=list(_signs(here)),
        told=list(_told(here)),
        rows=list(_rows(here)),
        sexes=SEX_WORDS,
        go_on=None if page is None else here.url_of(page.id),
    )


def answer_in_words(question: Finding, answer: str) -> str:
    """Return an answer as a person gave it."""
    if answer in WORDS_OF_ANSWER or question.answer is not Answer.NUMBER:
        return WORDS_OF_ANSWER[answer]
    return with_unit(digits(answer), UNIT_WORDS.get(question.unit, question.unit.value))


def ticked_in_words(page: Question, answers: dict[str, str]) -> str:
    """Return the answer to a checklist: what was ticked, or that none of it fits or is known."""
    ticked = [capital(finding.plain) for finding in page.findings if answers.get(finding.id) == "present"]
    if not ticked and "absent" in answers.values():
        return say("None of these")
    return together(ticked, "; ") if ticked else WORDS_OF_ANSWER["not_assessed"]


def _rows(here: Visiting) -> Iterator[Row]:
    for name, names in here.visit.pages.items():
        page = page_named(name, here.visit, here.library)
        if page is not None:
            answers = {one: here.visit.answers[one] for one in names if one in here.visit.answers}
            said = (
                ticked_in_words(page, answers)
                if page.is_checklist
                else answer_in_words(page.findings[0], answers[name])
            )
            yield Row(question=page.text, answer=said, url=f"{here.url_of(name)}?from=check")
            yield from _place(here, name)


def _place(here: Visiting, name: str) -> Iterator[Row]:
    """Give where a finding is, where that was asked."""
    place = here.visit.places.get(name)
    if place is not None and here.case.state(name) is FindingState.PRESENT:
        labels = [SPOTS[spot].label for spot in place.spots]
        said = together(labels, "; ") if labels else say("I can't say")
        yield Row(question=say("Where is it?"), answer=said, url=f"{here.url(f'where/{name}')}?from=check")


def _told(here: Visiting) -> Iterator[Row]:
    """Give what the person's own words say, as it was agreed to."""
    findings, case = here.library.findings, here.case
    for name in here.visit.told:
        if name in here.visit.told_only:
            answer = answer_in_words(findings[name], here.visit.answers[name])
            details = details_of(case.observations[name])
            yield Row(
                question=capital(findings[name].plain),
                answer=say("{answer}: {details}", answer=answer, details=details) if details else answer,
                url=f"{here.url('understood')}?from=check",
            )


def _signs(here: Visiting) -> Iterator[str]:
    case = here.case
    for sign in emergency_signs(here.library.findings):
        if case.state(sign.id) is FindingState.PRESENT:
            yield sign.plain
