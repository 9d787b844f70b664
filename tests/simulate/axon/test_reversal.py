"""Reversal potentials follow Goldman and give the published ones under healthy concentrations."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.reversal import reversals_of, thermal_voltage_v

INSIDE = {
    "axon_potassium_inside": 0.155,
    "axon_sodium_inside": 0.009,
    "axon_sodium_channel_potassium_share": 0.08,
    "axon_potassium_channel_sodium_share": 0.0,
    "axon_leak_sodium_share": 0.01,
    "axon_h_channel_sodium_share": 0.1,
}
HEALTHY = AxonChanges(potassium_out_mol_per_l=0.0042, sodium_out_mol_per_l=0.14, temperature_c=37.0, diameter_m=1.2e-5)


def test_published_reversals_come_out(changes: AxonChanges, parameters: Mapping[str, float]) -> None:
    reversals = reversals_of(changes, parameters)
    assert reversals.sodium_v == pytest.approx(0.050, abs=2e-4)
    assert reversals.potassium_v == pytest.approx(-0.090, abs=2e-4)
    assert reversals.leak_v == pytest.approx(-0.090, abs=2e-4)
    assert reversals.h_v == pytest.approx(-0.0549, abs=2e-4)


@given(st.floats(0.001, 0.015), st.floats(10.0, 42.0))
def test_a_pure_channel_is_nernstian(potassium: float, temperature_c: float) -> None:
    changed = replace(HEALTHY, potassium_out_mol_per_l=potassium, temperature_c=temperature_c)
    expected = thermal_voltage_v(temperature_c) * math.log(potassium / 0.155)
    assert reversals_of(changed, INSIDE).potassium_v == pytest.approx(expected)


@given(st.floats(0.001, 0.012))
def test_more_potassium_or_sodium_outside_raises_the_leak(potassium: float) -> None:
    less, more = (replace(HEALTHY, potassium_out_mol_per_l=each) for each in (potassium, 1.2 * potassium))
    assert reversals_of(less, INSIDE).leak_v < reversals_of(more, INSIDE).leak_v
    salty = replace(less, sodium_out_mol_per_l=0.16)
    assert reversals_of(less, INSIDE).leak_v < reversals_of(salty, INSIDE).leak_v
