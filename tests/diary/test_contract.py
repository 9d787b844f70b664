"""What every diary keeps to, whatever its home: each test runs in a file and in a real database."""

import dataclasses
import datetime as dt

import pytest

from twitchwise.diary import (
    ChangedMeanwhileError,
    DayTakenError,
    Entry,
    KeptCheck,
    KeptRecording,
    NoSuchDayError,
    Place,
    Site,
)
from twitchwise.diary.store import Diary
from twitchwise.vocabulary import OutOfRangeError, Urgency

DAY = dt.date(2026, 3, 1)


def test_a_day_has_one_entry(kept: Diary) -> None:
    kept.add(Entry(day=DAY, note="first"))
    with pytest.raises(DayTakenError):
        kept.add(Entry(day=DAY, note="second"))
    assert kept.entries() == (Entry(day=DAY, note="first"),)


def test_an_empty_day_is_not_added(kept: Diary) -> None:
    with pytest.raises(OutOfRangeError, match="must say something"):
        kept.add(Entry(day=DAY))
    assert kept.entries() == ()


def test_what_says_too_much_is_neither_added_nor_changed(kept: Diary) -> None:
    too_much = Entry(day=DAY, severity=11)
    with pytest.raises(OutOfRangeError, match="severity"):
        kept.add(too_much)
    kept.add(Entry(day=DAY, severity=3))
    with pytest.raises(OutOfRangeError, match="severity"):
        kept.change(too_much)
    assert kept.entries() == (Entry(day=DAY, severity=3),)


def test_who_did_not_see_the_last_change_changes_nothing(kept: Diary) -> None:
    kept.add(Entry(day=DAY, stress=1))
    seen = kept.kept(DAY)
    assert seen is not None
    kept.change(dataclasses.replace(seen.entry, places=(Place(Site.CALF),)), version=seen.version)
    with pytest.raises(ChangedMeanwhileError):
        kept.change(Entry(day=DAY, stress=9), version=seen.version)
    assert kept.entries() == (Entry(day=DAY, stress=1, places=(Place(Site.CALF),)),)


def test_a_day_without_an_entry_has_none_to_remove(kept: Diary) -> None:
    assert kept.kept(DAY) is None
    with pytest.raises(NoSuchDayError):
        kept.remove(DAY)


def test_entries_are_given_for_a_stretch_of_days(kept: Diary) -> None:
    days = [DAY + dt.timedelta(days=after) for after in range(4)]
    for day in reversed(days):
        kept.add(Entry(day=day, stress=0))
    assert [one.day for one in kept.entries(days[1], days[2])] == days[1:3]
    assert [one.day for one in kept.entries()] == days


@pytest.mark.parametrize("number", [0, 2, -1, 10**30])
def test_only_what_is_kept_can_be_removed(kept: Diary, number: int) -> None:
    kept.keep_check(KeptCheck(day=DAY, urgency=Urgency.SOON))
    kept.keep_recording(KeptRecording(name="a", format="EDF", day=DAY, duration_s=1))
    with pytest.raises(OutOfRangeError):
        kept.remove_check(number)
    with pytest.raises(OutOfRangeError):
        kept.remove_recording(number)
    kept.remove_check(1)
    kept.remove_recording(1)
    assert (kept.checks(), kept.recordings()) == ((), ())
