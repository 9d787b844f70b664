"""The two kinds of place where diaries are kept, with what every test of them needs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from tests.diary.postgres import PostgresServer

from twitchwise.diary import erase_diary, open_diary, start_diary
from twitchwise.diary.address import address_in
from twitchwise.diary.codes import new_code
from twitchwise.diary.in_database import PREFIX, Database, DatabaseHome
from twitchwise.diary.in_file import FileHome
from twitchwise.diary.store import Diary
from twitchwise.knowledge import library


class Shelf(Protocol):
    """Where diaries are started, opened anew and erased."""

    def new(self) -> Diary:
        """Start a diary."""
        ...

    def opened(self, diary: Diary) -> Diary:
        """Open it anew, as another process would."""
        ...

    def erase(self, diary: Diary) -> None:
        """Erase it."""
        ...

    def run(self, diary: Diary, statement: str) -> None:
        """Change it behind the back of the program."""
        ...


@dataclass(slots=True)
class FileShelf:
    """Diaries in files, each in a folder of its own."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def new(self) -> Diary:
        """Start a diary."""
        return start_diary(self.folder / str(next(self.numbers)) / "diary.sqlite3")

    def opened(self, diary: Diary) -> Diary:
        """Open it anew."""
        return open_diary(file_of(diary))

    def erase(self, diary: Diary) -> None:
        """Erase it."""
        erase_diary(file_of(diary))

    def run(self, diary: Diary, statement: str) -> None:
        """Change it behind the back of the program."""
        import sqlite3  # noqa: PLC0415
        from contextlib import closing  # noqa: PLC0415

        with closing(sqlite3.connect(file_of(diary))) as connection:
            connection.execute(statement)
            connection.commit()


@dataclass(slots=True)
class DatabaseShelf:
    """Diaries in one database of a real server."""

    server: PostgresServer
    name: str
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(address_in(self.server.address(self.name)), library())
        self.database.prepare()

    def new(self) -> Diary:
        """Start a diary."""
        return self.database.start(self.database.key_of(new_code()))

    def opened(self, diary: Diary) -> Diary:
        """Open it anew."""
        return self.database.open(key_of(diary))

    def erase(self, diary: Diary) -> None:
        """Erase it."""
        self.database.erase(key_of(diary))

    def run(self, diary: Diary, statement: str) -> None:
        """Change it behind the back of the program."""
        self.server.run(f"SET search_path = {schema_of(diary)}; {statement}", self.name)


def file_of(diary: Diary) -> Path:
    """Return the file of a diary that is in one."""
    assert isinstance(diary.home, FileHome)
    return diary.home.file


def schema_of(diary: Diary) -> str:
    """Return the schema of a diary that is in a database."""
    assert isinstance(diary.home, DatabaseHome)
    return diary.home.schema


def key_of(diary: Diary) -> str:
    """Return the key of a diary that is in a database."""
    return schema_of(diary).removeprefix(PREFIX)


KINDS = ["file", pytest.param("database", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=KINDS)
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Each kind of place in turn."""
    if request.param == "file":
        yield FileShelf(tmp_path_factory.mktemp("shelf"))
        return
    yield request.getfixturevalue("database_shelf")


@pytest.fixture(scope="module")
def database_shelf(postgres: PostgresServer) -> Iterator[DatabaseShelf]:
    """A database of a real server."""
    shelf = DatabaseShelf(postgres, postgres.new_database())
    yield shelf
    shelf.database.close()
