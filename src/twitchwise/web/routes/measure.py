"""Opening a recording to look through: files that are sent, or a path on this computer."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse

from twitchwise.examine import MeasuringOrder
from twitchwise.report.languages import tell
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.vocabulary.text import say
from twitchwise.web.forms import Form, FormError, FormRefusedError, files_of, read_sampling_rate, text_of, wants_json
from twitchwise.web.looks import Looks, look_at_path, look_at_upload, may_open_paths, warm_up
from twitchwise.web.rendering import page
from twitchwise.web.routes.recording import UNITS
from twitchwise.web.visiting import SEE_OTHER

if TYPE_CHECKING:
    from twitchwise.examine.looking import Look

router = APIRouter(prefix="/measure")

REFUSED = 422


@router.get("")
def show(request: Request) -> Response:
    """Ask for a recording."""
    warm_up()
    return _page(request)


@router.post("")
def open_recording(request: Request, looks: Looks, form: Form) -> Response:
    """Open a recording; runs beside the event loop, so other pages stay quick."""
    try:
        look = _open(request, form)
    except FormRefusedError as refused:
        return _refusal(request, form, refused.error)
    url = f"/measure/{looks.put(look)}"
    if wants_json(request):
        return JSONResponse({"url": url})
    return RedirectResponse(url, status_code=SEE_OTHER)


@router.get("/erased")
def erased() -> Response:
    """Say that a recording is erased."""
    return page("measure_erased")


@router.post("/{token}/erase")
def erase(token: str, looks: Looks) -> Response:
    """Close a recording and delete its copy; doing so twice is no mistake."""
    looks.erase(token)
    # pages that the browser still holds must not come back with its back button
    return RedirectResponse("/measure/erased", status_code=SEE_OTHER, headers={"Clear-Site-Data": '"cache"'})


def _open(request: Request, form: FormData) -> "Look":
    files, typed = files_of(form, "files"), text_of(form, "path")
    if bool(files) == bool(typed):
        raise FormRefusedError("files", say("Choose a file, or type where it is. Do one of the two."))
    unit = text_of(form, "unit")
    if unit and unit not in UNITS:
        raise FormRefusedError("unit", say("Choose a unit from the list, or leave it open."))
    if typed and not may_open_paths(request):
        raise FormRefusedError("files", say("Files can be opened by their path only on the computer that they are on."))
    try:
        order = MeasuringOrder(sampling_rate_hz=read_sampling_rate(form), unit=unit or None)
        return look_at_upload(files, order) if files else look_at_path(typed, order)
    except TwitchwiseError as error:
        raise FormRefusedError(
            "path" if typed else "files", say("This recording could not be used: {why}", why=error.sentence)
        ) from None


def _refusal(request: Request, form: FormData, error: FormError) -> Response:
    if wants_json(request):
        return JSONResponse({"field": error.field, "error": tell(error.sentence)}, status_code=REFUSED)
    return _page(request, error, {name: text_of(form, name) for name in ("path", "sampling_rate_hz", "unit")})


def _page(request: Request, error: FormError | None = None, typed: dict[str, str] | None = None) -> Response:
    return page(
        "measure",
        status=REFUSED if error else 200,
        error=error,
        typed=typed or {"path": "", "sampling_rate_hz": "", "unit": ""},
        units=UNITS,
        by_path=may_open_paths(request),
    )
