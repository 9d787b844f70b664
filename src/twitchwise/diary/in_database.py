"""Homes of diaries in a PostgreSQL database: one schema for each, under the hash of its code."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Column as Col
from sqlalchemy import Connection, Engine, Integer, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema, DropSchema

from twitchwise.diary import codes, migrations, models, postgresql
from twitchwise.diary.address import Address
from twitchwise.diary.refusal import (
    DamagedInDatabaseError,
    NewerInDatabaseError,
    NotInDatabaseError,
    ThereInDatabaseError,
)
from twitchwise.diary.store import Diary
from twitchwise.knowledge import Library

OWN_SCHEMA = "twitchwise"
PREFIX = "twitchwise_diary_"
WHERE = "a database"
_KEY = re.compile(f"[0-9a-f]{{{2 * codes.KEY_BYTES}}}")
_ABOUT = Table(
    "about",
    MetaData(schema=OWN_SCHEMA),
    Col("number", Integer, primary_key=True),
    Col("salt", LargeBinary, nullable=False),
)
_TABLES = models.Table.metadata.sorted_tables
_REWRITTEN = [table for table in _TABLES if table.name != models.AboutRow.__tablename__]


class DatabaseHome:
    """One schema of a database.

    Parameters
    ----------
    engine
        Leads to the database.
    schema
        Where the tables of the diary are.
    """

    def __init__(self, engine: Engine, schema: str) -> None:
        self.schema = schema
        self._engine = postgresql.in_schema(engine, schema)

    @property
    def where(self) -> str:
        """No more than that it is a database."""
        return WHERE

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the diary."""
        with self._told_apart(), postgresql.reading(), Session(postgresql.for_reading(self._engine)) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that no other writes beside; at its end all is on the disk of the server."""
        engine = postgresql.for_writing(self._engine)
        with self._told_apart(), postgresql.refusing(), Session(engine) as session, session.begin():
            yield session

    def forget(self) -> None:
        """Write the tables anew without what was erased; logs and backups of the server are out of reach."""
        with postgresql.refusing():
            postgresql.rebuild(self._engine, self.schema, _REWRITTEN)

    def make_tables(self) -> None:
        """Make the schema and its tables, all or nothing; no other account is let in."""
        with postgresql.refusing(), self._engine.begin() as connection:
            connection.execute(CreateSchema(self.schema))
            migrations.make_tables(connection)
            postgresql.keep_no_samples(connection, _TABLES)

    def bring_up_to_date(self) -> None:
        """Refuse tables of a newer program, and change those of an older one, all or nothing."""
        with self._told_apart(), postgresql.reading(), postgresql.for_reading(self._engine).connect() as connection:
            version = _known(connection)
        if version == models.SCHEMA_VERSION:
            return
        engine = postgresql.for_writing(self._engine)
        with self._told_apart(), postgresql.reading(), engine.begin() as connection:
            version = _known(connection)  # another may have done it meanwhile
            if version < models.SCHEMA_VERSION:
                migrations.bring_up_to_date(connection, version)
                postgresql.keep_no_samples(connection, _TABLES)

    def erase(self) -> None:
        """Drop the schema with all that is in it, or raise NotInDatabaseError; whoever writes is waited for."""
        with postgresql.refusing(), self._engine.begin() as connection:
            connection.execute(DropSchema(self.schema, cascade=True))

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        """Tell a diary that lacks a table, which is damaged, from one that is not there."""
        try:
            yield
        except NotInDatabaseError:
            with postgresql.refusing(), self._engine.connect() as connection:
                is_there = _has(connection, self.schema)
            if is_there:
                raise DamagedInDatabaseError from None
            raise


def _known(connection: Connection) -> int:
    version = migrations.version_in(connection)
    if version == migrations.NO_VERSION:
        raise DamagedInDatabaseError
    if version > models.SCHEMA_VERSION:
        raise NewerInDatabaseError
    return version


class Database:
    """A database that holds the diaries of many people, each under a code that only its person has.

    Parameters
    ----------
    address
        Leads to it.
    known
        Holds the limits and the signs.
    """

    def __init__(self, address: Address, known: Library) -> None:
        self._engine = postgresql.engine_for(address)
        self._known = known

    def prepare(self) -> None:
        """Refuse a database that cannot keep diaries safely, and make what they have in common where it is not.

        Raises
        ------
        DiaryError
            If it cannot be reached, does not let the account in, or does not let it do what diaries need.
        """
        with postgresql.refusing(), self._engine.begin() as connection:
            postgresql.require_safe(connection)
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(OWN_SCHEMA))))
            if not _has(connection, OWN_SCHEMA):
                self._make_salt(connection)
        _ = self._salt

    @staticmethod
    def _make_salt(connection: Connection) -> None:
        if connection.execute(text("SELECT 1 FROM pg_namespace WHERE starts_with(nspname, :p)"), {"p": PREFIX}).first():
            raise DamagedInDatabaseError  # with another salt, no code would open them
        connection.execute(CreateSchema(OWN_SCHEMA))
        _ABOUT.create(connection)
        connection.execute(insert(_ABOUT).values(number=1, salt=secrets.token_bytes(codes.SALT_BYTES)))

    @cached_property
    def _salt(self) -> bytes:
        with postgresql.reading(), postgresql.for_reading(self._engine).connect() as connection:
            return bytes(connection.execute(select(_ABOUT.c.salt)).scalar_one())

    def key_of(self, code: str) -> str:
        """Return the key of the diary of a code, slowly; the code itself is kept nowhere.

        Raises
        ------
        CodeError
            If it cannot be a code.
        """
        return codes.key_of(codes.code_in(code), self._salt)

    def start(self, key: str) -> Diary:
        """Make the diary of a key that has none.

        Raises
        ------
        DiaryThereError
            If it has one.
        """
        home = self._home(key)
        try:
            home.make_tables()
        except IntegrityError:  # another began at the same moment
            raise ThereInDatabaseError from None
        return Diary(home, self._known)

    def open(self, key: str) -> Diary:
        """Open the diary of a key, and bring it up to date.

        Raises
        ------
        DiaryNotStartedError
            If it has none.
        DiaryError
            If it is damaged or newer than this program, or the database cannot be reached.
        """
        home = self._home(key)
        home.bring_up_to_date()
        return Diary(home, self._known)

    def erase(self, key: str) -> None:
        """Erase the diary of a key; backups and logs of the database are out of reach.

        Raises
        ------
        DiaryNotStartedError
            If it has none.
        """
        self._home(key).erase()

    def close(self) -> None:
        """Let go of all connections; the next use makes new ones."""
        self._engine.dispose()

    def _home(self, key: str) -> DatabaseHome:
        if not _KEY.fullmatch(key):
            raise ValueError(f"key must be one that key_of returned, got {len(key)} signs.")
        return DatabaseHome(self._engine, PREFIX + key)


def _has(connection: Connection, schema: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": schema})
    return found.first() is not None
