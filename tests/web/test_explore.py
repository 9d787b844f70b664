"""The explore page and its endpoint: what is shown, what is refused, and that nothing makes it fail."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.test_wording import HIGHEST_GRADE, MOST_WORDS, grade, words_of

from twitchwise.knowledge import Library, library
from twitchwise.report.one_unit.page import explored
from twitchwise.report.one_unit.wording import DIALS, NUMBERS, STAGES
from twitchwise.simulate.one_unit import Activity, StageName, causes, dials_of
from twitchwise.web import application
from twitchwise.web.explore_query import FIRST_CAUSE

if TYPE_CHECKING:
    import httpx

Read = Callable[["httpx.Response"], Any]
KNOWLEDGE = library()
TRACES = "/explore/traces"
seldom = settings(
    max_examples=max(settings().max_examples // 3, 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    """A browser that meets every fault of the program as an exception."""
    with TestClient(application(KNOWLEDGE), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def healthy_fields(cause: str, *, story: bool = False) -> dict[str, str]:
    view = explored(cause, {}, Activity.REST, KNOWLEDGE, story=story).dials
    side = {"story": "popular"} if story else {}
    return {"cause": cause, **side, **{dial.id: dial.healthy for dial in view}}


def test_the_page_shows_every_stage_with_its_numbers_in_words(browser: TestClient, read: Read) -> None:
    response = browser.get("/explore")
    assert response.status_code == 200
    page = read(response)
    assert {f"stage-{name.value}" for name in StageName} <= page.ids
    assert re.search(r"Peak force: \S+ mN, healthy \S+ mN", page.text)
    assert "It does not say what you have" in page.text
    assert response.text.count('<svg class="chart-svg"') == response.text.count("<figure") + 1 == 10  # EMG has two
    assert KNOWLEDGE.conditions[FIRST_CAUSE].what_happens in page.text


def test_the_page_for_values_draws_and_tells_what_the_endpoint_says(browser: TestClient, read: Read) -> None:
    asked = {"cause": "low_calcium", "ionized_calcium": "0.9", "activity": "rest"}
    found = browser.get(TRACES, params=asked).json()
    page = read(browser.get("/explore", params=asked))
    assert found["said"] in page.text
    assert found["values"]["ionized_calcium"] == 0.9
    for stage in found["stages"]:
        for number in stage["numbers"]:
            assert number["changed"] in page.text


def test_every_slider_has_a_number_field_a_label_and_a_source(browser: TestClient) -> None:
    html = browser.get("/explore", params={"cause": "surroundings"}).text
    for dial in dials_of("surroundings"):
        name = dial.parameter
        assert re.search(rf'<label class="nhsuk-label" for="{name}">', html)
        assert re.search(rf'<input [^>]*type="number"[^>]* name="{name}"', html)
        slider = re.search(rf'<input [^>]*type="range"[^>]* id="{name}-slider"[^>]*>', html)
        assert slider is not None
        assert "name=" not in slider[0].replace(f"{name}-slider", "").replace("aria-label=", "")
        assert " hidden" in slider[0]
    assert "<strong>Assumed:</strong>" in html
    assert "Source: " in html


def test_it_brings_no_style_or_script_that_would_be_refused_and_nothing_from_elsewhere(browser: TestClient) -> None:
    html = browser.get("/explore").text
    assert " style=" not in html
    assert re.findall(r"<script(?![^>]*\bsrc=\"/static/)", html) == []
    assert re.findall(r'(?:src|action)="(?:https?:)?//', html) == []
    assert not re.search(r" on\w+=", html)


def test_the_story_is_told_with_both_sides_and_can_be_followed(browser: TestClient, read: Read) -> None:
    rates = {}
    for side in ("evidence", "popular"):
        asked = {"cause": "caffeine", "story": side}
        text = read(browser.get("/explore", params=asked)).text
        assert "People say: " in text
        assert "Studies found: " in text
        numbers = [one for stage in browser.get(TRACES, params=asked).json()["stages"] for one in stage["numbers"]]
        rates[side] = next(one["way"] for one in numbers if one["name"] == "fasciculation_rate")
    assert rates == {"evidence": "same", "popular": "up"}


@seldom
@given(cause=st.sampled_from(causes()), activity=st.sampled_from(list(Activity)), story=st.booleans())
def test_with_all_sliders_at_health_changed_is_healthy(
    browser: TestClient, cause: str, activity: Activity, *, story: bool
) -> None:
    asked = {**healthy_fields(cause, story=story), "activity": activity.value}
    found = browser.get(TRACES, params=asked)
    assert found.status_code == 200
    for stage in found.json()["stages"]:
        assert not stage["is_changed"]
        assert all(chart["healthy"] == chart["changed"] for chart in stage["charts"])
        assert all(one["healthy"] == one["changed"] and one["way"] == "same" for one in stage["numbers"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("cause=the_moon", "not known"),
        ("cause=low_calcium&moon=1", "cannot be changed here"),
        ("cause=low_calcium&ionized_calcium=9", "must be from 0.540541 to 1.184 mmol/L"),
        ("cause=low_calcium&ionized_calcium=much", "must be a number"),
        ("cause=low_calcium&ionized_calcium=nan", "must be a number"),
        ("cause=low_calcium&ionized_calcium=1e3", "must be a number"),
        ("cause=low_calcium&ionized_calcium=0.9&ionized_calcium=1", "given once"),
        ("cause=low_calcium&activity=dance", "not known"),
        ("cause=low_calcium&story=mine", "not known"),
        ("cause=eyelid_myokymia&grouped_discharge_duration=30000", "do not go together"),
        ("blood_ph=7.4", "cannot be changed here"),
    ],
)
def test_what_cannot_be_is_one_sentence(browser: TestClient, read: Read, asked: str, said: str) -> None:
    response = browser.get(f"{TRACES}?{asked}")
    assert response.status_code == 422
    error = response.json()["error"]
    assert said in error
    assert error.endswith(".")
    page = browser.get(f"/explore?{asked}")
    assert page.status_code == 422
    assert error in unescape(read(page).text)
    assert read(page).title.startswith("Error: ")


def test_the_summary_of_errors_leads_to_the_field(browser: TestClient, read: Read) -> None:
    page = read(browser.get("/explore?cause=low_calcium&ionized_calcium=9"))
    assert "#ionized_calcium" in page.links
    assert "ionized_calcium" in page.ids
    other = read(browser.get("/explore?moon=9"))
    assert "#cause" in other.links


def test_the_address_that_comes_back_leads_to_the_same(browser: TestClient) -> None:
    first = browser.get(f"{TRACES}?cause=alkalosis&blood_ph=7.55").json()
    again = browser.get(f"{TRACES}?{first['address']}").json()
    assert again == first


def test_the_sound_is_a_file_for_health_and_for_the_change(browser: TestClient) -> None:
    files = []
    for who in ("healthy", "changed"):
        response = browser.get(f"/explore/sound.wav?cause=low_calcium&ionized_calcium=0.7&who={who}")
        assert response.status_code == 200
        assert response.headers["content-type"] == "audio/wav"
        assert response.content[:4] == b"RIFF"
        files.append(response.content)
    assert files[0] != files[1]
    for wrong in ("who=me", "who=changed&blood_ph=1"):
        refused = browser.get(f"/explore/sound.wav?{wrong}")
        assert refused.status_code == 422
        assert refused.json()["error"]


value = st.one_of(
    st.text(max_size=20),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", "0", "-1", "1e999", "nan", "0,5", "9" * 400, "popular", "rest", "contraction", "healthy"]),
)
name = st.one_of(
    st.sampled_from(["cause", "story", "activity", "who", "blood_ph", "ionized_calcium"]),
    st.sampled_from(sorted({dial.parameter for cause in causes() for dial in dials_of(cause)})),
    st.text(max_size=10),
)
query = st.lists(st.tuples(name, value), max_size=5)


@seldom
@given(cause=st.one_of(st.sampled_from(causes()), st.text(max_size=10)), pairs=query)
def test_any_query_is_answered_and_never_with_a_fault(
    browser: TestClient, cause: str, pairs: list[tuple[str, str]]
) -> None:
    asked = [("cause", cause), *pairs]
    for place in (TRACES, "/explore", "/explore/sound.wav"):
        response = browser.get(place, params=asked)
        assert response.status_code in {200, 422}
        if response.status_code == 422 and place != "/explore":
            assert set(response.json()) == {"error"}
        if response.status_code == 200 and place == TRACES:
            json.dumps(response.json(), allow_nan=False)


@seldom
@given(data=st.data(), activity=st.sampled_from(list(Activity)))
def test_any_values_within_the_bounds_are_followed(
    browser: TestClient, data: st.DataObject, activity: Activity
) -> None:
    cause = data.draw(st.sampled_from(causes()))
    view = explored(cause, {}, Activity.REST, KNOWLEDGE).dials
    fields = {
        dial.id: f"{data.draw(st.floats(float(dial.low), float(dial.high))):.4f}"
        for dial in view
        if float(dial.high) - float(dial.low) > 1
    }
    response = browser.get(TRACES, params={"cause": cause, "activity": activity.value, **fields})
    if response.status_code == 422:
        assert "do not go together" in response.json()["error"] or "must be from" in response.json()["error"]
    else:
        assert response.status_code == 200


def test_what_the_stages_and_sliders_say_can_be_read_at_eleven() -> None:
    texts = [about for _, about in STAGES.values()]
    sentences = [one for text in texts for one in re.split(r"[.!?:](?:\s|$)", text) if len(words_of(one)) > 3]
    assert grade(sentences) <= HIGHEST_GRADE
    assert max(len(one.split()) for one in sentences) <= MOST_WORDS
    assert grade(list({*DIALS.values(), *NUMBERS.values()})) <= HIGHEST_GRADE


def test_every_cause_is_offered_and_the_model_keeps_its_own_knowledge(talking: Library) -> None:
    with TestClient(application(talking), base_url="http://127.0.0.1:8321") as client:
        html = client.get("/explore").text
    for cause in causes():
        assert f'<option value="{cause}"' in html
