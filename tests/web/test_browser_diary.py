"""The diary in a real browser: from the button that starts it to the one that erases it, without a script."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.web.browsing import DESK, NARROW, TARGET_PX, follow, go, press
from tests.web.test_browser import SMALL_TARGETS, TARGETS

from twitchwise.diary import Entry, open_diary, today

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the diary in these tests; the server runs in this process."""
    place = tmp_path / "own" / "diary.sqlite3"
    monkeypatch.setenv("TWITCHWISE_DIARY", str(place))
    return place


def tour(page: Page, site: str, file: Path) -> Iterator[str]:
    """Visit every kind of page of the diary, and those with an error; give a name whenever one is in place."""
    page.goto(site + "diary")
    yield "start"
    press(page, "Start my diary")
    yield "no days"
    follow(page, "Write down today")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    yield "a new day"
    page.get_by_label("Stress").fill("99")
    press(page, "Keep this day")
    yield "a new day, error"
    page.get_by_label("Stress").fill("9")
    page.get_by_label("How many twitches?").fill("120")
    page.get_by_label("A note").fill("a long walk " * 20)
    press(page, "Keep this day")
    yield "days"
    diary = open_diary(file)
    for days in range(1, 40):
        diary.add(Entry(day=today().fromordinal(today().toordinal() - days), twitch_count=37 * days % 50, stress=4))
    for path in ("add?day=other", "add?from=last", "trend", "doctor", f"day/{today()}/erase", "erase", "erased"):
        page.goto(f"{site}diary/{path}")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        yield path.split("/")[0]


def test_no_page_has_a_barrier_and_each_fits_the_narrowest_phone_with_big_targets(
    open_page: Callable[..., Page], site: str, file: Path
) -> None:
    page, found, wide, small, kinds = open_page(NARROW), {}, [], [], []
    for kind in tour(page, site, file):
        kinds.append(kind)
        result = Axe().run(page)
        if result.violations_count:
            found[kind] = result.generate_report()
        if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            wide.append(kind)
        small += [(kind, text) for text in page.evaluate(SMALL_TARGETS, [TARGETS, TARGET_PX - 0.5])]
    assert found == {}
    assert wide == []
    assert small == []
    assert len(kinds) == 12


def test_a_day_is_written_changed_saved_and_erased_without_javascript(
    open_page: Callable[..., Page], site: str, file: Path, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site + "diary")
    assert not file.exists()
    press(page, "Start my diary")
    follow(page, "Write down today")
    page.get_by_label("How many twitches?").fill("12")
    page.get_by_label("Coffee, tea or cola").fill("2,5")
    page.get_by_text("Where did it twitch?").click()
    page.get_by_role("group", name="Calf").get_by_label("Left").check()
    page.get_by_text("What you can do").click()
    page.get_by_role("group", name="Lift a bag").get_by_label("Harder than usual").check()
    page.get_by_label("A note").fill("\nfirst line\n  second line")
    press(page, "Keep this day")
    assert "12 twitches; 2.5 cups with caffeine; in: left calf" in page.locator("main").inner_text()
    follow(page, "Change today")
    assert page.get_by_role("group", name="Calf").get_by_label("Left").is_checked()
    assert page.get_by_label("A note").input_value() == "first line\n  second line"
    page.get_by_label("How many twitches?").fill("13")
    press(page, "Save the change")
    (entry,) = open_diary(file).entries()
    assert (entry.twitch_count, entry.caffeine_cups, entry.note) == (13, 2.5, "first line\n  second line")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save all of it as a file").click()
    saving.value.save_as(tmp_path / "mine.zip")
    assert "entries.csv" in zipfile.ZipFile(tmp_path / "mine.zip").namelist()
    follow(page, "Erase the diary")
    press(page, "Erase my diary")
    assert page.get_by_role("heading", level=1).inner_text() == "Your diary is erased"
    assert not file.exists()
    page.go_back()
    page.goto(site + "diary")
    assert page.get_by_role("button", name="Start my diary").is_visible()


def test_the_drawing_has_a_name_and_the_page_for_the_doctor_is_one_sheet(
    open_page: Callable[..., Page], site: str, file: Path
) -> None:
    page = open_page(DESK)
    list(tour(page, site, file))
    page.goto(site + "diary/trend")
    assert page.get_by_role("img", name="Twitches a day").is_visible()
    assert page.locator(".diary-dot").count() == 28
    assert page.locator(".diary-dot").first.evaluate("one => getComputedStyle(one).fill") != "rgb(0, 0, 0)"
    go(page, page.get_by_role("button", name="Show", exact=True))
    page.goto(site + "diary/doctor")
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="Save as a page to print").is_hidden()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
