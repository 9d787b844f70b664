"""What the pages look like comes small, is kept until it changes, and was brought along with its licenses."""

import gzip
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.web.conftest import PageReader

from twitchwise.web.static_files import FOREVER, STATIC, address_of, version_of


def linked(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('href="')[1:] if part.startswith("/static/")]


def test_what_a_page_links_is_there_and_may_be_kept_for_good(client: TestClient) -> None:
    for address in linked(client.get("/").text):
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.headers["cache-control"] == FOREVER
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?v=old", "?v="])
def test_what_may_change_under_its_address_is_not_kept(client: TestClient, query: str) -> None:
    assert client.get(f"/static/style.css{query}").headers["cache-control"] == "no-store"


def test_pages_are_never_kept(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "vendor/../../app.py", "nothing.css"])
def test_nothing_beside_the_static_files_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_an_address_changes_with_the_content(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("twitchwise.web.static_files.STATIC", tmp_path)
    version_of.cache_clear()
    (tmp_path / "a.css").write_text("a {}", encoding="utf-8")
    before = address_of("a.css")
    version_of.cache_clear()
    (tmp_path / "a.css").write_text("b {}", encoding="utf-8")
    assert address_of("a.css") != before
    version_of.cache_clear()


def test_the_first_page_weighs_no_more_than_promised(client: TestClient) -> None:
    page = client.get("/")
    links = linked(page.text)
    sizes = [len(gzip.compress((STATIC / link.removeprefix("/static/").split("?")[0]).read_bytes())) for link in links]
    assert len(page.content) + sum(sizes) <= 150_000
    sent = client.get(links[0], headers={"accept-encoding": "gzip"})
    assert sent.headers["content-encoding"] == "gzip"
    assert PageReader(page.text).title.startswith("Check a muscle twitch")


def test_what_was_brought_along_names_its_licenses() -> None:
    licenses = (STATIC / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("htmx.org 4", "nhsuk-frontend 10", "uplot 1"):
        assert name in licenses
