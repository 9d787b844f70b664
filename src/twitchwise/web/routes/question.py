"""One question a page."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.wording import UNIT_WORDS
from twitchwise.web.forms import UNKNOWN, Form, FormError, FormRefusedError, read_choice, read_number, text_of
from twitchwise.web.order import fits, is_question, questions, rival
from twitchwise.web.visiting import SEE_OTHER, Inside, Visiting

router = APIRouter(prefix="/visit/{token}/question/{finding}")


def _asked(finding: str, here: Inside) -> Finding:
    found = here.library.findings.get(finding)
    if found is None or found.asked is None:
        raise HTTPException(404)
    if not is_question(found):
        raise HTTPException(SEE_OTHER, headers={"Location": here.url("emergency")})
    return found


Question = Annotated[Finding, Depends(_asked)]


@router.get("")
def show(here: Inside, question: Question) -> Response:
    """Ask a question; one that makes no sense any more leads on."""
    if not fits(question, here.case, here.library.findings):
        return here.go_to(here.url("check"))
    return _page(here, question, here.visit.answers.get(question.id, ""))


@router.post("")
def save(here: Inside, question: Question, form: Form) -> Response:
    """Keep the answer."""
    try:
        answer = _read(here, question, form)
    except FormRefusedError as refused:
        return _page(here, question, text_of(form, "answer"), refused.error)
    was_emergency, findings = here.is_emergency, here.library.findings
    now = here.change(lambda visit: visit.with_answer(question.id, answer, findings))
    if now.is_emergency and not was_emergency:
        return now.go_to(now.url("act"))
    return now.go_to(now.url("check") if now.from_check else _next(now, question))


def _read(here: Visiting, question: Finding, form: Form) -> str:
    answer = read_number(form, question) if question.answer is Answer.NUMBER else read_choice(form)
    other = rival(question, here.case, here.library.findings)
    if other is not None and answer == "present":
        raise FormRefusedError(
            "answer", f"You also said yes to “{other.plain}”. Both cannot be true. Change one first."
        )
    if not fits(question, here.case, here.library.findings) and answer != UNKNOWN:
        raise FormRefusedError(
            "answer", "An answer that you gave since then rules this one out. Change that one first."
        )
    return answer


def _path(here: Visiting, question: Finding) -> list[Finding]:
    """Return the questions that fit, with this one even where it does not."""
    fitting = questions(here.case, here.library.findings)
    return [*fitting] if question in fitting else [question, *fitting]


def _next(here: Visiting, question: Finding) -> str:
    path = _path(here, question)
    later = path[path.index(question) + 1 :]
    return here.url_of(later[0]) if later else here.url("recording")


def _back(here: Visiting, question: Finding) -> str:
    if here.from_check:
        return here.url("check")
    path = _path(here, question)
    place = path.index(question)
    return here.url_of(path[place - 1]) if place else here.url("about")


def _page(here: Visiting, question: Finding, answer: str, error: FormError | None = None) -> Response:
    path = _path(here, question)
    return here.page(
        "number" if question.answer is Answer.NUMBER else "choice",
        error=error,
        question=question,
        answer=answer,
        unit=UNIT_WORDS.get(question.unit, question.unit.value),
        back=_back(here, question),
        place=path.index(question) + 1,
        count=len(path),
    )
