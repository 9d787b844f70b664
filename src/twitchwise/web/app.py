"""Puts the application together: the guard, the pages, the style sheet, and a page for every refusal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from twitchwise.diary import DatabaseAwayError, DatabaseRefusedError
from twitchwise.knowledge import Library
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.web.guard import Guard
from twitchwise.web.measurings import MeasuringStore
from twitchwise.web.rendering import problem
from twitchwise.web.routes import CLINIC_ROUTERS, ROUTERS, SHARED_ROUTERS
from twitchwise.web.sign_in import Entrance, Gate
from twitchwise.web.static_files import static_files
from twitchwise.web.visit_store import VisitNotFoundError, VisitStore
from twitchwise.web.visiting import SEE_OTHER

BAD_REQUEST = 400


def build(library: Library, entrance: Entrance | None = None) -> FastAPI:
    """Return the application over the knowledge in ``library``; it documents no interface, because it has no other.

    With an entrance it is one that other computers may reach, where people sign in.
    """
    application = FastAPI(title="twitchwise", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifetime)
    application.state.library = library
    application.state.visits = VisitStore()
    application.state.measurings = MeasuringStore(application.state.visits)
    if entrance is not None:
        application.state.entrance = entrance
        application.add_middleware(Gate, entrance=entrance)
    application.add_middleware(Guard, refuse=problem, names=None if entrance is None else entrance.names)
    application.mount("/static", static_files())
    for router in _routers(entrance):
        application.include_router(router)
    application.add_exception_handler(HTTPException, _answer_refusal)
    application.add_exception_handler(TwitchwiseError, _answer_mistake)
    application.add_exception_handler(ClientDisconnect, _answer_nobody)
    application.add_exception_handler(Exception, _answer_fault)
    return application


def _routers(entrance: Entrance | None) -> tuple[APIRouter, ...]:
    if entrance is None:
        return ROUTERS
    return SHARED_ROUTERS if entrance.diaries is None else CLINIC_ROUTERS


@asynccontextmanager
async def _lifetime(application: FastAPI) -> AsyncIterator[None]:
    """Stop what is measured in the background, and delete its files, when the server stops."""
    yield
    await run_in_threadpool(application.state.measurings.close)


def _answer_refusal(_: Request, error: Exception) -> Response:
    refusal = cast("HTTPException", error)
    if refusal.status_code == SEE_OTHER:
        return Response(status_code=SEE_OTHER, headers=refusal.headers)
    return problem(refusal.status_code)


def _answer_mistake(_: Request, error: Exception) -> HTMLResponse:
    if isinstance(error, VisitNotFoundError):
        return problem(404)
    if isinstance(error, DatabaseRefusedError):  # what it says is for whoever runs the server
        error = DatabaseAwayError()
    return problem(422, cast("TwitchwiseError", error).sentence)


def _answer_nobody(_: Request, __: Exception) -> Response:
    """Return an answer to a browser that went away in the middle of a form, which nobody gets."""
    return Response(status_code=BAD_REQUEST)


def _answer_fault(_: Request, __: Exception) -> HTMLResponse:
    return problem(500)
