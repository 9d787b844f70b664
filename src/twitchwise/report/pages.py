"""Pages made from templates: one HTML file that needs nothing else, whole or not there."""

import datetime as dt
import os
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from twitchwise.report.languages.in_templates import speak
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import capital


def page_from(template: str, values: dict[str, object], made_on: dt.date | None = None) -> str:
    """Return a page with the style and the version of the program in it.

    Parameters
    ----------
    template
        Name of a template of this room.
    values
        What the template asks for.
    made_on
        The day to print on the page, if any; without one the same values always give the same page.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            style=Markup(_part("style.css")),  # noqa: S704 - our own file, and quotes in a style must stay quotes
            version=version("twitchwise"),
            made_on=None if made_on is None else date_in_words(made_on),
        )
    )


def write_page(text: str, file: Path) -> None:
    """Write a page to a file; the file is whole or not there, and an older one is replaced.

    Raises
    ------
    OutOfRangeError
        If a file cannot be put there.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutOfRangeError(
            f"report must be a file that can be written, got {str(file)!r} ({error.strerror})."
        ) from None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_part), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["sentence"] = capital
    speak(environment)
    return environment


def _part(name: str) -> str:
    return files("twitchwise.report").joinpath("templates", name).read_text(encoding="utf-8")
