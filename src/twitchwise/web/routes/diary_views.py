"""What the diary shows of many days: the trend, the page for the doctor, and all of it to take away."""

from fastapi import APIRouter, Request, Response

from twitchwise.diary import today
from twitchwise.diary.export import export_as_bytes
from twitchwise.diary.for_the_doctor import DoctorPage, doctor_page, lines_of_page
from twitchwise.diary.spread import Interval
from twitchwise.diary.store import Diary
from twitchwise.diary.trend import trend_of
from twitchwise.diary.trend_words import CHANCE, number, sentences_of
from twitchwise.report.diary_page import doctor_page_as_html, naming_for_doctors, plain_naming
from twitchwise.report.languages import tell
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import say
from twitchwise.web.diary_chart import chart_of
from twitchwise.web.diary_place import Here, Started
from twitchwise.web.routes.diary import diary_page

router = APIRouter(prefix="/diary")

PERIODS = {"7": say("1 week"), "14": say("2 weeks"), "28": say("4 weeks"), "84": say("12 weeks")}
USUAL_PERIOD = "28"


@router.get("/trend")
def trend(place: Here, diary: Started, request: Request) -> Response:
    """Show the counts of days, what changed, and which days were unlike others."""
    days = request.query_params.get("days", USUAL_PERIOD)
    days = days if days in PERIODS else USUAL_PERIOD
    found = trend_of(diary.entries(), diary.recordings(), diary.known, last=today(), period_days=int(days))
    return diary_page(
        place,
        "trend",
        trend=found,
        chart=chart_of(found.counts, found.first_later, found.last) if found.counts else None,
        rows=[(date_in_words(one.day), number(one.count.value), _range(one.count)) for one in found.counts],
        sentences=sentences_of(found, plain_naming(diary.known)),
        first=date_in_words(found.first_later),
        last=date_in_words(found.last),
        chance=CHANCE,
        periods=PERIODS,
        days=days,
    )


def _range(count: Interval) -> str:
    return say("{low} to {high}", low=number(count.low), high=number(count.high))


def _sheet(diary: Diary) -> DoctorPage:
    return doctor_page(diary, today(), naming_for_doctors(diary.known))


@router.get("/doctor")
def doctor(place: Here, diary: Started) -> Response:
    """Show the page for the doctor, to be printed."""
    return diary_page(place, "doctor", sheet=_sheet(diary))


@router.get("/doctor.txt")
def doctor_as_text(diary: Started) -> Response:
    """Send the page for the doctor as plain text."""
    text = "\n".join(map(tell, lines_of_page(_sheet(diary)))) + "\n"
    return _download(text.encode(), "text/plain; charset=utf-8", "twitch-diary.txt")


@router.get("/doctor.html")
def doctor_as_html(diary: Started) -> Response:
    """Send the page for the doctor as one file."""
    html = doctor_page_as_html(_sheet(diary))
    return _download(html.encode(), "text/html; charset=utf-8", "twitch-diary.html")


@router.get("/export.zip")
def export(diary: Started) -> Response:
    """Send all that is kept."""
    return _download(export_as_bytes(diary), "application/zip", f"twitch-diary-{today()}.zip")


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
