import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

from twitchwise import report
from twitchwise.knowledge import Library
from twitchwise.report.chain.explanation import Explanation
from twitchwise.report.chain.sentences import NOT_MEASURED
from twitchwise.simulate.condition import known_conditions
from twitchwise.vocabulary import MissingExtraError
from twitchwise.web.routes import happens

if TYPE_CHECKING:
    import httpx

    from twitchwise.simulate.links import Chain

Person = Any
Read = Callable[["httpx.Response"], Any]
CAUSE = "alkalosis"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Stands in for the model, and notes what it is asked for."""
    calls: list[str] = []

    def explain(condition: str) -> Explanation:
        calls.append(condition)
        return Explanation(
            svg='<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="in words"/>',
            alt="in words",
            caption=f"A caption. {NOT_MEASURED}",
            sentences=("Nerve fiber: <b>something</b>.", "Limb: something."),
            chain=cast("Chain", None),  # the page shows none of it
        )

    monkeypatch.setattr(report, "explain", explain, raising=False)
    happens._explained.cache_clear()
    yield calls
    happens._explained.cache_clear()


def test_the_page_shows_figure_sentences_and_the_way_back(person: Person, read: Read, asked: list[str]) -> None:
    response = person.get(f"happens/{CAUSE}")
    assert response.status_code == 200
    page = read(response)
    assert 'role="img" aria-label="in words"' in response.text
    assert "Nerve fiber: <b>something</b>." in page.text
    assert "&lt;b&gt;" in response.text
    assert NOT_MEASURED in page.text
    assert person.url("result") in page.links
    assert asked == [CAUSE]


def test_the_stories_about_it_are_told_with_both_sides(
    person: Person, read: Read, asked: list[str], knowledge: Library
) -> None:
    del asked
    text = read(person.get(f"happens/{CAUSE}")).text
    story = next(story for story in knowledge.stories.values() if CAUSE in story.about)
    assert f"People say: {story.popular.says}" in text
    assert f"Studies found: {story.evidence.says}" in text
    assert "People say" not in read(person.get("happens/essential_tremor")).text


def test_it_is_computed_once_for_all_visits(person: Person, asked: list[str]) -> None:
    other = str(person.client.post("/visit").headers["location"]).removesuffix("/emergency")
    person.client.post(f"{other}/emergency", data={"signs": "none"})
    for url in (person.url(f"happens/{CAUSE}"), f"{other}/happens/{CAUSE}", person.url(f"happens/{CAUSE}")):
        assert person.client.get(url).status_code == 200
    assert asked == [CAUSE]


@pytest.mark.parametrize("name", ["the_moon", "healthy", "..%2F..", "a" * 300])
def test_what_is_no_condition_is_not_there(person: Person, asked: list[str], name: str) -> None:
    assert person.get(f"happens/{name}").status_code == 404
    assert asked == []


def test_a_condition_that_the_model_does_not_know_has_no_page(
    person: Person, asked: list[str], knowledge: Library
) -> None:
    without = sorted(set(knowledge.conditions) - set(known_conditions(knowledge)))
    for name in without[:1]:
        assert person.get(f"happens/{name}").status_code == 404
    assert asked == []


def test_the_emergency_signs_come_first(newcomer: Person, asked: list[str]) -> None:
    response = newcomer.get(f"happens/{CAUSE}")
    assert newcomer.place_after(response) == "emergency"
    assert asked == []


def test_without_the_extra_the_page_says_so_and_leads_back(
    person: Person, read: Read, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: str) -> Explanation:
        raise MissingExtraError("Simulating nerve and muscle", "simulate")

    monkeypatch.setattr(report, "explain", missing, raising=False)
    response = person.get(f"happens/{CAUSE}")
    assert response.status_code == 200
    page = read(response)
    assert "must have the extra 'simulate'" in page.text
    assert "<svg" not in response.text
    assert person.url("result") in page.links
    assert asked == []


def test_the_result_leads_there_from_each_cause_that_has_a_mechanism(
    person: Person, read: Read, knowledge: Library
) -> None:
    person.post("question/fasciculation", answer="present")
    person.post("question/stress", answer="present")
    links = [link for link in read(person.get("result")).links if "/happens/" in link]
    assert len(links) >= 2
    assert len(links) == len(set(links))
    for link in links:
        assert knowledge.conditions[link.rpartition("/")[2]].mechanism


def test_a_cause_without_a_mechanism_has_no_such_link(talker: Person, read: Read, talking: Library) -> None:
    page = read(talker.get("result"))
    modeled = {name for name, condition in talking.conditions.items() if condition.mechanism}
    shown = {name for name, condition in talking.conditions.items() if condition.label in page.texts}
    assert shown - modeled
    assert {link.rpartition("/")[2] for link in page.links if "/happens/" in link} == shown & modeled


def test_a_real_page_asks_for_nothing_and_brings_no_style_that_would_be_refused(person: Person, read: Read) -> None:
    happens._explained.cache_clear()
    response = person.get("happens/caffeine")
    assert response.status_code == 200
    main = response.text[response.text.index("<main") :]
    assert " style=" not in main
    assert "<script" not in response.text
    assert not re.search(r'(src|href)="(https?:)?//', main)
    assert read(response).text.count(": the model changes nothing here.") < 7
    assert "you do not have" not in response.text.lower()
    assert "<title>What happens in nerve and muscle" in response.text
