"""A real server that is shared, over TLS, with a certificate of its own and a clock that stands still."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from twitchwise.knowledge import Library
from twitchwise.web import application
from twitchwise.web.password import Password
from twitchwise.web.server import HOST, Server, listening_socket
from twitchwise.web.sharing import Sharing
from twitchwise.web.sign_in import Entrance

if TYPE_CHECKING:
    from twitchwise.diary.in_database import Database

NAME = "clinic.test"
PASSWORD = "twelve little birds"  # noqa: S105 - of a server that lives for a test
PATIENCE_S = 60
OWN = {"sec-fetch-site": "same-origin"}


class Pair(NamedTuple):
    """Files of a certificate and its key."""

    certificate: Path
    key: Path


def make_pair(folder: Path, name: str = NAME) -> Pair:
    """Write a certificate for a name and for this machine."""
    openssl = shutil.which("openssl")
    if openssl is None and not os.environ.get("CI"):
        pytest.skip("no openssl on the path, which makes the certificate of the test")
    assert openssl is not None, "CI is set, so openssl must be on the path"
    pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},DNS:localhost,IP:{HOST}"]
    command += ["-keyout", str(pair.key), "-out", str(pair.certificate)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a fixed command
    return pair


def write_password(folder: Path, text: str = PASSWORD, mode: int = 0o600) -> Path:
    """Write a password file."""
    file = folder / "password"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


@dataclass(slots=True)
class Clock:
    """A clock that goes on only when told to."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True, slots=True)
class Clinic:
    """A running server."""

    address: str
    clock: Clock
    app: FastAPI
    entrance: Entrance
    server: Server
    certificate: Path

    def browser(self, headers: dict[str, str] | None = None) -> httpx.Client:
        """Return a browser that trusts the server and follows no redirect by itself."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        own = OWN if headers is None else headers
        return httpx.Client(base_url=self.address, verify=trusted, headers=own, trust_env=False, timeout=PATIENCE_S)

    @contextmanager
    def signed_in(self) -> Iterator[httpx.Client]:
        """Give a browser that has signed in."""
        with self.browser() as browser:
            assert sign_in(browser).status_code == 303
            yield browser


def sign_in(browser: httpx.Client, password: str = PASSWORD, way: str = "") -> httpx.Response:
    """Send the form of the sign-in page."""
    return browser.post("/sign-in", data={"password": password, "next": way})


@contextmanager
def open_clinic(knowledge: Library, pair: Pair, diaries: "Database | None" = None) -> Iterator[Clinic]:
    """Serve pages to others until the test is done with them; with a database they keep diaries."""
    clock, password = Clock(), Password(PASSWORD)
    entrance = Entrance([NAME], password, clock, diaries)
    sharing = Sharing(names=(NAME,), certificate=pair.certificate, key=pair.key, password=password)
    app = application(knowledge, entrance)
    port = free_port()
    with listening_socket(port) as listener:
        server = Server(app, f"https://{NAME}:{port}/", open_browser=False, sharing=sharing)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        until_s = time.monotonic() + PATIENCE_S
        while not server.started and running.is_alive() and time.monotonic() < until_s:
            time.sleep(0.02)
        try:
            yield Clinic(f"https://{HOST}:{port}", clock, app, entrance, server, pair.certificate)
        finally:
            server.should_exit = True
            running.join(PATIENCE_S)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A certificate and its key."""
    return make_pair(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def clinic(knowledge: Library, pair: Pair) -> Iterator[Clinic]:
    """A shared server."""
    with open_clinic(knowledge, pair) as clinic:
        yield clinic
