"""The living model: one motor unit from nerve to skin, health beside what a person changes, to see and to hear."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter, Request, Response

from twitchwise.knowledge import library
from twitchwise.report import one_unit as report  # its parts load when they are used: they need array libraries
from twitchwise.report.languages import tell_all
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say
from twitchwise.web.explore_query import Query, QueryRefusedError, read_query, read_who
from twitchwise.web.forms import FormError
from twitchwise.web.rendering import page

if TYPE_CHECKING:
    from twitchwise.simulate.one_unit import Activity

router = APIRouter(prefix="/explore")
UNPROCESSABLE = 422
NOT_TOGETHER = say("These values do not go together in the model. Change one of them.")


class _Answer(NamedTuple):
    """What is shown, with what the person does and which side of a story is taken."""

    shown: "report.Explored"
    activity: "Activity"
    story: bool


@router.get("")
def show(request: Request) -> Response:
    """Show the page for what the address holds; one that cannot be followed is the page as it is at first."""
    try:
        return _page(_answered(request))
    except QueryRefusedError as refused:
        cause = request.query_params.get("cause", "")
        wanted = [("cause", cause)] if _is_cause(cause) else []
        error = FormError(refused.field, refused.sentence)
        return _page(_answer(read_query(wanted)), error=error)


@router.get("/traces")
def traces(request: Request) -> Response:
    """Return everything that is drawn and told, as JSON."""
    try:
        answer = _answered(request)
    except QueryRefusedError as refused:
        return _as_json({"error": refused.sentence}, UNPROCESSABLE)
    return _as_json({**answer.shown.as_json, "activity": answer.activity, "address": _address(answer)})


@router.get("/sound.wav")
def sound(request: Request) -> Response:
    """Return the ten seconds of EMG as a sound file, of the unit that ``who`` names."""
    try:
        who = read_who(request.query_params.get("who", "changed"))
        answer = _answered(request, also=("who",))
    except QueryRefusedError as refused:
        return _as_json({"error": refused.sentence}, UNPROCESSABLE)
    return Response(report.wav_of(answer.shown.unit, who), media_type="audio/wav")


def _answered(request: Request, *, also: Iterable[str] = ()) -> _Answer:
    return _answer(read_query(request.query_params.multi_items(), also=tuple(also)))


def _answer(query: Query) -> _Answer:
    """Ask the model, whose numbers are those that ship, whatever knowledge the questions rest on."""
    known = library()
    activity = query.activity or report.usual_activity(query.cause)
    values = report.in_file_units(query.cause, query.shown, known, story=query.story)
    refusal = report.refusal(query.cause, values, known, story=query.story)
    if refusal is not None:
        raise QueryRefusedError(*refusal)
    try:
        shown = report.explored(query.cause, values, activity, known, story=query.story)
    except OutOfRangeError as refused:
        raise QueryRefusedError("cause", NOT_TOGETHER) from refused
    return _Answer(shown, activity, query.story)


def _page(answer: _Answer, *, error: FormError | None = None) -> Response:
    fields = {dial.id for dial in answer.shown.dials}
    return page(
        "explore",
        status=200 if error is None else UNPROCESSABLE,
        error=error,
        field=error.field if error is not None and error.field in fields else "cause",
        shown=answer.shown,
        activity=answer.activity,
        activities=report.ACTIVITIES,
        story=answer.story,
        stories=tuple(one for one in library().stories.values() if answer.shown.cause in one.about),
        offered=tuple(report.offered(library())),
        address=_address(answer),
    )


def _address(answer: _Answer) -> str:
    """Return what stands behind the question mark of an address that leads here again."""
    side = "popular" if answer.story else "evidence"
    dials = "".join(f"&{dial.id}={dial.value}" for dial in answer.shown.dials)
    return f"cause={answer.shown.cause}&story={side}&activity={answer.activity}{dials}"


def _is_cause(name: str) -> bool:
    try:
        read_query([("cause", name)])
    except QueryRefusedError:
        return False
    return True


def _as_json(content: object, status: int = 200) -> Response:
    return Response(
        json.dumps(tell_all(content), separators=(",", ":")), status_code=status, media_type="application/json"
    )
