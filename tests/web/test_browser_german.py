"""The pages in German, in a real browser: a check from the first page to the report, and the way between languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.web.browsing import NARROW, PATIENCE_S, follow, press

pytestmark = pytest.mark.browser

GERMAN = "de-AT"


def barriers(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= (page.viewport_size or {"width": 0})["width"]


def test_a_check_in_german_from_the_first_page_to_the_report(
    open_page: Callable[..., Page], site: str, emg_file: Path, tmp_path: Path
) -> None:
    page = open_page(NARROW, locale=GERMAN)
    page.goto(site)
    assert page.locator("html").get_attribute("lang") == "de"
    seen = [barriers(page)]
    press(page, "Jetzt starten")
    page.get_by_label("Nichts davon").check()
    seen.append(barriers(page))
    press(page, "Weiter")
    press(page, "Weiter")  # nothing in own words
    page.get_by_label("Wie alt sind Sie, in Jahren?").fill("52,5")
    press(page, "Weiter")
    for _ in range(2):
        seen.append(barriers(page))
        assert fits(page)
        page.locator("#answer-1").check()
        press(page, "Weiter")
    visit = page.url.split("/question")[0].split("/where")[0].rsplit("/recording", 1)[0]
    page.goto(f"{visit}/recording")
    page.get_by_label("Wählen Sie eine Datei von diesem Computer").set_input_files(emg_file)
    seen.append(barriers(page))
    page.get_by_role("button", name="Diese Aufzeichnung hinzufügen", exact=True).click()
    page.wait_for_url("**/recording#added", timeout=1000 * PATIENCE_S)
    page.goto(f"{visit}/check")
    assert "52,5 Jahre" in page.locator("main").inner_text()
    seen.append(barriers(page))
    page.goto(f"{visit}/result")
    assert page.get_by_role("heading", level=1).inner_text() == "Ihr Ergebnis"
    assert fits(page)
    seen.append(barriers(page))
    with page.expect_download() as saving:
        page.locator("a[download][href$='.html']").click()
    saving.value.save_as(tmp_path / "bericht.html")
    assert '<html lang="de">' in (tmp_path / "bericht.html").read_text(encoding="utf-8")
    assert seen == [[]] * len(seen)


def test_the_language_is_changed_by_a_link_and_kept_and_the_answers_stay(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(locale="fr-FR", java_script_enabled=False)
    page.goto(site)
    assert page.locator("html").get_attribute("lang") == "en"
    press(page, "Start now")
    page.get_by_label("None of these").check()
    press(page, "Continue")
    place = page.url
    follow(page, "Deutsch")
    assert page.url == place
    assert page.locator("html").get_attribute("lang") == "de"
    page.goto(site)
    assert page.get_by_role("link", name="Erkunden").count() == 1
    page.goto(place.rsplit("/", 1)[0] + "/check")
    assert "Nichts davon" in page.locator("main").inner_text()
    follow(page, "English")
    assert "None of these" in page.locator("main").inner_text()


def test_what_scripts_say_is_german_too(open_page: Callable[..., Page], site: str, emg_file: Path) -> None:
    page = open_page(locale=GERMAN)
    page.goto(f"{site}explore?cause=low_calcium")
    page.locator("#said[data-shown]").wait_for()
    told = page.locator("#said").inner_text()
    assert "gesund" in told
    assert not {"healthy", "changed"} & set(told.lower().replace(":", " ").split())
    assert page.locator("[data-who=changed][aria-pressed]").inner_text().startswith("Verändert")
    page.goto(f"{site}measure")
    page.get_by_label("Wählen Sie eine Datei von diesem Computer").set_input_files(emg_file)
    page.get_by_role("button", name="Aufzeichnung öffnen").click()
    page.locator("html[data-ready=yes]").wait_for(timeout=1000 * PATIENCE_S)
    page.locator("[data-do=next]").click()
    assert "Ereignis 1 von" in page.locator("#chosen").inner_text()
    page.locator("[data-do=undo]").scroll_into_view_if_needed()
    assert barriers(page) == []
