"""The door of the diaries on a shared server: a code starts a diary, opens it again, and is kept nowhere."""

import hashlib
import hmac
from contextlib import suppress

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from twitchwise.diary import DiaryNotStartedError, DiaryThereError
from twitchwise.diary.codes import CodeError, code_in, in_groups, new_code
from twitchwise.vocabulary.text import Text, say, say_many
from twitchwise.web.diary_form import TOKEN, is_token
from twitchwise.web.diary_place import Shared, SharedPlace
from twitchwise.web.forms import Form, FormError, text_of
from twitchwise.web.routes.diary import diary_page
from twitchwise.web.sign_in import TOO_MANY, address_of
from twitchwise.web.visiting import SEE_OTHER

router = APIRouter(prefix="/diary")

MOST_SHOWN = 64  # letters of what was typed that are shown again
SECONDS_A_MINUTE = 60
UNKNOWN = FormError("code", say("There is no diary with this code. Look at each group again."))
NOT_WRITTEN = FormError("written", say("Write the code down first. Then tick the box."))
OLD_CODE = FormError("written", say("That page was open for too long. Here is a new code. Write this one down."))


@router.post("/open")
async def open_by_code(request: Request, place: Shared, form: Form) -> Response:
    """Open the diary of a code; what cannot be a code costs no try."""
    typed, address = text_of(form, "code"), address_of(request)
    try:
        digits = code_in(typed)
    except CodeError as error:
        return _door(place, typed, FormError("code", error.args[0]))
    if wait_s := place.entrance.codes.take(address):
        return _later(_door(place, typed, FormError("code", _tried_too_often(wait_s))), wait_s)
    key = await place.entrance.hashed(place.diaries.key_of, digits)
    try:
        await run_in_threadpool(place.diaries.open, key)
    except DiaryNotStartedError:
        return _door(place, typed, UNKNOWN)
    place.entrance.codes.give_back(address)
    place.keep_open(key)
    return _go_to_diary()


@router.get("/new")
def offer(place: Shared) -> Response:
    """Show a new code; nothing is made or kept before the person has written it down."""
    return _offered(place, new_code())


@router.post("/start")
async def start(request: Request, place: Shared, form: Form) -> Response:
    """Start the diary of a code that this page gave out; pressing the button twice is no mistake."""
    try:
        code = code_in(text_of(form, "code"))
    except CodeError:
        code = ""
    if not is_token(text_of(form, "seal"), _seal(place, code)):
        return _offered(place, new_code(), OLD_CODE)
    if text_of(form, "written") != "yes":
        return _offered(place, in_groups(code), NOT_WRITTEN)
    if wait_s := place.entrance.starts.take(address_of(request)):
        return _later(_offered(place, in_groups(code), FormError("written", _started_too_often(wait_s))), wait_s)
    key = await place.entrance.hashed(place.diaries.key_of, code)
    with suppress(DiaryThereError):
        await run_in_threadpool(place.diaries.start, key)
    place.keep_open(key)
    return _go_to_diary()


@router.get("/open")
@router.get("/start")
def go_back() -> Response:
    """Lead to the door who comes back to the address of a form, for example with another language."""
    return _go_to_diary()


@router.post("/close")
def close(place: Shared) -> Response:
    """Close the diary; it stays in the database, and its code opens it again."""
    place.close()
    # pages that the browser still holds must not come back with its back button
    return RedirectResponse("/diary", status_code=SEE_OTHER, headers={"Clear-Site-Data": '"cache"'})


def _door(place: SharedPlace, typed: str, error: FormError) -> Response:
    return diary_page(place, "door", error, typed=typed[:MOST_SHOWN])


def _offered(place: SharedPlace, code: str, error: FormError | None = None) -> Response:
    seal = _seal(place, code_in(code))
    return diary_page(place, "code", error, code=code, seal=seal)


def _seal(place: SharedPlace, code: str) -> str:
    """Return what shows that a code was made here for this session, so that nobody chooses a weak one."""
    return hmac.new(TOKEN.encode(), f"{place.session} {code}".encode(), hashlib.sha256).hexdigest()


def _go_to_diary() -> Response:
    return RedirectResponse("/diary", status_code=SEE_OTHER)


def _later(answer: Response, wait_s: int) -> Response:
    answer.status_code = TOO_MANY
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def _tried_too_often(wait_s: int) -> Text:
    return say_many(
        "Codes were tried too often from here. Wait a minute, then try again.",
        "Codes were tried too often from here. Wait {count} minutes, then try again.",
        count=-(-wait_s // SECONDS_A_MINUTE),
    )


def _started_too_often(wait_s: int) -> Text:
    return say_many(
        "Many diaries were started from here. Wait a minute, then press the button again.",
        "Many diaries were started from here. Wait {count} minutes, then press the button again.",
        count=-(-wait_s // SECONDS_A_MINUTE),
    )
