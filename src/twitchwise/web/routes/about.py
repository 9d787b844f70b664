"""Who it is about: age and sex, both optional."""

from fastapi import APIRouter, Response

from twitchwise.web.forms import Form, FormError, FormRefusedError, read_person, text_of
from twitchwise.web.order import questions
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/about")
def show(here: Inside) -> Response:
    """Ask for age and sex."""
    age = "" if here.visit.age_years is None else f"{here.visit.age_years:g}"
    return _page(here, age, here.visit.sex or "")


@router.post("/about")
def save(here: Inside, form: Form) -> Response:
    """Keep age and sex."""
    try:
        age_years, sex = read_person(form)
    except FormRefusedError as refused:
        return _page(here, text_of(form, "age"), text_of(form, "sex"), refused.error)
    here.change(lambda visit: visit.with_person(age_years, sex))
    return here.go_to(_next(here))


def _next(here: Visiting) -> str:
    if here.from_check:
        return here.url("check")
    first = next(iter(questions(here.case, here.library.findings)), None)
    return here.url("recording") if first is None else here.url_of(first)


def _page(here: Visiting, age: str, sex: str, error: FormError | None = None) -> Response:
    return here.page("about", error=error, age=age, sex=sex)
