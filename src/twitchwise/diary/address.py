"""The address of a database of diaries; what is secret in it is neither shown nor told when it is refused."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from twitchwise.vocabulary import OutOfRangeError

SCHEMES = ("postgresql", "postgres")
SECRETS = frozenset({"password", "sslpassword"})
"""What may stand behind the question mark and nobody is to see."""


class AddressError(OutOfRangeError):
    """An address cannot be used; the sentence holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address such as ``postgresql://twitchwise@db.clinic.example/diaries``.

    Parameters
    ----------
    text
        All of it; kept out of what is printed.
    has_password
        Whether it holds a password.
    """

    text: str = field(repr=False)
    has_password: bool


def address_in(text: str) -> Address:
    """Return the address that a text is.

    Raises
    ------
    AddressError
        If it is none.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        named = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        raise _refused() from None
    if parts.scheme not in SCHEMES or "@" in (parts.hostname or "") or parts.fragment or not text.isprintable():
        raise _refused()
    if parts.netloc.count("@") > 1:  # a sign of a password that would be taken for the name of the server
        raise _refused()
    return Address(text, parts.password is not None or bool(named & SECRETS))


def _refused() -> AddressError:
    return AddressError(
        "the address of a database must be such as postgresql://account@server/name; in a password, write @ as %40, "
        "/ as %2F, ? as %3F and # as %23."
    )
