"""Style sheets, scripts and pictures: small on the way, and kept by the browser until they change."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
SMALLEST_BYTES = 500


class _KeptFiles(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file; one whose address names its content may be kept for good."""
        response = await super().get_response(path, scope)
        if scope["query_string"] == f"v={version_of(path)}".encode():
            response.headers["Cache-Control"] = FOREVER
        return response


def static_files() -> GZipMiddleware:
    """Return the application that serves what lies in ``static/``."""
    return GZipMiddleware(_KeptFiles(directory=STATIC), minimum_size=SMALLEST_BYTES)


def address_of(path: str) -> str:
    """Return the address of a file in ``static/``, which changes with its content.

    Examples
    --------
    >>> address_of("style.css").startswith("/static/style.css?v=")
    True
    """
    return f"/static/{path}?v={version_of(path)}"


@cache
def version_of(path: str) -> str:
    """Return what tells one content of a file from another; empty for a file that is not there."""
    file = STATIC / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
