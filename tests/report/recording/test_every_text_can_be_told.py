"""A page of a recording in a language in which every text stands in brackets: what stands outside is in no catalog."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.report.recording.conftest import measured
from tests.report.recording.moving import SENSOR
from tests.web.pseudo import TAG, left_out, speak_pseudo

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report import figures, recording_as_html, write_figures
from twitchwise.report.drawings import twitch_drawing
from twitchwise.report.figures import RasterRow, Row, causes_svg, raster_svg, rates_svg, twitch_svg
from twitchwise.report.languages import LANGUAGE, tell
from twitchwise.report.measured import label_of, recording_facts
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.other_activity import KIND_WORDS
from twitchwise.report.quantity_words import DETAIL_WORDS, QUANTITY_WORDS
from twitchwise.report.recording import figures as figures_of_recordings
from twitchwise.report.recording import movement_figures
from twitchwise.report.recording.words import EVENT_NAMES
from twitchwise.report.trace_picture import Mark, Picture, Trace, seen_in_words, trace_picture
from twitchwise.report.wording import EVENT_WORDS
from twitchwise.simulate import Twitch
from twitchwise.vocabulary import EventKind, Measurement, Unit
from twitchwise.vocabulary.text import say

NAMES = re.compile(rf"\b(?:{SENSOR}|wrist\.csv|lid\.mp4|picture|grid\.edf|grid|force|g\d+|CSV|MP4)\b|https://[^\s\"<]+")
"""What a person or a file named, names of formats, and addresses."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let the reader have a language."""
    before = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(before)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the reader speak the language of brackets; figures get its letters, and room for whole labels."""
    speak_pseudo(monkeypatch)
    monkeypatch.setattr(figures, "DRAWABLE", 0x10000)
    monkeypatch.setattr(figures, "LETTERS", 1000)
    monkeypatch.setattr(figures_of_recordings, "_LABEL", 1000)
    monkeypatch.setattr(movement_figures, "_LABEL", 1000)
    with speaking(TAG):
        yield


def leaks(html: str) -> list[str]:
    """Return what of a page is in no catalog and is no name."""
    return left_out(NAMES.sub("", html))


def as_text(measurement: Measurement) -> Measurement:
    """Return a measurement whose words can be told, as those are that are measured."""
    return replace(measurement, method=say(measurement.method), doubts=tuple(map(say, measurement.doubts)))


def as_texts(examined: ExaminedRecording) -> ExaminedRecording:
    """Return a recording whose results say all in texts that can be told; without what has no name."""
    result, recording = examined.result, examined.recording
    told = replace(
        result,
        measurements=tuple(as_text(one) for one in result.measurements if one.id != "odd_one"),
        warnings=tuple(map(say, result.warnings)),
        quality=tuple(replace(one, reason=say(one.reason)) if one.reason else one for one in result.quality),
        summary=say(result.summary),
        movement_summary=say(result.movement_summary),
    )
    return replace(
        examined, result=told, recording=replace(recording, notes=tuple(say(one) for one in recording.notes))
    )


def quiet(gridded: ExaminedRecording) -> ExaminedRecording:
    """Return the grid with nothing found on it, an electrode that was not used, and doubts."""
    result = gridded.result
    none = next(one for one in result.measurements if one.id == "fasciculation_rate")
    few = replace(none, value=0.0, low=0.0, high=0.95, doubts=("too short to call absent",))
    unused = replace(result.quality[0], usable=False, reason="The channel is constant.")
    others = [one for one in result.measurements if one.value == 0]
    found = result.potentials[0]
    return replace(
        gridded,
        result=replace(
            result,
            measurements=(few, replace(few, id="rest_noise_rms", value=3.0, high=3.0, unit=Unit.COUNT), *others),
            events=(),
            units=(),
            potentials=(found.where(found.peak_s < 0),),
            quality=(unused, *result.quality[1:]),
        ),
    )


def recordings(
    gridded: ExaminedRecording,
    wrist: ExaminedRecording,
    film: ExaminedRecording,
    with_muscle: Callable[[str], ExaminedRecording],
) -> Iterator[ExaminedRecording]:
    """Give recordings of every kind: units, nothing found, movement, a film, muscles with ranges and with none."""
    yield from (gridded, quiet(gridded), wrist, film)
    yield from map(with_muscle, ("biceps_brachii", "first_dorsal_interosseous", "masseter"))


@pytest.fixture
def all_kinds(
    gridded: ExaminedRecording,
    wrist: ExaminedRecording,
    film: ExaminedRecording,
    with_muscle: Callable[[str], ExaminedRecording],
) -> list[ExaminedRecording]:
    """Recordings of every kind, as `recordings` gives them."""
    return [as_texts(one) for one in recordings(gridded, wrist, film, with_muscle)]


@pytest.mark.usefixtures("pseudo")
def test_a_page_says_nothing_that_is_in_no_catalog(all_kinds: list[ExaminedRecording]) -> None:
    for one in all_kinds:
        page = recording_as_html(one)
        assert f'<html lang="{TAG}">' in page
        assert leaks(page) == []


@pytest.mark.usefixtures("pseudo")
def test_a_figure_in_a_file_says_nothing_that_is_in_no_catalog(
    all_kinds: list[ExaminedRecording], tmp_path: Path
) -> None:
    files = [file for at, one in enumerate(all_kinds) for file in write_figures(one, tmp_path / str(at))]
    assert len({file.name for file in files}) > 5
    for file in files:
        assert leaks(file.read_text(encoding="utf-8")) == []


@pytest.mark.usefixtures("pseudo")
def test_the_figures_of_a_visit_say_nothing_that_is_in_no_catalog() -> None:
    row = Row(label=say("one"), said=say("none"), value=0.01, low=0.001, high=0.5)
    raster = RasterRow(label=say("one"), times_s=np.array([1.0, 3.0]), rest_s=((0.0, 9.0),), duration_s=300.0)
    slow, healthy = (
        Twitch(latent_period_s=0.01, contraction_time_s=one, half_relaxation_time_s=0.05, peak_force_n=0.02)
        for one in (0.06, 0.03)
    )
    one_bound = replace(row, bound_only=True)
    drawn = (causes_svg([row]), rates_svg([row, one_bound]), raster_svg([raster]))
    for svg in (*drawn, twitch_svg(slow, say("slow"), healthy), twitch_svg(healthy, say("healthy"), None)):
        assert leaks(svg) == []
    for one in (twitch_drawing(slow, healthy, say("slow")), twitch_drawing(healthy, healthy, say("healthy"))):
        assert leaks(f"<p>{tell(one.alt)}</p><p>{tell(one.caption)}</p>") == []


@pytest.mark.usefixtures("pseudo")
def test_a_picture_of_traces_says_nothing_that_is_in_no_catalog() -> None:
    wave = np.sin(np.linspace(0, 20, 100, dtype=np.float32))
    picture = Picture(
        start_s=0.0,
        stop_s=2.5,
        traces=[Trace(name="force", unit=Unit.NEWTON, low=wave, high=wave)],
        marks=[Mark(row=0, time_s=1.0, shape=0, is_kept=False, is_by_hand=True)],
        kinds=[EVENT_WORDS[EventKind.TWITCH]],
        note=say("A note."),
    )
    assert leaks(trace_picture(picture, seen_in_words(picture))) == []


@pytest.mark.usefixtures("pseudo")
def test_what_was_measured_is_told_without_a_word_that_is_in_no_catalog(
    all_kinds: list[ExaminedRecording], known: Library
) -> None:
    facts = [fact for one in all_kinds for fact in recording_facts(one, known, name_recording=True)]
    assert len(facts) > 20
    for fact in facts:
        for text in (fact.label, fact.said, fact.where, fact.method, *fact.doubts):
            assert leaks(f"<p>{tell(text)}</p>") == []


@pytest.mark.usefixtures("pseudo")
def test_every_measured_quantity_has_a_name_to_tell(known: Library) -> None:
    others = (f"{kind.value}_{detail}" for kind in KIND_WORDS for detail in DETAIL_WORDS)
    for name in (*QUANTITY_WORDS, *MOVEMENT_WORDS, *others):
        label = tell(label_of(measured(name, 1.0, Unit.ONE), known))
        assert leaks(f"<p>{label}</p>") == [], name


def test_other_activity_is_named_with_what_was_measured_of_it(known: Library) -> None:
    label = label_of(measured("cramp_discharge_duration", 1.0, Unit.SECOND), known)
    assert label == "Cramp discharges: how long each lasts"


def test_every_kind_of_event_has_a_name_that_is_its_id_in_words() -> None:
    assert {kind: str(name) for kind, name in EVENT_NAMES.items()} == {
        kind: kind.value.replace("_", " ") for kind in EventKind
    }


def test_numbers_in_figures_have_the_mark_of_the_language() -> None:
    def numbers(language: str) -> list[str]:
        with speaking(language):
            svg = rates_svg([Row(label="a", said="b", value=0.5, low=0.1, high=1.0)])
        return re.findall(r">(\d+[.,]\d+)<", svg)

    assert "0.2" in numbers("en")
    assert numbers("de") == [one.replace(".", ",") for one in numbers("en")]
