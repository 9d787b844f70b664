"""An examination as one HTML file that needs nothing else: no script, no outside request, readable on a phone."""

import datetime as dt
import os
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from twitchwise.assess import Cause
from twitchwise.examine import Examination
from twitchwise.report.drawings import Drawing, Drawings, causes_drawing, measured_drawings, twitch_drawing
from twitchwise.report.story import condition_label, story_of
from twitchwise.report.wording import (
    CONTRIBUTORS_LEAD,
    DIFFER_LEAD,
    DRAFT,
    HEADINGS,
    MUSCLE_LEAD,
    NO_RECORDING,
    NO_RULE,
    NOTICE,
    SIGNS_LEAD,
    TITLE,
    TOGETHER_LEAD,
)
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.simulate import Simulation

_WORDS = {
    "contributors_lead": CONTRIBUTORS_LEAD,
    "together_lead": TOGETHER_LEAD,
    "differ_lead": DIFFER_LEAD,
    "muscle_lead": MUSCLE_LEAD,
    "no_recording": NO_RECORDING,
    "no_rule": NO_RULE,
    "notice": NOTICE,
    "draft": DRAFT,
    "signs_lead": SIGNS_LEAD,
}


def examination_as_html(
    examination: Examination, *, simulation: "Simulation | None" = None, made_on: dt.date | None = None
) -> str:
    """Return an examination as one HTML page.

    Parameters
    ----------
    examination
        The visit as a whole.
    simulation
        Gives the twitch to draw; without one, that of the most likely cause is computed.
    made_on
        The day to print on the page, if any; without one the same examination always gives the same page.

    Returns
    -------
    str
        A whole HTML document with its style and its figures in it.
    """
    story = story_of(examination)
    drawings = Drawings(
        causes=causes_drawing(story),
        measured=tuple(measured_drawings(examination, story)),
        twitch=_twitch(examination, simulation),
    )
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            title=TITLE,
            story=story,
            figures=drawings,
            headings=HEADINGS,
            words=_WORDS,
            style=Markup(_part("style.css")),  # noqa: S704 - our own file, and quotes in a style must stay quotes
            version=version("twitchwise"),
            made_on=None if made_on is None else f"{made_on:%B} {made_on.day}, {made_on.year}",
        )
    )


def write_html(examination: Examination, file: Path, *, made_on: dt.date | None = None) -> None:
    """Write an examination to one HTML file; the file is whole or not there.

    Parameters
    ----------
    examination
        The visit as a whole.
    file
        Where to; an older file is replaced.
    made_on
        The day to print on the page, if any.

    Raises
    ------
    OutOfRangeError
        If a file cannot be put there.
    """
    text = examination_as_html(examination, made_on=made_on)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutOfRangeError(
            f"report must be a file that can be written, got {str(file)!r} ({error.strerror})."
        ) from None


def _twitch(examination: Examination, simulation: "Simulation | None") -> Drawing | None:
    # array libraries load with the figures, not before
    from twitchwise.simulate import twitch_of  # noqa: PLC0415

    knowledge = examination.library
    if simulation is not None:
        label = condition_label(simulation.condition, knowledge)
        return twitch_drawing(simulation.twitch, simulation.healthy_twitch, label)
    first = _first_modeled(examination)
    if first is None:
        return None
    return twitch_drawing(twitch_of(first.id, knowledge), twitch_of("healthy", knowledge), first.label)


def _first_modeled(examination: Examination) -> Cause | None:
    """Return the leading cause, or the leading trigger, of which the model knows what it changes in a twitch."""
    assessment, conditions = examination.assessment, examination.library.conditions
    first = (*assessment.causes[:1], *assessment.contributors[:1])
    return next((cause for cause in first if conditions[cause.id].mechanism), None)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_part), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _part(name: str) -> str:
    return files("twitchwise.report").joinpath("templates", name).read_text(encoding="utf-8")
