"""A plan of a study: participants needed for each length of a recording, what that costs, and what it rests on."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.cohort.power.search import FEWEST, MOST, Needed, needed, power_at
from twitchwise.cohort.power.studies import Study
from twitchwise.cohort.power.wanted import Wanted
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.knowledge import library

_HOUR_MIN = 60.0
_OF_SEARCH, _OF_ASKED = 20, 21  # streams of chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The answer for one length of a recording.

    Parameters
    ----------
    minutes
        Of each visit; ``None`` where the quantity is no count.
    needed
        How many participants, and the power there.
    enrolled
        How many people begin, in all groups together; ``None`` with ``needed.n``.
    recording_h, visits_h
        Hours of recording, and of visits with all that belongs to them.
    at_subjects
        Power with the number of participants that was asked for.
    affordable, at_affordable
        Number of participants for which the hours there are suffice, and the power with them.
    without_events
        Share of visits at which nothing is counted before the change, or ``None``.
    of_people
        By which share the number would differ with other simulated people, as a standard error; ``None`` if known.
    false_positives
        Share of studies of this number that find a change where there is none; ``None`` where that was not asked.
    if_spread
        Numbers of participants if the spread of a pilot were at the ends of its 95 % interval; ``None`` without one.
    """

    minutes: float | None
    needed: Needed
    enrolled: int | None = None
    recording_h: float | None = None
    visits_h: float | None = None
    at_subjects: Estimate | None = None
    affordable: int | None = None
    at_affordable: Estimate | None = None
    without_events: float | None = None
    of_people: float | None = None
    false_positives: Estimate | None = None
    if_spread: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """One thing that a plan rests on: what, its value, and where it comes from."""

    what: str
    value: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyPlan:
    """A plan of a study.

    Parameters
    ----------
    quantity, unit, subject
        What is measured, its unit, and of whom.
    wanted, change
        What was asked for; the change in words.
    rows
        The answer for each length of a recording.
    cheapest
        Number of the row with the fewest hours of visits; ``None`` where none reaches the power.
    fits
        Whether that is within the hours that there are; ``None`` where no limit was given.
    support
        What it rests on.
    limits
        What it cannot know.
    warnings
        Sentences on what is doubtful about this plan.
    """

    quantity: str
    unit: str
    subject: str
    wanted: Wanted
    change: str
    rows: tuple[Row, ...]
    cheapest: int | None
    fits: bool | None
    support: tuple[Support, ...]
    limits: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def row_of(study: Study, wanted: Wanted, minutes: float | None, number: int) -> Row:
    """Return the answer for one length of a recording.

    Parameters
    ----------
    study, wanted
        What is drawn, and what it is to do.
    minutes
        Of each visit; ``None`` where the quantity is no count.
    number
        Of the row, so that each has chance of its own.
    """
    found = needed(study, wanted.power, np.random.default_rng([wanted.seed, _OF_SEARCH, number]))
    chance = np.random.default_rng([wanted.seed, _OF_ASKED, number])
    affordable = _affordable(wanted, minutes)
    visits = None if found.n is None else wanted.n_visits(found.n)
    known = visits is not None and minutes is not None
    return Row(
        minutes=minutes,
        needed=found,
        enrolled=None if found.n is None else wanted.enrolled(found.n),
        recording_h=(visits or 0) * (minutes or 0) / _HOUR_MIN if known else None,
        visits_h=(visits or 0) * ((minutes or 0) + wanted.setup) / _HOUR_MIN if known else None,
        at_subjects=None if wanted.subjects is None else power_at(study, wanted.subjects, chance)[0],
        affordable=affordable,
        at_affordable=None if affordable is None else power_at(study, affordable, chance)[0],
    )


def _affordable(wanted: Wanted, minutes: float | None) -> int | None:
    """Return the largest number (in each group) for which the hours suffice; ``None`` where none does."""
    if wanted.budget_h is None or minutes is None:
        return None
    visit_h = (minutes + wanted.setup) / _HOUR_MIN
    n = math.floor(wanted.budget_h * (1 - wanted.dropout) / (visit_h * wanted.n_visits_each))
    while n >= FEWEST and wanted.n_visits(n) * visit_h > wanted.budget_h:
        n -= 1
    return min(n, MOST) if n >= FEWEST else None


def cheapest_of(rows: Sequence[Row]) -> int | None:
    """Return the number of the row with the fewest hours of visits, or the only one; ``None`` where none is enough."""
    able = [number for number, row in enumerate(rows) if row.needed.n is not None]
    return min(able, key=lambda number: rows[number].visits_h or 0.0, default=None)


def warnings_of_rows(rows: Sequence[Row]) -> Iterator[str]:
    """Give a sentence on numbers of participants that are too small or too large to be told."""
    few = library().value("study_participants_few")
    if any(row.needed.n is not None and row.needed.n < few for row in rows):
        yield f"With fewer than {few:.0f} participants in a group intervals lean on the shape of the data."
    for row in rows:
        if row.needed.n is None:
            what = "A study" if row.minutes is None else f"A study with {row.minutes:g} minutes a visit"
            yield (
                f"{what} of {MOST} participants finds the change with a power of {row.needed.power.value:.2f} only; "
                "larger ones were not looked at."
            )
