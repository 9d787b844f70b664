"""``twitchwise serve``: the same check as web pages, on this machine or for a clinic.

The web room announces itself as the entry point ``web`` of the group ``twitchwise.surfaces``, so the two surfaces know
nothing of each other.
"""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from twitchwise.vocabulary import MissingExtraError

DEFAULT_PORT = 8321  # not assigned to a common service


def serve(  # noqa: PLR0913, PLR0917 - one parameter an option
    port: Annotated[int, typer.Option(help="Port to listen on.")] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser (never on a shared server).")] = True,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, 127.0.0.1 unless said; any other needs all that follows.")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="Host name that browsers use for this server; may be given several times.")
    ] = None,
    certificate: Annotated[Path | None, typer.Option(help="Certificate of the server (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Private key of the certificate (PEM).")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File of one line that only you can read: the password for signing in.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            help="Address of a PostgreSQL database for diaries, without a password: postgresql://account@server/name."
        ),
    ] = None,
    database_file: Annotated[
        Path | None, typer.Option(help="File of one line that only you can read: that address, with or without one.")
    ] = None,
) -> None:
    """Open the check as web pages, for this machine alone unless told otherwise."""
    shared = {"host": host, "names": name, "certificate": certificate, "key": key, "password_file": password_file}
    kept = {"database": database, "database_file": database_file}
    given = {option: value for option, value in {**shared, **kept}.items() if value}
    for surface in entry_points(group="twitchwise.surfaces", name="web"):
        surface.load()(port, open_browser=browser, **given)
        return
    raise MissingExtraError("The web page", "web")
