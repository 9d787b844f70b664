"""An examination as one HTML file that needs nothing else: no script, no outside request, readable on a phone."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.assess import Cause
from twitchwise.examine import Examination
from twitchwise.report.drawings import Drawing, Drawings, causes_drawing, measured_drawings, twitch_drawing
from twitchwise.report.pages import page_from, write_page
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
        twitch=twitch_of_leading_cause(examination, simulation),
    )
    return page_from(
        "report.html.jinja",
        {"title": TITLE, "story": story, "figures": drawings, "headings": HEADINGS, "words": _WORDS},
        made_on,
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
    write_page(examination_as_html(examination, made_on=made_on), file)


def twitch_of_leading_cause(examination: Examination, simulation: "Simulation | None" = None) -> Drawing | None:
    """Draw the twitch of a simulation, else of the most likely cause that the model has; ``None`` where it has none.

    Parameters
    ----------
    examination
        The visit as a whole.
    simulation
        Gives the twitch to draw, where there is one.
    """
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
