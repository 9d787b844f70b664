"""The pages on this machine; importing this needs no web packages, using it does."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from twitchwise.knowledge import Library, library
from twitchwise.vocabulary import MissingExtraError

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["application", "serve"]

_NEEDED = ("fastapi", "jinja2", "python_multipart", "sqlalchemy", "uvicorn")


def application(library: Library) -> "FastAPI":
    """Return the web application over the knowledge in ``library``.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``web`` are not installed.
    """
    _require_extra()
    from twitchwise.web.app import build  # noqa: PLC0415 (needs the extra)

    return build(library)


def serve(port: int = 8321, *, open_browser: bool = True) -> None:
    """Serve the pages on 127.0.0.1 until interrupted.

    Parameters
    ----------
    port
        The port to listen on, 1 to 65535.
    open_browser
        Whether to open the start page in the default browser.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``web`` are not installed.
    OutOfRangeError
        If the port is not one.
    PortError
        If the port cannot be listened on, for example because it is in use.
    """
    _require_extra()
    from twitchwise.web.server import serve_until_interrupted  # noqa: PLC0415 (needs the extra)

    serve_until_interrupted(application(library()), port, open_browser=open_browser)


def _require_extra() -> None:
    if any(find_spec(package) is None for package in _NEEDED):
        raise MissingExtraError("The web page", "web")
