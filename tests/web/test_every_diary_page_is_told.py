"""No page of the diary, nor the page for signing in, says a word that is not in the catalogs.

The pages are asked for in a language that puts each text of the catalogs in brackets (`pseudo`). Outside of brackets
stands only what a person typed, and the names of files.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.diary.postgres import PostgresServer, postgres
from tests.web.clinic import Clinic, Pair, open_clinic, sign_in
from tests.web.pseudo import TAG, left_out, speak_pseudo

from twitchwise.diary import (
    DatabaseAwayError,
    DatabaseRefusedError,
    Ease,
    Entry,
    KeptCheck,
    KeptRecording,
    Place,
    Site,
    open_database,
    open_diary,
    start_diary,
    today,
)
from twitchwise.diary import refusal as refusals
from twitchwise.diary.address import address_in
from twitchwise.diary.codes import new_code
from twitchwise.diary.store import Diary
from twitchwise.diary.words import PLACES
from twitchwise.knowledge import library
from twitchwise.report.languages import LANGUAGE, tell
from twitchwise.vocabulary import Measurement, Side, Unit, Urgency
from twitchwise.vocabulary.text import Text
from twitchwise.web.diary_form import TOKEN
from twitchwise.web.rate_limits import FREE_TRIES

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

__all__ = ["postgres"]  # a fixture of another file

REFUSED = 422
NOTE = "after a walk"
FILE = "calf.csv"
VIEWS = ("/diary", "/diary/add?day=other", "/diary/trend", "/diary/doctor", "/diary/doctor.html")
MEASURED = {
    "fasciculation_rate": Unit.PER_MINUTE,
    "tremor_frequency": Unit.HERTZ,
    "fasciculation_count": Unit.COUNT,
}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of the diary, for a reader of the language."""
    place = tmp_path / "own" / "diary.sqlite3"
    monkeypatch.setenv("TWITCHWISE_DIARY", str(place))
    speak_pseudo(monkeypatch)
    before = LANGUAGE.set(TAG)
    yield place
    LANGUAGE.reset(before)


@pytest.fixture
def reader(client: "TestClient") -> "TestClient":
    """A browser that asks for the language."""
    client.headers["accept-language"] = TAG
    return client


def untold(page: httpx.Response, *typed: str) -> list[str]:
    """Return the words of a page that stand outside of brackets, without what was typed and the names of files."""
    assert page.headers["content-type"].startswith("text/html")
    assert f'<html lang="{TAG}">' in page.text
    html = page.text
    for one in (NOTE, FILE, *typed):
        html = html.replace(one, "")
    return left_out(html)


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def post(reader: "TestClient", place: str, **form: object) -> httpx.Response:
    response: httpx.Response = reader.post(place, data={"token": TOKEN, **form})
    return response


def fill(diary: Diary) -> None:
    """Write down eight weeks with all that can be noted, and keep recordings and checks."""
    for days in range(56):
        diary.add(
            Entry(
                day=ago(days),
                twitch_count=20 + days % 5 if days < 28 else days % 5,
                twitch_minutes=1.0 if days == 1 else 2.5,
                severity=days % 10,
                places=(Place(Site.CALF, Side.LEFT), Place(Site.BACK)),
                caffeine_cups=days % 3,
                alcohol_drinks=1 + days % 4,
                sleep_hours=6.5 + days % 3,
                sleep_quality=days % 10,
                exercise_minutes=0 if days % 2 else 30,
                stress=1 + days % 3,
                findings=("muscle_cramps",),
                chair_rise_s=10.5 + days,
                hair=Ease.HARDER if days % 2 else Ease.NOT_POSSIBLE,
                lifting=Ease.HARDER if days % 2 else Ease.AS_USUAL,
                eyelids=Ease.NOT_POSSIBLE if days % 2 else Ease.AS_USUAL,
                note="7 " * 400,
            )
        )
    for days in (0, 40):
        diary.keep_recording(
            KeptRecording(
                name=FILE, format="CSV", day=ago(days), duration_s=60, measurements=tuple(map(measured, MEASURED))
            )
        )
    diary.keep_recording(KeptRecording(name=FILE, format="CSV", day=ago(1), duration_s=60))
    for level in Urgency:
        diary.keep_check(KeptCheck(day=ago(level), urgency=level))


def measured(name: str) -> Measurement:
    return Measurement(id=name, value=5, low=4, high=6, unit=MEASURED[name], method="made up")


def test_before_a_diary_is_started(reader: "TestClient", file: Path) -> None:
    assert untold(reader.get("/diary"), str(file)) == []
    assert untold(reader.post("/diary/start"), str(file)) == []
    assert untold(reader.get("/diary/erase"), str(file)) == []
    assert untold(reader.get("/diary/erased")) == []


@pytest.mark.parametrize("place", VIEWS)
@pytest.mark.parametrize("is_filled", [False, True])
def test_every_view(reader: "TestClient", file: Path, place: str, *, is_filled: bool) -> None:
    diary = start_diary(file)
    if is_filled:
        fill(diary)
    page = reader.get(place)
    assert page.status_code == 200
    assert untold(page, str(file)) == []


def test_every_view_of_a_single_day(reader: "TestClient", file: Path) -> None:
    start_diary(file).add(Entry(day=ago(1), twitch_count=1, hair=Ease.HARDER, alcohol_drinks=1, note=NOTE))
    for place in (*VIEWS, "/diary/add?from=last", "/diary/trend?days=7", f"/diary?before={today()}"):
        assert untold(reader.get(place), str(file)) == [], place


def test_the_page_for_the_doctor_as_text(reader: "TestClient", file: Path) -> None:
    fill(start_diary(file))
    lines = reader.get("/diary/doctor.txt").text.replace(NOTE, "").replace(FILE, "").splitlines()
    assert len(lines) > 30
    assert left_out("".join(f"<p>{line}</p>" for line in lines)) == []


def test_a_day_is_changed_and_erased(reader: "TestClient", file: Path) -> None:
    fill(start_diary(file))
    for place in (f"/diary/day/{today()}", f"/diary/day/{today()}/erase"):
        assert untold(reader.get(place)) == []
        refused = reader.post(place)
        assert refused.status_code == REFUSED
        assert untold(refused) == []
    changed = post(reader, f"/diary/day/{today()}", version="7", stress="1")
    assert changed.status_code == REFUSED
    assert untold(changed) == []
    assert untold(reader.get("/diary/erase"), str(file)) == []
    assert untold(reader.post("/diary/erase"), str(file)) == []
    assert untold(reader.post("/diary/check/1/erase"), str(file)) == []


@pytest.mark.parametrize(
    "typed",
    [
        *({"day": "moon"}, {"day": str(ago(-1))}, {"day": str(ago(1))}, {"day": str(ago(2)), "stress": "1"}),
        *({"twitch_count": "1.5"}, {"severity": "11"}, {"sleep_hours": "x"}, {"chair_rise_s": "1e9"}),
        *({"hair": "moon"}, {"places": "moon"}, {"findings": "moon"}, {"note": "x" * 9000}, {"prefilled": "yes"}),
    ],
)
def test_what_cannot_be_kept(reader: "TestClient", file: Path, typed: dict[str, str]) -> None:
    start_diary(file).add(Entry(day=ago(2), stress=1, sleep_hours=7.5))
    refused = post(reader, "/diary/add", **{"day": str(today()), **typed})
    assert refused.status_code == REFUSED
    assert untold(refused, "x" * 9000, "moon") == []


def test_a_damaged_diary(reader: "TestClient", file: Path) -> None:
    start_diary(file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    refused = reader.get("/diary")
    assert refused.status_code == REFUSED
    assert untold(refused, f"'{file}'") == []
    file.write_bytes(b"something else")
    assert untold(reader.get("/diary"), f"'{file}'") == []


def test_numbers_that_the_form_shows_again_can_be_sent_again(reader: "TestClient", file: Path) -> None:
    start_diary(file).add(
        Entry(day=ago(1), sleep_hours=7.5, places=(Place(Site.UPPER_ARM, Side.LEFT), Place(Site.FOOT)))
    )
    html = reader.get(f"/diary/day/{ago(1)}").text
    for box in ("left upper arm", "foot"):
        assert f'value="{box}" checked' in html
    sent = post(reader, f"/diary/day/{ago(1)}", version="1", sleep_hours="7,5", places=["left upper arm", "foot"])
    assert sent.status_code == 303
    (entry,) = open_diary(file).entries()
    assert (entry.sleep_hours, [place.name for place in entry.places]) == (7.5, ["foot", "left upper arm"])


def test_every_place_of_the_body_has_its_words() -> None:
    places = [Place(site, side) for site in Site for side in (None, Side.LEFT, Side.RIGHT)]
    assert {place.name for place in places} == set(PLACES)
    for place in places:
        assert place.words == place.name
        assert left_out(f"<p>{tell(place.words)}</p>") == []


def refusals_of_a_diary() -> list[refusals.DiaryError]:
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type)]
    kinds = [kind for kind in kinds if issubclass(kind, refusals.DiaryError) and kind is not refusals.DiaryError]
    return [made_of(kind) for kind in kinds if kind is not DatabaseRefusedError]  # that one is for who runs a server


def made_of(kind: Any) -> refusals.DiaryError:  # noqa: ANN401 - some take a file, some a reason too
    for given in ((), (Path("7"),), (Path("7"), refusals.DAMAGED)):
        try:
            made: refusals.DiaryError = kind(*given)
        except TypeError:
            continue
        return made
    raise AssertionError(kind)


def test_every_refusal_of_a_diary_can_be_told() -> None:
    made = refusals_of_a_diary()
    assert DatabaseAwayError in map(type, made)
    assert len(made) > 10
    for one in made:
        assert isinstance(one.sentence, Text), one
        assert left_out(f"<p>{tell(one.sentence)}</p>") == [], one


def test_signing_in(clinic: Clinic) -> None:
    with clinic.browser({"accept-language": TAG, "sec-fetch-site": "same-origin"}) as browser:
        assert untold(browser.get("/sign-in")) == []
        assert untold(browser.get("/sign-in?out=1")) == []
        pages = [sign_in(browser, "wrong") for _ in range(FREE_TRIES + 1)]
        assert [page.status_code for page in pages] == [*[403] * FREE_TRIES, 429]
        assert untold(pages[0]) == untold(pages[-1]) == []
        assert untold(browser.post("/visit")) == []
        error = browser.get("/measure/x/status", headers={"accept": "application/json"}).json()["error"]
        assert left_out(f"<p>{error}</p>") == []


@pytest.fixture
def desk(postgres: PostgresServer, pair: Pair) -> Iterator[httpx.Client]:
    """A browser that asks for the language and has signed in to a server with a database of diaries."""
    database = open_database(address_in(postgres.address(postgres.new_database())))
    with (
        open_clinic(library(), pair, database) as clinic,
        clinic.browser({"accept-language": TAG, "sec-fetch-site": "same-origin"}) as browser,
    ):
        sign_in(browser)
        yield browser
    database.close()


@pytest.mark.postgres
def test_the_door_of_a_clinics_diaries(desk: httpx.Client) -> None:
    assert untold(desk.get("/diary")) == []
    for code in ("", "x", "1" * 24, "123"):
        refused = desk.post("/diary/open", data={"code": code})
        assert refused.status_code == REFUSED
        assert untold(refused) == []
    assert untold(desk.get("/diary/new")) == []
    form = dict(re.findall(r'type="hidden" name="(code|seal)" value="([^"]+)"', desk.get("/diary/new").text))
    assert untold(desk.post("/diary/start", data=form)) == []
    assert untold(desk.post("/diary/start", data={**form, "seal": "x"})) == []
    assert desk.post("/diary/start", data={**form, "written": "yes"}).status_code == 303
    for place in ("/diary", "/diary/erase", "/diary/add", "/diary/erased"):
        assert untold(desk.get(place)) == [], place
    assert untold(desk.post("/diary/erase", data={"token": "x"})) == []


@pytest.mark.postgres
def test_codes_that_are_tried_too_often(desk: httpx.Client) -> None:
    pages = [desk.post("/diary/open", data={"code": new_code()}) for _ in range(FREE_TRIES + 1)]
    assert pages[-1].status_code == 429
    assert untold(pages[0]) == untold(pages[-1]) == []
