"""The page of a study in a real browser: without a barrier that axe finds, narrow, wide and printed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.report.study.simulated import FREQUENCY, RATE, Plan, simulated
from tests.web.browsing import DESK, NARROW

from twitchwise.report import study_as_html

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [NARROW, DESK], ids=["narrow", "wide"])
CUT = "() => [...document.querySelectorAll('main *')].filter((one) => !one.closest('.wide') && !one.closest('svg') \
&& one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"

HIDDEN = "() => [...document.querySelectorAll('details table')].filter((one) => !one.getClientRects().length).length"


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a page from a file; at the end, it must have asked for nothing but itself and complained of nothing."""
    contexts, requests, complaints = [], list[str](), list[str]()

    def open_one(html: str, size: dict[str, int]) -> Page:
        context = chromium.new_context(viewport=size)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        file = tmp_path / "summary.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert len(requests) == len(contexts)
    assert complaints == []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, page: str, few: Path) -> list[str]:
    """Pages of a study of usual size, of few participants, and of many at three visits."""
    plan = Plan(n_participants=80, quantities=(RATE, FREQUENCY), sessions=("baseline", "week4", "week8"), minutes=1.0)
    many = simulated(tmp_path_factory.mktemp("many") / "many", plan)
    return [page, study_as_html(few), study_as_html(many)]


@SIZES
def test_no_page_has_a_barrier_that_axe_finds(
    opened: Callable[..., Page], pages: list[str], size: dict[str, int]
) -> None:
    for html in pages:
        shown = opened(html, size)
        shown.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        results = Axe().run(shown)
        assert results.violations_count == 0, results.generate_report()


@SIZES
def test_nothing_is_cut_off(opened: Callable[..., Page], pages: list[str], size: dict[str, int]) -> None:
    for html in pages:
        shown = opened(html, size)
        assert shown.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
        assert shown.evaluate(CUT) == []


def test_the_contents_lead_to_each_part(opened: Callable[..., Page], pages: list[str]) -> None:
    shown = opened(pages[0], DESK)
    shown.get_by_role("link", name="Agreement between visits", exact=True).click()
    assert shown.url.endswith("#repeats")
    top_px = shown.evaluate("() => document.getElementById('repeats').getBoundingClientRect().top")
    assert -1 < top_px < DESK["height"]


def test_printed_it_shows_the_numbers_behind_the_figures(opened: Callable[..., Page], pages: list[str]) -> None:
    shown = opened(pages[0], DESK)
    shown.emulate_media(media="print")
    assert shown.evaluate(HIDDEN) == 0
    assert len(shown.pdf(format="A4")) > 10_000
