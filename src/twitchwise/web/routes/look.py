"""The page of one recording: its traces, its events and what was measured, and what its script asks for."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData
from starlette.responses import JSONResponse

from twitchwise.report.languages import tell, tell_all
from twitchwise.vocabulary import EventKind, OutOfRangeError, TwitchwiseError
from twitchwise.vocabulary.text import say
from twitchwise.web import look_view as view
from twitchwise.web.forms import Form, FormError, FormRefusedError, number_in, text_of, wants_json
from twitchwise.web.looks import HereLooking, Looking
from twitchwise.web.rendering import problem
from twitchwise.web.routes.measure import REFUSED

router = APIRouter(prefix="/measure/{token}")

MOST_VALUES = 1 << 20  # of one answer: 4 MiB
_CHANNELS = re.compile(r"\d{1,6}(?:-\d{1,6})?(?:,\d{1,6}(?:-\d{1,6})?)*")
_MOST_CHANNELS = 4096
NOT_YET = 409


@router.get("")
def show(
    here: HereLooking,
    start_s: Annotated[float | None, Query(alias="from")] = None,
    stop_s: Annotated[float | None, Query(alias="to")] = None,
    events: int = 1,
) -> Response:
    """Show a stretch of the recording."""
    return _page(here, start_s=start_s, stop_s=stop_s, events_page=events)


@router.get("/status")
def status(here: HereLooking) -> Response:
    """Say how far the work in the background is."""
    return JSONResponse(tell_all(view.status_as_json(here.look)))


@router.get("/channels")
def channels(here: HereLooking) -> Response:
    """Say what channels there are."""
    if not here.look.is_shown:
        return problem(NOT_YET, say("The film is still being measured. Please wait."))
    return JSONResponse(view.channels_as_json(here.look))


@router.get("/events")
def events(here: HereLooking) -> Response:
    """Give the events and their counts."""
    if not here.look.is_shown:
        return problem(NOT_YET, say("The film is still being measured. Please wait."))
    return JSONResponse(tell_all(view.events_as_json(here.look)))


@router.get("/traces")
def traces(here: HereLooking, start_s: float, stop_s: float, pixels: int, channels: str) -> Response:
    """Give the least and the greatest value of each channel in each of many equal parts of a stretch.

    The answer is little-endian float32: for each channel in the order asked for, ``pixels`` least values and then
    ``pixels`` greatest ones, in the channel's SI unit, NaN where there is none. The header ``X-Exact`` is 1 where all
    samples were looked at, and 0 where the picture is coarse and worth asking for again.
    """
    numbers = read_channels(channels)
    if 2 * len(numbers) * pixels > MOST_VALUES:
        raise OutOfRangeError(f"pixels times channels must be at most {MOST_VALUES // 2}, got more.")
    import numpy as np  # noqa: PLC0415 - array libraries load here, not at start-up

    seen = here.look.view(numbers, start_s, stop_s, pixels)
    content = np.stack([seen.low, seen.high], axis=1).astype("<f4").tobytes()
    return Response(content, media_type="application/octet-stream", headers={"X-Exact": str(int(seen.is_exact))})


@router.post("/stop")
def stop(here: HereLooking) -> Response:
    """Stop measuring."""
    here.look.stop()
    return here.go_to()


@router.post("/events")
def change(request: Request, here: HereLooking, form: Form) -> Response:
    """Accept, reject or add events, or take back the last step."""
    try:
        _change(here, form)
    except FormRefusedError as refused:
        if wants_json(request):
            return JSONResponse({"error": tell(refused.error.sentence)}, status_code=REFUSED)
        return _page(here, error=refused.error)
    if wants_json(request):
        return JSONResponse(tell_all(view.events_as_json(here.look, text_of(form, "known"))))
    page = text_of(form, "page")
    return here.go_to(f"?events={page if page.isascii() and page.isdigit() else 1}#events")


def read_channels(text: str) -> list[int]:
    """Return the numbers of channels in a text such as ``0-3,7``.

    Raises
    ------
    OutOfRangeError
        If the text is something else.

    Examples
    --------
    >>> read_channels("0-3,7")
    [0, 1, 2, 3, 7]
    """
    found: list[int] = []
    for part in text.split(",") if _CHANNELS.fullmatch(text) else [""]:
        first, _, last = part.partition("-")
        if not first or not 0 <= int(last or first) - int(first) < _MOST_CHANNELS - len(found):
            raise OutOfRangeError(f"channels must be numbers such as 0-3,7, got {text[:40]!r}.")
        found += range(int(first), int(last or first) + 1)
    return found


def _change(here: Looking, form: FormData) -> None:
    from twitchwise.examine.review import Verdict  # noqa: PLC0415 - it is needed only here

    action = text_of(form, "do")
    try:
        if action == "judge":
            said = {name.removeprefix("event-"): text_of(form, name) for name in form if name.startswith("event-")}
            here.look.judge({name: Verdict(one) for name, one in said.items() if one})
        elif action == "add":
            _add(here, form)
        elif action == "undo":
            here.look.undo()
        else:
            raise FormRefusedError("events", say("Choose what to do with the events."))
    except TwitchwiseError as error:
        raise FormRefusedError("time_s" if action == "add" else "events", error.sentence) from None
    except ValueError:
        raise FormRefusedError("events", say("Choose an answer from the list.")) from None


def _add(here: Looking, form: FormData) -> None:
    time_s = number_in(text_of(form, "time_s"))
    if time_s is None:
        raise FormRefusedError("time_s", say("Give the time in seconds as a number, such as 12.5."))
    numbers = read_channels(text_of(form, "channel"))
    described = here.look.recording.channels
    if len(numbers) != 1 or numbers[0] >= len(described):
        raise FormRefusedError("channel", say("Choose a channel from the list."))
    here.look.add(EventKind(text_of(form, "kind")), described[numbers[0]].name, time_s)


def _page(
    here: Looking,
    *,
    start_s: float | None = None,
    stop_s: float | None = None,
    events_page: int = 1,
    error: FormError | None = None,
) -> Response:
    look = here.look
    said = view.progress_in_words(look)
    if not look.is_shown:
        return here.page("look_waits", said=said, error=error)
    from twitchwise.knowledge import library  # noqa: PLC0415 - the page before needs none of these
    from twitchwise.report.measured import recording_facts  # noqa: PLC0415
    from twitchwise.report.recording.story import outline_of  # noqa: PLC0415
    from twitchwise.report.trace_picture import seen_in_words, trace_picture  # noqa: PLC0415

    stretch = view.stretch_of(look, start_s, stop_s)
    picture = view.picture_of(look, stretch)
    shown, number, n_pages = view.events_page(look, events_page)
    return here.page(
        "look",
        error=error,
        said=said,
        outline=outline_of(look.recording),
        svg=trace_picture(picture, seen_in_words(picture)),
        stretch=stretch,
        events=view.named_events(shown),
        number=number,
        n_pages=n_pages,
        n_events=len(look.review.events),
        tallies=[view.tally_in_words(tally) for tally in look.tallies],
        facts=[] if look.examined is None else list(recording_facts(look.examined, library())),
        warnings=[] if look.examined is None else look.examined.warnings,
        kinds=view.kinds_to_add(look),
    )
