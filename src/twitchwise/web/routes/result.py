"""The result, on a page and to take away."""

import json

from fastapi import APIRouter, Response

from twitchwise import report  # its parts load when they are used: drawing is heavy
from twitchwise.examine import Examination, examine_case
from twitchwise.web.result_view import result_of
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/result")
def show(here: Inside) -> Response:
    """Show the result of what was answered so far."""
    result = result_of(_examination(here), here.visit)
    return here.page("result", result=result, first_open=here.url_of(result.open[0]) if result.open else None)


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


def _examination(here: Visiting) -> Examination:
    return examine_case(here.case, here.visit.recordings, here.library)


def _download(content: str, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
