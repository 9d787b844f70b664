"""A client for the application and a driver that fills in its pages as a person would."""

import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fastapi import FastAPI
from tests.web.browsing import chromium, open_page, site
from tests.web.clinic import clinic, pair
from tests.web.holding import held

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.library import DATA
from twitchwise.web import application

with warnings.catch_warnings():
    # the client's maker wants its own successor of httpx, which is not needed for anything else here
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from fastapi.testclient import TestClient

if TYPE_CHECKING:
    import httpx

__all__ = ["chromium", "clinic", "held", "open_page", "pair", "site"]  # fixtures of every test here

SEE_OTHER = 303
PATIENCE_S = 60


class PageReader(HTMLParser):
    """Collects what a reader of a page gets: title, text, links, ids and labels."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.texts: list[str] = []
        self.title = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        for name, value in attrs:
            if name == "href" and value is not None and tag == "a":
                self.links.append(value)
            if name == "id" and value is not None:
                self.ids.add(value)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        elif data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the middle of a visit."""

    client: TestClient
    token: str

    def url(self, place: str) -> str:
        return f"/visit/{self.token}/{place}"

    def get(self, place: str) -> "httpx.Response":
        response: httpx.Response = self.client.get(self.url(place))
        return response

    def post(self, place: str, /, **form: str | list[str]) -> "httpx.Response":
        response: httpx.Response = self.client.post(self.url(place), data=form)
        return response

    def has_no_sign(self) -> "Person":
        assert self.post("emergency", signs="none").status_code == SEE_OTHER
        return self

    def at_the_questions(self) -> "Person":
        """Say nothing in own words and nothing about oneself."""
        assert self.post("words").status_code == SEE_OTHER
        assert self.post("about").status_code == SEE_OTHER
        return self

    def send(self, *files: tuple[str, bytes], **form: str) -> "httpx.Response":
        """Send the files of a recording."""
        parts = [("files", file) for file in files]
        response: httpx.Response = self.client.post(self.url("recording"), files=parts, data=form)
        return response

    def measured(self) -> "httpx.Response":
        """Wait until nothing is measured any more, and return the page of the recordings."""
        until_s = time.monotonic() + PATIENCE_S
        while self.get("recording/status").json()["is_working"]:
            assert time.monotonic() < until_s, "measuring has no end"
            time.sleep(0.01)
        return self.get("recording")

    def place_after(self, response: "httpx.Response") -> str:
        assert response.status_code == SEE_OTHER, response.text
        return re.sub(rf"^/visit/{re.escape(self.token)}/", "", response.headers["location"])


@pytest.fixture(scope="session")
def knowledge() -> Library:
    """Knowledge that the program ships."""
    return library()


@pytest.fixture
def app(knowledge: Library) -> FastAPI:
    """The application, with no visit open."""
    return application(knowledge)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that follows no redirect by itself."""
    with TestClient(app, base_url="http://127.0.0.1:8321", follow_redirects=False) as client:
        yield client


@pytest.fixture
def newcomer(client: TestClient) -> Person:
    """Someone who has just pressed "Start now"."""
    response = client.post("/visit")
    assert response.status_code == SEE_OTHER
    return Person(client, response.headers["location"].split("/")[2])


@pytest.fixture
def person(newcomer: Person) -> Person:
    """Someone without emergency signs."""
    return newcomer.has_no_sign()


SAID_AS = {
    "twitch": "[twitch*]",
    "weak": "[weak*]",
    "drops": "[drop* things]",
    "strong": "[strong]",
    "stiff": "[stiff*]",
    "choking": "[chok*]",
}


@pytest.fixture
def talking(small_folder: Path) -> Library:
    """The small set with the words by which its findings are said, and a checklist of two."""
    shutil.copytree(DATA / "language", small_folder / "language", ignore=shutil.ignore_patterns("__pycache__"))
    for name, said in SAID_AS.items():
        file = small_folder / "findings" / f"{name}.yaml"
        more = f"said_as: {said}\ndetails: [side, site, duration, course]\n"
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    coffee = (small_folder / "findings" / "coffee.yaml").read_text(encoding="utf-8")
    (small_folder / "findings" / "tea.yaml").write_text(
        coffee.replace("id: coffee", "id: tea")
        .replace("much coffee", "much tea")
        .replace("cups of coffee", "cups of tea"),
        encoding="utf-8",
    )
    return Library(small_folder)


@pytest.fixture
def talker(talking: Library) -> Iterator[Person]:
    """Someone without emergency signs, before pages over the small set."""
    with TestClient(application(talking), base_url="http://127.0.0.1:8321", follow_redirects=False) as client:
        token = client.post("/visit").headers["location"].split("/")[2]
        yield Person(client, token).has_no_sign()


@pytest.fixture
def emg_file(tmp_path: Path) -> Path:
    """Half a minute of noise with a pulse every three seconds, as a table of volts at 1 kHz."""
    rate_hz, seconds = 1000, 30
    rng = np.random.default_rng(7)
    time_s = np.arange(rate_hz * seconds) / rate_hz
    volts = rng.normal(0, 4e-6, time_s.size)
    for start_s in range(2, seconds, 3):
        near = np.abs(time_s - start_s) < 0.01
        volts[near] += 4e-4 * np.sin(2 * np.pi * 100 * (time_s[near] - start_s))
    file = tmp_path / "calf.csv"
    np.savetxt(file, np.column_stack([time_s, volts]), delimiter=",", header="time_s,emg_v", comments="", fmt="%.9g")
    return file


@pytest.fixture
def read() -> Callable[["httpx.Response"], PageReader]:
    """Read a page as a person gets it."""
    return lambda response: PageReader(response.text)
