"""Signing in and out in a real browser, by keyboard, before a server with a certificate of its own."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.web.browsing import NARROW, TARGET_PX, press
from tests.web.clinic import PASSWORD, Clinic

pytestmark = pytest.mark.browser


def assert_clean(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    for target in page.locator("button, .top a, input[type=password]").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET_PX
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_one_signs_in_where_one_was_going_and_out_again(clinic: Clinic, open_page: Callable[..., Page]) -> None:
    page = open_page(NARROW, ignore_https_errors=True)
    page.goto(f"{clinic.address}/learn")
    assert page.title().startswith("Sign in")
    assert page.get_by_role("navigation", name="Pages").count() == 0
    assert_clean(page)

    page.get_by_label("Password", exact=True).fill("thirteen little birds")
    press(page, "Sign in")
    assert page.title().startswith("Error: Sign in")
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    assert page.get_by_label("Password", exact=True).input_value() == ""
    assert_clean(page)

    page.get_by_label("Password", exact=True).focus()
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{clinic.address}/learn"
    rooms = page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts()
    assert rooms == ["Check", "Explore", "Measure", "Learn"]
    assert_clean(page)
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"]) == ("__Host-session", True, True)
    assert cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie") == ""

    page.goto(clinic.address)
    press(page, "Start now")
    assert "/emergency" in page.url
    press(page, "Sign out")
    assert page.get_by_role("status").inner_text() == "You are signed out."
    assert page.context.cookies() == []
    assert_clean(page)
    page.go_back()
    assert page.title().startswith("Sign in")
