"""The one module that knows SQLite: how a file is opened, how safely it is written, and how nothing erased stays in it.

What was acknowledged survives a power cut: the journal of a change is synced, and so is its folder once it is gone
(``journal_mode=DELETE`` with ``synchronous=EXTRA``, https://www.sqlite.org/pragma.html#pragma_synchronous). Erased text
is overwritten (``secure_delete``), and what was changed is built anew (``VACUUM``), in memory (``temp_store``).
"""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from twitchwise.diary.refusal import (
    DAMAGED,
    KEPT_NO_DIARY,
    NO_DIARY,
    NO_FILE,
    OUT_OF_REACH,
    BusyDiaryError,
    DiaryNotStartedError,
    UnreadableDiaryError,
    UnwritableDiaryError,
)
from twitchwise.vocabulary.text import say

APPLICATION_ID = 0x74775731  # "twW1" in the header of the file, so that no other database is taken for a diary
PATIENCE_S = 20.0  # how long another program may have the file in use
ON_WINDOWS = os.name == "nt"  # there a file that is open cannot be deleted
_HEADER_BYTES = 100
_APPLICATION_AT = slice(68, 72)  # https://www.sqlite.org/fileformat.html
_PRAGMAS = (
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "synchronous=EXTRA",
)
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_UNWRITABLE |= {sqlite3.SQLITE_PERM}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY = 0xFF  # the lowest byte of an extended result code


def engine_for(file: Path) -> Engine:
    """Return an engine over a file that is there; it holds the file only as long as a transaction lasts."""
    engine = create_engine("sqlite://", creator=lambda: connection_to(file), poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def connection_to(file: Path) -> sqlite3.Connection:
    """Open a file that is there; it is never made."""
    connection = _connection(file, "mode=rw")
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connection(file: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.resolve().as_uri()}?{options}",
        uri=True,
        timeout=PATIENCE_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _begin(connection: Connection) -> None:
    # a writer takes its place before it reads, so that two never wait for each other without end
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """Turn what the database says into a refusal; a broken rule of the tables is left to whoever can name it."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _refusal(file, error.orig if error.orig is not None else error) from None
    except sqlite3.Error as error:
        raise _refusal(file, error) from None
    except OSError as error:
        raise UnwritableDiaryError(file, error.strerror or OUT_OF_REACH) from None


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """As `refusing`, for what is read: a row that cannot be understood is damage too."""
    with refusing(file):
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise UnreadableDiaryError(file, DAMAGED) from None


def _refusal(file: Path, error: BaseException) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _IN_USE:
        return BusyDiaryError(file)
    if code in _UNWRITABLE:
        return UnwritableDiaryError(file, str(error))
    return UnreadableDiaryError(file, DAMAGED)


def require_diary(file: Path) -> None:
    """Refuse what is no diary, without changing anything by looking.

    The header is read through SQLite: a file that this process opened and closed by itself would lose the locks that
    its other threads hold (https://www.sqlite.org/howtocorrupt.html, 2.2).

    Raises
    ------
    DiaryNotStartedError
        If there is no file, or an empty one, which is a diary whose start was cut short.
    UnreadableDiaryError
        If it is something else than a diary.
    """
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise DiaryNotStartedError(file) from None
    except OSError as error:
        raise UnreadableDiaryError(file, say("cannot be read ({why})", why=error.strerror)) from None
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableDiaryError(file, NO_FILE)
    if status.st_size == 0:
        raise DiaryNotStartedError(file)
    if not _beside(file, "-journal").exists():  # else a change was cut short, and SQLite takes it back first
        with reading(file), closing(_connection(file, "mode=ro&immutable=1")) as connection:
            _require_application(file, connection)


def _require_application(file: Path, connection: sqlite3.Connection) -> None:
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_NOTADB:
            raise
        application = None
    if application != APPLICATION_ID:
        raise UnreadableDiaryError(file, NO_DIARY)


def require_sound(file: Path) -> None:
    """Refuse a database that is not a diary or whose pages do not fit together."""
    with reading(file), closing(connection_to(file)) as connection:
        if connection.execute("PRAGMA page_count").fetchone() == (0,):  # a start that was cut short was taken back
            raise DiaryNotStartedError(file)
        _require_application(file, connection)
        ((said,), *_) = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchall():
            raise UnreadableDiaryError(file, DAMAGED)
        connection.execute("PRAGMA journal_mode=DELETE")  # where another program left it otherwise


def make_empty_file(file: Path) -> None:
    """Put an empty file where none is, which only its owner can read; one that is there is left."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _connection(file, "mode=rwc").close()
    file.chmod(0o600)


def copy_to(file: Path, copy: Path) -> None:
    """Copy a diary as it is committed, whole or not at all; an earlier copy is replaced."""
    part = copy.with_name(copy.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(connection_to(file)) as source, closing(connection_to(part)) as target:
        source.backup(target)
    part.replace(copy)


def rebuild(file: Path) -> None:
    """Write the file anew without what was erased from it; when another has it in use, its next change does so."""
    with closing(connection_to(file)) as connection:
        try:
            connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY not in _IN_USE:
                raise


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def files_of(file: Path) -> list[Path]:
    """Return every file that belongs to a diary and is there, itself last: what SQLite keeps beside it, and copies."""
    beside = [_beside(file, ending) for ending in ("-journal", "-wal", "-shm", "")]
    return [one for one in (*_copies_of(file), *beside) if one.exists()]


def copy_name(file: Path, version: int) -> Path:
    """Return the name of the copy that is kept of a version of the tables before it is changed."""
    return _beside(file, f".version-{version}.copy")


def _copies_of(file: Path) -> list[Path]:
    if not file.parent.is_dir():
        return []
    name = re.compile(re.escape(file.name) + r"\.version-\d+\.copy(\.part)?")
    return sorted(one for one in file.parent.iterdir() if name.fullmatch(one.name))


def erase_files(file: Path, *, surely: bool) -> int:
    """Overwrite and delete every file of a diary, and return how many there were.

    As long as it can be locked, nobody writes meanwhile; a damaged one is erased all the same.

    Parameters
    ----------
    file
        The diary.
    surely
        Whether it is erased even if its header does not say that it is a diary.

    Raises
    ------
    UnreadableDiaryError
        If it does not look like a diary, damaged or not, so that no other file is erased by a slip of the finger.
    """
    there = files_of(file)
    with _locked(file), ExitStack() as stack:
        # closing one of them lets go of the lock, so all are open until the last is erased
        opened = [(one, stack.enter_context(one.open("r+b"))) for one in there]
        if file in there and not surely and not _looks_like_a_diary(opened[-1][1]):
            raise UnreadableDiaryError(file, KEPT_NO_DIARY)
        for one, stream in opened:
            _overwrite(stream)
            if not ON_WINDOWS:
                one.unlink(missing_ok=True)
    for one in there:
        one.unlink(missing_ok=True)
    return len(there)


def _looks_like_a_diary(stream: BinaryIO) -> bool:
    header = stream.read(_HEADER_BYTES)
    return not header or header[_APPLICATION_AT] == APPLICATION_ID.to_bytes(4, "big")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold off whoever writes, where the file is sound enough to be locked."""
    connection = None
    try:
        if not ON_WINDOWS and file.exists():
            connection = connection_to(file)
            connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY in _IN_USE:
            raise
    try:
        yield
    finally:
        if connection is not None:
            connection.close()


def _overwrite(stream: BinaryIO) -> None:
    left = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    while left > 0:
        left -= stream.write(bytes(min(left, 2**20)))
    stream.flush()
    os.fsync(stream.fileno())
