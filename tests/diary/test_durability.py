"""What was acknowledged is there after a kill, two at once lose nothing, and a damaged file is left as it is."""

import datetime as dt
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diary.homes import file_of
from tests.diary.writer import FIRST, entry_after

from twitchwise.diary import (
    DiaryError,
    DiaryNotStartedError,
    Entry,
    KeptCheck,
    UnreadableDiaryError,
    erase_diary,
    open_diary,
    sqlite,
    start_diary,
)
from twitchwise.diary.store import Diary
from twitchwise.vocabulary import Urgency

WRITER = Path(__file__).with_name("writer.py")
STEPS = 1000
KILLS = 20
LONGEST_WAIT_S = 0.03  # some steps


def writer(file: Path, start: int, stop: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, str(WRITER), str(file), str(start), str(stop)], stdout=subprocess.PIPE, text=True
    )


def last_acknowledged(running: "subprocess.Popen[str]", until: int, wait_s: float) -> int:
    """Read acknowledgments until one is reached, kill, and return the last that came through before the end."""
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    last = -1
    for line in running.stdout:
        last = int(line)
        if last >= until:
            time.sleep(wait_s)  # into the middle of a later step
            running.send_signal(signal.SIGKILL)
            break
    rest = running.stdout.read().splitlines()
    running.wait()
    running.stdout.close()
    return max([last, *(int(line) for line in rest if line)])


def as_after(steps: int) -> tuple[Entry, ...]:
    """Return the days after so many steps."""
    days = {entry.day: entry for entry in map(entry_after, range(steps))}
    return tuple(days[day] for day in sorted(days))


@pytest.mark.no_cover  # it runs elsewhere
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_every_acknowledged_write_and_edit_of_a_thousand_is_there_after_being_killed(file: Path) -> None:
    start_diary(file)
    rng, done = random.Random(1), 0  # noqa: S311 - moments, not secrets
    for moment in [*sorted(rng.sample(range(STEPS - 1), KILLS)), STEPS - 1]:
        wait_s = rng.uniform(0, LONGEST_WAIT_S)
        done = max(last_acknowledged(writer(file, done, STEPS), moment, wait_s) + 1, done)
        kept = open_diary(file).entries()
        # the step that the kill interrupted may have been done as well, but never half of it
        assert kept in (as_after(done), as_after(done + 1))
        done += kept != as_after(done)
    assert done == STEPS
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.no_cover  # it runs elsewhere
def test_two_processes_at_once_lose_no_entry(file: Path) -> None:
    start_diary(file)
    running = [writer(file, start, start + 40) for start in (0, 1000)]
    for one in running:
        said, _ = one.communicate()
        assert said.split() == ["ready", *map(str, range(int(said.split()[1]), int(said.split()[1]) + 40))]
        assert one.returncode == 0
    assert len(open_diary(file).entries()) == 2 * 30


def test_threads_at_once_lose_no_entry_though_they_open_the_file_anew(file: Path) -> None:
    # the locks of a process are gone once any of its threads closes the file by itself
    start_diary(file)
    refused: list[BaseException] = []

    def add(number: int) -> None:
        try:
            for after in range(15):
                day = FIRST + dt.timedelta(days=100 * number + after)
                open_diary(file).add(Entry(day=day, stress=1))
                open_diary(file).change(Entry(day=day, stress=2))
        except BaseException as error:  # noqa: BLE001 - a thread must not lose it
            refused.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert [one.stress for one in open_diary(file).entries()] == [2] * 60


def test_two_who_start_at_once_make_one_diary(file: Path) -> None:
    made: list[Diary | DiaryError] = []

    def start() -> None:
        try:
            made.append(start_diary(file))
        except DiaryError as error:
            made.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Diary) for one in made) == 1
    assert open_diary(file).entries() == ()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a diary of some size."""
    diary = start_diary(tmp_path_factory.mktemp("sound") / "diary.sqlite3")
    for after in range(60):
        note = f"a note of day {after} " * 8
        diary.add(Entry(day=FIRST + dt.timedelta(days=after), stress=after % 10, findings=("tremor",), note=note))
    diary.keep_check(KeptCheck(day=FIRST, urgency=Urgency.SOON, rules=("a", "b")))
    return file_of(diary).read_bytes()


damage = st.lists(
    st.tuples(st.sampled_from(["set", "cut", "zero"]), st.integers(0, 2**31), st.integers(0, 255)),
    min_size=1,
    max_size=8,
)
header = st.lists(st.tuples(st.just("header"), st.integers(0, 99), st.integers(0, 255)), max_size=2)


def damaged(content: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    changed = bytearray(content)
    for kind, place, value in changes:
        at = place % max(len(changed), 1)
        if kind == "cut":
            del changed[at:]
        elif kind == "zero":
            changed[at : at + 300] = bytes(len(changed[at : at + 300]))
        elif changed:
            changed[at] = value
    return bytes(changed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.builds(lambda some, more: [*more, *some], damage, header))
def test_a_damaged_diary_is_read_or_refused_in_one_sentence_and_left_as_it_is(
    sound: bytes, tmp_path: Path, changes: list[tuple[str, int, int]]
) -> None:
    file = tmp_path / "diary.sqlite3"
    content = damaged(sound, changes)
    file.write_bytes(content)
    try:
        diary = open_diary(file)
        for one in (diary.entries, diary.recordings, diary.checks):
            one()
    except DiaryError as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - either is right
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=3000), looks_right=st.booleans())
def test_another_file_is_never_taken_for_a_diary_nor_erased(tmp_path: Path, content: bytes, looks_right: bool) -> None:  # noqa: FBT001 - drawn
    file = tmp_path / "letter.txt"
    file.write_bytes(b"SQLite format 3\x00" + content if looks_right else content)
    before = file.read_bytes()
    for use in (open_diary, start_diary, erase_diary):
        with pytest.raises(UnreadableDiaryError):
            use(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_another_database_is_not_a_diary(tmp_path: Path) -> None:
    file = tmp_path / "bookmarks.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE entries (day TEXT)")
    before = file.read_bytes()
    for use in (open_diary, start_diary, erase_diary):
        with pytest.raises(UnreadableDiaryError, match="not a diary"):
            use(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE entries SET day = 'yesterday'",
        "UPDATE entries SET note = x'ff00'",
        "UPDATE entries SET stress = 'much'",
        "UPDATE entries SET hair = 'nice'",
        "UPDATE checks SET rules = '[1'",
        "UPDATE checks SET urgency = 'never'",
        "DROP TABLE findings",
        "UPDATE about SET schema_version = 'one'",
        "DELETE FROM about",
    ],
)
def test_a_row_that_cannot_be_meant_is_damage(diary: Diary, wrong: str) -> None:
    diary.add(Entry(day=FIRST, note="x"))
    diary.keep_check(KeptCheck(day=FIRST, urgency=Urgency.SOON))
    with closing(sqlite3.connect(file_of(diary))) as connection:
        connection.execute(wrong)
        connection.commit()
    before = file_of(diary).read_bytes()

    def read() -> None:
        opened = open_diary(file_of(diary))
        opened.entries()
        opened.checks()

    with pytest.raises(UnreadableDiaryError):
        read()
    assert file_of(diary).read_bytes() == before


def test_a_diary_that_another_program_put_into_another_mode_is_put_back(diary: Diary) -> None:
    diary.add(Entry(day=FIRST, note="x"))
    with closing(sqlite3.connect(file_of(diary))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    assert open_diary(file_of(diary)).entries() == (Entry(day=FIRST, note="x"),)
    with closing(sqlite.connection_to(file_of(diary))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert list(file_of(diary).parent.iterdir()) == [file_of(diary)]


def test_a_start_that_was_killed_in_the_middle_can_be_done_again(file: Path) -> None:
    file.parent.mkdir()
    code = (
        "import os, sys, pathlib; from twitchwise.diary import migrations, start_diary\n"
        "migrations.insert = lambda table: os.kill(os.getpid(), 9)\n"
        "start_diary(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], check=False)  # noqa: S603 - our own interpreter and code
    with pytest.raises(DiaryNotStartedError):
        open_diary(file)
    start_diary(file).add(Entry(day=FIRST, stress=1))
    assert len(open_diary(file).entries()) == 1
