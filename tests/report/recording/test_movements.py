"""Recorded movement is told sensor by sensor, with what was found of the file, figures, and a map of a film."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.report.parsed import Page

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import library
from twitchwise.measure import FilmedMovement, RecordingMeasurements
from twitchwise.report import recording_as_html, recording_as_json, recording_as_text, write_figures
from twitchwise.report.recording.movement_drawings import envelope_of
from twitchwise.report.recording.movements import movements_of
from twitchwise.report.recording.story import answer_of
from twitchwise.signals import ArraySource, Channel, EventTrain, Picture, Recording, Video
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement, Side, Unit, View

RATE_HZ, DURATION_S = 100.0, 60.0
SENSOR = "left wrist accelerometer"
SUMMARY = "A tremor of 5.0 Hz in 40 of 60 s."


def axis(letter: str) -> Channel:
    return Channel(
        name=f"{SENSOR} {letter}",
        kind=ChannelKind.ACCELERATION,
        unit=Unit.METER_PER_SECOND_SQUARED,
        sampling_rate_hz=RATE_HZ,
        n_samples=round(RATE_HZ * DURATION_S),
        array=SENSOR,
        side=Side.LEFT,
    )


def measured(name: str, value: float, unit: Unit, channel: str | None = SENSOR) -> Measurement:
    return Measurement(
        id=name, value=value, low=0.9 * value, high=1.1 * value, unit=unit, channel=channel, method="By its peak."
    )


def train(
    kind: EventKind, channel: str, spans: list[tuple[float, float]], place: list[tuple[float, float]]
) -> EventTrain:
    start, stop = np.array(spans).T
    return EventTrain(
        kind=kind,
        channel=channel,
        start_s=start,
        peak_s=(start + stop) / 2,
        end_s=stop,
        peak=np.full(len(spans), 1.5),
        place=np.array(place),
    )


@pytest.fixture
def wrist() -> ExaminedRecording:
    """A wrist sensor with a tremor, part of which is missing, and one number of the whole recording."""
    time_s = np.arange(round(RATE_HZ * DURATION_S)) / RATE_HZ
    shake = np.sin(2 * np.pi * 5 * time_s)
    shake[2000:3000] = np.nan
    recording = Recording(
        name="wrist.csv",
        format="CSV",
        channels=tuple(map(axis, "xyz")),
        source=ArraySource([shake, 0.5 * shake, np.full(time_s.size, 9.8)]),
        notes=("Acceleration is in g and includes gravity.",),
    )
    result = RecordingMeasurements(
        measurements=(
            measured("tremor_share", 67.0, Unit.PERCENT, None),
            measured("tremor_frequency", 5.0, Unit.HERTZ),
        ),
        events=(train(EventKind.TREMOR, SENSOR, [(0.0, 20.0), (30.0, 60.0)], []),),
        quality=(),
        rest={},
        summary=SUMMARY,
        movement_summary=SUMMARY,
    )
    return ExaminedRecording(recording=recording, result=result)


class Gray:
    """Pictures of one brightness."""

    def brightness(self, start: int, stop: int) -> "list[Picture]":
        return [np.full((48, 64), 128, dtype=np.uint8)] * (stop - start)

    def color(self, start: int, stop: int) -> "list[Picture]":
        return [np.full((48, 64, 3), 128, dtype=np.uint8)] * (stop - start)


@pytest.fixture
def film() -> ExaminedRecording:
    """A film with two twitches at one place."""
    trace = Channel(
        name="picture", kind=ChannelKind.DISPLACEMENT, unit=Unit.PIXEL, sampling_rate_hz=30.0, n_samples=300
    )
    traces = Recording(name="lid.mp4", format="MP4", channels=(trace,), source=ArraySource([np.zeros(300)]))
    twitches = train(EventKind.VISIBLE_TWITCH, "picture", [(2.0, 2.2), (5.0, 5.3)], [(20.0, 30.0), (22.0, 31.0)])
    result = RecordingMeasurements(
        measurements=(measured("visible_twitch_count", 2, Unit.COUNT, "picture"),),
        events=(twitches,),
        quality=(),
        rest={},
        summary="2 visible twitches in 10 s.",
        movement_summary="2 visible twitches in 10 s.",
    )
    heat = np.full((3, 4), 0.1)
    heat[1, 2], heat[0, 0] = 1.2, np.nan
    video = Video(name="lid.mp4", format="MP4", width=64, height=48, times_s=np.arange(300) / 30.0, source=Gray())  # type: ignore[arg-type]
    filmed = FilmedMovement(video=video, view=View.SKIN, traces=traces, result=result, heat_map=heat)
    return ExaminedRecording(recording=traces, result=result, film=filmed)


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
