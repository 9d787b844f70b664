"""The pages to read in a real browser: on a phone, without a script, and without a barrier that axe finds."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PATHS = ("learn", "learn?q=coffee", "learn/condition/caffeine", "learn/finding/face_droop", "learn/claim/acid_body")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_to_read_has_no_barrier_and_no_sideways_scroll(
    open_page: Callable[..., Page],
    site: str,
    path: str,
) -> None:
    page = open_page()
    page.goto(site + path)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_cause_is_found_by_its_name_and_leads_to_the_living_model(
    open_page: Callable[..., Page],
    site: str,
) -> None:
    page = open_page()
    page.goto(site + "learn")
    page.locator("#q").fill("coffee")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    with page.expect_navigation():
        page.get_by_role("link", name="Caffeine").click()
    assert page.locator("h1").inner_text().endswith("Caffeine")
    assert page.get_by_role("link", name="See it in the living model").count() == 1


def test_pages_are_found_while_one_types_and_the_words_stay(open_page: Callable[..., Page], site: str) -> None:
    page = open_page()
    page.goto(site + "learn")
    everything = page.locator("#shelves a").count()
    page.locator("#q").press_sequentially("eyelid")
    page.get_by_text("These pages have all of your words.").wait_for()
    assert 0 < page.locator("#shelves a").count() < everything / 4
    assert page.locator("#q").input_value() == "eyelid"
    assert page.evaluate("document.activeElement.id") == "q"


def test_pages_are_found_without_a_script(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site + "learn")
    page.locator("#q").fill("eyelid")
    with page.expect_navigation():
        page.get_by_role("button", name="Find").click()
    assert page.get_by_text("These pages have all of your words.").is_visible()
