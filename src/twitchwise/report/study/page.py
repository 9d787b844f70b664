"""The study as one HTML page that needs nothing else, and the same as plain values for programs."""

from collections.abc import Sequence
from pathlib import Path

from twitchwise.report.pages import page_from
from twitchwise.report.study.distributions import distributions_section, others_section
from twitchwise.report.study.lengths import lengths_section
from twitchwise.report.study.limits import limits_of
from twitchwise.report.study.made_by import failures_section, made_by_section
from twitchwise.report.study.parts import Section
from twitchwise.report.study.quality import quality_section
from twitchwise.report.study.quantities import chosen, slots_of
from twitchwise.report.study.reading import StudyTables, read_study
from twitchwise.report.study.repeats import repeats_section
from twitchwise.report.study.sides import sides_section
from twitchwise.report.study.who import who_section

NOTICE = "Research and education software, not a medical device. Numbers of a group are no diagnosis of anyone in it."
_INTERVALS = "Numbers in brackets are the range behind a median, and the 95% interval behind any other number."


def study_as_html(folder: Path, quantities: Sequence[str] = ()) -> str:
    """Return a study as one HTML page.

    Parameters
    ----------
    folder
        The folder that `twitchwise cohort` wrote.
    quantities
        What to draw; by default the main quantities of those that were measured, at most eight.

    Returns
    -------
    str
        A whole HTML document with its style and its figures in it; the same study always gives the same page.

    Raises
    ------
    UnwritableFileError
        If the folder is none of a study.
    OutOfRangeError
        If a quantity was not measured.
    """
    study = read_study(folder)
    values: dict[str, object] = {
        "name": study.name,
        "limits": limits_of(study),
        "sections": sections_of(study, quantities),
        "notice": NOTICE,
        "intervals": _INTERVALS,
    }
    return page_from("study.html.jinja", values)


def study_as_json(folder: Path, quantities: Sequence[str] = ()) -> dict[str, object]:
    """Return what the page of a study says as plain values for JSON; parameters as for `study_as_html`."""
    study = read_study(folder)
    sections = sections_of(study, quantities)
    return {
        "study": study.name,
        "cannot_tell": list(limits_of(study)),
        **{section.id.replace("-", "_"): section.data for section in sections},
        "notice": NOTICE,
    }


def sections_of(study: StudyTables, quantities: Sequence[str]) -> tuple[Section, ...]:
    """Return the parts of the page, in their order."""
    drawn = chosen(study, quantities)
    slots = slots_of(study, drawn)
    between_sides, between_visits = sides_section(slots), repeats_section(study, slots)
    return (
        who_section(study),
        lengths_section(study),
        quality_section(study),
        distributions_section(study, slots),
        between_sides,
        between_visits,
        others_section(study, drawn),
        failures_section(study),
        made_by_section(study, slots, (*between_sides.methods, *between_visits.methods)),
    )
