"""Adding recordings: the files are measured in the background and deleted, only what was measured stays in memory."""

import dataclasses

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse

from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.report.display import clean
from twitchwise.report.languages import tell
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.vocabulary.text import say
from twitchwise.web.forms import Form, FormError, FormRefusedError, files_of, read_sampling_rate, text_of, wants_json
from twitchwise.web.measuring_view import refusal_in_words, under_way
from twitchwise.web.measurings import LineFullError, Measuring
from twitchwise.web.upload import receive_upload
from twitchwise.web.visit import Visit
from twitchwise.web.visit_store import VisitNotFoundError
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}/recording")

MOST_RECORDINGS = 8  # bounds the memory of a visit
UNITS = ("uV", "mV", "V", "m/s2", "g", "N")
REFUSED = 422
_FULL = say("Too many recordings wait to be measured now. Try again in a few minutes.")


@router.get("")
def show(here: Inside) -> Response:
    """Ask for recordings; what could not be measured is told once as an error, and listed until it is removed."""
    untold = [one for one in here.not_measured if not one.is_told]
    for one in untold:
        one.is_told = True
    return _page(here, FormError("files", refusal_in_words(untold[0])) if untold else None)


@router.post("")
def save(request: Request, here: Inside, form: Form) -> Response:
    """Take in a recording, and have it measured in the background."""
    try:
        files, order = _read(here, form)
        _take_in(here, files, order)
    except FormRefusedError as refused:
        if wants_json(request):
            said = {"field": refused.error.field, "error": tell(refused.error.sentence)}
            return JSONResponse(said, status_code=REFUSED)
        return _page(here, refused.error, text_of(form, "sampling_rate_hz"), text_of(form, "unit"))
    url = here.url("recording/measuring")
    return JSONResponse({"url": url}) if wants_json(request) else here.go_to(url)


@router.get("/measuring")
def wait(here: Inside) -> Response:
    """Show how far measuring is; where it has ended, go back to the recordings."""
    measurings = here.being_measured
    if not measurings:
        is_failed = any(not one.is_told for one in here.not_measured)
        return here.go_to(here.url("recording") + ("" if is_failed or not here.visit.recordings else "#added"))
    return here.page("recording_waits", measurings=under_way(here.measurings, measurings))


@router.get("/status")
def status(here: Inside) -> Response:
    """Say how far measuring is, for scripts."""
    measurings = here.being_measured
    shown = under_way(here.measurings, measurings)
    return JSONResponse({"is_working": bool(measurings), "measurings": [dataclasses.asdict(one) for one in shown]})


@router.post("/stop")
def stop(here: Inside, form: Form) -> Response:
    """Stop measuring a recording, or forget that it could not be measured; doing so twice is no mistake."""
    here.measurings.stop(here.token, text_of(form, "measuring"))
    return here.go_to(here.url("recording/measuring"))


@router.post("/remove")
def remove(here: Inside, form: Form) -> Response:
    """Forget a recording; one that another tab removed meanwhile takes no other with it."""
    place, name = text_of(form, "place"), text_of(form, "name")
    removed = False

    def without(visit: Visit) -> Visit:
        nonlocal removed
        removed = place in {str(n) for n, one in enumerate(visit.recordings) if name == _name_of(one)}
        return visit.without_recording(int(place)) if removed else visit

    now = here.change(without)
    if not removed:
        return _page(now, FormError("files", say("That recording is not there any more.")))
    return now.go_to(now.url("recording"))


def _name_of(examined: ExaminedRecording) -> str:
    """Return a recording's name as its page sends it back."""
    return clean(examined.recording.name).strip()


def _read(here: Visiting, form: FormData) -> tuple[list[UploadFile], MeasuringOrder]:
    files = files_of(form, "files")
    if not files:
        raise FormRefusedError("files", say("Choose a file, or go on without a recording."))
    if len(here.visit.recordings) + len(here.being_measured) >= MOST_RECORDINGS:
        raise FormRefusedError(
            "files", say("{most} recordings are enough. Remove one before you add another.", most=MOST_RECORDINGS)
        )
    unit = text_of(form, "unit")
    if unit and unit not in UNITS:
        raise FormRefusedError("unit", say("Choose a unit from the list, or leave it open."))
    return files, MeasuringOrder(sampling_rate_hz=read_sampling_rate(form), unit=unit or None)


def _take_in(here: Visiting, files: list[UploadFile], order: MeasuringOrder) -> None:
    try:
        here.measurings.refuse_if_full()
        _begin(here, files, order)
    except VisitNotFoundError:
        raise
    except LineFullError:
        raise FormRefusedError("files", _FULL) from None
    except TwitchwiseError as error:
        raise FormRefusedError("files", say("This recording could not be used: {why}", why=error.sentence)) from None


def _begin(here: Visiting, files: list[UploadFile], order: MeasuringOrder) -> None:
    folder = ScratchFolder()
    try:
        here.measurings.add(here.token, Measuring(receive_upload(files, folder), order, folder))
    except BaseException:
        folder.erase()
        raise


def _page(here: Visiting, error: FormError | None = None, rate: str = "", unit: str = "") -> Response:
    answered = [*here.visit.pages]
    return here.page(
        "recording",
        error=error,
        rate=rate,
        unit=unit,
        units=UNITS,
        is_enough=here.next_page is None,
        back=here.url_of(answered[-1]) if answered else here.url("about"),
    )
