"""Stands between the guard and the pages of a shared server: nobody passes without a session, and nobody floods it."""

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from twitchwise.report.languages import tell
from twitchwise.vocabulary.text import say
from twitchwise.web.guard import KEEPS_DIARIES, OPEN_DIARY, SIGNED_IN
from twitchwise.web.password import Password
from twitchwise.web.rate_limits import RequestLimit, TryLimit, address_of_home
from twitchwise.web.rendering import problem
from twitchwise.web.sessions import SessionStore, key_of

if TYPE_CHECKING:
    from twitchwise.diary.in_database import Database

Value = TypeVar("Value")

COOKIE = "__Host-session"  # browsers take a name that begins so only over TLS, for this host alone
SIGN_IN = "/sign-in"
SEE_OTHER, NOT_SIGNED_IN, FORBIDDEN, TOO_MANY = 303, 401, 403, 429
HASHED_AT_ONCE = 2  # so that tries of a password cannot take all threads from the pages
LONGEST_WAY = 2048
NOT_IN = say("You are not signed in. Sign in, then do it again.")
_WAY = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of this server: no second slash, which would begin another host, and nothing that browsers take for one."""


class Entrance:
    """What a shared server knows of those who come in.

    Parameters
    ----------
    names
        What browsers may call the server, beside the names of the machine itself.
    password
        What everybody who signs in knows.
    clock
        Gives seconds that only ever grow.
    diaries
        Where diaries are kept; ``None`` where none are.
    """

    def __init__(
        self,
        names: Iterable[str],
        password: Password,
        clock: Callable[[], float] = time.monotonic,
        diaries: "Database | None" = None,
    ) -> None:
        self.names = frozenset(names)
        self.diaries = diaries
        self.codes = TryLimit(clock)
        self.starts = TryLimit(clock)
        self.sessions = SessionStore(clock)
        self.tries = TryLimit(clock)
        self.requests = RequestLimit(clock)
        self._password = password
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)

    async def fits(self, typed: str) -> bool:
        """Tell whether what was typed is the password, beside the event loop."""
        return await self.hashed(self._password.fits, typed)

    async def hashed(self, work: Callable[[str], Value], typed: str) -> Value:
        """Do what takes a slow hash, beside the event loop and few at once."""
        async with self._hashing:
            return await run_in_threadpool(work, typed)


class Gate:
    """The layer behind the guard.

    Parameters
    ----------
    app
        What it stands before.
    entrance
        Who is signed in, and how often who came.
    """

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app = app
        self.entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a refusal or the way to the sign-in page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # whoever asks whether only this machine can ask is told no, also when this request comes from it
        scope = {**scope, "server": None}
        request = Request(scope)
        token = session_of(request)
        is_in = token is not None and self.entrance.sessions.use(token)
        SIGNED_IN.set(is_in)
        KEEPS_DIARIES.set(self.entrance.diaries is not None)
        OPEN_DIARY.set(self.entrance.sessions.diary_of(token) if token is not None and is_in else None)
        wait_s = self.entrance.requests.take(key_of(token) if token is not None and is_in else address_of(request))
        await (self._refusal(request, wait_s, is_in=is_in) or self.app)(scope, receive, send)

    @staticmethod
    def _refusal(request: Request, wait_s: int, *, is_in: bool) -> Response | None:
        if wait_s:
            return too_many(wait_s)
        path: str = request.scope["path"]
        if is_in or path == SIGN_IN or path.startswith(("/static/", "/language/")):
            return None
        return _not_signed_in(request)


def address_of(request: Request) -> str:
    """Return whom a request counts for by its socket; what a header says of it could be made up."""
    return address_of_home(request.client.host if request.client else "")


def session_of(request: Request) -> str | None:
    """Return the token that a browser brings, ``None`` where it brings none or several."""
    parts = [part.strip().partition("=") for line in request.headers.getlist("cookie") for part in line.split(";")]
    tokens = [value for name, _, value in parts if name == COOKIE]
    return tokens[0] if len(tokens) == 1 else None


def way_on(text: str) -> str:
    """Return where to go after signing in: a path of this server, or its start.

    Examples
    --------
    >>> way_on("/explore?cause=low_calcium"), way_on("//evil.example"), way_on("https://evil.example/")
    ('/explore?cause=low_calcium', '/', '/')
    """
    is_own = len(text) <= LONGEST_WAY and _WAY.fullmatch(text) is not None
    return text if is_own and not text.startswith((SIGN_IN, "/sign-out")) else "/"


def too_many(wait_s: int, sentence: str | None = None) -> Response:
    """Return the page that says how long to wait."""
    answer = problem(TOO_MANY, sentence)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def with_session(answer: Response, token: str) -> Response:
    """Return an answer that gives a browser its session, until it is closed."""
    answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def without_session(answer: Response) -> Response:
    """Return an answer that takes the session from a browser."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def _not_signed_in(request: Request) -> Response:
    if _is_script(request.headers):
        return JSONResponse({"error": tell(NOT_IN)}, status_code=NOT_SIGNED_IN)
    if request.method not in {"GET", "HEAD"}:
        return problem(FORBIDDEN, NOT_IN)
    query = request.scope["query_string"].decode("latin-1")
    way = way_on(quote(request.scope["path"]) + (f"?{query}" if query else ""))
    return RedirectResponse(f"{SIGN_IN}?next={quote(way, safe='')}", status_code=SEE_OTHER)


def _is_script(headers: Headers) -> bool:
    """Tell whether a script asks: by what it takes, or by what a browser says of it."""
    return "application/json" in headers.get("accept", "") or headers.get("sec-fetch-dest") == "empty"
