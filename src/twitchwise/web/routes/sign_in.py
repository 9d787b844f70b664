"""Signing in to a shared server, and out again."""

from typing import Annotated, cast
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from twitchwise.vocabulary.text import say, say_many
from twitchwise.web.forms import FormError
from twitchwise.web.guard import SIGNED_IN
from twitchwise.web.rendering import page
from twitchwise.web.sign_in import (
    FORBIDDEN,
    SEE_OTHER,
    SIGN_IN,
    Entrance,
    address_of,
    session_of,
    too_many,
    way_on,
    with_session,
    without_session,
)

router = APIRouter()

LARGEST_BYTES = 2**14  # a password and a way on, however they are written; whoever sends more is not signed in yet
MOST_FIELDS = 8
SECONDS_A_MINUTE = 60
WRONG = FormError("password", say("This is not the password. Look at it again, then type it anew."))


def _entrance(request: Request) -> Entrance:
    return cast("Entrance", request.app.state.entrance)


async def _form(request: Request) -> dict[str, str]:
    """Return a small form; more is not read, because anybody may send it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BYTES:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}


Here = Annotated[Entrance, Depends(_entrance)]
SmallForm = Annotated[dict[str, str], Depends(_form)]


@router.get(SIGN_IN)
def show(request: Request) -> Response:
    """Ask for the password."""
    way = way_on(request.query_params.get("next", ""))
    if SIGNED_IN.get():
        return RedirectResponse(way, status_code=SEE_OTHER)
    return page("sign_in", way=way, is_out="out" in request.query_params)


@router.post(SIGN_IN)
async def sign_in(request: Request, entrance: Here, form: SmallForm) -> Response:
    """Begin a session under a new token, or say that the password is wrong; an address that tries often must wait."""
    way, address = way_on(form.get("next", "")), address_of(request)
    if wait_s := entrance.tries.take(address):
        return too_many(wait_s, _tried_too_often(wait_s))
    if not await entrance.fits(form.get("password", "")):
        return page("sign_in", status=FORBIDDEN, error=WRONG, way=way, is_out=False)
    entrance.tries.forget(address)
    entrance.sessions.close(session_of(request) or "")
    return with_session(RedirectResponse(way, status_code=SEE_OTHER), entrance.sessions.open())


@router.post("/sign-out")
def sign_out(request: Request, entrance: Here) -> Response:
    """End the session."""
    entrance.sessions.close(session_of(request) or "")
    # pages that the browser still holds must not come back with its back button
    answer = RedirectResponse(f"{SIGN_IN}?out=1", status_code=SEE_OTHER, headers={"Clear-Site-Data": '"cache"'})
    return without_session(answer)


def _tried_too_often(wait_s: int) -> str:
    return say_many(
        "The password was tried too often. Wait a minute, then try again.",
        "The password was tried too often. Wait {count} minutes, then try again.",
        count=-(-wait_s // SECONDS_A_MINUTE),
    )
