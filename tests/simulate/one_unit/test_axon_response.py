"""The quick axon answers as the whole model does: exactly along each axis, nearly where changes act together."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import parameters_for
from twitchwise.simulate.axon.table import digest_of
from twitchwise.simulate.one_unit import tabulation
from twitchwise.simulate.one_unit.axon_response import PARAMETERS, AxonAnswer, _table, axon_answer
from twitchwise.simulate.preparation import axon_table

HEALTHY = dict(parameters_for("healthy"))
NOISE_A = HEALTHY["axon_current_noise"]
ROWS = [(axis, index) for axis, found in _table()["axes"].items() for index in range(len(found["values"]))]


def answer(**set_anew: float) -> AxonAnswer:
    return axon_answer({**HEALTHY, **set_anew})


def test_the_table_was_made_with_the_axon_that_ships() -> None:
    assert _table()["digest"] == digest_of(parameters_for("healthy"))


def test_the_axes_are_those_of_the_axon_and_hold_health() -> None:
    assert set(PARAMETERS) == set(tabulation.AXES) == set(_table()["axes"])
    for axis, name in PARAMETERS.items():
        assert HEALTHY[name] in _table()["axes"][axis]["values"]
        assert _table()["axes"][axis]["values"] == sorted(_table()["axes"][axis]["values"])


def test_nearly_all_of_the_axes_could_be_measured() -> None:
    wanted = sum(len(values) for values in tabulation.AXES.values())
    assert len(ROWS) >= 0.97 * wanted


@pytest.mark.parametrize(("axis", "index"), ROWS)
def test_a_state_of_the_table_comes_back_as_it_was_computed(axis: str, index: int) -> None:
    found = _table()["axes"][axis]
    row, got = found["rows"][index], answer(**{PARAMETERS[axis]: found["values"][index]})
    assert got.resting_potential_v == pytest.approx(row["resting_potential_v"])
    assert got.peak_v == pytest.approx(row["peak_v"])
    healthy_mps = _table()["healthy"]["conduction_velocity_mps"]
    assert got.velocity_ratio == pytest.approx(row["conduction_velocity_mps"] / healthy_mps)
    if row["node_threshold_a"] is not None and not row["spontaneous"]:
        assert got.threshold_a == pytest.approx(row["node_threshold_a"])
    assert got.threshold_a == 0 or not row["spontaneous"]


def compared(part: str) -> np.ndarray:
    """Return the relative errors of a number over all states of the axon that conditions lead to."""
    rows: dict[str, Any] = axon_table()["rows"]
    healthy = rows["healthy 0"]["excitability"]
    errors = []
    for row in rows.values():
        found, whole = answer(**{name: row["changes"][axis] for axis, name in PARAMETERS.items()}), row["excitability"]
        if part == "velocity":
            got, wanted = found.velocity_ratio, whole["conduction_velocity_mps"] / healthy["conduction_velocity_mps"]
        else:
            power = HEALTHY["ectopic_rate_exponent"]
            got = (found.chance_rate_hz(NOISE_A) / answer().chance_rate_hz(NOISE_A)) ** power
            wanted = (whole["ectopic_rate_hz"] / healthy["ectopic_rate_hz"]) ** power
        errors.append(abs(got - wanted) / max(wanted, 0.01))
    return np.array(errors)


def test_states_with_several_changes_have_nearly_the_rate_of_the_whole_model() -> None:
    errors = compared("rate")
    assert np.median(errors) < 0.02
    assert np.quantile(errors, 0.9) < 0.25


def test_states_with_several_changes_have_nearly_the_speed_of_the_whole_model() -> None:
    errors = compared("velocity")
    assert np.median(errors) < 0.01
    assert np.quantile(errors, 0.9) < 0.05


def test_the_action_potential_starts_at_rest_and_reaches_its_peak() -> None:
    found = answer()
    time_s = np.linspace(-0.002, 0.004, 2001)
    course = found.course_v(time_s)
    assert course[0] == pytest.approx(found.resting_potential_v, abs=1e-4)
    assert course.max() == pytest.approx(found.peak_v, abs=1e-3)
    above = time_s[course > (found.peak_v + found.resting_potential_v) / 2]
    assert above[-1] - above[0] == pytest.approx(found.width_s, rel=0.1)


def test_an_axon_that_does_not_conduct_has_no_action_potential_and_no_discharges_by_chance() -> None:
    blocked = answer(plasma_potassium=0.013)
    assert not blocked.conducts
    assert blocked.chance_rate_hz(NOISE_A) == 0
    assert np.ptp(blocked.course_v(np.linspace(-0.001, 0.004, 100))) == 0


@given(st.floats(0.3, 3.0), st.floats(0.3, 3.0))
def test_a_lower_threshold_never_makes_chance_discharges_rarer(one: float, other: float) -> None:
    rates = [answer(axon_threshold_scale=scale).chance_rate_hz(NOISE_A) for scale in sorted((one, other))]
    assert rates[0] >= rates[1]


@given(st.floats(24.0, 45.0), st.floats(24.0, 45.0))
def test_a_colder_nerve_conducts_more_slowly_and_its_action_potential_lasts_longer(one: float, other: float) -> None:
    cold, warm = (answer(nerve_temperature=celsius) for celsius in sorted((one, other)))
    assert cold.velocity_ratio <= warm.velocity_ratio
    assert cold.width_s >= warm.width_s


@given(st.floats(0.02, 1.0), st.floats(0.02, 1.0))
def test_less_myelin_never_conducts_faster(one: float, other: float) -> None:
    thin, thick = (answer(axon_myelin_scale=scale) for scale in sorted((one, other)))
    assert thin.velocity_ratio <= thick.velocity_ratio
