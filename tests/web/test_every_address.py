"""Whatever is asked of any address, the answer is a page or a refusal, and never a fault of the program."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from twitchwise.knowledge import library
from twitchwise.web import application

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover

KNOWN = library()
APPLICATION = application(KNOWN)
SCHEMA: Any = schemathesis.openapi.from_dict(APPLICATION.openapi())
ADDRESSES = [one.ok() for one in SCHEMA.get_all_operations()]
NAMES = [*list(KNOWN.findings)[:40], *list(KNOWN.conditions)[:20], *list(KNOWN.claims), "habits", "json", "fhir.json"]
FIELDS: tuple[str, ...] = (
    "answer",
    "signs",
    "text",
    "told",
    "age",
    "sex",
    "spot",
    "do",
    "time_s",
    "channel",
    "kind",
    "day",
    "twitches",
)
FIELDS += ("path", "files", "place", "unit", "sampling_rate_hz", "event-1", "known", "page", "sure", "note", "token")
forms = st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(max_size=30), st.sampled_from(NAMES)), max_size=4)
EXAMPLES = max(5, settings().max_examples // 12)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser with a diary of its own, which meets a fault of the program as an exception."""
    with pytest.MonkeyPatch.context() as changes:
        changes.setitem(os.environ, "TWITCHWISE_DIARY", str(tmp_path_factory.mktemp("diary") / "diary.sqlite"))
        with TestClient(APPLICATION, base_url="http://127.0.0.1", follow_redirects=False) as client:
            yield client


@pytest.fixture(scope="module")
def tokens(browser: TestClient, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return what gives a token that is good now: of a visit, or of a recording that is open."""
    file = tmp_path_factory.mktemp("recording") / "calf.csv"
    file.write_text("time (s),EMG (mV)\n" + "\n".join(f"{k / 1000},{k % 7}" for k in range(3000)), encoding="utf-8")

    def token(address: str) -> str:
        if address.startswith("/measure"):
            sent = browser.post("/measure", files={"files": (file.name, file.read_bytes())})
            return str(sent.headers["location"].rsplit("/", 1)[1])
        visit: str = browser.post("/visit").headers["location"].split("/")[2]
        browser.post(f"/visit/{visit}/emergency", data={"signs": "none"})
        return visit

    kept: dict[str, str] = {}

    def good(address: str) -> str:
        room = address.split("/")[1]
        place = f"/{room}/{kept.get(room, '-')}" + ("" if room == "measure" else "/emergency")
        if room not in kept or browser.get(place).status_code == 404:
            kept[room] = token(address)
        return kept[room]

    return good


def test_the_addresses_of_every_room_are_tried() -> None:
    rooms = {one.path.split("/")[1] for one in ADDRESSES}
    assert rooms >= {"", "visit", "explore", "measure", "diary", "learn"}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.label)
def test_no_address_has_a_fault(browser: TestClient, tokens: Callable[[str], str], address: Any) -> None:  # noqa: ANN401
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=address.as_strategy(), form=forms, name=st.one_of(st.none(), st.sampled_from(NAMES)))
    def tried(
        case: Any,  # noqa: ANN401 - the package says no more
        form: dict[str, str],
        name: str | None,
    ) -> None:
        parameters = dict(case.path_parameters or {})
        if "token" in parameters:
            parameters["token"] = tokens(address.path)
        if name is not None:
            parameters = {key: value if key == "token" else name for key, value in parameters.items()}
        path = address.path.format(**{key: _quoted(value) for key, value in parameters.items()})
        data = form if address.method.upper() == "POST" else None
        answer = browser.request(address.method.upper(), path, params=case.query or None, data=data)
        assert answer.status_code < 500

    tried()


def _quoted(value: object) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return quote(str(value), safe="") or "-"
