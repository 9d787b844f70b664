"""Adding a recording in a real browser: sent, dropped, watched, stopped and left, with a script and without."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.browsing import DESK, NARROW, TARGET_PX, add_recording, follow, go, press
from tests.web.holding import Held, wait_for
from tests.web.test_browser import SMALL_TARGETS, TARGETS, pass_words

from twitchwise.formats.video.writing import write_video
from twitchwise.simulate.film import render, varied_scene

pytestmark = pytest.mark.browser

WITHOUT = {"java_script_enabled": False}
BOTH = pytest.mark.parametrize("options", [{}, WITHOUT], ids=["with a script", "without"])
DROP = """(name) => {
    const brought = new DataTransfer();
    brought.items.add(new File(['time_s,emg_v'], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: brought, bubbles: true, cancelable: true }));
}"""
A_LITTLE_A_SECOND = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of four seconds, as a phone might take it."""
    file = tmp_path_factory.mktemp("film") / "calf.mp4"
    write_video(render(varied_scene(3, n_twitches=2, duration_s=4.0, size=(160, 120))).video, file)
    return file


def at_the_recordings(page: Page, site: str) -> str:
    """Open the page of recordings of a new visit, and return the address of the visit."""
    pass_words(page, site)
    visit = page.url.rsplit("/", 1)[0]
    page.goto(f"{visit}/recording")
    return visit


def send(page: Page, file: Path) -> None:
    """Send a recording, and wait for the page that shows how far measuring is."""
    page.get_by_label("Choose a file from this computer").set_input_files(file)
    page.get_by_role("button", name="Add this recording", exact=True).click()
    page.wait_for_url("**/recording/measuring")


@BOTH
def test_a_film_is_sent_watched_and_measured(
    open_page: Callable[..., Page], site: str, film: Path, held: Held, options: dict[str, bool]
) -> None:
    page = open_page(**options)
    at_the_recordings(page, site)
    send(page, film)
    expect(page.get_by_role("progressbar", name="calf.mp4")).to_have_attribute("value", re.compile(r"0\.50*"))
    expect(page.get_by_text("It is being measured, and 50% is done.")).to_be_visible()
    held.may_end.set()
    page.wait_for_url("**/recording#added")
    assert "calf.mp4" in page.locator("#added").inner_text()
    assert "It has been measured and its copy is deleted." in page.locator("#added").inner_text()


@BOTH
def test_questions_are_answered_meanwhile_and_the_result_says_what_it_lacks(
    open_page: Callable[..., Page], site: str, film: Path, held: Held, options: dict[str, bool]
) -> None:
    page = open_page(**options)
    visit = at_the_recordings(page, site)
    send(page, film)
    follow(page, "Go on with the questions while this runs")
    assert page.url == f"{visit}/words"
    page.goto(f"{visit}/question/fasciculation")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Continue")
    page.goto(f"{visit}/result")
    lacking = page.get_by_text("calf.mp4 is still being measured, so this result does not use it yet.")
    expect(lacking.first).to_be_visible()
    held.may_end.set()
    if not options:
        expect(page.get_by_role("status").first).to_have_text(
            "Measuring has ended. Show the result again to use what was measured."
        )
    wait_for(lambda: held.n_ended)
    for _ in range(60):
        follow(page, "Show the result again")
        if not lacking.count():
            break
        page.wait_for_timeout(100)
    assert "calf.mp4" in page.locator("section[aria-labelledby=measured]").inner_text()


@BOTH
def test_stopping_deletes_the_file_and_leads_back(
    open_page: Callable[..., Page], site: str, film: Path, held: Held, options: dict[str, bool]
) -> None:
    page = open_page(**options)
    visit = at_the_recordings(page, site)
    send(page, film)
    press(page, "Stop calf.mp4")
    page.wait_for_url(f"{visit}/recording")
    wait_for(lambda: held.n_ended)
    assert page.get_by_text("calf.mp4").count() == 0


@BOTH
def test_what_could_not_be_measured_is_said_where_another_can_be_chosen(
    open_page: Callable[..., Page], site: str, tmp_path: Path, options: dict[str, bool]
) -> None:
    (tmp_path / "notes.edf").write_text("this is no recording", encoding="utf-8")
    page = open_page(**options)
    visit = at_the_recordings(page, site)
    page.get_by_label("Choose a file from this computer").set_input_files(tmp_path / "notes.edf")
    page.get_by_role("button", name="Add this recording", exact=True).click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("This recording could not be used")
    assert page.url == f"{visit}/recording"
    assert page.title().startswith("Error: ")
    press(page, "Remove notes.edf")
    assert page.get_by_text("notes.edf").count() == 0


def test_while_a_file_is_sent_one_sees_how_much_and_can_stop(
    open_page: Callable[..., Page], site: str, tmp_path: Path, held: Held
) -> None:
    (tmp_path / "long.csv").write_bytes(b"1,2\n" * 200_000)
    page = open_page(NARROW)
    visit = at_the_recordings(page, site)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", A_LITTLE_A_SECOND)
    page.get_by_label("Choose a file from this computer").set_input_files(tmp_path / "long.csv")
    page.get_by_role("button", name="Add this recording", exact=True).click()
    expect(page.get_by_role("progressbar", name="Your file is being sent")).to_be_visible()
    expect(page.locator("#sent-said")).to_contain_text("% of it is sent.")
    assert page.evaluate(SMALL_TARGETS, [TARGETS, TARGET_PX - 0.5]) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Stop sending").click()
    expect(page.locator("#sending")).to_be_hidden()
    assert page.url == f"{visit}/recording"
    assert held.n_begun == 0


def test_a_file_that_is_dropped_is_chosen_and_not_sent_yet(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(DESK)
    visit = at_the_recordings(page, site)
    page.evaluate(DROP, "calf.csv")
    assert page.evaluate("[...document.getElementById('files').files].map((one) => one.name)") == ["calf.csv"]
    assert page.evaluate("document.activeElement.id") == "files"
    assert page.url == f"{visit}/recording"


def test_a_slip_takes_the_focus_and_leads_to_its_field(
    open_page: Callable[..., Page], site: str, emg_file: Path
) -> None:
    page = open_page()
    at_the_recordings(page, site)
    page.get_by_role("button", name="Add this recording").click()
    expect(page.locator("#refusal")).to_be_focused()
    expect(page.locator("#refusal")).to_contain_text("Choose a file, or go on without a recording.")
    page.locator("summary").click()
    page.locator("#sampling_rate_hz").fill("fast")
    page.locator("#files").set_input_files(emg_file)
    page.get_by_role("button", name="Add this recording").click()
    expect(page.locator("#refusal")).to_contain_text("as a number above 0")
    assert page.title().startswith("Error: ")
    page.locator("#refusal a").click()
    assert page.evaluate("document.activeElement.id") == "sampling_rate_hz"
    page.locator("#sampling_rate_hz").fill("")
    add_recording(page, emg_file)


def test_who_listens_hears_each_quarter_once_and_not_every_step(
    open_page: Callable[..., Page], site: str, film: Path, held: Held
) -> None:
    page = open_page()
    at_the_recordings(page, site)
    send(page, film)
    heard = page.locator("#told")
    for percent in (60, 70):
        held.share = percent / 100
        expect(page.get_by_text(f"It is being measured, and {percent}% is done.")).to_be_visible()
        assert heard.inner_text() == ""
    held.share = 0.8
    expect(heard).to_contain_text("calf.mp4: It is being measured, and 80% is done.")


def test_those_in_line_are_shown_too(
    open_page: Callable[..., Page], site: str, film: Path, emg_file: Path, held: Held
) -> None:
    page = open_page()
    visit = at_the_recordings(page, site)
    for file in (film, emg_file, film):
        page.goto(f"{visit}/recording")
        send(page, file)
    expect(page.get_by_text("It waits in line, and its turn is next.")).to_be_visible()
    held.may_end.set()
    page.wait_for_url("**/recording#added")
    assert page.locator("#added .added").count() == 3


def test_the_page_that_waits_has_no_barrier_and_fits_the_narrowest_phone(
    open_page: Callable[..., Page], site: str, film: Path, held: Held
) -> None:
    page = open_page(NARROW)
    visit = at_the_recordings(page, site)
    send(page, film)
    for place in ("recording/measuring", "recording", "check", "result"):
        page.goto(f"{visit}/{place}")
        assert Axe().run(page).violations_count == 0, place
        assert page.evaluate(SMALL_TARGETS, [TARGETS, TARGET_PX - 0.5]) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], place
    page.goto(f"{visit}/recording/measuring")
    page.get_by_role("button", name="Stop calf.mp4").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wait_for(lambda: held.n_ended)


def test_a_visit_that_is_erased_in_another_tab_ends_the_waiting(
    open_page: Callable[..., Page], site: str, film: Path, held: Held
) -> None:
    page = open_page()
    visit = at_the_recordings(page, site)
    send(page, film)
    other = page.context.new_page()
    other.goto(f"{visit}/erase")
    go(other, other.get_by_role("button", name="Erase everything"))
    wait_for(lambda: held.n_ended)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
