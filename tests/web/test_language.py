"""The language of a page: what was chosen, else what the browser wishes, and never a way to another site."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from twitchwise.report.languages import DEFAULT, LANGUAGES
from twitchwise.web.languages import language_for

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("wished", "chosen", "given"),
    [
        ("", "", "en"),
        ("de", "", "de"),
        ("de-CH,de;q=0.9,en;q=0.8", "", "de"),
        ("en;q=0.8, de;q=0.9", "", "de"),
        ("fr, es;q=0.5", "", "en"),
        ("de;q=0, en", "", "en"),
        ("de", "en", "en"),
        ("en", "de", "de"),
        ("de", "xx", "de"),
        ("de;q=much", "", "en"),
    ],
)
def test_a_browser_gets_the_language_it_chose_or_wishes(wished: str, chosen: str, given: str) -> None:
    cookie = f"other=1; language={chosen}" if chosen else ""
    assert language_for(Headers({"accept-language": wished, "cookie": cookie})) == given


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_browser_sends_it_gets_a_language(wished: str, cookie: str) -> None:
    raw = [(b"accept-language", wished.encode()), (b"cookie", cookie.encode())]
    assert language_for(Headers(raw=raw)) in LANGUAGES


def test_a_choice_is_kept_in_the_browser_and_leads_back(client: "TestClient") -> None:
    answer = client.get("/language/de", params={"back": "/explore?cause=caffeine"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/explore?cause=caffeine"
    kept = answer.headers["set-cookie"].lower()
    assert kept.startswith("language=de;")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in kept.split(";")}
    assert '<html lang="de">' in client.get("/").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "", "x", "/a\n/b"])
def test_a_choice_never_leads_to_another_site(client: "TestClient", back: str) -> None:
    assert client.get("/language/de", params={"back": back}).headers["location"] == "/"


def test_a_language_that_is_not_there_is_not_found(client: "TestClient") -> None:
    answer = client.get("/language/xx")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_an_answer_says_what_it_depends_on(client: "TestClient") -> None:
    assert client.get("/").headers["vary"] == "Accept-Language, Cookie"
    assert client.get("/static/style.css").headers["vary"] == "Accept-Encoding"
    assert DEFAULT in LANGUAGES
