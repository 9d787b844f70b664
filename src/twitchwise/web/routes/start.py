"""The start page: what the check does, what it cannot do, and the button that opens a visit."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from twitchwise.web.rendering import page
from twitchwise.web.visiting import SEE_OTHER, Visits

router = APIRouter()


@router.get("/")
def show() -> HTMLResponse:
    """Show the start page."""
    return page("start")


@router.post("/visit")
def begin(visits: Visits) -> RedirectResponse:
    """Open a visit and show the emergency signs."""
    return RedirectResponse(f"/visit/{visits.open()}/emergency", status_code=SEE_OTHER)
