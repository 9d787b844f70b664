import datetime as dt
import itertools
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.report.parsed import Page

from twitchwise.examine import Examination, ExaminedRecording, case_from_answers, examine_case
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Answer
from twitchwise.report import examination_as_html, write_html
from twitchwise.report.story import story_of
from twitchwise.report.wording import CARE_CARDS, CONTRIBUTORS_LEAD, HEADINGS, NOTICE, TOGETHER_LEAD, TOO_LITTLE
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import OutOfRangeError, Urgency

Visit = Callable[..., Examination]
LOADING = {"src", "srcset", "data", "poster", "action", "background", "formaction"}
FINDINGS = library().findings


@pytest.fixture
def full(visit: Visit, examined: ExaminedRecording) -> Examination:
    """A visit with answers, doubts and a recording with hostile names."""
    return visit({"fasciculation": "present", "twitch_duration": "20", "muscle_weakness": "absent"}, examined)


def test_the_page_is_whole_and_its_tags_are_balanced(full: Examination) -> None:
    html = examination_as_html(full)
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert (page.unbalanced, page.open) == ([], [])
    assert ("html", {"lang": "en"}) in page.tags


def test_the_page_loads_nothing_and_runs_nothing(full: Examination) -> None:
    html = examination_as_html(full)
    page = Page(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not any(page.attributes(name) for name in LOADING)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    styles = re.findall(r"url\(([^)]*)\)", html)
    assert all(target.startswith("#") for target in styles)
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_only_citations_lead_out_of_the_page(full: Examination, known: Library) -> None:
    page = Page(examination_as_html(full))
    links = {value for tag, attributes in page.tags if tag == "a" and (value := attributes["href"])}
    assert links
    allowed = {source.url for source in known.sources.values()} | {
        f"https://doi.org/{source.doi}" for source in known.sources.values()
    }
    assert all(link.startswith("https://") for link in links)
    assert {link for link in links if "pubmed" not in link and "pmc." not in link} <= allowed
    inside = {value for tag, attributes in page.tags if tag != "a" and (value := attributes.get("href"))}
    assert all(link.startswith("#") for link in inside)


def test_how_soon_to_seek_help_comes_before_everything_else(visit: Visit, examined: ExaminedRecording) -> None:
    page = Page(examination_as_html(visit({"fasciculation": "present", "muscle_weakness": "absent"}, examined)))
    order = page.attributes("aria-labelledby")
    whole = [
        *("card", "signs", "why", "harmless", "measured", "causes", "contributors", "would-change", "not-covered"),
        *("muscle", "not-asked", "tell", "advice", "read-more", "doubts", "sources"),
    ]
    assert order == [part for part in whole if part in order]
    assert {"card", "signs", "why", "measured", "causes", "would-change", "not-covered", "tell", "sources"} <= {*order}
    assert page.text.index("999, 112 or 911") < page.text.index(HEADINGS.measured)
    assert NOTICE in page.text


@pytest.mark.parametrize(
    ("answers", "name"),
    [({"saddle_numbness": "present"}, "emergency"), ({}, "unknown")],
)
def test_the_card_names_its_level_in_words_and_not_by_color_alone(
    answers: dict[str, str], name: str, visit: Visit
) -> None:
    page = Page(examination_as_html(visit(answers)))
    assert ("section", {"class": f"card {name}", "aria-labelledby": "card"}) in page.tags
    label = TOO_LITTLE.label if name == "unknown" else CARE_CARDS[Urgency.EMERGENCY].label
    assert label in page.text


def test_what_may_add_to_it_stands_below_the_causes_and_takes_nothing_from_them(visit: Visit) -> None:
    examination = visit({"fasciculation": "present", "caffeine_intake_high": "present"})
    page = Page(examination_as_html(examination))
    assert CONTRIBUTORS_LEAD in page.text
    assert page.text.index(HEADINGS.causes) < page.text.index(CONTRIBUTORS_LEAD)
    for cause in story_of(examination).contributors:
        assert cause.label in page.text[page.text.index(CONTRIBUTORS_LEAD) :]


def test_whether_the_causes_separate_and_which_go_together_is_said(full: Examination) -> None:
    names = tuple(cause.id for cause in full.assessment.causes[:2])
    separation = replace(full.assessment.separation, together=names, because="They do not separate.")
    text = Page(examination_as_html(replace(full, assessment=replace(full.assessment, separation=separation)))).text
    labels = "; ".join(cause.label for cause in full.assessment.causes[:2])
    assert "They do not separate." in text
    assert f"{TOGETHER_LEAD} {labels}." in text


def test_what_would_call_for_help_sooner_and_what_nobody_asked_is_listed(full: Examination) -> None:
    text, story = Page(examination_as_html(full)).text, story_of(full)
    assert story.would_change
    assert story.not_asked
    for line in (*story.would_change, *story.not_asked):
        assert line[1:] in text
    assert f"{len(story.not_asked)} more sign" in text


def test_names_are_escaped_wherever_they_stand(full: Examination) -> None:
    html = examination_as_html(full)
    assert "<script" not in html
    assert "\x1b" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "$x_1$" in html


def test_knowledge_is_escaped_too(full: Examination) -> None:
    first = full.assessment.causes[0]
    causes = (replace(first, label='<img src="x" onerror=alert(1)>'), *full.assessment.causes[1:])
    page = Page(examination_as_html(replace(full, assessment=replace(full.assessment, causes=causes))))
    assert "img" not in {tag for tag, _ in page.tags}


def test_every_figure_has_words_for_those_who_do_not_see_it(full: Examination) -> None:
    page = Page(examination_as_html(full))
    drawn = [attributes for tag, attributes in page.tags if tag == "svg"]
    described = [attributes["aria-label"] for _, attributes in page.tags if attributes.get("role") == "img"]
    assert len(drawn) == len(described) == 4
    assert all(attributes["aria-hidden"] == "true" for attributes in drawn)
    assert all(label and len(label) > 30 for label in described)
    assert Counter(tag for tag, _ in page.tags)["figcaption"] == 4


def test_no_id_stands_twice(full: Examination) -> None:
    ids = Page(examination_as_html(full)).attributes("id")
    assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_every_reference_inside_the_page_leads_somewhere(full: Examination) -> None:
    html = examination_as_html(full)
    page = Page(html)
    wanted = set(re.findall(r"url\(#([^)]*)\)", html)) | {
        link.removeprefix("#") for link in page.attributes("href") if link.startswith("#")
    }
    assert wanted | set(page.attributes("aria-labelledby")) <= set(page.attributes("id"))


def test_headings_go_down_one_step_at_a_time(full: Examination) -> None:
    levels = [int(tag[1]) for tag, _ in Page(examination_as_html(full)).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_page_says_the_same_as_the_text(full: Examination) -> None:
    text = Page(examination_as_html(full)).text
    for part in (
        "None seen in 1.7 min; up to 1.8 per minute cannot be excluded",
        "6 per minute (3 to 11)",
        "samples are clipped; strong mains hum",
        "20 fasciculation potentials in 190 s at rest.",
        "You answered yes to:",
        "20 days",
        HEADINGS.signs,
        HEADINGS.not_covered,
        HEADINGS.read_more,
        HEADINGS.advice,
        "The clock was not set.",
    ):
        assert part in text


def test_the_same_visit_gives_the_same_page(full: Examination) -> None:
    assert examination_as_html(full) == examination_as_html(full)


def test_the_day_is_printed_when_it_is_given(full: Examination) -> None:
    assert "November 5, 2026" in Page(examination_as_html(full, made_on=dt.date(2026, 11, 5))).text


def test_a_simulation_lends_its_twitch_to_the_figure(full: Examination) -> None:
    simulation = simulate_condition("low_calcium", duration_s=5.0)
    slow = replace(simulation, twitch=replace(simulation.twitch, contraction_time_s=0.09))
    html = examination_as_html(full, simulation=slow)
    assert "Low calcium in the blood: latent period" in html
    assert "contraction 90 ms" in html


def test_a_visit_without_described_causes_still_has_a_page(full: Examination) -> None:
    bare = replace(full, assessment=replace(full.assessment, causes=(), contributors=()))
    assert HEADINGS.muscle not in Page(examination_as_html(bare)).text


def test_a_recording_in_which_nothing_could_be_counted_is_told_about(visit: Visit, examined: ExaminedRecording) -> None:
    nothing = replace(examined, result=replace(examined.result, measurements=(), events=(), summary="No rest."))
    page = Page(examination_as_html(visit({}, nothing)))
    assert "No rest." in page.text
    assert Counter(tag for tag, _ in page.tags)["svg"] == 2  # the causes, and the twitch of the leading one


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            sorted(
                n for n, f in FINDINGS.items() if f.answer is Answer.YES_NO and not f.excludes and f.requires is None
            )
        ),
        st.sampled_from(["present", "absent"]),
        max_size=20,
    )
)
def test_any_answers_give_a_sound_page(answers: dict[str, str]) -> None:
    page = Page(examination_as_html(examine_case(case_from_answers(answers, FINDINGS), [], library())))
    assert (page.unbalanced, page.open) == ([], [])
    assert re.search(r"you (do not|don't) have", page.text, re.IGNORECASE) is None


def luminance(color: str) -> float:
    """Return the relative luminance of a color, WCAG 2.2."""
    digits = color.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_color_of_text_stands_out_from_its_ground(visit: Visit) -> None:
    html = examination_as_html(visit({}))
    shades = re.findall(r"--shade: (#[0-9a-f]+)", html)
    names = dict(re.findall(r"--(ink|soft|pale|blue): (#[0-9a-f]+)", html))
    assert len(shades) == 6
    on_white = [*shades, names["ink"], names["soft"], names["blue"]]
    assert min(contrast(color, "#ffffff") for color in on_white) >= 4.5
    assert contrast(names["soft"], names["pale"]) >= 4.5
    assert set(re.findall(r"fill: (#[0-9a-f]{6})", html)) <= {
        "#212b32",
        "#005eb8",
        "#4c6272",
        "#d8dde0",
        "#ffffff",
    }


def test_the_file_is_written_whole_and_nothing_else_is_left(full: Examination, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("older", encoding="utf-8")
    write_html(full, file)
    assert file.read_text(encoding="utf-8") == examination_as_html(full)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_refused_in_one_sentence(full: Examination, tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match="report must be a file that can be written, got "):
        write_html(full, tmp_path / "no such folder" / "report.html")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OutOfRangeError, match="report must be a file that can be written"):
        write_html(full, folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_importing_the_room_loads_neither_figures_nor_pages() -> None:
    code = "import sys, twitchwise.report; print(sorted({'rich', 'jinja2', 'matplotlib', 'numpy'} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_text_and_json_need_no_figures(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("findings: {fasciculation: present}\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from twitchwise.examine import examine_case, read_case\n"
        "from twitchwise.knowledge import library; from twitchwise.report import *\n"
        f"done = examine_case(read_case(Path({str(case)!r}), library()), [], library())\n"
        "examination_as_text(done), examination_as_json(done)\n"
        "print(sorted({'jinja2', 'matplotlib', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code.replace("import *", "import examination_as_json, examination_as_text")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
