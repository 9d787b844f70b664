"""How the pages are opened to other computers: everything that this demands, checked before anything is served."""

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TypedDict

from twitchwise.diary.address import Address, AddressError, address_in
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.web.password import Password, read_password
from twitchwise.web.private_file import line_in

OWN_ADDRESSES = ("127.0.0.1", "::1")
"""Where only this machine can ask; nothing is demanded there."""

_HOSTNAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class SharingError(TwitchwiseError):
    """The pages cannot be opened to other computers in this way."""


class Asked(TypedDict, total=False):
    """What can be asked of a server beyond its port; each is an option of the command line."""

    host: str
    names: Sequence[str]
    certificate: Path
    key: Path
    password_file: Path
    database: str
    database_file: Path


_OPTIONS = {
    "names": "--name HOSTNAME",
    "certificate": "--certificate FILE",
    "key": "--key FILE",
    "password_file": "--password-file FILE",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sharing:
    """A server that other computers may reach.

    Parameters
    ----------
    names
        What browsers call it; the first is the one that is told.
    certificate
        File of the certificate and those that vouch for it (PEM).
    key
        File of the private key that belongs to it (PEM).
    password
        What everybody who signs in knows.
    database
        Where diaries are kept; ``None`` where none are.
    """

    names: tuple[str, ...]
    certificate: Path
    key: Path
    password: Password
    database: Address | None = None


def listening_host(asked: Asked) -> str:
    """Return the address to listen on.

    Raises
    ------
    SharingError
        If it is not an address.
    """
    host = asked.get("host", OWN_ADDRESSES[0])
    try:
        return str(ip_address(host))
    except ValueError:
        raise SharingError(
            f"--host must be an address of this computer, such as 192.168.1.20 or 0.0.0.0, got {host!r}."
        ) from None


def sharing_of(asked: Asked) -> Sharing | None:
    """Return how a server is shared, ``None`` where it is for this machine alone.

    Raises
    ------
    SharingError
        If something is missing that other computers' access demands, or cannot be used.
    PrivateFileError
        If the password file or the file of the database cannot be used.
    """
    missing = [option for name, option in _OPTIONS.items() if not asked.get(name)]
    if listening_host(asked) in OWN_ADDRESSES and len(missing) == len(_OPTIONS) and not _names_database(asked):
        return None
    if missing:
        raise SharingError(f"a server that other computers can reach needs more; add {' and '.join(missing)}.")
    _require_pair(asked["certificate"], asked["key"])
    return Sharing(
        names=tuple(_name(name) for name in asked["names"]),
        certificate=asked["certificate"],
        key=asked["key"],
        password=read_password(asked["password_file"]),
        database=_database(asked),
    )


def _names_database(asked: Asked) -> bool:
    return bool(asked.get("database") or asked.get("database_file"))


def _database(asked: Asked) -> Address | None:
    """Return the address of the database; a password in it must not have come by the command line."""
    text, file = asked.get("database"), asked.get("database_file")
    if text and file:
        raise SharingError("--database and --database-file say the same; leave one of them out.")
    option = "--database" if text else "--database-file"
    try:
        address = address_in(text or (line_in(file, option) if file else "")) if text or file else None
    except AddressError as error:
        raise SharingError(f"{option} must hold an address that can be used; {error}") from None
    if text and address is not None and address.has_password:
        raise SharingError(
            "--database must hold no password, because others on this computer can see it; put the address into a file "
            "that only you can read, and name that with --database-file."
        )
    return address


def host_in_address(host: str) -> str:
    """Return a host as an address of a page spells it.

    Examples
    --------
    >>> host_in_address("::1"), host_in_address("clinic.example")
    ('[::1]', 'clinic.example')
    """
    return f"[{host}]" if ":" in host else host


def _name(text: str) -> str:
    """Return a name as the ``Host`` header of a browser has it."""
    name = text.strip().lower()
    try:
        address = ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        address = None
    if isinstance(address, IPv6Address):
        return f"[{address}]"
    if address is None and not _HOSTNAME.fullmatch(name):
        raise SharingError(
            f"--name must be a host name without https:// and port, such as clinic.example, got {text!r}."
        )
    return name


def _require_pair(certificate: Path, key: Path) -> None:
    for option, file in (("--certificate", certificate), ("--key", key)):
        try:
            file.read_bytes()
        except OSError as error:
            raise SharingError(f"{option} must name a file that can be read ({error.strerror}).") from None
    try:
        # without a passphrase to ask for, a locked key is refused instead of stopping at a prompt
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError):
        raise SharingError(
            "--certificate and --key must be a certificate and its own key without a passphrase (PEM)."
        ) from None
