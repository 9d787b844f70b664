"""Turns templates into pages; one with an error says so first, in its title and in a summary that takes the focus."""

from dataclasses import dataclass
from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from twitchwise.assess.questions import STOP_SENTENCE
from twitchwise.report import display, wording
from twitchwise.report.languages import LANGUAGE, LANGUAGES
from twitchwise.report.languages.in_templates import speak, tells_first
from twitchwise.vocabulary.text import capital, digits, say
from twitchwise.web.forms import FormError
from twitchwise.web.guard import ADDRESS, IS_SHARED, KEEPS_DIARIES, OPEN_DIARY, PATH, SAFE_HEADERS, SIGNED_IN
from twitchwise.web.static_files import address_of

ROOMS = (
    ("/", say("Check")),
    ("/explore", say("Explore")),
    ("/measure", say("Measure")),
    ("/diary", say("Diary")),
    ("/learn", say("Learn")),
)
"""The parts of the site: the path of the first page, and what it is called."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("twitchwise.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["notice"] = wording.NOTICE
    environment.globals["emergency_number"] = wording.EMERGENCY_NUMBER
    environment.globals["headings"] = wording.HEADINGS
    environment.globals["contributors_lead"] = wording.CONTRIBUTORS_LEAD
    environment.globals["together_lead"] = wording.TOGETHER_LEAD
    environment.globals["stop"] = STOP_SENTENCE
    environment.globals["rooms"] = _rooms
    environment.globals["is_shared"] = IS_SHARED.get
    environment.globals["is_signed_in"] = SIGNED_IN.get
    environment.globals["keeps_diaries"] = KEEPS_DIARIES.get
    environment.globals["open_diary"] = OPEN_DIARY.get
    environment.filters["asset"] = address_of
    environment.filters["clean"] = tells_first(display.clean)
    environment.filters["duration"] = display.duration
    environment.filters["number"] = lambda digits: display.number(float(digits))
    environment.filters["sentence"] = capital
    environment.globals["languages"] = _other_languages
    environment.globals["decimal_mark"] = digits(".")
    environment.globals["own_address"] = ADDRESS.get
    speak(environment)
    return environment


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A part of the site in the navigation: its first page, its name, and whether it is open now."""

    path: str
    label: str
    is_open: bool


def _rooms() -> list[Room]:
    """Return the parts of the site that are open; a check has pages of its own under the visit's token."""
    if IS_SHARED.get() and not SIGNED_IN.get():
        return []
    path = PATH.get()
    first = next((room for room, _ in ROOMS if room != "/" and path.startswith(room)), "/")
    closed = None if KEEPS_DIARIES.get() else "/diary"
    return [Room(path=room, label=label, is_open=room == first) for room, label in ROOMS if room != closed]


def _other_languages() -> list[tuple[str, str]]:
    """Return the languages that the reader can change to, by their tags."""
    return [(tag, name) for tag, name in LANGUAGES.items() if tag != LANGUAGE.get()]


def page(template: str, *, status: int = 200, error: FormError | None = None, **values: object) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    template
        Name of a file in ``templates/``, without its ending.
    status
        Status of the answer.
    error
        What is wrong with the form on the page.
    values
        What the template shows.
    """
    html = _environment().get_template(f"{template}.html").render(error=error, **values)
    return HTMLResponse(html, status_code=status, headers=dict(SAFE_HEADERS))


PROBLEMS = {
    400: (say("This page could not be opened"), say("The request was not understood.")),
    403: (say("This page could not be opened"), say("The request came from another web site, so nothing was done.")),
    404: (say("Page not found"), say("Your check may have been erased, or the address may be wrong.")),
    405: (say("This page could not be opened"), say("It cannot be used in this way.")),
    413: (say("The file is too big"), say("A recording may have up to 512 MB.")),
    429: (say("Please wait a moment"), say("Too much was asked at once. Wait a moment, then try again.")),
    500: (say("Sorry, something went wrong"), say("The fault is in this program, not in what you did.")),
    503: (say("The program was stopped"), say("Start it again to begin a new check.")),
}
"""What a page says for a status: a heading, and a sentence."""


def problem(status: int, sentence: str | None = None) -> HTMLResponse:
    """Return a page that says in plain words why there is no other.

    Parameters
    ----------
    status
        Status of the answer.
    sentence
        What to say instead of the usual sentence.
    """
    heading, usual = PROBLEMS.get(status, PROBLEMS[400])
    return page("problem", status=status, heading=heading, sentence=sentence or usual)
