import re
import statistics
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import readability

import twitchwise
from twitchwise.report.chain import explanation
from twitchwise.report.chain.explanation import Explanation, explain
from twitchwise.report.chain.figure import _rasters, _side_by_side, _thinned, chain_svg
from twitchwise.report.chain.sentences import (
    NOT_MEASURED,
    NOT_YET,
    NOTHING,
    PLACES,
    THINGS,
    TOO_LITTLE,
    direction,
    in_words,
    sentence_of,
    sentences_of,
    word_of,
)
from twitchwise.report.figures import drawing
from twitchwise.simulate import Setting, links
from twitchwise.simulate.environment import Environment
from twitchwise.simulate.links import Compared, Link, LinkName, Trace
from twitchwise.simulate.truth import ECTOPIC_KINDS, LOOP_KINDS
from twitchwise.vocabulary import EventKind, OutOfRangeError, Unit

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> $x_1$ & \"'"
GRADE_OF_AGE_11 = 6.0
HIGHEST_GRADE = 9.0


@pytest.fixture(scope="module", autouse=True)
def _short() -> Iterator[None]:
    """Stretches of a few seconds, so that these tests stay quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "AT_WORK_S", 5.0)
        patch.setattr(links, "AT_REST_S", 5.0)
        patch.setattr(links, "LONGEST_S", 5.0)
        yield


@pytest.fixture(scope="module")
def slow(_short: None) -> Explanation:
    """An underactive thyroid, which acts on muscle and leaves nerve and junction alone."""
    return explain("hypothyroidism")


@pytest.fixture(scope="module")
def nothing(_short: None) -> Explanation:
    """The same at severity 0."""
    return explain(Setting(condition="hypothyroidism", severity=0.0))


def compared(name: str, healthy: float | None, changed: float | None, unit: Unit = Unit.VOLT) -> Compared:
    return Compared(name=name, label=name, unit=unit, healthy=healthy, changed=changed)


def link(*numbers: Compared, name: LinkName = LinkName.AXON, is_changed: bool = True) -> Link:
    return Link(name=name, is_changed=is_changed, numbers=numbers)


def test_every_link_has_one_sentence_that_begins_with_its_place(slow: Explanation) -> None:
    assert len(slow.sentences) == len(LinkName)
    for name, sentence in zip(LinkName, slow.sentences, strict=True):
        assert sentence.startswith(f"{PLACES[name]}: ")
        assert sentence.endswith(".")


def test_a_changed_link_is_told_and_an_unchanged_one_is_not_said_to_be(slow: Explanation) -> None:
    for one, sentence in zip(slow.chain.links, slow.sentences, strict=True):
        assert (NOTHING in sentence) == (not one.is_changed)
    assert NOTHING in slow.sentences[1]
    assert NOTHING not in slow.sentences[4]


def test_a_slow_twitch_is_told_in_words_and_in_milliseconds(slow: Explanation) -> None:
    said = re.search(r"\(half-relaxation time\) gets longer, from ([\d.]+) ms to ([\d.]+) ms", slow.sentences[4])
    assert said is not None
    assert float(said[2]) > 1.3 * float(said[1])
    assert said[2] in slow.alt


def test_severity_zero_changes_nothing(nothing: Explanation) -> None:
    assert all(sentence.endswith(NOTHING) for sentence in nothing.sentences)
    assert "CHANGED" not in nothing.svg
    assert nothing.svg.count(": same<") == len(LinkName)


def test_the_figure_says_in_a_word_what_is_changed(slow: Explanation) -> None:
    for place, one in enumerate(slow.chain.links, 1):
        assert f"{place} {PLACES[one.name]}: {word_of(one)}<" in slow.svg
    assert slow.svg.count(": CHANGED<") >= 3


def test_the_figure_names_both_sides_and_says_that_it_was_computed(slow: Explanation) -> None:
    assert "Left: health." in slow.svg
    assert ">Underactive thyroid<" in slow.svg
    assert NOT_MEASURED in slow.svg
    assert NOT_MEASURED in slow.caption
    assert "severity 1" in slow.caption


def test_the_figure_has_units_that_are_read_at_a_bedside(slow: Explanation) -> None:
    for unit in ("ms after", "force, mN", "seconds", ">mV<", "m/s²"):
        assert unit in slow.svg


def test_the_figure_stands_alone(slow: Explanation) -> None:
    root = ET.fromstring(slow.svg)  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == slow.alt
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags <= {"svg", "g", "path", "text", "defs", "use", "clipPath", "rect"}
    for one in root.iter():
        assert not {"style", "onload", "onclick", "src"} & set(one.attrib)
        assert one.attrib.get("href", "#").startswith("#")
    assert slow.svg.count("http") == 1
    assert re.search(r'viewBox="0 0 360(\.0)? ', slow.svg)


def test_every_reference_within_the_figure_is_there(slow: Explanation) -> None:
    root = ET.fromstring(slow.svg)  # noqa: S314 - our own text
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    used = re.findall(r'href="#([^"]*)"', slow.svg) + re.findall(r"url\(#([^)]*)\)", slow.svg)
    assert used
    assert set(used) <= set(ids)


def test_labels_are_letters_and_never_markup(slow: Explanation) -> None:
    svg = chain_svg(slow.chain, HOSTILE, HOSTILE)
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.attrib["aria-label"] == HOSTILE
    assert "<script" not in svg
    assert any((one.text or "").startswith("<script>") for one in root.iter(f"{SVG}text"))


def test_the_same_seed_gives_the_same_figure(slow: Explanation) -> None:
    again = explain("hypothyroidism")
    assert again.svg == slow.svg
    assert again.sentences == slow.sentences


def test_nobody_is_told_what_they_have(slow: Explanation, nothing: Explanation) -> None:
    for one in (slow, nothing):
        said = " ".join((*one.sentences, one.caption, one.alt, one.svg)).lower()
        assert "you do not have" not in said
        assert "you have" not in said


def test_a_notebook_shows_figure_and_sentences(slow: Explanation) -> None:
    assert slow._repr_svg_() == slow.svg
    html = slow._repr_html_()
    assert slow.svg in html
    assert html.count("<li>") == len(LinkName)
    hostile = Explanation(svg="<svg/>", alt="", caption=HOSTILE, sentences=(HOSTILE,), chain=slow.chain)
    assert "<script>" not in hostile._repr_html_()


def test_the_side_of_a_story_is_said(slow: Explanation) -> None:
    setting = Setting(condition="hypothyroidism", severity=0.5, story="popular")
    chain = links.Chain(setting=setting, links=slow.chain.links, healthy=slow.chain.healthy, changed=slow.chain.changed)
    said = explanation._caption(chain, "x")
    assert "severity 0.5, as the popular story has it" in said
    assert "popular" not in slow.caption


def test_it_is_a_public_name_and_refuses_what_has_no_mechanism() -> None:
    assert twitchwise.explain is explain
    with pytest.raises(OutOfRangeError, match="condition must be"):
        twitchwise.explain("the_moon")


class TestSentences:
    def test_the_two_largest_changes_are_told_in_their_order(self) -> None:
        small, none, double, tenfold = (
            compared("a", 1.0, 1.1),
            compared("b", 1.0, 1.0),
            compared("c", 1.0, 2.0),
            compared("d", 0.1, 1.0),
        )
        assert sentence_of(link(small, none, double, tenfold)) == (
            "Nerve fiber: c goes up from 1 V to 2 V; d goes up from 100 mV to 1 V."
        )

    def test_what_appears_and_what_is_lost_come_before_all(self) -> None:
        sentence = sentence_of(
            link(
                compared("motor_units", 100.0, 99.0, Unit.COUNT),
                compared(EventKind.TREMOR_BURST, 0.0, 390.0, Unit.PER_MINUTE),
                compared("conduction_velocity", 50.0, None, Unit.METER_PER_SECOND),
            )
        )
        assert "bursts of tremor go up from none to 390 per minute" in sentence
        assert "its speed goes down from 50 m/s to none" in sentence
        assert "motor units" not in sentence

    def test_times_get_longer_or_shorter(self) -> None:
        assert "gets longer, from 50 ms to 90 ms" in sentence_of(link(compared("x", 0.05, 0.09, Unit.SECOND)))
        assert "gets shorter, from 90 ms to 50 ms" in sentence_of(link(compared("x", 0.09, 0.05, Unit.SECOND)))

    def test_a_change_below_three_digits_is_there_but_not_told(self) -> None:
        one = link(compared("a", 1.0, 1.0001))
        assert sentence_of(one) == f"Nerve fiber: {TOO_LITTLE}"
        assert word_of(one) == "nearly the same"

    def test_a_trace_must_change_by_more_than_chance_moves_it(self) -> None:
        chance, real = (link(compared("emg_size", 1.0, to), name=LinkName.EMG) for to in (1.04, 1.2))
        assert TOO_LITTLE in sentence_of(chance)
        assert "goes up from 1 V to 1.2 V" in sentence_of(real)
        assert "1.04 V" in sentence_of(link(compared("a", 1.0, 1.04)))

    def test_the_sum_of_all_signals_is_told_only_where_nothing_else_is(self) -> None:
        total, bursts = (
            compared("discharge_rate", 1.0, 9.0, Unit.HERTZ),
            compared(EventKind.JERK, 1.0, 2.0, Unit.PER_MINUTE),
        )
        assert "all signals go up from 1 per second to 9 per second" in sentence_of(link(total))
        assert "all signals" not in sentence_of(link(bursts, total))

    def test_what_is_rare_is_said_to_be_awaited(self) -> None:
        jerks = link(compared("volley_rate_per_min", 0.0, 1.0, Unit.PER_MINUTE), name=LinkName.DISCHARGES)
        still = link(compared("emg_size", 1.0, 1.0), name=LinkName.EMG, is_changed=False)
        same = link(name=LinkName.TWITCH, is_changed=False)
        assert sentences_of((jerks, same, still))[1:] == (
            f"{PLACES[LinkName.TWITCH]}: {NOTHING}",
            f"{PLACES[LinkName.EMG]}: {NOT_YET}",
        )
        assert sentences_of((same, still)) == tuple(sentence_of(one) for one in (same, still))

    def test_what_hardly_ever_comes_has_no_row_of_zeros(self) -> None:
        assert in_words(1e-20, Unit.PER_MINUTE) == "hardly any"
        assert sentence_of(link(compared("ectopic_rate", 1e-20, 2e-4, Unit.PER_MINUTE))).endswith(TOO_LITTLE)

    def test_an_unchanged_link_is_never_told_as_changed_whatever_its_numbers(self) -> None:
        one = link(compared("a", 1.0, 2.0), is_changed=False)
        assert sentence_of(one) == f"Nerve fiber: {NOTHING}"
        assert word_of(one) == "same"

    def test_directions_follow_the_numbers(self) -> None:
        assert direction(compared("a", -0.08, -0.09)) == "down"
        assert direction(compared("a", None, 1.0)) == "up"
        assert direction(compared("a", 1.0, 1.0)) == "same"
        assert in_words(6e-10, Unit.AMPERE) == "0.6 nA"

    def test_everything_that_the_model_can_change_has_a_plain_name(self) -> None:
        events = {*ECTOPIC_KINDS.values(), *LOOP_KINDS.values(), EventKind.REFLEX, EventKind.CLONUS_BEAT}
        assert {*Environment.__slots__, *events, *links._EXPECTED} <= set(THINGS)

    def test_they_can_be_read_at_eleven(self, slow: Explanation, nothing: Explanation) -> None:
        made = [sentence_of(link(compared(name, 1.0, 2.0, Unit.PERCENT))) for name in THINGS]
        grades = {sentence: grade(sentence) for sentence in (*made, *slow.sentences, *nothing.sentences)}
        assert statistics.mean(grades.values()) <= GRADE_OF_AGE_11
        assert {sentence: round(one, 1) for sentence, one in grades.items() if one > HIGHEST_GRADE} == {}


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade, without what is in brackets for those who know the word."""
    sentences = re.split(r"(?<=[.!?;:])\s+", re.sub(r"\([^)]*\)", "", text).strip())
    tokens = "\n".join(" ".join(re.findall(r"[A-Za-z']+|[.!?]", one)) for one in sentences if one.strip())
    return float(readability.getmeasures(tokens, lang="en")["readability grades"]["Kincaid"])


def trace_of(healthy: float, changed: float) -> Trace:
    x = np.arange(4000) / 2000
    return Trace(
        label="EMG",
        unit=Unit.VOLT,
        x=x,
        x_label="seconds",
        healthy=healthy * np.sin(40 * x),
        changed=changed * np.sin(40 * x),
    )


def test_both_traces_have_one_scale_that_holds_the_larger() -> None:
    with drawing(2.0) as figure:
        row = figure.add_subfigure(figure.add_gridspec(1, 1)[0, 0])
        _side_by_side(row, trace_of(1e-4, 2e-3), "x")
        left, right = row.axes
        assert left.get_ylim() == right.get_ylim()
        assert left.get_ylim()[1] > 2.0
        assert left.get_ylabel() == "mV"


def test_a_trace_of_nothing_can_be_drawn() -> None:
    with drawing(2.0) as figure:
        row = figure.add_subfigure(figure.add_gridspec(1, 1)[0, 0])
        _side_by_side(row, trace_of(0.0, 0.0), "x")
        assert len(row.axes) == 2


def test_a_single_unit_among_many_is_drawn_to_be_seen_and_many_do_not_hide_one_another() -> None:
    assert mark_height(np.array([99])) > 3.0
    assert mark_height(np.arange(0, 100, 2)) < 1.0


def mark_height(units: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """Return the height of a line in a raster beside a silent one."""
    nothing = (np.empty(0), np.empty(0, np.int64))
    raster = links.Raster(duration_s=2.0, healthy=nothing, changed=(np.ones(units.size), units))
    with drawing(2.0) as figure:
        row = figure.add_subfigure(figure.add_gridspec(1, 1)[0, 0])
        _rasters(row, raster, "x")
        silent, (patch,) = row.axes[0], row.axes[1].patches
        assert [text.get_text() for text in silent.texts] == ["none"]
        ends = np.asarray(patch.get_path().vertices)
        return float(ends[1, 1] - ends[0, 1])


def test_thinning_loses_no_peak() -> None:
    x = np.arange(40_000) / 20_000
    values = np.zeros(x.size)
    values[12_345], values[30_001] = 7.0, -3.0
    thin_x, thin = _thinned(x, values)
    assert thin.max() == 7.0
    assert thin.min() == -3.0
    assert thin.size == thin_x.size <= 2 * 301
