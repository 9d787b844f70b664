"""The pages, for this machine or for a clinic; importing this needs no web packages, using it does."""

from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING, Unpack

from twitchwise.diary import open_database
from twitchwise.knowledge import Library, library
from twitchwise.vocabulary import MissingExtraError
from twitchwise.vocabulary.text import say
from twitchwise.web.sharing import Asked, listening_host, sharing_of

if TYPE_CHECKING:
    from fastapi import FastAPI

    from twitchwise.web.sign_in import Entrance

__all__ = ["application", "serve"]

_NEEDED = ("fastapi", "jinja2", "python_multipart", "sqlalchemy", "uvicorn")


def application(library: Library, entrance: "Entrance | None" = None) -> "FastAPI":
    """Return the web application over the knowledge in ``library``; with an entrance, people sign in.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``web`` are not installed.
    """
    _require_extra()
    from twitchwise.web.app import build  # noqa: PLC0415 (needs the extra)

    return build(library, entrance)


def serve(port: int = 8321, *, open_browser: bool = True, **asked: Unpack[Asked]) -> None:
    """Serve the pages until interrupted: on 127.0.0.1 unless told otherwise.

    Parameters
    ----------
    port
        The port to listen on, 1 to 65535.
    open_browser
        Whether to open the start page in the default browser; a shared server never does.
    asked
        What opens the pages to other computers: ``host``, ``names``, ``certificate``, ``key``, ``password_file``; and
        where they keep diaries: ``database`` or ``database_file``.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``web`` are not installed.
    OutOfRangeError
        If the port is not one.
    PortError
        If the port cannot be listened on, for example because it is in use.
    SharingError
        If something is missing that other computers' access demands, or cannot be used.
    PrivateFileError
        If the password file or the file of the database cannot be used.
    DiaryError
        If the database cannot be reached or cannot keep diaries.
    """
    _require_extra()
    from twitchwise.web.server import serve_until_interrupted  # noqa: PLC0415 (needs the extra)
    from twitchwise.web.sign_in import Entrance  # noqa: PLC0415 (needs the extra)

    sharing = sharing_of(asked)
    with ExitStack() as stack:
        entrance = None
        if sharing is not None:
            diaries = None if sharing.database is None else open_database(sharing.database)
            if diaries is not None:
                stack.callback(diaries.close)
            entrance = Entrance(sharing.names, sharing.password, diaries=diaries)
        pages = application(library(), entrance)
        serve_until_interrupted(pages, port, open_browser=open_browser, host=listening_host(asked), sharing=sharing)


def _require_extra() -> None:
    if any(find_spec(package) is None for package in _NEEDED):
        raise MissingExtraError(say("The web page"), "web")
