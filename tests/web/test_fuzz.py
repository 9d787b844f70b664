"""Whatever a form brings, the answer is a page: never a fault of the program, and never more than the rules allow."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.web import application
from twitchwise.web.order import is_question

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

KNOWLEDGE = library()
QUESTIONS = sorted(finding.id for finding in KNOWLEDGE.findings.values() if is_question(finding))
SIGNS = sorted(finding.id for finding in KNOWLEDGE.findings.values() if finding.emergency_sign)
PLACES = [
    "emergency",
    "words",
    "understood",
    "about",
    "recording",
    "recording/remove",
    "erase",
    "check",
    "result",
    "act",
    "nowhere",
]

words = st.lists(
    st.sampled_from(
        [
            *("no", "not", "my", "mother", "left", "both", "calf", "twitches", "twitching", "weak", "tremor", "face"),
            *("suddenly", "drooped", "calcium", "mg/dL", "for", "weeks", "days", "years", "old", "if", "worse", "but"),
            *(".", ",", "\n", ":", "°", "'", "3", "6.8", "1,000", "²", "٣", "9" * 400, "I am", "woman", "M", "a"),
        ]
    ),
    max_size=40,
).map(" ".join)
value = st.one_of(
    st.text(max_size=40),
    words,
    st.sampled_from(
        ["present", "absent", "not_assessed", "none", "skip", "female", "0", "1", "1e999", "-0", "nan", *SIGNS]
    ),
    st.integers().map(str),
    st.floats().map(str),
)
field = st.one_of(
    st.sampled_from(
        ["answer", "unknown", "signs", "text", "told", "age", "sex", "place", "files", "sampling_rate_hz", "unit"]
    ),
    st.text(max_size=10),
)
form = st.dictionaries(field, st.lists(value, max_size=4), max_size=6)
place = st.one_of(
    st.sampled_from(PLACES),
    st.sampled_from(QUESTIONS).map("question/{}".format),
    st.sampled_from(SIGNS).map("question/{}".format),
)

# several pages an example: a third of the examples that others get
seldom_done = settings(
    max_examples=settings().max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def browser() -> Iterator[TestClient]:
    """A browser that meets every fault of the program as an exception."""
    with TestClient(application(KNOWLEDGE), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def opened(client: TestClient) -> str:
    token = client.post("/visit").headers["location"].split("/")[2]
    client.post(f"/visit/{token}/emergency", data={"signs": "none"})
    return f"/visit/{token}"


@seldom_done
@given(steps=st.lists(st.tuples(place, form), max_size=8))
def test_any_forms_in_any_order_are_answered_with_pages(
    browser: TestClient, steps: list[tuple[str, dict[str, list[str]]]]
) -> None:
    visit = opened(browser)
    for where, fields in steps:
        assert browser.post(f"{visit}/{where}", data=fields).status_code in {303, 404, 405, 422}
    for where in ("words", "understood", "check", "result"):
        assert browser.get(f"{visit}/{where}").status_code in {200, 303, 404, 405}


@seldom_done
@given(said=st.one_of(words, st.text()), kept=st.lists(st.sampled_from(sorted(KNOWLEDGE.findings)), max_size=3))
def test_any_words_are_shown_back_and_what_was_not_said_is_never_taken(
    browser: TestClient, said: str, kept: list[str]
) -> None:
    visit = opened(browser)
    assert browser.post(f"{visit}/words", data={"text": said}).status_code == 303
    shown = browser.get(f"{visit}/understood")
    assert shown.status_code == (200 if browser.get(f"{visit}/words").text.count("></textarea>") == 0 else 303)
    offered = set(re.findall(r'name="told" value="(\w+)"', shown.text))
    answer = browser.post(f"{visit}/understood", data={"told": kept})
    assert answer.status_code == 303 or not set(kept) <= offered or "does not go with" in answer.text
    assert (set(kept) <= offered) or answer.status_code == 422
    assert browser.get(f"{visit}/result").status_code == 200
    assert browser.get(f"{visit}/report.json").status_code == 200


@seldom_done
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        [
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/plain",
            "multipart/form-data; boundary=x; charset=nonsense",
        ]
    ),
)
def test_any_bytes_as_a_form_are_answered_with_a_page(browser: TestClient, body: bytes, kind: str) -> None:
    visit = opened(browser)
    for where in ("emergency", "words", "understood", "recording", f"question/{QUESTIONS[0]}"):
        response = browser.post(f"{visit}/{where}", content=body, headers={"content-type": kind})
        assert response.status_code in {303, 400, 422}


@seldom_done
@given(
    name=st.text(max_size=60),
    content=st.binary(max_size=600),
    ending=st.sampled_from(["", ".edf", ".bdf", ".csv", ".hea", ".mat", ".txt", ".json"]),
)
def test_any_bytes_as_a_recording_are_answered_with_a_page(
    browser: TestClient, name: str, content: bytes, ending: str
) -> None:
    visit = opened(browser)
    response = browser.post(f"{visit}/recording", files={"files": (name + ending, content)})
    assert response.status_code in {303, 400, 422}


@seldom_done
@given(path=st.text(max_size=80))
def test_any_address_is_answered_with_a_page(browser: TestClient, path: str) -> None:
    for root in ("/", "/visit/", "/static/", f"{opened(browser)}/question/"):
        address = root + "".join(f"%{byte:02x}" for byte in path.encode())
        assert browser.get(address).status_code < 500
