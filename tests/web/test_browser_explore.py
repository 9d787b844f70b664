"""The explore page in a real browser: sliders by keyboard, curves and numbers that follow, sound, and no barrier."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.browsing import DESK, NARROW, TARGET_PX, press

pytestmark = pytest.mark.browser

PLACE = "explore?cause=low_calcium"
SLIDER, FIELD, SAID = "#ionized_calcium-slider", "#ionized_calcium", "#said"
RATE = "tr[data-number=fasciculation_rate] td"
PATIENCE_MS = 15_000
SMALL = """([targets, least]) => [...document.querySelectorAll(targets)].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && one.checkVisibility() && Math.min(box.width, box.height) < least;
}).map(one => one.id || one.textContent.trim())"""
TARGETS = "main button, main input:not([type=radio]), main select, main summary, main .nhsuk-radios__item, .files a"


def shown(page: Page, times: int) -> None:
    """Wait until the script has drawn so many times."""
    page.wait_for_function(
        "times => Number(document.getElementById('said').dataset.shown || 0) >= times", arg=times, timeout=PATIENCE_MS
    )


@pytest.fixture
def exploring(open_page: Callable[..., Page], site: str) -> Callable[..., Page]:
    """Open the page, and wait until the script has drawn."""

    def opened(*viewport: dict[str, int], place: str = PLACE) -> Page:
        page = open_page(*viewport)
        page.goto(site + place)
        shown(page, 1)
        return page

    return opened


def test_a_slider_turned_by_keyboard_is_followed_by_curves_and_numbers(exploring: Callable[..., Page]) -> None:
    page = exploring()
    before = page.locator(SAID).inner_text(), page.locator(RATE).first.inner_text()
    picture = page.locator("#chart-at_the_muscle canvas").evaluate("one => one.toDataURL()")
    page.locator(SLIDER).focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    shown(page, 2)
    expect(page.locator(RATE).first).not_to_have_text(before[1])
    assert page.locator(SAID).inner_text() != before[0]
    assert page.locator(FIELD).input_value() == page.locator(SLIDER).input_value()
    assert page.locator("#chart-at_the_muscle canvas").evaluate("one => one.toDataURL()") != picture
    assert page.locator(SAID).get_attribute("aria-live") == "polite"


def test_the_address_holds_what_is_shown(exploring: Callable[..., Page]) -> None:
    page = exploring()
    page.locator(FIELD).fill("0.7")
    page.wait_for_url("**ionized_calcium=0.7&**")
    told = page.locator(SAID).inner_text()
    page.reload()
    shown(page, 1)
    assert page.locator(FIELD).input_value() == "0.7"
    assert page.locator(SAID).inner_text() == told


def test_set_to_health_nothing_differs(exploring: Callable[..., Page]) -> None:
    page = exploring()
    page.get_by_role("button", name="Set all to health").click()
    expect(page.locator(SAID)).to_contain_text("changes nothing")
    assert set(page.locator(".state").all_inner_texts()) == {"same"}


def test_a_number_outside_is_said_and_keeps_the_curves(exploring: Callable[..., Page]) -> None:
    page = exploring()
    told = page.locator(SAID).inner_text()
    page.locator(FIELD).fill("99")
    expect(page.locator("#refused")).to_be_visible()
    assert page.locator(SAID).inner_text() == told
    page.locator(FIELD).fill("0.8")
    expect(page.locator("#refused")).to_be_hidden()


def test_the_sound_plays_only_when_asked_and_stops_on_a_second_press(exploring: Callable[..., Page]) -> None:
    page = exploring()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.locator("#players button[aria-pressed=true]").count() == 0
    page.get_by_role("button", name="Play changed").click()
    expect(page.get_by_role("button", name="Stop changed")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Stop changed").press("Enter")
    expect(page.get_by_role("button", name="Play changed")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Play healthy").click()
    expect(page.get_by_role("button", name="Stop healthy")).to_be_visible()
    page.wait_for_timeout(300)
    assert [url.rpartition("who=")[2] for url in asked if "sound.wav" in url] == ["changed", "healthy"]
    page.locator(SLIDER).press("ArrowLeft")
    expect(page.locator("#players button[aria-pressed=true]")).to_have_count(0)


def test_without_javascript_the_server_draws(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site + PLACE)
    assert page.locator(SLIDER).is_hidden()
    assert page.locator("#players").is_hidden()
    before = page.locator("#chart-at_the_muscle .line-changed").last.get_attribute("points")
    page.locator(FIELD).fill("0.6")
    press(page, "Show the change")
    assert page.locator(FIELD).input_value() == "0.6"
    assert page.locator("#chart-at_the_muscle polyline.line-changed").get_attribute("points") != before
    assert page.locator("#said").inner_text()
    page.locator("#cause").select_option("caffeine")
    press(page, "Show this cause")
    assert page.get_by_role("heading", name="Caffeine", exact=True).is_visible()


def test_an_error_without_a_script_takes_the_focus_and_leads_to_its_field(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page()
    page.goto(f"{site}{PLACE}&ionized_calcium=99")
    assert page.title().startswith("Error: ")
    page.locator(".nhsuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "ionized_calcium"


@pytest.mark.parametrize("place", [PLACE, "explore?cause=caffeine&story=popular"])
def test_it_has_no_barrier_and_fits_the_narrowest_phone_with_big_targets(
    exploring: Callable[..., Page], place: str
) -> None:
    page = exploring(NARROW, place=place)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.evaluate(SMALL, [TARGETS, TARGET_PX - 0.5]) == []
    for summary in page.locator("details").all()[:3]:
        summary.locator("summary").click()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_it_has_no_barrier_on_a_desk_either(exploring: Callable[..., Page]) -> None:
    page = exploring(DESK, place="explore?cause=surroundings")
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
