"""The report of an examination, as a page and as a PDF, and what happens with a cause, in a language made for tests."""

import dataclasses
import datetime as dt
import re
import warnings
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from tests.report.pdf_text import read, squeezed
from tests.web.pseudo import CLOSE, OPEN, TAG, left_out, speak_pseudo

from twitchwise.assess import Case
from twitchwise.diary.for_the_doctor import DoctorPage
from twitchwise.examine import Examination, ExaminedRecording, examine_case, examine_recording
from twitchwise.examine.case_file import case_from_plain
from twitchwise.knowledge import library
from twitchwise.report import examination_as_html, examination_as_pdf, figures
from twitchwise.report.chain import figure as chain_figure
from twitchwise.report.citations import cite
from twitchwise.report.diary_page import doctor_page_as_html
from twitchwise.report.languages import LANGUAGE
from twitchwise.report.pdf import as_pdf
from twitchwise.report.pdf.blocks import Block
from twitchwise.report.pdf.letters import printable
from twitchwise.report.story import story_of
from twitchwise.simulate import links
from twitchwise.vocabulary import Course, FindingState, Side
from twitchwise.web import application
from twitchwise.web.routes import happens

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

KNOWN = library()
DAY = dt.date(2026, 5, 1)
NOTHING_SAID: dict[str, object] = {"findings": {}}
DIFFERING, URGENT = "amyotrophic_lateral_sclerosis_near_miss", "brown_sequard_syndrome_typical"
IN_ENGLISH = sorted({cite(name, KNOWN).short for name in KNOWN.sources}, key=len, reverse=True)
"""How sources are named, in every language."""
TYPED = ("night.csv", "'emg'", "emg", "CSV or text table")
"""What the file says by itself: its name, its channel and its format."""
NOT_YET = (
    # twitchwise.examine.examined: the name of a recording before what is said of it, which is in a catalog itself
    "Fibrillation potentials, positive sharp waves, myotonic and complex repetitive discharges were not looked for",
    "which is too short to say that any of these kinds is absent",
)
"""Sentences of other rooms that are in no catalog yet; nothing else may be in none."""
NOT_TEXT = {"kind", "level", "svg", "file", "widths"}


@pytest.fixture(autouse=True)
def _spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The language in which all that is in the catalogs stands in brackets, which no figure cuts or replaces."""
    speak_pseudo(monkeypatch)
    monkeypatch.setattr(figures, "DRAWABLE", ord(CLOSE) + 1)
    for module in (figures, chain_figure):
        monkeypatch.setattr(module, "LETTERS", 1000)
    before = LANGUAGE.set(TAG)
    yield
    LANGUAGE.reset(before)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> ExaminedRecording:
    """Half a minute of noise in the calf, with a pulse every three seconds."""
    rate_hz, seconds = 1000, 30
    time_s = np.arange(rate_hz * seconds) / rate_hz
    volts = np.random.default_rng(7).normal(0, 4e-6, time_s.size)
    for start_s in range(2, seconds, 3):
        near = np.abs(time_s - start_s) < 0.01
        volts[near] += 4e-4 * np.sin(2 * np.pi * 100 * (time_s[near] - start_s))
    file: Path = tmp_path_factory.mktemp("one") / TYPED[0]
    np.savetxt(file, np.column_stack([time_s, volts]), delimiter=",", header="time_s,emg_v", comments="", fmt="%.9g")
    return examine_recording(file, muscle="gastrocnemius")


def told_in_full(case: Case) -> Case:
    """Return a case in which every detail is told of what is there."""
    seen = dataclasses.replace(
        case.observations["fasciculation"],
        side=Side.LEFT,
        sites=("calf", "whole_body"),
        duration_days=20.0,
        course=Course.COMES_AND_GOES,
    )
    assert seen.state is FindingState.PRESENT
    return dataclasses.replace(case, observations={**case.observations, "fasciculation": seen})


@pytest.fixture(params=["rich", "emergency", "empty"])
def examination(request: pytest.FixtureRequest) -> Examination:
    """A visit with nearly all that a report can say, an emergency, and one without an answer."""
    if request.param == "empty":
        return examine_case(case_from_plain(NOTHING_SAID, KNOWN.findings), [], KNOWN)
    if request.param == "emergency":
        return examine_case(case_from_plain(KNOWN.vignettes[URGENT].case, KNOWN.findings), [], KNOWN)
    case = told_in_full(case_from_plain(KNOWN.vignettes[DIFFERING].case, KNOWN.findings))
    night: ExaminedRecording = request.getfixturevalue("night")
    examination = examine_case(case, [night], KNOWN)
    story = story_of(examination)
    assert story.differences
    assert story.contributors
    assert story.facts
    assert story.harmless
    return examination


def by_the_program(words: list[str]) -> list[str]:
    """Return the words that are not an address and not the name of a file or of a channel."""
    names = re.compile("|".join([r"https://\S+", *map(re.escape, TYPED)]))
    left = (names.sub("", one) for one in words if not any(sentence in one for sentence in NOT_YET))
    return [one for one in left if re.search(r"[^\W\d_]", one)]


def test_the_page_says_nothing_that_is_in_no_catalog(examination: Examination) -> None:
    html = examination_as_html(examination, made_on=DAY)
    assert f'<html lang="{TAG}">' in html
    assert OPEN in html
    assert by_the_program(left_out(html)) == []


def test_the_pdf_says_nothing_that_is_in_no_catalog(examination: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Block] = []
    monkeypatch.setattr(as_pdf, "typeset", lambda title, blocks, made_on: made.extend([{"title": title}, *blocks]))  # noqa: ARG005
    examination_as_pdf(examination)
    assert len(made) > 20
    sources = re.compile("|".join(map(re.escape, map(printable, IN_ENGLISH))))
    texts = [sources.sub("", printable(text)) for block in made for text in texts_of(block)]
    html = "".join(f"<p>{escape(text)}</p>" for text in texts)
    drawn = "".join(str(block.get("svg", "")) for block in made)
    assert by_the_program(left_out(html + drawn)) == []


def texts_of(block: Block) -> Iterator[str]:
    """Give all that a block says; references are in the language of their sources."""
    if block.get("kind") != "references":
        for name, value in block.items():
            yield from strings_in(value) if name not in NOT_TEXT else ()


def strings_in(value: object) -> Iterator[str]:
    """Give the texts in nested lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings_in(one)


def test_the_file_names_its_language_and_shows_every_letter() -> None:
    letters = "\u00e4\u00f6\u00fc \u00c4\u00d6\u00dc \u00df \u201e\u201c \u2013 \u00b5 \u00b1 \u00b0 \u00b2"
    assert printable(letters) == letters
    case = case_from_plain(NOTHING_SAID, KNOWN.findings)
    made = read(examination_as_pdf(examine_case(case, [], KNOWN), made_on=DAY))
    assert (made.language, made.is_tagged) == (TAG, True)
    assert squeezed(f"{OPEN}Page 1 of {len(made.pages)}{CLOSE}") in made.pages[0]
    assert squeezed(f"{OPEN}May 1, 2026{CLOSE}") in made.pages[0]
    assert OPEN in made.metadata["{http://purl.org/dc/elements/1.1/}title"]
    assert OPEN in made.metadata["{http://purl.org/dc/elements/1.1/}description"]


def test_the_diary_for_the_doctor_says_nothing_that_is_in_no_catalog() -> None:
    html = doctor_page_as_html(DoctorPage(first=DAY, last=DAY, days=2, counts=(), sections=()))
    assert f'<html lang="{TAG}">' in html
    assert by_the_program(left_out(html)) == []


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Someone who asks in the language what happens, before a model of a few seconds."""
    for name in ("AT_WORK_S", "AT_REST_S", "LONGEST_S"):
        monkeypatch.setattr(links, name, 5.0)
    happens._explained.cache_clear()
    with TestClient(application(KNOWN), base_url="http://127.0.0.1:8321", follow_redirects=False) as client:
        place = client.post("/visit").headers["location"]
        client.post(place, data={"signs": "none"})
        client.headers["accept-language"] = TAG
        client.base_url = client.base_url.join(place.removesuffix("emergency"))
        yield client
    happens._explained.cache_clear()  # nobody else is to get this language, nor a model of a few seconds


def what_happens(person: TestClient, cause: str, language: str = TAG) -> str:
    """Return the page on a cause."""
    answer = cast("httpx.Response", person.get(f"happens/{cause}", headers={"accept-language": language}))
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("cause", ["hypothyroidism", "alkalosis"])
def test_what_happens_says_nothing_that_is_in_no_catalog(person: TestClient, cause: str) -> None:
    html = what_happens(person, cause)
    assert html.count(f"{OPEN}seconds{CLOSE}") >= 6  # under the panels of the figure
    assert by_the_program(left_out(html)) == []


def test_a_figure_that_was_kept_is_in_the_language_of_who_asks(person: TestClient) -> None:
    first, english, again = (what_happens(person, "caffeine", tag) for tag in (TAG, "en", TAG))
    assert OPEN not in english
    assert first == again
    assert f"{OPEN}health{CLOSE}" in first
