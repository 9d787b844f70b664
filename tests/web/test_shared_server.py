"""A server that others reach is closed until signed in and to foreign names and forms, and keeps nothing of its own."""

import errno
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from tests.web.clinic import (
    NAME,
    OWN,
    PASSWORD,
    PATIENCE_S,
    Clinic,
    Pair,
    free_port,
    make_pair,
    sign_in,
    write_password,
)

from twitchwise.cli import main
from twitchwise.web.guard import SAFE_HEADERS
from twitchwise.web.server import HOST, PortError, listening_socket
from twitchwise.web.sharing import SharingError, listening_host, sharing_of

SEE_OTHER, NOT_SIGNED_IN, FORBIDDEN = 303, 401, 403


# without signing in


WITHOUT_SIGNING_IN = {"/sign-in", "/language/{tag}"}


def test_the_language_can_be_chosen_before_signing_in_and_nothing_else_is_kept(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        answer = browser.get("/language/de", params={"back": "/sign-in"})
        assert answer.headers["location"] == "/sign-in"
        assert answer.headers["set-cookie"].startswith("language=de;")
        assert "Secure" in answer.headers["set-cookie"]
        assert '<html lang="de">' in browser.get("/sign-in").text


def test_no_page_is_shown_and_nothing_done_without_signing_in(clinic: Clinic) -> None:
    routes = [(route.path or "", route.methods or ()) for route in iter_route_contexts(clinic.app.routes)]
    found = {(method, path) for path, methods in routes for method in methods if path not in WITHOUT_SIGNING_IN}
    assert len(found) > 50
    with clinic.browser() as browser:
        for method, path in sorted(found):
            clinic.clock.now_s += 1
            answer = browser.request(method, path.replace("{", "").replace("}", ""))
            expected = SEE_OTHER if method in {"GET", "HEAD"} else FORBIDDEN
            assert answer.status_code == expected, (method, path)
            assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), (method, path)
            assert "set-cookie" not in answer.headers
    assert len(clinic.app.state.visits) == 0


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"sec-fetch-dest": "empty"}])
def test_a_script_is_told_in_its_own_words(clinic: Clinic, headers: dict[str, str]) -> None:
    with clinic.browser() as browser:
        for answer in (browser.get("/explore/traces", headers=headers), browser.post("/measure", headers=headers)):
            assert answer.status_code == NOT_SIGNED_IN
            assert "Sign in" in answer.json()["error"]


def test_style_sheets_scripts_and_the_sign_in_page_are_open_and_safe(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        for place in ("/sign-in", "/static/style.css", "/static/measure.js", "/static/icon.svg"):
            answer = browser.get(place)
            assert answer.status_code == 200
            for name, value in SAFE_HEADERS.items():
                assert answer.headers[name] == value


@pytest.mark.parametrize(
    "path",
    ["/static/../measure", "/static/..%2fmeasure", "/static/%2e%2e/learn", "/sign-in/../learn", "//learn", "/Sign-In"],
)
def test_no_spelling_of_a_path_goes_around_the_sign_in(clinic: Clinic, path: str) -> None:
    with clinic.browser() as browser:
        answer = browser.get(httpx.URL(clinic.address).copy_with(raw_path=path.encode()))
        assert answer.status_code in {SEE_OTHER, 404}
        assert "Learn" not in answer.text


def test_the_navigation_and_sign_out_are_shown_only_to_who_has_signed_in(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        assert "/measure" not in browser.get("/sign-in").text
        assert "/sign-out" not in browser.get("/sign-in").text
        sign_in(browser)
        page = browser.get("/").text
        assert 'href="/measure"' in page
        assert 'action="/sign-out"' in page


# names, forms and headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (NAME, 200),
        (NAME.upper(), 200),
        ("localhost", 200),
        ("127.0.0.1", 200),
        ("evil.example", 400),
        (f"{NAME}.evil.example", 400),
        (f"evil.{NAME}", 400),
        (f"{NAME}.", 400),
        ("", 400),
    ],
)
def test_only_the_names_it_was_given_are_answered(clinic: Clinic, host: str, status: int) -> None:
    with clinic.browser() as browser:
        assert browser.get("/sign-in", headers={"host": host}).status_code == status
        assert browser.get("/sign-in", headers={"host": f"{host}:8321"}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, SEE_OTHER),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, SEE_OTHER),
        ({"origin": f"https://{NAME}:8321"}, SEE_OTHER),
        ({}, FORBIDDEN),
        ({"sec-fetch-site": "none"}, FORBIDDEN),
        ({"sec-fetch-site": "same-site"}, FORBIDDEN),
        ({"sec-fetch-site": "cross-site"}, FORBIDDEN),
        ({"sec-fetch-site": "cross-site", "origin": f"https://{NAME}:8321"}, FORBIDDEN),
        ({"origin": "null"}, FORBIDDEN),
        ({"origin": "https://evil.example"}, FORBIDDEN),
        ({"origin": f"http://{NAME}:8321"}, FORBIDDEN),
        ({"origin": f"https://{NAME}"}, FORBIDDEN),
        ({"origin": f"https://{NAME}:8322"}, FORBIDDEN),
        ({"origin": f"https://{NAME}:8321.evil.example"}, FORBIDDEN),
    ],
)
@pytest.mark.parametrize("place", ["/visit", "/sign-in", "/sign-out"])
def test_a_form_must_say_that_it_is_of_this_server(
    clinic: Clinic, headers: dict[str, str], status: int, place: str
) -> None:
    with clinic.signed_in() as browser:
        del browser.headers["sec-fetch-site"]
        sent = browser.post(place, data={"password": PASSWORD}, headers={"host": f"{NAME}:8321", **headers})
        assert sent.status_code == status
        assert len(clinic.app.state.visits) == (status == SEE_OTHER and place == "/visit")


def test_browsers_are_told_to_come_back_over_tls_only_but_not_to_this_machine(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        for place in ("/", "/sign-in", "/static/style.css", "/static/nowhere"):
            answer = browser.get(place, headers={"host": NAME})
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            assert "strict-transport-security" not in browser.get(place, headers={"host": "localhost"}).headers


def test_it_speaks_tls_of_a_version_that_is_safe_and_nothing_else(clinic: Clinic) -> None:
    assert clinic.server.config.ssl is not None
    assert clinic.server.config.ssl.minimum_version is ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx.TransportError):
        httpx.get(clinic.address.replace("https", "http"), trust_env=False)


# what one machine alone has


def test_the_diary_is_closed_and_left_out(clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWITCHWISE_DIARY", str(tmp_path / "diary.sqlite3"))
    with clinic.signed_in() as browser:
        visit = browser.post("/visit").headers["location"].removesuffix("/emergency")
        browser.post(f"{visit}/emergency", data={"signs": "none"})
        assert 'href="/diary"' not in browser.get("/").text
        for method, place in [
            *(("GET", place) for place in ("/diary", "/diary/add", "/diary/export.zip", "/diary/day/2026-11-29")),
            *(("POST", place) for place in ("/diary/start", "/diary/add", "/diary/erase", f"{visit}/keep")),
        ]:
            answer = browser.request(method, place)
            assert answer.status_code == FORBIDDEN, place
            assert "shared server keeps no diary" in answer.text
        for place in ("/diary/", f"{visit}/keep/"):
            assert browser.post(place).status_code in {307, FORBIDDEN}
    assert list(tmp_path.iterdir()) == []


def test_no_file_of_the_server_is_opened_by_its_path_even_from_the_server_itself(
    clinic: Clinic, client: TestClient, emg_file: Path
) -> None:
    with clinic.signed_in() as browser:
        assert 'name="path"' not in browser.get("/measure").text
        for host in (HOST, "localhost", NAME):
            data, headers = {"path": str(emg_file)}, {"host": host, "accept": "application/json"}
            answer = browser.post("/measure", data=data, headers=headers)
            assert answer.status_code == 422
            assert "only on the computer" in answer.json()["error"]
    assert 'name="path"' in client.get("/measure").text  # as on one's own machine


def test_a_check_can_be_done_on_it(clinic: Clinic) -> None:
    with clinic.signed_in() as browser:
        visit = browser.post("/visit").headers["location"].removesuffix("/emergency")
        browser.post(f"{visit}/emergency", data={"signs": "none"})
        browser.post(f"{visit}/question/fasciculation", data={"answer": "present"})
        assert browser.get(f"{visit}/result").status_code == 200
        assert "stay on this computer. Nothing is sent" not in browser.get(f"{visit}/result").text
        assert browser.get("/nowhere").status_code == 404


def test_this_machine_alone_is_served_as_ever(client: TestClient) -> None:
    assert 'href="/diary"' in client.get("/").text
    assert client.get("/diary").status_code == 200
    assert [client.get("/sign-in").status_code, client.post("/sign-out").status_code] == [404, 404]
    for place in ("/", "/learn", "/static/style.css"):
        headers = client.get(place).headers
        assert "set-cookie" not in headers
        assert "strict-transport-security" not in headers
    assert client.post("/visit").status_code == SEE_OTHER  # without Origin and Sec-Fetch-Site, as a script would
    assert client.get("/", headers={"host": NAME}).status_code == 400


# the command line


@pytest.fixture
def options(pair: Pair, tmp_path: Path) -> dict[str, str]:
    """All that a shared server needs."""
    return {
        "--host": HOST,
        "--name": NAME,
        "--certificate": str(pair.certificate),
        "--key": str(pair.key),
        "--password-file": str(write_password(tmp_path)),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--name": None}, "add --name HOSTNAME."),
        ({"--certificate": None}, "add --certificate FILE."),
        ({"--key": None}, "add --key FILE."),
        ({"--password-file": None}, "add --password-file FILE."),
        ({"--key": None, "--name": None, "--host": "0.0.0.0"}, "add --name HOSTNAME and --key FILE."),  # noqa: S104
        ({"--host": "clinic.example"}, "--host must be an address of this computer"),
        ({"--host": "203.0.113.77"}, "--host must be an address of this computer"),
        ({"--name": "https://clinic.example"}, "--name must be a host name"),
        ({"--name": "clinic.example:8321"}, "--name must be a host name"),
        ({"--name": "*.example"}, "--name must be a host name"),
        ({"--name": "-"}, "--name must be a host name"),
        ({"--certificate": "nowhere.pem"}, "--certificate must name a file that can be read"),
        ({"--certificate": "."}, "--certificate must name a file that can be read"),
        ({"--key": "nowhere.key"}, "--key must name a file that can be read"),
        ({"--key": __file__}, "--certificate and --key must be"),
        ({"--password-file": "nowhere"}, "--password-file must name a file that is there"),
        ({"--password-file": "."}, "--password-file must name a file that is there"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_sentence(
    options: dict[str, str],
    change: dict[str, str | None],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = {**options, **change}
    arguments = [part for option, value in given.items() if value is not None for part in (option, value)]
    code, error = refusal(monkeypatch, capsys, *arguments)
    assert code == 2
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "127.0.0.2", "::ffff:127.0.0.1"])  # noqa: S104 - refused
def test_an_address_that_others_reach_demands_everything(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error = refusal(monkeypatch, capsys, "--host", host)
    assert code == 2
    for option in ("--name HOSTNAME", "--certificate FILE", "--key FILE", "--password-file FILE"):
        assert option in error


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("short", 0o600, "12 to 256 letters, got 5"),
        ("", 0o600, "got 0"),
        ("\n", 0o600, "got 0"),
        ("x" * 257, 0o600, "got 257"),
        ("x" * 9999, 0o600, "letters, got"),
        (f"{PASSWORD}\nsecond line\n", 0o600, "one line, got 2"),
        (PASSWORD, 0o640, "chmod 600"),
        (PASSWORD, 0o604, "chmod 600"),
        (PASSWORD, 0o620, "chmod 600"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="files there have no such modes")
def test_a_password_file_that_is_unsafe_is_refused(
    options: dict[str, str],
    text: str,
    mode: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_password(Path(options["--password-file"]).parent, text, mode)
    code, error = refusal(monkeypatch, capsys, *(part for pair in options.items() for part in pair))
    assert code == 2
    assert said in error
    assert PASSWORD not in error


def test_a_password_that_is_no_text_is_refused(
    options: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(options["--password-file"]).write_bytes(b"\xff" * 20)
    assert "line of text" in refusal(monkeypatch, capsys, *(part for pair in options.items() for part in pair))[1]


def test_a_key_of_another_certificate_or_with_a_passphrase_is_refused(pair: Pair, tmp_path: Path) -> None:
    other = make_pair(tmp_path, "other.test")
    locked = tmp_path / "locked.key"
    command = ["openssl", "ec", "-in", str(pair.key), "-out", str(locked), "-aes128", "-passout", "pass:abcdef"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a fixed command
    password = write_password(tmp_path)
    for key in (other.key, locked):
        with pytest.raises(SharingError, match="its own key without a passphrase"):
            sharing_of({"names": [NAME], "certificate": pair.certificate, "key": key, "password_file": password})


def test_names_are_taken_as_browsers_send_them(pair: Pair, tmp_path: Path) -> None:
    names = ["Clinic.Example", "2001:DB8:0::1", "192.168.1.20"]
    password = write_password(tmp_path)
    sharing = sharing_of({"names": names, "certificate": pair.certificate, "key": pair.key, "password_file": password})
    assert sharing is not None
    assert sharing.names == ("clinic.example", "[2001:db8::1]", "192.168.1.20")
    assert sharing.password.fits(PASSWORD)


def test_without_options_nothing_is_shared() -> None:
    assert sharing_of({}) is None
    assert sharing_of({"host": "::1"}) is None
    assert listening_host({}) == HOST


def test_a_socket_of_the_other_protocol_is_for_this_machine_too() -> None:
    port = free_port()
    try:
        with listening_socket(port, "::1") as listener:
            assert listener.family is socket.AF_INET6
    except PortError:
        pytest.skip("this machine has no IPv6")


def test_an_address_of_a_protocol_that_is_turned_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def turned_off(*_: object) -> None:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr("twitchwise.web.server.socket.socket", turned_off)
    with pytest.raises(PortError, match="--host must be an address of this computer, got '::1'"):
        listening_socket(8321, "::1")


def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int | str | None, str]:
    """Return exit code and error stream of ``twitchwise serve``, which must not begin to serve."""
    monkeypatch.setattr("twitchwise.web.server.Server.run", lambda *_, **__: pytest.fail("it serves"))
    monkeypatch.setattr(sys, "argv", ["twitchwise", "serve", "--port", str(free_port()), *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


def test_the_command_serves_over_tls_and_writes_nothing_about_who_came(options: dict[str, str], pair: Pair) -> None:
    port = free_port()
    words = [part for option in options.items() for part in option]
    command = [sys.executable, "-m", "twitchwise", "serve", "--port", str(port), *words]
    trusted = ssl.create_default_context(cafile=str(pair.certificate))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603 - own code
        try:
            assert running.stdout is not None
            assert f"https://{NAME}:{port}/" in running.stdout.readline()
            with httpx.Client(
                base_url=f"https://{HOST}:{port}", verify=trusted, headers=OWN, trust_env=False
            ) as browser:
                assert browser.get("/").status_code == SEE_OTHER
                assert sign_in(browser, "wrong password").status_code == FORBIDDEN
                assert sign_in(browser).status_code == SEE_OTHER
                assert browser.post("/visit").status_code == SEE_OTHER
                assert browser.get("/", headers={"host": "evil.example"}).status_code == 400
            with pytest.raises(httpx.ConnectError):  # a browser that does not know the certificate
                httpx.get(f"https://{HOST}:{port}/", trust_env=False)
            with socket.create_connection((HOST, port)) as plain:
                plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
                plain.recv(100)
        finally:
            running.send_signal(signal.SIGINT)
            rest, errors = running.communicate(timeout=PATIENCE_S)
    assert (rest, errors) == ("Stopped. All answers of checks are erased.\n", "")


def test_no_page_promises_that_what_is_typed_stays_on_this_computer(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        sign_in(browser)
        visit = browser.post("/visit", headers=OWN).headers["location"].rsplit("/", 1)[0]
        browser.post(f"{visit}/emergency", data={"signs": "none"}, headers=OWN)
        pages = ["/", "/measure", "/explore", "/learn", f"{visit}/words", f"{visit}/recording", f"{visit}/result"]
        for page in pages:
            shown = browser.get(page)
            assert shown.status_code == 200, page
            assert "on this computer." not in shown.text, page
            assert "nothing is saved on the disk" not in shown.text
            assert "in my diary" not in shown.text
