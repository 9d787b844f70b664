"""Who it is about: age and sex, both optional."""

from fastapi import APIRouter, Response

from twitchwise.web.forms import Form, FormError, FormRefusedError, read_person, text_of
from twitchwise.web.own_words import person_in
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/about")
def show(here: Inside) -> Response:
    """Ask for age and sex; what own words tell of them is filled in until they were answered."""
    visit = here.visit
    age_years, sex = (visit.age_years, visit.sex) if visit.person_asked else person_in(visit, here.library)
    return _page(here, "" if age_years is None else f"{age_years:g}", sex or "")


@router.post("/about")
def save(here: Inside, form: Form) -> Response:
    """Keep age and sex."""
    try:
        age_years, sex = read_person(form)
    except FormRefusedError as refused:
        return _page(here, text_of(form, "age"), text_of(form, "sex"), refused.error)
    now = here.change(lambda visit: visit.with_person(age_years, sex))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


def _page(here: Visiting, age: str, sex: str, error: FormError | None = None) -> Response:
    back = here.url("check" if here.from_check else "understood" if here.visit.text else "words")
    return here.page("about", error=error, age=age, sex=sex, back=back)
