"""The diary: nothing is kept before a person says so; then days are added, looked at, changed and erased."""

import datetime as dt

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from twitchwise.diary import (
    ChangedMeanwhileError,
    DayTakenError,
    DiaryNotStartedError,
    Entry,
    KeptCheck,
    KeptRecording,
    NoSuchDayError,
    today,
)
from twitchwise.diary.show import said_of
from twitchwise.diary.store import Diary, KeptEntry
from twitchwise.diary.words import URGENCIES
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import say
from twitchwise.web.diary_form import (
    Typed,
    fields_of,
    habits_of,
    read_day,
    read_entry,
    require_looked_over,
    typed_in,
    typed_of,
)
from twitchwise.web.diary_place import DiaryPlace, Here, NoDiaryOpenError, Started
from twitchwise.web.forms import Form, FormError, FormRefusedError, text_of
from twitchwise.web.rendering import page
from twitchwise.web.visiting import SEE_OTHER

router = APIRouter(prefix="/diary")

DAYS_ON_A_PAGE = 28
REFUSED = 422


def _go_to(url: str) -> RedirectResponse:
    return RedirectResponse(url, status_code=SEE_OTHER)


def diary_page(place: DiaryPlace, template: str, error: FormError | None = None, **values: object) -> Response:
    """Return a page of the diary; one with an error has status 422."""
    return page(f"diary_{template}", status=REFUSED if error else 200, error=error, place=place, **values)


@router.get("")
def show(place: Here, request: Request) -> Response:
    """Show the days, or say what a diary would keep and where; on a shared server, ask for the code."""
    try:
        diary = place.open()
    except DiaryNotStartedError:
        return diary_page(place, "door", typed="") if place.is_shared else diary_page(place, "start")
    return _days(place, diary, request.query_params.get("before", ""))


def _days(place: DiaryPlace, diary: Diary, before: str, error: FormError | None = None) -> Response:
    entries = [one for one in diary.entries() if not before or one.day.isoformat() < before]
    shown = entries[::-1][:DAYS_ON_A_PAGE]
    return diary_page(
        place,
        "days",
        error,
        days=[(one.day, date_in_words(one.day), said_of(one, diary.known), one.note) for one in shown],
        older=shown[-1].day.isoformat() if len(shown) < len(entries) else None,
        is_first_page=not before,
        today=diary.kept(today()),
        recordings=diary.recordings()[::-1],
        checks=diary.checks()[::-1],
        date_in_words=date_in_words,
        urgencies=URGENCIES,
    )


@router.get("/add")
def ask(place: Here, diary: Started, request: Request) -> Response:
    """Ask what to note; the habits of the last day are filled in only when the person asks for them."""
    now = today()
    if diary.kept(now) is not None and "day" not in request.query_params:
        return _go_to(f"/diary/day/{now}")
    earlier = _last_before(diary, now)
    if earlier is not None and request.query_params.get("from") == "last":
        return _form(place, diary, habits_of(earlier, now))
    return _form(place, diary, Typed(texts={"day": now.isoformat()}))


@router.post("/add")
def add(place: Here, diary: Started, form: Form) -> Response:
    """Keep a new day."""
    try:
        place.require_ours(form, "day")
        require_looked_over(form)
        diary.add(_filled(read_entry(form, read_day(form, today()), diary.known)))
    except FormRefusedError as refused:
        return _form(place, diary, typed_in(form), refused.error)
    except DayTakenError:
        sentence = say("You have noted something for that day before. Go to your days to change it.")
        return _form(place, diary, typed_in(form), FormError("day", sentence))
    return _go_to("/diary#days")


@router.get("/day/{day}")
def show_day(place: Here, diary: Started, day: str) -> Response:
    """Show a day, to change it."""
    kept = _kept(diary, day)
    return _form(place, diary, _with_version(kept), kept=kept)


@router.post("/day/{day}")
def change_day(place: Here, diary: Started, day: str, form: Form) -> Response:
    """Change a day; what it was before is not kept."""
    kept = _kept(diary, day)
    try:
        place.require_ours(form, "twitch_count")
        _change(diary, kept, form)
    except FormRefusedError as refused:
        return _form(place, diary, typed_in(form), refused.error, kept=kept)
    except ChangedMeanwhileError:
        now = _kept(diary, day)
        sentence = say("This day was changed in another window. Here is how it is now.")
        return _form(place, diary, _with_version(now), FormError("twitch_count", sentence), kept=now)
    return _go_to("/diary#days")


@router.get("/day/{day}/erase")
def ask_to_erase_day(place: Here, diary: Started, day: str) -> Response:
    """Ask whether a day is to be erased."""
    kept = _kept(diary, day)
    return diary_page(place, "erase_day", day=day, words=date_in_words(kept.entry.day))


@router.post("/day/{day}/erase")
def erase_day(place: Here, diary: Started, day: str, form: Form) -> Response:
    """Erase a day; doing so twice is no mistake."""
    kept = _kept(diary, day)
    try:
        place.require_ours(form, "erase")
        diary.remove(kept.entry.day)
    except FormRefusedError as refused:
        return diary_page(place, "erase_day", refused.error, day=day, words=date_in_words(kept.entry.day))
    except NoSuchDayError:
        return _go_to("/diary")
    return _cleared("/diary#days")


@router.post("/{kind}/{number}/erase")
def erase_kept(place: Here, diary: Started, kind: str, number: str, form: Form) -> Response:
    """Erase what was measured on a recording, or the result of a check; doing so twice is no mistake."""
    if kind not in {"recording", "check"}:
        raise HTTPException(404)
    kept: tuple[KeptRecording | KeptCheck, ...] = diary.recordings() if kind == "recording" else diary.checks()
    try:
        place.require_ours(form, "else")
    except FormRefusedError as refused:
        return _days(place, diary, "", refused.error)
    if number in {str(one.number) for one in kept}:
        (diary.remove_recording if kind == "recording" else diary.remove_check)(int(number))
    return _cleared("/diary#else")


@router.get("/erase")
def ask_to_erase(place: Here) -> Response:
    """Ask whether all is to be erased; a damaged diary can be erased too."""
    try:
        place.require_named()
    except DiaryNotStartedError:
        return _go_to("/diary")
    return diary_page(place, "erase")


@router.post("/erase")
def erase(place: Here, form: Form) -> Response:
    """Erase all; doing so twice is no mistake."""
    try:
        place.require_ours(form, "erase")
        place.erase()
    except FormRefusedError as refused:
        return diary_page(place, "erase", refused.error)
    except NoDiaryOpenError:
        return _go_to("/diary")  # nothing was erased, so nothing is said of it
    except DiaryNotStartedError:
        return _cleared("/diary/erased")
    return _cleared("/diary/erased")


@router.get("/erased")
def erased(place: Here) -> Response:
    """Say that all is erased."""
    return diary_page(place, "erased")


def _cleared(url: str) -> RedirectResponse:
    # pages that the browser still holds must not come back with its back button
    return RedirectResponse(url, status_code=SEE_OTHER, headers={"Clear-Site-Data": '"cache"'})


def _kept(diary: Diary, day: str) -> KeptEntry:
    try:
        kept = diary.kept(dt.date.fromisoformat(day))
    except ValueError:
        kept = None
    if kept is None:
        raise HTTPException(404)
    return kept


def _change(diary: Diary, kept: KeptEntry, form: FormData) -> None:
    entry = _filled(read_entry(form, kept.entry.day, diary.known))
    version = text_of(form, "version")
    diary.change(entry, version=int(version) if version.isascii() and version.isdigit() else -1)


def _filled(entry: Entry) -> Entry:
    if entry.is_empty:
        raise FormRefusedError("twitch_count", say("Fill in at least one thing. An empty day is not kept."))
    return entry


def _with_version(kept: KeptEntry) -> Typed:
    typed = typed_of(kept.entry)
    return Typed(texts={**typed.texts, "version": str(kept.version)}, places=typed.places, signs=typed.signs)


def _last_before(diary: Diary, day: dt.date) -> Entry | None:
    earlier = diary.entries(last=day - dt.timedelta(days=1))
    return earlier[-1] if earlier else None


def _form(
    place: DiaryPlace, diary: Diary, typed: Typed, error: FormError | None = None, kept: KeptEntry | None = None
) -> Response:
    now = today()
    earlier = _last_before(diary, now) if kept is None else None
    return diary_page(
        place,
        "entry",
        error,
        kept=None if kept is None else kept.entry.day,
        words=date_in_words(now if kept is None else kept.entry.day),
        today=now,
        earlier=None if earlier is None else date_in_words(earlier.day),
        before=None if earlier is None else typed_of(earlier),
        **fields_of(typed, diary.known, error),
    )
