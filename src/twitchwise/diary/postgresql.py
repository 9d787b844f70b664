"""The one module that knows PostgreSQL: how it is reached, how safely it is written, and what its refusals mean.

What was acknowledged survives a power cut: ``synchronous_commit`` is on in every transaction, and a server that has
``fsync`` or ``full_page_writes`` off is refused (https://www.postgresql.org/docs/current/runtime-config-wal.html).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from twitchwise.diary.address import Address, AddressError
from twitchwise.diary.refusal import (
    BusyDatabaseError,
    DamagedInDatabaseError,
    DatabaseAwayError,
    DatabaseRefusedError,
    NotInDatabaseError,
    ThereInDatabaseError,
    UnwritableDatabaseError,
)
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

PATIENCE_S = 20.0  # how long another may have a diary in use
MOST_CONNECTIONS = 16
_DEFAULTS: Mapping[str, str] = MappingProxyType({"connect_timeout": "10", "application_name": "twitchwise"})
_SETTINGS = """\
SELECT set_config('search_path', %s, true), set_config('lock_timeout', %s, true),
    CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END"""
_TAKE_PLACE = "SELECT number FROM about FOR UPDATE"
_GONE = ("42P01", "3F000")
_BUSY = ("40", "53300", "55006", "55P03", "57014")
_FULL = ("25006", "53", "58030")
_AWAY = ("08", "57", "58")
_NO_TEXT = ("22021", "22P05")
_NO_RIGHT = ("42501",)
_DUPLICATE = ("42P06",)
# the codes of refusals: https://www.postgresql.org/docs/current/errcodes-appendix.html; two signs are a whole class

NO_TEXT = say("a text must hold only letters that a database keeps, got one that it does not.")
NO_RIGHT = "the database does not let this account do that; its owner can allow it with GRANT CREATE ON DATABASE."
NOT_LET_IN = "the database did not let this account in ({said})."
NONE_GIVEN = "the database wants a password, and none was given; put it into the password file or with the address."
UNSAFE = "the database has {name} off, so a power cut could take back what was acknowledged; turn it on."
ONLY_A_COPY = "the database is a copy of another and can only be read; give the address of the other."


def engine_for(address: Address) -> Engine:
    """Return an engine over a database; nothing of what is kept is in what it says of errors."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connection_to(address),
        pool_size=MOST_CONNECTIONS // 4,
        max_overflow=MOST_CONNECTIONS - MOST_CONNECTIONS // 4,
        pool_timeout=PATIENCE_S,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def connection_to(address: Address) -> psycopg.Connection:
    """Connect to a server as its address, the environment and the password file say.

    Raises
    ------
    AddressError
        If the address holds what no address holds; what that is could be a part of a password.
    """
    try:
        given = {**_DEFAULTS, **conninfo_to_dict(address.text), "client_encoding": "UTF8"}
        settings = make_conninfo(**given)  # type: ignore[arg-type] # numbers are taken too
    except psycopg.ProgrammingError:
        raise AddressError("the address of the database holds a setting or a port that is none.") from None
    # statements are not prepared, because what stands between here and the server may share connections
    return psycopg.connect(settings, prepare_threshold=None)


def in_schema(engine: Engine, schema: str) -> Engine:
    """Return an engine whose statements reach the tables of one schema and no others."""
    return engine.execution_options(schema_translate_map={None: schema})


def for_reading(engine: Engine) -> Engine:
    """Return an engine whose transactions see one state and change nothing."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_writing(engine: Engine) -> Engine:
    """Return an engine whose transactions take turns: a writer takes its place before it reads."""
    return engine.execution_options(isolation_level="READ COMMITTED", writes=True)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    schema = options.get("schema_translate_map", {}).get(None, "pg_catalog")
    connection.exec_driver_sql(_SETTINGS, (schema, f"{PATIENCE_S * 1000:.0f}"))
    if options.get("writes", False):
        connection.exec_driver_sql(_TAKE_PLACE)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database says into a refusal; a broken rule of the tables is left to whoever can name it."""
    try:
        yield
    except IntegrityError:
        raise
    except NoConnectionError:
        raise BusyDatabaseError from None
    except UnicodeEncodeError:
        raise OutOfRangeError(NO_TEXT) from None
    except DBAPIError as error:
        raise _refusal(error.orig if error.orig is not None else error) from None
    except psycopg.Error as error:
        raise _refusal(error) from None


@contextmanager
def reading() -> Iterator[None]:
    """As `refusing`, for what is read: a row that cannot be understood is damage too."""
    with refusing():
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise DamagedInDatabaseError from None


def _refusal(error: BaseException) -> Exception:
    """Return what an error means; the first kind that fits counts."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        return _unanswered(error)
    kinds: tuple[tuple[tuple[str, ...], Callable[[], Exception]], ...] = (
        (_GONE, NotInDatabaseError),
        (_DUPLICATE, ThereInDatabaseError),
        (_BUSY, BusyDatabaseError),
        (_FULL, UnwritableDatabaseError),
        (_AWAY, DatabaseAwayError),
        (_NO_TEXT, lambda: OutOfRangeError(NO_TEXT)),
        (_NO_RIGHT, lambda: DatabaseRefusedError(NO_RIGHT)),
    )
    return next((refusal() for codes, refusal in kinds if state.startswith(codes)), DamagedInDatabaseError())


def _unanswered(error: BaseException) -> Exception:
    """Return what an error without a code means: it was not sent, or there was no connection."""
    if isinstance(error, psycopg.DataError):
        return OutOfRangeError(NO_TEXT)
    _, fatal, said = str(error).partition("FATAL:")  # from here on it is the server who speaks, not the address
    if fatal:
        return DatabaseRefusedError(NOT_LET_IN.format(said=said.strip().partition("\n")[0]))
    if isinstance(error, psycopg.Error) and error.pgconn is not None and error.pgconn.needs_password:
        return DatabaseRefusedError(NONE_GIVEN)
    return DatabaseAwayError()


def require_safe(connection: Connection) -> None:
    """Refuse a server that does not wait for its disk, or that can only be read.

    Raises
    ------
    DatabaseRefusedError
        If what it acknowledges could be lost.
    """
    for name in ("fsync", "full_page_writes"):
        if connection.exec_driver_sql(f"SHOW {name}").scalar_one() != "on":
            raise DatabaseRefusedError(UNSAFE.format(name=name))
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
        raise DatabaseRefusedError(ONLY_A_COPY)


def keep_no_samples(connection: Connection, tables: Iterable[Table]) -> None:
    """Tell the server to draw no samples of what is written, which would outlive a change."""
    for table in tables:
        wanted = ", ".join(f'ALTER COLUMN "{column.name}" SET STATISTICS 0' for column in table.columns)
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" {wanted}')


def rebuild(engine: Engine, schema: str, tables: Iterable[Table]) -> None:
    """Write tables anew without what was erased; when another has them in use, the next change does so."""
    names = ", ".join(f'"{schema}"."{table.name}"' for table in tables)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        try:
            connection.exec_driver_sql(f"SET lock_timeout = {PATIENCE_S * 100:.0f}")
            connection.exec_driver_sql(f"VACUUM (FULL) {names}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _BUSY:
                raise
