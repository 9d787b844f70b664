"""Why a diary cannot be used, each a sentence with the next step."""

from pathlib import Path

from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError
from twitchwise.vocabulary.text import say

DAMAGED = say("is damaged")
NEWER = say("was written by a newer twitchwise; install that one to open it")
NO_FILE = say("is not a file")
NO_DIARY = say("is not a diary")
KEPT_NO_FILE = say("is not a file, so it was not erased")
KEPT_NO_DIARY = say("is not a diary, so it was not erased")
OUT_OF_REACH = say("it cannot be reached")
"""What is wrong with a file, as it stands behind its name in a sentence."""


class DiaryError(TwitchwiseError):
    """A diary cannot be read or written."""


class DiaryNotStartedError(DiaryError):
    """There is no diary yet, because nobody asked for one."""

    def __init__(self, file: Path) -> None:
        super().__init__(say("there is no diary at {file!r}; start one with 'twitchwise diary start'.", file=str(file)))


class DiaryThereError(DiaryError):
    """A diary is to be started where there is one."""

    def __init__(self, file: Path) -> None:
        super().__init__(say("there is a diary at {file!r} already, and it was left as it is.", file=str(file)))


class UnreadableDiaryError(DiaryError):
    """A file is no diary, is damaged, or was written by a newer program; it is left as it is."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(say("the diary {file!r} {why}; nothing was changed in it.", file=str(file), why=why))


class UnwritableDiaryError(DiaryError):
    """A diary cannot be written: the disk is full, or the folder is not for writing."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            say("the diary {file!r} could not be written ({why}); nothing was changed in it.", file=str(file), why=why)
        )


class BusyDiaryError(DiaryError):
    """Another program has had the diary in use for too long."""

    def __init__(self, file: Path) -> None:
        super().__init__(say("the diary {file!r} is in use by another program; try again in a moment.", file=str(file)))


class DayTakenError(OutOfRangeError):
    """A day has an entry already."""


class NoSuchDayError(OutOfRangeError):
    """A day has no entry."""


class ChangedMeanwhileError(OutOfRangeError):
    """An entry was changed elsewhere since it was shown."""


class NotInDatabaseError(DiaryNotStartedError):
    """A database holds no such diary: it was erased, or never started."""

    def __init__(self) -> None:
        DiaryError.__init__(
            self, say("there is no such diary in the database; it was erased, or the code is another one.")
        )


class ThereInDatabaseError(DiaryThereError):
    """A diary is to be started under a code that has one."""

    def __init__(self) -> None:
        DiaryError.__init__(self, say("there is a diary under this code already, and it was left as it is."))


class DamagedInDatabaseError(UnreadableDiaryError):
    """The tables of a diary in a database are not as they were made."""

    def __init__(self) -> None:
        DiaryError.__init__(self, say("the diary in the database is damaged; nothing was changed in it."))


class NewerInDatabaseError(UnreadableDiaryError):
    """The tables of a diary in a database were made or changed by a newer program."""

    def __init__(self) -> None:
        DiaryError.__init__(
            self,
            say(
                "the diary was written by a newer twitchwise; "
                "this server needs that one to open it; nothing was changed."
            ),
        )


class UnwritableDatabaseError(UnwritableDiaryError):
    """A database cannot take more, or can only be read."""

    def __init__(self) -> None:
        DiaryError.__init__(
            self, say("the database has no room or can only be read; nothing was changed in the diary.")
        )


class BusyDatabaseError(BusyDiaryError):
    """Others have had a diary, or all of the database, in use for too long."""

    def __init__(self) -> None:
        DiaryError.__init__(self, say("the diary is in use elsewhere; nothing was changed; try again in a moment."))


class DatabaseAwayError(DiaryError):
    """A server does not answer, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            say("the database cannot be reached; wait a moment, then look whether your last change is there.")
        )


class DatabaseRefusedError(DiaryError):
    """A server does not let the account in, does not let it do what diaries need, or is not safe enough for them."""
