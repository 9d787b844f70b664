"""What is known can be read: a page for each condition, finding and claim, with sources, review and a way on."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.conftest import PageReader

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import ConditionKind
from twitchwise.report.about_finding import alarms_of, causes_with
from twitchwise.report.wording import EMERGENCY_NUMBER
from twitchwise.vocabulary import Urgency


def read(client: TestClient, path: str) -> PageReader:
    response = client.get(path)
    assert response.status_code == 200, path
    return PageReader(response.text)


def text_of(page: PageReader) -> str:
    return " ".join(page.texts)


def test_every_condition_finding_and_claim_has_a_page(client: TestClient, knowledge: Library) -> None:
    index = set(read(client, "/learn").links)
    assert {f"/learn/condition/{one}" for one in knowledge.conditions} <= index
    assert {f"/learn/claim/{one}" for one in knowledge.claims} <= index
    for kind in ("condition", "finding", "claim"):
        for name in getattr(knowledge, f"{kind}s"):
            assert read(client, f"/learn/{kind}/{name}").title


def test_no_link_of_these_pages_leads_nowhere(client: TestClient, knowledge: Library) -> None:
    seen: set[str] = set()
    ahead = ["/learn", *(f"/learn/condition/{one}" for one in list(knowledge.conditions)[::7])]
    for path in ahead:
        seen |= {link for link in read(client, path).links if link.startswith("/learn")}
    for path in sorted(seen)[::3]:
        assert client.get(path).status_code == 200, path


def test_a_condition_says_how_soon_what_happens_what_helps_and_whether_it_was_reviewed(
    client: TestClient, knowledge: Library
) -> None:
    page = text_of(read(client, "/learn/condition/caffeine"))
    condition = knowledge.conditions["caffeine"]
    for part in (condition.summary, condition.what_happens, condition.care.outlook):
        assert " ".join(part.split()) in page
    assert "How soon to seek help" in page
    assert "no clinician has reviewed this text" in page
    assert "not a medical device" in page


def test_a_sign_that_needs_help_at_once_says_so_before_anything_else(client: TestClient, knowledge: Library) -> None:
    for finding in knowledge.findings.values():
        if finding.emergency_sign:
            page = text_of(read(client, f"/learn/finding/{finding.id}"))
            at = page.find(EMERGENCY_NUMBER)
            assert 0 < at < page.find("How the check asks")


def test_the_alarms_of_a_finding_come_most_urgent_first(knowledge: Library) -> None:
    for finding in knowledge.findings.values():
        levels = [one.level for one in alarms_of(finding, knowledge)]
        assert levels == sorted(levels, reverse=True)
    assert alarms_of(knowledge.findings["face_droop"], knowledge)[0].level is Urgency.EMERGENCY


def test_what_is_harmless_stands_before_diseases(knowledge: Library) -> None:
    kinds = [one.kind is ConditionKind.DISEASE for one in causes_with(knowledge.findings["fasciculation"], knowledge)]
    assert kinds == sorted(kinds)
    assert not kinds[0]


def test_a_search_finds_by_label_and_summary_and_says_when_nothing_fits(client: TestClient) -> None:
    assert "/learn/condition/caffeine" in read(client, "/learn?q=coffee").links
    nothing = read(client, "/learn?q=zebra%20crossing")
    assert not [link for link in nothing.links if link.startswith("/learn/")]
    assert "No page has all of these words" in text_of(nothing)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(words=st.text(max_size=140))
def test_any_words_give_a_page_and_are_shown_as_they_are(client: TestClient, words: str) -> None:
    response = client.get("/learn", params={"q": words})
    assert response.status_code in {200, 422}
    assert "<script" not in response.text.split("<main", 1)[1]


@pytest.mark.parametrize("path", ["condition/none", "finding/../x", "claim/%00", "condition/caffeine/x"])
def test_a_page_that_is_not_there_is_said_to_be_none(client: TestClient, path: str) -> None:
    assert client.get(f"/learn/{path}").status_code == 404


def test_pages_are_found_by_german_words_and_stand_in_german_order(client: TestClient) -> None:
    client.headers["accept-language"] = "de"
    for words in ("kaffee", "coffee", "koffein"):
        assert "/learn/condition/caffeine" in read(client, f"/learn?q={words}").links
    everything = client.get("/learn").text
    assert everything.index(">Dehydratation") < everything.index(">Koffein<") < everything.index(">Stress<")
