"""The diary's page for the doctor as one HTML file that needs nothing else, and the names of what was measured."""

from pathlib import Path

from twitchwise.diary.for_the_doctor import TITLE, DoctorPage
from twitchwise.diary.words import Naming
from twitchwise.knowledge import Library
from twitchwise.report.measured import name_of
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.pages import page_from, write_page
from twitchwise.report.quantity_words import QUANTITY_WORDS
from twitchwise.report.wording import NOTICE


def plain_naming(known: Library) -> Naming:
    """Return what names a measured quantity for anybody."""
    return lambda quantity: name_of(quantity, known)


def naming_for_doctors(known: Library) -> Naming:
    """Return what names a measured quantity as those who know the field call it."""
    return lambda quantity: QUANTITY_WORDS.get(quantity) or MOVEMENT_WORDS.get(quantity) or name_of(quantity, known)


def doctor_page_as_html(page: DoctorPage) -> str:
    """Return the page as a whole HTML document.

    Parameters
    ----------
    page
        What the last weeks hold.
    """
    return page_from("diary_doctor.html.jinja", {"page": page, "title": TITLE, "notice": NOTICE})


def write_doctor_page(page: DoctorPage, file: Path) -> None:
    """Write the page to an HTML file.

    Raises
    ------
    OutOfRangeError
        If a file cannot be put there.
    """
    write_page(doctor_page_as_html(page), file)
