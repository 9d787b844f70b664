"""What can be taken along from a recording: its events as tables, itself with annotations, and a picture."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from twitchwise.web import look_view as view
from twitchwise.web.looks import HereLooking, Looking
from twitchwise.web.rendering import problem
from twitchwise.web.routes.look import NOT_YET, read_channels
from twitchwise.web.upload import safe_name

router = APIRouter(prefix="/measure/{token}/export")

TSV, CSV, JSON, SVG = "text/tab-separated-values", "text/csv", "application/json", "image/svg+xml"


@router.get("/events.{ending}")
def events(here: HereLooking, ending: str) -> Response:
    """Send the events, in one of three forms."""
    if not here.look.is_shown:
        return problem(NOT_YET)
    from twitchwise.examine import review_tables as tables  # noqa: PLC0415 - array libraries load here

    look = here.look
    known, recording = look.review.events, look.recording
    if ending == "tsv":
        return _download(here, tables.review_as_tsv(known, recording), TSV, "_events.tsv")
    if ending == "csv":
        return _download(here, tables.review_as_csv(known, recording), CSV, "_events.csv")
    if ending == "json":
        return _download(here, tables.review_as_json(known, look.tallies, recording), JSON, "_events.json")
    return problem(404, "Events can be had as tsv, csv or json.")


@router.get("/recording.edf")
def recording(here: HereLooking) -> Response:
    """Send the recording with the events that count as annotations."""
    return _written(here, "edf", "application/octet-stream", "_reviewed.edf")


@router.get("/bids.zip")
def bids(here: HereLooking) -> Response:
    """Send the recording with the events as they were reviewed as a BIDS data set in one archive."""
    return _written(here, "bids", "application/zip", "_bids.zip")


@router.get("/picture.svg")
def picture(
    here: HereLooking,
    start_s: Annotated[float | None, Query(alias="from")] = None,
    stop_s: Annotated[float | None, Query(alias="to")] = None,
    channels: str | None = None,
) -> Response:
    """Send a picture of what is shown."""
    if not here.look.is_shown:
        return problem(NOT_YET)
    from twitchwise.report.trace_picture import seen_in_words, trace_picture  # noqa: PLC0415 - array libraries load

    stretch = view.stretch_of(here.look, start_s, stop_s)
    shown = view.picture_of(here.look, stretch, None if channels is None else read_channels(channels))
    return _download(here, trace_picture(shown, seen_in_words(shown)), SVG, ".svg")


def _written(here: Looking, form: str, media_type: str, ending: str) -> Response:
    """Send a file that is written for it, and delete that when it is sent."""
    if not here.look.is_shown:
        return problem(NOT_YET)
    from twitchwise.examine.looking import Taken  # noqa: PLC0415 - array libraries load here

    file = here.look.write(Taken(form))
    gone = BackgroundTask(file.unlink, missing_ok=True)
    return FileResponse(file, media_type=media_type, filename=_name(here, ending), background=gone)


def _name(here: Looking, ending: str) -> str:
    return safe_name(here.look.name).rpartition(".")[0] + ending or f"recording{ending}"


def _download(here: Looking, content: str, media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{_name(here, ending)}"'}
    return Response(content, media_type=media_type, headers=headers)
