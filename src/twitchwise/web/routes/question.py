"""One question a page, or one checklist."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from starlette.datastructures import FormData

from twitchwise.assess import Observation, Question
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.wording import UNIT_WORDS
from twitchwise.vocabulary import FindingState
from twitchwise.vocabulary.text import say
from twitchwise.web.forms import (
    NONE_OF_THESE,
    UNKNOWN,
    Form,
    FormError,
    FormRefusedError,
    conflict,
    read_checklist,
    read_choice,
    read_number,
)
from twitchwise.web.order import against, fits, is_sign, rival
from twitchwise.web.path import RARELY_MORE, is_page, number_of, page_before, page_named
from twitchwise.web.visiting import SEE_OTHER, Inside, Visiting

router = APIRouter(prefix="/visit/{token}/question/{name}")


def _asked(name: str, here: Inside) -> Question:
    found = here.library.findings.get(name)
    if found is not None and is_sign(found):
        raise HTTPException(SEE_OTHER, headers={"Location": here.url("emergency")})
    if not is_page(name, here.library):
        raise HTTPException(404)
    page = page_named(name, here.visit, here.library)
    if page is None:
        raise HTTPException(SEE_OTHER, headers={"Location": here.url("check")})
    return page


Asked = Annotated[Question, Depends(_asked)]


@router.get("")
def show(here: Inside, asked: Asked) -> Response:
    """Ask a question; one that makes no sense any more leads on."""
    if not any(fits(finding, here.case, here.library.findings) for finding in asked.findings):
        return here.go_to(here.url("check"))
    return _page(here, asked, here.visit.answers)


@router.post("")
def save(here: Inside, asked: Asked, form: Form) -> Response:
    """Keep the answers."""
    try:
        answers = _read(here, asked, form)
    except FormRefusedError as refused:
        return _page(here, asked, _as_given(asked, form), refused.error)
    was_emergency, findings = here.is_emergency, here.library.findings
    now = here.change(lambda visit: visit.with_answers(asked.id, answers, findings))
    if now.is_emergency and not was_emergency:
        return now.go_to(now.url("act"))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


def _as_given(asked: Question, form: FormData) -> dict[str, str]:
    """Return what a form that must be corrected brought, so that nothing has to be given twice."""
    given = [value for value in form.getlist("answer") if isinstance(value, str)]
    if not asked.is_checklist:
        return {asked.id: given[0] if given else ""}
    return {finding.id: "present" for finding in asked.findings if finding.id in given}


def _read(here: Visiting, asked: Question, form: FormData) -> dict[str, str]:
    if asked.is_checklist:
        answers = read_checklist(form, asked)
        _refuse_conflicts(here, asked, answers)
        return answers
    (finding,) = asked.findings
    answer = read_number(form, finding) if finding.answer is Answer.NUMBER else read_choice(form)
    _refuse_what_does_not_fit(here, finding, answer)
    return {finding.id: answer}


def _refuse_what_does_not_fit(here: Visiting, finding: Finding, answer: str) -> None:
    other = rival(finding, here.case, here.library.findings)
    if other is not None and answer == FindingState.PRESENT:
        raise FormRefusedError(
            "answer", say("You also said yes to “{sign}”. Both cannot be true. Change one first.", sign=other.plain)
        )
    if not fits(finding, here.case, here.library.findings) and answer != UNKNOWN:
        raise FormRefusedError(
            "answer", say("An answer that you gave since then rules this one out. Change that one first.")
        )


def _refuse_conflicts(here: Visiting, asked: Question, answers: Mapping[str, str]) -> None:
    given = {name: Observation(finding=name, state=FindingState(answer)) for name, answer in answers.items()}
    case = here.case.with_observations(given)
    for finding in asked.findings:
        other = against(finding, case, here.library.findings)
        if other is not None and answers[finding.id] == FindingState.PRESENT:
            raise conflict("answer", finding, other)


def _given_alone(asked: Question, answers: Mapping[str, str]) -> str | None:
    """Return whether "none of these" or "I don't know" is the answer to a checklist."""
    given = {answers[finding.id] for finding in asked.findings if finding.id in answers}
    if FindingState.PRESENT in given or not given:
        return None
    return NONE_OF_THESE if FindingState.ABSENT in given else UNKNOWN


def _page(here: Visiting, asked: Question, answers: Mapping[str, str], error: FormError | None = None) -> Response:
    first = asked.findings[0]
    before = page_before(asked.id, here.visit)
    back = here.url("about") if before is None else here.url_of(before)
    template = "checklist" if asked.is_checklist else "number" if first.answer is Answer.NUMBER else "choice"
    return here.page(
        template,
        error=error,
        asked=asked,
        answers=answers,
        given=_given_alone(asked, answers),
        unit=UNIT_WORDS.get(first.unit, first.unit.value),
        back=here.url("check") if here.from_check else back,
        number=number_of(asked.id, here.visit),
        rarely_more=RARELY_MORE,
    )
