"""The pages of the diary: nothing is kept unasked, and what is typed is kept, shown, changed and erased."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.diary import Ease, Entry, KeptCheck, KeptRecording, Place, Site, open_diary, start_diary, today
from twitchwise.vocabulary import Side, Urgency
from twitchwise.web.diary_chart import chart_of
from twitchwise.web.diary_form import OLD_PAGE, TOKEN, USUAL_SIGNS

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]
PAGES = (
    *("/diary", "/diary/add", "/diary/trend", "/diary/doctor", "/diary/erase", "/diary/erased", "/diary/export.zip"),
    *("/diary/doctor.txt", "/diary/doctor.html"),
)


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the diary in these tests."""
    place = tmp_path / "own" / "diary.sqlite3"
    monkeypatch.setenv("TWITCHWISE_DIARY", str(place))
    return place


@pytest.fixture
def started(client: TestClient, file: Path) -> Path:
    """A diary that was started with the button."""
    assert post(client, "/diary/start").headers["location"] == "/diary"
    return file


def post(client: TestClient, place: str, **form: object) -> "httpx.Response":
    response: httpx.Response = client.post(place, data={"token": TOKEN, **form})
    return response


def kept(file: Path) -> list[Entry]:
    return list(open_diary(file).entries())


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


class TestBefore:
    def test_the_page_says_what_would_be_kept_and_where_and_makes_nothing(
        self, client: TestClient, file: Path, read: Read
    ) -> None:
        page = read(client.get("/diary"))
        for said in ("Nothing is kept until you press the button", "What it keeps", str(file), "not locked", "erase"):
            assert said in page.text
        assert not file.parent.exists()

    @pytest.mark.parametrize("place", [one for one in PAGES if "erase" not in one and one != "/diary"])
    def test_every_other_page_leads_there(self, client: TestClient, file: Path, place: str) -> None:
        assert client.get(place).headers["location"] == "/diary"
        assert not file.parent.exists()

    def test_no_form_but_the_button_makes_one(self, client: TestClient, file: Path) -> None:
        for place in ("/diary/add", f"/diary/day/{today()}", "/diary/check/1/erase", "/diary/erase"):
            assert post(client, place, stress="1", day=str(today())).status_code == 303
        assert not file.parent.exists()

    def test_a_foreign_form_starts_nothing(self, client: TestClient, file: Path) -> None:
        foreign = client.post("/diary/start", data={"token": TOKEN}, headers={"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        without = client.post("/diary/start")
        assert without.status_code == 422
        assert OLD_PAGE in unescape(without.text)
        assert not file.parent.exists()

    def test_pressing_the_button_twice_is_no_mistake(self, client: TestClient, started: Path) -> None:
        post(client, "/diary/add", day=str(today()), stress="1")
        assert post(client, "/diary/start").headers["location"] == "/diary"
        assert len(kept(started)) == 1


class TestADay:
    def test_what_is_typed_is_kept_as_it_was_meant(self, client: TestClient, started: Path, read: Read) -> None:
        day = str(ago(1))
        response = post(
            client,
            "/diary/add",
            day=day,
            twitch_count="12",
            twitch_minutes="4,5",
            severity="3",
            places=["left calf", "right eyelid"],
            caffeine_cups="2",
            sleep_hours="7.5",
            stress="0",
            chair_rise_s="11.2",
            hair="harder",
            findings=["muscle_cramps"],
            note="after a walk\r\n\r\n<b>far</b>",
        )
        assert response.headers["location"] == "/diary#days"
        assert kept(started) == [
            Entry(
                day=ago(1),
                twitch_count=12,
                twitch_minutes=4.5,
                severity=3,
                places=(Place(Site.CALF, Side.LEFT), Place(Site.EYELID, Side.RIGHT)),
                caffeine_cups=2,
                sleep_hours=7.5,
                stress=0,
                chair_rise_s=11.2,
                hair=Ease.HARDER,
                findings=("muscle_cramps",),
                note="after a walk\n\n<b>far</b>",
            )
        ]
        page = read(client.get("/diary"))
        assert "12 twitches" in page.text
        assert "<b>far</b>" in page.text

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("twitch_count", "many", "a whole number from 0 to 100,000"),
            ("twitch_count", "1.5", "a whole number"),
            ("twitch_count", "-3", "a whole number"),
            ("severity", "11", "from 0 to 10"),
            ("sleep_hours", "25", "from 0 to 24"),
            ("twitch_minutes", "nan", "from 0 to 1,440"),
            ("hair", "nice", "Choose one"),
            ("places", "moon", "Tick only places"),
            ("findings", "moon", "Tick only signs"),
            ("findings", "twitch_duration", "Tick only signs"),
            ("note", "x" * 5001, "5,001"),
            ("day", "2999-01-01", "still to come"),
            ("day", "today", "Give the day"),
        ],
    )
    def test_what_cannot_be_meant_is_said_at_its_field_and_nothing_has_to_be_typed_twice(
        self, client: TestClient, started: Path, read: Read, field: str, value: str, said: str
    ) -> None:
        form = {"day": str(today()), "stress": "7", "note": "so it was", field: value}
        response = post(client, "/diary/add", **form)
        assert response.status_code == 422
        page = read(response)
        assert page.title.startswith("Error: ")
        assert said in page.text
        assert f'href="#{field}"' in response.text
        assert field in page.ids
        assert 'name="stress" value="7"' in response.text
        assert kept(started) == []

    def test_an_empty_day_is_not_kept(self, client: TestClient, started: Path) -> None:
        assert post(client, "/diary/add", day=str(today()), note="  ").status_code == 422
        assert kept(started) == []

    def test_a_day_is_not_written_over(self, client: TestClient, started: Path, read: Read) -> None:
        post(client, "/diary/add", day=str(today()), stress="1")
        response = post(client, "/diary/add", day=str(today()), stress="9")
        assert response.status_code == 422
        assert "noted something for that day before" in read(response).text
        assert [one.stress for one in kept(started)] == [1]
        assert client.get("/diary/add").headers["location"] == f"/diary/day/{today()}"

    def test_an_old_page_keeps_nothing_but_loses_nothing_either(self, client: TestClient, started: Path) -> None:
        response = client.post("/diary/add", data={"day": str(today()), "note": "typed long ago", "token": "é"})
        assert response.status_code == 422
        assert "typed long ago" in response.text
        assert TOKEN in response.text
        assert kept(started) == []

    def test_signs_and_places_that_the_form_does_not_offer_stay_when_a_day_is_changed(
        self, client: TestClient, started: Path
    ) -> None:
        assert "weight_loss" not in USUAL_SIGNS
        entry = Entry(day=ago(3), findings=("night_cramps",), places=(Place(Site.FOOT),), stress=1)
        open_diary(started).add(entry)
        html = client.get(f"/diary/day/{entry.day}").text
        ticked = re.findall(r'name="(places|findings)" value="([^"]+)"[^>]* checked', html)
        assert sorted(ticked) == [("findings", "night_cramps"), ("places", "foot")]


class TestTheLastDay:
    def test_its_habits_are_shown_and_never_kept_by_themselves(self, client: TestClient, started: Path) -> None:
        open_diary(started).add(Entry(day=ago(2), caffeine_cups=3, sleep_hours=6.5, twitch_count=44))
        html = client.get("/diary/add").text
        assert "it was 3." in html
        assert 'name="caffeine_cups" value=""' in html
        filled = client.get("/diary/add?from=last").text
        assert 'name="caffeine_cups" value="3"' in filled
        assert 'name="sleep_hours" value="6.5"' in filled
        assert 'name="twitch_count" value=""' in filled
        form = {"day": str(today()), "caffeine_cups": "3", "sleep_hours": "6.5", "prefilled": "yes"}
        refused = post(client, "/diary/add", **form)
        assert refused.status_code == 422
        assert "Look them over" in refused.text
        assert 'name="prefilled" value="yes"' in refused.text
        assert len(kept(started)) == 1
        assert post(client, "/diary/add", **form, checked="yes").status_code == 303
        assert kept(started)[-1] == Entry(day=today(), caffeine_cups=3, sleep_hours=6.5)

    def test_without_one_there_is_nothing_to_fill_in(self, client: TestClient, started: Path) -> None:
        assert "Fill in my habits" not in client.get("/diary/add").text
        assert 'name="prefilled"' not in client.get("/diary/add?from=last").text
        assert kept(started) == []


class TestChanging:
    def test_a_day_is_changed_and_nothing_of_the_old_is_left(self, client: TestClient, started: Path) -> None:
        post(client, "/diary/add", day=str(ago(1)), note="a secret that goes", stress="5")
        html = client.get(f"/diary/day/{ago(1)}").text
        assert "a secret that goes" in html
        (version,) = re.findall(r'name="version" value="(\d+)"', html)
        response = post(client, f"/diary/day/{ago(1)}", version=version, stress="2", note="")
        assert response.headers["location"] == "/diary#days"
        assert kept(started) == [Entry(day=ago(1), stress=2)]
        assert b"a secret that goes" not in started.read_bytes()

    @pytest.mark.parametrize("version", ["1", "", "x", "²"])
    def test_a_day_that_was_changed_in_another_window_is_shown_as_it_is(
        self, client: TestClient, started: Path, version: str
    ) -> None:
        diary = open_diary(started)
        diary.add(Entry(day=ago(1), stress=1))
        diary.change(Entry(day=ago(1), stress=2))
        response = post(client, f"/diary/day/{ago(1)}", version=version, stress="9")
        assert response.status_code == 422
        assert "changed in another window" in response.text
        assert 'name="stress" value="2"' in response.text
        assert kept(started) == [Entry(day=ago(1), stress=2)]

    def test_a_mistake_is_said_and_an_emptied_day_is_not_kept(self, client: TestClient, started: Path) -> None:
        post(client, "/diary/add", day=str(ago(1)), stress="5")
        assert post(client, f"/diary/day/{ago(1)}", version="1", stress="50").status_code == 422
        assert post(client, f"/diary/day/{ago(1)}", version="1").status_code == 422
        assert client.post(f"/diary/day/{ago(1)}", data={"version": "1", "stress": "6"}).status_code == 422
        assert kept(started) == [Entry(day=ago(1), stress=5)]

    def test_a_day_is_erased_after_one_question(self, client: TestClient, started: Path) -> None:
        post(client, "/diary/add", day=str(ago(1)), note="a secret that goes")
        place = f"/diary/day/{ago(1)}/erase"
        assert client.get(place).status_code == 200
        assert client.post(place).status_code == 422
        assert len(kept(started)) == 1
        assert post(client, place).headers["location"] == "/diary#days"
        assert kept(started) == []
        assert b"a secret that goes" not in started.read_bytes()
        assert client.get(place).status_code == 404

    @pytest.mark.parametrize("day", ["2026-02-30", "x", "1999-01-01", "%00", "9" * 400])
    def test_a_day_that_is_not_there_is_not_found(self, client: TestClient, started: Path, day: str) -> None:
        for place in (f"/diary/day/{day}", f"/diary/day/{day}/erase"):
            assert client.get(place).status_code == 404
            assert post(client, place).status_code == 404
        assert kept(started) == []

    def test_long_diaries_are_shown_page_by_page(self, client: TestClient, started: Path, read: Read) -> None:
        diary = open_diary(started)
        for days in range(1, 40):
            diary.add(Entry(day=ago(days), stress=1))
        shown, place = [], "/diary"
        while place:
            html = client.get(place).text
            shown += re.findall(r'href="/diary/day/([\d-]+)">Change<', html)
            older = re.search(r'href="(/diary\?before=[\d-]+)#days"', html)
            place = older.group(1) if older else ""
        assert shown == [str(ago(days)) for days in range(1, 40)]
        assert "Earlier days" in read(client.get("/diary")).text


class TestManyDays:
    def fill(self, file: Path) -> None:
        diary = open_diary(file)
        for days in range(56):
            entry = Entry(day=ago(days), twitch_count=20 + days % 5 if days < 28 else days % 5, note=f"note {days}")
            diary.add(entry)

    def test_the_trend_shows_the_same_numbers_as_drawing_and_as_table(
        self, client: TestClient, started: Path, read: Read
    ) -> None:
        self.fill(started)
        response = client.get("/diary/trend")
        assert response.text.count("<circle") == 28
        assert response.text.count('scope="row"') == 28
        assert "a rise by more than your days differ by themselves" in read(response).text
        assert "This does not show that one thing causes the other" in read(response).text
        assert client.get("/diary/trend?days=7").text.count("<circle") == 7
        assert client.get("/diary/trend?days=moon").text.count("<circle") == 28

    def test_an_empty_trend_says_so(self, client: TestClient, started: Path, read: Read) -> None:
        text = read(client.get("/diary/trend")).text
        assert "You have not written down how many twitches" in text
        assert "not enough days to say" in text
        assert kept(started) == []

    def test_the_page_for_the_doctor_is_shown_and_saved(self, client: TestClient, started: Path, read: Read) -> None:
        assert "nothing to show" in read(client.get("/diary/doctor")).text
        self.fill(started)
        assert "28 days noted" in read(client.get("/diary/doctor")).text
        for name, kind in (("doctor.txt", "text/plain"), ("doctor.html", "text/html")):
            saved = client.get(f"/diary/{name}")
            assert saved.headers["content-type"].startswith(kind)
            assert "attachment" in saved.headers["content-disposition"]
            assert "28 days noted" in saved.text

    def test_all_of_it_is_saved_as_a_file(self, client: TestClient, started: Path) -> None:
        self.fill(started)
        saved = client.get("/diary/export.zip")
        assert f"twitch-diary-{today()}.zip" in saved.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(saved.content)) as archive:
            assert archive.testzip() is None
            assert archive.read("entries.csv").decode().count("\r\n") == 57


class TestChecksAndRecordings:
    def test_the_result_of_a_check_is_kept_once_when_asked_for(
        self, person: Person, started: Path, emg_file: Path
    ) -> None:
        person.send(("calf.csv", emg_file.read_bytes()))
        person.measured()
        for _ in range(2):
            assert person.post("keep").headers["location"] == "/diary#else"
        diary = open_diary(started)
        assert [one.day for one in diary.checks()] == [today()]
        assert [one.name for one in diary.recordings()] == ["calf.csv"]
        assert diary.recordings()[0].measurements
        page = person.client.get("/diary").text
        assert "Check of" in page
        assert "calf" in page

    def test_without_a_diary_the_person_is_asked_first(self, person: Person, file: Path) -> None:
        assert person.post("keep").headers["location"] == "/diary"
        assert not file.exists()

    def test_each_is_erased_with_a_button(self, client: TestClient, started: Path) -> None:
        diary = open_diary(started)
        diary.keep_check(KeptCheck(day=today(), urgency=Urgency.SOON))
        diary.keep_recording(KeptRecording(name="a\u202e<i>", format="EDF", day=today(), duration_s=1))
        assert "<i>" not in client.get("/diary").text
        for kind in ("check", "recording"):
            assert client.post(f"/diary/{kind}/1/erase").status_code == 422
            for _ in range(2):  # twice is no mistake
                assert post(client, f"/diary/{kind}/1/erase").headers["location"] == "/diary#else"
        assert (diary.checks(), diary.recordings()) == ((), ())
        assert post(client, "/diary/moon/1/erase").status_code == 404
        assert post(client, "/diary/check/moon/erase").status_code == 303


class TestErasing:
    def test_all_is_erased_after_one_question(self, client: TestClient, started: Path, read: Read) -> None:
        post(client, "/diary/add", day=str(today()), note="a secret")
        page = read(client.get("/diary/erase"))
        assert "cannot be undone" in page.text
        assert client.post("/diary/erase").status_code == 422
        assert started.exists()
        for _ in range(2):  # twice is no mistake
            done = post(client, "/diary/erase")
            assert done.headers["location"] == "/diary/erased"
            assert done.headers["clear-site-data"] == '"cache"'
        assert list(started.parent.iterdir()) == []
        assert "Nothing is kept until" in read(client.get("/diary")).text

    def test_a_damaged_diary_is_said_in_one_sentence_and_can_be_erased(
        self, client: TestClient, started: Path, read: Read
    ) -> None:
        content = started.read_bytes()
        started.write_bytes(content[: len(content) // 2])
        for place in PAGES:
            response = client.get(place)
            assert response.status_code == (200 if "erase" in place else 422)
            assert "erase" in place or "nothing was changed in it" in read(response).text
        assert post(client, "/diary/add", day=str(today()), stress="1").status_code == 422
        assert started.read_bytes() == content[: len(content) // 2]
        assert post(client, "/diary/erase").status_code == 303
        assert not started.exists()


value = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["0", "3", "1e9", "nan", "as_usual", "left calf", "muscle_cramps", "yes", str(today()), TOKEN]),
)
field = st.one_of(
    st.sampled_from(
        [
            *("day", "twitch_count", "severity", "sleep_hours", "hair", "places", "findings", "note", "version"),
            *("prefilled", "checked", "chair_rise_s"),
        ]
    ),
    st.text(max_size=8),
)
places = st.sampled_from(
    ["start", "add", f"day/{today()}", f"day/{today()}/erase", "erase", "check/1/erase", "recording/x/erase", "moon"]
)


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(places, st.dictionaries(field, st.lists(value, max_size=3), max_size=6)), max_size=6))
def test_any_forms_in_any_order_are_answered_with_pages(
    client: TestClient, file: Path, steps: list[tuple[str, dict[str, list[str]]]]
) -> None:
    if not file.exists():
        start_diary(file)
    for place, fields in steps:
        assert client.post(f"/diary/{place}", data={**fields, "token": TOKEN}).status_code in {303, 404, 405, 422}
        for page in ("/diary", "/diary/add", "/diary/trend", "/diary/doctor"):
            assert client.get(page).status_code in {200, 303}


@given(st.dictionaries(st.integers(0, 27), st.integers(0, 100_000), max_size=28))
def test_every_dot_of_the_chart_is_on_the_drawing_and_in_order(counts: dict[int, int]) -> None:
    from twitchwise.diary.trend import counts_of  # noqa: PLC0415 - loads what only a trend needs

    entries = [Entry(day=ago(27 - day), twitch_count=count) for day, count in sorted(counts.items())]
    chart = chart_of(counts_of(entries), ago(27), today())
    assert 2 <= len(chart.levels) <= 7
    dots = dict(zip(sorted(counts), chart.dots, strict=True))
    heights = [dots[day].y for day in sorted(counts, key=lambda day: counts[day])]
    assert heights == sorted(heights, reverse=True)
    for dot in chart.dots:
        assert chart.left <= dot.x <= chart.right
        assert 0 <= dot.high_y <= dot.y <= dot.low_y <= chart.bottom
