"""Check your answers, each with a way to change it, before the result."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Response

from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.wording import UNIT_WORDS
from twitchwise.vocabulary import FindingState
from twitchwise.web.order import emergency_signs, questions
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")

WORDS_OF_ANSWER = {"present": "Yes", "absent": "No", "not_assessed": "I don't know"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A question with its answer and where to change it."""

    question: str
    answer: str
    url: str


@router.get("/check")
def show(here: Inside) -> Response:
    """Show every answer."""
    fitting = questions(here.case, here.library.findings)
    open_ones = [question for question in fitting if question.id not in here.visit.answers]
    return here.page(
        "check",
        signs=list(_signs(here)),
        rows=[_row(here, question) for question in fitting if question.id in here.visit.answers],
        open_count=len(open_ones),
        first_open=here.url_of(open_ones[0]) if open_ones else None,
    )


def answer_in_words(question: Finding, answer: str) -> str:
    """Return an answer as a person gave it."""
    if answer in WORDS_OF_ANSWER or question.answer is not Answer.NUMBER:
        return WORDS_OF_ANSWER[answer]
    return f"{answer} {UNIT_WORDS.get(question.unit, question.unit.value)}".strip()


def _row(here: Visiting, question: Finding) -> Row:
    return Row(
        question=question.asked.question if question.asked else question.plain,
        answer=answer_in_words(question, here.visit.answers[question.id]),
        url=f"{here.url_of(question)}?from=check",
    )


def _signs(here: Visiting) -> Iterator[str]:
    case = here.case
    for sign in emergency_signs(here.library.findings):
        if case.state(sign.id) is FindingState.PRESENT:
            yield sign.plain
