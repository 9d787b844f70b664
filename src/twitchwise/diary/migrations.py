"""Brings the tables of an older diary up to date, after a copy of it was put beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, Engine, insert, select, update

from twitchwise.diary import models, sqlite
from twitchwise.diary.models import AboutRow, Table
from twitchwise.diary.refusal import DiaryNotStartedError, DiaryThereError, UnreadableDiaryError

Step = Callable[[Connection], None]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""What leads from a version to the next, by the older one; every version but the newest has a step."""


def make_tables(file: Path, engine: Engine) -> None:
    """Make the tables of a diary in an empty file, all in one transaction.

    Raises
    ------
    DiaryThereError
        If there are tables already.
    """
    with sqlite.refusing(file), engine.execution_options(writes=True).begin() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one():
            raise DiaryThereError(file)
        connection.exec_driver_sql(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        Table.metadata.create_all(connection)
        connection.execute(insert(AboutRow).values(number=1, schema_version=models.SCHEMA_VERSION))


def bring_up_to_date(file: Path, engine: Engine) -> None:
    """Refuse a diary of a newer program, and change the tables of an older one.

    Raises
    ------
    UnreadableDiaryError
        If the diary is newer than this program, or has no version.
    """
    with sqlite.reading(file), engine.connect() as connection:
        version = _version(file, connection)
    if version == models.SCHEMA_VERSION:
        return
    with sqlite.reading(file), engine.execution_options(writes=True).begin() as connection:
        version = _version(file, connection)  # another may have done it meanwhile
        if version < models.SCHEMA_VERSION:
            sqlite.copy_to(file, sqlite.copy_name(file, version))
            for older in range(version, models.SCHEMA_VERSION):
                STEPS[older](connection)
            connection.execute(update(AboutRow).values(schema_version=models.SCHEMA_VERSION))


def _version(file: Path, connection: Connection) -> int:
    versions = connection.execute(select(AboutRow.schema_version)).scalars().all()
    if len(versions) != 1 or versions[0] < 1:
        raise UnreadableDiaryError(file, "is damaged")
    if versions[0] > models.SCHEMA_VERSION:
        raise UnreadableDiaryError(file, "was written by a newer twitchwise; install that one to open it")
    return versions[0]


def open_engine(file: Path) -> Engine:
    """Return an engine over a sound, current diary."""
    sqlite.require_diary(file)
    sqlite.require_sound(file)
    engine = sqlite.engine_for(file)
    bring_up_to_date(file, engine)
    return engine


def start(file: Path) -> Engine:
    """Make a diary where none is, and return an engine over it.

    Raises
    ------
    DiaryThereError
        If there is one.
    UnreadableDiaryError
        If there is a file that is something else.
    """
    try:
        sqlite.require_diary(file)
        sqlite.require_sound(file)
    except DiaryNotStartedError:
        with sqlite.refusing(file):
            sqlite.make_empty_file(file)
        engine = sqlite.engine_for(file)
        make_tables(file, engine)
        return engine
    raise DiaryThereError(file)
