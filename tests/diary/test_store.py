"""What the diary refuses, and that two who change a day at once notice."""

import dataclasses
import datetime as dt
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from twitchwise.diary import (
    BusyDiaryError,
    ChangedMeanwhileError,
    DayTakenError,
    DiaryNotStartedError,
    DiaryThereError,
    Entry,
    KeptCheck,
    KeptRecording,
    NoSuchDayError,
    Place,
    Site,
    UnreadableDiaryError,
    UnwritableDiaryError,
    erase_diary,
    open_diary,
    sqlite,
    start_diary,
)
from twitchwise.diary.store import Diary
from twitchwise.vocabulary import OutOfRangeError, Urgency

DAY = dt.date(2026, 3, 1)


def test_nothing_is_made_before_a_diary_is_started(file: Path) -> None:
    for look in (open_diary, erase_diary):
        with pytest.raises(DiaryNotStartedError, match="diary start"):
            look(file)
    assert not file.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_only_its_owner_can_read_it(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    assert stat.S_IMODE(diary.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(diary.file.parent.stat().st_mode) == 0o700


def test_a_diary_is_one_file_while_nobody_writes(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    diary.change(Entry(day=DAY, note="y"))
    assert list(diary.file.parent.iterdir()) == [diary.file]


def test_it_writes_as_safely_as_the_database_can(file: Path, diary: Diary) -> None:
    assert diary.file == file
    with closing(sqlite.connection_to(file)) as connection:
        names = ("journal_mode", "synchronous", "secure_delete", "temp_store", "foreign_keys")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["delete", 3, 1, 2, 1]  # 3 is EXTRA, 2 is MEMORY


def test_starting_twice_leaves_the_first(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="x"))
    before = diary.file.read_bytes()
    with pytest.raises(DiaryThereError):
        start_diary(diary.file)
    assert diary.file.read_bytes() == before


def test_a_start_that_was_cut_short_can_be_done_again(file: Path) -> None:
    sqlite.make_empty_file(file)
    with pytest.raises(DiaryNotStartedError):
        open_diary(file)
    start_diary(file).add(Entry(day=DAY, note="x"))
    assert open_diary(file).entries() == (Entry(day=DAY, note="x"),)


def test_a_day_has_one_entry(diary: Diary) -> None:
    diary.add(Entry(day=DAY, note="first"))
    with pytest.raises(DayTakenError):
        diary.add(Entry(day=DAY, note="second"))
    assert diary.entries() == (Entry(day=DAY, note="first"),)


def test_an_empty_day_is_not_added(diary: Diary) -> None:
    with pytest.raises(OutOfRangeError, match="must say something"):
        diary.add(Entry(day=DAY))
    assert diary.entries() == ()


def test_what_says_too_much_is_neither_added_nor_changed(diary: Diary) -> None:
    too_much = Entry(day=DAY, severity=11)
    with pytest.raises(OutOfRangeError, match="severity"):
        diary.add(too_much)
    diary.add(Entry(day=DAY, severity=3))
    with pytest.raises(OutOfRangeError, match="severity"):
        diary.change(too_much)
    assert diary.entries() == (Entry(day=DAY, severity=3),)


def test_who_did_not_see_the_last_change_changes_nothing(diary: Diary) -> None:
    diary.add(Entry(day=DAY, stress=1))
    seen = diary.kept(DAY)
    assert seen is not None
    diary.change(dataclasses.replace(seen.entry, places=(Place(Site.CALF),)), version=seen.version)
    with pytest.raises(ChangedMeanwhileError):
        diary.change(Entry(day=DAY, stress=9), version=seen.version)
    assert diary.entries() == (Entry(day=DAY, stress=1, places=(Place(Site.CALF),)),)


def test_a_day_without_an_entry_has_none_to_remove(diary: Diary) -> None:
    assert diary.kept(DAY) is None
    with pytest.raises(NoSuchDayError):
        diary.remove(DAY)


def test_entries_are_given_for_a_stretch_of_days(diary: Diary) -> None:
    days = [DAY + dt.timedelta(days=after) for after in range(4)]
    for day in reversed(days):
        diary.add(Entry(day=day, stress=0))
    assert [one.day for one in diary.entries(days[1], days[2])] == days[1:3]
    assert [one.day for one in diary.entries()] == days


@pytest.mark.parametrize("number", [0, 2, -1, 10**30])
def test_only_what_is_kept_can_be_removed(diary: Diary, number: int) -> None:
    diary.keep_check(KeptCheck(day=DAY, urgency=Urgency.SOON))
    diary.keep_recording(KeptRecording(name="a", format="EDF", day=DAY, duration_s=1))
    with pytest.raises(OutOfRangeError):
        diary.remove_check(number)
    with pytest.raises(OutOfRangeError):
        diary.remove_recording(number)
    diary.remove_check(1)
    diary.remove_recording(1)
    assert (diary.checks(), diary.recordings()) == ((), ())


def test_another_program_that_does_not_let_go_is_named(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_S", 0.01)
    with closing(sqlite.connection_to(diary.file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyDiaryError, match="in use"):
            diary.add(Entry(day=DAY, note="x"))
        with pytest.raises(BusyDiaryError, match="in use"):
            erase_diary(diary.file)
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
    same.hardlink_to(diary.file)
    size = same.stat().st_size
    erase_diary(diary.file)
    assert same.read_bytes() == bytes(size)
