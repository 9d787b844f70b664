"""The numbers of a study's page are those of its tables and of the questions that a study is asked."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from tests.report.study.simulated import FREQUENCY, INTERVAL, RATE, Plan, simulated

from twitchwise.cohort.questions.agreement import agreement_of
from twitchwise.cohort.questions.reliability import reliability_of
from twitchwise.cohort.questions.values import values_of
from twitchwise.report import study_as_json
from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import StripRow, strips_svg
from twitchwise.report.study.numbers import said_estimate, shown_in, summary_of
from twitchwise.report.study.parts import Plot, with_common_notes
from twitchwise.report.study.quantities import slots_of
from twitchwise.report.study.reading import read_study

SOME = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30)


def measured(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "tables" / "measurements.parquet")


def told(folder: Path, part: str, quantity: str) -> Any:  # noqa: ANN401 - plain values
    parts: Any = study_as_json(folder, [quantity])
    quantities = parts[part]["quantities"]
    return next(one for one in quantities if one["quantity"] == quantity)


def test_medians_are_those_of_one_value_for_each_participant_and_visit(study: Path) -> None:
    values = values_of(measured(study), FREQUENCY)
    of_visits = values.groupby(["group", "session", "participant_id"])["value"].mean()
    expected = of_visits.groupby(["group", "session"]).median().to_dict()
    groups = told(study, "distributions", FREQUENCY)["groups"]
    assert {(one["group"], one["visit"]): one["median"] for one in groups} == pytest.approx(expected)


def test_sides_agree_as_the_question_of_agreement_says(study: Path) -> None:
    expected = agreement_of(measured(study), "left", "right", by="side", quantity=INTERVAL)
    found = told(study, "sides", INTERVAL)
    assert found["n_pairs"] == expected.n_pairs
    assert found["upper"] == {
        "value": pytest.approx(expected.upper.value),
        "low": pytest.approx(expected.upper.low),
        "high": pytest.approx(expected.upper.high),
    }


def test_visits_agree_as_the_question_of_reliability_says(study: Path) -> None:
    expected = reliability_of(measured(study), FREQUENCY)
    first, *others = told(study, "repeats", FREQUENCY)["groups"]
    assert first["intraclass"]["ICC(A,1)"]["value"] == pytest.approx(expected.form("ICC(A,1)").value)
    assert first["mdc95"]["value"] == pytest.approx(expected.mdc95.value)
    assert [one["group"] for one in others] == ["control", "patient"]


def test_many_quantities_in_one_go_have_the_values_that_each_has_alone(study: Path) -> None:
    tables, frame = read_study(study), measured(study)
    for slot in slots_of(tables, list(tables.measurements)):
        alone = values_of(frame, slot.quantity)
        columns = ["participant_id", "session", "side", "value", "n_channels", "n_doubted"]
        pd.testing.assert_frame_equal(slot.by_side[columns], alone[columns], check_dtype=False)


def test_single_motor_units_count_only_where_nothing_else_was_measured(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "units", Plan(n_participants=4, quantities=(RATE, FREQUENCY)))
    file = folder / "tables" / "measurements.parquet"
    frame = pd.read_parquet(file)
    doubled = frame[frame["quantity"] == RATE].assign(motor_unit=1, value=1e6)
    alone = frame["quantity"] == FREQUENCY
    frame.loc[alone, "motor_unit"] = 1
    pd.concat([frame, doubled]).to_parquet(file)
    tables = read_study(folder)
    assert tables.measurements[RATE]["value"].max() < 1e6
    assert FREQUENCY in tables.measurements


def test_visits_stand_in_the_order_in_which_participants_came(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "order", Plan(n_participants=4, sessions=("pre", "post"), failing=()))
    file = folder / "tables" / "recordings.parquet"
    frame = pd.read_parquet(file)
    assert read_study(folder).visits == ("post", "pre")  # on one day: by name
    frame["start"] = frame["start"] + pd.to_timedelta(np.where(frame["session"] == "post", 30, 0), unit="D")
    frame.to_parquet(file)
    assert read_study(folder).visits == ("pre", "post")


def test_visit_10_comes_after_visit_2(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "order", Plan(n_participants=3, sessions=("10", "2", "1")))
    assert read_study(folder).visits == ("1", "2", "10")


@given(SOME)
def test_quartiles_stand_in_their_order(values: list[float]) -> None:
    found = summary_of(np.array([*values, math.nan]))
    ends = (found.least, found.first, found.median, found.third, found.most)
    assert all(one <= other for one, other in pairwise(ends))
    assert found.n == len(values)


def test_nothing_has_no_median() -> None:
    found = summary_of(np.empty(0))
    assert found.said(shown_in("s", 1.0)) == "none"
    assert found.as_plain()["median"] is None


@given(values=st.lists(st.floats(1e-9, 1e9), max_size=40), is_log=st.booleans(), from_zero=st.booleans())
def test_any_values_can_be_drawn(*, values: list[float], is_log: bool, from_zero: bool) -> None:
    row = StripRow(label="a", said="b", values=np.array(values), bounds=np.array(values[:2]), quartiles=(0.0, 1.0, 2.0))
    svg = strips_svg([row], "a", "axis", is_log=is_log, from_zero=from_zero)
    assert svg.count("<svg") == 1
    assert "nan" not in svg


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((math.nan, math.nan, math.nan), "not known"),
        ((2.0, math.nan, math.nan), "2 h"),
        ((2.0, 1.0, math.inf), "2 h (1 to without limit)"),
    ],
)
def test_what_an_estimate_lacks_is_said(ends: tuple[float, float, float], said: str) -> None:
    assert said_estimate(*ends, "h") == said


@given(st.lists(st.lists(st.sampled_from("abcd"), unique=True), max_size=5))
def test_a_note_of_every_figure_is_said_once(notes: list[list[str]]) -> None:
    drawing = Drawing(svg=Markup(), alt="", caption="")
    plots = [Plot(id=str(n), heading="", drawing=drawing, notes=tuple(one)) for n, one in enumerate(notes)]
    kept, common = with_common_notes(plots)
    assert [set(one.notes) | set(common) for one in kept] == [set(one) for one in notes]
    assert all(not set(one.notes) & set(common) for one in kept)
