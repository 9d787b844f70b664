import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.conftest import HOSTILE
from tests.report.pdf_text import Read, read, squeezed

from twitchwise.assess import Case, Observation
from twitchwise.examine import Examination, ExaminedRecording, examine_case, examine_recording
from twitchwise.examine.case_file import case_from_plain
from twitchwise.formats import write_edf
from twitchwise.knowledge import library
from twitchwise.report import examination_as_pdf, recording_as_pdf
from twitchwise.report.languages import LANGUAGE, LANGUAGES, tell
from twitchwise.report.pdf import blocks
from twitchwise.report.pdf.letters import UNKNOWN, printable
from twitchwise.report.pdf.page_one import page_one
from twitchwise.report.pdf.typeset import typeset
from twitchwise.report.story import story_of
from twitchwise.report.wording import HEADINGS, NOTICE
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import Course, FindingState, MissingExtraError, Side

Visit = Callable[..., Examination]
KNOWN = library()
DAY = dt.date(2026, 11, 29)
MARKUP = (
    '#panic("no")',
    '#read("content.json")',
    '"); #read("/etc/passwd") //',
    "*bold* _slanted_ `raw` $x^2$ = Heading",
    "#{1+1} #sys.version @cite <label> ~ --- ...",
    "\\u{41} \\ \\#",
    "http://example.org/ and https://example.org/",
    "[#link()] {set text} /* note */ // note",
)


@pytest.fixture
def full(visit: Visit, examined: ExaminedRecording) -> Examination:
    """A visit with answers, doubts and a recording with hostile names."""
    return visit({"fasciculation": "present", "twitch_duration": "20", "muscle_wasting": "present"}, examined)


@pytest.fixture
def made(full: Examination) -> Read:
    """The PDF of that visit, read back."""
    return read(examination_as_pdf(full, made_on=DAY))


def test_it_says_that_it_can_be_archived_and_read_aloud(made: Read) -> None:
    assert made.metadata["{http://www.aiim.org/pdfa/ns/id/}part"] == "2"
    assert made.metadata["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert made.metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert (made.language, made.is_tagged) == ("en", True)
    assert "report for a doctor" in made.metadata["{http://purl.org/dc/elements/1.1/}title"]


def test_all_fonts_are_in_it(made: Read) -> None:
    assert len(made.fonts) >= 2
    assert all(font & {"/FontFile2", "/FontFile3"} for font in made.fonts)


def test_it_does_nothing_by_itself_and_leads_only_to_sources(made: Read) -> None:
    assert not made.keys & {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/EmbeddedFiles", "/RichMedia"}
    assert made.links
    assert all(link.startswith("https://") for link in made.links)
    known = {source.url for source in KNOWN.sources.values()} | {
        f"https://doi.org/{one.doi}" for one in KNOWN.sources.values()
    }
    assert {link for link in made.links if "pubmed" not in link and "/pmc" not in link} <= known


def test_every_figure_has_words_for_those_who_do_not_see_it(made: Read) -> None:
    assert len(made.alternatives) >= 3
    assert any("Chance of each cause" in words for words in made.alternatives)


def test_the_first_page_is_enough(made: Read, full: Examination) -> None:
    first, story = made.pages[0], story_of(full)
    assert squeezed(story.card.heading) in first
    rule = story.rules[0]
    assert squeezed(rule.because) in first
    assert squeezed(rule.citations[0].short) in first
    assert squeezed("a duration of the fasciculations so far: 20 days") in first
    assert squeezed("6 per minute (3 to 11)") in first
    assert squeezed(f"{story.causes[0].chance} ({story.causes[0].range})") in first
    assert squeezed(HEADINGS.would_change) in first
    assert squeezed(NOTICE) in first
    assert squeezed("November 29, 2026") in first


def test_published_ranges_stand_beside_with_what_they_cannot_tell(visit: Visit, examined: ExaminedRecording) -> None:
    from dataclasses import replace  # noqa: PLC0415

    of_muscle = replace(examined, muscle="first_dorsal_interosseous")
    first = read(examination_as_pdf(visit({"fasciculation": "present"}, of_muscle))).pages[0]
    assert squeezed("Published, ") in first
    assert squeezed("A rate alone never tells a diagnosis.") in first


def test_the_pages_behind_hold_every_answer_and_measurement(made: Read, full: Examination) -> None:
    behind = "".join(made.pages[1:])
    for name in full.case.observations:
        assert squeezed(KNOWN.findings[name].label) in behind
    assert squeezed("Median peak-to-peak size.") in behind
    assert squeezed("Not to be leaned on: samples are clipped; strong mains hum.") in behind
    for citation in story_of(full).cited:
        assert squeezed(printable(citation.text)) in behind


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """The language of the reader."""
    before = LANGUAGE.set(request.param)
    yield request.param
    LANGUAGE.reset(before)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("spoken", LANGUAGES, indirect=True)
def test_the_first_page_is_one_page_for_every_vignette(examined: ExaminedRecording, spoken: str) -> None:
    assert spoken == LANGUAGE.get()
    long = []
    for name in sorted(KNOWN.vignettes)[::4]:
        examination = examine_case(case_from_plain(KNOWN.vignettes[name].case, KNOWN.findings), [examined], KNOWN)
        made = read(typeset("page", page_one(examination, story_of(examination))))
        assert squeezed(tell(story_of(examination).card.heading)) in made.pages[0]
        long += [name] * (len(made.pages) > 1)
    assert long == []


def test_the_same_input_gives_the_same_bytes_and_another_day_others(full: Examination) -> None:
    once = examination_as_pdf(full, made_on=DAY)
    assert once == examination_as_pdf(full, made_on=DAY)
    assert once != examination_as_pdf(full, made_on=DAY + dt.timedelta(days=1))
    assert b"D:1970" in examination_as_pdf(full)
    assert "1970" not in read(examination_as_pdf(full)).pages[0]


def test_a_recording_alone_has_its_values_methods_and_figures(
    examined: ExaminedRecording, grid: ExaminedRecording
) -> None:
    made = read(recording_as_pdf(examined, made_on=DAY))
    assert squeezed("6 per minute (3 to 11)") in made.text
    assert squeezed("Potentials counted at rest.") in made.text
    assert squeezed(HOSTILE.replace("\x1b", " ")) in made.text
    assert squeezed(NOTICE) in made.text
    assert squeezed("50 per minute (25 to 60)") in read(recording_as_pdf(grid)).text


def test_movement_and_twitches_of_a_simulated_recording_are_in_full(
    tmp_path: Path, visit: Visit, all_signs_absent: dict[str, str]
) -> None:
    file = tmp_path / "calf.edf"
    simulation = simulate_condition("benign_fasciculation_syndrome", duration_s=60.0, seed=1)
    write_edf(simulation.recording, file, event_trains=simulation.events)
    examined = examine_recording(file)
    examination = visit({**all_signs_absent, "fasciculation": "present"}, examined)
    made = read(examination_as_pdf(examination, made_on=DAY)).text
    assert squeezed("Twitches of force and motion") in made
    assert squeezed(printable(examined.recording.name)) in made
    assert squeezed(HEADINGS.harmless) in made


def test_details_of_an_answer_are_told(visit: Visit) -> None:
    seen = Observation(
        finding="fasciculation", state=FindingState.PRESENT, side=Side.LEFT, sites=("calf",), course=Course.STEADY
    )
    told = Case(
        observations={"fasciculation": seen, "stress": Observation(finding="stress", state=FindingState.ABSENT)}
    )
    made = read(examination_as_pdf(examine_case(told, [], KNOWN)))
    assert squeezed("Yes (left, calf, steady)") in made.text
    assert squeezed(visit({}).library.findings["stress"].label + "No") in made.text


def test_nothing_measured_and_nothing_said_is_said(visit: Visit) -> None:
    first = read(examination_as_pdf(visit({}))).pages[0]
    assert squeezed("Not enough was answered") in first
    assert squeezed("No recording was given") in first


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_text_is_shown_as_it_stands(text: str) -> None:
    parts = [
        blocks.heading(text, 1),
        blocks.card(text, text, text, text),
        blocks.paragraph(text, lead=text),
        blocks.bullets([text, (text, text)]),
        blocks.table(text, [text], [[text]]),
    ]
    made = read(typeset(text, parts))
    shown = squeezed(printable(text))
    assert made.text.count(shown) >= 11  # the title of the file does not stand on the first page
    assert made.links == ()


@pytest.mark.no_cover
@given(st.text(max_size=60))
def test_any_text_can_be_shown_and_copied(text: str) -> None:
    shown = squeezed(printable(text))
    made = read(typeset(f"a {text}", [blocks.heading(f"b{text}", 1), blocks.paragraph("c", lead=text)])).text
    # scripts that run from right to left, and marks above letters, are stored in the order in which they are seen
    assert not Counter(shown + shown) - Counter(made)


def test_letters_that_the_font_lacks_are_marked_and_hidden_ones_are_left_out() -> None:
    assert printable("a\u4e2db") == f"a{UNKNOWN}b"
    assert printable("a\u202eb\ufeffc\u00ad") == "a bc"
    assert printable("a\ue000\ud800") == f"a{UNKNOWN}{UNKNOWN}"


def test_a_word_without_end_stays_on_the_page() -> None:
    assert re.fullmatch(r"(x{28}\u200b)+x+", printable("x" * 100))
    assert printable("x" * 28) == "x" * 28


def test_without_typst_the_refusal_says_what_to_install(full: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"twitchwise\[pdf\]"):
        examination_as_pdf(full)
