"""What the person says in own words, and what was understood of it, to be corrected before it counts."""

from fastapi import APIRouter, Response

from twitchwise.assess.intake import language_of
from twitchwise.report.languages import LANGUAGE
from twitchwise.vocabulary.text import say, say_many, together
from twitchwise.vocabulary.words import SEX_WORDS
from twitchwise.web.forms import Form, FormError, FormRefusedError, read_text, read_told, text_of
from twitchwise.web.own_words import (
    LANGUAGE_WORDS,
    agreed_in,
    heard_in,
    is_in_other_language,
    not_understood,
    person_in,
)
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/words")
def show(here: Inside) -> Response:
    """Ask for own words, which may be left out."""
    return _page(here, here.visit.text)


@router.post("/words")
def save(here: Inside, form: Form) -> Response:
    """Keep the words; without any, the check goes on."""
    try:
        text = read_text(form)
    except FormRefusedError as refused:
        return _page(here, text_of(form, "text"), refused.error)
    language = language_of(text, here.library, LANGUAGE.get())
    now = here.change(lambda visit: visit.with_text(text, here.library.findings, language))
    if text:
        return now.go_to(now.url("understood") + ("?from=check" if now.from_check else ""))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


@router.get("/understood")
def show_understood(here: Inside) -> Response:
    """Show what was understood."""
    return _understood(here) if here.visit.text else here.go_to(here.url("words"))


@router.post("/understood")
def save_understood(here: Inside, form: Form) -> Response:
    """Keep what the person agrees to; an emergency sign among it leads at once to what to do."""
    kept, findings = read_told(form), here.library.findings
    try:
        told = agreed_in(here.visit, here.library, kept)
    except FormRefusedError as refused:
        return _understood(here, refused.error, kept)
    was_emergency, now = here.is_emergency, here.change(lambda visit: visit.with_told(told, findings))
    if now.is_emergency and not was_emergency:
        return now.go_to(now.url("act"))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


def _page(here: Visiting, text: str, error: FormError | None = None) -> Response:
    return here.page("words", error=error, text=text)


def _person(here: Visiting) -> str:
    """Return age and sex as they were read, as long as the page that asks for them is still to come."""
    if here.visit.person_asked:
        return ""
    age_years, sex = person_in(here.visit, here.library)
    parts = [] if age_years is None else [_age(age_years)]
    parts += [] if sex is None else [SEX_WORDS[sex]]
    return together(parts, ", ") if parts else ""


def _age(years: float) -> str:
    if years == round(years):
        return say_many("{count} year", "{count} years", count=round(years))
    return say("{years:g} years", years=years)


def _understood(here: Visiting, error: FormError | None = None, kept: frozenset[str] | None = None) -> Response:
    heard = heard_in(here.visit, here.library)
    read_in = here.library.languages.get(here.visit.text_language)
    tag = LANGUAGE.get() if read_in is None else read_in.tag
    is_told_apart = tag != LANGUAGE.get()
    ticked = {one.finding.id for one in heard if one.is_kept} if kept is None else kept
    return here.page(
        "understood",
        error=error,
        signs=[one for one in heard if one.is_sign],
        there=[one for one in heard if one.is_there and not one.is_sign],
        not_there=[one for one in heard if not one.is_there],
        ticked=ticked,
        person=_person(here),
        not_understood=not_understood(here.visit, here.library),
        tag=tag if is_told_apart else "",
        read_as=LANGUAGE_WORDS[here.visit.text_language] if is_told_apart else "",
        is_other=is_in_other_language(here.visit, here.library),
    )
