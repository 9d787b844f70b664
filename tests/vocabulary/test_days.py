"""Days are told with their months in words, in the order of a language."""

import datetime as dt

from twitchwise.vocabulary.days import date_in_words, short_date


def test_a_day_is_told_with_its_month_in_words() -> None:
    days = {date_in_words(dt.date(2026, month, 7)) for month in range(1, 13)}
    assert {"January 7, 2026", "May 7, 2026", "December 7, 2026"} < days
    assert len(days) == 12


def test_a_short_day_has_the_first_letters_of_its_month() -> None:
    for month in range(1, 13):
        day = dt.date(2026, month, 3)
        name, _, number = short_date(day).partition(" ")
        assert date_in_words(day).startswith(name)
        assert number == "3"
