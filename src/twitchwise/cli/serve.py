"""``twitchwise serve``: the same check as web pages on this machine.

The web room announces itself as the entry point ``web`` of the group ``twitchwise.surfaces``, so the two surfaces know
nothing of each other.
"""

from importlib.metadata import entry_points
from typing import Annotated

import typer

from twitchwise.vocabulary import MissingExtraError

DEFAULT_PORT = 8321  # not assigned to a common service


def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the check as web pages on this machine, for this machine alone."""
    for surface in entry_points(group="twitchwise.surfaces", name="web"):
        surface.load()(port, open_browser=browser)
        return
    raise MissingExtraError("The web page", "web")
