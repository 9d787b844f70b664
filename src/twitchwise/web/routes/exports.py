"""The result to take along: as a PDF, as a web page, and as files for the programs of others."""

from fastapi import APIRouter, HTTPException, Response

from twitchwise import report  # its parts load when they are used: drawing is heavy
from twitchwise.web.routes.result import examination_of
from twitchwise.web.visiting import Inside

router = APIRouter(prefix="/visit/{token}")


@router.get("/report.{ending}")
def download(ending: str, here: Inside) -> Response:
    """Send the result in the form that the ending names; it is made anew each time, and kept nowhere."""
    form = report.form_named(f".{ending}")
    if form is None:
        raise HTTPException(404)
    content = report.exported(examination_of(here), form, made_on=report.today())
    return Response(
        content, media_type=form.media_type, headers={"Content-Disposition": f'attachment; filename="{form.file}"'}
    )
