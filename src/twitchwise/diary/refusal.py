"""Why a diary cannot be used, each a sentence with the next step."""

from pathlib import Path

from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError


class DiaryError(TwitchwiseError):
    """A diary cannot be read or written."""


class DiaryNotStartedError(DiaryError):
    """There is no diary yet, because nobody asked for one."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"there is no diary at {str(file)!r}; start one with 'twitchwise diary start'.")


class DiaryThereError(DiaryError):
    """A diary is to be started where there is one."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"there is a diary at {str(file)!r} already, and it was left as it is.")


class UnreadableDiaryError(DiaryError):
    """A file is no diary, is damaged, or was written by a newer program; it is left as it is."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"the diary {str(file)!r} {why}; nothing was changed in it.")


class UnwritableDiaryError(DiaryError):
    """A diary cannot be written: the disk is full, or the folder is not for writing."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"the diary {str(file)!r} could not be written ({why}); nothing was changed in it.")


class BusyDiaryError(DiaryError):
    """Another program has had the diary in use for too long."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"the diary {str(file)!r} is in use by another program; try again in a moment.")


class DayTakenError(OutOfRangeError):
    """A day has an entry already."""


class NoSuchDayError(OutOfRangeError):
    """A day has no entry."""


class ChangedMeanwhileError(OutOfRangeError):
    """An entry was changed elsewhere since it was shown."""


class NotInDatabaseError(DiaryNotStartedError):
    """A database holds no such diary: it was erased, or never started."""

    def __init__(self) -> None:
        DiaryError.__init__(self, "there is no such diary in the database; it was erased, or the code is another one.")


class ThereInDatabaseError(DiaryThereError):
    """A diary is to be started under a code that has one."""

    def __init__(self) -> None:
        DiaryError.__init__(self, "there is a diary under this code already, and it was left as it is.")


class DamagedInDatabaseError(UnreadableDiaryError):
    """The tables of a diary in a database are not as they were made."""

    def __init__(self) -> None:
        DiaryError.__init__(self, "the diary in the database is damaged; nothing was changed in it.")


class NewerInDatabaseError(UnreadableDiaryError):
    """The tables of a diary in a database were made or changed by a newer program."""

    def __init__(self) -> None:
        DiaryError.__init__(
            self,
            "the diary was written by a newer twitchwise; this server needs that one to open it; nothing was changed.",
        )


class UnwritableDatabaseError(UnwritableDiaryError):
    """A database cannot take more, or can only be read."""

    def __init__(self) -> None:
        DiaryError.__init__(self, "the database has no room or can only be read; nothing was changed in the diary.")


class BusyDatabaseError(BusyDiaryError):
    """Others have had a diary, or all of the database, in use for too long."""

    def __init__(self) -> None:
        DiaryError.__init__(self, "the diary is in use elsewhere; nothing was changed; try again in a moment.")


class DatabaseAwayError(DiaryError):
    """A server does not answer, or no longer."""

    def __init__(self) -> None:
        super().__init__("the database cannot be reached; wait a moment, then look whether your last change is there.")


class DatabaseRefusedError(DiaryError):
    """A server does not let the account in, does not let it do what diaries need, or is not safe enough for them."""
