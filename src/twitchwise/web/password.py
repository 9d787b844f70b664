"""The password of a shared server: read from a file that is for one account alone, and kept as a slow hash only."""

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path

from twitchwise.web.private_file import PrivateFileError, line_in

FEWEST_LETTERS = 12
MOST_LETTERS = 256  # more than anybody types; bounds the work of a try
SALT_BYTES = 16
# 16 MB a try: the hash never leaves the memory and tries are few, so more would only help to tire the server
SCRYPT_COST = 2**14
SCRYPT_BLOCK = 8
SCRYPT_WIDTH = 1


class PasswordFileError(PrivateFileError):
    """A password file holds no password that is good enough."""


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
    PrivateFileError
        If the file cannot be read, can be read or changed by others, or holds no password that is long enough.
    """
    password = line_in(file, "--password-file")
    if not FEWEST_LETTERS <= len(password) <= MOST_LETTERS:
        raise PasswordFileError(
            f"--password-file must hold a password of {FEWEST_LETTERS} to {MOST_LETTERS} letters, got {len(password)}."
        )
    return Password(password)


def _hash(text: str, salt: bytes) -> bytes:
    # the same letters may be sent composed or in parts, by the keyboard
    letters = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(letters, salt=salt, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_WIDTH)
