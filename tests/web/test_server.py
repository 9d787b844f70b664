import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send
from tests.web.browsing import served

import twitchwise.web
from twitchwise.knowledge import Library
from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError, UnreadableRecordingError
from twitchwise.web import application, serve
from twitchwise.web.server import HOST, PortError, Server, ended_calmly, listening_socket

START = "from twitchwise.web import serve; serve({port}, open_browser=False)"
PATIENCE_S = 60  # a slow machine may take long to load everything


@pytest.fixture
def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def process(free_port: int) -> Iterator["subprocess.Popen[str]"]:
    """The server as a program of its own."""
    command = [sys.executable, "-c", START.format(port=free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603 - own code
        yield running
        running.kill()


@pytest.mark.parametrize("port", [0, -1, 65536, 10**9])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(OutOfRangeError, match=r"port must be a whole number from 1 to 65535, got"):
        serve(port, open_browser=False)


def test_a_port_in_use_is_answered_with_the_next_step(free_port: int) -> None:
    with listening_socket(free_port), pytest.raises(PortError, match=r"choose another with --port\.$") as refused:
        serve(free_port, open_browser=False)
    assert isinstance(refused.value, TwitchwiseError)
    assert str(free_port) in str(refused.value)


def test_only_this_machine_can_reach_it(free_port: int) -> None:
    with listening_socket(free_port) as listener:
        assert listener.getsockname() == ("127.0.0.1", free_port)


def test_it_says_where_it_is_and_ctrl_c_ends_it_cleanly(process: "subprocess.Popen[str]", free_port: int) -> None:
    assert process.stdout is not None
    assert f"http://127.0.0.1:{free_port}/" in process.stdout.readline()
    response = httpx.get(f"http://127.0.0.1:{free_port}/")
    assert response.status_code == 200
    assert "server" not in response.headers
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert rest == "Stopped. All answers of checks are erased.\n"
    assert errors == ""


def test_ctrl_c_while_a_recording_is_measured_leaves_no_trace_and_no_file(free_port: int, tmp_path: Path) -> None:
    code = f"""
import tempfile, time, twitchwise.web.server, twitchwise.web.upload
tempfile.tempdir = {str(tmp_path)!r}
twitchwise.web.server.PATIENCE_S = 1
twitchwise.web.upload.examine_until_stopped = lambda *_, **__: time.sleep(10)
{START.format(port=free_port)}
"""
    command = [sys.executable, "-c", code]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running,  # noqa: S603 - own code
        httpx.Client(base_url=f"http://{HOST}:{free_port}", timeout=PATIENCE_S) as client,
    ):
        assert running.stdout is not None
        running.stdout.readline()
        visit = client.post("/visit").headers["location"].removesuffix("/emergency")
        client.post(f"{visit}/emergency", data={"signs": "none"})
        assert client.post(f"{visit}/recording", files={"files": ("a.csv", b"1")}).status_code == 303
        assert client.get(f"{visit}/recording/status").json()["is_working"]
        assert len(list(tmp_path.iterdir())) == 1
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("begun", "statuses"), [(True, [200]), (False, [503])])
def test_what_is_cut_short_is_answered_once(begun: bool, statuses: list[int]) -> None:  # noqa: FBT001 - a parameter
    sent: list[Message] = []

    async def cut_short(_: Scope, __: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise asyncio.CancelledError

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def answer() -> None:
        await ended_calmly(cut_short)({"type": "http"}, receive, send)

    asyncio.run(answer())
    assert [message["status"] for message in sent if message["type"] == "http.response.start"] == statuses


def test_it_opens_the_browser_when_it_listens_and_only_when_told_to(
    knowledge: Library, free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    for wanted in (True, False):
        with running_server(knowledge, free_port, open_browser=wanted):
            pass
    assert opened == [f"http://127.0.0.1:{free_port}/"]
    assert "Press Ctrl-C" in capsys.readouterr().out


def test_other_pages_are_quick_while_a_recording_is_measured(
    knowledge: Library, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def measure_for_long(*_: Any, **__: Any) -> None:  # noqa: ANN401 - whatever it is called with
        begun.set()
        may_end.wait(PATIENCE_S)
        raise UnreadableRecordingError("it took long")

    monkeypatch.setattr("twitchwise.web.measurings.measure_upload", measure_for_long)
    with running_server(knowledge, free_port) as address:
        visit = httpx.post(f"{address}visit").headers["location"].removesuffix("/emergency").lstrip("/")
        httpx.post(f"{address}{visit}/emergency", data={"signs": "none"})
        assert httpx.post(f"{address}{visit}/recording", files={"files": ("a.csv", b"1")}).status_code == 303
        assert begun.wait(PATIENCE_S)
        assert httpx.get(f"{address}{visit}/about").status_code == 200
        assert httpx.get(f"{address}{visit}/recording/status").json()["is_working"]
        may_end.set()
        while httpx.get(f"{address}{visit}/recording/status").json()["is_working"]:
            time.sleep(0.02)
        assert httpx.get(f"{address}{visit}/recording").status_code == 422


def test_being_interrupted_is_no_fault(
    free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:  # noqa: ANN401 - whatever it is called with
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "run", interrupt)
    serve(free_port, open_browser=False)
    assert "All answers of checks are erased" in capsys.readouterr().out


def test_the_command_line_finds_it() -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 - only here

    (surface,) = entry_points(group="twitchwise.surfaces", name="web")
    assert surface.load() is twitchwise.web.serve


@contextmanager
def running_server(knowledge: Library, port: int, *, open_browser: bool = False) -> Iterator[str]:
    """Run the server beside the test and give its address."""
    address = f"http://{HOST}:{port}/"
    with listening_socket(port) as listener:
        server = Server(application(knowledge), address, open_browser=open_browser)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        try:
            wait_until_it_listens(port)
            yield address
        finally:
            server.should_exit = True
            running.join(PATIENCE_S)
    assert not running.is_alive()


def wait_until_it_listens(port: int) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        try:
            if httpx.get(f"http://{HOST}:{port}/").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    pytest.fail("the server does not answer")


def test_a_browser_that_goes_away_in_the_middle_of_a_form_leaves_no_trace(
    knowledge: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    with served(knowledge) as address:
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        head = f"POST /visit HTTP/1.1\r\nHost: {host}:{port}\r\n"
        with closing(socket.create_connection((host, int(port)))) as browser:
            browser.sendall(head.encode() + b"Content-Length: 0\r\n\r\n")
            visit = browser.recv(4096).decode().split("location: ")[1].split("/emergency")[0]
        with closing(socket.create_connection((host, int(port)))) as browser:
            form = f"POST {visit}/emergency HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 100\r\n"
            browser.sendall(form.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\nsigns=")
        assert httpx.get(address).status_code == 200
    assert "Traceback" not in capfd.readouterr().err


def test_answers_are_sent_at_once_and_not_held_back_for_more(free_port: int) -> None:
    with listening_socket(free_port) as listener:
        # asyncio turns Nagle's algorithm off for sockets that say they are TCP, and for no others
        assert listener.proto == socket.IPPROTO_TCP
