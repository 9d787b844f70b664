import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from twitchwise.web import guard
from twitchwise.web.guard import SAFE_HEADERS, Guard, host_of
from twitchwise.web.rendering import problem

Person = Any
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "place", ["/", "/erased", "/nowhere", "/static/style.css", "/static/icon.svg", "/static/no", "/visit/x/act"]
)
def test_every_answer_carries_the_safe_headers(client: TestClient, place: str) -> None:
    headers = client.get(place).headers
    assert {name: headers.get(name) for name in SAFE_HEADERS} == dict(SAFE_HEADERS)


def test_the_policy_lets_in_nothing_but_the_own_style_scripts_and_pictures() -> None:
    assert SAFE_HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert SAFE_HEADERS["Referrer-Policy"] == "no-referrer"
    assert SAFE_HEADERS["Cache-Control"] == "no-store"


def test_no_cookie_is_ever_set(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/").headers
    assert "set-cookie" not in client.post("/visit").headers


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8321", "localhost", "LOCALHOST:80", "[::1]", "[::1]:8321"])
def test_this_machine_is_answered_under_its_own_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8321", "", "[::2]", "[", "10.0.0.1", "testserver"]
)
def test_another_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "Start now" not in response.text


def test_a_host_is_told_from_its_port() -> None:
    assert [host_of(header) for header in ("a:1", "a", "[::1]:2", "[::1]")] == ["a", "a", "[::1]", "[::1]"]


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)]
)
def test_a_form_of_a_foreign_page_opens_no_visit(client: TestClient, app: FastAPI, site: str, status: int) -> None:
    assert client.post("/visit", headers={"sec-fetch-site": site}).status_code == status
    assert len(app.state.visits) == (status == 303)


def test_a_form_of_a_foreign_page_puts_no_words_into_a_visit(person: Person, app: FastAPI) -> None:
    for place in ("words", "understood", "question/fasciculation"):
        data = {"text": "twitch", "told": "fasciculation", "answer": "present"}
        response = person.client.post(person.url(place), data=data, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403
    visit = app.state.visits.get(person.token)
    assert visit.text == ""
    assert "fasciculation" not in visit.answers


def test_a_link_on_a_foreign_page_may_lead_to_the_start(client: TestClient) -> None:
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_form_that_is_too_big_is_refused(person: Person) -> None:
    response = person.post("about", age="4" * guard.LARGEST_FORM_BYTES)
    assert response.status_code == 413
    assert "too big" in response.text


def test_a_body_in_pieces_is_counted_to_its_end(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LARGEST_FORM_BYTES", 100)
    token = client.post("/visit").headers["location"].split("/")[2]
    response = client.post(f"/visit/{token}/emergency", content=iter([b"signs=none&x=" + b"y" * 60] * 5), headers=FORM)
    assert response.status_code == 413
    assert "too big" in response.text


def test_a_body_without_end_is_not_drained_for_ever(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LARGEST_FORM_BYTES", 10)
    monkeypatch.setattr(guard, "MOST_DRAINED_BYTES", 50)
    token = client.post("/visit").headers["location"].split("/")[2]
    response = client.post(f"/visit/{token}/emergency", content=iter([b"x" * 20] * 20), headers=FORM)
    assert response.status_code == 413


@pytest.mark.parametrize(("most_drained", "taken"), [(10**6, 6), (60, 4)])
def test_the_rest_of_a_body_that_is_too_big_is_taken_and_dropped(
    monkeypatch: pytest.MonkeyPatch, most_drained: int, taken: int
) -> None:
    # a browser shows the answer only when it could send all it has
    monkeypatch.setattr(guard, "LARGEST_FORM_BYTES", 30)
    monkeypatch.setattr(guard, "MOST_DRAINED_BYTES", most_drained)
    pieces = [{"type": "http.request", "body": b"x" * 20, "more_body": left > 0} for left in reversed(range(6))]
    got: list[int] = []

    async def receive() -> Message:
        got.append(1)
        return pieces[len(got) - 1]

    async def read_all(_: Scope, receive: Receive, __: Send) -> None:
        while (await receive())["more_body"]:
            pass

    async def send(_: Message) -> None:
        pytest.fail("nothing is to be answered")

    scope = {"type": "http", "method": "POST", "headers": [(b"host", b"localhost")]}
    with pytest.raises(HTTPException) as refused:
        asyncio.run(Guard(read_all, problem)(scope, receive, send))
    assert refused.value.status_code == 413
    assert len(got) == taken


def test_the_interface_is_not_documented_for_scripts(client: TestClient) -> None:
    assert [client.get(place).status_code for place in ("/docs", "/redoc", "/openapi.json")] == [404] * 3
