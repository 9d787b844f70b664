"""Erasing a diary: its file, what the database keeps beside it, and the copies that were kept of older versions."""

import contextlib
import os
import sys
from pathlib import Path

from twitchwise.diary import sqlite
from twitchwise.diary.place import NAME, data_folder
from twitchwise.diary.refusal import KEPT_NO_FILE, DiaryNotStartedError, UnreadableDiaryError


def erase(file: Path) -> int:
    """Erase a diary, and return how many files were erased.

    Raises
    ------
    DiaryNotStartedError
        If there is none.
    UnreadableDiaryError
        If the file is something else; a file of the person's own is never deleted by a slip of the finger.
    """
    own = data_folder(sys.platform, os.environ)
    if not sqlite.files_of(file):
        raise DiaryNotStartedError(file)
    if file.exists() and not file.is_file():
        raise UnreadableDiaryError(file, KEPT_NO_FILE)
    with sqlite.refusing(file):
        count = sqlite.erase_files(file, surely=file == own / NAME)
    if file.parent == own:
        with contextlib.suppress(OSError):  # there is more in it than the diary
            own.rmdir()
    return count
