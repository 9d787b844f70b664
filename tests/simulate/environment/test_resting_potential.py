"""The resting potential follows potassium as the Goldman equation says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.environment import Environment, resting_potential_v


@pytest.mark.parametrize(("potassium_mmol", "expected_mv"), [(2.5, -80.7), (4.0, -75.4), (6.0, -69.7)])
def test_potassium_sets_the_resting_potential(
    healthy: dict[str, float], potassium_mmol: float, expected_mv: float
) -> None:
    environment = replace(Environment.of(healthy), plasma_potassium=potassium_mmol / 1000)
    assert 1000 * resting_potential_v(environment, healthy) == pytest.approx(expected_mv, abs=0.5)


@given(st.floats(1e-3, 1.5e-2), st.floats(1e-3, 1.5e-2))
def test_more_potassium_never_lowers_it(healthy: dict[str, float], one: float, other: float) -> None:
    person = Environment.of(healthy)
    low, high = (
        resting_potential_v(replace(person, plasma_potassium=value), healthy) for value in sorted((one, other))
    )
    assert low <= high
