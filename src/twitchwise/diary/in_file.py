"""The home of a diary in a file of one's own: started, opened, brought up to date, read and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from twitchwise.diary import migrations, models, sqlite
from twitchwise.diary.refusal import DAMAGED, NEWER, DiaryNotStartedError, DiaryThereError, UnreadableDiaryError


class FileHome:
    """A file; it is held only while it is read or written.

    Parameters
    ----------
    file
        Where it lies.
    engine
        Leads to it.
    """

    def __init__(self, file: Path, engine: Engine) -> None:
        self.file = file
        self._engine = engine

    @property
    def where(self) -> str:
        """The path of the file."""
        return str(self.file)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the file."""
        with sqlite.reading(self.file), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that has the file for itself; at its end all is on the disk."""
        engine = self._engine.execution_options(writes=True)
        with sqlite.refusing(self.file), Session(engine) as session, session.begin():
            yield session

    def forget(self) -> None:
        """Write the file anew without what was erased from it."""
        with sqlite.refusing(self.file):
            sqlite.rebuild(self.file)


def open_home(file: Path) -> FileHome:
    """Open a file that holds a sound diary, and bring it up to date; a copy of an older one is put beside it.

    Raises
    ------
    DiaryError
        If there is none, or it is damaged or newer than this program.
    """
    sqlite.require_diary(file)
    sqlite.require_sound(file)
    engine = sqlite.engine_for(file)
    _bring_up_to_date(file, engine)
    return FileHome(file, engine)


def start_home(file: Path) -> FileHome:
    """Make a diary in a file that is not there.

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
        _make_tables(file, engine)
        return FileHome(file, engine)
    raise DiaryThereError(file)


def _make_tables(file: Path, engine: Engine) -> None:
    with sqlite.refusing(file), engine.execution_options(writes=True).begin() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one():
            raise DiaryThereError(file)
        connection.exec_driver_sql(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        migrations.make_tables(connection)


def _bring_up_to_date(file: Path, engine: Engine) -> None:
    with sqlite.reading(file), engine.connect() as connection:
        version = migrations.version_in(connection)
        _require_known(file, version)
    if version == models.SCHEMA_VERSION:
        return
    with sqlite.reading(file), engine.execution_options(writes=True).begin() as connection:
        version = migrations.version_in(connection)  # another may have done it meanwhile
        _require_known(file, version)
        if version < models.SCHEMA_VERSION:
            sqlite.copy_to(file, sqlite.copy_name(file, version))
            migrations.bring_up_to_date(connection, version)


def _require_known(file: Path, version: int) -> None:
    if version == migrations.NO_VERSION:
        raise UnreadableDiaryError(file, DAMAGED)
    if version > models.SCHEMA_VERSION:
        raise UnreadableDiaryError(file, NEWER)
