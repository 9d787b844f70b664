"""Adding recordings: the files are measured at once and deleted, only what was measured stays in memory."""

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from twitchwise.examine import ExaminedRecording
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.web.forms import Form, FormError, FormRefusedError, files_of, read_sampling_rate, text_of
from twitchwise.web.upload import examine_upload
from twitchwise.web.visiting import Inside, Visiting

router = APIRouter(prefix="/visit/{token}/recording")

MOST_RECORDINGS = 8  # bounds the memory of a visit
UNITS = ("uV", "mV", "V", "m/s2", "g", "N")


@router.get("")
def show(here: Inside) -> Response:
    """Ask for recordings."""
    return _page(here)


@router.post("")
def save(here: Inside, form: Form) -> Response:
    """Measure a recording; runs beside the event loop, so other pages stay quick."""
    try:
        recording = _read(here, form)
    except FormRefusedError as refused:
        return _page(here, refused.error, text_of(form, "sampling_rate_hz"), text_of(form, "unit"))
    now = here.change(lambda visit: visit.with_recording(recording))
    return now.go_to(now.url("recording") + "#added")


@router.post("/remove")
def remove(here: Inside, form: Form) -> Response:
    """Forget a recording."""
    place = text_of(form, "place")
    if place not in {str(index) for index in range(len(here.visit.recordings))}:
        return _page(here, FormError("files", "That recording is not there any more."))
    here.change(lambda visit: visit.without_recording(int(place)))
    return here.go_to(here.url("recording"))


def _read(here: Visiting, form: FormData) -> ExaminedRecording:
    files = files_of(form, "files")
    if not files:
        raise FormRefusedError("files", "Choose a file, or go on without a recording.")
    if len(here.visit.recordings) >= MOST_RECORDINGS:
        raise FormRefusedError("files", f"{MOST_RECORDINGS} recordings are enough. Remove one before you add another.")
    unit = text_of(form, "unit")
    if unit and unit not in UNITS:
        raise FormRefusedError("unit", "Choose a unit from the list, or leave it open.")
    rate_hz = read_sampling_rate(form)
    try:
        return examine_upload(files, sampling_rate_hz=rate_hz, unit=unit or None)
    except TwitchwiseError as error:
        raise FormRefusedError("files", f"This recording could not be used: {error}") from None


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
