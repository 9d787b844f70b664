"""Erasing everything, after one question whether that is meant."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from twitchwise.web.rendering import page
from twitchwise.web.visiting import SEE_OTHER, Here, Visits

router = APIRouter()
visit = APIRouter(prefix="/visit/{token}")


@visit.get("/erase")
def ask(here: Here) -> Response:
    """Ask whether everything is to be erased."""
    return here.page("erase")


@visit.post("/erase")
def erase(token: str, visits: Visits) -> RedirectResponse:
    """Erase the visit; doing so twice is no mistake."""
    visits.erase(token)
    # pages of the visit that the browser still holds must not come back with its back button
    return RedirectResponse("/erased", status_code=SEE_OTHER, headers={"Clear-Site-Data": '"cache"'})


@router.get("/erased")
def erased() -> Response:
    """Say that everything is erased."""
    return page("erased")


router.include_router(visit)
