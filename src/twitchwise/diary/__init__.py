"""What a person chose to keep, on their own machine; importing this needs no database package, using it does."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.diary.entry import Ease, Entry, KeptCheck, KeptRecording, Place, Site, place_in, today
from twitchwise.diary.place import VARIABLE, default_file
from twitchwise.diary.refusal import (
    BusyDiaryError,
    ChangedMeanwhileError,
    DayTakenError,
    DiaryError,
    DiaryNotStartedError,
    DiaryThereError,
    NoSuchDayError,
    UnreadableDiaryError,
    UnwritableDiaryError,
)
from twitchwise.knowledge import library
from twitchwise.vocabulary import MissingExtraError

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary

__all__ = [
    "VARIABLE",
    "BusyDiaryError",
    "ChangedMeanwhileError",
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
    from twitchwise.diary import migrations, store  # noqa: PLC0415 (needs the extra)

    where = file or default_file()
    return store.Diary(where, migrations.start(where), library())


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
    from twitchwise.diary import migrations, store  # noqa: PLC0415 (needs the extra)

    where = file or default_file()
    return store.Diary(where, migrations.open_engine(where), library())


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


def _require_extra() -> None:
    if find_spec("sqlalchemy") is None:
        raise MissingExtraError("The diary", "diary")
