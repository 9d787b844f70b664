"""Looking through a recording in a real browser: by keyboard, on a phone, without a script, and for every reader."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.browsing import DESK, NARROW, TARGET_PX, press

from twitchwise.formats import read_recording, write_edf
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit

pytestmark = pytest.mark.browser

RATE_HZ, SECONDS = 1000, 30
READY = "html[data-ready=yes]"
SMALL = """(least) => [...document.querySelectorAll(
    'main button, main select, main summary, main .nhsuk-button, main input:not([type=hidden]), main label:has(> input)'
)].filter((one) => {
    const box = (one.closest('label, .nhsuk-radios__item') ?? one).getBoundingClientRect();
    return box.width > 0 && one.checkVisibility() && Math.min(box.width, box.height) < least;
}).map((one) => one.textContent.trim() || one.id)"""


@pytest.fixture(scope="module")
def legs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of noise on two channels as EDF+, on the first a pulse every three seconds."""
    rng = np.random.default_rng(7)
    time_s = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    volts = rng.normal(0, 4e-6, (2, time_s.size))
    for start_s in range(2, SECONDS, 3):
        near = np.abs(time_s - start_s) < 0.01
        volts[0, near] += 4e-4 * np.sin(2 * np.pi * 100 * (time_s[near] - start_s))
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=float(RATE_HZ), n_samples=time_s.size)
        for name in ("EMG calf", "EMG thigh")
    )
    file = tmp_path_factory.mktemp("legs") / "legs.edf"
    write_edf(Recording(name="legs", format="array", channels=channels, source=ArraySource(list(volts))), file)
    return file


def send(page: Page, site: str, file: Path) -> None:
    page.goto(f"{site}measure")
    page.get_by_label("Choose a file from this computer").set_input_files(file)
    press(page, "Open the recording")


def looked_at(page: Page, site: str, file: Path) -> Page:
    """Send a recording and wait until it is measured."""
    send(page, site, file)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector("#stage[data-picture=exact]")
    return page


def shown_s(page: Page) -> tuple[float, float]:
    """Return from when to when the picture goes, once it stands still."""
    page.wait_for_selector("#stage[data-still]")
    said = page.locator("#where").inner_text().partition(".  ")[0].split(". One row")[0]
    start, stop = said.removesuffix(".").split(" to ")
    return seconds_in(start), seconds_in(stop)


def seconds_in(said: str) -> float:
    parts = [float(part) for part in said.removesuffix(" s").split(":")]
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def test_a_recording_is_moved_and_zoomed_by_keyboard(open_page: Callable[..., Page], site: str, legs: Path) -> None:
    page = looked_at(open_page(DESK), site, legs)
    assert shown_s(page) == (0.0, SECONDS)
    page.locator("#stage").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    closer = shown_s(page)
    assert closer[1] - closer[0] < SECONDS / 2
    page.keyboard.press("ArrowRight")
    later = shown_s(page)
    assert later[0] > closer[0]
    assert later[1] - later[0] == pytest.approx(closer[1] - closer[0], abs=0.1)
    page.keyboard.press("ArrowLeft")
    assert shown_s(page)[0] == pytest.approx(closer[0], abs=0.1)
    page.keyboard.press("-")
    assert shown_s(page)[1] - shown_s(page)[0] > closer[1] - closer[0]
    page.keyboard.press("Home")
    assert shown_s(page) == (0.0, SECONDS)


def test_events_are_rejected_added_and_taken_back_and_the_counts_follow(
    open_page: Callable[..., Page], site: str, legs: Path, tmp_path: Path
) -> None:
    page = looked_at(open_page(DESK), site, legs)
    tallies, chosen = page.locator("#tallies"), page.locator("#chosen")
    expect(tallies).to_contain_text("10")
    page.locator("#stage").focus()
    page.keyboard.press("n")
    expect(chosen).to_contain_text("Event 1 of 10")
    page.keyboard.press("n")
    expect(chosen).to_contain_text("Event 2 of 10")
    page.keyboard.press("r")
    expect(chosen).to_contain_text("rejected")
    expect(tallies).to_contain_text("9 (1 rejected by hand)")
    page.keyboard.press("p")
    page.keyboard.press("a")
    expect(chosen).to_contain_text("Event 1 of 10")
    expect(chosen).to_contain_text("accepted")
    page.get_by_label("When, in seconds").fill("12.5")
    page.get_by_label("Where").select_option("EMG thigh")
    page.get_by_label("What", exact=True).select_option("jerk")
    page.get_by_role("button", name="Add this event").click()
    expect(chosen).to_contain_text("jerks on EMG thigh at 12.500 s, not judged, added by hand")
    expect(tallies).to_contain_text("1 (1 added by hand)")
    with page.expect_download() as saving:
        page.get_by_role("link", name="The recording with its events").click()
    saving.value.save_as(tmp_path / "taken.edf")
    notes = [note.text for note in read_recording(tmp_path / "taken.edf").annotations]
    assert (notes.count("fasciculation_potential@EMG calf"), notes.count("jerk@EMG thigh")) == (9, 1)
    page.get_by_role("button", name="Undo").click()
    expect(tallies).not_to_contain_text("added by hand")
    page.locator("#stage").press("u")
    page.locator("#stage").press("u")
    expect(tallies).not_to_contain_text("by hand")


def test_a_click_picks_a_time_or_an_event(open_page: Callable[..., Page], site: str, legs: Path) -> None:
    page = looked_at(open_page(DESK), site, legs)
    box = page.locator("#stage").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 400, box["y"] + 0.7 * box["height"])
    expect(page.locator("#chosen")).to_contain_text("on EMG thigh")
    picked_s = float(page.get_by_label("When, in seconds").input_value())
    assert picked_s == pytest.approx(30 * (400 - 110) / (box["width"] - 110), abs=0.1)
    page.get_by_role("button", name="Closer").click()
    start_s = shown_s(page)[0]
    page.locator("#stage").scroll_into_view_if_needed()
    box = page.locator("#stage").bounding_box()  # the page was scrolled to the button
    assert box is not None
    page.mouse.move(box["x"] + 600, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert shown_s(page)[0] > start_s


def test_what_is_shown_can_be_saved_as_a_picture(
    open_page: Callable[..., Page], site: str, legs: Path, tmp_path: Path
) -> None:
    page = looked_at(open_page(DESK), site, legs)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as PNG").click()
    saving.value.save_as(tmp_path / "shown.png")
    assert (tmp_path / "shown.png").read_bytes().startswith(b"\x89PNG")
    page.locator("summary", has_text="Choose channels").click()
    page.get_by_label("EMG thigh", exact=True).uncheck()
    link = page.get_by_role("link", name="A picture of what is shown")
    expect(link).to_have_attribute("href", re.compile("channels=0$"))
    with page.expect_download() as saving:
        link.click()
    saving.value.save_as(tmp_path / "shown.svg")
    assert "EMG calf" in (tmp_path / "shown.svg").read_text(encoding="utf-8")
    assert "EMG thigh" not in (tmp_path / "shown.svg").read_text(encoding="utf-8")


def test_without_a_script_it_is_looked_through_by_links_and_forms(
    open_page: Callable[..., Page], site: str, legs: Path
) -> None:
    page = open_page(java_script_enabled=False)
    send(page, site, legs)
    for _ in range(60):
        if page.locator("#said").inner_text() == "Measured.":
            break
        page.wait_for_timeout(100)
        page.reload()
    assert page.locator("svg.traces").count() == 1
    page.get_by_role("link", name="Closer").click()
    page.get_by_role("link", name="Later").click()
    assert "from=15" in page.url
    page.get_by_label("Reject").first.check()
    press(page, "Save these")
    assert "9 (1 rejected by hand)" in page.locator("#counts").inner_text()
    page.get_by_label("When, in seconds").fill("late")
    press(page, "Add this event")
    assert page.title().startswith("Error: ")
    page.get_by_label("When, in seconds").fill("12.5")
    press(page, "Add this event")
    assert "added by hand" in page.locator("#counts").inner_text()
    press(page, "Undo the last step")
    press(page, "Close and delete")
    assert page.get_by_role("heading", level=1).inner_text() == "The recording is closed"


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["with a script", "without"])
def test_on_the_narrowest_phone_all_fits_with_big_targets(
    open_page: Callable[..., Page], site: str, legs: Path, options: dict[str, bool]
) -> None:
    page = open_page(NARROW, **options)
    send(page, site, legs)
    if not options:
        page.wait_for_selector(READY, state="attached")
        page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert page.evaluate(SMALL, TARGET_PX - 0.5) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto(f"{site}measure")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_no_page_has_a_barrier_that_axe_finds(open_page: Callable[..., Page], site: str, legs: Path) -> None:
    page, found = open_page(DESK), {}

    def check(name: str) -> None:
        result = Axe().run(page)
        if result.violations_count:
            found[name] = result.generate_report()

    page.goto(f"{site}measure")
    check("start")
    page.get_by_role("button", name="Open the recording").click()
    expect(page.locator("#refusal")).to_be_focused()
    check("start, error")
    looked_at(page, site, legs)
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    check("recording")
    page.locator("#event-list, #drawn, #viewer").evaluate_all(
        "all => all.forEach((one) => { one.hidden = one.id === 'viewer'; })"
    )
    check("recording, as without a script")
    press(page, "Close and delete")
    check("closed")
    assert found == {}
