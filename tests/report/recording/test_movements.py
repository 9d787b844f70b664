"""Recorded movement is told sensor by sensor, with what was found of the file, figures, and a map of a film."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.report.parsed import Page
from tests.report.recording.moving import SENSOR, SUMMARY

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.report import recording_as_html, recording_as_json, recording_as_text, write_figures
from twitchwise.report.recording.movement_drawings import envelope_of
from twitchwise.report.recording.movements import movements_of
from twitchwise.report.recording.story import answer_of


def test_the_whole_recording_comes_first_and_then_each_sensor(wrist: ExaminedRecording) -> None:
    whole, sensor = movements_of(wrist, library())
    assert (whole.heading, [one.id for one in whole.values]) == ("Whole recording", ["tremor_share"])
    assert (sensor.heading, [one.said for one in sensor.values]) == (SENSOR, ["5 Hz (4.5 to 5.5)"])


def test_the_terminal_has_the_answer_each_value_and_what_the_file_holds(
    wrist: ExaminedRecording, printed: Callable[..., str]
) -> None:
    said = " ".join(printed(recording_as_text(wrist)).split())
    for part in (
        SUMMARY,
        f"What was measured: {SENSOR}",
        "5 Hz (4.5 to 5.5)",
        "includes gravity",
        "2 stretches of tremor",
    ):
        assert part in said


def test_the_answer_keeps_what_is_told_of_emg_apart_from_movement(wrist: ExaminedRecording) -> None:
    both = replace(wrist.result, summary=f"No rest. {SUMMARY}")
    assert answer_of(replace(wrist, result=both)) == f"No rest. {SUMMARY}"


def test_the_page_draws_the_trace_with_words_and_numbers(wrist: ExaminedRecording) -> None:
    page = recording_as_html(wrist)
    taken = Page(page)
    assert (taken.unbalanced, taken.open) == ([], [])
    said = [attributes["aria-label"] or "" for tag, attributes in taken.tags if attributes.get("role") == "img"]
    assert said == ["Trace of 1.0 min with 2 stretches of tremor."]
    assert "Numbers behind this figure: the movement over time" in page
    assert page.index(SUMMARY) < page.index("includes gravity")


def test_a_trace_holds_every_extreme_and_nothing_where_samples_are_missing(wrist: ExaminedRecording) -> None:
    envelope = envelope_of(wrist.recording, wrist.recording.members(SENSOR))
    assert np.nanmax(envelope.greatest) == pytest.approx(np.hypot(1.0, 0.5), rel=1e-3)
    lost = (envelope.edges_s[:-1] > 20.1) & (envelope.edges_s[1:] < 29.9)
    assert np.isnan(envelope.least[lost]).all()
    assert np.isfinite(envelope.least[~lost & (envelope.edges_s[1:] < 19.9)]).all()


def test_the_map_of_a_film_has_its_twitches_and_is_a_file_of_its_own(film: ExaminedRecording, tmp_path: Path) -> None:
    files = write_figures(film, tmp_path)
    assert [file.name for file in files] == ["picture-trace.svg", "picture-map.svg"]
    for file in files:
        ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    page = recording_as_html(film)
    assert "up to 1.2 pixels of motion; 2 events" in page


def test_json_says_where_in_the_picture_and_what_was_found_of_the_file(
    film: ExaminedRecording, wrist: ExaminedRecording
) -> None:
    told: Any = recording_as_json(film)
    assert [one["place_px"] for one in told["events"]] == [[20.0, 30.0], [22.0, 31.0]]
    held: Any = recording_as_json(wrist)
    assert held["recording"]["notes"] == ["Acceleration is in g and includes gravity."]
    assert [(one["peak_unit"], one["place_px"]) for one in held["events"]] == [("m/s2", None)] * 2
