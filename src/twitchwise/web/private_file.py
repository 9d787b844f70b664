"""Files of one line that only the account of the server may read: a password, an address with one."""

import os
import stat
from pathlib import Path

from twitchwise.vocabulary import TwitchwiseError

MOST_BYTES = 4096
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PrivateFileError(TwitchwiseError):
    """A file with a secret cannot be used; the sentence holds nothing of it."""


def line_in(file: Path, option: str) -> str:
    """Return the one line of a file; what is judged is what is read.

    Parameters
    ----------
    file
        Where it lies.
    option
        The option of the command line that names it.

    Raises
    ------
    PrivateFileError
        If it cannot be read, can be read or changed by others, or holds something else than one line of text.
    """
    try:
        text = _text_of(file, option)
    except OSError as error:
        raise PrivateFileError(f"{option} must name a file that can be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise PrivateFileError(f"{option} must hold one line of text (UTF-8).") from None
    lines = text.removesuffix("\n").removesuffix("\r").splitlines()
    if len(lines) > 1:
        raise PrivateFileError(f"{option} must hold one line, got {len(lines)}.")
    return "".join(lines)


def _text_of(file: Path, option: str) -> str:
    if not file.is_file():  # a pipe would hold up the program
        raise PrivateFileError(f"{option} must name a file that is there.")
    with file.open("rb") as opened:
        if os.name == "posix" and os.fstat(opened.fileno()).st_mode & FOR_OTHERS:
            raise PrivateFileError(f"{option} must be for your account alone; run: chmod 600 on that file.")
        return opened.read(MOST_BYTES).decode()
