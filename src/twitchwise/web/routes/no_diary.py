"""Where the diary would be, on a server that many people share: one sentence that says why there is none."""

from fastapi import APIRouter, Response

from twitchwise.web.rendering import problem

router = APIRouter()

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
FORBIDDEN = 403
WHY = "A shared server keeps no diary, because all people would write in the same one. Keep it on your own computer."


@router.api_route("/diary", methods=METHODS)
@router.api_route("/diary/{rest:path}", methods=METHODS)
@router.api_route("/visit/{token}/keep", methods=METHODS)
def refuse() -> Response:
    """Say that there is no diary here."""
    return problem(FORBIDDEN, WHY)
