"""The result, on a page and to take away."""

import json

from fastapi import APIRouter, Response

from twitchwise import report  # its parts load when they are used: drawing is heavy
from twitchwise.assess import learned_since
from twitchwise.examine import Examination, examine_case
from twitchwise.web.result_view import result_of
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/result")
def show(here: Inside) -> Response:
    """Show the result of what was answered so far, and what is new since the last one that was shown."""
    examination = _examination(here)
    result = result_of(examination, here.next_page)
    here.change(lambda visit: visit.with_shown(examination.case, examination.assessment))
    return here.page("result", result=result, learned=_learned(here, examination))


@router.get("/report.html")
def download_report(here: Inside) -> Response:
    """Send the report as one file."""
    page = report.examination_as_html(_examination(here))
    return _download(page, "text/html; charset=utf-8", "twitchwise-report.html")


@router.get("/report.json")
def download_json(here: Inside) -> Response:
    """Send the result for other programs."""
    text = json.dumps(report.examination_as_json(_examination(here)), indent=2, ensure_ascii=False, allow_nan=False)
    return _download(text, "application/json", "twitchwise-result.json")


def _learned(here: Visiting, examination: Examination) -> str | None:
    """Say in one sentence what is new; when nothing was touched since, there is nothing to say."""
    shown = here.visit.shown
    if shown is None or not here.visit.revised:
        return None
    return learned_since(shown, (examination.case, examination.assessment)).sentence


def _examination(here: Visiting) -> Examination:
    return examine_case(here.case, here.visit.recordings, here.library)


def _download(content: str, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
