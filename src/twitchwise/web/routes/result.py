"""The result, on a page."""

from dataclasses import replace

from fastapi import APIRouter, Response

from twitchwise import report  # its parts load when they are used: drawing is heavy
from twitchwise.assess import learned_since
from twitchwise.examine import Examination, examine_case
from twitchwise.web.measuring_view import not_yet_in_words
from twitchwise.web.result_view import result_of
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/result")
def show(here: Inside) -> Response:
    """Show the result of what was answered so far, and what is new since the last one that was shown."""
    not_yet = not_yet_of(here)
    examination = examine_case(here.case, here.visit.recordings, here.library)
    result = result_of(examination, here.next_page)
    here.change(lambda visit: visit.with_shown(examination.case, examination.assessment))
    return here.page("result", result=result, not_yet=not_yet, learned=_learned(here, examination), forms=report.FORMS)


def examination_of(here: Visiting) -> Examination:
    """Return the examination of a visit as it now is, with a warning for each recording that it lacks."""
    examination = examine_case(here.case, here.visit.recordings, here.library)
    return replace(examination, warnings=(*examination.warnings, *not_yet_of(here)))


def not_yet_of(here: Visiting) -> list[str]:
    """Say of each recording that is still being measured, or could not be, that the result does not use it."""
    return [not_yet_in_words(one) for one in (*here.being_measured, *here.not_measured)]


def _learned(here: Visiting, examination: Examination) -> str | None:
    """Say in one sentence what is new; when nothing was touched since, there is nothing to say."""
    shown = here.visit.shown
    if shown is None or not here.visit.revised:
        return None
    return learned_since(shown, (examination.case, examination.assessment)).sentence
