"""The pages in a real browser: from start to result, by keyboard, on a phone, without a request to anywhere else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.web.browsing import DESK, NARROW, PHONE, TARGET_PX, add_recording, follow, go, press, served

from twitchwise.assess.questions import STOP_SENTENCE
from twitchwise.knowledge import Library

pytestmark = pytest.mark.browser

YES = {"fasciculation", "twitch_in_one_place", "stress"}

TARGETS = (
    "button, .nhsuk-button, .nhsuk-radios__item, .nhsuk-checkboxes__item, .nhsuk-back-link, .quiet, summary, select, "
    "textarea, input[type=text], input[type=file], .contents a, .nhsuk-summary-list__actions a, "
    ".nhsuk-skip-link:focus, .top a"
)
Answer = Callable[[Page], None]


@pytest.fixture
def small_site(talking: Library) -> Iterator[str]:
    """The address of a real server over the small set, where words, checklist and end of the questions are known."""
    worth = talking.folder / "parameters" / "question_least_worth.yaml"
    worth.write_text(worth.read_text(encoding="utf-8").replace("value: 0.02", "value: 0"), encoding="utf-8")
    with served(Library(talking.folder)) as address:
        yield address


def pass_signs(page: Page, site: str) -> None:
    page.goto(site)
    press(page, "Start now")
    page.get_by_label("None of these").check()
    press(page, "Continue")


def pass_words(page: Page, site: str) -> None:
    pass_signs(page, site)
    follow(page, "Skip this, just ask me")


def answer_question(page: Page) -> None:
    """Answer the question on the page as a person with a twitch in one place would."""
    if "/where/" in page.url:
        page.get_by_label("Left calf", exact=True).check()
    elif page.locator("input[type=text]").count():
        page.locator("#answer").fill("40")
    elif page.locator("#answer-none").count():
        page.locator("#answer-none").check()
    else:
        name = urlsplit(page.url).path.split("/")[-1]
        page.get_by_label("Yes" if name in YES else "No", exact=True).check()
    press(page, "Continue")


def answer_questions(page: Page) -> int:
    count = 0
    while "/question/" in page.url or "/where/" in page.url:
        count += 1
        assert count < 100, "the questions have no end"
        answer_question(page)
    return count


def tour(page: Page, site: str, recording: Path) -> Iterator[str]:
    """Visit every kind of page, and every page with an error; give a name whenever one is in place."""
    yield from tour_of_the_signs(page, site)
    yield from tour_of_own_words(page)
    yield from tour_of_the_questions(page)
    visit = page.url.split("/question/")[0]
    yield from tour_of_a_recording(page, visit, recording)
    yield from tour_of_the_result(page, visit)


def tour_of_the_signs(page: Page, site: str) -> Iterator[str]:
    page.goto(site)
    yield "start"
    press(page, "Start now")
    yield "signs"
    press(page, "Continue")
    yield "signs, error"
    page.locator("#sign-1").check()
    press(page, "Continue")
    yield "what to do now"
    follow(page, "Go on with the check")
    yield "own words, in an emergency"
    page.goto(page.url.replace("words", "emergency"))
    page.locator("#sign-1").uncheck()
    page.get_by_label("None of these").check()
    press(page, "Continue")


def tour_of_own_words(page: Page) -> Iterator[str]:
    page.locator("#text").fill("x" * 5001)
    press(page, "Continue")
    yield "own words, error"
    page.locator("#text").fill("I am a man of 50 years. The moon is full. I have calcium 6.8 mg/dL and no fever.")
    press(page, "Continue")
    yield "understood"
    press(page, "Continue")
    page.locator("#age").fill("old")
    press(page, "Continue")
    yield "about, error"
    page.locator("#age").fill("")
    press(page, "Continue")


def tour_of_the_questions(page: Page) -> Iterator[str]:
    yield "question"
    press(page, "Continue")
    yield "question, error"
    answer_question(page)
    assert "/where/" in page.url
    yield "where"
    press(page, "Continue")
    yield "where, error"
    answer_question(page)
    page.goto(page.url.split("/question/")[0] + "/question/twitch_duration")
    yield "number"
    press(page, "Continue")
    yield "number, error"


def tour_of_a_recording(page: Page, visit: str, recording: Path) -> Iterator[str]:
    page.goto(f"{visit}/recording")
    yield "recording"
    page.locator("summary").click()
    page.locator("#sampling_rate_hz").fill("fast")
    page.locator("#files").set_input_files(recording)
    page.get_by_role("button", name="Add this recording").click()
    page.locator("#refusal").wait_for()
    yield "recording, error"
    page.locator("#sampling_rate_hz").fill("")
    add_recording(page, recording)
    yield "recording, added"


def tour_of_the_result(page: Page, visit: str) -> Iterator[str]:
    page.goto(f"{visit}/check")
    yield "check"
    page.goto(f"{visit}/result")
    yield "result"
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    yield "result, opened"
    page.goto(f"{visit}/happens/hypothyroidism")
    yield "what happens"
    page.goto(f"{visit}/erase")
    yield "erase"
    press(page, "Erase everything")
    yield "erased"
    page.goto(f"{visit}/check")
    yield "not there"


def test_from_start_to_result_on_a_phone(open_page: Callable[..., Page], site: str, emg_file: Path) -> None:
    page = open_page()
    pass_words(page, site)
    page.get_by_label("How old are you, in years?").fill("44")
    page.get_by_label("Female").check()
    press(page, "Continue")
    assert answer_questions(page) > 3
    assert page.get_by_text(STOP_SENTENCE).is_visible()
    add_recording(page, emg_file)
    assert page.get_by_text("calf.csv").first.is_visible()
    follow(page, "Continue")
    assert page.get_by_role("heading", level=1).inner_text() == "Check your answers"
    follow(page, "See my result")
    assert page.get_by_role("heading", level=1).inner_text() == "Your result"
    assert page.locator(".nhsuk-card h2").bounding_box()["y"] < PHONE["height"] / 2  # type: ignore[index]
    assert "per minute" in page.locator("section[aria-labelledby=measured]").inner_text()
    assert page.locator(".cause").count() >= 4


def test_the_emergency_signs_come_first_and_lead_at_once_to_help(open_page: Callable[..., Page], site: str) -> None:
    page = open_page()
    page.goto(site)
    press(page, "Start now")
    assert page.get_by_role("heading", level=1).inner_text() == "Do you have any of these right now?"
    visit = page.url.removesuffix("/emergency")
    for place in ("words", "understood", "about", "question/fasciculation", "recording", "check", "result"):
        page.goto(f"{visit}/{place}")
        assert page.url == f"{visit}/emergency"
    page.locator("#sign-1").check()
    press(page, "Continue")
    assert page.get_by_role("heading", name="Get emergency help now").is_visible()
    assert page.locator(".nhsuk-card h2").bounding_box()["y"] < PHONE["height"] / 2  # type: ignore[index]


def test_from_start_to_result_by_keyboard_alone(open_page: Callable[..., Page], small_site: str) -> None:
    page = open_page(DESK)
    page.goto(small_site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    enter(page, "Start now")
    tab_to(page, "signs-none")
    page.keyboard.press("Space")
    enter(page, "Continue")
    tab_to(page, "text")
    page.keyboard.type("My arm is weak.")
    enter(page, "Continue")
    tab_to(page, "there-1")
    page.keyboard.press("Space")
    assert not page.locator("#there-1").is_checked()
    enter(page, "Continue")
    tab_to(page, "age")
    page.keyboard.type("44")
    enter(page, "Continue")
    tab_to(page, "answer-1")
    page.keyboard.press("ArrowDown")
    assert page.locator("#answer-2").is_checked()
    page.keyboard.press("ArrowUp")
    assert page.locator("#answer-1").is_checked()
    enter(page, "Continue")
    enter(page, "See my result now")
    assert page.url.endswith("/result")
    enter(page, "Erase everything")
    assert page.url.endswith("/erase")
    enter(page, "Erase everything")
    assert page.url.endswith("/erased")


def test_own_words_are_understood_corrected_and_then_not_asked(open_page: Callable[..., Page], small_site: str) -> None:
    page = open_page(java_script_enabled=False)
    pass_signs(page, small_site)
    page.get_by_label("In your own words").fill("For three weeks my left calf has twitched.\nMy arm is weak. I am 44.")
    press(page, "Continue")
    assert page.get_by_role("heading", level=1).inner_text() == "What we understood"
    assert "Calf, on the left, for 3 weeks." in page.locator("main").inner_text()
    page.get_by_label("A weak muscle").uncheck()
    press(page, "Continue")
    assert page.locator("#age").input_value() == "44"
    press(page, "Continue")
    asked = []
    while "/question/" in page.url or "/where/" in page.url:
        asked.append(urlsplit(page.url).path.split("/")[-1])
        answer_question(page)
    assert "twitch" not in asked
    assert "days" not in asked[: asked.index("weak") + 1]
    assert page.get_by_text(STOP_SENTENCE).is_visible()


def test_a_checklist_is_ticked_and_changed(open_page: Callable[..., Page], small_site: str) -> None:
    page = open_page()
    pass_words(page, small_site)
    press(page, "Continue")
    while not page.url.endswith("/question/habits"):
        answer_question(page)
    small = page.evaluate(SMALL_TARGETS, [TARGETS, TARGET_PX - 0.5])
    assert small == []
    assert Axe().run(page).violations_count == 0
    press(page, "Continue")
    assert page.title().startswith("Error: ")
    page.locator(".nhsuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "answer-1"
    page.get_by_label("Much coffee", exact=True).check()
    press(page, "Continue")
    page.goto(page.url.split("/question/")[0].removesuffix("/recording") + "/check")
    go(page, page.get_by_role("link", name="Change the answer to: Which of these fit you?"))
    assert page.get_by_label("Much coffee", exact=True).is_checked()
    page.get_by_label("Much coffee", exact=True).uncheck()
    page.get_by_label("None of these").check()
    press(page, "Save and go back")
    assert page.get_by_role("heading", level=1).inner_text() == "Check your answers"


def test_what_is_new_is_said_when_one_comes_back_and_not_when_one_only_reloads(
    open_page: Callable[..., Page], small_site: str
) -> None:
    page = open_page()
    pass_signs(page, small_site)
    visit = page.url.removesuffix("/words")
    page.goto(f"{visit}/result")
    page.reload()
    assert page.locator("#learned").count() == 0
    page.goto(f"{visit}/question/weak?from=check")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Save and go back")
    follow(page, "See my result")
    assert "the last check" in page.locator("#learned").inner_text()
    page.reload()
    assert page.locator("#learned").count() == 0


def enter(page: Page, wanted: str) -> None:
    """Go where a button or link leads, by keyboard."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, wanted: str) -> None:
    """Press the tab key until what is wanted, by id or text, has the focus, and see that it shows."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.id, document.activeElement.textContent.trim()]")
        if wanted in focused:
            assert page.evaluate(FOCUS_SHOWS), f"{wanted} has the focus and does not show it"
            return
    pytest.fail(f"{wanted} cannot be reached by keyboard")


# a line around it, or the yellow of the focus around or behind it; a box that is ticked is drawn before its label
FOCUS_SHOWS = """() => {
    const element = document.activeElement, yellow = 'rgb(255, 235, 59)';
    const parts = [[element, null], [element.nextElementSibling ?? element, '::before']];
    return parts.some(([one, part]) => {
        const style = getComputedStyle(one, part);
        const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            && !style.outlineColor.endsWith(', 0)');
        return line || style.boxShadow.includes(yellow) || style.backgroundColor === yellow;
    });
}"""


def test_an_error_takes_the_focus_and_leads_to_its_field(open_page: Callable[..., Page], site: str) -> None:
    page = open_page()
    pass_words(page, site)
    page.locator("#age").fill("old")
    press(page, "Continue")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    page.locator(".nhsuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "age"
    assert page.locator("#age").input_value() == "old"


def test_no_page_has_a_barrier_that_axe_finds(open_page: Callable[..., Page], site: str, emg_file: Path) -> None:
    page, found, kinds = open_page(), {}, []
    for kind in tour(page, site, emg_file):
        kinds.append(kind)
        result = Axe().run(page)
        if result.violations_count:
            found[kind] = result.generate_report()
    assert found == {}
    assert len(kinds) == 24


def test_every_page_fits_the_narrowest_phone_with_big_targets(
    open_page: Callable[..., Page], site: str, emg_file: Path
) -> None:
    page = open_page(NARROW)
    wide, small = [], []
    for kind in tour(page, site, emg_file):
        if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            wide.append(kind)
        small += [(kind, text) for text in page.evaluate(SMALL_TARGETS, [TARGETS, TARGET_PX - 0.5])]
    assert wide == []
    assert small == []


SMALL_TARGETS = """([targets, least]) => {
    // a link within a text may be as small as the text; one that stands alone may not
    const alone = one => (one.closest('p, li, dd') ?? one).textContent.trim() === one.textContent.trim();
    const links = [...document.querySelectorAll('main a, nav a')].filter(alone);
    return [...document.querySelectorAll(targets), ...links].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && one.checkVisibility() && Math.min(box.width, box.height) < least;
    }).map(one => one.textContent.trim() || one.id);
}"""


def test_the_pages_work_without_javascript(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    pass_words(page, site)
    press(page, "Continue")
    answer_question(page)
    follow(page, "See my result now")
    assert page.get_by_role("heading", level=1).inner_text() == "Your result"


def test_the_report_is_saved_as_a_file_that_asks_for_nothing(
    open_page: Callable[..., Page], site: str, tmp_path: Path
) -> None:
    page = open_page()
    pass_signs(page, site)
    page.goto(page.url.replace("words", "result"))
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download as web page").click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.name == "twitchwise-report.html"
    assert "<html" in saved.read_text(encoding="utf-8")


def test_going_back_after_erasing_shows_nothing(open_page: Callable[..., Page], site: str) -> None:
    page = open_page()
    pass_words(page, site)
    page.locator("#age").fill("44")
    press(page, "Continue")
    page.goto(page.url.split("/question/")[0] + "/erase")
    press(page, "Erase everything")
    for _ in range(3):
        page.go_back()
        assert page.get_by_role("heading", level=1).inner_text() == "Page not found"


def test_the_body_can_be_pointed_at_and_the_list_says_the_same(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(DESK)
    pass_words(page, site)
    press(page, "Continue")
    while "/where/" not in page.url:
        answer_question(page)
    calf = page.locator("[data-spot=left_calf]")
    calf.click()
    assert page.get_by_label("Left calf", exact=True).is_checked()
    assert "chosen" in (calf.get_attribute("class") or "")
    page.get_by_label("Left calf", exact=True).uncheck()
    assert "chosen" not in (calf.get_attribute("class") or "")
    page.get_by_label("Right eyelid", exact=True).check()
    assert "chosen" in (page.locator("[data-spot=right_eyelid]").get_attribute("class") or "")
