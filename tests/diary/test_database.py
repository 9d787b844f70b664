"""Diaries in a real PostgreSQL database: apart from one another, safe from kills, and refused in one sentence."""

import datetime as dt
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.diary.homes import DatabaseShelf, key_of, schema_of
from tests.diary.postgres import PASSWORD, WITH_PASSWORD, PostgresServer, running_server
from tests.diary.test_durability import as_after, last_acknowledged
from tests.diary.writer import FIRST, entry_after

from twitchwise.diary import (
    BusyDiaryError,
    DatabaseAwayError,
    DatabaseRefusedError,
    DiaryNotStartedError,
    DiaryThereError,
    Entry,
    KeptRecording,
    UnreadableDiaryError,
    UnwritableDiaryError,
    migrations,
    models,
    open_database,
    postgresql,
)
from twitchwise.diary.address import address_in
from twitchwise.diary.codes import new_code
from twitchwise.diary.in_database import OWN_SCHEMA, Database
from twitchwise.diary.store import Diary
from twitchwise.knowledge import library
from twitchwise.vocabulary import Measurement, OutOfRangeError, Unit

pytestmark = pytest.mark.postgres

DAY = dt.date(2026, 3, 1)
WRITER = Path(__file__).with_name("writer.py")
SECRET = "a secret that is written down"  # noqa: S105 - of nobody


@pytest.fixture
def own(database_shelf: DatabaseShelf) -> Diary:
    """A diary that was just started."""
    return database_shelf.new()


@pytest.fixture
def empty(postgres: PostgresServer) -> str:
    """A database that holds nothing yet."""
    return postgres.new_database()


# apart from one another

steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["add", "change", "remove", "read", "erase"]),
        st.integers(0, 3),
        st.text("xyz"),
    ),
    max_size=25,
)


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_people_never_see_or_change_the_days_of_others(
    database_shelf: DatabaseShelf, steps: list[tuple[int, str, int, str]]
) -> None:
    diaries = [database_shelf.new() for _ in range(3)]
    days: list[dict[dt.date, Entry]] = [{}, {}, {}]
    for person, act, after, text in steps:
        diary, known = diaries[person], days[person]
        entry = Entry(day=DAY + dt.timedelta(days=after), note=f"{person} {text}")
        if act == "add" and entry.day not in known:
            diary.add(entry)
            known[entry.day] = entry
        elif act == "change" and entry.day in known:
            diary.change(entry)
            known[entry.day] = entry
        elif act == "remove" and entry.day in known:
            diary.remove(entry.day)
            del known[entry.day]
        elif act == "erase":
            database_shelf.erase(diary)
            diaries[person], days[person] = database_shelf.new(), {}
        for one, expected in zip(diaries, days, strict=True):
            assert one.entries() == tuple(expected[day] for day in sorted(expected))


def test_a_code_opens_its_own_diary_and_no_other(database_shelf: DatabaseShelf) -> None:
    database, codes = database_shelf.database, [new_code() for _ in range(3)]
    for number, code in enumerate(codes):
        database.start(database.key_of(code)).add(Entry(day=DAY, stress=number))
    for number, code in enumerate(codes):
        assert database.open(database.key_of(code)).entries() == (Entry(day=DAY, stress=number),)
    with pytest.raises(DiaryNotStartedError):
        database.open(database.key_of(new_code()))


def test_the_code_is_nowhere_in_the_database(database_shelf: DatabaseShelf, postgres: PostgresServer) -> None:
    code = new_code()
    database_shelf.database.start(database_shelf.database.key_of(code)).add(Entry(day=DAY, note="x"))
    postgres.run("CHECKPOINT")
    for written in (code, code.replace(" ", "")):
        assert not holds(postgres, written)
    assert written.encode() not in (postgres.folder / "log").read_bytes()


def test_two_databases_keep_the_same_code_under_other_names(postgres: PostgresServer) -> None:
    keys, code = set(), new_code()
    for name in (postgres.new_database(), postgres.new_database()):
        database = open_database(address_in(postgres.address(name)))
        keys.add(database.key_of(code))
        database.close()
    assert len(keys) == 2


@pytest.mark.parametrize("key", ["", "x", "0" * 31, "0" * 33, 'a"; DROP SCHEMA public', "A" * 32])
def test_only_a_key_is_ever_made_a_name_in_the_database(database_shelf: DatabaseShelf, key: str) -> None:
    for use in (database_shelf.database.start, database_shelf.database.open, database_shelf.database.erase):
        with pytest.raises(ValueError, match="key must be"):
            use(key)


def test_no_other_account_is_let_into_a_diary(
    own: Diary, database_shelf: DatabaseShelf, postgres: PostgresServer
) -> None:
    postgres.run("CREATE ROLE curious LOGIN")
    address = postgres.address(database_shelf.name, "curious")
    with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT * FROM {schema_of(own)}.entries")  # noqa: S608 - our own name


# erased


def holds(server: PostgresServer, text: str) -> bool:
    """Tell whether a text is in any table of the server, as its files lie on the disk."""
    files = [file for file in (server.data / "base").rglob("*") if file.is_file()]
    return any(text.encode() in file.read_bytes() for file in files)


def test_a_text_that_was_changed_or_erased_is_in_no_table_of_the_server(
    own: Diary, postgres: PostgresServer, database_shelf: DatabaseShelf
) -> None:
    texts = [f"{SECRET} {number}" for number in (1, 2, 3)]
    for number, text in enumerate(texts):
        own.add(Entry(day=DAY + dt.timedelta(days=number), note=text))
    database_shelf.run(own, "ANALYZE")
    postgres.run("CHECKPOINT")
    assert [holds(postgres, text) for text in texts] == [True, True, True]
    own.change(Entry(day=DAY, note="something else"))
    own.remove(DAY + dt.timedelta(days=1))
    postgres.run("CHECKPOINT")
    assert [holds(postgres, text) for text in texts] == [False, False, True]
    database_shelf.erase(own)
    postgres.run("CHECKPOINT")
    assert [holds(postgres, text) for text in texts] == [False, False, False]


def test_the_server_draws_no_samples_of_what_is_written(own: Diary, database_shelf: DatabaseShelf) -> None:
    for number in range(60):
        own.add(Entry(day=DAY + dt.timedelta(days=number), note="the same words", stress=1))
    database_shelf.run(own, "ANALYZE")
    question = f"SELECT attname FROM pg_stats WHERE schemaname = '{schema_of(own)}'"  # noqa: S608 - our own name
    assert database_shelf.server.ask(question, database_shelf.name) == []


def test_an_erased_diary_is_not_there_and_others_are(own: Diary, database_shelf: DatabaseShelf) -> None:
    other = database_shelf.new()
    for diary in (own, other):
        diary.add(Entry(day=DAY, note="x"))
    database_shelf.erase(own)
    for use in (own.entries, lambda: own.add(Entry(day=DAY, note="y")), lambda: database_shelf.opened(own)):
        with pytest.raises(DiaryNotStartedError, match="erased"):
            use()
    with pytest.raises(DiaryNotStartedError):
        database_shelf.erase(own)
    assert other.entries() == (Entry(day=DAY, note="x"),)


# safe from kills


def writer(address: str, key: str, start: int, stop: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, str(WRITER), f"{address} {key}", str(start), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.no_cover  # it runs elsewhere
def test_every_acknowledged_write_is_there_after_the_writer_was_killed(
    own: Diary, database_shelf: DatabaseShelf, postgres: PostgresServer
) -> None:
    steps, kills, rng, done = 300, 8, random.Random(1), 0  # noqa: S311 - moments, not secrets
    address = postgres.address(database_shelf.name)
    for moment in [*sorted(rng.sample(range(steps - 1), kills)), steps - 1]:
        running = writer(address, key_of(own), done, steps)
        done = max(last_acknowledged(running, moment, rng.uniform(0, 0.03)) + 1, done)
        kept = own.entries()
        assert kept in (as_after(done), as_after(done + 1))
        done += kept != as_after(done)
    assert done == steps


@pytest.mark.no_cover  # it runs elsewhere
def test_every_acknowledged_write_is_there_after_the_server_was_killed() -> None:
    steps, kills, rng, done = 200, 4, random.Random(2), 0  # noqa: S311 - moments, not secrets
    with running_server() as server:
        shelf = DatabaseShelf(server, server.new_database())
        diary = shelf.new()
        for moment in sorted(rng.sample(range(steps - 1), kills)):
            running = writer(server.address(shelf.name), key_of(diary), done, steps)
            said = acknowledged(running, moment, server)
            server.start()
            done = max(said + 1, done)
            kept = diary.entries()
            assert kept in (as_after(done), as_after(done + 1))
            done += kept != as_after(done)
        assert done >= kills
        shelf.database.close()


def acknowledged(running: "subprocess.Popen[str]", until: int, server: PostgresServer) -> int:
    """Read acknowledgments until one is reached, kill the server, and return the last that came through."""
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    last = -1
    for line in running.stdout:
        last = int(line)
        if last >= until:
            server.kill()
            break
    rest = running.stdout.read().splitlines()
    assert running.wait() != 0  # it was told that its next change was not kept
    running.stdout.close()
    return max([last, *(int(line) for line in rest if line)])


def test_a_server_that_went_away_and_came_back_is_used_again() -> None:
    with running_server() as server:
        shelf = DatabaseShelf(server, server.new_database())
        diary = shelf.new()
        diary.add(Entry(day=DAY, note="before"))
        server.stop()
        with pytest.raises(DatabaseAwayError, match="cannot be reached"):
            diary.entries()
        with pytest.raises(DatabaseAwayError):
            diary.add(Entry(day=DAY, note="meanwhile"))
        server.start()
        assert diary.entries() == (Entry(day=DAY, note="before"),)
        shelf.database.close()


def test_what_is_acknowledged_is_on_the_disk_whatever_the_database_is_set_to(
    postgres: PostgresServer, empty: str
) -> None:
    postgres.run(f"ALTER DATABASE {empty} SET synchronous_commit = off")
    shelf = DatabaseShelf(postgres, empty)
    diary = shelf.new()
    with diary.home.writing() as session:
        assert session.connection().exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    shelf.database.close()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_does_not_wait_for_its_disk_is_refused(setting: str) -> None:
    with running_server(**{setting: "off"}) as server, pytest.raises(DatabaseRefusedError, match=f"has {setting} off"):
        open_database(address_in(server.address("postgres")))


# two at once


def test_writers_of_one_diary_wait_for_each_other_and_lose_nothing(own: Diary, database_shelf: DatabaseShelf) -> None:
    refused: list[BaseException] = []
    own.add(Entry(day=DAY, stress=0))

    def add(number: int) -> None:
        try:
            for after in range(10):
                day = FIRST + dt.timedelta(days=100 * number + after)
                database_shelf.opened(own).add(Entry(day=day, stress=1))
                database_shelf.opened(own).change(Entry(day=day, stress=2))
                own.change(Entry(day=DAY, stress=number))
        except BaseException as error:  # noqa: BLE001 - a thread must not lose it
            refused.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert [one.stress for one in own.entries(last=DAY - dt.timedelta(days=1))] == [2] * 40
    kept = own.kept(DAY)
    assert kept is not None
    assert kept.version == 41


def test_two_who_start_one_diary_at_once_make_one(database_shelf: DatabaseShelf) -> None:
    key = database_shelf.database.key_of(new_code())
    made: list[Diary | DiaryThereError] = []

    def start() -> None:
        try:
            made.append(database_shelf.database.start(key))
        except DiaryThereError as error:
            made.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Diary) for one in made) == 1
    assert sum(isinstance(one, DiaryThereError) for one in made) == 3
    assert database_shelf.database.open(key).entries() == ()


def test_two_servers_of_pages_that_begin_at_once_make_one_salt(postgres: PostgresServer, empty: str) -> None:
    databases = [Database(address_in(postgres.address(empty)), library()) for _ in range(4)]
    threads = [threading.Thread(target=one.prepare) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    code = new_code()
    assert len({one.key_of(code) for one in databases}) == 1
    for one in databases:
        one.close()


@pytest.fixture
def held(own: Diary, database_shelf: DatabaseShelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Diary]:
    """A diary that somebody else has in use and does not let go."""
    monkeypatch.setattr(postgresql, "PATIENCE_S", 0.05)
    own.add(Entry(day=DAY, note="x"))
    with psycopg.connect(database_shelf.server.address(database_shelf.name)) as other:
        other.execute(f"LOCK TABLE {schema_of(own)}.about IN SHARE ROW EXCLUSIVE MODE")
        other.execute(f"SELECT * FROM {schema_of(own)}.about FOR UPDATE")  # noqa: S608 - our own name
        yield own


def test_a_diary_that_is_in_use_for_too_long_is_named(held: Diary, database_shelf: DatabaseShelf) -> None:
    with pytest.raises(BusyDiaryError, match="in use"):
        held.add(Entry(day=FIRST, note="y"))
    with pytest.raises(BusyDiaryError, match="in use"):
        database_shelf.erase(held)
    assert held.entries() == (Entry(day=DAY, note="x"),)


def test_a_reader_in_between_does_not_undo_a_change(own: Diary, database_shelf: DatabaseShelf) -> None:
    own.add(Entry(day=DAY, note="old"))
    with psycopg.connect(database_shelf.server.address(database_shelf.name)) as other:
        other.execute(f"SELECT * FROM {schema_of(own)}.entries")  # noqa: S608 - our own name
        own.change(Entry(day=DAY, note="new"))
    assert own.entries() == (Entry(day=DAY, note="new"),)


# refused


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE entries SET hair = 'nice'",
        "UPDATE checks SET urgency = 'never'; UPDATE entries SET hair = 'x'",
        "UPDATE places SET site = 'moon'",
        "DROP TABLE findings CASCADE",
        "DROP TABLE about",
        "DELETE FROM about",
        "UPDATE about SET schema_version = -1",
        "ALTER TABLE entries DROP COLUMN note",
        "ALTER TABLE entries ALTER COLUMN stress TYPE text",
    ],
)
def test_a_diary_that_cannot_be_meant_is_damaged_and_can_be_erased(
    own: Diary, database_shelf: DatabaseShelf, wrong: str
) -> None:
    own.add(Entry(day=DAY, note="x", stress=1, places=PLACES))
    database_shelf.run(own, wrong)

    def read() -> None:
        opened = database_shelf.opened(own)
        opened.entries()

    with pytest.raises(UnreadableDiaryError, match="damaged"):
        read()
    database_shelf.erase(own)
    with pytest.raises(DiaryNotStartedError):
        database_shelf.opened(own)


PLACES = entry_after(0).places


def test_a_diary_of_a_newer_program_is_refused_and_left_as_it_is(own: Diary, database_shelf: DatabaseShelf) -> None:
    own.add(Entry(day=DAY, note="x"))
    database_shelf.run(own, f"UPDATE about SET schema_version = {models.SCHEMA_VERSION + 1}")  # noqa: S608 - our own name
    with pytest.raises(UnreadableDiaryError, match="newer twitchwise"):
        database_shelf.opened(own)
    assert own.entries() == (Entry(day=DAY, note="x"),)


def add_a_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN weather TEXT")


def fail_half_way(connection: Connection) -> None:
    add_a_column(connection)
    connection.exec_driver_sql("ALTER TABLE no_such_table ADD COLUMN weather TEXT")


def columns(diary: Diary, shelf: DatabaseShelf) -> set[str]:
    question = f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{schema_of(diary)}'"  # noqa: S608 - our own name
    return {name for (name,) in shelf.server.ask(question, shelf.name)}


def test_an_older_diary_is_brought_up_to_date_and_no_other_is_touched(
    own: Diary, database_shelf: DatabaseShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = database_shelf.new()
    own.add(Entry(day=DAY, note="of an older program"))
    monkeypatch.setattr(models, "SCHEMA_VERSION", models.SCHEMA_VERSION + 1)
    monkeypatch.setattr(migrations, "STEPS", {models.SCHEMA_VERSION - 1: add_a_column})
    for _ in range(2):  # the second time there is nothing to do
        assert database_shelf.opened(own).entries() == (Entry(day=DAY, note="of an older program"),)
    assert "weather" in columns(own, database_shelf)
    assert "weather" not in columns(other, database_shelf)


def test_a_step_that_fails_leaves_the_diary_as_it_was(
    own: Diary, database_shelf: DatabaseShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.add(Entry(day=DAY, note="of an older program"))
    with monkeypatch.context() as newer:
        newer.setattr(models, "SCHEMA_VERSION", models.SCHEMA_VERSION + 1)
        newer.setattr(migrations, "STEPS", {models.SCHEMA_VERSION - 1: fail_half_way})
        with pytest.raises(UnreadableDiaryError):
            database_shelf.opened(own)
    assert "weather" not in columns(own, database_shelf)
    assert database_shelf.opened(own).entries() == (Entry(day=DAY, note="of an older program"),)


def test_a_text_that_the_database_does_not_keep_is_refused_and_nothing_is_kept(own: Diary) -> None:
    for method in ("a\x00b", "a\ud800b"):
        odd = Measurement(id="x", value=1, low=1, high=1, unit=Unit.SECOND, method=method)
        with pytest.raises(OutOfRangeError, match="only letters that a database keeps"):
            own.keep_recording(KeptRecording(name="a", format="EDF", day=DAY, duration_s=1, measurements=(odd,)))
    assert own.recordings() == ()


def test_a_copy_of_a_database_that_can_only_be_read_is_refused_and_nothing_is_lost() -> None:
    with running_server() as server:
        shelf = DatabaseShelf(server, server.new_database())
        diary = shelf.new()
        diary.add(Entry(day=DAY, note="x"))
        server.stop()
        (server.data / "standby.signal").touch()
        server.start()
        with pytest.raises(UnwritableDiaryError, match="only be read"):
            diary.add(Entry(day=FIRST, note="y"))
        assert diary.entries() == (Entry(day=DAY, note="x"),)
        assert "is a copy of another" in refusal_of(server.address(shelf.name))
        shelf.database.close()


def test_more_people_at_once_than_the_database_takes_are_asked_to_wait(
    postgres: PostgresServer, database_shelf: DatabaseShelf, own: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "MOST_CONNECTIONS", 4)
    monkeypatch.setattr(postgresql, "PATIENCE_S", 0.05)
    database = Database(address_in(postgres.address(database_shelf.name)), library())
    diary = database.open(key_of(own))
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(diary.home.reading()).connection()
        with pytest.raises(BusyDiaryError, match="try again in a moment"):
            diary.entries()
    assert diary.entries() == ()
    database.close()


# addresses that do not lead to a database for diaries


def refusal_of(address: str) -> str:
    """Return the sentence by which a database is refused."""
    with pytest.raises(DatabaseRefusedError) as refused:
        open_database(address_in(address))
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    "place",
    ["postgresql://a@127.0.0.1:1/x", "postgresql://a@/x?host=/nowhere"],
)
def test_a_server_that_does_not_answer_is_said(place: str) -> None:
    with pytest.raises(DatabaseAwayError, match="cannot be reached"):
        open_database(address_in(place))


def test_a_wrong_password_is_said_and_not_told(postgres: PostgresServer) -> None:
    name = postgres.new_database()
    said = refusal_of(postgres.address(name, f"{WITH_PASSWORD}:wrongone"))
    assert "did not let this account in" in said
    assert "wrongone" not in said
    open_database(address_in(postgres.address(name, f"{WITH_PASSWORD}:{quote(PASSWORD)}"))).close()


def test_the_password_may_come_from_the_password_file(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passwords"
    file.write_text(f"*:*:*:{WITH_PASSWORD}:{PASSWORD}\n", encoding="utf-8")
    file.chmod(0o600)
    address = postgres.address(postgres.new_database(), WITH_PASSWORD)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    assert "wants a password, and none was given" in refusal_of(address)
    monkeypatch.setenv("PGPASSFILE", str(file))
    open_database(address_in(address)).close()


def test_an_account_or_a_database_that_is_not_there_is_said(postgres: PostgresServer, empty: str) -> None:
    assert "nobody_known" in refusal_of(postgres.address(empty, "nobody_known"))
    assert "no_such_database" in refusal_of(postgres.address("no_such_database"))


def test_an_account_without_rights_is_told_which_it_needs(postgres: PostgresServer, empty: str) -> None:
    postgres.run("DROP ROLE IF EXISTS reader")
    postgres.run("CREATE ROLE reader LOGIN")
    assert "GRANT CREATE ON DATABASE" in refusal_of(postgres.address(empty, "reader"))
    postgres.run(f"GRANT CREATE ON DATABASE {empty} TO reader")
    database = open_database(address_in(postgres.address(empty, "reader")))
    database.start(database.key_of(new_code())).add(Entry(day=DAY, note="x"))
    database.close()
    postgres.run(f"DROP DATABASE {empty}")
    postgres.run("DROP ROLE reader")


def test_diaries_whose_salt_is_gone_are_not_given_another(postgres: PostgresServer, empty: str) -> None:
    shelf = DatabaseShelf(postgres, empty)
    shelf.new()
    postgres.run(f"DROP SCHEMA {OWN_SCHEMA} CASCADE", empty)
    with pytest.raises(UnreadableDiaryError):
        open_database(address_in(postgres.address(empty)))
    shelf.database.close()


def test_a_server_that_is_shutting_down_is_said(own: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_SETTINGS", "SELECT pg_terminate_backend(pg_backend_pid()), %s, %s")
    with pytest.raises(DatabaseAwayError):
        own.entries()
