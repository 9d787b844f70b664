"""What a person chose to keep, on their own machine or in a clinic's database; importing this needs no package."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.diary.entry import Ease, Entry, KeptCheck, KeptRecording, Place, Site, place_in, today
from twitchwise.diary.place import VARIABLE, default_file
from twitchwise.diary.refusal import (
    BusyDiaryError,
    ChangedMeanwhileError,
    DatabaseAwayError,
    DatabaseRefusedError,
    DayTakenError,
    DiaryError,
    DiaryNotStartedError,
    DiaryThereError,
    NoSuchDayError,
    UnreadableDiaryError,
    UnwritableDiaryError,
)
from twitchwise.knowledge import library
from twitchwise.vocabulary import MissingExtraError, TwitchwiseError
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.diary.address import Address
    from twitchwise.diary.in_database import Database
    from twitchwise.diary.store import Diary

__all__ = [
    "VARIABLE",
    "BusyDiaryError",
    "ChangedMeanwhileError",
    "DatabaseAwayError",
    "DatabaseRefusedError",
    "DayTakenError",
    "DiaryError",
    "DiaryNotStartedError",
    "DiaryThereError",
    "Ease",
    "Entry",
    "KeptCheck",
    "KeptRecording",
    "NoSuchDayError",
    "Place",
    "Site",
    "UnreadableDiaryError",
    "UnwritableDiaryError",
    "default_file",
    "erase_diary",
    "open_database",
    "open_diary",
    "place_in",
    "start_diary",
    "today",
]


def start_diary(file: Path | None = None) -> "Diary":
    """Make a diary where none is.

    Parameters
    ----------
    file
        Where; the usual place unless given.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``diary`` are not installed.
    DiaryError
        If there is one, or something else, or the place cannot be written.
    """
    _require_extra()
    from twitchwise.diary import in_file, store  # noqa: PLC0415 (needs the extra)

    return store.Diary(in_file.start_home(file or default_file()), library())


def open_diary(file: Path | None = None) -> "Diary":
    """Open a diary that was started; it is never made by looking.

    Parameters
    ----------
    file
        Where it lies; the usual place unless given.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``diary`` are not installed.
    DiaryError
        If there is none, or it is damaged or newer than this program.
    """
    _require_extra()
    from twitchwise.diary import in_file, store  # noqa: PLC0415 (needs the extra)

    return store.Diary(in_file.open_home(file or default_file()), library())


def erase_diary(file: Path | None = None) -> int:
    """Erase a diary with all that lies beside it, and return how many files were erased.

    Parameters
    ----------
    file
        Where it lies; the usual place unless given.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``diary`` are not installed.
    DiaryError
        If there is none, or the file is something else than a diary of this program, even a damaged one.
    """
    _require_extra()
    from twitchwise.diary import erasing  # noqa: PLC0415 (needs the extra)

    return erasing.erase(file or default_file())


def open_database(address: "Address") -> "Database":
    """Open a PostgreSQL database that holds, or is to hold, the diaries of many people.

    Parameters
    ----------
    address
        Leads to it; `twitchwise.diary.address.address_in` makes one of a text.

    Raises
    ------
    MissingExtraError
        If the packages of the extra ``clinic`` are not installed.
    DiaryError
        If it cannot be reached, does not let the account in, or is not safe enough for diaries.
    """
    if find_spec("psycopg") is None or find_spec("sqlalchemy") is None:
        raise MissingExtraError(say("Keeping diaries in a database"), "clinic")
    from twitchwise.diary import in_database  # noqa: PLC0415 (needs the extra)

    database = in_database.Database(address, library())
    try:
        database.prepare()
    except TwitchwiseError:
        database.close()
        raise
    return database


def _require_extra() -> None:
    if find_spec("sqlalchemy") is None:
        raise MissingExtraError(say("The diary"), "diary")
