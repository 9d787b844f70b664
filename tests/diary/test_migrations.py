"""A newer diary is refused; an older one is changed with a copy beside it, or not at all."""

import datetime as dt
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.diary.homes import file_of

from twitchwise.diary import Entry, UnreadableDiaryError, erase_diary, migrations, models, open_diary, sqlite
from twitchwise.diary.store import Diary

DAY = dt.date(2026, 3, 1)
NOW = models.SCHEMA_VERSION


def columns(file: Path) -> set[str]:
    with closing(sqlite.connection_to(file)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(entries)")}


def add_a_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN weather TEXT")


def fail_half_way(connection: Connection) -> None:
    add_a_column(connection)
    connection.exec_driver_sql("ALTER TABLE no_such_table ADD COLUMN weather TEXT")


@pytest.fixture
def older(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """A diary with an entry, whose tables are one version behind."""
    diary.add(Entry(day=DAY, note="of an older program"))
    monkeypatch.setattr(models, "SCHEMA_VERSION", NOW + 1)
    monkeypatch.setattr(migrations, "STEPS", {NOW: add_a_column})
    return diary


def test_every_older_version_has_a_step() -> None:
    assert set(migrations.STEPS) == set(range(1, NOW))


def test_a_diary_of_a_newer_program_is_refused_and_left_as_it_is(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    with closing(sqlite.connection_to(file_of(diary))) as connection:
        connection.execute("UPDATE about SET schema_version = ?", (NOW + 1,))
    before = file_of(diary).read_bytes()
    with pytest.raises(UnreadableDiaryError, match="newer twitchwise"):
        open_diary(file_of(diary))
    assert file_of(diary).read_bytes() == before


def test_an_older_diary_is_brought_up_to_date_and_its_copy_can_be_read(
    older: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (Entry(day=DAY, note="of an older program"),)
    for _ in range(2):  # the second time there is nothing to do
        assert open_diary(file_of(older)).entries() == kept
    copy = sqlite.copy_name(file_of(older), NOW)
    assert "weather" in columns(file_of(older))
    assert "weather" not in columns(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE(file_of(older).stat().st_mode)
    assert set(file_of(older).parent.iterdir()) == {file_of(older), copy}
    monkeypatch.setattr(models, "SCHEMA_VERSION", NOW)
    assert open_diary(copy).entries() == kept


def test_a_step_that_fails_leaves_the_diary_as_it_was(older: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {NOW: fail_half_way})
    before = file_of(older).read_bytes()
    with pytest.raises(UnreadableDiaryError):
        open_diary(file_of(older))
    assert file_of(older).read_bytes() == before


def test_erasing_erases_the_copy_too(older: Diary) -> None:
    open_diary(file_of(older))
    part = file_of(older).with_name(file_of(older).name + ".version-1.copy.part")
    part.write_bytes(b"of an older program")
    other = file_of(older).with_name(file_of(older).name + ".version-1.copy.of-mine")
    other.write_bytes(b"mine")
    assert erase_diary(file_of(older)) == 3
    assert list(file_of(older).parent.iterdir()) == [other]
