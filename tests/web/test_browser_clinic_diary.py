"""A diary on a shared server in a real browser: from a code to a day, closed, and opened again by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.diary.postgres import PostgresServer, postgres
from tests.web.browsing import NARROW, TARGET_PX, follow, press
from tests.web.clinic import PASSWORD, Clinic, Pair, open_clinic

from twitchwise.diary import open_database
from twitchwise.diary.address import address_in
from twitchwise.knowledge import Library

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
__all__ = ["postgres"]  # a fixture of another file


@pytest.fixture
def diary_clinic(knowledge: Library, pair: Pair, postgres: PostgresServer) -> Iterator[Clinic]:
    """A shared server that keeps diaries."""
    database = open_database(address_in(postgres.address(postgres.new_database())))
    with open_clinic(knowledge, pair, database) as clinic:
        yield clinic
    database.close()


def assert_clean(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    for target in page.locator("button, .top a, input[type=text]").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET_PX
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_diary_is_started_written_closed_and_opened_again(
    diary_clinic: Clinic, open_page: Callable[..., Page]
) -> None:
    page = open_page(NARROW, ignore_https_errors=True)
    page.goto(f"{diary_clinic.address}/diary")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    assert page.url == f"{diary_clinic.address}/diary"
    assert_clean(page)

    follow(page, "Get a code for a new diary")
    code = page.locator(".diary-new-code").inner_text()
    assert_clean(page)
    press(page, "Start my diary")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    assert page.locator(".diary-new-code").inner_text() == code
    assert_clean(page)
    page.get_by_label("I have written down the code").check()
    press(page, "Start my diary")
    assert page.title().startswith("Your diary")
    assert_clean(page)

    follow(page, "Write down today")
    page.get_by_label("How many twitches?").fill("12")
    press(page, "Keep this day")
    assert "12 twitches" in page.locator("#main").inner_text()
    press(page, "Close the diary")
    assert page.title().startswith("Open your diary")
    assert page.get_by_role("button", name="Close the diary").count() == 0
    page.go_back()
    assert "12 twitches" not in page.locator("#main").inner_text()

    page.goto(f"{diary_clinic.address}/diary")
    page.get_by_label("Your code", exact=True).focus()
    page.keyboard.type(code[:-1])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Your code", exact=True).input_value() == code[:-1]
    assert_clean(page)
    page.get_by_label("Your code", exact=True).fill(code.replace(" ", ""))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "12 twitches" in page.locator("#main").inner_text()
