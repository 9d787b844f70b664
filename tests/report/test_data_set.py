"""A measured folder as a table and as JSON: a row a recording, each doubt once, nothing that steers a terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from rich.console import RenderableType

from twitchwise.examine import ExaminedRecording, MeasuredRecording, PlannedRecording
from twitchwise.examine.measuring import State
from twitchwise.report import (
    MeasuredRecordingOut,
    measured_in_a_line,
    measured_row,
    measured_set_as_json,
    measured_set_as_text,
    recording_as_json,
)
from twitchwise.report.contract import MeasureSetOut
from twitchwise.report.wording import NOTICE

Printed = Callable[..., str]


def done(
    name: str,
    measured: dict[str, object] | None = None,
    *,
    state: State = State.MEASURED,
    refusal: str = "",
    files: tuple[Path, ...] = (),
) -> MeasuredRecording:
    planned = PlannedRecording(file=Path(name), name=name, place=name, n_bytes=10, made_from={})
    return MeasuredRecording(planned=planned, state=state, measured=measured, refusal=refusal, files=files, seconds=1.5)


def measurement(name: str, value: float | None, channel: str = "c", doubts: tuple[str, ...] = ()) -> dict[str, Any]:
    size = value or 0.0
    return {
        "id": name,
        "value": value,
        "low": size / 2,
        "high": size * 2 + 1.5,
        "channel": channel,
        "doubts": list(doubts),
    }


def of(*measurements: dict[str, Any], **changes: object) -> dict[str, object]:
    quality = {"a": {"rest_s": 50.0}, "b": {"rest_s": 90.0}, "off": {"rest_s": None}}
    made: dict[str, object] = {"recording": {"duration_s": 100.0}, "quality": quality}
    made |= {"measurements": list(measurements), "events": [], "discharges": [], "warnings": []}
    return made | changes


def test_a_row_holds_what_a_recording_is_told_apart_by(examined: ExaminedRecording) -> None:
    row = measured_row(done("night.edf", recording_as_json(examined)))
    assert (row.name, row.state, row.duration_s, row.rest_s) == ("night.edf", "measured", 200.0, 190.0)
    assert row.rate is not None
    assert (row.rate.value, row.rate.low, row.rate.high, row.rate.channel) == (6.0, 3.0, 11.0, "calf")
    assert row.events == {"fasciculation_potential": 20}
    assert row.doubts == ["samples are clipped", "strong mains hum"]
    assert row.warnings == ["The clock was not set.", "Channel 'off' was not used."]


def test_the_greatest_rate_without_doubts_stands_for_the_recording() -> None:
    rates = [
        measurement("fasciculation_rate", 3.0, "a"),
        measurement("fasciculation_rate", 5.0, "b"),
        measurement("fasciculation_rate", 90.0, "off", ("clipped",)),
        measurement("fasciculation_rate", None, "off"),
    ]
    row = measured_row(done("x", of(*rates)))
    assert row.rate is not None
    assert (row.rate.value, row.rate.channel, row.rest_s) == (5.0, "b", 90.0)
    doubted = measured_row(done("x", of(rates[2], rates[3])))
    assert doubted.rate is not None
    assert (doubted.rate.value, doubted.rate.doubts, doubted.rest_s) == (90.0, ["clipped"], 90.0)


def test_units_and_events_are_counted() -> None:
    events = [{"kind": "twitch"}, {"kind": "cramp_discharge"}, {"kind": "twitch"}]
    row = measured_row(
        done("x", of(measurement("active_units", 4.0), events=events, discharges=[{"kind": "motor_unit_discharge"}]))
    )
    assert row.units == 4.0
    assert row.events == {"cramp_discharge": 1, "motor_unit_discharge": 1, "twitch": 2}


def test_all_that_was_measured_is_in_the_row_where_no_file_holds_it() -> None:
    assert measured_row(done("x", of())).result == of()
    assert measured_row(done("x", of()), whole=False).result is None
    assert measured_row(done("x", of(), files=(Path("a.tsv"),))).result is None


def test_a_refusal_has_a_row_without_numbers() -> None:
    row = measured_row(done("x", state=State.REFUSED, refusal="It is broken."))
    assert (row.refusal, row.rate, row.rest_s, row.duration_s, row.result) == ("It is broken.", None, None, None, None)


def rows() -> list[MeasuredRecordingOut]:
    doubt = ("It was short.",)
    return [
        measured_row(done("a/one.edf", of(measurement("fasciculation_rate", 5.0, "b", doubt)))),
        measured_row(done("a/two.edf", of(measurement("fasciculation_rate", 0.0, "b", doubt)), state=State.KEPT)),
        measured_row(done("a/three.edf", of(measurement("active_units", 2.0)))),
        measured_row(done("a/four.edf", state=State.REFUSED, refusal="It is \x1b[31mbroken.")),
    ]


def test_the_table_says_what_became_of_each_recording(printed: Printed) -> None:
    text = printed(measured_set_as_text(rows(), Path("set"), Path("out")))
    assert "set: 2 measured, 1 kept from an earlier run, 1 not measured" in text
    lines = {line.split()[0]: " ".join(line.split()) for line in text.splitlines() if ".edf " in line}
    assert lines["one.edf"] == "one.edf 1.7 min 1.5 min 5 (2.5 to 11.5) - 1"
    assert lines["two.edf"] == "two.edf 1.7 min 1.5 min none seen (up to 1.5) - 1"
    assert lines["three.edf"] == "three.edf 1.7 min 1.5 min - 2 -"
    assert "- a/four.edf: It is [31mbroken." in text
    assert "It was short. (2 of 4)" in text
    assert "Results are in out." in text
    assert NOTICE.split(". ", maxsplit=1)[0] in " ".join(text.split())
    assert "\x1b" not in text


def test_names_that_stand_in_several_folders_are_given_in_full(printed: Printed) -> None:
    twice = [measured_row(done(name, of())) for name in ("a/x.edf", "b/x.edf")]
    text = printed(measured_set_as_text(twice, Path("set"), None))
    assert "a/x.edf" in text
    assert "b/x.edf" in text
    assert "Results are in" not in text


def test_an_interrupted_run_says_so(printed: Printed) -> None:
    assert "none measured, then interrupted" in printed(measured_set_as_text([], Path("set"), None, complete=False))
    assert measured_set_as_json([], Path("set"), None, complete=False)["complete"] is False


def test_only_the_most_frequent_doubts_are_shown(printed: Printed) -> None:
    many = [measured_row(done("x", of(warnings=[f"Warning {number}." for number in range(30)])))]
    text = printed(measured_set_as_text(many, Path("set"), None))
    assert "Warning 11." in text
    assert "Warning 12." not in text
    assert "18 more; the JSON has all." in text


def test_a_line_says_what_became_of_a_recording() -> None:
    assert [measured_in_a_line(row) for row in rows()] == [
        "a/one.edf: 5 (2.5 to 11.5) a minute",
        "a/two.edf: none seen (up to 1.5) a minute, kept from an earlier run",
        "a/three.edf: no rate",
        "a/four.edf: not measured: It is [31mbroken.",
    ]


def test_the_json_keeps_its_promise() -> None:
    made = measured_set_as_json(rows(), Path("set"), Path("out"))
    assert made == json.loads(json.dumps(made, allow_nan=False))
    back = msgspec.convert(made, MeasureSetOut)
    assert [row.name for row in back.recordings] == ["a/one.edf", "a/two.edf", "a/three.edf", "a/four.edf"]
    assert (back.folder, back.output, back.complete, back.notice) == ("set", "out", True, NOTICE)


def test_printing_needs_no_width(printed: Callable[[RenderableType, int], str]) -> None:
    assert "none seen" in " ".join(printed(measured_set_as_text(rows(), Path("set"), None), 60).split())
