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
