"""The diary's page for the doctor as one HTML file that needs nothing else, made to be printed on one sheet."""

from pathlib import Path

from twitchwise.diary.for_the_doctor import TITLE, DoctorPage
from twitchwise.report.pages import page_from, write_page
from twitchwise.report.wording import NOTICE


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
