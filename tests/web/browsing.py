"""A real server and a real browser before it; what every test of pages in a browser starts from."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from twitchwise.knowledge import Library
from twitchwise.web import application
from twitchwise.web.server import HOST, Server, listening_socket

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
TARGET_PX = 44
PATIENCE_S = 60
# A page without a script asks again every few seconds, and a busy machine takes its time; an answer that is there ends
# the wait at once.
expect.set_options(timeout=1000 * PATIENCE_S)


@pytest.fixture(scope="module")
def site(knowledge: Library) -> Iterator[str]:
    """The address of a real server."""
    with served(knowledge) as address:
        yield address


@contextmanager
def served(knowledge: Library) -> Iterator[str]:
    """Serve pages until the test is done with them."""
    app = application(knowledge)
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with listening_socket(port) as listener:
        address = f"http://{HOST}:{port}/"
        server = Server(app, address, open_browser=False)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        until_s = time.monotonic() + PATIENCE_S
        while not server.started and time.monotonic() < until_s:
            time.sleep(0.02)
        yield address
        server.should_exit = True
        running.join(PATIENCE_S)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; where there is none, the tests are skipped, but not on a build machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on the path; install one to try the pages in a real browser")
    assert found is not None, "CI is set, so a Chromium must be on the path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Notes what a page asks for and what it complains about."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def foreign(self) -> list[str]:
        return [url for url in self.requests if urlsplit(url).hostname != HOST and not url.startswith("data:")]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a browser that knows nothing yet; at the end, nothing foreign may have been asked for."""
    opened: list[tuple[Any, Watch]] = []

    def open_one(viewport: dict[str, int] = PHONE, **options: Any) -> Page:  # noqa: ANN401 - options of Playwright
        context = chromium.new_context(viewport=viewport, accept_downloads=True, **options)  # type: ignore[arg-type]
        page = context.new_page()
        opened.append((context, Watch(page)))
        return page

    yield open_one
    for context, watch in opened:
        context.close()
        assert watch.requests
        assert watch.foreign() == []
        # a form that must be corrected and a page that is not there are answered with 4xx, which a browser notes
        assert [said for said in watch.complaints if "the server responded with a status of 4" not in said] == []


def go(page: Page, way: Locator) -> None:
    """Take a way to another page, and wait until that is there."""
    with page.expect_navigation():
        way.click()


def press(page: Page, name: str) -> None:
    go(page, page.get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    go(page, page.get_by_role("link", name=name, exact=True).first)


def add_recording(page: Page, *files: Path) -> None:
    """Send the files of a recording, and wait until it is measured and listed."""
    page.get_by_label("Choose a file from this computer").set_input_files(list(files))
    page.get_by_role("button", name="Add this recording", exact=True).click()
    page.wait_for_url("**/recording#added", timeout=1000 * PATIENCE_S)
