"""The diary: what is added is there, what is changed leaves nothing of the old, and what is erased is gone."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from twitchwise.diary.entry import Entry, KeptCheck, KeptRecording
from twitchwise.diary.home import Home
from twitchwise.diary.limits import require_within_limits
from twitchwise.diary.models import CheckRow, EntryRow, RecordingRow
from twitchwise.diary.refusal import ChangedMeanwhileError, DayTakenError, NoSuchDayError
from twitchwise.diary.rows import check_in, entry_in, fill, recording_in, row_of_check, row_of_recording
from twitchwise.knowledge import Library
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

_BEYOND_NUMBERS = 2**31  # no database takes a whole number of any size


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept, with the count of its changes."""

    entry: Entry
    version: int


class Diary:
    """A diary that is open; it holds its home only while it reads or writes.

    Parameters
    ----------
    home
        Where it is kept.
    known
        Holds the limits and the signs.
    """

    def __init__(self, home: Home, known: Library) -> None:
        self.home = home
        self.known = known

    @property
    def where(self) -> str:
        """What a person calls the place where it is kept."""
        return self.home.where

    def add(self, entry: Entry) -> None:
        """Add the entry of a day that has none; when this returns, it is on the disk.

        Raises
        ------
        DayTakenError
            If the day has one.
        OutOfRangeError
            If the entry is empty or says more than a day can hold.
        """
        if entry.is_empty:
            raise OutOfRangeError(say("an entry must say something, got nothing; an empty day need not be kept."))
        require_within_limits(entry, self.known)
        try:
            with self.home.writing() as session:
                session.add(fill(EntryRow(), entry))
        except IntegrityError:
            raise DayTakenError(
                say("day must have no entry yet, got {day}; change the one it has.", day=entry.day)
            ) from None

    def change(self, entry: Entry, *, version: int | None = None) -> None:
        """Put an entry in the place of the one that its day has; nothing of that one is kept.

        Parameters
        ----------
        entry
            How the day is to stand.
        version
            Count of changes when it was shown to whoever changes it, so that nobody overwrites what they never saw.

        Raises
        ------
        NoSuchDayError
            If the day has no entry.
        ChangedMeanwhileError
            If it was changed since.
        OutOfRangeError
            If the entry says more than a day can hold.
        """
        require_within_limits(entry, self.known)
        with self.home.writing() as session:
            row = _row_of(session, entry.day)
            if version not in (None, row.version):
                raise ChangedMeanwhileError(
                    say("the entry of {day} was changed elsewhere since; look at it again.", day=entry.day)
                )
            flag_modified(fill(row, entry), "note")  # so that a change of places alone counts too
        self.home.forget()

    def remove(self, day: dt.date) -> None:
        """Erase the entry of a day, or raise NoSuchDayError when it has none."""
        with self.home.writing() as session:
            session.delete(_row_of(session, day))
        self.home.forget()

    def kept(self, day: dt.date) -> KeptEntry | None:
        """Return the entry of a day, or ``None``."""
        with self.home.reading() as session:
            row = session.scalar(select(EntryRow).where(EntryRow.day == day))
            return None if row is None else KeptEntry(entry_in(row), row.version)

    def entries(self, first: dt.date | None = None, last: dt.date | None = None) -> tuple[Entry, ...]:
        """Return the entries from ``first`` to ``last``, both included, in the order of days."""
        wanted = select(EntryRow).order_by(EntryRow.day)
        if first is not None:
            wanted = wanted.where(EntryRow.day >= first)
        if last is not None:
            wanted = wanted.where(EntryRow.day <= last)
        with self.home.reading() as session:
            return tuple(entry_in(row) for row in session.scalars(wanted))

    def keep_recording(self, recording: KeptRecording) -> None:
        """Keep what was measured on a recording."""
        with self.home.writing() as session:
            session.add(row_of_recording(recording))

    def recordings(self) -> tuple[KeptRecording, ...]:
        """Return the recordings in the order of days."""
        with self.home.reading() as session:
            rows = session.scalars(select(RecordingRow).order_by(RecordingRow.day, RecordingRow.number))
            return tuple(recording_in(row) for row in rows)

    def keep_check(self, check: KeptCheck) -> None:
        """Keep the result of a check."""
        with self.home.writing() as session:
            session.add(row_of_check(check))

    def checks(self) -> tuple[KeptCheck, ...]:
        """Return the results of checks in the order of days."""
        with self.home.reading() as session:
            rows = session.scalars(select(CheckRow).order_by(CheckRow.day, CheckRow.number))
            return tuple(check_in(row) for row in rows)

    def remove_recording(self, number: int) -> None:
        """Erase a recording with its measurements, or raise OutOfRangeError when there is none of that number."""
        self._remove(RecordingRow, number)

    def remove_check(self, number: int) -> None:
        """Erase the result of a check, or raise OutOfRangeError when there is none of that number."""
        self._remove(CheckRow, number)

    def _remove(self, table: type[RecordingRow | CheckRow], number: int) -> None:
        with self.home.writing() as session:
            row = session.get(table, number) if 0 < number < _BEYOND_NUMBERS else None
            if row is None:
                raise OutOfRangeError(say("number must be one that is kept, got {number}.", number=number))
            session.delete(row)
        self.home.forget()


def _row_of(session: Session, day: dt.date) -> EntryRow:
    row = session.scalar(select(EntryRow).where(EntryRow.day == day))
    if row is None:
        raise NoSuchDayError(say("day must have an entry, got {day}.", day=day))
    return row
