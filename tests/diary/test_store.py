"""What the diary refuses, and that two who change a day at once notice."""

import datetime as dt
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from tests.diary.homes import file_of

from twitchwise.diary import (
    BusyDiaryError,
    DiaryNotStartedError,
    DiaryThereError,
    Entry,
    UnreadableDiaryError,
    UnwritableDiaryError,
    erase_diary,
    open_diary,
    sqlite,
    start_diary,
)
from twitchwise.diary.store import Diary

DAY = dt.date(2026, 3, 1)


def test_nothing_is_made_before_a_diary_is_started(file: Path) -> None:
    for look in (open_diary, erase_diary):
        with pytest.raises(DiaryNotStartedError, match="diary start"):
            look(file)
    assert not file.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_only_its_owner_can_read_it(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    assert stat.S_IMODE(file_of(diary).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(diary).parent.stat().st_mode) == 0o700


def test_a_diary_is_one_file_while_nobody_writes(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    diary.change(Entry(day=DAY, note="y"))
    assert list(file_of(diary).parent.iterdir()) == [file_of(diary)]


def test_it_writes_as_safely_as_the_database_can(file: Path, diary: Diary) -> None:
    assert file_of(diary) == file
    with closing(sqlite.connection_to(file)) as connection:
        names = ("journal_mode", "synchronous", "secure_delete", "temp_store", "foreign_keys")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["delete", 3, 1, 2, 1]  # 3 is EXTRA, 2 is MEMORY


def test_starting_twice_leaves_the_first(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    before = file_of(diary).read_bytes()
    with pytest.raises(DiaryThereError):
        start_diary(file_of(diary))
    assert file_of(diary).read_bytes() == before


def test_a_start_that_was_cut_short_can_be_done_again(file: Path) -> None:
    sqlite.make_empty_file(file)
    with pytest.raises(DiaryNotStartedError):
        open_diary(file)
    start_diary(file).add(Entry(day=DAY, note="x"))
    assert open_diary(file).entries() == (Entry(day=DAY, note="x"),)


def test_another_program_that_does_not_let_go_is_named(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_S", 0.01)
    with closing(sqlite.connection_to(file_of(diary))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyDiaryError, match="in use"):
            diary.add(Entry(day=DAY, note="x"))
        with pytest.raises(BusyDiaryError, match="in use"):
            erase_diary(file_of(diary))
        other.execute("ROLLBACK")
    diary.add(Entry(day=DAY, note="x"))


def test_a_reader_in_between_does_not_undo_a_change(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    diary.add(Entry(day=DAY, note="old"))
    rebuild = sqlite.rebuild

    def while_read(file: Path) -> None:
        monkeypatch.setattr(sqlite, "PATIENCE_S", 0.01)
        with closing(sqlite.connection_to(file)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM entries").fetchall()
            rebuild(file)

    monkeypatch.setattr(sqlite, "rebuild", while_read)
    diary.change(Entry(day=DAY, note="new"))
    assert diary.entries() == (Entry(day=DAY, note="new"),)


def test_a_full_disk_is_said_and_nothing_is_lost(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    diary.add(Entry(day=DAY, note="kept"))
    connect = sqlite.connection_to

    def on_a_full_disk(file: Path) -> sqlite3.Connection:
        connection = connect(file)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
        return connection

    with monkeypatch.context() as full:
        full.setattr(sqlite, "connection_to", on_a_full_disk)
        with pytest.raises(UnwritableDiaryError, match="full"):
            add_much(diary)
    assert diary.entries(DAY, DAY) == (Entry(day=DAY, note="kept"),)


def add_much(diary: Diary) -> None:
    for after in range(1, 50):
        diary.add(Entry(day=DAY + dt.timedelta(days=after), note="x" * 5000))


def test_a_folder_where_a_diary_should_be_is_refused(tmp_path: Path) -> None:
    for use in (open_diary, start_diary):
        with pytest.raises(UnreadableDiaryError, match="is not a file"):
            use(tmp_path)
    with pytest.raises(UnreadableDiaryError, match="is not a file"):
        erase_diary(tmp_path)
    assert tmp_path.is_dir()


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UnwritableDiaryError):
        start_diary(tmp_path / "file" / "diary.sqlite3")


@pytest.mark.skipif(os.name != "posix", reason="other systems have other links")
def test_what_is_erased_was_overwritten_before_its_name_was_taken_away(diary: Diary, tmp_path: Path) -> None:
    diary.add(Entry(day=DAY, note="a secret"))
    same = tmp_path / "another name for the same bytes"
    same.hardlink_to(file_of(diary))
    size = same.stat().st_size
    erase_diary(file_of(diary))
    assert same.read_bytes() == bytes(size)
