"""The visit: measurements join the answers, doubted ones are shown and not weighed."""

from pathlib import Path

import numpy as np
import pytest

from twitchwise.assess import Case, Observation
from twitchwise.examine import ExaminedRecording, examine_case, examine_recording
from twitchwise.formats import write_edf
from twitchwise.knowledge import Library, library
from twitchwise.measure import RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import ChannelKind, EventKind, FindingState, Measurement, Unit, UnreadableRecordingError

CHANNEL = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=1000)


def rate(value: float, *, channel: str = "calf", doubts: tuple[str, ...] = (), name: str = "rate") -> Measurement:
    return Measurement(
        id=name,
        value=value,
        low=value * 0.9,
        high=value * 1.1,
        unit=Unit.PER_MINUTE,
        method="made up",
        channel=channel,
        doubts=doubts,
    )


def examined(*measurements: Measurement, warnings: tuple[str, ...] = ()) -> ExaminedRecording:
    recording = Recording(
        name="x.edf",
        format="EDF",
        channels=(CHANNEL,),
        source=ArraySource([np.zeros(1000)]),
        warnings=("the clock was off.", *warnings),
    )
    result = RecordingMeasurements(measurements=measurements, events=(), quality=(), rest={}, warnings=warnings)
    return ExaminedRecording(recording=recording, result=result)


def test_a_measurement_is_weighed_like_an_answer(small_library: Library) -> None:
    found = examine_case(Case(), [examined(rate(20.0))], small_library)
    assert found.case.observations["rate"].value == 20.0
    tired = next(cause for cause in found.assessment.causes if cause.id == "tired_muscle")
    assert [weight.finding for weight in tired.reasons] == ["rate"]
    assert found.measurements == (rate(20.0),)


def test_the_greatest_of_several_channels_stands_for_the_finding(small_library: Library) -> None:
    found = examine_case(Case(), [examined(rate(2.0), rate(30.0, channel="hand"))], small_library)
    assert found.case.observations["rate"].value == 30.0


def test_a_doubted_measurement_is_shown_and_not_weighed(small_library: Library) -> None:
    found = examine_case(Case(), [examined(rate(20.0, doubts=("It was short.",)))], small_library)
    assert "rate" not in found.case.observations
    assert any("shown but not weighed: It was short." in warning for warning in found.warnings)


def test_a_measurement_that_is_no_finding_is_shown_only(small_library: Library) -> None:
    found = examine_case(Case(), [examined(rate(1.0, name="rest_share"))], small_library)
    assert found.case.observations == {}
    assert [value.id for value in found.measurements] == ["rest_share"]


def test_other_activity_is_told_and_decides_nothing(small_library: Library) -> None:
    seen = rate(12.0, name="myotonic_discharge_rate")
    found = examine_case(Case(), [examined(seen, rate(0.0, name="cramp_discharge_rate"))], small_library)
    without = examine_case(Case(), [examined()], small_library)
    assert found.case == without.case
    assert found.assessment == without.assessment
    (said,) = [warning for warning in found.warnings if "not weighed" in warning]
    assert said.startswith(
        "Myotonic discharges were seen on calf; they are shown but not weighed, because only a doctor"
    )


def test_what_was_looked_for_and_not_seen_is_no_absent_finding(small_library: Library) -> None:
    none = [rate(0.0, name=f"{kind.value}_rate") for kind in EventKind]
    assert examine_case(Case(), [examined(*none)], small_library).case.observations == {}


def test_a_measurement_replaces_what_was_answered(small_library: Library) -> None:
    said = Observation(finding="rate", state=FindingState.PRESENT, value=1.0, low=1.0, high=1.0)
    found = examine_case(Case(observations={"rate": said}), [examined(rate(20.0))], small_library)
    assert found.case.observations["rate"].measured


def test_each_warning_is_given_once_with_the_recording_it_is_about(small_library: Library) -> None:
    found = examine_case(Case(), [examined(warnings=("mains hum.",))], small_library)
    said = [warning for warning in found.warnings if warning.startswith("x.edf: ")]
    assert said == ["x.edf: the clock was off.", "x.edf: mains hum."]


def test_a_recording_is_read_and_measured(tmp_path: Path) -> None:
    simulation = simulate_condition("benign_fasciculation_syndrome", duration_s=100.0, seed=2)
    write_edf(simulation.recording, tmp_path / "x.edf", event_trains=simulation.events)
    found = examine_recording(tmp_path / "x.edf")
    assert found.recording.name == "x.edf"
    values = {value.id: value for value in found.result.measurements}
    assert values["fasciculation_rate"].low <= 60 * len(simulation.events[0]) / 100 <= values["fasciculation_rate"].high
    assert examine_case(Case(), [found], library()).case.state("fasciculation_rate") is FindingState.PRESENT


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError):
        examine_recording(tmp_path / "none.edf")
