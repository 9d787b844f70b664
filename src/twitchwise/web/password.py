"""The password of a shared server: read from a file that is for one account alone, and kept as a slow hash only."""

import hashlib
import hmac
import os
import secrets
import stat
import unicodedata
from pathlib import Path

from twitchwise.vocabulary import TwitchwiseError

FEWEST_LETTERS = 12
MOST_LETTERS = 256  # more than anybody types; bounds the work of a try
SALT_BYTES = 16
# 16 MB a try: the hash never leaves the memory and tries are few, so more would only help to tire the server
SCRYPT_COST = 2**14
SCRYPT_BLOCK = 8
SCRYPT_WIDTH = 1
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PasswordFileError(TwitchwiseError):
    """A password file cannot be used."""


class Password:
    """A password that can be compared with another and not be read.

    Parameters
    ----------
    text
        The password; it is not kept.
    """

    def __init__(self, text: str) -> None:
        self._salt = secrets.token_bytes(SALT_BYTES)
        self._hash = _hash(text, self._salt)

    def fits(self, typed: str) -> bool:
        """Tell whether what was typed is the password, in a time that does not depend on how near it is."""
        return hmac.compare_digest(_hash(typed[: MOST_LETTERS + 1], self._salt), self._hash)


def read_password(file: Path) -> Password:
    """Return the password of a file.

    Raises
    ------
    PasswordFileError
        If the file cannot be read, can be read or changed by others, or holds no password that is long enough.
    """
    try:
        text = _text_of(file)
    except OSError as error:
        raise PasswordFileError(f"--password-file must name a file that can be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise PasswordFileError("--password-file must hold one line of text (UTF-8).") from None
    lines = text.removesuffix("\n").removesuffix("\r").splitlines()
    if len(lines) > 1:
        raise PasswordFileError(f"--password-file must hold one line, got {len(lines)}.")
    password = "".join(lines)
    if not FEWEST_LETTERS <= len(password) <= MOST_LETTERS:
        raise PasswordFileError(
            f"--password-file must hold a password of {FEWEST_LETTERS} to {MOST_LETTERS} letters, got {len(password)}."
        )
    return Password(password)


def _text_of(file: Path) -> str:
    """Return the text of a file that nobody else may read; what is judged is what is read."""
    if not file.is_file():  # a pipe would hold up the program
        raise PasswordFileError("--password-file must name a file that is there.")
    with file.open("rb") as opened:
        if os.name == "posix" and os.fstat(opened.fileno()).st_mode & FOR_OTHERS:
            raise PasswordFileError("--password-file must be for your account alone; run: chmod 600 on that file.")
        return opened.read(8 * MOST_LETTERS).decode()


def _hash(text: str, salt: bytes) -> bytes:
    # the same letters may be sent composed or in parts, by the keyboard
    letters = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(letters, salt=salt, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_WIDTH)
