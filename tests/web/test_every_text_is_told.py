"""No page of the site says a word that is not in the catalogs, apart from what a person typed and what others wrote.

The pages are asked for in a language that puts each text of the catalogs in brackets (`pseudo`).
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.pseudo import TAG, left_out, speak_pseudo

from twitchwise.knowledge import Library
from twitchwise.report.languages import LANGUAGE

if TYPE_CHECKING:
    import httpx
    from starlette.testclient import TestClient

Person = Any
PATIENCE_S = 60
TYPED = ("calf.csv", "Calf.csv", "I drink a lot of coffee.", "emg", "CSV or text table", "EMG")
"""What the file says of itself, and what was typed."""


@pytest.fixture(autouse=True)
def _in_another_language(monkeypatch: pytest.MonkeyPatch, client: "TestClient") -> Iterator[None]:
    speak_pseudo(monkeypatch)
    client.headers["accept-language"] = TAG
    before = LANGUAGE.set(TAG)
    yield
    LANGUAGE.reset(before)


def untold(page: "httpx.Response") -> list[str]:
    assert page.headers["content-type"].startswith("text/html")
    assert f'<html lang="{TAG}">' in page.text
    return left_out(without_typed(page.text))


def without_typed(html: str) -> str:
    # the figures' letters have no such brackets and show "?" for them
    html = re.sub(r">\?([^<>]*)\?<", ">\u27e6\\1\u27e7<", html)
    for one in TYPED:
        html = html.replace(one, "")
    return html


def test_the_language_shows_what_is_left_out() -> None:
    assert left_out("<p>\u27e6Told\u27e7 <b>not told</b></p><p lang='en'>A title</p><p>3 mV</p>") == ["not told"]
    assert left_out("<input aria-label='Not told'><p>\u27e6All \u27e6is\u27e7 told\u27e7</p>") == ["Not told"]


@pytest.mark.parametrize("path", ["/", "/measure", "/explore", "/learn", "/learn?q=coffee", "/learn?q=xyz", "/erased"])
def test_a_first_page(client: "TestClient", path: str) -> None:
    assert untold(client.get(path)) == []


@pytest.mark.parametrize("path", ["/nowhere", "/explore?cause=nothing", "/learn/finding/none", "/visit"])
def test_a_refusal(client: "TestClient", path: str) -> None:
    page = client.get(path)
    assert page.status_code in {404, 405, 422}
    assert [words for words in untold(page) if words not in {"nothing", "cause"}] == []


def test_every_page_to_read(client: "TestClient", knowledge: Library) -> None:
    names = [f"condition/{name}" for name in knowledge.conditions]
    names += [f"finding/{name}" for name in knowledge.findings] + [f"claim/{name}" for name in knowledge.claims]
    generic = {word for one in knowledge.medicines.values() for word in one.names}
    for name in names:
        leaks = [words for words in untold(client.get(f"/learn/{name}")) if not is_made_of(words, generic)]
        assert leaks == [], name


def is_made_of(words: str, names: set[str]) -> bool:
    """Tell whether words are an enumeration of names of medicines."""
    return all(part.strip(" :") in names for part in words.strip(" :").split(",") if part.strip(" :"))


def test_every_question(person: Person, knowledge: Library) -> None:
    person.at_the_questions()
    for name in ("fasciculation", "twitch_duration"):
        assert untold(person.get(f"question/{name}")) == []
        refused = person.post(f"question/{name}")
        assert refused.status_code == 422
        assert untold(refused) == []
    for name in knowledge.checklists:
        page = person.get(f"question/{name}")
        assert page.status_code != 200 or untold(page) == []


def test_a_newcomer(newcomer: Person) -> None:
    assert untold(newcomer.get("emergency")) == []
    assert untold(newcomer.post("emergency")) == []


def test_an_emergency(newcomer: Person) -> None:
    newcomer.post("emergency", signs="face_droop")
    for place in ("act", "result", "check", "words"):
        assert untold(newcomer.get(place)) == [], place


def test_own_words(person: Person) -> None:
    person.post("words", text="I drink a lot of coffee.")
    for place in ("words", "understood", "about"):
        assert untold(person.get(place)) == [], place
    assert untold(person.post("about", age="old")) == []


def test_a_visit_with_a_recording(person: Person, emg_file: Path) -> None:
    person.at_the_questions()
    answers = {"fasciculation": "present", "caffeine": "present", "muscle_weakness": "absent", "twitch_duration": "20"}
    for name, answer in answers.items():
        person.post(f"question/{name}", answer=answer)
    person.post("about", age="52", sex="female")
    assert untold(person.get("where/fasciculation")) == []
    person.post("where/fasciculation", spot="left_calf")
    assert untold(person.get("recording")) == []
    assert untold(person.send()) == []
    person.send(("calf.csv", emg_file.read_bytes()))
    person.measured()
    for place in ("recording", "check", "result", "erase", "happens/caffeine"):
        assert untold(person.get(place)) == [], place


def test_a_recording_that_is_looked_through(client: "TestClient", emg_file: Path) -> None:
    url = client.post("/measure", files=[("files", ("calf.csv", emg_file.read_bytes()))]).headers["location"]
    assert untold(client.get(url)) == []
    until_s = time.monotonic() + PATIENCE_S
    while (status := client.get(f"{url}/status").json())["is_working"] and time.monotonic() < until_s:
        time.sleep(0.05)
    assert left_out(f"<p>{status['said']}</p>") == []
    assert untold(client.get(url)) == []
    added = client.post(f"{url}/events", data={"do": "add", "time_s": "1.5", "channel": "0", "kind": "twitch"})
    assert added.status_code == 303
    assert untold(client.get(url)) == []
    events = client.get(f"{url}/events").json()
    assert left_out("".join(f"<p>{one['kind']}</p>" for one in events["events"])) == []
    for tally in events["tallies"]:
        assert left_out(without_typed("".join(f"<p>{value}</p>" for value in tally.values()))) == []
    assert untold(client.post(f"{url}/events", data={"do": "add", "time_s": "x"})) == []
    assert left_out(without_typed(client.get(f"{url}/export/picture.svg").text)) == []
    client.post(f"{url}/erase")
    assert untold(client.get("/measure/erased")) == []


def test_every_cause_to_explore(client: "TestClient", knowledge: Library) -> None:
    for name in ["surroundings", *list(knowledge.conditions)[::12]]:
        page = client.get("/explore", params={"cause": name})
        assert page.status_code == 422 or untold(page) == [], name
    told = client.get("/explore/traces", params={"cause": "low_calcium"}).json()
    lines = [told["said"], *(row["sentence"] for stage in told["stages"] for row in stage["numbers"])]
    lines += [chart[name] for stage in told["stages"] for chart in stage["charts"] for name in ("title", "alt")]
    assert left_out("".join(f"<p>{line}</p>" for line in lines)) == []
