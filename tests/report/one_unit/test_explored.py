"""What a reader gets of one motor unit: every number named and sourced, values that survive a form, curves drawn."""

import re
import wave
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.report.one_unit.drawing import chart_of
from twitchwise.report.one_unit.numbers import row_of
from twitchwise.report.one_unit.page import (
    DialView,
    Explored,
    _dial,
    explored,
    in_file_units,
    label_of,
    offered,
    refusal,
    usual_activity,
)
from twitchwise.report.one_unit.sound import wav_of
from twitchwise.report.one_unit.wording import CURVES, NOTHING_CHANGES, NUMBERS, STAGES
from twitchwise.simulate.one_unit import Activity, Curve, Number, StageName, causes, dials_of
from twitchwise.vocabulary import Unit

KNOWLEDGE = library()
seldom = settings(max_examples=max(settings().max_examples // 5, 5))
SENTENCE = re.compile(r"[.!?:](?:\s|$)")


def shown(cause: str = "exertion", **values: float) -> Explored:
    return explored(cause, values, usual_activity(cause), KNOWLEDGE)


def test_every_stage_has_two_or_three_sentences_and_every_number_and_curve_a_name() -> None:
    assert set(STAGES) == set(StageName)
    for _, about in STAGES.values():
        assert 2 <= len(SENTENCE.findall(about)) <= 4
    page = shown("malignant_hyperthermia")
    for stage in page.unit.stages:
        assert all(one.name in NUMBERS for one in stage.numbers)
        assert all(one.name in CURVES for one in stage.curves)
        assert stage.numbers


def test_each_number_is_told_with_that_of_health_and_has_an_origin() -> None:
    for stage in shown("surroundings", muscle_temperature=25.0).stages:
        for row in stage.rows:
            assert row.sentence == f"{row.label}: {row.changed}, healthy {row.healthy}."
            assert row.origins
            for origin in row.origins:
                assert origin.citations or origin.assumed


def test_a_change_is_told_as_a_person_would() -> None:
    one = Number(name="contraction_time", unit=Unit.SECOND, healthy=0.06, changed=0.074, rests_on=())
    row = row_of(one, KNOWLEDGE)
    assert row.sentence == "Contraction time: 74 ms, healthy 60 ms."
    assert (row.way, row.weight > 0) == ("up", True)


@pytest.mark.parametrize(
    ("healthy", "changed", "way"), [(1.0, 1.0, "same"), (1.0, 1.0001, "same"), (1.0, 0.5, "down"), (None, 0.5, "up")]
)
def test_what_reads_the_same_counts_as_the_same(healthy: float | None, changed: float, way: str) -> None:
    one = Number(name="peak_force", unit=Unit.NEWTON, healthy=healthy, changed=changed, rests_on=())
    row = row_of(one, KNOWLEDGE)
    assert row.way == way
    assert (row.weight == 0) == (way == "same")


def test_where_nothing_is_turned_it_says_so() -> None:
    healthy = {dial.parameter: dial.healthy for dial in dials_of("low_calcium")}
    assert shown("low_calcium", **healthy).said == NOTHING_CHANGES
    assert "many motor units" in shown("essential_tremor", tremor_drive=0.0, tremor_frequency=5.0).said


@pytest.mark.parametrize("cause", causes())
def test_what_stands_in_the_fields_is_what_the_model_has(cause: str) -> None:
    for side in (False, True):
        view = explored(cause, {}, Activity.REST, KNOWLEDGE, story=side).dials
        for digits in ("healthy", "usual", "low", "high"):
            told = {dial.id: float(getattr(dial, digits)) for dial in view}
            values = in_file_units(cause, told, KNOWLEDGE, story=side)
            assert values == {dial.parameter: getattr(dial, digits) for dial in dials_of(cause, story=side)}
            assert refusal(cause, values, KNOWLEDGE, story=side) is None


@seldom
@given(data=st.data())
def test_a_value_that_was_turned_comes_back_from_its_field(data: st.DataObject) -> None:
    cause = data.draw(st.sampled_from(causes()))
    dial = data.draw(st.sampled_from(dials_of(cause)))
    value = data.draw(st.floats(dial.low, dial.high))
    view = next(one for one in shown_dials(cause, dial.parameter, value) if one.id == dial.parameter)
    back = in_file_units(cause, {dial.parameter: float(view.value)}, KNOWLEDGE, story=False)[dial.parameter]
    assert back == pytest.approx(value, rel=1e-4, abs=1e-4 * (dial.high - dial.low))


def shown_dials(cause: str, name: str, value: float) -> list[DialView]:
    return [_dial(cause, dial, {name: value}, KNOWLEDGE, story=False) for dial in dials_of(cause)]


def test_a_value_outside_is_named_with_its_bounds_in_the_units_of_the_page() -> None:
    found = refusal("low_calcium", {"ionized_calcium": 0.009}, KNOWLEDGE, story=False)
    assert found == (
        "ionized_calcium",
        "“Calcium in blood” must be from 0.540541 to 1.184 mmol/L.",
    )


def test_causes_are_offered_once_each_in_their_kinds() -> None:
    kinds = dict(offered(KNOWLEDGE))
    listed = [cause for members in kinds.values() for cause, _ in members]
    assert sorted(listed) == sorted(causes())
    for members in kinds.values():
        assert members
        assert [label.lower() for _, label in members] == sorted(label.lower() for _, label in members)
    assert label_of("caffeine", KNOWLEDGE) == "Caffeine"


def test_a_drawing_holds_both_curves_within_its_frame() -> None:
    for stage in shown().stages:
        for chart in stage.charts:
            root = ET.fromstring(f"<div>{chart.svg}</div>")  # noqa: S314 - our own
            lines = root.findall(".//polyline")
            assert {line.attrib["class"] for line in lines} == {"line-healthy", "line-changed"}
            assert len(root.findall("svg")) == 1 + chart.apart
            for line in lines:
                points = np.array([pair.split(",") for pair in line.attrib["points"].split()], dtype=float)
                assert points[:, 0].min() >= 0
                assert points[:, 0].max() <= 360
                assert points[:, 1].min() >= 0
                assert points[:, 1].max() <= 220
            assert all(svg.attrib["aria-label"] for svg in root.findall("svg"))


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20),
    st.sampled_from([Unit.VOLT, Unit.SECOND, Unit.METER, Unit.ONE]),
)
def test_any_finite_curve_can_be_drawn(values: list[float], unit: Unit) -> None:
    curve = Curve(
        name="force",
        unit=unit,
        x=np.arange(len(values), dtype=float),
        x_unit=Unit.SECOND,
        healthy=np.array(values),
        changed=np.array(values[::-1]),
    )
    assert chart_of(curve).svg.count("<polyline") == 2
    assert "nan" not in chart_of(curve).svg


def test_the_sound_is_ten_seconds_of_sixteen_bits_and_as_loud_for_both() -> None:
    unit = explored("low_calcium", {}, Activity.CONTRACTION, KNOWLEDGE).unit
    heard = {}
    for who in ("healthy", "changed"):
        with wave.open(BytesIO(wav_of(unit, who))) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
            assert file.getnframes() == 80_000
            heard[who] = np.frombuffer(file.readframes(80_000), "<i2")
    pairs = [(one.emg_v(unit.start_s), heard[who]) for one, who in zip(unit.heard, ("healthy", "changed"), strict=True)]
    gains = [float(np.abs(samples).max() / np.abs(volts).max()) for volts, samples in pairs]
    assert gains[0] == pytest.approx(gains[1], rel=1e-3)
    assert max(int(np.abs(samples).max()) for samples in heard.values()) <= 32767


def test_its_json_holds_what_the_page_draws() -> None:
    page = shown()
    stages = page.as_json["stages"]
    assert isinstance(stages, list)
    assert [stage["name"] for stage in stages] == [stage.name for stage in page.stages]
    charts = [chart for stage in stages for chart in stage["charts"]]
    assert all(len(chart["x"]) == len(chart["healthy"]) == len(chart["changed"]) for chart in charts)
