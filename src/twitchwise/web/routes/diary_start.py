"""Starting the diary of this machine, because the person said so."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from twitchwise.diary import DiaryThereError, start_diary
from twitchwise.web.diary_place import Here
from twitchwise.web.forms import Form, FormRefusedError
from twitchwise.web.routes.diary import diary_page
from twitchwise.web.visiting import SEE_OTHER

router = APIRouter(prefix="/diary")


@router.post("/start")
def start(place: Here, form: Form) -> Response:
    """Start the diary; pressing the button twice is no mistake."""
    try:
        place.require_ours(form, "start")
        start_diary()
    except FormRefusedError as refused:
        return diary_page(place, "start", refused.error)
    except DiaryThereError:
        pass
    return RedirectResponse("/diary", status_code=SEE_OTHER)
