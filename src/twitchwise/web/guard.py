"""Stands before every request (right host, no foreign page, bounded size) and puts safe headers on every answer."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twitchwise.report.languages import LANGUAGE
from twitchwise.web.languages import language_for

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
READING = frozenset({"GET", "HEAD"})
ONLY_TLS = "max-age=31536000"  # for a year browsers ask this host over TLS only
LARGEST_UPLOAD_BYTES = 512 * 2**20
LARGEST_FORM_BYTES = 2**18  # every question answered at once is a hundredth of this
MOST_DRAINED_BYTES = 16 * 2**30  # a browser shows the answer only once it has sent its file, but not without end

SAFE_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)

DEPENDS_ON = "Accept-Language, Cookie"
"""What a page depends on besides its address: the language."""

PATH: ContextVar[str] = ContextVar("path", default="/")
"""Path of the request that is being answered."""

ADDRESS: ContextVar[str] = ContextVar("address", default="/")
"""Path and query of the request that is being answered."""

IS_SHARED: ContextVar[bool] = ContextVar("is_shared", default=False)
"""Whether other computers may ask."""

SIGNED_IN: ContextVar[bool] = ContextVar("signed_in", default=False)
"""Whether the one who asks has signed in; only on a shared server."""

KEEPS_DIARIES: ContextVar[bool] = ContextVar("keeps_diaries", default=True)
"""Whether diaries can be kept: always on one's own machine, on a shared server only in a database."""

OPEN_DIARY: ContextVar[str | None] = ContextVar("open_diary", default=None)
"""Key of the diary that the one who asks has open on a shared server."""


class Guard:
    """The outermost layer of the application.

    Parameters
    ----------
    app
        What it stands before.
    refuse
        Makes the page for a refusal of a status.
    names
        What browsers may call a server that other computers reach, ``None`` where only this machine can ask.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[int], Response], names: AbstractSet[str] | None = None) -> None:
        self.app = app
        self.refuse = refuse
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a refusal."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        IS_SHARED.set(self.names is not None)
        SIGNED_IN.set(False)
        KEEPS_DIARIES.set(self.names is None)
        OPEN_DIARY.set(None)
        status = _refusal(scope["method"], headers, self.names)
        app = self.app if status is None else self.refuse(status)
        limit = LARGEST_UPLOAD_BYTES if _is_upload(headers) else LARGEST_FORM_BYTES
        PATH.set(scope.get("path", "/"))
        ADDRESS.set(_address(scope))
        LANGUAGE.set(language_for(headers))
        await app(scope, _bounded(receive, limit), _safe(send, self._more_headers(headers)))

    def _more_headers(self, headers: Headers) -> Mapping[str, str]:
        # never for a name of the machine itself: its browsers would no longer open what else it serves without TLS
        is_named = host_of(headers.get("host", "")).lower() in (self.names or frozenset()) - HOSTS
        return {"Strict-Transport-Security": ONLY_TLS} if is_named else {}


def host_of(header: str) -> str:
    """Return the host of a ``Host`` header without its port; an IPv6 address keeps its brackets."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("ascii", "ignore")
    return f"{scope.get('path', '/')}?{query}" if query else str(scope.get("path", "/"))


def _refusal(method: str, headers: Headers, names: AbstractSet[str] | None) -> int | None:
    # a foreign name that leads here is how a web site would read these pages (DNS rebinding)
    if host_of(headers.get("host", "")).lower() not in HOSTS | (names or frozenset()):
        return 400
    # a form of a foreign page must not open or change a visit
    if method not in READING and not (_may_be_own(headers) if names is None else _is_own(headers)):
        return 403
    return None


def _may_be_own(headers: Headers) -> bool:
    """Tell whether nothing says that a form is of a foreign page."""
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _is_own(headers: Headers) -> bool:
    """Tell whether the browser says that a form is of a page of this server; one that says nothing is not believed."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"  # these pages send no referrer, which makes the origin "null"
    return headers.get("origin", "").lower() == f"https://{headers.get('host', '').lower()}"


def _is_upload(headers: Headers) -> bool:
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def _bounded(receive: Receive, limit_bytes: int) -> Receive:
    seen_bytes = 0

    async def bounded() -> Message:
        nonlocal seen_bytes
        message = await receive()
        seen_bytes += len(message.get("body", b""))
        if seen_bytes <= limit_bytes:
            return message
        while message.get("more_body", False) and seen_bytes <= MOST_DRAINED_BYTES:
            message = await receive()
            seen_bytes += len(message.get("body", b""))
        raise HTTPException(413)

    return bounded


def _safe(send: Send, more: Mapping[str, str]) -> Send:
    async def safe(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # what never changes under its address may be kept
            kept = headers.get("cache-control")
            headers.update({**SAFE_HEADERS, **more})
            headers["cache-control"] = kept or SAFE_HEADERS["Cache-Control"]
            headers.setdefault("vary", DEPENDS_ON)
        await send(message)

    return safe
