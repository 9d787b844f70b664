import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.examine import Examination, ExaminedRecording, case_from_answers, examine_case
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer
from twitchwise.report import examination_as_json, recording_as_json, simulation_as_json
from twitchwise.report.as_json import _finite
from twitchwise.report.contract import CheckOut, MeasureOut, SimulateOut, schemas
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import Sex

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

Visit = Callable[..., Examination]
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
FINDINGS = library().findings
YES_NO = sorted(name for name, one in FINDINGS.items() if one.answer is Answer.YES_NO and not one.excludes)


def through_text(result: Mapping[str, object]) -> Mapping[str, object]:
    """Return what a program that reads the printed JSON gets."""
    read: Mapping[str, object] = json.loads(json.dumps(result, allow_nan=False))
    return read


@pytest.mark.parametrize("name", schemas())
def test_the_documented_schema_is_the_contract_of_the_code(name: str) -> None:
    written = (REFERENCE / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == schemas()[name], "write twitchwise.report.contract.schemas() to docs/reference"


def test_check_has_the_fields_that_were_promised(visit: Visit, examined: ExaminedRecording) -> None:
    result = examination_as_json(visit({"fasciculation": "present", "saddle_numbness": "present"}, examined))
    promised = ["urgency", "causes", "not_covered", "not_assessed", "measurements", "warnings"]
    assert [name for name in result if name in promised] == promised
    read = msgspec.convert(through_text(result), CheckOut)
    assert read.urgency.level == "emergency"
    reason = read.urgency.reasons[0]
    assert reason.source == reason.sources[0].id
    assert reason.because
    assert reason.sources[0].title
    assert {one.id for one in read.measurements} == {"fasciculation_rate", "fasciculation_amplitude", "odd_one"}
    assert read.case.findings["saddle_numbness"] == "present"
    assert "fasciculation" not in read.not_assessed


def test_causes_are_ordered_and_every_reason_carries_its_weight(visit: Visit) -> None:
    read = msgspec.convert(examination_as_json(visit({"fasciculation": "present"}, age_years=40.0)), CheckOut)
    values = [cause.probability.value for cause in read.causes]
    assert values == sorted(values, reverse=True)
    assert sum(values) + read.not_covered.probability.value == pytest.approx(1)
    reasons = [reason for cause in read.causes for reason in cause.reasons]
    assert reasons
    assert all(reason.weight.low <= reason.weight.value <= reason.weight.high for reason in reasons)
    assert all(reason.because and reason.state in {"present", "absent"} for reason in reasons)


def test_what_was_known_stands_in_the_result_with_numbers_as_numbers(visit: Visit) -> None:
    case = visit({"fasciculation": "present", "twitch_duration": "20"}, age_years=40.0)
    told = replace(case, case=replace(case.case, sex=Sex.FEMALE))
    read = msgspec.convert(examination_as_json(told), CheckOut).case
    assert (read.age_years, read.sex, read.findings["twitch_duration"]) == (40.0, "female", 20.0)


@given(st.dictionaries(st.sampled_from(YES_NO), st.sampled_from(["present", "absent"]), max_size=12))
def test_any_answers_give_strict_json_that_fits_the_contract(answers: dict[str, str]) -> None:
    asked = {name: answer for name, answer in answers.items() if FINDINGS[name].requires is None}
    examination = examine_case(case_from_answers(asked, FINDINGS), [], library())
    result = examination_as_json(examination)
    assert msgspec.to_builtins(msgspec.convert(through_text(result), CheckOut)) == result
    assert result == examination_as_json(examination)


def test_measure_has_the_fields_that_were_promised(examined: ExaminedRecording) -> None:
    result = recording_as_json(examined)
    assert list(result)[:6] == ["recording", "quality", "measurements", "events", "discharges", "units"]
    read = msgspec.convert(through_text(result), MeasureOut)
    assert [channel.name for channel in read.recording.channels] == [one.name for one in examined.recording.channels]
    assert read.recording.duration_s == 200.0
    assert read.quality["calf"].rest == [(0.0, 90.0), (100.0, 200.0)]
    assert read.quality["calf"].rest_s == 190.0
    assert (read.quality["off"].usable, read.quality["off"].rest) == (False, None)
    assert read.warnings == ["The clock was not set.", "Channel 'off' was not used."]


def test_peaks_are_volts_only_where_the_channel_is(examined: ExaminedRecording) -> None:
    counts = replace(examined.recording.channels[0], unit=examined.recording.channels[1].unit)
    volts = msgspec.convert(recording_as_json(examined), MeasureOut)
    channels = (counts, *examined.recording.channels[1:])
    other = replace(examined, recording=replace(examined.recording, channels=channels))
    unknown = msgspec.convert(recording_as_json(other), MeasureOut)
    assert (volts.events[0].peak_v, volts.events[0].peak, volts.events[0].peak_unit) == (-6e-5, -6e-5, "V")
    assert (volts.events[0].unit, volts.events[0].probability) == (None, 1.0)
    assert (unknown.events[0].peak_v, unknown.events[0].peak, unknown.events[0].peak_unit) == (None, -6e-5, "count")


def test_a_simulation_gives_its_truth_and_what_it_was_made_with() -> None:
    simulation = simulate_condition("caffeine", duration_s=30.0, seed=3)
    result = simulation_as_json(simulation)
    read = msgspec.convert(through_text(result), SimulateOut)
    assert (read.condition, read.seed, read.duration_s) == ("caffeine", 3, 30.0)
    assert read.twitch.contraction_time_s == simulation.twitch.contraction_time_s
    assert read.healthy_twitch.latent_period_s == simulation.healthy_twitch.latent_period_s
    assert len(read.events) == sum(len(train) for train in simulation.events)
    assert read.parameters == dict(simulation.parameters)
    again = simulation_as_json(simulate_condition("caffeine", duration_s=30.0, seed=3))
    assert {**result, "seconds": None} == {**again, "seconds": None}
    assert sum(len(train.times_s) for train in read.discharges) == len(simulation.discharges)
    assert len(read.units) == len(simulation.units)


def test_what_is_not_finite_becomes_null() -> None:
    assert _finite({"a": [float("nan"), 1.0, "x"], "b": float("inf"), "c": None}) == {
        "a": [None, 1.0, "x"],
        "b": None,
        "c": None,
    }


def test_no_result_says_that_a_disease_is_there_or_not(visit: Visit) -> None:
    text = json.dumps(examination_as_json(visit({"muscle_weakness": "absent"})))
    assert re.search(r"you (do not|don't) have", text, re.IGNORECASE) is None
