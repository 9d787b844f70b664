"""Diaries on a shared server: opened by a code alone, each for its person, closed for the next one at the desk."""

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diary.postgres import PostgresServer, postgres, running_server
from tests.web.clinic import Clinic, Pair, open_clinic, sign_in
from tests.web.test_shared_server import options, refusal

from twitchwise.cli import main
from twitchwise.diary import open_database, today
from twitchwise.diary.address import address_in
from twitchwise.diary.codes import DIGITS, check_digit, code_in, new_code
from twitchwise.knowledge import Library
from twitchwise.web.rate_limits import FIRST_WAIT_S, FREE_TRIES
from twitchwise.web.sessions import IDLE_LIMIT_S

if TYPE_CHECKING:
    from twitchwise.diary.in_database import Database

pytestmark = pytest.mark.postgres
__all__ = ["options", "postgres"]  # fixtures of other files

Read = Callable[[httpx.Response], Any]
SEE_OTHER, FORBIDDEN, REFUSED, TOO_MANY = 303, 403, 422, 429
PAGES = (
    *("/diary", "/diary/add", "/diary/trend", "/diary/doctor", "/diary/erase", "/diary/export.zip"),
    *("/diary/doctor.txt", "/diary/doctor.html"),
)


@pytest.fixture
def diaries(postgres: PostgresServer) -> Iterator["Database"]:
    """A database of a real server that holds nothing yet."""
    database = open_database(address_in(postgres.address(postgres.new_database())))
    yield database
    database.close()


@pytest.fixture
def diary_clinic(knowledge: Library, pair: Pair, diaries: "Database") -> Iterator[Clinic]:
    """A shared server that keeps diaries."""
    with open_clinic(knowledge, pair, diaries) as clinic:
        yield clinic


@pytest.fixture
def desk(diary_clinic: Clinic) -> Iterator[httpx.Client]:
    """A browser that has signed in."""
    with diary_clinic.signed_in() as browser:
        yield browser


def offered(browser: httpx.Client) -> dict[str, str]:
    """Return the fields of the page that gives out a code."""
    html = browser.get("/diary/new").text
    return dict(re.findall(r'type="hidden" name="(code|seal)" value="([^"]+)"', html))


def started(browser: httpx.Client) -> str:
    """Start a diary, and return its code."""
    form = offered(browser)
    assert browser.post("/diary/start", data={**form, "written": "yes"}).headers["location"] == "/diary"
    return form["code"]


def opened(browser: httpx.Client, code: str) -> httpx.Response:
    """Send the form that opens a diary."""
    return browser.post("/diary/open", data={"code": code})


def token_in(browser: httpx.Client) -> str:
    """Return what stands in the forms of the diary that is open."""
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', browser.get("/diary/add?day=other").text))
    return str(token)


def note(browser: httpx.Client, text: str) -> httpx.Response:
    """Write down a day."""
    return browser.post("/diary/add", data={"token": token_in(browser), "day": str(today()), "note": text})


# a code


def test_a_diary_is_started_with_a_code_closed_and_opened_again_by_it_alone(desk: httpx.Client, read: Read) -> None:
    assert 'href="/diary"' in desk.get("/").text
    assert "24 digits" in read(desk.get("/diary")).text
    code = started(desk)
    assert note(desk, "after a long walk").headers["location"] == "/diary#days"
    assert "after a long walk" in desk.get("/diary").text
    closed = desk.post("/diary/close")
    assert (closed.headers["location"], closed.headers["clear-site-data"]) == ("/diary", '"cache"')
    assert "after a long walk" not in desk.get("/diary").text
    assert opened(desk, code.replace(" ", "-")).headers["location"] == "/diary"
    assert "after a long walk" in desk.get("/diary").text


def test_nothing_is_made_before_the_code_is_written_down(desk: httpx.Client, diaries: "Database", read: Read) -> None:
    form = offered(desk)
    page = desk.post("/diary/start", data=form)
    assert page.status_code == REFUSED
    assert "Write the code down first" in read(page).text
    assert form["code"] in page.text  # the same one, so that what was written down stays right
    assert opened(desk, form["code"]).status_code == REFUSED
    assert desk.post("/diary/start", data={**form, "written": "yes"}).status_code == SEE_OTHER
    assert diaries.open(diaries.key_of(form["code"])).entries() == ()


def test_pressing_start_twice_is_no_mistake(desk: httpx.Client) -> None:
    form = offered(desk)
    for _ in range(2):
        assert desk.post("/diary/start", data={**form, "written": "yes"}).headers["location"] == "/diary"
    note(desk, "kept")
    assert "kept" in desk.get("/diary").text


def chosen() -> str:
    digits = "1" * (DIGITS - 1)
    return digits + check_digit(digits)


def test_nobody_chooses_a_code(desk: httpx.Client, diary_clinic: Clinic, read: Read) -> None:
    with diary_clinic.signed_in() as other:
        seal_of_another = offered(other)["seal"]
    for seal in ("", "x", offered(desk)["seal"], seal_of_another):
        page = desk.post("/diary/start", data={"code": chosen(), "seal": seal, "written": "yes"})
        assert page.status_code == REFUSED
        assert "open for too long" in read(page).text
        assert chosen() not in page.text.replace(" ", "")
    assert opened(desk, chosen()).status_code == REFUSED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "You have typed 0."),
        ("1234 5678", "You have typed 8."),
        ("my diary", "Type digits only."),
        (chosen()[:-1] + str((int(chosen()[-1]) + 1) % 10), "A digit is wrong or out of place."),
        (chosen(), "There is no diary with this code."),
    ],
)
def test_a_code_that_opens_nothing_is_said_and_can_be_corrected(
    desk: httpx.Client, read: Read, typed: str, said: str
) -> None:
    page = opened(desk, typed)
    assert page.status_code == REFUSED
    assert said in read(page).text
    assert f'name="code" value="{typed}"' in page.text
    assert read(page).title.startswith("Error: ")


def test_who_comes_back_to_the_address_of_a_form_is_at_the_door(desk: httpx.Client) -> None:
    for place in ("/diary/open", "/diary/start"):
        assert desk.get(place).headers["location"] == "/diary"


# whose it is


def test_two_people_at_two_desks_never_see_each_others_days(diary_clinic: Clinic) -> None:
    with diary_clinic.signed_in() as one, diary_clinic.signed_in() as other:
        for browser, text in ((one, "of one"), (other, "of the other")):
            started(browser)
            note(browser, text)
        for browser, own, foreign in ((one, "of one", "of the other"), (other, "of the other", "of one")):
            shown = [browser.get(page) for page in PAGES]
            assert own in shown[0].text
            with zipfile.ZipFile(io.BytesIO(browser.get("/diary/export.zip").content)) as archive:
                assert own in archive.read("entries.csv").decode()
                assert foreign not in archive.read("entries.csv").decode()
            assert not [page for page in shown if foreign in page.text]


def test_the_next_at_the_same_desk_sees_and_changes_nothing_of_the_one_before(
    desk: httpx.Client, diaries: "Database", read: Read
) -> None:
    first = started(desk)
    note(desk, "of the first")
    old_token = token_in(desk)
    desk.post("/diary/close")
    second = started(desk)
    for place in ("/diary/add", "/diary/erase", f"/diary/day/{today()}/erase"):
        refused = desk.post(place, data={"token": old_token, "day": str(today()), "note": "of the first again"})
        assert refused.status_code in {REFUSED, 404}
        assert "no longer open here" in read(refused).text or refused.status_code == 404
    assert [one.note for one in diaries.open(diaries.key_of(first)).entries()] == ["of the first"]
    assert diaries.open(diaries.key_of(second)).entries() == ()


def test_without_a_code_no_page_of_a_diary_is_shown(desk: httpx.Client) -> None:
    for page in PAGES[1:]:
        assert desk.get(page).headers["location"] == "/diary"
    for place in ("/diary/add", f"/diary/day/{today()}", "/diary/erase", "/diary/check/1/erase"):
        assert desk.post(place, data={"day": str(today()), "stress": "1"}).status_code == SEE_OTHER


@pytest.mark.parametrize("end", ["sign out", "half an hour"])
def test_the_diary_is_closed_with_the_session(diary_clinic: Clinic, end: str) -> None:
    with diary_clinic.signed_in() as browser:
        started(browser)
        note(browser, "words of mine")
        if end == "sign out":
            browser.post("/sign-out")
        else:
            diary_clinic.clock.now_s += IDLE_LIMIT_S + 1
        assert "words of mine" not in browser.get("/diary").text
        sign_in(browser)
        assert "words of mine" not in browser.get("/diary").text
        assert browser.get("/diary/add").headers["location"] == "/diary"


def test_signing_in_anew_does_not_take_an_open_diary_along(diary_clinic: Clinic) -> None:
    with diary_clinic.signed_in() as browser:
        started(browser)
        note(browser, "words of mine")
        sign_in(browser)
        assert "words of mine" not in browser.get("/diary").text


def test_the_server_keeps_the_key_of_an_open_diary_but_not_its_code(diary_clinic: Clinic, diaries: "Database") -> None:
    with diary_clinic.signed_in() as browser:
        code = started(browser)
    kept = repr(diary_clinic.entrance.sessions._kept)
    assert diaries.key_of(code) in kept
    assert code not in kept
    assert code_in(code) not in kept


# tries


def test_wrong_codes_are_slowed_as_passwords_are_and_a_right_one_takes_none_back(
    diary_clinic: Clinic, read: Read
) -> None:
    with diary_clinic.signed_in() as browser:
        code = started(browser)
        for _ in range(FREE_TRIES - 1):
            assert opened(browser, new_code()).status_code == REFUSED
        for _ in range(3):
            assert opened(browser, code).status_code == SEE_OTHER
        assert opened(browser, new_code()).status_code == REFUSED
        for typed in (new_code(), code):
            page = opened(browser, typed)
            assert page.status_code == TOO_MANY
            assert "Wait a minute, then try again." in read(page).text
            assert page.headers["retry-after"] == str(int(FIRST_WAIT_S))
        diary_clinic.clock.now_s += FIRST_WAIT_S
        assert opened(browser, code).status_code == SEE_OTHER


def test_what_cannot_be_a_code_costs_no_try(diary_clinic: Clinic) -> None:
    with diary_clinic.signed_in() as browser:
        code = started(browser)
        for _ in range(3 * FREE_TRIES):
            assert opened(browser, code[:-1]).status_code == REFUSED
        assert opened(browser, code).status_code == SEE_OTHER


def test_nobody_fills_the_database_with_diaries(diary_clinic: Clinic, read: Read) -> None:
    with diary_clinic.signed_in() as browser:
        for _ in range(FREE_TRIES):
            started(browser)
        form = offered(browser)
        page = browser.post("/diary/start", data={**form, "written": "yes"})
        assert page.status_code == TOO_MANY
        assert form["code"] in page.text
        assert "Wait a minute, then press the button again." in read(page).text
        diary_clinic.clock.now_s += FIRST_WAIT_S
        assert browser.post("/diary/start", data={**form, "written": "yes"}).status_code == SEE_OTHER


# what a diary does


def test_a_day_is_changed_and_erased_and_all_of_it(desk: httpx.Client, read: Read) -> None:
    code = started(desk)
    note(desk, "first")
    html = desk.get(f"/diary/day/{today()}").text
    (version,) = re.findall(r'name="version" value="(\d+)"', html)
    form = {"token": token_in_day(html), "version": version, "note": "second"}
    assert desk.post(f"/diary/day/{today()}", data=form).headers["location"] == "/diary#days"
    again = desk.post(f"/diary/day/{today()}", data=form)
    assert "changed in another window" in read(again).text
    assert "backups" in read(desk.get("/diary/erase")).text
    for place in ("/diary/erased", "/diary"):  # twice is no mistake
        assert desk.post("/diary/erase", data={"token": form["token"]}).headers["location"] == place
    assert "Backups of the database may still hold it" in read(desk.get("/diary/erased")).text
    assert "this computer" not in read(desk.get("/diary/erased")).text
    assert opened(desk, code).status_code == REFUSED


def token_in_day(html: str) -> str:
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', html))
    return str(token)


def test_a_diary_that_was_erased_at_another_desk_is_closed_here(diary_clinic: Clinic, diaries: "Database") -> None:
    with diary_clinic.signed_in() as browser:
        code = started(browser)
        diaries.erase(diaries.key_of(code))
        assert browser.get("/diary/trend").headers["location"] == "/diary"
        assert "Open your diary" in browser.get("/diary").text
        assert "Close the diary" not in browser.get("/diary").text


def test_the_result_of_a_check_is_kept_in_the_diary_that_is_open(desk: httpx.Client) -> None:
    visit = desk.post("/visit").headers["location"].removesuffix("/emergency")
    desk.post(f"{visit}/emergency", data={"signs": "none"})
    assert "in my diary" in desk.get(f"{visit}/result").text
    assert desk.post(f"{visit}/keep").headers["location"] == "/diary"
    started(desk)
    assert desk.post(f"{visit}/keep").headers["location"] == "/diary#else"
    assert "Check of" in desk.get("/diary").text


def test_no_page_of_a_diary_promises_that_it_stays_on_this_computer(desk: httpx.Client) -> None:
    places = ["/diary", "/diary/new", "/diary/erased"]
    texts = [desk.get(place).text for place in places]
    started(desk)
    texts += [
        desk.get(place).text for place in ("/diary", "/diary/add", "/diary/erase", "/diary/trend", "/diary/doctor")
    ]
    assert not [text for text in texts if "this computer" in text or "sent to anyone" in text]


def test_a_server_that_went_away_is_one_sentence_and_back_again(knowledge: Library, pair: Pair, read: Read) -> None:
    with running_server() as server:
        database = open_database(address_in(server.address("postgres")))
        with open_clinic(knowledge, pair, database) as clinic, clinic.signed_in() as browser:
            code = started(browser)
            note(browser, "kept")
            token = token_in(browser)
            server.stop()
            for answer in (
                *(browser.get(page) for page in PAGES if page != "/diary/erase"),
                browser.post("/diary/add", data={"token": token, "day": "2026-01-01", "note": "x"}),
                browser.post("/diary/erase", data={"token": token}),
                opened(browser, code),
            ):
                assert answer.status_code == REFUSED
                assert "cannot be reached" in read(answer).text
            server.start()
            assert "kept" in browser.get("/diary").text
        database.close()


# whatever is sent

typed = st.one_of(st.text(max_size=40), st.builds(new_code), st.text("0123456789 -", min_size=20, max_size=60))
forms = st.fixed_dictionaries(
    {},
    optional={
        "code": typed,
        "seal": st.text(max_size=70),
        "written": st.sampled_from(["yes", "no", ""]),
        "token": typed,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(["open", "start", "close", "add", "erase"]), form=forms)
def test_any_form_of_a_code_is_answered_with_a_page(
    desk: httpx.Client, diary_clinic: Clinic, place: str, form: dict[str, str]
) -> None:
    diary_clinic.clock.now_s += FIRST_WAIT_S
    answer = desk.post(f"/diary/{place}", data=form)
    assert answer.status_code in {SEE_OTHER, REFUSED, TOO_MANY}
    assert desk.get("/diary").status_code == 200
    assert 'action="/diary/close"' not in desk.get("/diary").text  # nothing was opened


# the command line


def serve(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Start the command up to the moment when it would serve."""
    monkeypatch.setattr("twitchwise.web.server.Server.run", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["twitchwise", "serve", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in {0, None}


def words(options: dict[str, str]) -> list[str]:
    return [part for option in options.items() for part in option]


def test_the_address_may_be_given_or_lie_in_a_file_with_a_password(
    postgres: PostgresServer, options: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.address(postgres.new_database())
    serve(monkeypatch, *words(options), "--database", address)
    file = tmp_path / "address"
    file.write_text(address.replace("@", ":any@") + "\n", encoding="utf-8")
    file.chmod(0o600)
    serve(monkeypatch, *words(options), "--database-file", str(file))


@pytest.mark.parametrize(
    ("arguments", "mode", "said"),
    [
        (["--database", "postgresql://a:SECRET@db/x"], 0o600, "--database must hold no password"),
        (["--database", "postgresql://a@db/x?password=SECRET"], 0o600, "--database must hold no password"),
        (["--database", "SECRET"], 0o600, "--database must hold an address"),
        (["--database", "postgresql://a@/x?host=/nowhere&SECRET=1"], 0o600, "holds a setting or a port that is none"),
        (["--database", "postgresql://a@/x?host=/nowhere"], 0o600, "cannot be reached"),
        (["--database-file", "FILE"], 0o600, "cannot be reached"),
        (["--database-file", "FILE"], 0o640, "chmod 600"),
        (["--database-file", "nowhere"], 0o600, "--database-file must name a file that is there"),
        (["--database", "postgresql://a@/x", "--database-file", "FILE"], 0o600, "leave one of them out"),
    ],
)
def test_what_is_wrong_with_the_address_is_said_in_one_sentence_without_it(  # noqa: PLR0913, PLR0917 - fixtures
    arguments: list[str],
    mode: int,
    said: str,
    options: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "address"
    file.write_text("postgresql://a:SECRET@/x?host=/nowhere", encoding="utf-8")
    file.chmod(mode)
    given = [str(file) if one == "FILE" else one for one in arguments]
    code, error = refusal(monkeypatch, capsys, *words(options), *given)
    assert code == 2
    assert said in error
    assert "SECRET" not in error
    assert error.count("\n") == 1


def test_a_database_is_for_a_shared_server_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error = refusal(monkeypatch, capsys, "--database", "postgresql://a@db/x")
    assert code == 2
    assert "--name HOSTNAME" in error
