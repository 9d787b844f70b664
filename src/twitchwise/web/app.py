"""Puts the application together: the guard, the pages, the style sheet, and a page for every refusal."""

from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from twitchwise.knowledge import Library
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.web.guard import Guard
from twitchwise.web.rendering import problem
from twitchwise.web.routes import ROUTERS, SHARED_ROUTERS
from twitchwise.web.sign_in import Entrance, Gate
from twitchwise.web.static_files import static_files
from twitchwise.web.visit_store import VisitNotFoundError, VisitStore
from twitchwise.web.visiting import SEE_OTHER

BAD_REQUEST = 400


def build(library: Library, entrance: Entrance | None = None) -> FastAPI:
    """Return the application over the knowledge in ``library``; it documents no interface, because it has no other.

    With an entrance it is one that other computers may reach, where people sign in and no diary is kept.
    """
    application = FastAPI(title="twitchwise", docs_url=None, redoc_url=None, openapi_url=None)
    application.state.library = library
    application.state.visits = VisitStore()
    if entrance is not None:
        application.state.entrance = entrance
        application.add_middleware(Gate, entrance=entrance)
    application.add_middleware(Guard, refuse=problem, names=None if entrance is None else entrance.names)
    application.mount("/static", static_files())
    for router in ROUTERS if entrance is None else SHARED_ROUTERS:
        application.include_router(router)
    application.add_exception_handler(HTTPException, _answer_refusal)
    application.add_exception_handler(TwitchwiseError, _answer_mistake)
    application.add_exception_handler(ClientDisconnect, _answer_nobody)
    application.add_exception_handler(Exception, _answer_fault)
    return application


def _answer_refusal(_: Request, error: Exception) -> Response:
    refusal = cast("HTTPException", error)
    if refusal.status_code == SEE_OTHER:
        return Response(status_code=SEE_OTHER, headers=refusal.headers)
    return problem(refusal.status_code)


def _answer_mistake(_: Request, error: Exception) -> HTMLResponse:
    if isinstance(error, VisitNotFoundError):
        return problem(404)
    return problem(422, str(error))


def _answer_nobody(_: Request, __: Exception) -> Response:
    """Return an answer to a browser that went away in the middle of a form, which nobody gets."""
    return Response(status_code=BAD_REQUEST)


def _answer_fault(_: Request, __: Exception) -> HTMLResponse:
    return problem(500)
