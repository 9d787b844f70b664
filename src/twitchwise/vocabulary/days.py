"""Days of the calendar as people read them, whole and short."""

import datetime as dt

from twitchwise.vocabulary.text import say

_DAYS = (
    say("January {day}, {year}"),
    say("February {day}, {year}"),
    say("March {day}, {year}"),
    say("April {day}, {year}"),
    say("May {day}, {year}"),
    say("June {day}, {year}"),
    say("July {day}, {year}"),
    say("August {day}, {year}"),
    say("September {day}, {year}"),
    say("October {day}, {year}"),
    say("November {day}, {year}"),
    say("December {day}, {year}"),
)
_SHORT_DAYS = (
    say("Jan {day}"),
    say("Feb {day}"),
    say("Mar {day}"),
    say("Apr {day}"),
    say("May {day}"),
    say("Jun {day}"),
    say("Jul {day}"),
    say("Aug {day}"),
    say("Sep {day}"),
    say("Oct {day}"),
    say("Nov {day}"),
    say("Dec {day}"),
)


def date_in_words(day: dt.date) -> str:
    """Return a day as it is read.

    Examples
    --------
    >>> date_in_words(dt.date(2026, 5, 1))
    'May 1, 2026'
    """
    return say(_DAYS[day.month - 1], day=day.day, year=day.year)


def short_date(day: dt.date) -> str:
    """Return a day without its year, for where there is little room.

    Examples
    --------
    >>> short_date(dt.date(2026, 11, 29))
    'Nov 29'
    """
    return say(_SHORT_DAYS[day.month - 1], day=day.day)
