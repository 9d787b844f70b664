"""Changing the language: a link, so that it works without JavaScript; what is chosen stays in the browser alone."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import RedirectResponse

from twitchwise.report.languages import LANGUAGES
from twitchwise.web.guard import IS_SHARED
from twitchwise.web.languages import COOKIE
from twitchwise.web.visiting import SEE_OTHER

router = APIRouter()

A_YEAR_S = 365 * 86_400
NOT_FOUND = 404
LONGEST_ADDRESS = 2000


@router.get("/language/{tag}")
def choose(tag: str, back: Annotated[str, Query(max_length=LONGEST_ADDRESS)] = "/") -> Response:
    """Choose a language and go back to the page that is open."""
    if tag not in LANGUAGES:
        raise HTTPException(NOT_FOUND)
    answer = RedirectResponse(back if _is_own(back) else "/", status_code=SEE_OTHER)
    answer.set_cookie(COOKIE, tag, max_age=A_YEAR_S, httponly=True, samesite="lax", secure=IS_SHARED.get())
    return answer


def _is_own(address: str) -> bool:
    r"""Tell whether an address is a path of these pages; "//host" and "/\host" would lead elsewhere."""
    return address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
