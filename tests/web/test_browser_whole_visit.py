"""A whole visit in a real browser, on a phone and on a desk: check with a recording, change an answer, result, report,
the other rooms, erase; a picture of each step is kept.

The pictures lie in the folder that ``TWITCHWISE_SCREENSHOTS`` names, else in the test's own temporary folder.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.web.browsing import DESK, PHONE, add_recording, follow, press
from tests.web.test_browser import answer_questions, pass_words

pytestmark = pytest.mark.browser

SCREENS = {"phone": PHONE, "desk": DESK}
STEPS = ("result", "explore", "learn", "changed", "erased")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder in which the pictures are kept."""
    folder = Path(os.environ.get("TWITCHWISE_SCREENSHOTS") or tmp_path) / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("screen", SCREENS)
def test_a_whole_visit_from_the_first_question_to_the_last_erased(
    open_page: Callable[..., Page], site: str, emg_file: Path, tmp_path: Path, pictures: Path, screen: str
) -> None:
    page = open_page(SCREENS[screen])

    def kept(step: str) -> None:
        page.screenshot(path=pictures / f"{screen}_{step}.png", full_page=True)

    pass_words(page, site)
    press(page, "Continue")
    answer_questions(page)
    add_recording(page, emg_file)
    follow(page, "Continue")
    follow(page, "See my result")
    result = page.url
    kept("result")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download as PDF").click()
    saving.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    for room in ("Explore", "Learn"):
        follow(page, room)
        page.wait_for_load_state("networkidle")
        kept(room.lower())
    page.goto(result)
    follow(page, "Change an answer")
    page.get_by_role("link", name="Change your age").click()
    page.get_by_label("How old are you, in years?").fill("71")
    press(page, "Continue")
    assert "71 years" in page.locator("main").inner_text()
    page.get_by_role("link", name="See my result").first.click()
    kept("changed")
    follow(page, "Erase everything")
    press(page, "Erase everything")
    assert page.get_by_role("heading", level=1).inner_text() == "Everything is erased"
    kept("erased")
    response = page.goto(result)
    assert response is not None
    assert response.status == 404
    assert {file.name for file in pictures.iterdir()} >= {f"{screen}_{step}.png" for step in STEPS}
